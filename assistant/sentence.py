"""Checks texts for speech: one breath a sentence, and the kinds of text in files. Pure: valid, or ValueError."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

MOST_WORDS_A_SENTENCE = 22  # one breath at an easy pace; an untried guess

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PUNCTUATION = frozenset(" .,;:?!'\u2019\u201c\u201d-")  # the double quotes mark what a person may say


def speakable(text: str) -> str:
    """Return the text unchanged, if every voice can say it in one breath a sentence.

    Raises ValueError for digits, abbreviations' signs, markup, control and direction characters, and long sentences.
    """
    bare = PLACEHOLDER.sub("x", text)
    odd = sorted({c for c in bare if not (unicodedata.category(c)[0] in "LM" or c in _PUNCTUATION)})
    if odd:
        shown = ", ".join(repr(c) if c.isprintable() else f"U+{ord(c):04X}" for c in odd)
        msg = f"a voice cannot say {shown}: write numbers and signs as words"
        raise ValueError(msg)
    for sentence in re.split(r"[.?!]+(?:\s|$)", bare):
        if len(sentence.split()) > MOST_WORDS_A_SENTENCE:
            msg = f"a sentence has {len(sentence.split())} words, one breath holds {MOST_WORDS_A_SENTENCE}: split it"
            raise ValueError(msg)
    return text


def _one_sentence(text: str) -> str:
    if not re.search(r"[.?!]$", text) or re.search(r"[.?!]\s", text):
        msg = "this must be one sentence that ends with a full stop"
        raise ValueError(msg)
    return speakable(text)


def _name(text: str) -> str:
    if set("{}") & set(text):
        msg = f"'{text}' is a name, which has no placeholders"
        raise ValueError(msg)
    return speakable(text)


def _lower_words(text: str) -> str:
    if text != " ".join(text.lower().split()) or not all(c.isalpha() or c in "' " for c in text):
        msg = f"'{text}' must be lower-case words with single spaces, numbers as words"
        raise ValueError(msg)
    return text


SpokenName: TypeAlias = Annotated[str, StringConstraints(min_length=2, max_length=40), AfterValidator(_lower_words)]
CueWord: TypeAlias = Annotated[str, StringConstraints(min_length=2, max_length=20), AfterValidator(_lower_words)]
Name: TypeAlias = Annotated[str, StringConstraints(min_length=2, max_length=60), AfterValidator(_name)]
Sentence: TypeAlias = Annotated[str, StringConstraints(min_length=2, max_length=200), AfterValidator(_one_sentence)]


class StrictModel(BaseModel):
    """A strict, immutable model that forbids unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def as_written(phrase: str) -> str:
    """Return the phrase as a reader expects it: "I feel numb"; phrases are lower case throughout."""
    return re.sub(r"\bi\b", "I", phrase)
