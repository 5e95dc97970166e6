"""Questions beside the commands, and their answers, as a language's file has it. Pure values."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from assistant.sentence import Sentence, SpokenName, StrictModel

Answer: TypeAlias = Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=2)]
"""One or two sentences; while it counts, only the first is said."""


class Term(StrictModel):
    """A word that may be asked about."""

    say: tuple[SpokenName, ...] = Field(min_length=1)
    """The words that are looked for in the question."""
    answer: Answer


class Answers(StrictModel):
    """The content of `grammars/<lang>/answers.yaml`; a technique's own answers stand in its file, and come first."""

    topics: dict[str, Answer] = Field(default_factory=dict)
    """By what a question is about: the sections of `wordings/ask.txt`."""
    explains: tuple[SpokenName, ...] = ()
    """Words right before a term that ask what it is, whatever the rest may be about."""
    articles: tuple[SpokenName, ...] = ()
    """Words that may stand between."""
    terms: dict[str, Term] = Field(default_factory=dict)
    opens: tuple[str, ...] = ()
    """First words of a question."""
    before: tuple[str, ...] = ()
    """Words that may stand before them: "so", "and"."""
    inside: tuple[str, ...] = ()
    """First words of a question behind a statement: "it is not warm yet, do I carry on"."""
    goes_on: tuple[str, ...] = ()
    """First words of a question that ends with the sentence: "do I rub both sides, and then go on to the next"."""
    others: tuple[str, ...] = ()
    """Words for somebody else, to whom a question that is not understood may be put."""
    within: tuple[str, ...] = ()
    """Words right before a description of several words that make it the name of a technique: "in the push down"."""
    about_us: tuple[str, ...] = ()
    """Words of this massage and of who does it: a question with one of them may be meant for us. Templates."""
    cues: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """By topic: words that tell what a question is about, whatever was learned of it. Templates; the first topic of
    which words stand in the question is it."""

    def texts(self) -> dict[str, str]:
        """Return all sentences by their place in the file: `topics.oil.0`."""
        spoken = {f"topics.{key}": answer for key, answer in self.topics.items()}
        spoken |= {f"terms.{key}.answer": term.answer for key, term in self.terms.items()}
        return {f"{place}.{i}": text for place, answer in spoken.items() for i, text in enumerate(answer)}
