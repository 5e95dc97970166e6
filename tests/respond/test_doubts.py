"""A doubt about safety: it holds at once, and asks; nothing swallows it, in any state that can be reached."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.messages import (
    SAFETY,
    Beat,
    Due,
    Failed,
    Forget,
    Hush,
    Intent,
    Keep,
    Leave,
    Perhaps,
    Recovered,
    Said,
    Say,
    Settle,
    Settled,
    Unsure,
    VoiceEnded,
    WakeMe,
)
from assistant.respond.asking_back import DOUBTS
from assistant.respond.counting import BEAT, COUNT_END
from assistant.respond.dialogue import advance
from assistant.respond.places import place_of
from assistant.respond.silence import QUIET
from assistant.respond.states import (
    AskedBack,
    Asleep,
    EndedUrgent,
    Finished,
    Idle,
    Left,
    NotToday,
    Offered,
    Opening,
    PaceAsked,
    PainHold,
    Paused,
    ResumeOffer,
    Teaching,
)
from assistant.respond.transitions import TABLE, legal
from tests.fakes.every_intent import replies

STATES = [kind.__name__ for kind in TABLE if kind is not Opening]
MOVING = ["Advising", "Screening", "Instructing", "Leading", "Counting", "OwnPace"]
OVER = (EndedUrgent, NotToday, Left)
SAFE = (Paused, PainHold, EndedUrgent, NotToday, Finished, Left, Idle, Offered, ResumeOffer, Teaching, PaceAsked)
"""States in which nothing goes on; a routine that is over, or has not begun, has nothing to hold."""
SILENT = (Hush(how="now"), Forget(tag=BEAT), Forget(tag=COUNT_END))


def said(intent: Intent, **slots) -> Said:
    return Said(at_s=103.0, intent=intent, slots=slots, text=intent.value)


def nearly(intent: Intent) -> Perhaps:
    return Perhaps(at_s=101.0, intent=intent, text=intent.value)


def is_silent_first(effects) -> bool:
    """Speech and count end before the first word."""
    spoken = [i for i, effect in enumerate(effects) if isinstance(effect, Say)]
    return all(effect in effects for effect in SILENT) and max(map(effects.index, SILENT)) < min(spoken, default=99)


@pytest.fixture(scope="module")
def reached(walked):
    """Every kind of state that a walk through the whole dialogue meets, with its details."""
    return walked.states


def test_no_state_swallows_a_safety_word(reached, library):
    """Each of the five, in each state that can be reached: said, it is silent and held or over; danger is the end."""
    for before in reached:
        for intent in SAFETY:
            after, effects = advance(before, said(intent), library)

            where = (type(before).__name__, intent)
            assert intent in legal(before), where
            assert isinstance(after, SAFE), where
            assert is_silent_first(effects), where
            assert not [effect for effect in effects if isinstance(effect, Beat)], where
            assert isinstance(after, EndedUrgent) or intent not in {Intent.RED_FLAG, Intent.EMERGENCY}, where
    assert {type(state).__name__ for state in reached} == set(STATES)


def test_no_state_swallows_a_doubt_about_safety(reached, library):
    """Nearly heard, it is held with a question, or was held or over before."""
    for before in reached:
        for intent in DOUBTS:
            after, effects = advance(before, nearly(intent), library)

            where = (type(before).__name__, intent, type(after).__name__)
            stays = isinstance(before, (*OVER, AskedBack)) or intent in {Intent.STOP, Intent.PAUSE}
            assert isinstance(after, (AskedBack, *SAFE, Asleep)), where
            assert type(after) is AskedBack or stays, where
            if type(after) is AskedBack and after is not before and not isinstance(before, AskedBack):
                assert replies(effects) == [(DOUBTS[intent], {})], where
                assert is_silent_first(effects), where
                assert after.does is intent, where
            assert place_of(after) is None or place_of(before) is not None, where
            assert not [effect for effect in effects if isinstance(effect, (Beat, Leave, Settle))], where


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("intent", DOUBTS)
def test_a_yes_does_what_the_word_does(state, intent, examples, library):
    """The same kind of state at the same place, by the same sentences, as if it had been heard well."""
    asked, _ = advance(examples[state], nearly(intent), library)
    if type(asked) is not AskedBack or state == "AskedBack":
        return

    after, effects = advance(asked, said(Intent.YES), library)
    plain, wanted = advance(examples[state], said(intent), library)

    assert type(after) is type(plain)
    assert place_of(after) == place_of(plain)
    assert replies(effects) == replies(wanted)
    assert is_silent_first(effects)


@pytest.mark.parametrize("state", MOVING)
@pytest.mark.parametrize("answer", [Intent.NO, Intent.CANCEL])
@pytest.mark.parametrize("intent", DOUBTS)
def test_a_no_goes_on_as_resume_does_and_the_next_doubt_asks_again(state, answer, intent, examples, library):
    """With a count-in after a count. However often it was denied, it holds and asks."""
    before = examples[state]
    for _ in range(3):
        asked, _ = advance(before, nearly(intent), library)
        after, effects = advance(asked, said(answer), library)
        stopped, _ = advance(before, said(Intent.STOP), library)
        resumed, wanted = advance(stopped, said(Intent.RESUME), library)

        assert type(asked) is AskedBack
        assert isinstance(asked.back, Paused)
        assert type(after) is type(resumed)
        assert place_of(after) == place_of(resumed) == place_of(examples[state])
        assert replies(effects) == replies(wanted)
        assert getattr(after, "has_count_in", None) == getattr(resumed, "has_count_in", None)
        before = after


@pytest.mark.parametrize(
    "state", sorted(set(STATES) - {*MOVING, "FeelingAsked", "EndedUrgent", "NotToday", "Left", "AskedBack"})
)
@pytest.mark.parametrize("intent", [Intent.PAIN, Intent.EMERGENCY])
def test_a_no_in_a_wait_leads_back_to_the_wait(state, intent, examples, library):
    """Nothing was going on, so nothing starts; the open question, or the ways to go on, are said."""
    before = examples[state]
    asked, _ = advance(before, nearly(intent), library)
    after, effects = advance(asked, said(Intent.NO), library)

    kind = before.back if state == "Confirm" else before
    base = {"PauseAsked": Paused, "PainAsked": PainHold}.get(state, type(kind))
    assert type(after) is base
    assert place_of(after) == place_of(before)
    assert replies(effects)[0] == ("very_well", {})


def test_a_no_behind_a_question_in_a_count_goes_on_with_the_count(examples, library):
    """A doubt over "start again from one?" drops that question, and keeps the place."""
    far = replace(examples["Counting"], place=replace(examples["Counting"].place, done=(30, 0)))
    confirm, _ = advance(far, said(Intent.RESTART_STEP), library)
    asked, _ = advance(confirm, nearly(Intent.PAIN), library)
    after, effects = advance(asked, said(Intent.NO), library)

    assert place_of(after) == far.place
    assert replies(effects) == [("resuming", {"n": 30})]


@pytest.mark.parametrize("state", MOVING)
@pytest.mark.parametrize("first", DOUBTS)
@pytest.mark.parametrize("second", DOUBTS)
def test_a_second_doubt_asks_nothing_and_a_second_one_of_pain_is_pain(state, first, second, examples, library):
    """It stays held. A person who says twice that it hurts is not asked twice."""
    asked, _ = advance(examples[state], nearly(first), library)
    after, effects = advance(asked, nearly(second), library)
    plain, _ = advance(examples[state], said(Intent.PAIN), library)

    hurts = {Intent.PAIN, Intent.TOO_HARD}
    is_pain = second in hurts and first not in {Intent.RED_FLAG, Intent.EMERGENCY}
    assert type(after) is (type(plain) if is_pain else AskedBack)
    assert place_of(after) == place_of(plain if is_pain else asked)
    assert not set(replies(effects)) & {(reply, ()) for reply in DOUBTS.values()} if not is_pain else True


@pytest.mark.parametrize("state", [*MOVING, "Idle", "ReadyPrompt", "Rating", "Finished", "PainHold"])
def test_silence_never_goes_on_by_itself(state, examples, library):
    """After a doubt about safety it asks if all is well, then keeps the place and ends; after pain it waits on."""
    asked, _ = advance(examples[state], nearly(Intent.PAIN), library)
    last = asked.talk.next_utterance - 1
    _, effects = advance(asked, VoiceEnded(at_s=102.0, utterance=last, is_finished=True), library)
    waits = next(effect.at_s for effect in effects if isinstance(effect, WakeMe) and effect.tag == QUIET) - 102.0

    first, says = advance(asked, Due(at_s=200.0, tag=QUIET), library)
    second, leaves = advance(first, Due(at_s=400.0, tag=QUIET), library)

    assert waits == (20.0 if state == "PainHold" else 60.0)
    assert ("all_right", {}) in replies(says)
    assert isinstance(first, (Paused, PainHold))
    assert isinstance(second, (Left, PainHold))
    assert place_of(second) == (place_of(examples[state]) if state == "PainHold" else None)
    assert bool([one for one in leaves if isinstance(one, Keep)]) == (
        place_of(first) is not None and state != "PainHold"
    )
    _, goodbye = advance(second, Settled(at_s=400.0, is_saved=True), library)
    left = [effect.reason for effect in (*leaves, *goodbye) if isinstance(effect, Leave)]
    assert left == ([] if state == "PainHold" else ["silence"])


def test_asleep_it_is_asked_and_silence_sleeps_on(examples, library):
    """A television is what it sleeps for; a person who is hurt is heard all the same."""
    asked, _ = advance(examples["Asleep"], nearly(Intent.EMERGENCY), library)
    after, _ = advance(asked, Due(at_s=110.0, tag=QUIET), library)
    woken, _ = advance(asked, said(Intent.WAKE), library)

    assert type(asked) is AskedBack
    assert isinstance(after, Asleep)
    assert type(woken) is Paused


@pytest.mark.parametrize("intent", sorted(legal(Paused(talk=None, place=None)) - {Intent.REPEAT}))
def test_every_command_acts_as_in_a_pause(intent, examples, library):
    """Resume, next, stop, pain …: a command that is heard well needs no answer first."""
    asked, _ = advance(examples["Counting"], nearly(Intent.PAIN), library)
    paused, _ = advance(examples["Counting"], said(Intent.STOP), library)

    after, effects = advance(asked, said(intent, number=4, duration=60, side="left"), library)
    plain, wanted = advance(paused, said(intent, number=4, duration=60, side="left"), library)

    assert intent in legal(asked)
    assert type(after) in {type(plain), AskedBack}
    assert place_of(after) == place_of(plain)
    assert replies(effects) == replies(wanted) or intent in {Intent.HELP, Intent.WHAT_HEARD}


@pytest.mark.parametrize("intent", [Intent.HOW_MANY_LEFT, Intent.LOUDER, Intent.WHERE_AM_I])
def test_an_answer_leaves_a_doubt_open(intent, examples, library):
    """A person who asks something else still has not said that nothing hurts."""
    asked, _ = advance(examples["Counting"], nearly(Intent.PAIN), library)
    answered, _ = advance(asked, said(intent), library)
    hurt, _ = advance(answered, said(Intent.YES), library)

    assert type(answered) is AskedBack
    assert type(hurt) is PainHold


def test_more_on_the_sore_side_in_a_count_is_a_doubt_about_pain(examples, library):
    """The table takes it for pain there, so what was nearly heard holds as pain does."""
    for intent, reply in ((Intent.SORER_SIDE, "doubt_pain"), (Intent.LIGHTER, "doubt_pain")):
        asked, effects = advance(examples["Counting"], nearly(intent), library)

        assert type(asked) is AskedBack
        assert replies(effects) == [(reply, {})]


def test_a_fault_and_a_mishearing_leave_it_held(examples, library):
    """The question is asked again when the ear is back; nothing goes on meanwhile."""
    asked, _ = advance(examples["Counting"], nearly(Intent.STOP), library)
    deaf, _ = advance(asked, Failed(at_s=102.0, room="capture", reason="gone"), library)
    back, effects = advance(deaf, Recovered(at_s=103.0, room="capture"), library)
    for _ in range(4):
        back, _ = advance(back, Unsure(at_s=104.0), library)

    assert replies(effects)[-1] == ("doubt_stop", {})
    assert type(back) is AskedBack
    assert place_of(back) == examples["Counting"].place


def test_no_to_ready_is_taken_kindly(examples, library):
    """That is what "not ready" is there: it waits without a limit, and never begins."""
    after, effects = advance(examples["ReadyPrompt"], said(Intent.NO), library)

    assert Intent.NO in legal(examples["ReadyPrompt"])
    assert type(after) is type(examples["ReadyPrompt"])
    assert replies(effects) == [("take_your_time", {})]
