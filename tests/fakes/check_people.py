"""People with every set of answers to the safety questions, who speak in every way, on every kind of day.

    python -m tests.fakes.check_people

The conversations run on the dialogue and the interpreter alone, with two techniques, one of which works on the legs.
The command has all 128 sets in each way on each day, in minutes, and prints the counts; the tests a part of them
(tests/respond/test_check_sets.py).
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import assistant
from assistant.messages import Intent, Said, Say, Slept
from assistant.respond.places import place_of
from assistant.respond.states import Counting, Screening
from assistant.screening import ENDS_IT
from assistant.wire import build
from tests.fakes.checks import CHECKS

QUESTIONS = ("nerves", "chest-accident", "unwell", "bones-blood", "clot", "legs", "skin")
SETS = [dict(zip(QUESTIONS, given, strict=True)) for given in product((False, True), repeat=len(QUESTIONS))]
LEGS = ("clot", "legs")
EMERGENCIES = ("nerves", "chest-accident")
LINES = ["stop_now", "urgent", "cannot_call", "call"]
WAYS = {  # what is said for a no and for a yes; None: nothing is said
    "plain": ("no", "yes"),
    "in own words": ("none of these", "yes, the second one"),
    "yeah": ("nope, none", "yeah"),
    "maybe": ("not that i know of", "maybe"),
    "i think so": ("no i don't", "i think so"),
    "silence": ("no", None),
    "no clear answer": ("nothing like that", "no, but the last one"),
    "corrected": ("yes", "no"),
    "told": ("no", "what it is"),
    "told early": ("none of these", "what it is"),
    "too late": ("no", "no"),  # the truth comes in the first count
}
FACTS = {  # what it is, in own words, for a yes
    "nerves": "i have trouble walking",
    "chest-accident": "yes, chest pain",
    "unwell": "i have a fever",
    "bones-blood": "i take blood thinners",
    "clot": "my left leg is swollen",
    "legs": "yes i'm pregnant",
    "skin": "i have eczema on my back",
}
TAKES_BACK = {"yes": "no, i meant no", "no": "wait, i meant yes"}
MOST_EXCHANGES = 60


class Person:
    """Somebody of whom some questions are true, with a way of speaking."""

    def __init__(self, talker, truth, way):
        self.talker, self.way, self.asked, self.said = talker, way, set(), []
        self.truth = {**truth, "since": any(truth.values())}
        self.corrected = set()

    def answers(self):
        """Answer until the check is over; a corrected answer is taken back in the next words."""
        for _ in range(MOST_EXCHANGES):
            state = self.talker.state
            if not isinstance(state, Screening):
                return
            self.talker.hear_out()
            self.answer(self.talker.state.questions[0])
        raise AssertionError(self.talker.state)

    def regrets(self):
        """Take a no back that was no truth, as soon as something is counted, and answer as it is."""
        if self.way != "too late" or not any(self.truth[one] for one in self.asked):
            return
        for _ in range(MOST_EXCHANGES):
            if place_of(self.talker.state) is None or isinstance(self.talker.state, Counting):
                break
            self.talker.hear_out()
            self.talker.say("ready")
        if isinstance(self.talker.state, Counting):
            self.way = "plain"
            self.talker.say(TAKES_BACK["no"])
            assert isinstance(self.talker.state, Screening), self.talker.state
            self.answers()

    def answer(self, question):
        if self.way == "told early" and not self.asked and any(self.truth.values()):
            question = [one for one in FACTS if self.truth[one]][-1]  # not the one that is open
        self.asked.add(question)
        text = WAYS[self.way][self.truth[question]]
        if text == "what it is":
            question = question if question in FACTS else next(one for one in FACTS if self.truth[one])
            self.asked.add(question)
            text = FACTS[question]
        if self.way == "corrected" and question in self.corrected:
            text = {"yes": "no", "no": "yes"}[text]
        if text is None:
            self.be_silent(question)
            return
        self.talker.say(text)
        if self.way == "corrected" and question not in self.corrected:
            self.corrected.add(question)
            self.talker.say(TAKES_BACK[text])

    def be_silent(self, question):
        """Until the question is left, or was asked for long enough."""
        for _ in range(MOST_EXCHANGES):
            state = self.talker.state
            if not isinstance(state, Screening) or state.questions[0] != question or not self.talker.step():
                return


def meet(talker, small, truth, way):
    """Return a person, and the replies that are spoken."""
    replies = []

    def hears(_before, _event, effects, _after):
        replies.extend(effect.reply for effect in effects if isinstance(effect, Say))

    made = talker(hears)
    made.library = small
    made.facts.append("expert_advice_heard")
    return Person(made, truth, way), replies


def start(person, routine="evening"):
    person.talker.hear_out()
    person.talker.tell(
        Said(at_s=person.talker.now_s, intent=Intent.START_ROUTINE, slots={"routine": routine}, text="start")
    )


def ages(name, routine="evening"):
    """Start a routine with what was passed before."""

    def begin(person):
        person.talker.begin(checks=CHECKS[name])
        start(person, routine)

    return begin


def forgets(person):
    person.talker.begin(checks=CHECKS["passed"])
    for text in ("forget me", "yes"):
        person.talker.hear_out()
        person.talker.say(text)
    start(person)


def sleeps(person):
    person.talker.begin(checks=CHECKS["passed"])
    start(person)
    person.talker.hear_out()
    person.talker.say("pause")
    person.talker.tell(Slept(at_s=person.talker.now_s, seconds=90_000.0))
    person.talker.hear_out()
    person.talker.say("resume")


def crashes(person):
    person.talker.begin(checks={})
    start(person)
    person.talker.hear_out()
    person.talker.say("no" if not person.truth["nerves"] else "pause")
    person.talker.begin()
    start(person)


DAYS = {
    "never": ages("never"),
    "a day": ages("old"),
    "thirty days": ages("older"),
    "clock set back": ages("set_back"),
    "new area": ages("passed_back"),
    "new area, the back": ages("passed_legs", "lower back"),
    "forget me": forgets,
    "sleep": sleeps,
    "a crash in the check": crashes,
}


def forbidden(person, library):
    """Return everything reached that an answer forbids."""
    place = place_of(person.talker.state)
    if place is None:
        return []
    steps = library.routines[place.routine].steps
    legs = [library.techniques[steps[step].technique].works_on_leg for step in place.steps]
    verdicts = {question.id: question.if_yes for question in library.screening.questions}
    ends = [one for one in person.asked if one != "since" and person.truth[one] and verdicts[one] in ENDS_IT]
    return [*ends, *(one for one in LEGS if person.truth[one] and any(legs))]


def missing(person, replies):
    """Return the emergency lines that somebody was not read who was asked about an emergency, and is in one."""
    is_one = any(person.truth[one] for one in EMERGENCIES) and {*EMERGENCIES, "since"} & person.asked
    if not is_one:
        return []
    return [one for one in LINES if one not in replies]


class Swept(NamedTuple):
    """The end of many conversations."""

    conversations: int
    reached: list
    """Truths, and what was reached although they forbid it."""
    silent: list
    """Truths, and an emergency line that was not read."""
    ends: set
    """The states in which they ended."""
    asked: set
    """The questions that were asked of anybody."""


def sweep(talker, small, way, day, sets=SETS):
    """Let people with these sets of truths come on such a day."""
    reached, silent, ends, asked = [], [], set(), set()
    for truth in sets:
        person, replies = meet(talker, small, truth, way)
        DAYS[day](person)
        person.answers()
        person.regrets()
        reached += [(truth, one) for one in forbidden(person, small)]
        silent += [(truth, one) for one in missing(person, replies)]
        ends.add(type(person.talker.state).__name__)
        asked |= person.asked
    return Swept(len(sets), reached, silent, ends, asked)


def main():
    """Sweep everything, and print the counts."""
    from tests.respond.conftest import Talker, two_techniques

    loaded = assistant.load_library()
    small, interpreter = two_techniques(loaded.library), build.interpreter(loaded)

    def talker(on_step):
        return Talker(loaded.library, interpreter, on_step)

    total, reached, silent = 0, 0, 0
    for day in DAYS:
        swept = [sweep(talker, small, way, day) for way in WAYS]
        total += sum(one.conversations for one in swept)
        reached += sum(len(one.reached) for one in swept)
        silent += sum(len(one.silent) for one in swept)
        print(f"{day}: {sum(one.conversations for one in swept)} conversations in {len(WAYS)} ways", flush=True)
    print(f"{total} conversations: forbidden steps reached {reached}, emergency lines missing {silent}")


if __name__ == "__main__":
    main()
