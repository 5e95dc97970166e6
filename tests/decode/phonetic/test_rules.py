"""Verdicts from scores: no sound, no model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.decode.phonetic.phrasebook import Phrasebook, Verdict
from assistant.decode.phonetic.rules import (
    AHEAD,
    ALONE_WORDS,
    FRAGMENT,
    LEAD,
    LEAD_PHONES,
    LONG,
    LONG_COMPLAINT,
    LONG_PAIN,
    REFUSED,
    SPEECH,
    USUAL,
    WHOLE,
    WHOLE_AHEAD,
    WHOLE_MOST,
    Bar,
    Evidence,
    bar,
    is_believed,
    may_be_other_words,
    spare,
)
from assistant.messages import Intent, Phrase

CLEAR = Evidence(over_loop=15.0, margin=4.0, misfit=0.5, phones=5, speech=1.0)
PHRASES = (
    Phrase(text="stop", intent=Intent.STOP),
    Phrase(text="start", intent=Intent.READY),
    Phrase(text="ouch", intent=Intent.PAIN),
    Phrase(text="add six", intent=Intent.MORE_REPS, slots={"number": 6}),
    Phrase(text="add ten", intent=Intent.MORE_REPS, slots={"number": 10}),
    Phrase(text="ten more", intent=Intent.MORE_REPS, slots={"number": 10}),
    Phrase(text="go back", intent=Intent.PREVIOUS),
    Phrase(text="go back to step one", intent=Intent.GO_TO, slots={"number": 1}),
    Phrase(text="stop now please", intent=Intent.STOP),
)


SOUNDS = {"no": ((1, 2),), "now": ((1, 2), (1, 3)), "not": ((1, 4, 5),)}


def judge(loop: float = -20.0, speech: float = 1.0, **scores: float) -> Verdict:
    """The verdict where these texts (underscores for spaces) have these scores, all others -90; three phones each."""
    book = Phrasebook(PHRASES)
    given = [scores.get(text.replace(" ", "_"), -90.0) for text in book.texts]
    phones = [LEAD_PHONES] * len(book.texts)
    return book.judge(np.array(given, np.float32), phones, loop=loop, free=0.0, speech=speech)


def test_every_phone_of_a_long_phrase_must_earn_its_place() -> None:
    """A score that is plenty for a short command is little for a sentence; at most 6 phones are not asked."""
    scarce = replace(CLEAR, over_loop=USUAL.each * 12 - 0.1)

    assert is_believed(replace(scarce, phones=USUAL.bare), USUAL)
    assert spare(replace(scarce, phones=12), USUAL) == pytest.approx(-0.1)
    assert is_believed(replace(scarce, phones=12, over_loop=USUAL.each * 12), USUAL)


def test_clear_evidence_is_believed() -> None:
    """A phrase that passes every bar may act."""
    assert is_believed(CLEAR, USUAL)


@pytest.mark.parametrize(
    "weak",
    [
        replace(CLEAR, over_loop=8.5),
        replace(CLEAR, margin=0.9),
        replace(CLEAR, misfit=2.6),
        replace(CLEAR, misfit=3.1, phones=4),
        replace(CLEAR, speech=SPEECH - 0.01),
        replace(CLEAR, lead=LEAD - 0.1, phones=LEAD_PHONES),
    ],
)
def test_each_rule_can_refuse(weak: Evidence) -> None:
    """One failed rule is enough to refuse."""
    assert not is_believed(weak, USUAL)


def test_spare_is_what_the_score_had_over_its_bar() -> None:
    """If every cap holds, raising the threshold by the headroom is just believed, and no more."""
    assert spare(CLEAR, USUAL) == pytest.approx(15.0 - USUAL.over_loop)
    assert spare(replace(CLEAR, over_loop=USUAL.over_loop), USUAL) == 0.0


def test_a_cap_that_fails_says_what_it_lacks() -> None:
    """A refusal is counted in nats: the worst of what is missing, a misfit over all phones."""
    assert spare(replace(CLEAR, margin=0.25), USUAL) == pytest.approx(-0.75)
    assert spare(replace(CLEAR, misfit=2.7), USUAL) == pytest.approx(-0.2 * CLEAR.phones)
    assert spare(replace(CLEAR, over_loop=5.0, margin=0.25), USUAL) == pytest.approx(5.0 - USUAL.over_loop)


def test_no_lower_bar_makes_speech() -> None:
    """Without a voice, and for a piece of a command, there is nothing to spare at any bar."""
    assert spare(replace(CLEAR, speech=0.0), USUAL) == REFUSED
    assert judge(six=-1.0).spare == REFUSED


def test_short_words_may_fit_worse() -> None:
    """Up to four phones, a phone may cost three nats."""
    assert is_believed(replace(CLEAR, misfit=2.9, phones=4), USUAL)


def test_a_phrase_without_a_rival_may_fit_worse() -> None:
    """Far ahead of everything else, an accent may cost more; but not without limit."""
    alone = replace(CLEAR, margin=AHEAD, misfit=2.7)

    assert is_believed(alone, USUAL)
    assert not is_believed(replace(alone, misfit=3.1), USUAL)
    assert not is_believed(replace(alone, margin=AHEAD - 0.1), USUAL)


def test_a_wrong_word_in_a_long_phrase_is_refused() -> None:
    """A mismatch that is small per phone may be a whole word of a long phrase."""
    long = replace(CLEAR, over_loop=30.0, phones=16)
    most = WHOLE + WHOLE_AHEAD * long.margin

    assert is_believed(replace(long, misfit=(most - 0.1) / 16), USUAL)
    assert spare(replace(long, misfit=(most + 0.5) / 16), USUAL) == pytest.approx(-0.5)


def test_a_sloppy_word_is_forgiven_where_no_other_meaning_is_near() -> None:
    """The margin buys a worse fit of the whole, but not without limit."""
    alone = replace(CLEAR, over_loop=30.0, phones=16, margin=40.0)

    assert is_believed(replace(alone, misfit=(WHOLE_MOST - 0.1) / 16), USUAL)
    assert not is_believed(replace(alone, misfit=(WHOLE_MOST + 0.1) / 16), USUAL)


def test_a_long_phrase_is_compared_with_other_words() -> None:
    """The words "he continued" are not "continue", even as the first words; a word that is a little sloppy still is."""
    long = replace(CLEAR, phones=LONG + 1, misfit=(0.1 - ALONE_WORDS) / (LONG + 1))

    assert may_be_other_words(long)
    assert not may_be_other_words(replace(long, phones=LONG, misfit=1.0))
    assert not may_be_other_words(replace(long, misfit=(-0.1 - ALONE_WORDS) / (LONG + 1)))
    assert may_be_other_words(replace(CLEAR, is_amid_talk=True))
    assert is_believed(replace(long, over_words=ALONE_WORDS), USUAL)
    assert spare(replace(long, over_words=ALONE_WORDS - 0.5), USUAL) == pytest.approx(-0.5)


@pytest.mark.parametrize(
    ("intent", "beyond"), [(Intent.STOP, USUAL), (Intent.PAIN, LONG_PAIN), (Intent.TOO_HARD, LONG_COMPLAINT)]
)
def test_only_bare_safety_words_are_easiest(intent: Intent, beyond: Bar) -> None:
    """Nobody cries a sentence: a long phrase earns its belief as any other, one of pain a little more."""
    bare = bar([intent]).bare

    assert bar([intent], bare).over_loop < USUAL.over_loop
    assert bar([intent], bare + 1) == beyond
    assert bar([intent, Intent.END_SESSION], bare + 1) == bar([Intent.END_SESSION])


def test_a_cough_is_no_pain() -> None:
    """Six phones that earn 1.85 nats each are no "that hurt"; real ones earn two and more."""
    cough = replace(CLEAR, phones=6, over_loop=6 * 1.85, misfit=0.75, margin=2.2)

    assert not is_believed(cough, bar([Intent.PAIN], 6))
    assert is_believed(replace(cough, over_loop=6 * 2.2), bar([Intent.PAIN], 6))


def test_safety_is_easiest_and_the_ending_hardest() -> None:
    """The thresholds grow with the cost of a mistake."""
    stop, usual, end = bar([Intent.STOP]), bar([Intent.NEXT]), bar([Intent.END_SESSION])

    assert stop.over_loop < usual.over_loop < end.over_loop


def test_a_command_hidden_in_another_needs_a_clear_lead() -> None:
    """A "which side" or "finished" needs a clear lead: a mumbled "switch sides" and "finish" in noise come near."""
    which_side, finished = bar([Intent.WHICH_SIDE]), bar([Intent.DONE], 6)

    assert not is_believed(replace(CLEAR, margin=5.0), which_side)
    assert is_believed(replace(CLEAR, margin=11.0), which_side)
    assert not is_believed(replace(CLEAR, margin=4.4), finished)
    assert is_believed(replace(CLEAR, margin=4.6), finished)


def test_two_meanings_ask_for_the_harder_bar() -> None:
    """A text that may stop or end the session is believed only as an ending is."""
    assert bar([Intent.STOP, Intent.END_SESSION]) == bar([Intent.END_SESSION])


def test_exact_yes_needs_less_than_a_vague_one() -> None:
    """Two phones can hardly earn nine nats: read exactly, six are enough."""
    short = Evidence(over_loop=6.5, margin=2.0, misfit=0.1, phones=2, speech=1.0)

    assert is_believed(short, bar([Intent.NO]))
    assert not is_believed(replace(short, misfit=1.0), bar([Intent.NO]))
    assert not is_believed(short, bar([Intent.NEXT]))


def test_best_phrase_wins_with_its_margin() -> None:
    """The verdict names the best phrase, its lead, and the best phrase that means something else."""
    verdict = judge(go_back=-2.0, start=-9.0)

    assert (verdict.text, verdict.rival, verdict.is_sure) == ("go back", "start", True)
    assert verdict.evidence.margin == pytest.approx(7.0)
    assert verdict.evidence.over_loop == pytest.approx(18.0)


def test_same_meaning_is_no_rival() -> None:
    """Two ways to ask for ten more do not compete; asking for six does."""
    verdict = judge(add_ten=-2.0, ten_more=-2.1, add_six=-8.0)

    assert verdict.rival == "add six"
    assert verdict.is_sure


def test_other_slot_is_a_rival() -> None:
    """Six and ten are different wishes: without a margin neither is believed."""
    assert not judge(add_ten=-2.0, add_six=-2.5).is_sure


def test_doubtful_start_is_stop() -> None:
    """A "stop" only a little behind "start" is "stop"."""
    verdict = judge(start=-2.0, stop=-6.0)

    assert (verdict.text, verdict.is_sure) == ("stop", True)


def test_clear_start_is_start() -> None:
    """A "start" far ahead of "stop" is "start"."""
    verdict = judge(start=-2.0, stop=-10.0)

    assert (verdict.text, verdict.is_sure) == ("start", True)


def test_tie_goes_to_safety() -> None:
    """An "ouch" half a nat behind "go back" is pain; two nats behind it is not."""
    assert judge(go_back=-2.0, ouch=-2.5).text == "ouch"
    assert judge(go_back=-2.0, ouch=-4.0).text == "go back"


def test_stop_is_favoured_over_start_alone() -> None:
    """The favour for "stop" is about "start"; any other command needs only its usual margin."""
    assert judge(go_back=-2.0, stop=-6.0).text == "go back"


def test_a_piece_of_a_command_is_refused() -> None:
    """The bare number of "add six" is no command, also if "add six" comes near."""
    verdict = judge(six=-1.0, add_six=-4.0)

    assert (verdict.text, verdict.is_sure) == ("six", False)
    assert verdict.behind == pytest.approx(3.0 - FRAGMENT)


def test_a_piece_must_win_by_its_handicap() -> None:
    """A fragment that is hardly better than the command gives way to it."""
    verdict = judge(six=-1.0, add_six=-1.0 - FRAGMENT / 2)

    assert (verdict.text, verdict.behind) == ("add six", 0.0)


def test_a_short_phrase_must_be_ahead_of_every_piece() -> None:
    """A phrase ahead of a fragment only by the fragment's handicap is not believed."""
    believed, doubted = judge(go_back=-2.0, six=-2.0 - LEAD), judge(go_back=-2.0, six=-1.9 - LEAD + 0.5)

    assert believed.is_sure
    assert (doubted.text, doubted.is_sure) == ("go back", False)


