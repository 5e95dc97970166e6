"""A device that runs dry, by the clock: what it lacked is measured, and the beat is back on its grid with the next one.

The device here has a buffer and plays it by a clock that the test turns; what came out is looked at, silence included.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.clock import ManualClock
from assistant.messages import MOUTH_RATE_HZ, Clip
from assistant.speak.player import Player
from assistant.wire.devices.speaker import CALM_LATENCY_S, LATENCY_S, Speaker
from assistant.wire.devices.underruns import UnderrunMeter

RATE = MOUTH_RATE_HZ
BLOCK = 480
DEPTH = 5  # blocks that the device holds: 0.1 s
FINE = SimpleNamespace(output_underflow=False)
NUMBER = Clip(pcm=np.full(round(0.3 * RATE), 20_000, np.int16), rate_hz=RATE)
SENTENCE = Clip(pcm=np.arange(1, 12_001, dtype=np.int16), rate_hz=RATE)


class Device:
    """Plays its buffer by the clock, in milliseconds; while `is_stalled` nobody fills it."""

    latency = 0.1

    def __init__(self, clock, **given):
        self.clock, self._given = clock, given
        self.asked_s = given["latency"]
        self.held = np.zeros(0, np.int16)
        self.out = []

    def start(self):
        self._fill()

    def abort(self):
        """Nothing more is played."""

    close = abort

    def _fill(self):
        while len(self.held) <= (DEPTH - 1) * BLOCK:
            block = np.zeros((BLOCK, 1), np.int16)
            self._given["callback"](block, BLOCK, None, FINE)
            self.held = np.concatenate([self.held, block[:, 0]])

    def go_on(self, *, is_stalled=False):
        """One millisecond."""
        due = RATE // 1_000
        played, self.held = self.held[:due], self.held[due:]
        self.out.append(np.pad(played, (0, due - len(played))))
        self.clock.advance(0.001)
        if not is_stalled:
            self._fill()


class PortAudio:
    """One loudspeaker, in the words of the sounddevice module."""

    class PortAudioError(Exception):
        """sounddevice's error."""

    default = SimpleNamespace(device=(-1, 0))

    def __init__(self, clock):
        self.clock = clock
        self.device = None

    def query_hostapis(self):
        return [{"name": "ALSA"}]

    def query_devices(self):
        return [
            {
                "name": "Loud",
                "hostapi": 0,
                "max_input_channels": 0,
                "max_output_channels": 1,
                "default_samplerate": 24_000.0,
            }
        ]

    def check_output_settings(self, **_):
        return

    def OutputStream(self, **given):
        self.device = Device(self.clock, **given)
        return self.device


def heard_in_a_room(seconds, stalls, order):
    """The device's sound, its speaker and player; `order(player)` is asked every millisecond, `stalls` are in ms."""
    clock = ManualClock()
    player, sound = Player(), PortAudio(clock)
    speaker = Speaker(None, player.render, on_lack=player.skip, clock=clock, sound=sound)
    speaker.start()
    for ms in range(round(seconds * 1_000)):
        order(player)
        sound.device.go_on(is_stalled=any(first <= ms < first + lasts for first, lasts in stalls))
    return np.concatenate(sound.device.out), speaker, player


def counting(start_s, period_s, numbers):
    """Orders a count as the dialogue does: each beat one period before it is due."""
    waiting = list(range(1, numbers + 1))

    def order(player):
        while waiting and player.now_s >= start_s + (waiting[0] - 2) * period_s:
            n = waiting.pop(0)
            player.place_number(start_s + (n - 1) * period_s, NUMBER, n, period_s)

    return order


def onsets_s(stream):
    """Return the start of each number, in seconds."""
    return np.flatnonzero(np.diff((stream > 15_000).astype(np.int8)) > 0) / RATE


def test_after_two_underruns_the_grid_is_back_within_one_beat():
    """Of 60 beats a second apart only the one after each gap may be late; all others lie on the grid to the sample."""
    stream, speaker, player = heard_in_a_room(63, [(20_350, 400), (40_900, 250)], counting(2.0, 1.0, 60))

    late_s = onsets_s(stream) - (2.0 + np.arange(60))
    off = np.flatnonzero(np.abs(late_s - late_s[0]) > 0.0005)
    assert len(late_s) == 60
    assert set(off) <= {19, 39}
    assert speaker.underruns == 2
    assert player.position == pytest.approx(63 * RATE + DEPTH * BLOCK, abs=2 * BLOCK)


