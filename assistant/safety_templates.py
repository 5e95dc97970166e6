"""The words of safety, as a language's file gives them. Pure: values in, values out."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.messages import SAFETY, Intent


class SafetySense(BaseModel):
    """The words of one safety intent, and the neighbours that give them another sense."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: tuple[str, ...] = Field(min_length=1)
    """Templates in hassil's syntax, looked for anywhere in a sentence; `{part}` is any part of the body."""
    unless_after: tuple[str, ...] = ()
    """Words right before them that give them another sense: "bus stop". `*ing` is any word with this ending."""
    unless_before: tuple[str, ...] = ()
    """The same, right after them: "stop sign"."""
    ask: tuple[str, ...] = ()
    """Templates of words that are doubtful everywhere: "help me" may ask for help with the program."""
    doubt_before: tuple[str, ...] = ()
    """Words right after them that make them doubtful: "stop pulling her hair"."""


class SafetyWords(BaseModel):
    """The content of `grammars/<lang>/safety.yaml`: what asks for safety anywhere in a sentence, and what denies it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    parts: tuple[str, ...] = Field(min_length=1)
    """Parts of the body."""
    sides: tuple[str, ...] = ()
    """Words left out right before a part: "my left hand" reads as "my hand"."""
    rules: dict[str, str] = Field(default_factory=dict)
    fillers: tuple[str, ...] = ()
    """Left out before anything is looked for: adverbs, hesitations."""
    negators: tuple[str, ...] = Field(min_length=1)
    """Turn what follows into its opposite."""
    noun_negators: tuple[str, ...] = ()
    """Turn round only one of `nouns`, right after them."""
    nouns: tuple[str, ...] = ()
    determiners: tuple[str, ...] = ()
    """Words that give no noun another sense: "the numbness"."""
    no_nouns: tuple[str, ...] = ()
    """Words that "no" right before them does not turn round: "no, stop"."""
    gone: tuple[str, ...] = ()
    """Words after them that say it is over."""
    denied_after: tuple[str, ...] = ()
    """Clauses behind them that deny them: "I thought it would hurt, but it doesn't"."""
    unending: tuple[str, ...] = ()
    """Words for an end right before them, which a negation makes a cry: "it doesn't stop hurting"."""
    goes_on: tuple[str, ...] = ()
    """Words that say before one of `ongoing` that it goes on: "my heart won't stop racing"."""
    ongoing: tuple[str, ...] = ()
    """`*ing` is any word with this ending."""
    compared: tuple[str, ...] = ()
    """Words that make a denial of anything like it a cry: "I never had pain like this"."""
    compared_by: tuple[str, ...] = ()
    """The negations of such a denial."""
    so_now: tuple[str, ...] = ()
    """Ends of a sentence that take a denial back: "it didn't hurt before, but now it does"."""
    new_clause: tuple[str, ...] = ()
    """Words at which a negation before them ends."""
    thought: tuple[str, ...] = ()
    """Verbs whose negation reaches into the next clause."""
    may_stand_before_stop: tuple[str, ...] = ()
    """Words that may stand between a negation and the "stop" that it turns round."""
    polite_negations: tuple[str, ...] = ()
    """Negations that ask for what they seem to deny; left out before anything is looked for."""
    others: tuple[str, ...] = ()
    """Words for somebody else, whom the sentence is then about."""
    addressed: tuple[str, ...] = ()
    """Words for somebody who is spoken to: not the speaker either, except that "can you stop" asks for it."""
    ours: tuple[str, ...] = ()
    """Words for the speaker."""
    alone: tuple[str, ...] = ()
    """Cries that stand alone or with few words; in a longer sentence the ear has misread talk for them."""
    may_be_stop: tuple[str, ...] = ()
    """Words that the ear may write for a "stop": what they would set going is asked back."""
    soreness: tuple[str, ...] = ()
    """Words for the soreness that a technique asks for: alone, and not strong, they ask for no help there."""
    strong: tuple[str, ...] = ()
    """Words that make it more than the soreness that is wanted."""
    enough: tuple[str, ...] = ()
    acute: tuple[str, ...] = ()
    """Words for a pain that has just come; without them a pain in a part of the body may be why somebody comes."""
    lasting: tuple[str, ...] = ()
    """Names of pains that somebody comes with, beside the parts of the body."""
    doubters: tuple[str, ...] = ()
    """Words before them that ask, suppose, or tell of the past."""
    intents: dict[Intent, SafetySense] = Field(min_length=1)

    @model_validator(mode="after")
    def _safety_only(self) -> SafetyWords:
        strangers = sorted(intent.value for intent in set(self.intents) - SAFETY)
        if strangers:
            msg = f"intents.{strangers[0]} asks for no safety"
            raise ValueError(msg)
        return self
