"""What a technique and a routine are, and every rule that makes one valid. Pure: values in, values out.

The structure of a technique (dose, tempo, sides) is written once; its words once a language. Limits that a user's file
may not lengthen stand here as constants, with their source.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Side: TypeAlias = Literal["left", "right"]
Slug: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]

MOST_REPETITIONS = 60  # "several dozen" in the article, read as 24 to 60 (product.md)
LEAST_PERIOD_S = 0.5  # a spoken number lasts about 0.45 s (audio.md section 2)
MOST_STEPS = 40  # a session of hours is not what the article describes; our cautious figure
MOST_WORDS_A_SENTENCE = 22  # one breath at an easy pace; chosen by ear

_SPOKEN = r"^[a-z][a-z' ]*[a-z]$"
SpokenName: TypeAlias = Annotated[str, StringConstraints(pattern=_SPOKEN, max_length=40)]
Sentence: TypeAlias = Annotated[str, StringConstraints(min_length=2, max_length=200)]


class Frozen(BaseModel):
    """Strict, immutable, and closed to keys that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Span(Frozen):
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
        """The nearest whole number inside the range."""
        return int(min(max(round(value), self.least), self.most))


class TechniqueWords(Frozen):
    """What is said of a technique in one language. Each text is one sentence of one breath, one action.

    Placeholders: `{side}` and `{other_side}` ("left", "right"), `{count}` (the number of repetitions, in `action` only).
    """

    name: Annotated[str, StringConstraints(min_length=2, max_length=60)]
    """As spoken after "Technique one of eight:"."""
    spoken_names: tuple[SpokenName, ...] = Field(min_length=1, max_length=6)
    """How a person may call it: lower case words."""
    posture: Sentence
    hands: Sentence
    where: Sentence
    landmarks: tuple[Sentence, ...] = Field(min_length=2, max_length=3)
    """Clues to find the place, one at a time."""
    action: Sentence
    """The last sentence before the count; holds `{count}`."""
    sensation: Sentence
    """What it should feel like, or the condition that ends it."""
    direction: Sentence | None = None
    switch: Sentence | None = None
    """Said between the two sides; needed where `sides` is `each`."""
    cautions: tuple[Sentence, ...] = Field(min_length=1, max_length=4)


class Technique(Frozen):
    """One massage technique. Stands alone: nothing in it points to another technique."""

    id: Slug
    source: Annotated[str, StringConstraints(min_length=5, max_length=200)]
    """Where the facts come from."""
    postures: tuple[Literal["stand", "sit", "sit-on-bed", "lunge"], ...] = Field(min_length=1)
    dose: Span
    """Repetitions a side (alternations where `sides` is `alternate`)."""
    tempo_bpm: Span
    """Repetitions a minute."""
    sides: Literal["none", "each", "alternate"]
    """`each`: one side, then the other with an equal dose; `alternate`: both within each repetition."""
    first_side: Side = "right"
    cues: tuple[Annotated[str, StringConstraints(pattern=_SPOKEN, max_length=20)], ...] = Field(default=(), max_length=2)
    """Words spoken within each repetition, evenly spaced: the first with the number."""
    directions: tuple[str, ...] = Field(default=(), max_length=2)
    ends_when: Literal["count", "sensation"] = "count"
    works_on_leg: bool = False
    """True where a leg is touched: closed to people with a leg contraindication (safety.md S9-S12)."""
    words: dict[str, TechniqueWords] = Field(min_length=1)

    @model_validator(mode="after")
    def _limits(self) -> Technique:
        problems = []
        if self.dose.most > MOST_REPETITIONS:
            problems.append(f"dose.most is {self.dose.most}; the most is {MOST_REPETITIONS}")
        if 60 / self.tempo_bpm.most < LEAST_PERIOD_S:
            problems.append(f"tempo_bpm.most is {self.tempo_bpm.most}; the most is {60 / LEAST_PERIOD_S:.0f}")
        for code, words in self.words.items():
            if self.sides == "each" and words.switch is None:
                problems.append(f"words.{code}.switch is missing: this technique is done on each side")
            if "{count}" not in words.action:
                problems.append(f"words.{code}.action does not say {{count}}")
        if problems:
            raise ValueError("; ".join(problems))
        return self


class RoutineWords(Frozen):
    """What a routine is called in one language."""

    title: Annotated[str, StringConstraints(min_length=2, max_length=60)]
    spoken_names: tuple[SpokenName, ...] = Field(min_length=1, max_length=8)
    """How a person may call it, without the word "routine"."""


class Step(Frozen):
    """A technique's place in a routine, with what differs from the technique's own defaults."""

    technique: Slug
    repetitions: int | None = Field(default=None, ge=1, le=MOST_REPETITIONS)
    tempo_bpm: int | None = Field(default=None, ge=1, le=120)
    first_side: Side | None = None


class Routine(Frozen):
    """A named order of steps."""

    id: Slug
    words: dict[str, RoutineWords] = Field(min_length=1)
    steps: tuple[Step, ...] = Field(min_length=1, max_length=MOST_STEPS)
    is_users: bool = False
    """Comes from the person's own folder, not from us; said when it starts."""


class Library(Frozen):
    """All valid techniques and routines, by id, in one language."""

    language: str
    techniques: dict[str, Technique]
    routines: dict[str, Routine]

    def words(self, technique: str) -> TechniqueWords:
        """The technique's words in this library's language. Raises KeyError for an unknown technique."""
        return self.techniques[technique].words[self.language]

    def title(self, routine: str) -> str:
        """The routine's spoken title. Raises KeyError for an unknown routine."""
        return self.routines[routine].words[self.language].title

    def routine_called(self, spoken: str) -> str | None:
        """The id of the routine with this spoken name (or id, or title), or None."""
        wanted = _plain(spoken)
        for routine in self.routines.values():
            words = routine.words[self.language]
            if wanted in {_plain(name) for name in (*words.spoken_names, words.title, routine.id)}:
                return routine.id
        return None

    def technique_called(self, spoken: str) -> str | None:
        """The id of the technique with this spoken name (or id), or None."""
        wanted = _plain(spoken)
        for technique in self.techniques.values():
            if wanted in {_plain(name) for name in (*self.words(technique.id).spoken_names, technique.id)}:
                return technique.id
        return None


def _plain(name: str) -> str:
    """Lower-case words: "Five-Minute routine" and "five minute" are one name."""
    words = re.findall(r"[a-z0-9']+", name.lower())
    return " ".join(word for word in words if word not in {"the", "routine"})
