"""Answers to a safety question in any words, as a language's file gives them. Pure: values in, values out."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class CheckTemplates(BaseModel):
    """The content of `grammars/<lang>/check_answers.yaml`: answers to a safety question in any words. Templates."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    no: tuple[str, ...] = ()
    """Nothing but a no."""
    denial_leads: tuple[str, ...] = ()
    """Words for the speaker, before a negation."""
    denials: tuple[str, ...] = ()
    """Negations that deny what follows."""
    denies_all: tuple[str, ...] = ()
    """Those that deny everything alone."""
    denied: tuple[str, ...] = ()
    """Words that may follow them: for what was asked about, and no other thing."""
    anything: tuple[str, ...] = ()
    """Those of them that take in all of it; a clause needs one."""
    no_change: tuple[str, ...] = ()
    """A no where the question is what has changed."""
    polite: tuple[str, ...] = ()
    """Words around a no that change nothing."""
    yes: tuple[str, ...] = ()
    """The first words of a yes; anything may follow."""
    yes_alone: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    """No clear answer, wherever it stands."""
    meant: tuple[str, ...] = ()
    """Words before an answer that takes the last one back."""
    late: tuple[str, ...] = ()
    """The same, where a yes follows."""
    former: tuple[str, ...] = ()
    """An earlier question, to which a yes counts."""
    linking: tuple[str, ...] = ()
    """Words that may stand between the two."""
    back: tuple[str, ...] = ()
    """The last answer was wrong."""
    answer_named: tuple[str, ...] = ()
    """Words for an answer that was given, or its question, wherever they stand behind the check."""
    was_wrong: tuple[str, ...] = ()
    """Words beside them that say it was wrong, or is another one."""
    doctor: tuple[str, ...] = ()
    """A doctor was asked, and agreed."""
    doctor_not: tuple[str, ...] = ()
    """Words that make the same no agreement."""
    doctor_named: tuple[str, ...] = ()
    """Words for a doctor: who speaks of one, and of no agreement, has none."""
    unclear: tuple[str, ...] = ()
    """No answer, said as a whole: the question is asked again."""
    facts: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Facts of health, by the question that holds them, the gravest first."""
    doubtful_facts: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The same, where the question is asked."""
    ever: tuple[str, ...] = ()
    """Words of facts that count for life."""
    ruled_out: tuple[str, ...] = ()
    """Words before a fact that say it cannot be: "too old to be"."""
    long_ago: tuple[str, ...] = ()
    """Words that make the other facts doubtful."""
    telling: tuple[str, ...] = ()
    """Words that bring a fact up: "I should tell you that"."""
    relatives: tuple[str, ...] = ()
    """Words for somebody else, beside those of safety.yaml."""
    explain: tuple[str, ...] = ()
    """Asks what the question means."""
    rules: dict[str, str] = Field(default_factory=dict)
