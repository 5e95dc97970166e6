"""The settings view in a real browser: by keyboard and by touch, what is wrong is told, and a session obeys it."""

from __future__ import annotations

import json

import pytest

from assistant.store.settings import folders_in
from assistant.web.page_settings import PageSettings
from assistant.wire.preferences import resolve
from tests.web.browser_page import page_of, violations
from tests.web.desk import SOON_S, serving, tuina_serves
from tests.web.lan_device import HERE
from tests.web.shown import scene, show

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "ignore_https_errors": True}
WIDTHS = (320, 390, 768, 1280, 1920)
FOCUSED = "document.activeElement.id || document.activeElement.textContent.trim()"


@pytest.fixture(scope="module")
def browser(playwright, chromium):
    """One browser for all."""
    with playwright.chromium.launch(executable_path=chromium) as browser:
        yield browser


@pytest.fixture
def desk(loaded, tmp_path):
    """A page whose settings lie in a home of its own."""
    settings = PageSettings(folders_in(tmp_path), lambda _: None, lambda: False, {"LANG": "en_GB.UTF-8"})
    with serving(loaded, settings=settings) as desk:
        desk.pages.publish("run", json.dumps({"run": "waiting"}))
        yield desk


def opened(page, address):
    """Open the settings of this address."""
    page.goto(address)
    page.click("#to-settings")
    page.wait_for_selector("#settings:visible")


def until(page, *keys):
    """Press Tab until the focus is there; return what had it on the way."""
    passed = []
    while not passed or passed[-1] not in keys:
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        assert len(passed) < 40, passed
    return passed


def test_a_session_has_what_was_set_by_keyboard_alone(browser, settled, tmp_path):
    """From the start page and back: the number is read out, the rate is kept, and settings.yaml holds the rest."""
    settled(tmp_path)
    with tuina_serves(tmp_path) as served, page_of(browser) as page:
        page.goto(served.address)
        page.wait_for_selector(".card")
        until(page, "to-settings")
        page.keyboard.press("Enter")
        page.wait_for_selector("#settings:visible")
        assert until(page, "from-settings") == ["speech_rate", "emergency_number", "person", "Save", "from-settings"]
        page.focus("#speech_rate")
        page.keyboard.press("ArrowLeft")
        assert page.inner_text("#rate") == "95 %"
        page.keyboard.press("Tab")
        page.keyboard.type("112")
        page.keyboard.press("Enter")
        page.wait_for_selector("#settings-note:text-is('Saved.')")
        served.printed("Emergency number: 112. Changed on this machine's page")
        until(page, "from-settings")
        page.keyboard.press("Enter")
        page.wait_for_selector("#start:visible")

        page.click("#by-voice")
        page.wait_for_selector("#session:visible")
        page.fill("#line", "emergency")
        page.keyboard.press("Enter")
        page.wait_for_selector("#said:text-matches('(one|1)[^a-z0-9]+(one|1)[^a-z0-9]+(two|2)')")
    assert resolve(folders_in(tmp_path), {}, {})[0].emergency_number == "112"


def test_the_voice_of_a_session_is_changed_beside_it(desk, browser, loaded):
    """As the spoken commands do; after a touch Space is the pause again."""
    with page_of(browser) as page:
        show(desk, page, scene(loaded))
        page.get_by_role("button", name="Speak slower").click()
        assert desk.lines.get(timeout=SOON_S) == "speak slower"
        page.get_by_role("button", name="Speak faster").press("Enter")
        assert desk.lines.get(timeout=SOON_S) == "speak faster"
        page.get_by_role("button", name="Speak faster").click()
        assert desk.lines.get(timeout=SOON_S) == "speak faster"
        page.keyboard.press("Space")
        assert desk.lines.get(timeout=SOON_S) == "pause"
    phrases = {phrase.text: phrase.intent.value for phrase in loaded.phrases}
    assert [phrases[one] for one in ("speak slower", "speak faster")] == ["speak_slower", "speak_faster"]


