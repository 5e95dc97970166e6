"""Takes the pictures of docs/screen.md: a session on the page, in light and dark, phone to large screen.

python scripts/page_pictures.py [FOLDER]    docs/page without a folder; needs Chromium and requirements-dev.lock
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
SOON_MS = 60_000
COUNTED = 4
QUALITY = 72  # of WebP; chosen by eye: below 60 kB each


@contextmanager
def served(home: Path) -> Iterator[str]:
    """`tuina serve` without sound, with a home of its own; gives the page's address."""
    command = [
        "-m",
        "assistant",
        "serve",
        "--no-open",
        "--port",
        "0",
        "--typed",
        "--speaker",
        "none",
        "--voice",
        "silent",
    ]
    told = {**os.environ, "TUINA_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen([sys.executable, *command], cwd=ROOT, env=told, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield re.search(r"http://\S+", server.stdout.readline())[0]
        finally:
            server.terminate()


class Camera:
    """A page, and a folder for its pictures."""

    def __init__(self, page: Page, folder: Path) -> None:
        """Take both."""
        self.page, self.folder = page, folder

    def say(self, text: str) -> None:
        """Type a line."""
        self.page.fill("#line", text)
        self.page.press("#line", "Enter")
        self.page.focus("#stage")

    def until(self, *states: str) -> str:
        """Wait for one of these states of the dialogue; return it."""
        named = ",".join(f"body[data-state={state}]" for state in states)
        self.page.wait_for_selector(named, timeout=SOON_MS)
        return str(self.page.evaluate("document.body.dataset.state"))

    def take(self, name: str, wide: int, high: int, *, dark: bool = False, scale: float = 1.0) -> None:
        """Take a picture in a window of this size; it is made smaller by `scale`."""
        self.page.set_viewport_size({"width": wide, "height": high})
        self.page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        self.page.wait_for_timeout(300)
        with Image.open(io.BytesIO(self.page.screenshot())) as picture:
            small = picture.convert("RGB").resize((round(wide * scale), round(high * scale)), Image.Resampling.LANCZOS)
            small.save(self.folder / f"{name}.webp", quality=QUALITY, method=6)


def walk(camera: Camera) -> None:
    """Lead a first session up to the count of a side, and take the pictures on the way."""
    page = camera.page
    page.wait_for_selector(".card")
    camera.take("start", 1280, 720, scale=0.75)
    page.click("#to-settings")
    page.wait_for_selector("#settings:visible")
    camera.take("settings", 1280, 720, scale=0.75)
    page.click("#from-settings")
    page.click("text=Lower back routine")
    camera.until("advising")
    camera.say("start")
    camera.until("screening")
    page.wait_for_timeout(4000)
    camera.take("question", 768, 1024, scale=0.75)
    while camera.until("screening", "instructing") == "screening":
        camera.say("no")
        page.wait_for_timeout(700)
    camera.say("next")
    page.wait_for_selector("#technique:has-text('Kidney')")
    page.wait_for_timeout(4000)
    camera.take("getting-ready", 1280, 720, scale=0.75)
    camera.say("ready")
    camera.until("counting")
    while int(page.inner_text("#count") or 0) < COUNTED:
        page.wait_for_timeout(100)
    camera.take("count", 1280, 720)
    camera.take("dark", 1280, 720, dark=True, scale=0.75)
    camera.take("large", 1920, 1080, scale=0.5)
    camera.take("tablet", 768, 1024, scale=0.75)
    camera.say("the bus is late")
    page.wait_for_selector("#heard.doubt")
    camera.take("phone", 375, 667)
    camera.say("that hurts")
    camera.until("pain_hold")
    page.wait_for_timeout(4000)
    camera.take("pain", 1280, 720, scale=0.75)
    camera.say("end session")
    page.wait_for_selector(".card:visible", timeout=SOON_MS)


def main() -> None:
    """Take them all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "page"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, served(Path(home)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"))
        page = browser.new_page()
        page.goto(address)
        walk(Camera(page, folder))
        browser.close()


if __name__ == "__main__":
    main()