def test_without_underruns_no_beat_moves():
    """Blocks that come late without the buffer running dry change nothing."""
    stream, speaker, _ = heard_in_a_room(20, [(ms, 70) for ms in range(1_500, 19_000, 331)], counting(2.0, 1.0, 17))

    assert np.ptp(np.diff(onsets_s(stream))) < 1e-9
    assert speaker.underruns == 0


def test_no_number_is_cut():
    """Every number sounds with all its samples, the one in which the device ran dry as well."""
    stream, _, _ = heard_in_a_room(13, [(5_050, 200), (8_150, 350)], counting(2.0, 1.0, 10))

    assert (stream > 15_000).sum() == 10 * len(NUMBER.pcm)


def test_a_sentence_goes_on_where_it_was():
    """Of a sentence in which the device ran dry every sample is heard once, in order."""
    said = []

    def order(player):
        if not said and player.now_s > 2:
            said.append(player.queue_sentence(1, SENTENCE))

    stream, _, player = heard_in_a_room(5, [(2_200, 300)], order)

    assert stream[stream > 0].tolist() == SENTENCE.pcm.tolist()
    assert player.take_reports()[-1].is_finished


def test_a_device_that_stood_still_is_not_hurried_after():
    """More than a second is no underrun: the session's time stood still with it."""
    stream, speaker, _ = heard_in_a_room(12, [(4_500, 3_000)], counting(2.0, 1.0, 6))

    assert len(onsets_s(stream)) == 6
    assert speaker.underruns == 0


def test_a_machine_that_is_late_again_and_again_lacks_nothing():
    """Every block of half a second 15 ms late, with 60 ms in the device: as if it were slow, and then it is not."""
    lack = UnderrunMeter(RATE, held_s=0.02)
    late = [0.015 if 100 <= n < 125 else 0.0 for n in range(300)]

    told = [lack.at(n * 0.02 + late[n], n * BLOCK) for n in range(300)]

    assert sum(told) == 0


def test_a_small_lack_is_believed_once_it_lasts():
    """15 ms that do not come back within a second are gone."""
    lack = UnderrunMeter(RATE, held_s=0.02)

    told = [lack.at(n * 0.02 + (0.015 if n >= 100 else 0.0), n * BLOCK) for n in range(300)]

    assert sum(told) == pytest.approx(0.015, abs=0.001)


def test_a_speaker_that_ran_dry_three_times_asks_for_a_longer_buffer():
    """At its next start, and it keeps that."""
    clock = ManualClock()
    player, sound = Player(), PortAudio(clock)
    speaker = Speaker(None, player.render, on_lack=player.skip, clock=clock, sound=sound)
    asked = []
    for stalls in ([3_000, 5_000, 7_000], [], [3_000]):
        speaker.start()
        asked.append(sound.device.asked_s)
        for ms in range(9_000):
            sound.device.go_on(is_stalled=any(first <= ms < first + 300 for first in stalls))
        speaker.stop()

    assert asked == [LATENCY_S, CALM_LATENCY_S, CALM_LATENCY_S]


@settings(max_examples=25, deadline=None)
@given(
    stalls=st.lists(st.tuples(st.integers(2_000, 20_000), st.integers(130, 600)), max_size=3),
    ppm=st.integers(-100, 100),
)
def test_what_a_device_lacked_is_found_to_five_milliseconds(stalls, ppm):
    """However it drifts and whenever it runs dry, the sum of what is told is what it lacked."""
    lack, now_s, given, played, told_s, lacked_s = UnderrunMeter(RATE), 0.0, 0, 0.0, 0.0, 0.0
    for ms in range(22_000):
        now_s = ms / 1_000
        step = RATE / 1_000 * (1 + ppm * 1e-6)
        lacked_s += max(0.0, step - (given - played)) / RATE
        played = min(played + step, given)
        while given - played <= (DEPTH - 1) * BLOCK and not any(a <= ms < a + lasts for a, lasts in stalls):
            told_s += lack.at(now_s, given)
            given += BLOCK

    assert told_s == pytest.approx(lacked_s, abs=0.005 * max(1, len(stalls))) or lacked_s > 1.0
