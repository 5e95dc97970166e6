"""Looks at an utterance in progress: when they are worth their cost, what they decide and what they tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.decode.phonetic.early import GREY, LATER_SPARE, LONGEST_S, MOST, WORST, Early
from assistant.decode.phonetic.phrasebook import Verdict
from assistant.decode.phonetic.rules import SHORT, Evidence
from assistant.decode.segment import Utterance
from assistant.messages import Intent, Phrase

PHRASES = (
    Phrase(text="stop", intent=Intent.STOP),
    Phrase(text="hold on", intent=Intent.PAUSE),
    Phrase(text="next", intent=Intent.NEXT),
    Phrase(text="start", intent=Intent.READY),
)
CLEAR = GREY[1] + 1


def verdict(text: str, spare: float = CLEAR, misfit: float = 0.5) -> Verdict:
    evidence = Evidence(over_loop=12.0, margin=5.0, misfit=misfit, phones=4, speech=0.9)
    return Verdict(text=text, rival="", evidence=evidence, spare=spare, may_go_on=False)


def so_far(at_s: float, seconds: float) -> Utterance:
    pcm = np.zeros(0, np.int16)
    return Utterance(pcm=pcm, at_s=at_s, end_s=at_s + seconds, speech=0.9, is_over=False)


@pytest.mark.parametrize(("text", "is_told"), [("stop", True), ("hold on", True), ("next", False), ("banana", False)])
def test_only_what_can_be_taken_back_is_told(*, text: str, is_told: bool) -> None:
    """Safety words and pauses act at once; a step that was taken is not taken back."""
    early = Early(PHRASES)

    assert early.may_tell(verdict(text)) is is_told


def test_a_text_is_told_once_an_utterance() -> None:
    """Somebody who says "stop ... stop" is told once; the next utterance is told again."""
    early = Early(PHRASES)
    early.may_look(so_far(1.0, 0.5))

    first, again = early.may_tell(verdict("stop")), early.may_tell(verdict("stop"))
    early.may_look(so_far(3.0, 0.5))

    assert (first, again, early.may_tell(verdict("stop"))) == (True, False, True)


def test_what_is_not_legal_is_not_told() -> None:
    """A word that means nothing now waits for the end of the utterance."""
    early = Early(PHRASES)
    early.expect(frozenset({Intent.NEXT, Intent.STOP}))

    assert not early.may_tell(verdict("hold on"))
    assert early.may_tell(verdict("stop"))


def test_a_close_call_is_not_told() -> None:
    """A phrase that is only just believed, or only just not, is decided at the end of the pause."""
    early = Early(PHRASES)

    assert not early.may_tell(verdict("stop", spare=GREY[1] - 0.1))
    assert not early.is_clear(verdict("stop", spare=GREY[0] + 0.1))
    assert early.is_clear(verdict("stop", spare=GREY[0] - 0.1))


def test_a_word_that_is_rather_a_piece_of_another_is_not_told() -> None:
    """The "step" of "step three" may be the best "stop" so far: whatever it is, it is heard out."""
    early, told = Early(PHRASES), verdict("stop")
    piece = replace(told, evidence=replace(told.evidence, lead=-0.1))

    assert not early.may_tell(piece)
    assert early.may_tell(told)


def test_amid_talk_only_short_words_are_told() -> None:
    """The beginning of a complaint may be a sentence; "stop" is not delayed."""
    early, told = Early(PHRASES), verdict("hold on")
    short = replace(told, evidence=replace(told.evidence, is_amid_talk=True, phones=SHORT))
    longer = replace(told, evidence=replace(told.evidence, is_amid_talk=True, phones=SHORT + 1))

    assert not early.may_tell(longer)
    assert early.may_tell(short)


def test_a_later_look_tells_a_close_call() -> None:
    """The more of the pause was heard, the less headroom is needed, but never none."""
    early = Early(PHRASES)

    assert not early.may_tell(verdict("stop", spare=LATER_SPARE - 0.1), is_later=True)
    assert early.may_tell(verdict("stop", spare=LATER_SPARE + 0.1), is_later=True)


@pytest.mark.parametrize(("text", "is_worth"), [("stop", True), ("start", True), ("next", False), ("banana", False)])
def test_only_what_acts_at_once_is_looked_at_again(*, text: str, is_worth: bool) -> None:
    """A "stop", and a "start" that may be one; all else is decided when the pause is over."""
    early = Early(PHRASES)

    assert early.may_look_again(verdict(text)) is is_worth


def test_what_was_told_is_not_looked_at_again() -> None:
    """One silence tells one thing."""
    early = Early(PHRASES)
    early.may_tell(verdict("stop"))

    assert not early.may_look_again(verdict("stop"))
    assert early.may_look_again(verdict("hold on"))


def test_a_silence_is_looked_at_once() -> None:
    """The later lull of a silence that was seen, or was not worth it, is no new one."""
    early = Early(PHRASES)

    assert early.may_look(so_far(1.0, 0.5))
    assert not early.may_look(so_far(1.0, 0.5))
    assert early.may_look(so_far(1.0, 0.9))
    assert early.may_look(so_far(3.0, 0.5))


def test_what_fits_badly_waits_for_the_end() -> None:
    """A clause of a sentence may be near to a command; only what sounds like itself is told before the end."""
    early = Early(PHRASES)

    assert not early.may_tell(verdict("stop", misfit=WORST / 4 + 0.1))
    assert early.may_tell(verdict("stop", misfit=WORST / 4 - 0.1))


def test_long_speech_and_many_silences_are_not_looked_at() -> None:
    """Talk is not decoded at each of its silences."""
    early = Early(PHRASES)

    looks = [early.may_look(so_far(1.0, 0.3 * n)) for n in range(1, MOST + 3)]

    assert looks == [True] * MOST + [False] * 2
    assert not early.may_look(so_far(9.0, LONGEST_S + 0.1))


def test_reset_forgets_what_was_told() -> None:
    """The same utterance after a reset is a new one."""
    early = Early(PHRASES)
    early.may_look(so_far(1.0, 0.5))
    early.may_tell(verdict("stop"))

    early.reset()
    early.may_look(so_far(1.0, 0.5))

    assert early.may_tell(verdict("stop"))
