"""The microphone of a page in a real browser: off as soon as nobody may hear it, and found again."""

from __future__ import annotations

from tests.web.desk import SOON_S
from tests.web.sound_session import SOON_MS, WAITING, live, opened, until

HOLD_THE_EAR = """
const load = AudioWorklet.prototype.addModule;
AudioWorklet.prototype.addModule = async function (name) {
  await load.call(this, name);
  if (name === 'sound-ear.js') await new Promise((go) => { window.letGo = go; });
};
null;
"""
A_MINUTE_IS_SHORT = """
const later = setTimeout;
window.setTimeout = (what, ms) => later(what, ms === 60000 ? 500 : ms);
null;
"""


def test_a_microphone_that_goes_is_told_and_found_again(desk, browser):
    """Unplugged, and plugged in again; and a browser that stops the sound, as phones do, and gives it back."""
    window = opened(desk, browser)
    until(window, lambda: desk.sound.state() is not None and desk.sound.state().microphone is not None)
    rate_hz = desk.sound.state().microphone.rate_hz

    window.evaluate("kept.source[0].mediaStream.getAudioTracks()[0].dispatchEvent(new Event('ended'))")
    window.wait_for_selector("#sound-note:has-text('is gone')")
    assert desk.sound.state().problem == "unplugged"
    window.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    until(window, lambda: desk.sound.state().microphone is not None)
    assert desk.sound.state().microphone.rate_hz == rate_hz

    window.evaluate("kept.player[1].suspend()")
    window.wait_for_selector("#sound-note:has-text('stopped the sound')")
    until(window, lambda: desk.sound.state().problem == "stopped")
    window.evaluate("kept.player[1].resume()")
    until(window, lambda: desk.sound.state().microphone is not None)


def test_a_microphone_is_opened_once(desk, browser):
    """A headset is two devices, and its coming two events."""
    window = opened(desk, browser)
    until(window, lambda: desk.sound.state() is not None and desk.sound.state().microphone is not None)
    window.evaluate("kept.source[0].mediaStream.getAudioTracks()[0].dispatchEvent(new Event('ended'))")
    until(window, lambda: desk.sound.state().microphone is None)
    window.evaluate("for (const _ of [1, 2]) navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    until(window, lambda: desk.sound.state().microphone is not None)

    assert live(window) == 1


def test_a_session_that_ends_while_the_microphone_opens_leaves_none_open(desk, browser):
    """Nor is it told as a trouble of the voice."""
    desk.pages.publish("run", WAITING)
    window = browser.new_page()
    window.set_default_timeout(SOON_MS)
    window.goto(desk.server.address)
    window.evaluate(HOLD_THE_EAR)
    window.click(".card >> nth=0")
    window.wait_for_function("!!window.letGo")
    assert live(window) == 1
    desk.pages.publish("run", WAITING)
    window.wait_for_function("streams[0].getTracks()[0].readyState === 'ended'")
    window.evaluate("letGo()")
    desk.lines.get(timeout=SOON_S)

    assert live(window) == 0
    assert window.text_content("#sound-note") == ""


def test_a_device_that_is_unpaired_closes_its_microphone(desk, browser):
    """And it connects no more."""
    window = opened(desk, browser)
    until(window, lambda: desk.sound.state() is not None)
    window.evaluate("kept.socket.dispatchEvent(new CloseEvent('close', {code: 4001}))")
    until(window, lambda: desk.sound.state() is None)
    window.wait_for_timeout(500)

    assert live(window) == 0
    assert desk.sound.state() is None


def test_a_page_whose_server_is_gone_for_a_minute_closes_its_microphone(desk, browser):
    """Until then it keeps it, and connects again and again."""
    window = opened(desk, browser)
    until(window, lambda: desk.sound.state() is not None)
    window.evaluate(A_MINUTE_IS_SHORT)
    window.evaluate("window.isCut = true; kept.socket.close()")
    until(window, lambda: desk.sound.state() is None)
    until(window, lambda: live(window) == 0)
    window.evaluate("window.isCut = false")
    window.wait_for_timeout(500)

    assert desk.sound.state() is None


def test_the_microphone_is_off_between_sessions(desk, browser):
    """The page closes everything when the session is over."""
    window = opened(desk, browser)
    until(window, lambda: desk.sound.state() is not None)
    desk.pages.publish("run", WAITING)
    until(window, lambda: desk.sound.state() is None)

    assert window.evaluate("kept.source[0].mediaStream.getAudioTracks().map((one) => one.readyState)") == ["ended"]
    assert window.evaluate("[kept.player[1].state, kept.ear[1].state]") == ["closed", "closed"]
