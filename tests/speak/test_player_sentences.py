"""Sentences: their order, their gaps, their place between the beats, and how they are cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.messages import MOUTH_RATE_HZ, Clip, VoiceBegan, VoiceEnded

RATE = MOUTH_RATE_HZ


def test_sentences_sound_in_order_with_a_breath_between_them(stage):
    """Two sentences said at once follow each other, a quarter of a second apart, and are reported to the sample."""
    stage.player.queue_sentence(1, stage.sentence(0.5))
    stage.player.queue_sentence(2, stage.sentence(0.3))

    stage.play(2.0)

    assert stage.sentences() == [(0, 12_000), (18_000, 25_200)]
    assert stage.reports == [
        VoiceBegan(at_s=0.0, utterance=1),
        VoiceEnded(at_s=0.5, utterance=1, is_finished=True),
        VoiceBegan(at_s=0.75, utterance=2),
        VoiceEnded(at_s=1.05, utterance=2, is_finished=True),
    ]


def test_time_to_act_is_quiet_after_its_sentence(stage):
    """The next sentence waits for it; the end of the first is reported at once."""
    stage.player.queue_sentence(1, stage.sentence(0.5), then_s=3.0)
    stage.player.queue_sentence(2, stage.sentence(0.3))

    stage.play(5.0)

    assert stage.sentences() == [(0, 12_000), (84_000, 91_200)]
    assert stage.reports[1] == VoiceEnded(at_s=0.5, utterance=1, is_finished=True)


def test_a_hush_ends_the_time_to_act(stage):
    """The next sentence begins at once."""
    stage.player.queue_sentence(1, stage.sentence(0.5), then_s=4.0)
    later = [
        (1.0, lambda: stage.player.hush("now")),
        (1.0, lambda: stage.player.queue_sentence(2, stage.sentence(0.3))),
    ]

    stage.play(3.0, later)

    (_, (begin, _)) = stage.sentences()
    assert RATE <= begin < 1.1 * RATE


def test_time_to_act_holds_no_number_back(stage):
    """A count that begins in it is on its beats."""
    first = (0.0, lambda: stage.player.queue_sentence(1, stage.sentence(0.5), then_s=4.0))

    stage.play(5.0, [first, *stage.count(1.0, 1.0, 3)])

    assert len(stage.numbers()) == 3


def test_a_short_sentence_waits_for_a_gap(stage):
    """Said while a number sounds, it begins when the number is over, and the next number is spoken."""
    orders = [*stage.count(1.0, 1.0, 4), (2.1, lambda: stage.player.queue_sentence(1, stage.sentence(0.4)))]

    stage.play(5.0, orders)

    assert stage.sentences() == [(round(2.45 * RATE), round(2.85 * RATE))]
    assert len(stage.numbers()) == 4


def test_a_sentence_that_comes_late_in_a_gap_takes_the_next(stage):
    """It lets one number pass instead of running into it."""
    orders = [*stage.count(1.0, 1.0, 4), (1.7, lambda: stage.player.queue_sentence(1, stage.sentence(0.4)))]

    stage.play(5.0, orders)

    assert stage.sentences() == [(round(2.45 * RATE), round(2.85 * RATE))]
    assert len(stage.numbers()) == 4


def test_numbers_under_a_long_sentence_are_ticked_and_the_count_goes_on(stage):
    """A sentence that fits in no gap begins at once after the number; the beats under it are ticks at their samples."""
    orders = [*stage.count(1.0, 1.0, 6), (2.1, lambda: stage.player.queue_sentence(1, stage.sentence(2.0)))]

    stage.play(7.0, orders)

    assert [first // RATE for first, _ in stage.numbers()] == [1, 2, 5, 6]
    assert [placed.is_spoken for placed in stage.player.placed] == [True, True, False, False, True, True]
    for n in (3, 4):
        around = stage.stream[n * RATE - 1 : n * RATE + 2]
        assert around[0] == 1_500
        assert around[1] != 1_500


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_number_is_spoken_over_a_sentence(new_stage, data):
    """Whatever is said whenever, no sample holds both a number and a sentence; and every sentence is heard whole."""
    stage = new_stage()
    period_s, length_s = data.draw(st.floats(0.5, 2.0)), data.draw(st.floats(0.2, 0.45))
    said = data.draw(st.lists(st.tuples(st.floats(0.0, 9.0), st.floats(0.06, 2.0)), min_size=1, max_size=4))
    orders = stage.count(1.0, period_s, 8, length_s)
    orders += [
        (at, lambda u=u, s=s: stage.player.queue_sentence(u, stage.sentence(s))) for u, (at, s) in enumerate(said)
    ]
    stage.mute_ticks()

    stage.play(max(1 + 8 * period_s, 10) + 10, orders, blocks=data.draw(st.lists(st.integers(1, 3_000), max_size=99)))

    assert set(np.unique(stage.stream)) <= {0, 1_500, 20_000}
    lengths = sorted(last - first for first, last in stage.sentences())
    assert lengths == sorted(round(seconds * RATE) for _, seconds in said)
    assert stage.player.is_idle


def test_a_sentence_at_the_end_of_a_count_does_not_wait_for_ever(stage):
    """A sentence that waits at the end of a count begins within one period."""
    orders = [*stage.count(1.0, 1.0, 2), (2.7, lambda: stage.player.queue_sentence(1, stage.sentence(0.4)))]

    stage.play(5.0, orders, blocks=iter(lambda: 1_023, 0))

    assert stage.sentences() == [(3 * RATE, round(3.4 * RATE))]


def test_a_sentence_keeps_a_breath_to_the_next_number(stage):
    """It would end 40 ms before the next number; that is too close, so it takes the next gap."""
    orders = [*stage.count(1.0, 1.0, 4), (1.5, lambda: stage.player.queue_sentence(1, stage.sentence(0.46)))]

    stage.play(5.0, orders)

    assert stage.sentences() == [(round(2.45 * RATE), round(2.91 * RATE))]


def test_a_sentence_lets_only_one_number_pass(stage):
    """A sentence begins after the next number, even if words in mid-period leave no gap that is long enough."""
    for n in range(1, 6):
        stage.player.place_number(2.0 * n, stage.number(0.2), n, 2.0)
        stage.player.place_word(2.0 * n + 1.0, stage.number(0.2))

    stage.play(12.0, [(2.9, lambda: stage.player.queue_sentence(1, stage.sentence(1.2)))])

    assert stage.sentences() == [(round(3.25 * RATE), round(4.45 * RATE))]
    assert [placed.is_spoken for placed in stage.player.placed] == [True, True, False] + 7 * [True]


@pytest.mark.parametrize("block", [160, 480, 1_024])
def test_hush_now_silences_everything(stage, block):
    """Sentence, number and sign are gone 5 ms after the block at which the order arrives, and nothing comes after."""
    player = stage.player
    orders = [
        *stage.count(0.2, 0.5, 3),
        (0.7, lambda: player.queue_sentence(1, stage.sentence(5.0))),
        (0.9, lambda: player.queue_sentence(2, stage.sentence(1.0))),
        (1.4, lambda: player.sound("finished")),
        (1.5, lambda: player.hush("now")),
    ]

    stream = stage.play(6.0, orders, blocks=iter(lambda: block, 0))

    assert stream[round(1.5 * RATE) - block].any()
    assert not stream[round(1.5 * RATE) + block + round(0.005 * RATE) :].any()
    assert [(report.utterance, report.is_finished) for report in stage.reports if isinstance(report, VoiceEnded)] == [
        (1, False),
        (2, False),
    ]
    assert player.is_idle


def test_hush_fades_without_a_click(stage):
    """From one sample to the next the level falls by no more than a 5 ms ramp asks."""
    stage.player.queue_sentence(1, Clip(pcm=np.full(RATE, 20_000, np.int16), rate_hz=RATE))

    stream = stage.play(1.0, [(0.5, lambda: stage.player.hush("now"))])

    steps = np.abs(np.diff(stream[100:].astype(np.int32)))
    assert steps.max() <= 20_000 / 119 + 1


def test_a_sentence_that_is_over_when_hush_comes_was_finished(stage):
    """Its last sample has been rendered, though the next block has not begun."""
    stage.player.queue_sentence(1, stage.sentence(0.5))

    stage.play(1.0, [(0.5, lambda: stage.player.hush("now"))])

    assert stage.reports[-1] == VoiceEnded(at_s=0.5, utterance=1, is_finished=True)


def test_after_a_hush_new_words_are_spoken_at_once(stage):
    """An answer to "stop" does not wait for the breath between sentences."""
    stage.player.queue_sentence(1, stage.sentence(5.0))

    stage.play(
        2.0,
        [(1.0, lambda: stage.player.hush("now")), (1.0, lambda: stage.player.queue_sentence(2, stage.sentence(0.5)))],
    )

    assert stage.reports[2] == VoiceBegan(at_s=1.005, utterance=2)


def test_hush_at_the_end_of_the_phrase_lets_it_finish(stage):
    """The present sentence is heard whole; the next one and the beats that wait are dropped."""
    stage.player.queue_sentence(1, stage.sentence(1.0))
    stage.player.queue_sentence(2, stage.sentence(1.0))
    stage.player.place_number(3.0, stage.number(), 1, 1.0)

    stage.play(5.0, [(0.5, lambda: stage.player.hush("phrase_end"))])

    assert stage.sentences() == [(0, RATE)]
    assert not stage.numbers()
    assert [(r.utterance, r.is_finished) for r in stage.reports if isinstance(r, VoiceEnded)] == [(2, False), (1, True)]


def test_after_the_end_of_a_phrase_nothing_waits_for_a_beat(stage):
    """The count is over, so an answer does not look for a gap in it."""
    say = (1.5, lambda: stage.player.queue_sentence(1, stage.sentence(0.5)))

    stage.play(3.0, [*stage.count(1.0, 1.0, 1), (1.5, lambda: stage.player.hush("phrase_end")), say])

    assert stage.sentences() == [(round(1.5 * RATE), 2 * RATE)]


def test_what_was_said_and_hushed_within_one_block_never_sounds(stage):
    """Orders are obeyed in their order."""
    stage.player.queue_sentence(1, stage.sentence(1.0))
    stage.player.hush("now")

    stream = stage.play(1.0)

    assert not stream.any()
    assert stage.reports == [VoiceEnded(at_s=0.0, utterance=1, is_finished=False)]


def test_the_same_orders_give_the_same_stream_in_any_block_size(new_stage):
    """Samples decide everything: with all orders given ahead, the size of blocks does not matter."""
    streams = []
    for block in (1, 333, 480, 24_000):
        stage = new_stage()
        for n in range(1, 5):
            stage.player.place_number(0.5 * n, stage.number(0.2), n, 0.5)
        stage.player.queue_sentence(1, stage.sentence(0.2))
        stage.player.queue_sentence(2, stage.sentence(0.7))
        stage.player.volume(70)
        streams.append(stage.play(3.0, blocks=iter(lambda size=block: size, 0))[: 3 * RATE])

    assert all(np.array_equal(streams[0], stream) for stream in streams[1:])
