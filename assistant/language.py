"""A language pack's content: command templates, lists, numbers in words, and replies. Pure: values in, values out."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assistant.check_templates import CheckTemplates
from assistant.messages import Intent, Slots, SlotValue
from assistant.questions import Answers
from assistant.safety_templates import SafetyWords
from assistant.sayings import SayingsFile

_WORD = r"[^\W_]+(?:'[^\W_]+)*"


class Frozen(BaseModel):
    """An immutable model that forbids unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Example(Frozen):
    """A sentence that must be understood, with its slots."""

    say: str
    slots: dict[str, SlotValue] = Field(default_factory=dict)


class Command(Frozen):
    """One intent's file: `grammars/<lang>/commands/<intent>.yaml`."""

    intent: Intent
    sentences: tuple[str, ...] = Field(min_length=1)
    """Templates in hassil's syntax: [optional] (a|b) {list} <rule>."""
    examples: tuple[Example, ...] = Field(min_length=1)
    near_misses: tuple[str, ...] = Field(min_length=1)
    """Sentences that must not be taken for this intent."""


class ListValue(Frozen):
    """One entry of a list: the words said, and the slot's value."""

    say: str
    value: SlotValue


class WordList(Frozen):
    """One list of lists.yaml, in one of three forms."""

    numbers: tuple[int, ...] = ()
    """Numbers, said in the language's words and stored as numbers."""
    words: tuple[str, ...] = ()
    """Words, said and stored as written."""
    values: dict[str, SlotValue] = Field(default_factory=dict)
    """Words said, with the values stored for them."""

    @model_validator(mode="after")
    def _one_form(self) -> WordList:
        if sum(bool(form) for form in (self.numbers, self.words, self.values)) != 1:
            msg = "a list has exactly one of: numbers, words, values"
            raise ValueError(msg)
        return self


class LanguageFile(Frozen):
    """The content of `grammars/<lang>/language.yaml`."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    name: str
    skip_words: tuple[str, ...]
    never_say: tuple[str, ...] = Field(min_length=1)
    rules: dict[str, str] = Field(default_factory=dict)


class Limits(Frozen):
    """The least and the most that can be done of something, in its own unit."""

    least: int
    most: int


class ChoosingWords(Frozen):
    """Words that stand around a choice of techniques."""

    only: tuple[str, ...] = ()
    """The names after these are all that is wanted."""
    without: tuple[str, ...] = ()
    """The names after these are left out."""
    without_next: tuple[str, ...] = ()
    """The same, where a name follows at once: "no legs today", but not "no, the legs"."""
    toward: tuple[str, ...] = ()
    """Behind `without` these lead to a name: "skip to the pounding"."""
    parts: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Parts of the body that can be left out (legs), and what is said for each."""
    fillers: tuple[str, ...] = ()
    """Words that may stand around a choice and change nothing."""


