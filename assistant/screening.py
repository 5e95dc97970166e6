"""The safety questions before a session, and the consequences of their answers. Pure; a file holds the questions."""

from __future__ import annotations

from collections.abc import Container
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from assistant.messages import Area
from assistant.sentence import Sentence, StrictModel

Consequence: TypeAlias = Literal["emergency", "ask_all", "urgent", "same_day", "ask_doctor", "no_leg", "leave_out"]
"""The consequence of a "yes"; `ask_all`: something has changed, so all questions are asked."""
Given: TypeAlias = Literal["no", "yes", "doctor"]
"""An answer; `doctor`: a doctor has agreed to it."""

ENDS_IT: frozenset[Consequence] = frozenset({"emergency", "urgent", "same_day", "ask_doctor"})
"""Verdicts after which there is no session today."""
AGREED_BY_DOCTOR: frozenset[Consequence] = frozenset({"ask_doctor", "no_leg"})
"""Verdicts that a doctor's word can open: nothing acute, and no emergency."""


class Question(StrictModel):
    """A few sentences with one answer for all of them."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]
    if_yes: Consequence
    asked_for: tuple[Area, ...] = Field(min_length=1)
    """The areas whose gate it is a part of: it is asked where one of them is closed."""
    words: dict[str, Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=4)]]
    """By language: sentences of one breath each."""
    explained: dict[str, Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=6)]]
    """The same in other words, for who asks what is meant."""


class SafetyCheck(StrictModel):
    """All questions, in the order in which they are asked."""

    source: Annotated[str, StringConstraints(min_length=5, max_length=200)]
    questions: tuple[Question, ...] = Field(min_length=1, max_length=20)
    since: Question
    """The one question after a day: every sign of an emergency, and what may have changed."""
    since_legs: dict[str, Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=2)]]
    """Added to it where a leg is touched."""

    def named(self, name: str) -> Question:
        """Return a question by its id. Raises KeyError."""
        return {one.id: one for one in (self.since, *self.questions)}[name]

    def has(self, name: str) -> bool:
        """Tell a question's id from any other word."""
        return any(one.id == name for one in self.questions)

    def due(self, closed: Container[Area]) -> tuple[Question, ...]:
        """Return the questions of these areas."""
        return tuple(one for one in self.questions if any(area in closed for area in one.asked_for))
