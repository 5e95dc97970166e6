"""A command that was nearly heard: asked about once, where the guide waits for the person; elsewhere unknown speech."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.messages import (
    Due,
    Forget,
    Hush,
    Intent,
    Leave,
    ListenFor,
    Perhaps,
    Said,
    Say,
    Settle,
    Sound,
    Unsure,
    WakeMe,
)
from assistant.respond.asking_back import DOUBTS
from assistant.respond.dialogue import GET_READY, advance
from assistant.respond.holds import REST
from assistant.respond.places import place_of
from assistant.respond.replies import line
from assistant.respond.silence import QUIET
from assistant.respond.states import AskedBack, Confirm, Counting, Leading, Left, PainHold, PauseAsked, Paused
from assistant.respond.transitions import TABLE, legal
from assistant.speak.wording import Wording, placeholders
from tests.fakes.every_intent import SLOTS, replies

STATES = [kind.__name__ for kind in TABLE]
WAITING = [
    *("Teaching", "PaceAsked", "Idle", "Offered", "ResumeOffer", "Rating", "ReadyPrompt", "Locating"),
    *("Paused", "PauseAsked", "PainHold", "Finished"),
]
AT_A_STEP = ["Instructing", "ReadyPrompt", "Locating", "Leading", "Counting", "FeelingAsked", "OwnPace", "Paused"]
OTHERS = sorted(set(Intent) - set(DOUBTS) - {Intent.YES, Intent.NO, Intent.MAYBE})


def said(intent: Intent, **slots) -> Said:
    return Said(at_s=103.0, intent=intent, slots=slots, text=intent.value)


def nearly(intent: Intent, **slots) -> Perhaps:
    return Perhaps(at_s=101.0, intent=intent, slots=slots, text="quit")


def is_asked(state: str, before, intent: Intent) -> bool:
    """The rule in one place: any legal command in a wait; at one's own pace, what ends it; yes and no never."""
    if intent in {Intent.YES, Intent.NO} or intent not in legal(before):
        return False
    own = {Intent.DONE, Intent.END_SESSION, Intent.SORER_SIDE, Intent.LIGHTER, Intent.WAIT_FOR}
    held = {Intent.SORER_SIDE, Intent.LIGHTER, Intent.WAIT_FOR} if state in {"Counting", "Leading"} else set()
    if state == "Screening":
        held = {Intent.WAIT_FOR}
    if state in {"Instructing", "FeelingAsked"}:
        held = {Intent.LIGHTER, Intent.WAIT_FOR}
    return state in WAITING or intent in held or (state == "OwnPace" and intent in own)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("intent", OTHERS)
def test_a_command_that_was_nearly_heard_is_asked_about_or_is_unknown_speech(state, intent, examples, library):
    """In every state: it moves nobody and ends nothing; where it is not asked about, it is like any mishearing."""
    before = examples[state]

    after, effects = advance(before, nearly(intent, **SLOTS.get(intent, ({},))[0]), library)

    asked = is_asked(state, before, intent)
    if (state, intent) == ("NotToday", Intent.DOCTOR_AGREED):  # who hopes to go on is told again why not
        assert [reply for reply, _ in replies(effects)] == [one.reply for one in before.talk.last]
        return
    assert type(after) is (AskedBack if asked else type(before))
    assert place_of(after) == place_of(before)
    assert not [effect for effect in effects if isinstance(effect, (Leave, Settle))]
    assert asked or (after, effects) == advance(before, Unsure(at_s=101.0), library)
    assert not asked or len(replies(effects)) == 1


@pytest.mark.parametrize("state", sorted({*STATES} - {"Screening"}))  # it asks its question again: test_screening.py
@pytest.mark.parametrize("intent", [Intent.YES, Intent.NO])
def test_a_yes_that_was_nearly_heard_answers_nothing_and_is_not_asked_about(state, intent, examples, library):
    """A question about an answer would need an answer itself."""
    before = examples[state]

    assert advance(before, nearly(intent), library) == advance(before, Unsure(at_s=101.0), library)


@pytest.mark.parametrize("state", WAITING)
def test_a_yes_does_what_was_meant_as_if_it_had_been_heard_well(state, examples, library):
    """With its slots: the same state, by the same words."""
    before = examples[state]
    unasked, _ = advance(before, said(Intent.PAUSE), library) if state == "PauseAsked" else (before, ())
    for intent in (set(OTHERS) - {Intent.REPEAT, Intent.WHAT_HEARD}) & legal(before):
        for slots in SLOTS.get(intent, ({},)):
            asked, _ = advance(before, nearly(intent, **slots), library)
            after, effects = advance(asked, said(Intent.YES), library)
            plain, wanted = advance(unasked, replace(said(intent), slots=slots), library)

            is_without_time = intent is Intent.WAIT_FOR and not slots
            assert is_without_time or (type(after), place_of(after)) == (type(plain), place_of(plain)), intent
            assert is_without_time or replies(effects) == replies(wanted), intent


