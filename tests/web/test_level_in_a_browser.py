"""The level of the microphone on the page: as loud as it is, with a name, and gone with the microphone."""

from __future__ import annotations

import json

import pytest

from tests.web.browser_page import page_of, violations
from tests.web.desk import tuina_serves
from tests.web.shown import scene, show
from tests.web.sound_session import SOON_MS

VALUE = "Number(document.getElementById('level').getAttribute('aria-valuenow'))"
WIDTH = "document.querySelector('#level div').offsetWidth / document.getElementById('level').offsetWidth"


def test_the_level_is_shown_and_goes_with_the_microphone(desk, playwright, chromium, loaded):
    """It has a name for screen readers, no barrier, and another colour where the sound is too loud."""
    with playwright.chromium.launch(executable_path=chromium) as browser, page_of(browser) as page:
        show(desk, page, scene(loaded))
        assert page.locator("#level:visible").count() == 0
        desk.level = -32.4
        page.wait_for_selector("#level:visible")
        page.wait_for_function(f"{VALUE} === -32")
        assert page.evaluate(WIDTH) == pytest.approx(0.6, abs=0.02)
        assert page.get_by_role("meter", name="Level of the microphone").count() == 1
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == []

        desk.level = None
        page.wait_for_selector("#level", state="hidden")
        desk.level = -5.0
        page.wait_for_selector("#level.loud:visible")
        assert violations(page) == []
        desk.pages.publish("run", json.dumps({"run": "waiting"}))
        page.wait_for_selector("#start:visible")
        assert page.locator("#level:not([hidden])").count() == 0


def test_a_page_shows_the_level_of_its_own_microphone(browser, settled, tmp_path):
    """A quiet room: -64 dBFS at 48,000 Hz, and a third of that power as the ear gets it; unplugged, it is gone."""
    settled(tmp_path)
    with tuina_serves(tmp_path, devices=("--sound", "browser", "--voice", "silent")) as served:
        page = browser.new_page()
        page.set_default_timeout(SOON_MS)
        page.goto(served.address)
        page.click(".card >> nth=0")
        page.wait_for_selector("#level:visible")
        page.wait_for_function(f"Math.abs({VALUE} + 69) <= 4")
        page.evaluate("kept.source[0].mediaStream.getAudioTracks()[0].dispatchEvent(new Event('ended'))")
        page.wait_for_selector("#level", state="hidden")
