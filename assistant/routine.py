"""Techniques and routines, and every rule for their validity. Pure: values in, values out.

The structure of a technique (dose, tempo, sides) is written once; its words once for each language. Limits that a
user's file may not raise are constants here, with their source.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from assistant.picture import Picture
from assistant.questions import Answer, Answers
from assistant.screening import SafetyCheck
from assistant.sentence import PLACEHOLDER, CueWord, Name, Sentence, SpokenName, StrictModel

Side: TypeAlias = Literal["left", "right"]
Area: TypeAlias = Literal["back", "buttocks", "legs"]
Slug: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]

MOST_REPETITIONS = 60  # "several dozen" in the article (docs/safety.md, "Doses and pressure")
LEAST_PERIOD_S = 0.5  # a spoken number lasts about 0.45 s (docs/audio.md, "Length of a number")
MOST_STEPS = 40  # a session of hours is not what the article describes; our cautious figure
LEAST_CUE_S = 1.0  # a number and a word ("seven, right") last about 0.9 s; an untried guess


class Span(StrictModel):
    """A range with a default inside it."""

    least: int = Field(ge=1)
    most: int = Field(ge=1)
    usual: int = Field(ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if not self.least <= self.usual <= self.most:
            msg = f"least <= usual <= most does not hold for {self.least}, {self.usual}, {self.most}"
            raise ValueError(msg)
        return self

    def clamp(self, value: float) -> int:
        """Return the nearest whole number inside the range."""
        return int(min(max(round(value), self.least), self.most))


Seconds: TypeAlias = Annotated[float, Field(ge=1.5, le=4.0)]


class TimeToAct(StrictModel):
    """Seconds of quiet after each sentence that asks for a movement. The defaults were chosen by doing it."""

    posture: Seconds = 3.0
    hands: Seconds = 2.5
    where: Seconds = 2.5
    direction: Seconds = 1.5
    sensation: Seconds = 1.5
    landmarks: Seconds = 3.0
    switch: Seconds = 3.0


class TechniqueWords(StrictModel):
    """The sentences of a technique in one language. Each text is one sentence of one breath, one action.

    Placeholders: `{side}` and `{other_side}` ("left", "right"; only where `sides` is `each`), `{count}` (the number of
    repetitions; in `action` only).
    """

    name: Name
    """As spoken after "Technique one of eight:"."""
    spoken_names: tuple[SpokenName, ...] = Field(min_length=1, max_length=6)
    """Names by which a person may ask for it: lower case words."""
    descriptions: tuple[SpokenName, ...] = Field(default=(), max_length=30)
    """Words by which a person may describe it in free text, such as "pounding"."""
    posture: Sentence
    hands: Sentence
    where: Sentence | None = None  # the place, where `hands` does not tell it
    landmarks: tuple[Sentence, ...] = Field(min_length=2, max_length=3)
    """Clues to find the place, one at a time."""
    action: Sentence
    """The last sentence before the count; holds `{count}`."""
    sensation: Sentence
    """The feeling to expect, or the condition that ends it."""
    direction: Sentence | None = None
    feeling: Sentence | None = None
    """The question at the end of the dose, where a feeling ends it."""
    notes: tuple[Sentence, ...] = Field(default=(), max_length=2)
    """Sentences of the full instruction only."""
    turns: tuple[Sentence, ...] = Field(default=(), max_length=2)
    """The sentence that turns to the first direction, and the one that turns to the second."""
    switch: Sentence | None = None
    """The sentence between the two sides; needed where `sides` is `each`."""
    cautions: tuple[Sentence, ...] = Field(min_length=1, max_length=4)
    answers: dict[str, Answer] = Field(default_factory=dict)
    """Answers to questions about it, by their subject; without placeholders."""

    def texts(self) -> dict[str, str]:
        """Return all texts by their place in the file: `where`, `landmarks.0`."""
        dumped = self.model_dump(exclude={"spoken_names", "descriptions"}, exclude_none=True)
        found = {key: value for key, value in dumped.items() if isinstance(value, str)}
        for key in ("landmarks", "notes", "turns", "cautions"):
            found.update({f"{key}.{i}": text for i, text in enumerate(dumped[key])})
        for topic, answer in self.answers.items():
            found.update({f"answers.{topic}.{i}": text for i, text in enumerate(answer)})
        return found


class Technique(StrictModel):
    """One massage technique. It refers to no other technique."""

    id: Slug
    source: Annotated[str, StringConstraints(min_length=5, max_length=200)]
    """The source of the facts."""
    postures: tuple[Literal["stand", "sit", "sit-on-bed", "lunge"], ...] = Field(min_length=1)
    dose: Span
    """Repetitions a side; of both sides together where they are done `in_turn`."""
    tempo_bpm: Span
    """Repetitions a minute."""
    sides: Literal["none", "each", "alternate", "in_turn"]
    """`each`: one side, then the other with an equal dose; `alternate`: both within each repetition; `in_turn`: each
    repetition is on one side, and the next one on the other."""
    first_side: Side = "right"
    cues: tuple[CueWord, ...] = Field(default=(), max_length=2)
    """Words of each repetition, evenly spaced, the first with the number; `in_turn`, one with each."""
    marks: tuple[Literal["half_way", "last_five"], ...] = ("half_way", "last_five")
    """Sentences about the count itself, between two numbers, where the dose is large enough."""
    turns_at: Literal["never", "asked", "half"] = "never"
    """The time when the direction changes: where the person asks for it, or also when half of the dose is done."""
    time_s: TimeToAct = TimeToAct()
    has_risk: bool = False
    """True for what bends or pounds: its cautions are heard to their end before a count."""
    ends_when: Literal["count", "sensation", "sorer_side"] = "count"
    """The end of it: the count alone; a feeling, asked for on each side; whether one side is sorer, after both."""
    works_on_leg: bool = False
    """True where a leg is touched. Closed by S9, S10 and S12 of docs/safety.md, "Questions before a session"."""
    wants_soreness: bool = False
    """True where "it's sore" is good news, since the technique asks for it."""
    area: Area | None = None
    """The area of the body whose time it takes; without it the legs where a leg is touched, else the back."""
    picture: Picture | None = Field(default=None, exclude=True)  # not part of a trace: it changes no word or beat
    words: dict[str, TechniqueWords] = Field(min_length=1)

    @model_validator(mode="after")
    def _limits(self) -> Technique:
        """Check the limits; each problem begins with its place in the file, so that the reader can add the line."""
        problems = self._odd_doses()
        if self.dose.most > MOST_REPETITIONS:
            problems.append(f"dose.most is {self.dose.most}, the most is {MOST_REPETITIONS}")
        shortest_s = 60 / self.tempo_bpm.most
        if shortest_s < LEAST_PERIOD_S:
            problems.append(f"tempo_bpm.most is {self.tempo_bpm.most}, the most is {60 / LEAST_PERIOD_S:.0f}")
        elif self.cues and shortest_s / self._cues_a_beat < LEAST_CUE_S:
            most = int(60 / LEAST_CUE_S / self._cues_a_beat)
            problems.append(f"tempo_bpm.most is {self.tempo_bpm.most}, with {len(self.cues)} cues the most is {most}")
        for code, words in self.words.items():
            if self.sides == "each" and words.switch is None:
                problems.append(f"words.{code}.switch is missing, this technique is done on each side")
            if len(words.turns) != (0 if self.turns_at == "never" else 2):
                problems.append(f"words.{code}.turns has {len(words.turns)} sentences, turns_at is {self.turns_at}")
            if (words.feeling is None) != (self.ends_when == "count"):
                is_there = "missing" if words.feeling is None else "not asked"
                problems.append(f"words.{code}.feeling is {is_there}, it ends by {self.ends_when}")
            if "{count}" not in words.action:
                problems.append(f"words.{code}.action does not say {{count}}")
            problems += [f"words.{code}.{what}" for what in self._wrong_placeholders(words)]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def _cues_a_beat(self) -> int:
        return 1 if self.sides == "in_turn" else len(self.cues)

    def _odd_doses(self) -> list[str]:
        doses = self.dose.model_dump() if self.sides == "in_turn" else {}
        return [
            f"dose.{key} is {n}, in turn it must be even: both sides get the same" for key, n in doses.items() if n % 2
        ]

    def whole(self, repetitions: int, *, up: bool = True) -> int:
        """Return the next number of repetitions, up or down, that gives both sides the same."""
        odd = repetitions % 2 if self.sides == "in_turn" else 0
        return repetitions + (odd if up else -odd)

    def cues_at(self, n: int) -> tuple[str, ...]:
        """Return the cues of repetition `n`: all of them, or, `in_turn`, its own."""
        return self.cues[(n - 1) % len(self.cues) :][:1] if self.sides == "in_turn" and self.cues else self.cues

    def bpm(self, usual: float, percent: int) -> float:
        """Return a person's tempo, in percent of the usual one, within this technique's limits."""
        return min(max(usual * percent / 100, self.tempo_bpm.least), self.tempo_bpm.most)

    def _wrong_placeholders(self, words: TechniqueWords) -> list[str]:
        sides = {"side", "other_side"} if self.sides == "each" else set()
        wrong = []
        for place, text in words.texts().items():
            allowed = sides | ({"count"} if place == "action" else set())
            if place.startswith("answers."):
                allowed = set()  # it may be asked about while another one is done
            for name in sorted(set(PLACEHOLDER.findall(text)) - allowed):
                known = ", ".join(f"{{{one}}}" for one in sorted(allowed)) or "none"
                wrong.append(f"{place} says {{{name}}}, the placeholders here are: {known}")
        return wrong

    @property
    def area_worked(self) -> Area:
        """Return the area of the body that its time is counted for."""
        return self.area or ("legs" if self.works_on_leg else "back")


class RoutineWords(StrictModel):
    """The names of a routine in one language."""

    title: Name
    spoken_names: tuple[SpokenName, ...] = Field(min_length=1, max_length=8)
    """Names by which a person may ask for it, without the word "routine"."""
    descriptions: tuple[SpokenName, ...] = Field(default=(), max_length=30)
    """Words by which a person may describe it in free text, such as "pounding"."""


class Step(StrictModel):
    """A technique's place in a routine, with what differs from the technique's own defaults."""

    technique: Slug
    repetitions: int | None = Field(default=None, ge=1, le=MOST_REPETITIONS)
    tempo_bpm: int | None = Field(default=None, ge=1, le=120)
    first_side: Side | None = None
    priority: int = Field(default=5, ge=1, le=9)
    """1 is dropped last when a session must be short, 9 first."""


class Routine(StrictModel):
    """A named order of steps."""

    id: Slug
    words: dict[str, RoutineWords] = Field(min_length=1)
    steps: tuple[Step, ...] = Field(min_length=1, max_length=MOST_STEPS)
    ready_after_s: int | None = Field(default=None, ge=5, le=120)
    """Seconds after its instruction at which a count begins by itself; without it only "ready" begins one."""
    is_users: bool = False
    """True for a routine from the person's own folder, which is said when it starts."""