@pytest.mark.parametrize("state", WAITING)
@pytest.mark.parametrize("answer", [Intent.NO, Intent.CANCEL, None], ids=["no", "never mind", "silence"])
def test_no_and_silence_lead_back_to_where_it_was(state, answer, examples, library):
    """A pause without its question. The next near miss is not asked about, before something is understood."""
    before = examples[state]
    asked, _ = advance(before, nearly(Intent.END_SESSION) if state != "Rating" else nearly(Intent.NEXT), library)

    event = Due(at_s=110.0, tag=QUIET) if answer is None else said(answer)
    after, effects = advance(asked, event, library)
    again, noise = advance(after, nearly(Intent.END_SESSION), library)
    known, _ = advance(again, said(Intent.LOUDER), library)
    anew, _ = advance(known, nearly(Intent.END_SESSION), library)

    assert type(after) is type(again) is (Paused if isinstance(before, Paused) else type(before))
    assert place_of(after) == place_of(before)
    assert not [effect for effect in effects if isinstance(effect, (Leave, Settle))]
    assert ("very_well", {}) in replies(effects) or answer is None
    assert not [effect for effect in noise if isinstance(effect, Say)]
    assert Sound(earcon="not_understood") in noise or isinstance(after, (Paused, type(examples["Finished"])))
    assert type(anew) is AskedBack


@pytest.mark.parametrize("state", WAITING)
def test_another_command_acts_as_if_nothing_had_been_asked(state, examples, library):
    """The ear listens for everything that is legal behind the question, and for its answers."""
    before = examples[state]
    asked, effects = advance(before, nearly(Intent.NEXT if state == "Rating" else Intent.END_SESSION), library)
    held, _ = advance(before, said(Intent.PAUSE), library) if state == "PauseAsked" else (before, ())

    assert legal(asked) == legal(held) | {Intent.YES, Intent.NO, Intent.CANCEL}
    assert ListenFor(intents=legal(asked)) in effects
    kept = {Intent.YES, Intent.NO, Intent.CANCEL, Intent.REPEAT, Intent.LOUDER, Intent.QUIETER, Intent.HELP}
    kept |= {Intent.WHAT_HEARD}  # it tells what was nearly heard
    for intent in legal(held) - kept:
        for slots in SLOTS.get(intent, ({},)):
            after, does = advance(asked, said(intent, **slots), library)
            plain, wanted = advance(held, said(intent, **slots), library)

            assert type(after) is type(plain) or intent is Intent.END_SESSION, intent
            assert (place_of(after), replies(does)) == (place_of(plain), replies(wanted)), intent


def test_an_open_question_is_the_only_one(examples, library):
    """Another near miss, a mishearing and louder leave it open; it is not asked twice."""
    asked, _ = advance(examples["Idle"], nearly(Intent.END_SESSION), library)

    again, effects = advance(asked, nearly(Intent.LIST_ROUTINES), library)
    unsure, _ = advance(asked, Unsure(at_s=102.0), library)
    louder, _ = advance(asked, said(Intent.LOUDER), library)
    ended, leaves = advance(louder, said(Intent.YES), library)

    assert type(again) is type(unsure) is type(louder) is AskedBack
    assert replies(effects) == []
    assert again.does is Intent.END_SESSION
    assert [effect.reason for effect in leaves if isinstance(effect, Leave)] == ["asked"]
    assert type(ended) is Left


def test_a_costly_command_is_confirmed_even_after_it_was_meant(examples, library):
    """A yes to "did you mean, forget everything" leads to the question that always comes."""
    asked, _ = advance(examples["Idle"], nearly(Intent.FORGET_ME), library)
    after, effects = advance(asked, said(Intent.YES), library)

    assert type(after) is Confirm
    assert replies(effects) == [("really_forget", {})]


def test_who_is_asked_is_not_in_position_yet(examples, library):
    """A count that would begin by itself waits for a word."""
    _, effects = advance(examples["ReadyPrompt"], nearly(Intent.END_SESSION), library)

    assert Forget(tag=GET_READY) in effects


@pytest.mark.parametrize("answer", [Intent.NO, None])
def test_repeat_says_what_it_said_before_the_question(answer, examples, library):
    """The instruction, not "All right"."""
    ready = examples["ReadyPrompt"]
    before = replace(ready, talk=replace(ready.talk, last=(line("that_is_all"), line("say_ready"))))
    asked, _ = advance(before, nearly(Intent.NEXT), library)
    after, _ = advance(asked, said(answer) if answer else Due(at_s=110.0, tag=QUIET), library)
    _, plain = advance(before, said(Intent.REPEAT), library)
    _, repeated = advance(after, said(Intent.REPEAT), library)
    _, question = advance(asked, said(Intent.REPEAT), library)

    assert replies(repeated) == replies(plain)
    assert replies(question) == [("mean_next", {})]


def test_what_was_meant_can_be_undone(examples, library):
    """A next that was asked about is taken back as one that was said."""
    asked, _ = advance(examples["ReadyPrompt"], nearly(Intent.NEXT), library)
    moved, _ = advance(asked, said(Intent.YES), library)
    back, _ = advance(moved, said(Intent.UNDO), library)

    assert place_of(moved) != place_of(examples["ReadyPrompt"]) == place_of(back)


