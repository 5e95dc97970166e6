"""The installed page in a real browser: its shell is kept, and nothing of a person; a new version replaces it."""

from __future__ import annotations

import json
import re
from importlib import resources

import pytest

from assistant.web import shell
from tests.web.browser_page import page_of
from tests.web.desk import serving
from tests.web.sound_session import until

KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const kept = await (await caches.open(name)).keys();
    found[name] = kept.map((one) => new URL(one.url).pathname + new URL(one.url).search);
  }
  return found;
}"""
IS_KEPT = """async () => {
  const worker = (await navigator.serviceWorker.ready).active;
  while (worker.state !== 'activated') await new Promise((done) => { worker.onstatechange = done; });
  return (await caches.keys())[0];
}"""
ICON = "async (src) => { const one = new Image(); one.src = src; await one.decode(); return one.naturalWidth; }"


@pytest.fixture(scope="module")
def browser(playwright, chromium):
    """One browser for all."""
    with playwright.chromium.launch(executable_path=chromium) as browser:
        yield browser


def waiting(desk, page):
    """Open the start page, and wait for its worker; return the name of its cache."""
    desk.pages.publish("run", json.dumps({"run": "waiting"}))
    page.goto(desk.server.address)
    page.wait_for_selector(".card")
    return page.evaluate(IS_KEPT)


def test_only_the_shell_is_kept(loaded, browser):
    """The files that the server gives to anybody; no routine, no history, no settings, no message."""
    with serving(loaded) as desk, page_of(browser) as page:
        cache = waiting(desk, page)
        page.reload()
        page.wait_for_selector(".card")
        page.click("#to-history")
        page.wait_for_selector("#history:visible")
        kept = page.evaluate(KEPT)

        assert list(kept) == [cache]
        assert cache.startswith("tuina-")
        assert set(kept[cache]) == shell.addresses(desk.server._files) - {"/worker.js", "/index.html"}
        assert not any(path.endswith(".json") for path in kept[cache])
        assert all(url.startswith(("http://127.0.0.1", "ws://127.0.0.1")) for url in page.asked)


def test_a_page_without_its_server_says_so(loaded, browser):
    """The kept shell is shown, with the sentence that nothing arrives; back again it is whole."""
    with page_of(browser) as page:
        with serving(loaded) as desk:
            waiting(desk, page)
            port = desk.server.port
        page.reload()
        page.wait_for_selector("#offline:visible")
        assert "Nothing that you press here arrives" in page.inner_text("#offline")

        with serving(loaded, port=port) as desk:
            desk.pages.publish("run", json.dumps({"run": "waiting"}))
            page.wait_for_selector(".card")
            page.wait_for_selector("#offline", state="hidden")


def test_a_new_version_replaces_the_kept_shell(loaded, browser, monkeypatch):
    """The page shows the new files at once; within seconds the old cache is gone, and the new one is whole."""
    with page_of(browser) as page:
        with serving(loaded) as desk:
            old = waiting(desk, page)
            port = desk.server.port
        folder = resources.files("assistant.web") / "page"
        files = {one.name: one.read_bytes() for one in folder.iterdir()}
        files["index.html"] = files["index.html"].replace(b"Choose a routine", b"Choose one")
        newer = {**files, shell.WORKER: shell._worker(files)}
        new = re.search(b'CACHE = "(.*)"', newer[shell.WORKER])[1].decode()
        monkeypatch.setattr(shell, "files", lambda: newer)

        with serving(loaded, port=port) as desk:
            desk.pages.publish("run", json.dumps({"run": "waiting"}))
            page.reload()
            page.wait_for_selector("h1:text-is('Choose one')")
            until(page, lambda: list(page.evaluate(KEPT)) == [new])
        page.reload()
        page.wait_for_selector("h1:text-is('Choose one')", state="attached")
    assert new != old


def test_the_page_can_be_installed(loaded, browser):
    """The browser finds no fault with the manifest, its icons and its worker."""
    with serving(loaded) as desk, page_of(browser) as page:
        waiting(desk, page)
        session = page.context.new_cdp_session(page)
        manifest = session.send("Page.getAppManifest")

        assert manifest["errors"] == []
        assert json.loads(manifest["data"])["start_url"] == "/"
        faults = [one["errorId"] for one in session.send("Page.getInstallabilityErrors")["installabilityErrors"]]
        assert set(faults) <= {"in-incognito"}  # as every page of a test is
        for icon in ("icon.svg", "icon-512.png"):
            assert page.evaluate(ICON, icon) >= 32
