"""A page of a real browser that hears a quiet room, and its server."""

from __future__ import annotations

import shutil

import pytest
from playwright import sync_api

from tests.rigs.not_tested import not_tested
from tests.web.desk import serving
from tests.web.lan_device import Home
from tests.web.sound_session import KEEP_STREAMS
from tests.web.sounding import listening, write_microphone


@pytest.fixture(scope="module")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        not_tested("Chromium is missing (apt install chromium)", only_on_linux=True)
    return path


@pytest.fixture(scope="module")
def playwright():
    with sync_api.sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def desk(loaded):
    with serving(loaded, sounds=True) as desk:
        yield desk


@pytest.fixture
def browser(playwright, chromium, tmp_path):
    """A browser that hears a quiet room."""
    write_microphone(tmp_path / "room.wav", 5.0, {})
    with listening(playwright, chromium, tmp_path / "room.wav") as browser:
        browser.add_init_script(KEEP_STREAMS)
        yield browser


@pytest.fixture
def home(loaded, tmp_path):
    """The page of a machine, and its network's side."""
    made = Home(loaded, tmp_path)
    with made.serving as made.desk:
        yield made
    made.lan.close()


@pytest.fixture
def phone(home):
    """A device that is paired, and holds no socket."""
    device = home.device()
    with device.paired(home.invite()):
        pass
    return device
