"""A session whose microphone and loudspeaker are a page's: "stop" by voice, the beat, a lost connection, a phone."""

from __future__ import annotations

import time
from contextlib import ExitStack

import numpy as np
import pytest
from playwright import sync_api

from assistant.respond.counting import COUNT_IN_S
from assistant.speak.earcons import tick
from tests.rigs import starvation
from tests.rigs.not_tested import not_tested
from tests.web.desk import SOON_S, tuina_serves
from tests.web.lan_device import HERE
from tests.web.sounding import ends_of, listening, places, tape, write_microphone

SOON_MS = SOON_S * 1000
RATE = 24_000
MS = RATE / 1000
STOP = "gsc/stop_653a48f5_nohash_0.flac"
LOOP_S, STOP_AT_S = 16.0, 13.0  # of the microphone's file, which is played again and again
COUNTED_IN = 3  # ticks before the first number after a pause
MOST_MS = 350.0  # from the end of the word to silence
BRISK = """
id: brisk
words: {en: {title: Brisk routine, spoken_names: [brisk]}}
steps: [{technique: lower-back-rub, repetitions: 60}]
"""
SAYS = {"offered": "start", "instructing": "ready", "ready_prompt": "ready", "paused": "resume"}


class Scene:
    """A session on a page."""

    def __init__(self, window: sync_api.Page) -> None:
        self.window = window

    @property
    def state(self) -> str:
        return str(self.window.evaluate("document.body.dataset.state"))

    @property
    def number(self) -> int:
        return int(self.window.evaluate("document.getElementById('count').textContent") or 0)

    def say(self, line: str) -> None:
        self.window.fill("#line", line)
        self.window.keyboard.press("Enter")

    def until(self, holds, also=lambda: None, seconds=SOON_S) -> None:
        end_s = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end_s, (self.state, self.number, self.window.inner_text("#heard"))
            also()
            self.window.wait_for_timeout(30)

    def count(self) -> None:
        """Say what is needed, until it counts."""
        before = self.number

        def go_on():
            line = SAYS.get(self.state)
            if line:
                self.say(line)
                self.window.wait_for_timeout(800)

        self.until(lambda: self.state == "counting" and self.number > before, go_on)

    def beaten(self) -> list[int]:
        """The samples of the ticks that the page has played so far."""
        played = tape(self.window, "player")
        assert played.is_whole
        return places(played.pcm, tick(RATE).pcm)

    @property
    def period(self) -> float:
        """Samples from one beat to the next, as planned."""
        beat = self.window.evaluate("document.getElementById('drawing').style.getPropertyValue('--beat')")
        return float(beat.removesuffix("s")) * RATE

    def pause_after_a_beat(self) -> int:
        """Pause between two beats, where nothing is sent that will not be heard; return the number."""
        before = self.number
        self.until(lambda: self.number > before)
        self.window.wait_for_timeout(350)
        self.say("pause")
        self.until(lambda: self.state == "paused")
        self.window.wait_for_timeout(400)
        return self.number


@pytest.fixture
def playing(settled, tmp_path, chromium):
    """Play a scene on a session of its own, again where the machine or its browser was starved."""
    vigil = starvation.Vigil(tmp_path / "lateness.txt")
    heard = []  # by how much the browser's sound fell behind, in each second of the last try

    def play(scene, said, *, voice="silent", network=()):
        def once():
            with ExitStack() as opened:
                home = tmp_path / f"home-{time.monotonic_ns()}"
                home.mkdir()
                settled(home)
                (home / "routines").mkdir()
                (home / "routines" / "brisk.yaml").write_text(BRISK, encoding="utf-8")
                write_microphone(home / "room.wav", LOOP_S, said)
                devices = ("--sound", "browser", "--voice", voice)
                served = opened.enter_context(tuina_serves(home, *network, devices=devices))
                address = served.printed("Its address: ").split()[-1] if network else served.address
                playwright = opened.enter_context(sync_api.sync_playwright())
                browser = opened.enter_context(listening(playwright, chromium, home / "room.wav"))
                window = browser.new_page()
                window.set_default_timeout(SOON_MS)
                window.goto(address)
                window.click("text=Brisk routine")
                window.wait_for_selector("#session:visible")
                window.evaluate("tap('player')")
                window.evaluate("tap('source')")
                vigil.begin()
                try:
                    scene(Scene(window))
                finally:
                    heard[:] = tape(window, "player").seconds

        try:
            starvation.play(once, lambda: max(vigil.seconds, heard, key=starvation.worst_ms), vigil.end)
        except starvation.Starved as error:
            not_tested(str(error))
        finally:
            vigil.end()

    return play


