"""People's own words become ranked intents, and talk that is not for us becomes nothing: real encoder, real data."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.interpret import Guess
from assistant.interpret.meaning.taught import Taught
from assistant.messages import SAFETY, Intent
from assistant.store.library import meaning_arrays
from assistant.wire import build
from benchmarks.meaning import ACT, ASK, ASK_SAFETY, decide

ROOT = Path(__file__).parents[2]
WORDINGS = ROOT / "grammars" / "en" / "wordings"
EVERY = frozenset(Intent)


@pytest.fixture(scope="module")
def meaning():
    return build.meaning("en")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("would you mind going a little slower for me", Intent.SLOWER),
        ("my elbow has started to hurt", Intent.PAIN),
        ("i feel really light headed all of a sudden", Intent.RED_FLAG),
        ("please somebody ring an ambulance for me", Intent.EMERGENCY),
        ("i want you to stop this right away", Intent.STOP),
        ("how many repetitions do i still have to do", Intent.HOW_MANY_LEFT),
        ("i didn't catch that could you say it once more", Intent.REPEAT),
        ("let's leave this one out and move on to the next", Intent.NEXT),
    ],
)
def test_a_wish_in_somebodys_own_words_is_understood(meaning, text, intent):
    """Sentences that stand neither in the grammar nor among the wordings."""
    assert text not in (WORDINGS / f"{intent.value}.txt").read_text(encoding="utf-8").splitlines()
    assert decide(meaning.guesses(text, EVERY)) == (intent, True)


@pytest.mark.parametrize(
    "text",
    [
        "the man from the council came about the drains again",
        "did you remember to buy potatoes on the way home",
        "it doesn't hurt there at all",
        "you really don't have to stop for the doorbell",
        "eleven twelve thirteen fourteen",
        "and tonight heavy rain is moving in from the west",
    ],
)
def test_talk_that_is_not_for_us_does_nothing(meaning, text):
    """Neighbours, radio, counting along, and the negation of a safety word."""
    decided = decide(meaning.guesses(text, EVERY))

    assert decided is None or not decided[1]


def test_an_intent_that_is_not_legal_is_never_guessed(meaning):
    """The other intents may be guessed, with the confidence that it deserves."""
    guesses = meaning.guesses("could you speak up a bit", EVERY - {Intent.LOUDER})

    assert meaning.guesses("could you speak up a bit", EVERY)[0].intent is Intent.LOUDER
    assert Intent.LOUDER not in {one.intent for one in guesses}
    assert decide(guesses) is None or not decide(guesses)[1]


def test_nothing_is_legal_and_nothing_is_guessed(meaning):
    """Only "nothing for us" is left, and it is certain."""
    assert meaning.guesses("stop", frozenset()) == (Guess(None, 1.0),)


@settings(deadline=None, max_examples=40)
@given(text=st.text(max_size=60), legal=st.frozensets(st.sampled_from(list(Intent))))
def test_any_text_has_ranked_guesses(text, legal):
    """At most four, best first, each legal or nothing, none twice, confidences from 0 to 1."""
    guesses = test_any_text_has_ranked_guesses.meaning.guesses(text, legal)
    confidences = [one.confidence for one in guesses]

    assert 1 <= len(guesses) <= 4
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= one <= 1 for one in confidences)
    assert len({one.intent for one in guesses}) == len(guesses)
    assert {one.intent for one in guesses} <= legal | {None}


test_any_text_has_ranked_guesses.meaning = build.meaning("en")


@pytest.mark.parametrize(
    ("guesses", "decided"),
    [
        ((Guess(Intent.NEXT, ACT), Guess(None, 0.1)), (Intent.NEXT, True)),
        ((Guess(Intent.NEXT, ACT - 0.01), Guess(None, 0.1)), (Intent.NEXT, False)),
        ((Guess(None, 0.7), Guess(Intent.NEXT, ASK)), (Intent.NEXT, False)),
        ((Guess(None, 0.8), Guess(Intent.NEXT, ASK - 0.01)), None),
        ((Guess(None, 0.8), Guess(Intent.PAIN, ASK_SAFETY)), (Intent.PAIN, False)),
        ((Guess(None, 0.8), Guess(Intent.NEXT, 0.2), Guess(Intent.PAIN, ASK_SAFETY)), (Intent.PAIN, False)),
        ((Guess(Intent.PAIN, 0.6), Guess(None, 0.4), Guess(Intent.STOP, 0.3)), (Intent.PAIN, True)),
        ((Guess(Intent.NEXT, 0.6), Guess(Intent.PAIN, 0.4), Guess(Intent.STOP, 0.4)), (Intent.NEXT, False)),
        ((Guess(None, 1.0),), None),
        ((), None),
    ],
)
def test_a_sure_guess_is_done_a_likely_one_is_asked(guesses, decided):
    """The best intent counts; a doubt about safety is asked about from a lower confidence."""
    assert decide(guesses) == decided


def test_what_was_learned_fits_the_wordings():
    """Whoever changes a wording learns anew: scripts/train_meaning."""
    digest = runpy.run_path(str(ROOT / "scripts" / "train_meaning" / "wordings.py"))["digest"]

    assert bytes(meaning_arrays("en")["digest"]).decode("utf-8") == digest(WORDINGS)


def test_every_intent_has_wordings_and_each_is_words_only():
    """At least ten for each intent; lower-case letters and apostrophes; none stands twice among those of writers."""
    files = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in WORDINGS.glob("*.txt")}
    # Read by rules: nothing to learn.
    by_rule = {Intent.CHANGE_ANSWER, Intent.DOCTOR_AGREED, Intent.HEALTH, Intent.MAYBE}
    assert set(files) == {intent.value for intent in set(Intent) - by_rule} | {"none", "negations"}

    for lines in files.values():
        texts = [line for line in lines if not line.startswith("# ")]
        others = lines[next((at for at, line in enumerate(lines) if line.startswith("# writers")), 0) :]
        assert len(texts) >= 10
        assert [line for line in texts if not re.fullmatch(r"[a-z']+( [a-z']+)*", line)] == []
        assert len(set(others)) == len(others)


def test_no_safety_wording_is_learned_as_nothing():
    """A sentence of a person in danger is never a text that asks for nothing."""

    def texts(name: str) -> set[str]:
        lines = (WORDINGS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        return {line for line in lines if not line.startswith("#")}

    for intent in SAFETY:
        assert texts("none") & texts(intent.value) == set()


def test_arrays_of_another_kind_are_refused():
    """A missing array and an intent that we do not have are told."""
    arrays = meaning_arrays("en")
    strange = {**arrays, "classes": arrays["classes"][:-1]}

    with pytest.raises(KeyError):
        Taught.read({name: array for name, array in arrays.items() if name != "weigh"})
    with pytest.raises(ValueError, match="is not a valid Intent"):
        Taught.read(strange)


def test_a_language_without_wordings_has_no_meaning(tmp_path):
    """It is understood by its phrases alone."""
    (tmp_path / "grammars" / "xx").mkdir(parents=True)

    assert meaning_arrays("xx", home=tmp_path) is None
    assert build.meaning("xx") is None