def test_what_is_wrong_is_told_and_nothing_is_lost(desk, browser, tmp_path):
    """The reason stands below its field, which has the focus; everything that was typed is still there."""
    with page_of(browser) as page:
        opened(page, desk.server.address)
        page.fill("#emergency_number", "1 12")
        page.fill("#person", "<b>Anna</b>")
        page.click(".save")
        page.wait_for_selector("#emergency_number-wrong:visible")

        assert "Two to eight digits" in page.inner_text("#emergency_number-wrong")
        assert "Letters, digits" in page.inner_text("#person-wrong")
        assert page.evaluate(FOCUSED) == "emergency_number"
        assert page.get_attribute("#emergency_number", "aria-invalid") == "true"
        assert page.get_attribute("#speech_rate", "aria-invalid") == "false"
        assert page.inner_text("#settings-note") == "Nothing was saved."
        assert list(tmp_path.iterdir()) == []
        assert violations(page) == []

        page.click("#from-settings")
        page.click("#to-settings")
        page.wait_for_selector("#settings:visible")
        assert page.input_value("#emergency_number") == "1 12"
        page.fill("#emergency_number", "112")
        page.fill("#person", "Anna")
        page.click(".save")
        page.wait_for_selector("#settings-note:text-is('Saved.')")
        assert page.locator(".wrong:visible").count() == 0
        assert page.input_value("#person") == "anna"
        page.click(".save")
        page.wait_for_selector("#settings-note:text-is('Nothing was changed.')")


def test_a_server_that_is_gone_is_told_and_nothing_is_lost(loaded, browser, tmp_path):
    """What was typed can be saved when it is back."""
    settings = PageSettings(folders_in(tmp_path), lambda _: None, lambda: False, {})
    with serving(loaded, settings=settings) as desk, page_of(browser) as page:
        desk.pages.publish("run", json.dumps({"run": "waiting"}))
        opened(page, desk.server.address)
        page.fill("#person", "anna")
        desk.server.stop()
        page.click(".save")
        page.wait_for_selector("#settings-note:has-text('Not saved')")
        assert page.input_value("#person") == "anna"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_view_has_no_barrier_and_fits_every_width(desk, browser, scheme):
    """Axe finds nothing, nothing is wider than the window, and what is touched is 44 pixels high."""
    with page_of(browser, color_scheme=scheme) as page:
        opened(page, desk.server.address)
        assert "999, by this machine's country" in page.inner_text("#emergency_number-help")
        for wide in WIDTHS:
            page.set_viewport_size({"width": wide, "height": 700})
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), wide
            for touched in page.locator("#settings :is(input, button)").all():
                assert touched.bounding_box()["height"] >= 44


def test_a_broken_file_is_told_before_anything_is_typed(desk, browser, tmp_path):
    """With its line; the other values are the defaults that hold now."""
    (tmp_path / "settings.yaml").write_text("night: perhaps\n")
    with page_of(browser) as page:
        opened(page, desk.server.address)
        assert "settings.yaml:1: night" in page.inner_text("#settings-note")
        page.fill("#person", "anna")
        page.click(".save")
        page.wait_for_selector("#settings-note:has-text('Not saved')")
        page.wrong.clear()


def test_a_phone_changes_the_person_and_never_the_emergency_number(browser, settled, tmp_path):
    """By touch; it is told where the number is changed, and cannot type there. The machine's terminal tells of it."""
    settled(tmp_path)
    with tuina_serves(tmp_path, "--lan", "--address", HERE) as served, page_of(browser, **PHONE) as phone:
        phone.goto(served.printed("Its address: ").split()[-1])
        phone.tap("#to-settings")
        phone.wait_for_selector("#settings:visible")
        assert "the machine that runs tuina only" in phone.inner_text("#emergency_number-help")
        assert not phone.locator("#emergency_number").is_editable()
        phone.fill("#person", "anna")
        phone.tap(".save")
        phone.wait_for_selector("#settings-note:text-is('Saved.')")
        served.printed("Person: anna. Changed on a paired device, 127.0.0.1")
        assert violations(phone) == []