class Library(StrictModel):
    """All valid techniques and routines, by id, in one language."""

    language: str
    techniques: dict[str, Technique]
    routines: dict[str, Routine]
    screening: SafetyCheck
    """The safety questions; ours only: no file of the person's replaces them."""
    answers: Answers = Field(default_factory=Answers)
    """The language's answers to questions that no technique answers."""

    def words(self, technique: str) -> TechniqueWords:
        """Return the technique's words in this library's language. Raises KeyError for an unknown technique."""
        return self.techniques[technique].words[self.language]

    def title(self, routine: str) -> str:
        """Return the routine's spoken title. Raises KeyError for an unknown routine."""
        return self.routines[routine].words[self.language].title

    def routine_called(self, spoken: str) -> str | None:
        """Return the id of the routine with this spoken name (or id, or title), or None."""
        names = {name: one.words[self.language].spoken_names for name, one in self.routines.items()}
        return _called(spoken, {name: (*given, self.title(name)) for name, given in names.items()})

    def technique_called(self, spoken: str) -> str | None:
        """Return the id of the technique with this spoken name (or id, or name), or None."""
        names = {name: self.words(name) for name in self.techniques}
        return _called(spoken, {name: (*words.spoken_names, words.name) for name, words in names.items()})


def _called(spoken: str, names: dict[str, tuple[str, ...]]) -> str | None:
    """Return the id that is called so; each has names, and is one itself."""
    wanted = _plain(spoken)
    return next((one for one, others in names.items() if wanted in map(_plain, (one, *others))), None)


def misfits(routine: Routine, techniques: dict[str, Technique]) -> list[str]:
    """Return the faults between a routine and its techniques; each begins with its place, "steps.2.technique"."""
    wrong = []
    for i, step in enumerate(routine.steps):
        if (technique := techniques.get(step.technique)) is None:
            wrong.append(f"steps.{i}.technique '{step.technique}' is not known; known: {', '.join(sorted(techniques))}")
            continue
        for key, span in (("repetitions", technique.dose), ("tempo_bpm", technique.tempo_bpm)):
            if (value := getattr(step, key)) is not None and span.clamp(value) != value:
                wrong.append(f"steps.{i}.{key} is {value}, '{technique.id}' takes {span.least} to {span.most}")
        if step.first_side is not None and technique.sides != "each":
            wrong.append(f"steps.{i}.first_side is given, but '{technique.id}' is not done on each side")
    return wrong


@lru_cache(maxsize=4096)  # each name is compared with all others, each time
def _plain(name: str) -> str:
    """Return lower-case words: "Five-Minute routine" and "five minute" are one name."""
    return " ".join(one for one in re.findall(r"[^\W_]+(?:'[^\W_]+)*", name.lower()) if one not in {"the", "routine"})
