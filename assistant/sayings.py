"""Sayings in open words that cost the ear no phrase, as a language's file gives them. Pure: values in, values out."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from assistant.messages import Intent, SlotValue


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Saying(_Frozen):
    """Whole sentences of one meaning, which act as a command."""

    intent: Intent
    say: tuple[str, ...] = Field(min_length=1)
    """Templates, as in commands/; what is polite around them may be said too."""
    slots: dict[str, SlotValue] = Field(default_factory=dict)
    needs: tuple[Intent, ...] = ()
    """Other commands that must be possible there: they tell in which states it is meant so."""


class FeelingTemplates(_Frozen):
    """Answers to "is your skin warm?", "is it sore enough?" and "is one side sorer?". Templates.

    A sentence is an answer only where every word of it stands in one of these.
    """

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    little: tuple[str, ...] = ()
    """Not enough yet; where it asks for a side, there is a difference."""
    unsure: tuple[str, ...] = ()
    both: tuple[str, ...] = ()
    """No side is sorer."""
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    """The side that came first."""
    this: tuple[str, ...] = ()
    """The side that was counted last."""
    other: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()
    """Words that compare the sides."""
    around: tuple[str, ...] = ()
    """Words that change nothing."""
    asks: tuple[str, ...] = ()
    """First words of a question, which is no answer."""
    numb: tuple[str, ...] = ()
    """Whole answers that may mean no soreness, or a numb place: it asks which."""


class SayingsFile(_Frozen):
    """The content of `grammars/<lang>/sayings.yaml`."""

    sayings: tuple[Saying, ...] = ()
    feelings: FeelingTemplates = Field(default_factory=FeelingTemplates)
    rules: dict[str, str] = Field(default_factory=dict)
