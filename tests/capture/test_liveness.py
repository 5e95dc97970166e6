"""Told apart: a microphone, a switch that is off, a noise gate, and the loudspeaker's own samples."""

from __future__ import annotations

import random

import pytest

from assistant.capture.liveness import FLOOR, MUTED, NEVER, Liveness

SECOND = 50
LAG = 9
"""Blocks from the player to the microphone, 0.18 s."""


def counting(seconds):
    """Return True for the player's blocks with sound in a count: half of each second."""
    return [n % SECOND < SECOND // 2 for n in range(seconds * SECOND)]


@pytest.fixture
def liveness():
    return Liveness()


def give(liveness, flats, sounds=()):
    """Blocks one by one; gives the block at which each fault was first told."""
    told = {}
    for n, is_flat in enumerate(flats):
        liveness.play(is_sounding=n < len(sounds) and sounds[n])
        liveness.hear(is_flat=is_flat)
        for fault in ("is_muted", "is_ourselves"):
            if getattr(liveness, fault):
                told.setdefault(fault, n)
    return told


def echoed(sounds):
    """A speaker monitor: flat where we were silent."""
    return [not (n >= LAG and sounds[n - LAG]) for n in range(len(sounds))]


def test_a_microphone_with_its_noise_is_well(liveness):
    """However long, whether we speak or not."""
    assert give(liveness, [False] * 60 * SECOND, counting(60)) == {}


def test_a_microphone_that_is_switched_off_is_told_within_three_seconds(liveness):
    """There was noise, and there is none any more."""
    told = give(liveness, [False] * FLOOR + [True] * 3 * SECOND)

    assert told == {"is_muted": FLOOR + MUTED - 1}
    assert MUTED < 3 * SECOND


def test_a_microphone_that_never_gave_a_sound_is_told(liveness):
    """After six seconds, since a noise gate is closed at first, too."""
    assert give(liveness, [True] * 10 * SECOND) == {"is_muted": NEVER - 1}


def test_a_muted_microphone_that_is_switched_on_is_alive(liveness):
    """Noise while we are silent is enough."""
    give(liveness, [False] * FLOOR + [True] * 3 * SECOND)
    was_alive = liveness.is_alive
    give(liveness, [False] * 5)

    assert not was_alive
    assert liveness.is_alive
    assert not liveness.is_muted


def test_a_muted_microphone_is_not_alive_because_we_speak(liveness):
    """The monitor of a speaker sounds while we say that nothing is heard."""
    give(liveness, [False] * FLOOR + [True] * 3 * SECOND)
    sounds = [True] * 2 * SECOND + [False] * 2 * SECOND
    give(liveness, echoed(sounds), sounds)

    assert liveness.is_muted
    assert not liveness.is_alive


def test_a_noise_gate_is_no_switch(liveness):
    """A person who speaks now and then through a gate is not asked if the microphone is muted."""
    random.seed(7)
    flats = []
    for _ in range(40):
        flats += [False] * random.randint(20, 150) + [True] * random.randint(30, 600)

    assert give(liveness, flats) == {}


def test_a_gate_behind_a_long_noise_is_asked_about_once(liveness):
    """After a wrong first guess there is no second one, as long as the gate closes."""
    flats = ([False] * FLOOR + [True] * 4 * SECOND) + ([False] * SECOND + [True] * 4 * SECOND) * 10
    starts = 0
    was_muted = False
    for is_flat in flats:
        give(liveness, [is_flat])
        starts += liveness.is_muted and not was_muted
        was_muted = liveness.is_muted

    assert starts == 1


@pytest.mark.parametrize("lag", [0, 4, 9, 20, 50])
def test_a_speaker_monitor_is_told_within_three_seconds_of_a_count(liveness, lag):
    """It sounds where we sound and nowhere else, however late."""
    sounds = counting(10)
    flats = [False] * 5 * SECOND + [
        not (sounds[n - lag] if n >= lag else False) for n in range(5 * SECOND, 10 * SECOND)
    ]
    told = give(liveness, flats, sounds)

    assert 0 < told["is_ourselves"] - 5 * SECOND <= 3 * SECOND
    assert not liveness.is_alive


def test_blocks_that_are_cut_elsewhere_are_still_ours(liveness):
    """The microphone's blocks do not begin where the player's do: the edges of sounds shift by one."""
    sounds = counting(8)
    flats = [not (n > LAG and (sounds[n - LAG] or sounds[n - LAG - 1])) for n in range(len(sounds))]

    assert "is_ourselves" in give(liveness, flats, sounds)


def test_a_gate_that_opens_for_somebody_else_is_not_ourselves(liveness):
    """Sound while we are silent is somebody else's."""
    random.seed(3)
    sounds = counting(60)
    flats = []
    while len(flats) < len(sounds):
        flats += [False] * random.randint(10, 60) + [True] * random.randint(10, 60)

    assert "is_ourselves" not in give(liveness, flats[: len(sounds)], sounds)


def test_an_opened_microphone_is_judged_anew(liveness):
    """A fault of the earlier stream says nothing about this one."""
    give(liveness, echoed(counting(8)), counting(8))
    liveness.start_again()

    assert not liveness.is_ourselves
    assert not liveness.is_muted
