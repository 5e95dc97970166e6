"""Utterances from probabilities of speech, and from blocks; only the last tests need a model."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from assistant.decode.segment import (
    CHUNK,
    CHUNK_S,
    LATER_LULL,
    LONGEST_S,
    LULL,
    PAUSE_S,
    PRE_ROLL_S,
    Endpointer,
    Mark,
    Segmenter,
    SpeechDetector,
    Utterance,
)
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock

BLOCK = round(BLOCK_S * EAR_RATE_HZ)
PAUSE = 10  # chunks of 32 ms: the first number that makes 300 ms
LONG_PAUSE = 16  # 500 ms


class Script:
    """Says what it was told to, one probability a chunk, then silence."""

    def __init__(self, *probabilities: float) -> None:
        self.left = list(probabilities)

    def __call__(self, chunk: np.ndarray) -> float:
        return self.left.pop(0) if self.left else 0.0


def marks(*probabilities: float) -> list[Mark]:
    turn = Endpointer()
    return [turn.step(p) for p in probabilities]


def feed(segmenter: Segmenter, chunks: int, *, start_s: float = 0.0) -> list[Utterance]:
    samples = np.arange(chunks * CHUNK, dtype=np.int64).astype(np.int16)
    found: list[Utterance] = []
    for i in range(0, len(samples) // BLOCK * BLOCK, BLOCK):
        block = AudioBlock(pcm=samples[i : i + BLOCK], rate_hz=EAR_RATE_HZ, at_s=start_s + i / EAR_RATE_HZ)
        found += segmenter.feed(block)
    return found


def test_silence_is_quiet() -> None:
    """Nothing begins below the threshold."""
    assert set(marks(*[0.49] * 50)) == {Mark.QUIET}


def test_speech_begins_and_pauses() -> None:
    """One chunk of speech begins an utterance, and 300 ms of silence pause it."""
    said = marks(0.5, 0.9, *[0.1] * PAUSE)

    assert said[0] is Mark.BEGAN
    assert said[-1] is Mark.PAUSED
    assert said.count(Mark.PAUSED) == 1


def test_soft_speech_keeps_an_utterance_open() -> None:
    """A probability that could not begin an utterance still continues it."""
    assert Mark.PAUSED not in marks(0.9, *[0.4] * 40)


def test_pause_closes_unless_kept_open() -> None:
    """After a pause that nobody keeps open, the next speech is a new utterance."""
    assert marks(0.9, *[0.0] * PAUSE, 0.9)[-1] is Mark.BEGAN


def test_kept_open_pause_is_over_after_the_long_one() -> None:
    """An utterance that is kept open is over after half a second, once."""
    turn = Endpointer()
    for p in (0.9, *[0.0] * PAUSE):
        turn.step(p)

    turn.keep_open()
    later = [turn.step(0.0) for _ in range(LONG_PAUSE)]

    assert later.index(Mark.OVER) == LONG_PAUSE - PAUSE - 1
    assert later.count(Mark.OVER) == 1


def test_kept_open_utterance_takes_more_speech() -> None:
    """Speech within the longer pause belongs to the same utterance, and the next pause asks again."""
    turn = Endpointer()
    for p in (0.9, *[0.0] * PAUSE):
        turn.step(p)

    turn.keep_open()
    more = [turn.step(p) for p in (0.9, *[0.0] * PAUSE)]

    assert more[0] is Mark.GOES_ON
    assert more[-1] is Mark.PAUSED


def test_long_speech_is_reported_once() -> None:
    """A conversation is too long once, and quiet until there is a pause."""
    said = marks(*[0.9] * round(3 * LONGEST_S / CHUNK_S))

    assert said.count(Mark.TOO_LONG) == 1
    assert said.count(Mark.BEGAN) == 1


def test_speech_after_a_long_one_needs_a_pause() -> None:
    """After a conversation, a command is heard again when there was a pause."""
    said = marks(*[0.9] * round(LONGEST_S / CHUNK_S + 9), *[0.0] * PAUSE, 0.9)

    assert said[-1] is Mark.BEGAN


def test_utterance_holds_pre_roll_and_voice() -> None:
    """The samples begin before the voice, so that a soft first sound is not lost, and in order."""
    quiet, voice = 30, 20
    found = feed(Segmenter(Script(*[0.0] * quiet, *[0.8] * voice)), 80)

    assert len(found) == 1
    one = found[0]
    before = round(PRE_ROLL_S / CHUNK_S)
    assert one.pcm[0] == np.int64((quiet - before) * CHUNK).astype(np.int16)
    assert len(one.pcm) == (before + voice + PAUSE) * CHUNK
    assert np.all(np.diff(one.pcm.astype(np.int64)) % 65536 == 1)
    assert one.speech == 0.8


def test_times_are_those_of_the_voice() -> None:
    """`at_s` and `end_s` say where the voice was, in the time of the blocks."""
    found = feed(Segmenter(Script(*[0.0] * 30, *[0.8] * 20)), 80, start_s=100.0)

    assert found[0].at_s == pytest.approx(100.0 + 30 * CHUNK_S)
    assert found[0].end_s == pytest.approx(100.0 + 50 * CHUNK_S)


def test_pre_roll_does_not_repeat_the_utterance_before() -> None:
    """The voice of one utterance never comes back at the beginning of the next."""
    script = Script(*[0.0] * 20, *[0.9] * 10, *[0.0] * PAUSE, *[0.9] * 5)

    first, second = feed(Segmenter(script), 80)

    last_voice = np.int64((20 + 10) * CHUNK).astype(np.int16)
    assert last_voice in first.pcm
    assert second.pcm[0] >= last_voice


def lulls(levels: list[float], probabilities: list[float]) -> list[tuple[int, Utterance]]:
    """Return the results of `so_far` after each chunk, for chunks of these levels."""
    segmenter = Segmenter(Script(*probabilities))
    found = []
    for i, level in enumerate(levels):
        segmenter.feed(AudioBlock(pcm=np.full(CHUNK, level, np.int16), rate_hz=EAR_RATE_HZ, at_s=i * CHUNK_S))
        if segmenter.so_far is not None:
            found.append((i, segmenter.so_far))
    return found


def test_a_first_silence_shows_the_utterance_so_far() -> None:
    """Two and five chunks after the voice the utterance can be seen, with the end that it has after the pause."""
    segmenter = Segmenter(Script(*[0.9] * 10))
    seen, given = [], []
    for i in range(30):
        block = AudioBlock(pcm=np.full(CHUNK, 1000, np.int16), rate_hz=EAR_RATE_HZ, at_s=i * CHUNK_S)
        given += segmenter.feed(block)
        seen += [(i, segmenter.so_far)] if segmenter.so_far else []

    assert [chunk for chunk, _ in seen] == [10 + LULL - 1, 10 + LATER_LULL - 1]
    assert [len(so_far.pcm) for _, so_far in seen] == [(10 + LULL) * CHUNK, (10 + LATER_LULL) * CHUNK]
    assert {(so_far.at_s, so_far.end_s) for _, so_far in seen} == {(given[0].at_s, given[0].end_s)}


def test_each_silence_shows_more() -> None:
    """Somebody who goes on speaking after a short silence is seen again at the next."""
    voice = [*[0.9] * 6, 0.0, 0.0, *[0.9] * 6]

    seen = lulls([1000.0] * 30, voice)

    assert [i for i, _ in seen] == [7, 15, 18]
    assert len({so_far.at_s for _, so_far in seen}) == 1
    assert [so_far.end_s == seen[1][1].end_s for _, so_far in seen] == [False, True, True]


def test_what_is_much_softer_than_the_voice_is_silence() -> None:
    """A hum that silero takes for the voice, 25 dB below it, ends the utterance; 20 dB below it does not."""
    soft, too_soft = ([2000.0] * 10 + [level] * 10 for level in (210.0, 100.0))

    assert lulls(soft, [0.9] * 20) == []
    assert [i for i, _ in lulls(too_soft, [0.9] * 20)] == [10 + LULL - 1, 10 + LATER_LULL - 1]


def test_a_slap_does_not_make_the_voice_silence() -> None:
    """One loud chunk in the middle of a word leaves its other chunks speech."""
    levels = [*[300.0] * 8, 20_000.0, *[300.0] * 8]

    assert lulls(levels, [0.9] * 17) == []


def test_finish_gives_what_is_open() -> None:
    """A word at the end of the sound is not lost, and it comes once."""
    segmenter = Segmenter(Script(*[0.0] * 5, *[0.9] * 10))
    feed(segmenter, 15)

    ended = segmenter.finish()

    assert [one.is_over for one in ended] == [True]
    assert segmenter.finish() == ()


def test_finish_after_a_whole_utterance_gives_nothing() -> None:
    """An utterance that was given is not given again at the end."""
    segmenter = Segmenter(Script(*[0.9] * 5))

    assert len(feed(segmenter, 40)) == 1
    assert segmenter.finish() == ()


@pytest.mark.parametrize(
    ("is_kept", "chunks", "again"), [(False, 5 + PAUSE, 0), (True, 5 + PAUSE, 1), (True, 5 + LONG_PAUSE, 0)]
)
def test_finish_right_after_a_pause_gives_only_what_is_kept_open(*, is_kept: bool, chunks: int, again: int) -> None:
    """A recording that ends with the pause after a word gives the word once, unless more of it was waited for."""
    segmenter = Segmenter(Script(*[0.9] * 5))
    samples = np.ones(CHUNK, np.int16)
    for i in range(chunks):
        found = segmenter.feed(AudioBlock(pcm=samples, rate_hz=EAR_RATE_HZ, at_s=i * CHUNK_S))
        if found and is_kept:
            segmenter.keep_open()

    assert len(found) == 1
    assert len(segmenter.finish()) == again


def test_reset_forgets_the_utterance() -> None:
    """An utterance in progress is gone after a reset."""
    segmenter = Segmenter(Script(*[0.9] * 10))
    feed(segmenter, 10)

    segmenter.reset()

    assert segmenter.finish() == ()


def test_too_long_speech_has_no_samples() -> None:
    """A conversation is reported without its sound."""
    found = feed(Segmenter(Script(*[0.9] * 1000)), round(2 * LONGEST_S / CHUNK_S))

    assert [one.is_too_long for one in found] == [True]
    assert len(found[0].pcm) == 0


def loudness(levels: Iterable[float]) -> list[float]:
    rng = np.random.default_rng(1)
    detector = SpeechDetector()
    return [detector((rng.standard_normal(CHUNK) * level).astype(np.int16)) for level in levels]


def test_steady_noise_is_not_speech() -> None:
    """Neither silence nor a fan is speech to the real detector."""
    assert max(loudness([0.0] * 50)) == 0.0
    assert max(loudness([300.0] * 200)) < 0.5


def test_same_sound_gives_the_same_answer_after_a_reset() -> None:
    """Nothing that was heard before a reset has an influence after it."""
    rng = np.random.default_rng(2)
    chunks = [(rng.standard_normal(CHUNK) * 200).astype(np.int16) for _ in range(40)]
    detector = SpeechDetector()
    first = [detector(chunk) for chunk in chunks]

    detector.reset()

    assert [detector(chunk) for chunk in chunks] == first


def test_pause_is_a_pause() -> None:
    """The constants of this file are those of the rule."""
    assert (PAUSE - 1) * CHUNK_S < PAUSE_S <= PAUSE * CHUNK_S
