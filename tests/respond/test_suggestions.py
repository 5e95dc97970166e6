"""What a prompt suggests can be said: every “phrase” in double quotes is heard in the state in which it is spoken."""

from __future__ import annotations

import re
from functools import cache

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.interpret.match import Matcher
from assistant.messages import Due, Failed, Intent, NotNow, Recovered, Said, Say, Unsure, VoiceEnded
from assistant.respond.dialogue import advance
from assistant.respond.silence import QUIET
from assistant.respond.transitions import TABLE, legal
from assistant.speak.wording import Wording

QUOTED = re.compile("“([^”]*)”")
SLOTS = {
    Intent.GO_TO: {"number": 3},
    Intent.START_ROUTINE: {"routine": "legs"},
    Intent.PICK_SIDE: {"side": "left"},
    Intent.SORER_SIDE: {"side": "left"},
    Intent.WAIT_FOR: {"duration": 60},
    Intent.SHORT_SESSION: {"duration": 600},
    Intent.RATE_PAIN: {"number": 4},
}


def reactions(state, library):
    """What the dialogue says, and the state it is then in, for every event that may come."""
    said = [Said(at_s=1.0, intent=intent, slots=SLOTS.get(intent, {}), text="no") for intent in Intent]
    rooms = ("capture", "decode", "speak", "voice", "journal")
    others = [
        *(Failed(at_s=1.0, room=room, reason="gone") for room in rooms),
        *(Recovered(at_s=1.0, room=room) for room in rooms),
        NotNow(at_s=1.0, intent=Intent.GO_TO),
        Due(at_s=1.0, tag=QUIET),
    ]
    for event in (*said, *others):
        yield advance(state, event, library)
    missed = state
    for _ in range(3):
        missed, effects = advance(missed, Unsure(at_s=1.0), library)
        yield missed, effects
    helped = state
    for _ in range(2):
        helped, effects = advance(helped, Said(at_s=1.0, intent=Intent.HELP), library)
        yield helped, effects


@pytest.fixture(scope="module")
def suggested(shelf, examples):
    """(phrase, state's name, its legal intents) of everything that is suggested anywhere."""
    wording, found = Wording(shelf.pack), set()
    for state in examples.values():
        for after, effects in reactions(state, shelf.library):
            says = [effect for effect in effects if isinstance(effect, Say)]
            heard = after
            for say in says:  # an instruction's own end opens the ready question
                heard, _ = advance(
                    heard, VoiceEnded(at_s=2.0, utterance=say.utterance, is_finished=True), shelf.library
                )
            now = legal(after) | (legal(heard) if type(after).__name__ == "Instructing" else frozenset())
            for say in says:
                for phrase in QUOTED.findall(wording.sentence(say)):
                    found.add((phrase.lower(), type(after).__name__, now))
    return found


def test_there_is_something_to_test(suggested):
    """Suggestions are made in nearly every state."""
    assert len({name for _, name, _ in suggested}) >= len(TABLE) - 3


def test_every_suggested_phrase_is_heard_where_it_is_suggested(suggested, shelf):
    """As a whole phrase, with an intent that is legal there."""
    matcher = Matcher(shelf.phrases, shelf.pack.skip_words, shelf.pack.numbers)

    @cache
    def meaning(phrase, now):
        return matcher.understand(heard_from_line(phrase, 0.0), now, 0.0)

    unheard = {(phrase, name) for phrase, name, now in suggested if not isinstance(meaning(phrase, now), Said)}

    assert unheard == set()


def test_techniques_suggest_only_what_is_heard(shelf):
    """A technique's own sentences are spoken while it is taught: "say done" stands there in quotes, and works."""
    texts = [text for one in shelf.library.techniques.values() for text in one.words["en"].texts().values()]
    phrases = {phrase.lower() for text in texts for phrase in QUOTED.findall(text)}
    known = {phrase.text for phrase in shelf.phrases}

    assert phrases <= known
    assert [text for text in texts if re.search(r"\bsay (?!“)", text)] == []
