"""Every state × every intent, read off the table."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from assistant.messages import (
    SAFETY,
    Failed,
    Forget,
    Hush,
    Intent,
    NotNow,
    Recovered,
    Said,
    Say,
    Slept,
    Unsure,
)
from assistant.respond.counting import BEAT, COUNT_END
from assistant.respond.dialogue import advance
from assistant.respond.places import place_of
from assistant.respond.replies import line
from assistant.respond.states import Counting, Instructing, Leading, Locating, OwnPace, PainHold, Paused, State
from assistant.respond.transitions import STATE_NAMES, TABLE, handler_for, legal, legal_in
from assistant.speak.wording import placeholders
from tests.fakes.every_intent import every_way, replies, said

STATES = [kind.__name__ for kind in TABLE]
TALKING = [name for name in STATES if name != "Opening"]
ASLEEP_OR_OVER = ["Asleep", "EndedUrgent", "NotToday"]
GOES_ON = (Instructing, Locating, Leading, Counting, OwnPace)


def test_there_is_an_example_of_every_state(examples):
    """The table, the states and the examples of these tests name the same."""
    assert set(examples) == set(STATES) == {kind.__name__ for kind in get_args(State)}


@pytest.mark.parametrize("state", STATES)
def test_every_pair_gives_an_answer_in_words_that_exist(state, examples, library, loaded):
    """No utterance raises, and every reply has a sentence for which all values are given."""
    effects = [effect for event in every_way(state) for effect in advance(examples[state], event, library)[1]]

    says = [effect for effect in effects if isinstance(effect, Say)]
    assert [one for one in says if placeholders(loaded.pack.replies[one.reply]) - one.values.keys()] == []
    assert says or state in {"Opening", *ASLEEP_OR_OVER}


@pytest.mark.parametrize("state", STATES)
def test_every_legal_intent_does_or_says_something(state, examples, library):
    """Each intent that the ear listens for is answered: a start in the middle of the advice is done afterwards."""
    before = examples[state]
    unmoved = [intent for intent in legal(before) if advance(before, said(intent), library) == (before, ())]

    assert unmoved == []


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("how", [said, lambda intent: NotNow(at_s=101.0, intent=intent)], ids=["said", "not now"])
def test_what_is_not_in_the_row_changes_nothing_but_words(how, state, examples, library):
    """A refusal may speak; it moves nobody."""
    before = examples[state]
    refused = [intent for intent in Intent if how is not said or intent not in legal(before)]

    after = [advance(before, how(intent), library)[0] for intent in refused]

    assert {type(one) for one in after} == {type(before)}
    assert all(place_of(one) == place_of(before) for one in after)


@pytest.mark.parametrize("state", TALKING)
@pytest.mark.parametrize("intent", sorted(SAFETY))
def test_safety_words_are_legal_everywhere_and_silence_in_one_step(state, intent, examples, library):
    """Stop, pain and danger cut speech and count at once, in every state."""
    after, effects = advance(examples[state], said(intent), library)

    silent = [effects.index(effect) for effect in (Hush(how="now"), Forget(tag=BEAT), Forget(tag=COUNT_END))]
    spoken = [i for i, effect in enumerate(effects) if isinstance(effect, Say)]
    assert intent in legal(examples[state])
    assert max(silent) < min(spoken, default=len(effects))
    assert not isinstance(after, GOES_ON)


@pytest.mark.parametrize("state", TALKING)
@pytest.mark.parametrize("intent", [Intent.RED_FLAG, Intent.EMERGENCY])
def test_danger_ends_the_guidance_from_every_state(state, intent, examples, library):
    """There is no state in which numbness or a call for help leads anywhere else."""
    after, _ = advance(examples[state], said(intent), library)

    assert type(after).__name__ == "EndedUrgent"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("times", [1, 2, 5])
def test_unknown_speech_never_moves_anybody(state, times, examples, library):
    """However often the television speaks, the state stays the same kind at the same place."""
    after = examples[state]
    for _ in range(times):
        after, _ = advance(after, Unsure(at_s=1.0, best="next"), library)

    assert type(after) is type(examples[state])
    assert place_of(after) == place_of(examples[state])


@pytest.mark.parametrize("state", TALKING)
@pytest.mark.parametrize("event", [Failed(at_s=101.0, room="capture", reason="gone"), Slept(at_s=101.0, seconds=9.0)])
def test_a_deaf_machine_goes_on_with_nothing(state, event, examples, library):
    """Every step is held, at the same place; and nothing starts by itself when the fault is over."""
    held, _ = advance(examples[state], event, library)
    after, _ = advance(held, Recovered(at_s=110.0, room="capture"), library)

    assert not isinstance(after, GOES_ON)
    assert place_of(after) == place_of(examples[state])


@pytest.mark.parametrize("state", TALKING)
def test_every_state_has_a_way_out(state, examples):
    """The session can be ended by a word everywhere, or waking up comes first; danger ends it everywhere."""
    assert legal(examples[state]) & {Intent.END_SESSION, Intent.WAKE}
    assert legal(examples[state]) >= SAFETY


@pytest.mark.parametrize("state", ["EndedUrgent", "NotToday"])
def test_a_refusal_is_never_followed_by_a_way_back(state, examples, library):
    """After a red flag, or a safety question that says no, every word leads to the same or to the end."""
    after = {type(advance(examples[state], event, library)[0]).__name__ for event in every_way(state)}

    assert after <= {state, "EndedUrgent"}


def test_bare_yes_and_no_are_not_heard_while_counting(examples):
    """Our own count and a talk next door are full of them."""
    assert not {Intent.YES, Intent.NO, Intent.READY, Intent.RATE_PAIN} & legal(examples["Counting"])


def test_yes_and_no_are_heard_only_where_a_question_is_open(examples):
    """Everywhere else they are most often meant for somebody else in the room."""
    yes = {name for name in STATES if Intent.YES in legal(examples[name])}
    no = {name for name in STATES if Intent.NO in legal(examples[name])}

    assert yes == {
        "PaceAsked",
        "Offered",
        "ResumeOffer",
        "Screening",
        "ReadyPrompt",
        "FeelingAsked",
        "PauseAsked",
        "PainAsked",
        "Confirm",
        "AskedBack",
    }
    assert no == {*yes, "Rating", "Locating"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("intent", [Intent.YES, Intent.NO])
def test_a_yes_for_somebody_else_is_answered_once_at_most(state, intent, examples, library):
    """It is not legal there, however often it is said; nobody is moved, and a count is never spoken into."""
    after, says = examples[state], []
    for at_s in range(10):
        after, effects = advance(after, NotNow(at_s=101.0 + at_s, intent=intent), library)
        says += [effect for effect in effects if isinstance(effect, Say)]

    assert len(says) <= (state not in {"Counting", "Leading", "OwnPace", "Instructing", *ASLEEP_OR_OVER})
    assert type(after) is type(examples[state])
    assert place_of(after) == place_of(examples[state])


@pytest.mark.parametrize("state", ["PauseAsked", "PainAsked"])
@pytest.mark.parametrize(
    "event",
    [
        *[said(intent) for intent in (Intent.STOP, Intent.PAUSE, Intent.NO)],
        Slept(at_s=101.0, seconds=60.0),
        Failed(at_s=101.0, room="capture", reason="gone"),
    ],
    ids=lambda event: event.intent.value if isinstance(event, Said) else type(event).__name__,
)
def test_a_question_in_a_hold_closes_when_it_is_held_anew(state, event, examples, library):
    """A yes after it sets nothing going, and "repeat" does not ask for one."""
    before = examples[state]

    held, _ = advance(before, event, library)
    after, _ = advance(held, said(Intent.YES), library)
    _, repeated = advance(held, said(Intent.REPEAT), library)

    assert type(held) is type(after) is type(before).__base__
    assert held.place == before.place
    assert [effect.reply for effect in repeated if isinstance(effect, Say)] == [one.reply for one in held.talk.last]


@pytest.mark.parametrize("state", ["PauseAsked", "PainAsked"])
def test_a_question_in_a_hold_stays_open_while_others_are_answered(state, examples, library):
    """A question for the rest is no answer to "ready?"."""
    asked, _ = advance(examples[state], said(Intent.HOW_MANY_LEFT), library)

    after, _ = advance(asked, said(Intent.YES), library)

    assert type(asked) is type(examples[state])
    assert isinstance(after, GOES_ON)


@pytest.mark.parametrize(("trouble", "well"), [(Intent.NO, Intent.YES), (Intent.YES, Intent.NO)])
def test_that_all_is_well_sets_nothing_going(trouble, well, examples, library):
    """Neither answer to "are you all right?" or "are you hurt?" goes on; one of them is told what to do."""
    for state in ("PauseAsked", "PainAsked"):
        asked = replace(examples[state], trouble=trouble)
        fine, fine_effects = advance(asked, said(well), library)
        hurt, hurt_effects = advance(asked, said(trouble), library)

        assert type(fine) is type(hurt) is type(asked).__base__
        assert replies(hurt_effects) == [("pain_after", {}), *replies(fine_effects)]


def test_numbers_alone_are_heard_only_where_a_rating_is_asked_for(examples):
    """The count is number speech itself; after pain, where nothing is counted, "no pain" is an answer."""
    heard = [name for name in STATES if Intent.RATE_PAIN in legal(examples[name])]
    assert set(heard) == {"Rating", "PainHold", "PainAsked"}


def test_states_can_be_asked_for_by_name():
    """`tuina hear --state counting` reads the same table."""
    assert legal_in("counting") == frozenset(TABLE[STATE_NAMES["counting"]])
    assert len(STATE_NAMES) == len(TABLE)


def test_what_has_no_row_has_no_handler(examples):
    """The table is the only place where something becomes legal."""
    assert handler_for(examples["Counting"], Intent.YES) is None


def test_a_pause_in_a_pause_stays_a_pause(examples, library):
    """Saying stop twice does not lose the place."""
    once, _ = advance(examples["Counting"], said(Intent.STOP), library)
    twice, _ = advance(once, said(Intent.PAUSE), library)

    assert isinstance(twice, Paused)
    assert twice.place == examples["Counting"].place
    assert twice.is_in_count


def test_a_second_pain_offers_no_way_on_with_this_technique(examples, library):
    """After two pains only skipping and ending are left."""
    state = examples["Counting"]
    for intent in (Intent.PAIN, Intent.RESUME, Intent.YES, Intent.PAIN, Intent.RESUME):
        state, effects = advance(state, said(intent), library)

    assert type(state) is PainHold
    assert line("pain_again").reply in {effect.reply for effect in effects if isinstance(effect, Say)}


def test_a_dose_of_one_side_never_falls_below_what_the_other_has_done(examples, library):
    """Else the place could not be read again after a crash."""
    place = replace(examples["Counting"].place, side=1, done=(36, 3), closed=(True, False))

    after, _ = advance(replace(examples["Counting"], place=place), said(Intent.FEWER_REPS, {"number": 10}), library)

    assert after.place.plan == (36, 10)


@pytest.mark.parametrize(
    ("intent", "slots", "total"),
    [
        (Intent.MORE_REPS, {"number": 10}, 46),
        (Intent.MORE_REPS, {"total": 50}, 50),
        (Intent.MORE_REPS, {"total": 100}, 60),
        (Intent.FEWER_REPS, {"number": 20}, 20),
        (Intent.FEWER_REPS, {"fewer": 6}, 30),
        (Intent.FEWER_REPS, {"fewer": 100}, 12),
    ],
)
def test_a_number_of_repetitions_is_a_difference_or_a_total(examples, library, intent, slots, total):
    """Within what is counted already and the technique's ceiling."""
    place = replace(examples["Counting"].place, plan=(36, 36), done=(12, 0))

    after, _ = advance(replace(examples["Counting"], place=place), said(intent, slots), library)

    assert after.place.plan[0] == total


@pytest.mark.parametrize(("number", "at"), [(-1, 7), (-2, 6), (8, 7), (-9, None), (9, None)])
def test_a_step_is_counted_from_either_end(examples, library, number, at):
    """Beyond both ends there is none, and nobody moves."""
    state = examples["Counting"]

    after, _ = advance(state, said(Intent.GO_TO, {"number": number}), library)

    assert after.place.at == (state.place.at if at is None else at)
