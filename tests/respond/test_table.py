"""Every state × every intent, read off the table."""

from __future__ import annotations

import pytest

from assistant.messages import SAFETY, Forget, Hush, Intent, NotNow, Said, Say, Unsure
from assistant.respond.counting import BEAT
from assistant.respond.dialogue import advance
from assistant.respond.states import Counting, Instructing, Leading, PainHold, Paused
from assistant.respond.telling import line
from assistant.respond.transitions import STATE_NAMES, TABLE, legal, legal_in
from assistant.speak.wording import needs

SLOTS = {
    Intent.GO_TO: {"number": 3},
    Intent.START_ROUTINE: {"routine": "evening"},
    Intent.MORE_REPS: {"number": 5},
    Intent.FEWER_REPS: {"number": 12},
}
STATES = [kind.__name__ for kind in TABLE]
PAIRS = [(state, intent) for state in STATES for intent in Intent]
REFUSED = [(kind.__name__, intent) for kind, row in TABLE.items() for intent in Intent if intent not in row]
ADVANCING = (Instructing, Leading, Counting)


def said(intent: Intent, at_s: float = 101.0) -> Said:
    return Said(at_s=at_s, intent=intent, slots=SLOTS.get(intent, {}))


@pytest.mark.parametrize(("state", "intent"), PAIRS)
def test_every_pair_gives_an_answer_in_words_that_exist(state, intent, examples, library, shelf):
    """No utterance raises, and every reply has a sentence for which all values are given."""
    _, effects = advance(examples[state], said(intent), library)

    for effect in effects:
        if isinstance(effect, Say):
            assert needs(effect.values, shelf.pack.replies[effect.reply]) == frozenset()


@pytest.mark.parametrize(("state", "intent"), REFUSED)
def test_what_is_not_in_the_row_changes_nothing_but_words(state, intent, examples, library):
    """A refusal may speak; it moves nobody."""
    before = examples[state]

    after, _ = advance(before, said(intent), library)

    assert type(after) is type(before)
    assert getattr(after, "place", None) == getattr(before, "place", None)


@pytest.mark.parametrize("state", [name for name in STATES if name != "Opening"])
@pytest.mark.parametrize("intent", sorted(SAFETY))
def test_safety_words_are_legal_everywhere_and_silence_in_one_step(state, intent, examples, library):
    """Stop, pain and danger cut speech and count at once, in every state."""
    after, effects = advance(examples[state], said(intent), library)

    assert intent in legal(examples[state])
    assert Hush(how="now") in effects
    assert Forget(tag=BEAT) in effects
    assert not isinstance(after, ADVANCING)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("times", [1, 2, 5])
def test_unknown_speech_never_moves_anybody(state, times, examples, library):
    """However often the television speaks, the state stays the same kind at the same place."""
    after = examples[state]
    for _ in range(times):
        after, _ = advance(after, Unsure(at_s=1.0, best="next"), library)

    assert type(after) is type(examples[state])
    assert getattr(after, "place", None) == getattr(examples[state], "place", None)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("intent", list(Intent))
def test_known_but_not_now_moves_nobody(state, intent, examples, library):
    """What the ear knew but the state refuses gets an answer at most."""
    after, _ = advance(examples[state], NotNow(at_s=1.0, intent=intent), library)

    assert type(after) is type(examples[state])


def test_a_red_flag_is_never_followed_by_a_way_back(examples):
    """After a red flag nothing that resumes, starts or counts is legal."""
    gone_on = {Intent.RESUME, Intent.READY, Intent.START_ROUTINE, Intent.NEXT, Intent.YES, Intent.GO_TO}

    assert not gone_on & legal(examples["EndedUrgent"])


def test_bare_yes_and_no_are_not_heard_while_counting(examples):
    """Our own count and a talk next door are full of them."""
    assert not {Intent.YES, Intent.NO, Intent.READY} & legal(examples["Counting"])


def test_states_can_be_asked_for_by_name():
    """`tuina hear --state counting` reads the same table."""
    assert legal_in("counting") == frozenset(TABLE[STATE_NAMES["counting"]])
    assert len(STATE_NAMES) == len(TABLE)


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

    assert isinstance(state, PainHold)
    assert not state.is_asked
    assert line("pain_again").reply in {effect.reply for effect in effects if isinstance(effect, Say)}
