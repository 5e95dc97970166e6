"""One example of every state; and a conversation without sound: a voice that ends, timers that come, a disk."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from functools import partial
from typing import get_args

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.interpret import Interpreter
from assistant.messages import (
    Beat,
    Began,
    Check,
    Due,
    Forget,
    ForgetEverything,
    Hush,
    Intent,
    Keep,
    Leave,
    ListenFor,
    Remember,
    Said,
    Say,
    Settle,
    Settled,
    VoiceBegan,
    VoiceEnded,
    WakeMe,
)
from assistant.respond import states
from assistant.respond.counting import Grid
from assistant.respond.dialogue import advance
from assistant.respond.dialogue_context import Goal
from assistant.respond.gate import Gate
from assistant.respond.hold_questions import asked
from assistant.respond.places import instruction, place_at
from assistant.respond.replies import line
from assistant.respond.states import Opening, State, Talk
from assistant.routine import Library
from tests.fakes.checks import ALL

SENTENCE_S = 2.0


@pytest.fixture(scope="session")
def library(loaded) -> Library:
    """The shipped techniques and routines."""
    return loaded.library


@pytest.fixture(scope="session")
def small(library):
    """Three routines of two techniques."""
    return two_techniques(library)


def two_techniques(library):
    """Return a library with three routines: with a leg step, with nothing else, and with none."""
    steps = {step.technique: step for step in library.routines["full"].steps}
    order = {
        "full": ("gate-of-life", "leg-pinch"),
        "legs": ("leg-pinch",),
        "lower-back": ("gate-of-life",),
    }
    routines = {
        name: library.routines[name].model_copy(update={"steps": tuple(steps[one] for one in techniques)})
        for name, techniques in order.items()
    }
    return library.model_copy(update={"routines": routines})


@pytest.fixture(scope="session")
def interpreter(loaded) -> Interpreter:
    """All phrases, as a session hears them."""
    return Interpreter(loaded.phrases, loaded.pack)


@pytest.fixture(scope="session")
def examples(library: Library) -> dict[str, State]:
    """A state of every kind, by name; with a place, it is at the beginning of a two-sided technique."""
    is_open = Gate(general="open", back="open", legs="open")
    talk = Talk(usual="full", next_utterance=7, checks=dict.fromkeys(ALL, 0.0), gate=is_open)
    place = place_at(library, "full", 1)
    lines = instruction(library, place, talk)
    goal = Goal(routine="full", steps=place.steps)
    questions = tuple(question.id for question in library.screening.questions)
    paused = states.Paused(talk=talk, place=place, is_in_count=True)
    made = [
        states.Opening(talk=talk),
        states.Advising(talk=talk, awaiting=6),
        states.Teaching(talk=talk, after=states.Advising(talk=talk, awaiting=6)),
        states.PaceAsked(talk=talk, after=states.Advising(talk=talk, awaiting=6, routine="legs")),
        states.Idle(talk=talk),
        states.Offered(talk=talk, routine="legs"),
        states.ResumeOffer(talk=talk, left=place),
        states.Screening(talk=talk, goal=goal, questions=questions, awaiting=6, is_open=True, is_cued=False),
        states.Rating(talk=talk, routine="full"),
        states.Instructing(talk=talk, place=place, lines=lines, first_utterance=7),
        states.ReadyPrompt(talk=talk, place=place),
        states.Locating(talk=talk, place=place, clue=0),
        states.Leading(talk=talk, place=place, awaiting=6, has_count_in=False),
        states.Counting(talk=talk, place=place, grid=Grid(start_s=100.0, base=1, period_s=place.period_s)),
        states.FeelingAsked(talk=talk, place=replace(place, done=place.plan, side=1)),
        states.OwnPace(talk=talk, place=place),
        paused,
        asked(paused),
        states.PainHold(talk=talk, place=place),
        states.PainAsked(talk=talk, place=place),
        states.Confirm(talk=talk, back=paused, does=Intent.RESTART_STEP),
        states.AskedBack(talk=talk, back=paused, does=Intent.STOP, text="stop", goes_on=True),
        states.Asleep(talk=talk, back=paused),
        states.EndedUrgent(talk=replace(talk, last=(line("stop_now"), line("call")))),
        states.NotToday(talk=replace(talk, last=(line("no_answer"), line("not_today")))),
        states.Finished(talk=talk, routine="full"),
        states.Left(talk=talk),
    ]
    return {type(state).__name__: state for state in made}


class Talker:
    """A session on `advance` alone. `tell` performs the effects; `on_step` sees every event with what came of it."""

    def __init__(self, library, interpreter, on_step=None):
        self.library, self.interpreter, self.on_step = library, interpreter, on_step
        self.saved, self.facts, self.memory = None, [], {}

    def begin(self, **values):
        """A new start, with what is on disk."""
        self.state, self.now_s, self.left = Opening(), 0.0, None
        self.timers, self.speaking, self.beats, self.legal = {}, deque(), {}, frozenset()
        self.ends_s = 0.0
        self.interpreter.begin()  # as in a session of its own: what was heard in the one before is no talk before it
        known = {
            "checks": self.memory,
            "is_first_session": "expert_advice_heard" not in self.facts,
            "saved": self.saved,
            "usual": "full",
        }
        self.began = Began(at_s=0.0, **{**known, **values})
        self.memory = dict(self.began.checks)
        self.tell(self.began)

    def tell(self, event):
        """One event, its effects, and the ends of the sentences that were cut by them."""
        before = self.state
        self.state, effects = advance(before, event, self.library)
        cut = []
        for effect in effects:
            cut += self.perform(effect)
        if self.on_step:
            self.on_step(before, event, effects, self.state)
        for utterance in cut:
            self.tell(VoiceEnded(at_s=self.now_s, utterance=utterance, is_finished=False))
        if any(isinstance(effect, Settle) for effect in effects):
            self.tell(Settled(at_s=self.now_s, is_saved=True))
        return effects

    def perform(self, effect):  # noqa: C901 - one case for each effect
        match effect:
            case Say(utterance=utterance):
                if not self.speaking:
                    self.ends_s = self.now_s + SENTENCE_S
                self.speaking.append(utterance)
            case Hush(how="now"):
                cut = list(self.speaking)
                self.speaking.clear()
                self.beats.clear()
                return cut
            case Beat(n=n, at_s=at_s):
                self.beats[n] = at_s
            case WakeMe(at_s=at_s, tag=tag):
                self.timers[tag] = at_s
            case Forget(tag=tag):
                self.timers.pop(tag, None)
            case ListenFor(intents=intents):
                self.legal = intents
            case Keep(saved=saved):
                self.saved = saved
            case Remember(fact=fact):
                self.facts.append(fact)
                self.note(fact)
            case ForgetEverything():
                self.saved, self.facts, self.memory = None, [], {}
            case Leave(reason=reason):
                self.left = reason
        return []

    def note(self, fact):
        """Facts as the journal would have them of the safety questions."""
        if fact == "screening_failed":
            self.memory = {one: age_s for one, age_s in self.memory.items() if one.startswith("doctor")}
        elif fact in get_args(Check):
            self.memory[fact] = 0.0

    def hear(self, heard):
        """Understood in the present state; every event is told in order."""
        for event in self.interpreter.understand(heard, self.legal, self.now_s):
            self.tell(event)

    def say(self, text):
        """In words, as the ear hears them: understood, known but not now, or not understood."""
        self.now_s += 0.01
        self.hear(heard_from_line(text, self.now_s))

    def nearly_say(self, text):
        """Not clear enough to be obeyed, by a little."""
        self.now_s += 0.01
        heard = replace(heard_from_line(text, self.now_s), is_sure=False, spare=-0.5)
        self.hear(heard)

    def say_slowly(self, so_far, whole):
        """The beginning of an utterance is heard, and acts if it may, before the whole of it is."""
        began_s = self.now_s
        for text, is_final in ((so_far, False), (whole, True)):
            self.now_s += 0.3
            heard = replace(heard_from_line(text, began_s), is_final=is_final)
            self.hear(heard)

    def want(self, intent, text="", **slots):
        """By intent, if it is legal."""
        self.now_s += 0.01
        self.tell(Said(at_s=self.now_s, intent=intent, text=text or intent.value, slots=slots))

    def next_s(self):
        """Return the time of the next timed event, or None."""
        times = [*self.timers.values(), *([self.ends_s] if self.speaking else [])]
        return min(times, default=None)

    def step(self):
        """Let the next thing happen: a sentence ends, or a time comes; a number that is due sounds."""
        at_s = self.next_s()
        if at_s is None or self.is_over:
            return False
        self.now_s = max(self.now_s, at_s)
        tag = min(self.timers, key=self.timers.get, default=None)
        if self.speaking and self.ends_s <= at_s:
            utterance = self.speaking.popleft()
            self.ends_s = self.now_s + SENTENCE_S
            self.tell(VoiceEnded(at_s=self.now_s, utterance=utterance, is_finished=True))
            if self.speaking:
                self.tell(VoiceBegan(at_s=self.now_s, utterance=self.speaking[0]))
        else:
            del self.timers[tag]
            for n in [n for n, due_s in self.beats.items() if due_s <= at_s]:
                del self.beats[n]
            self.tell(Due(at_s=at_s, tag=tag))
        return True

    @property
    def is_over(self):
        """The program has ended: it left, and the last word has sounded."""
        return self.left is not None and not self.speaking

    def hear_out(self):
        """Until nothing is being said any more."""
        while self.speaking:
            self.step()


@pytest.fixture
def talker(library, interpreter):
    """Makes conversations."""
    return partial(Talker, library, interpreter)
