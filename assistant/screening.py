"""The safety questions before a session, and the consequences of their answers. Pure; a file holds the questions."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from assistant.sentence import Sentence, StrictModel

Consequence: TypeAlias = Literal["emergency", "urgent", "ask_doctor", "no_leg", "leave_out"]
"""The consequence of a "yes", or of anything but an exact "no"."""

ENDS_IT: frozenset[Consequence] = frozenset({"emergency", "urgent", "ask_doctor"})
"""Verdicts after which there is no session today."""

_Word: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=20)]


class Exact(StrictModel):
    """The words that count as an answer; after any others the question is asked again."""

    yes: tuple[_Word, ...] = Field(min_length=1)
    no: tuple[_Word, ...] = Field(min_length=1)


class Question(StrictModel):
    """A few sentences with one answer for all of them."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]
    if_yes: Consequence
    about_legs: bool = False
    """True if it is asked only where the routine touches a leg."""
    can_change: bool = True
    """True if it is asked again when the answers are a day old."""
    words: dict[str, Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=4)]]
    """By language: sentences of one breath each."""


class SafetyCheck(StrictModel):
    """All questions, in the order in which they are asked."""

    source: Annotated[str, StringConstraints(min_length=5, max_length=200)]
    exact: dict[str, Exact]
    questions: tuple[Question, ...] = Field(min_length=1, max_length=20)

    def due(self, *, is_old: bool, touches_leg: bool) -> tuple[Question, ...]:
        """Return the questions to ask now. `is_old`: all were passed before, more than a day ago."""
        return tuple(
            question
            for question in self.questions
            if (question.can_change or not is_old) and (touches_leg or not question.about_legs)
        )
