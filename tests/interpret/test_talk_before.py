"""A pause inside a sentence: what goes on less than a second after talk is no command, unless both together are one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.messages import SAFETY, Heard, Intent, Perhaps, Said, Unsure
from assistant.respond.transitions import legal_in
from assistant.wire.build import interpreter


def sound(text: str, at_s: float, *, is_sure: bool = True, misfit: float = 0.0, more: tuple[str, ...] = ()) -> Heard:
    return Heard(
        text=text,
        is_final=True,
        is_sure=is_sure,
        score=15.0,
        at_s=at_s,
        end_s=at_s + 0.6,
        transcripts=(text, *more) if text else (),
        misfit=misfit,
    )


@pytest.fixture
def pieces(loaded):
    """The intents of pieces of speech with 0.6 s between them; NotNow and Unsure are None."""

    def ask(state: str, *said: str | Heard) -> list[list[Intent | None]]:
        heard_by, legal, told = interpreter(loaded).for_another_session(), legal_in(state), []
        for n, one in enumerate(said):
            at_s = 1.0 + 1.2 * n
            heard = sound(one, at_s) if isinstance(one, str) else replace(one, at_s=at_s, end_s=at_s + 0.6)
            events = heard_by.understand(heard, legal, at_s + 0.6)
            told.append([one.intent if isinstance(one, (Said, Perhaps)) else None for one in events])
        return told

    return ask


@pytest.fixture
def after(loaded):
    """The intents of what is said some time after talk, in a state."""

    def ask(said: str, gap_s: float, state: str, talk: str = "we had a long winter") -> list[Intent | None]:
        heard_by = interpreter(loaded).for_another_session()
        first = heard_by.understand(sound(talk, 1.0, is_sure=False), legal_in(state), 1.6)
        assert all(isinstance(event, Unsure) for event in first)
        events = heard_by.understand(sound(said, 1.6 + gap_s), legal_in(state), 3.0)
        return [getattr(event, "intent", None) for event in events]

    return ask


@pytest.mark.parametrize(("said", "state", "intent"), [("no", "screening", Intent.NO), ("next", "paused", Intent.NEXT)])
def test_a_refused_phrase_without_words_is_no_cry_before_a_command(pieces, said, state, intent):
    """A click of 30 ms is nearest to "ow", and no words are heard in it: "ow no" was pain."""
    click = replace(sound("", 0.0, is_sure=False), text="ow", score=-5.2)
    assert pieces(state, click, said) == [[None], [intent]]


@pytest.mark.parametrize(("said", "state"), [("no", "screening"), ("again", "paused"), ("next", "counting")])
def test_the_rest_of_talk_is_no_command(after, said, state):
    """The same words after a longer pause are one."""
    assert after(said, 0.5, state) == [None]
    assert after(said, 1.5, state) != [None]


@pytest.mark.parametrize("said", ["stop", "pause", "that hurts", "i'm pregnant"])
def test_words_of_safety_act_amid_talk(after, said):
    """A doubtful hearing is the safer of the two."""
    assert after(said, 0.3, "counting") != [None]


def test_a_command_with_a_pause_inside_is_one(after):
    """Neither half of it need be a command."""
    assert after("step five", 0.7, "paused", talk="please go to") == [Intent.GO_TO]


def test_the_end_of_a_question_that_was_answered_is_no_command(loaded):
    """It was understood without its last word: "how many sessions have I"; a "done" would end the count."""
    heard_by, legal = interpreter(loaded).for_another_session(), frozenset(Intent)

    first = heard_by.understand(sound("how many sessions have i done", 1.0), legal, 1.6)
    rest = heard_by.understand(sound("done", 2.0), legal, 2.6)
    again = heard_by.understand(sound("done", 9.0), legal, 9.6)

    assert [event.intent for event in first] == [Intent.HISTORY]
    assert rest == ()
    assert [event.intent for event in again] == [Intent.DONE]


@pytest.mark.parametrize(("first", "rest", "wanted"), [("one", "more", Intent.MORE_REPS), ("can you", "count", None)])
def test_both_halves_of_a_command_count_whatever_the_first_one_did(loaded, first, rest, wanted):
    """A number alone is a doubt or an answer, and "can you" is nothing."""
    heard_by, legal = interpreter(loaded).for_another_session(), legal_in("counting")

    heard_by.understand(sound(first, 1.0, is_sure=first == "one"), legal, 1.6)
    events = heard_by.understand(sound(rest, 2.5), legal, 3.1)

    assert [event.intent for event in events] == [wanted or Intent.COUNT_ALOUD]


@pytest.mark.parametrize("state", ["counting", "paused", "pain_hold"])
@pytest.mark.parametrize(
    ("first", "rest"),
    [
        ("can't", "go on"),
        ("don't", "carry on"),
        ("let's not", "continue"),
        ("not", "ready"),
        ("not", "done"),
        ("no", "more"),
    ],
)
def test_a_denial_that_a_pause_parts_from_its_verb_sets_nothing_going(pieces, state, first, rest):
    """Nor does it where the first half is a word that was understood by itself."""
    for before in (first, sound(first, 0.0, is_sure=False)):
        _, told = pieces(state, before, rest)

        assert set(told) <= {None, *SAFETY}


@pytest.mark.parametrize(("first", "rest"), [("can't", "go on"), ("don't", "carry on"), ("no", "more")])
def test_a_cry_that_a_pause_parts_is_one(pieces, first, rest):
    """Both halves together are a stop, or too hard; or the first is by itself, and the second sets nothing going."""
    begun, told = pieces("counting", first, rest)

    assert set(begun or [None]) <= SAFETY or (told and set(told) <= SAFETY)
    assert set(told) <= {None, *SAFETY}


def test_two_pieces_that_fit_badly_are_no_answer_and_no_command(pieces):
    """Noise that reads like two halves of a phrase passes no safety question, and starts nothing."""
    loose = [sound(text, 0.0, is_sure=False, misfit=3.0) for text in ("none of", "these", "go", "on", "next", "please")]
    twice = sound("no", 0.0, misfit=1.5, more=("go",))

    assert pieces("screening", *loose[:2]) == [[None], [None]]
    assert pieces("screening", twice, twice) == [[Intent.NO], [Intent.NO]]  # asked again, both times
    assert pieces("paused", *loose[2:4]) == [[None], [None]]
    assert pieces("paused", *loose[4:]) == [[None], [None]]


def test_a_command_may_be_said_twice(pieces):
    """So "next ... next" is two; nothing is swallowed, and a noise behind it is not obeyed."""
    assert pieces("counting", "next", "next", "next") == [[Intent.NEXT]] * 3
    assert pieces("counting", "louder", "louder") == [[Intent.LOUDER]] * 2
    assert pieces("counting", "next", sound("", 0.0, is_sure=False)) == [[Intent.NEXT], [None]]


def test_a_yes_in_the_check_is_heard_behind_anything(pieces):
    """It is the safer answer, and what was asked back is no talk."""
    assert pieces("screening", sound("let me think about it", 0.0, is_sure=False), "yes i do")[-1] == [Intent.YES]
    assert pieces("screening", sound("i had a stroke", 0.0, is_sure=False), "yes")[-1] != [None]


def test_a_denial_before_a_pause_is_kept(after):
    """Neither "do not ... go on" nor "go to ... stop" sets anything going; a stop beside another wish stays."""
    assert after("go on", 0.6, "paused", talk="please do not") != [Intent.RESUME]
    assert after("stop", 0.6, "counting", talk="please go to") == [Intent.STOP]
    assert after("stop how many are left", 0.6, "counting")[0] is Intent.STOP


def test_a_word_before_a_command_is_no_talk(after):
    """Hesitation costs no command."""
    assert after("next", 0.5, "counting", talk="um well") == [Intent.NEXT]


def test_what_follows_the_rest_of_talk_is_talk_too(loaded):
    """A sentence may have more than one pause in it."""
    heard_by, legal = interpreter(loaded).for_another_session(), legal_in("paused")
    said = [("we had a long winter", 1.0), ("next", 2.0), ("again", 3.0)]

    events = [heard_by.understand(sound(text, at_s, is_sure=at_s > 1.0), legal, at_s) for text, at_s in said]

    assert isinstance(events[-1][0], Unsure)


def test_typed_lines_follow_each_other_as_fast_as_they_like(loaded):
    """They have no length, and are no talk."""
    heard_by, legal = interpreter(loaded).for_another_session(), legal_in("counting")
    lines = [
        Heard(text=text, is_final=True, is_sure=True, score=100.0, at_s=at_s, end_s=at_s, transcripts=(text,))
        for text, at_s in (("we had a long winter", 1.0), ("next", 1.1))
    ]

    events = [heard_by.understand(line, legal, line.at_s) for line in lines]

    assert [event.intent for event in events[-1]] == [Intent.NEXT]