def test_stop_said_to_a_page_stops_the_count_that_kept_its_beat(playing):
    """Twice: within 0.35 s of the word nothing sounds any more; until then each beat is within 1 ms of its plan."""

    def scene(session):
        for _ in range(2):
            session.count()
            session.until(lambda: session.state == "paused")
            assert session.window.inner_text("#heard") == "You: stop"
        session.window.wait_for_timeout(300)
        heard = tape(session.window, "source")
        said_ms = [heard.ms(end) for end in ends_of(heard.pcm, heard.rate_hz)]
        told_ms = [at_ms for at_ms, _ in session.window.evaluate("window.hushes")]
        late_ms = [min(at_ms - one for at_ms in told_ms if at_ms > one - 500) for one in said_ms[-2:]]
        gaps = np.diff(session.beaten())
        gaps = gaps[gaps < 3 * session.period]  # a longer one is the pause between the two counts
        # A number, two with a word between them, and "three, two, one".
        plans = [session.period, 2 * session.period, COUNT_IN_S * RATE]
        off_ms = np.abs(gaps[:, None] - np.array(plans)).min(axis=1) / MS
        print(f"\nword to silence {np.round(late_ms)} ms; {len(gaps)} gaps of beats, off by {off_ms.max():.2f} ms")

        assert heard.is_whole
        assert max(late_ms) <= MOST_MS
        assert len(gaps) >= 10
        assert off_ms.max() <= 1.0

    playing(scene, {STOP_AT_S: STOP})


def test_stop_said_to_a_paired_phone_stops_the_count(playing):
    """Its sound goes over the encrypted socket that the device's token opens."""

    def scene(session):
        session.count()
        session.until(lambda: session.state == "paused")
        assert session.window.inner_text("#heard") == "You: stop"
        assert session.window.url.startswith("https://")
        assert "its sound goes" in session.window.locator("#privacy").text_content().lower()

    playing(scene, {STOP_AT_S: STOP}, network=("--lan", "--address", HERE))


def test_a_connection_that_is_back_in_time_loses_no_beat(playing):
    """Cut off for two seconds the count waits and goes on; for longer it is held and told, and can be resumed."""

    def scene(session):
        window = session.window
        session.count()
        shown, ticks = session.pause_after_a_beat(), len(session.beaten())
        session.count()
        cut(window, True)
        window.wait_for_timeout(2_000)
        assert session.state == "counting"
        cut(window, False)
        now = session.number
        session.until(lambda: session.number >= now + 3)
        assert session.pause_after_a_beat() - shown == len(session.beaten()) - ticks - COUNTED_IN

        session.count()
        cut(window, True)
        session.until(lambda: session.state == "paused", seconds=20)
        shown = session.number
        cut(window, False)
        session.until(lambda: window.evaluate("window.found") >= 2)
        session.count()
        assert session.number == shown + 1

    playing(scene, {})


def cut(window, is_cut):
    """Cut the page off, or let it connect again; `found` counts what was told to work again since."""
    window.evaluate(
        """(is) => {
          window.isCut = is;
          if (is) { window.found = 0; kept.socket.close(); }
        }""",
        is_cut,
    )