class Quantities(Frozen):
    """The content of `grammars/<lang>/quantities.yaml`: numbers, times, places and sides in free text."""

    scales: dict[str, int] = Field(default_factory=dict)
    """Words that multiply a number: dozen."""
    fractions: dict[str, int] = Field(default_factory=dict)
    """One by so much: half is 2."""
    units: dict[str, int] = Field(default_factory=dict)
    """Seconds of each unit of time."""
    articles: tuple[str, ...] = ()
    """Words for one of a unit: "a minute"."""
    adjectives: tuple[str, ...] = ()
    """Words between a number and its unit."""
    and_words: tuple[str, ...] = Field(default=(), alias="and")
    of_words: tuple[str, ...] = Field(default=(), alias="of")
    point: tuple[str, ...] = ()
    """Words of a decimal point."""
    dismissed: tuple[str, ...] = ()
    """A value right after these is not the one that is meant."""
    sides_dismissed: tuple[str, ...] = ()
    """The same for a side."""
    idioms: tuple[str, ...] = ()
    """Words that hold a number or a side, and mean none."""
    adds: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    """A number of repetitions: so many more, so many less, or (right after these) so many in all."""
    vague: tuple[str, ...] = ()
    """A number is meant, and nobody can say which."""
    senses: dict[Intent, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    """Words that tell one sense of a command from another, by the slot that they set to 1."""
    names: tuple[str, ...] = ()
    """Nouns for a technique or a routine: "the kidney one"."""
    name_fillers: tuple[str, ...] = ()
    """Words that may stand around a name and change nothing."""
    minutes_after: tuple[str, ...] = ()
    """A number without a unit is minutes after these."""
    place_words: tuple[str, ...] = ()
    """A number is a place in the routine after these."""
    ordinals: dict[str, int] = Field(default_factory=dict)
    """Places in the routine, counted from 1; -1 is the last one."""
    sides: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """`left`, `right` and `both`, and what is said for each."""
    fine: tuple[str, ...] = ()
    """A side before these is not the one that is meant."""
    ratings: dict[str, int] = Field(default_factory=dict)
    """Ratings that are no number; -1 is no rating."""
    about: dict[Intent, tuple[str, ...]] = Field(default_factory=dict)
    """Words of a question that may name a routine: "how long is the legs routine"."""
    contents_asked: tuple[str, ...] = ()
    """Words that begin a question about what a named routine holds: "which techniques"; templates."""
    contents_unasked: tuple[str, ...] = ()
    """Words in it that ask for something else: "how long"; templates."""
    choosing: ChoosingWords = Field(default_factory=ChoosingWords)
    limits: dict[Intent, Limits] = Field(default_factory=dict)
    """The least and the most of an intent, in seconds or in the number itself."""

    def allow(self, intent: Intent, slots: Slots) -> bool:
        """False for a number that cannot be done: a rating of fourteen, a wait of an hour."""
        limits = self.limits.get(intent)
        numbers = [value for value in slots.values() if isinstance(value, int)]
        return limits is None or all(limits.least <= value <= limits.most for value in numbers)


class WishTemplates(Frozen):
    """The content of `grammars/<lang>/wishes.yaml`: what stands around a wish, and between two. Templates."""

    openers: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    """Words between two wishes."""
    starters: tuple[str, ...] = ()
    """Words with which a second wish may begin without a join."""
    answers: tuple[str, ...] = ()
    """Answers that may stand before a wish."""
    corrections: tuple[str, ...] = ()
    """Words after which the last part counts."""
    renumbers: tuple[str, ...] = ()
    """Words between a correction and a number that takes the place of another: "no, make it six"."""
    together: tuple[str, ...] = ()
    """Words that stay together."""
    unfinished: tuple[str, ...] = ()
    """Words that end no wish."""
    cut_off: tuple[str, ...] = ()
    """Words that end no sentence: "where's my"; plain words."""
    negations: tuple[str, ...] = ()
    """Words that turn a meaning round; plain words."""
    conditions: tuple[str, ...] = ()
    """Words that put a wish off, or ask about it: "wait until I'm ready", "can I go on"; plain words."""
    misread: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Words that the ear may write, with those that were said: "skip this stop" is "skip this step"."""
    offers: tuple[str, ...] = ()
    """Words before a wish that somebody is offered or told to ask for: "would you like to", "you can say"."""
    wished: tuple[str, ...] = ()
    """Words that begin like `offers`, and a wish all the same: "say that again"."""
    spellings: dict[str, str] = Field(default_factory=dict)
    """Words in another spelling or dialect, with the usual words for each: "dinnae" is "don't"."""


class LanguagePack(Frozen):
    """Everything that is said and understood in one language."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    name: str
    commands: dict[Intent, Command]
    lists: dict[str, tuple[ListValue, ...]]
    """From lists.yaml, and `number`, `routine` and `technique`, which the library fills."""
    rules: dict[str, str] = Field(default_factory=dict)
    """Expansion rules: name to template."""
    numbers: dict[int, str]
    """0 to 120 in words."""
    quantities: Quantities = Field(default_factory=Quantities)
    wishes: WishTemplates = Field(default_factory=WishTemplates)
    answers: Answers = Field(default_factory=Answers)
    """Answers to questions; empty where the language has none."""
    check_answers: CheckTemplates = Field(default_factory=CheckTemplates)
    sayings: SayingsFile = Field(default_factory=SayingsFile)
    skip_words: tuple[str, ...]
    """Words dropped before text is matched, if any others are left."""
    never_say: tuple[str, ...] = ()
    """Words that no spoken text may hold, whole words only (docs/safety.md, "Wording rules")."""
    safety: SafetyWords | None = None
    """Words that ask for safety anywhere; None where the language has no safety.yaml: only whole phrases then."""
    replies: dict[str, str]
    """Reply key to sentence with `{placeholders}`."""

    def forbidden_in(self, text: str) -> str | None:
        """Return the first of `never_say` in the text, or None."""
        plain = f" {' '.join(re.findall(_WORD, text.lower()))} "
        return next((words for words in self.never_say if f" {words} " in plain), None)
