"""A page of a real browser as microphone and loudspeaker, with the player of a session in this process."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack

import numpy as np
import pytest

from assistant.errors import DeviceError
from assistant.messages import Clip
from assistant.speak.player import Player
from assistant.web.sound_ends import PageMicrophone, PageSpeaker
from tests.rigs import starvation
from tests.rigs.not_tested import not_tested
from tests.web.sound_session import RATE, SOON_MS, WAITING, begin, live, opened, plays, until
from tests.web.sounding import listening, tape

NO_PLAYER = """
window.why = 'no player';
const Able = AudioWorkletNode;
window.AudioWorkletNode = class extends Able {
  constructor(...how) {
    if (why) throw new Error(why);
    super(...how);
  }
};
null;
"""
MOST_MS = 150.0  # from a hush to silence on this machine: a report of 20 ms, two of a browser's buffers, the fade


def test_a_hush_stops_within_a_block(desk, browser, tmp_path):
    """A tone ends within a fade of 5 ms, long before what was sent ahead is over, and nothing of it comes later."""

    def scene():
        player = Player()
        tone = np.rint(8_000 * np.sin(np.arange(20 * RATE) / 7.0)).astype(np.int16)
        player.queue_sentence(1, Clip(pcm=tone, rate_hz=RATE))
        window = opened(desk, browser)
        window.evaluate("tap('player')")
        speaker = PageSpeaker(desk.sound.state, player.render, player)
        desk.sound.attach(speaker)
        speaker.start()
        window.wait_for_timeout(2_000)
        asked_ms = time.time() * 1e3
        player.hush("now")
        window.wait_for_timeout(1_000)
        played = tape(window, "player")
        told_ms, before = window.evaluate("window.hushes")[-1]
        desk.sound.attach(None)
        window.close()

        assert played.is_whole
        loud = np.flatnonzero(played.pcm)
        last = int(loud[-1])
        late_ms = played.ms(last) - asked_ms
        load = os.getloadavg()[0]
        print(f"\nhush: told after {told_ms - asked_ms:.0f} ms, silent after {late_ms:.0f} ms; load {load:.1f}")
        assert not np.flatnonzero(np.diff(loud) > 10).size  # one stretch: no piece of it comes after the silence
        assert last - int(loud[0]) < before
        steps = np.abs(np.diff(played.pcm[last - 120 : last + 2].astype(np.int32)))
        assert steps.max() <= 8_000 / 7 + 8_000 / 119 + 2
        assert late_ms <= MOST_MS

    play(scene, tmp_path)


def play(scene, folder):
    """Play a scene, again where it was starved; skip it if it always was."""
    vigil = starvation.Vigil(folder / "lateness.txt")
    vigil.begin()
    with ExitStack() as closing:
        closing.callback(vigil.end)
        try:
            starvation.play(scene, lambda: vigil.seconds, lambda: None)
        except starvation.Starved as error:
            not_tested(str(error))


def test_a_refused_microphone_is_told_and_survived(desk, playwright, chromium):
    """The session begins, the page says what to do, and the session learns why; sound is played all the same."""
    with listening(playwright, chromium, None, is_allowed=False) as browser:
        window = opened(desk, browser)
        window.wait_for_selector("#sound-note:has-text('microphone')")
        microphone = PageMicrophone(desk.sound.state, lambda *_: None)
        with pytest.raises(DeviceError, match="microphone"):
            microphone.start()
        player = Player()
        speaker = PageSpeaker(desk.sound.state, player.render, player)
        desk.sound.attach(speaker, microphone)
        speaker.start()
        until(window, lambda: player.now_s > 1.0)
        assert window.is_visible("#sound-here")


def test_a_second_page_shows_and_may_take_the_sound(desk, browser):
    """It says that it only shows; where somebody presses there, the first page says that it has lost the sound."""
    first = opened(desk, browser)
    until(first, lambda: desk.sound.state() is not None)
    before = desk.sound.state().stream
    second = browser.new_page()
    second.goto(desk.server.address)
    second.wait_for_selector("#sound-note:has-text('only shows')")
    assert desk.sound.state().stream == before

    second.click("#sound-here")
    first.wait_for_selector("#sound-note:has-text('Another page has')")
    assert live(first) == 0
    first.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    first.wait_for_timeout(500)
    assert len(first.evaluate("streams")) == 1
    assert desk.sound.state().stream != before
    second.wait_for_selector("#sound:has-text('only shows')", state="hidden")
    first.click("#sound-here")
    second.wait_for_selector("#sound-note:has-text('Another page has')")
    until(first, lambda: desk.sound.state() is not None and desk.sound.state().stream == before)
    assert (live(first), live(second)) == (1, 0)


def test_a_hidden_page_says_so(desk, browser):
    """Its sound goes on as long as the browser lets it."""
    notes = []
    window = opened(desk, browser)
    until(window, lambda: desk.sound.state() is not None)
    player = Player()
    speaker = PageSpeaker(desk.sound.state, player.render, player)
    desk.sound.attach(speaker, None, notes.append)
    speaker.start()
    window.evaluate("Object.defineProperty(document, 'hidden', {value: true})")
    window.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(window, lambda: notes)
    before = player.now_s
    until(window, lambda: player.now_s > before + 1.0)

    assert "hidden" in notes[0]


def test_a_voice_that_cannot_be_played_is_told(desk, browser):
    """The session begins without it; pressed again, it tells it again, until the browser can."""
    desk.pages.publish("run", WAITING)
    window = browser.new_page()
    window.set_default_timeout(SOON_MS)
    unhandled = set()
    window.on("pageerror", lambda error: unhandled.update([error.message]))
    window.goto(desk.server.address)
    window.evaluate(NO_PLAYER)
    begin(desk, window)
    window.wait_for_selector("#sound-note:has-text('cannot play the voice (no player)')")
    window.wait_for_timeout(500)
    assert "no player" in window.text_content("#sound-note")

    window.evaluate("window.why = 'still none'")
    window.click("#sound-here")
    window.wait_for_selector("#sound-note:has-text('cannot play the voice (still none)')")
    window.evaluate("window.why = ''")
    window.click("#sound-here")
    until(window, lambda: desk.sound.state() is not None)
    window.wait_for_selector("#sound-note:has-text('cannot play')", state="hidden")
    assert not unhandled


def test_a_page_that_could_not_ask_does_not_blame_the_voice(desk, browser):
    """The network failed, not the loudspeaker."""
    desk.pages.publish("run", WAITING)
    window = browser.new_page()
    window.set_default_timeout(SOON_MS)
    window.goto(desk.server.address)
    window.wait_for_selector(".card")
    window.route("**/library.json", lambda route: route.abort())
    begin(desk, window)

    window.wait_for_selector("#sound-note:has-text('could not ask for the sound')")
    assert window.is_visible("#sound-here")


def test_a_second_session_on_the_same_page_is_heard(desk, browser):
    """Its player is another one, and is told where to begin."""
    window = opened(desk, browser)
    until(window, lambda: desk.sound.state() is not None)
    plays(desk, window)
    desk.pages.publish("run", WAITING)
    until(window, lambda: desk.sound.state() is None)

    begin(desk, window)
    until(window, lambda: desk.sound.state() is not None)
    plays(desk, window)