def test_every_command_has_a_question_of_its_own(examples, library, loaded):
    """In words that exist, with the values that they need, for every example of the grammar and every length."""
    wording, asked = Wording(loaded.pack), set()
    for name in WAITING:
        for intent in set(OTHERS) & legal(examples[name]):
            for example in loaded.pack.commands[intent].examples:
                _, effects = advance(examples[name], nearly(intent, **example.slots), library)
                says = [effect for effect in effects if isinstance(effect, Say)]
                assert len(says) == 1
                assert placeholders(loaded.pack.replies[says[0].reply]) <= says[0].values.keys()
                asked.add(wording.sentence(says[0]))

    assert {"Did you mean, wait two minutes?", "Did you mean, go to gate of life?", "Did you mean, four?"} <= asked
    assert [text for text in asked if not (text.startswith("Did you mean, ") and text.endswith("?"))] == []
    assert len(asked) > 60


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "thirty seconds"),
        (60, "one minute"),
        (90, "ninety seconds"),
        (150, "two minutes and thirty seconds"),
        (720, "twelve minutes"),
        (5400, "ninety minutes"),
    ],
)
def test_a_rest_says_its_time(seconds, words, examples, library, loaded):
    """Any number of seconds; a mishearing is noticed. It ends when it should, and nothing asks in between."""
    resting, effects = advance(examples["Counting"], said(Intent.WAIT_FOR, duration=seconds), library)
    says = [Wording(loaded.pack).sentence(effect) for effect in effects if isinstance(effect, Say)]
    _, quiet = advance(resting, Due(at_s=104.0, tag=QUIET), library)
    over, asks = advance(resting, Due(at_s=103.0 + seconds, tag=REST), library)

    assert says == [f"I wait {words}.", "Say “resume” to go on."]
    assert WakeMe(at_s=103.0 + seconds, tag=REST) in effects
    assert quiet == ()
    assert (type(over), replies(asks)) == (PauseAsked, [("rest_over", {}), ("say_ready_to_go_on", {})])


@pytest.mark.parametrize(
    "state", ["Instructing", "ReadyPrompt", "Locating", "Leading", "Counting", "OwnPace", "Paused"]
)
@pytest.mark.parametrize("kind", [Perhaps, Said])
def test_a_rest_without_a_time_is_a_pause_that_asks_for_it(state, kind, examples, library):
    """A number that was not understood is asked for, never replaced; the answer is a rest, all else finds a pause."""
    held, effects = advance(examples[state], kind(at_s=101.0, intent=Intent.WAIT_FOR, text="wait minutes"), library)
    resting, told = advance(held, said(Intent.WAIT_FOR, duration=660), library)
    stray, _ = advance(held, said(Intent.YES), library)

    assert type(held) is type(stray) is type(resting) is Paused
    assert held.place == examples[state].place
    assert Hush(how="now") in effects
    assert replies(effects) == [("how_many_minutes", {})]
    assert replies(told)[0] == ("waits_minutes", {"minutes": 11})


def test_a_rest_goes_on_behind_a_question(examples, library):
    """Words that are nearly heard meanwhile do not make it endless."""
    resting, _ = advance(examples["Counting"], said(Intent.WAIT_FOR, duration=600), library)
    asked, _ = advance(resting, nearly(Intent.NEXT), library)
    after, effects = advance(asked, said(Intent.NO), library)

    assert type(after) is Paused
    assert WakeMe(at_s=703.0, tag=REST) in effects


@pytest.mark.parametrize("answer", [Intent.YES, Intent.NO])
def test_a_rest_that_was_nearly_heard_in_a_count_holds_and_asks(answer, examples, library):
    """It is a pause too: going on would press somebody who asked for a rest."""
    asked, effects = advance(examples["Counting"], nearly(Intent.WAIT_FOR, duration=720), library)
    after, _ = advance(asked, said(answer), library)

    assert Hush(how="now") in effects
    assert replies(effects) == [("mean_wait_for_minutes", {"minutes": 12})]
    assert type(after) is (Paused if answer is Intent.YES else Leading)


def test_while_counting_nothing_but_holding_is_asked(examples, library):
    """The count goes on as if nothing had been said."""
    for intent in set(OTHERS) - {Intent.WAIT_FOR, Intent.SORER_SIDE, Intent.LIGHTER}:
        assert advance(examples["Counting"], nearly(intent), library) == (examples["Counting"], ())
    assert isinstance(examples["Counting"], Counting)


def test_a_pain_hold_is_asked_about_but_not_its_own_question(examples, library):
    """The question about the pain stays the only one."""
    hold, _ = advance(examples["PainHold"], nearly(Intent.NEXT), library)
    asked, _ = advance(examples["PainAsked"], nearly(Intent.NEXT), library)

    assert type(hold) is AskedBack
    assert isinstance(hold.back, PainHold)
    assert type(asked) is type(examples["PainAsked"])
