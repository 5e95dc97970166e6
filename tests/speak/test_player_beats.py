"""Beats: every onset is looked for in the samples, not in the player's own record."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.messages import MOUTH_RATE_HZ, Clip

RATE = MOUTH_RATE_HZ


def expected(start_s, period_s, count):
    """The samples at which the beats are due."""
    return [round((start_s + n * period_s) * RATE) for n in range(count)]


@pytest.mark.parametrize("period_s", [0.5, 0.6, 2 / 3, 1.0, 1.7, 60 / 38])
@pytest.mark.parametrize("block", [160, 480, 1023])
def test_every_onset_lies_at_its_sample(stage, period_s, block):
    """Twenty beats begin at start + n x period, whatever the tempo and the block size."""
    stage.play(2 + 20 * period_s, stage.count(2.0, period_s, 20, 0.3), blocks=iter(lambda: block, 0))

    assert [first for first, _ in stage.numbers()] == expected(2.0, period_s, 20)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_nothing_that_happens_in_between_shifts_a_beat(new_stage, data):
    """With random sentences, signs, volumes and blocks each spoken number keeps its sample; none is doubled."""
    stage = new_stage()
    period_s = data.draw(st.floats(0.5, 2.0))
    player = stage.player
    times = st.floats(0.0, 12.0)
    orders = stage.count(1.0, period_s, 10, 0.4)
    for number, (at_s, length_s) in enumerate(data.draw(st.lists(st.tuples(times, st.floats(0.05, 2.5)), max_size=5))):
        orders.append((at_s, lambda u=number, s=length_s: player.queue_sentence(u, stage.sentence(s))))
    for at_s, percent in data.draw(st.lists(st.tuples(times, st.integers(60, 150)), max_size=4)):
        orders.append((at_s, lambda p=percent: player.volume(p)))
    for at_s, sign in data.draw(st.lists(st.tuples(times, st.sampled_from(["heard", "finished"])), max_size=1)):
        orders.append((at_s, lambda s=sign: player.sound(s)))

    stage.play(1.0 + 11 * period_s, orders, blocks=data.draw(st.lists(st.integers(1, 2_000), max_size=200)))

    grid = expected(1.0, period_s, 10)
    onsets = [first for first, _ in stage.numbers()]
    assert set(onsets) <= set(grid)
    assert [placed.at for placed in player.placed] == grid
    assert onsets == [placed.at for placed in player.placed if placed.is_spoken]


def test_a_tick_lies_under_every_beat_at_the_same_sample(stage):
    """A beat whose clip is silent still shows a tick, whose first sample is the beat's."""
    silence = Clip(pcm=np.zeros(1_000, np.int16), rate_hz=RATE)
    for n in range(1, 4):
        stage.player.place_number(0.5 * n, silence, n, 0.5)

    stream = stage.play(2.0)

    loud = np.flatnonzero(stream)
    begins = loud[np.concatenate([[True], np.diff(loud) > 1_000])]
    assert list(begins) == expected(0.5, 0.5, 3)
    assert np.abs(stream).max() < 0.03 * 32_767


def test_a_beat_that_is_ordered_too_late_sounds_at_once(stage):
    """A number that misses its sample by less than a period is not lost, and the record shows the lateness."""
    stage.play(1.0, [(0.6, lambda: stage.player.place_number(0.5, stage.number(0.2), 7, 1.0))])

    (first, _), (placed,) = stage.numbers()[0], stage.player.placed
    assert first == round(0.6 * RATE)
    assert (placed.n, placed.due, placed.at, placed.is_spoken) == (7, round(0.5 * RATE), first, True)


def test_a_beat_that_is_a_whole_period_late_is_left_out(stage):
    """Two numbers at once would be heard as neither, so the older one is only recorded."""
    stage.play(2.0)
    stage.player.place_number(0.5, stage.number(0.2), 1, 1.0)
    stage.player.place_number(2.5, stage.number(0.2), 3, 1.0)

    stage.play(3.0)

    assert [first for first, _ in stage.numbers()] == [round(2.5 * RATE)]
    assert [placed.is_spoken for placed in stage.player.placed] == [False, True]


def test_an_order_for_a_waiting_number_replaces_it(stage):
    """After a change of tempo the dialogue may order a number again: it sounds once, at the new time."""
    stage.player.place_number(0.5, stage.number(0.2), 1, 1.0)
    stage.player.place_number(0.8, stage.number(0.2), 1, 1.0)

    stage.play(1.5)

    assert [first for first, _ in stage.numbers()] == [round(0.8 * RATE)]


def test_a_number_that_is_too_long_gives_way_to_the_next(stage):
    """Two number words never sound together: the earlier one fades within 5 ms."""
    stage.player.place_number(0.5, stage.number(0.9), 1, 0.5)
    stage.player.place_number(1.0, stage.number(0.2), 2, 0.5)

    stream = stage.play(2.0)

    assert stream[round(1.005 * RATE) + 1 : round(1.2 * RATE)].max() < 21_000
    assert not stream[round(1.2 * RATE) :].any()


def test_a_cue_lies_at_its_sample(stage):
    """A cue between two beats is placed as exactly as they are."""
    stage.player.place_number(0.5, stage.number(0.2), 1, 1.0)
    stage.player.place_word(1.0, stage.number(0.2))
    stage.player.place_number(1.5, stage.number(0.2), 2, 1.0)

    stage.play(2.0)

    assert [first for first, _ in stage.numbers()] == expected(0.5, 0.5, 3)