def test_a_longer_phrase_need_not_be_ahead_of_pieces() -> None:
    """Many phones say enough for themselves."""
    assert is_believed(replace(CLEAR, lead=-1.0, phones=LEAD_PHONES + 1), USUAL)


def test_safety_may_be_behind_a_piece() -> None:
    """A "stop" that is a little behind "step" is a stop: it costs least."""
    verdict = judge(stop=-2.0, step=-1.0)

    assert (verdict.text, verdict.is_sure) == ("stop", True)


def test_nothing_can_be_ahead_of_what_sounds_the_same() -> None:
    """A piece that can sound exactly like a legal command rules nothing out: "now" would refuse every "next"."""
    phrases = (Phrase(text="no", intent=Intent.NEXT), Phrase(text="now not", intent=Intent.STOP))
    book = Phrasebook(phrases, lambda word: SOUNDS.get(word, ()))

    def verdict(**scores: float) -> Verdict:
        given = [scores.get(text, -90.0) for text in book.texts]
        return book.judge(np.array(given, np.float32), [2] * len(given), loop=-20.0, free=0.0, speech=1.0)

    assert verdict(no=-1.0, now=-1.0).is_sure
    assert not verdict(no=-1.0, **{"not": -1.0}).is_sure


def test_safety_never_comes_from_a_fragment() -> None:
    """A fragment near "stop" is a refusal, not a stop: "step" is said often."""
    assert judge(step=-1.0, stop=-3.5).text == "step"
