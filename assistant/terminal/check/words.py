"""Words that an ear cannot hear, or hears badly: their places, and alternatives.

Asks every ear that could be used, of any kind; knows nothing of sounds itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from rapidfuzz import fuzz, process

from assistant.decode.frequent_words import most_frequent
from assistant.errors import Problem
from assistant.messages import Intent, Phrase
from assistant.store.library import Loaded

Here: TypeAlias = Callable[[str, str], Problem]
"""Makes a problem at the sentence template of a phrase."""
PlacedPhrase: TypeAlias = tuple[Phrase, Here]

"""The lists that the names in routine files fill."""
LIKE = 60.0  # of 100, fuzz.ratio: below it the nearest word is unrelated
MOST_LIKE = 20  # words tried on the ear: it may not know the nearest in letters either
COMMON = 20_000  # words of the language that are searched; a small model knows about 50,000


@dataclass(frozen=True, slots=True, kw_only=True)
class EarAnswers:
    """One engine's answers about words."""

    name: str
    unknown: Callable[[Sequence[Phrase]], Sequence[str]]
    """Returns the words that it can never hear."""
    hard: Callable[[Sequence[Phrase]], Sequence[tuple[str, str]]] | None = None
    """Returns its confusable words, each with the reason and a remedy: "it sounds like 'x': choose another"."""
    is_strict: bool = False
    """True if one unknown word makes it refuse all phrases; others leave that phrase out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """The ears' problems with the words."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    """Problems with an alternative, or of words that are only heard badly."""


def unheard(loaded: Loaded, placed: Sequence[PlacedPhrase], ears: Sequence[EarAnswers]) -> Unheard:
    """Return every word that an ear cannot hear or hears badly, at its first place, with an alternative."""
    problems: list[Problem] = []
    warnings: list[Problem] = []
    phrases = [phrase for phrase, _ in placed]
    for ear in ears:
        unknown = tuple(ear.unknown(phrases))
        hard = tuple((word, why) for word, why in (ear.hard(phrases) if ear.hard else ()) if word not in unknown)
        avoided = frozenset(unknown) | {word for word, _ in hard}
        for word in unknown:
            phrase, here = _where(loaded, placed, word)
            is_name = next(_named(loaded, phrase, word), None) is not None  # another name does not mend this one
            instead = "" if is_name else _another(phrase, phrases, avoided)
            what = f"{ear.name} does not know '{word}' in '{phrase.text}'"
            found = here(what, _name_remedy(loaded, ear, word) if is_name else _remedy(instead))
            (warnings if instead and not ear.is_strict else problems).append(found)
        for word, why in hard:
            phrase, here = _where(loaded, placed, word)
            reason, _, remedy = why.partition(": ")
            instead = _another(phrase, phrases, avoided)
            surer = f"'{instead}' is heard better" if instead else remedy or "Choose another word"
            warnings.append(here(f"{ear.name} hears '{word}' badly: {reason}", surer[:1].upper() + surer[1:]))
    return Unheard(problems=tuple(problems), warnings=tuple(warnings))


def _where(loaded: Loaded, placed: Sequence[PlacedPhrase], word: str) -> PlacedPhrase:
    """Return the shortest phrase with the word, and its place: the file of the name, or the command's template."""
    phrase, here = min((one for one in placed if word in one[0].text.split()), key=lambda one: len(one[0].text.split()))
    return next(_named(loaded, phrase, word), (phrase, here))


def _named(loaded: Loaded, phrase: Phrase, word: str) -> Iterator[PlacedPhrase]:
    """Yield the places of names that contain the word, in the files of their routines or techniques."""
    for kind, items in (("routine", loaded.library.routines), ("technique", loaded.library.techniques)):
        for one in items.values():
            for i, name in enumerate(one.words[loaded.library.language].spoken_names):
                if kind in phrase.slots and word in name.split() and f" {name} " in f" {phrase.text} ":
                    place = ("words", loaded.library.language, "spoken_names", i)
                    yield phrase, partial(loaded.documents[f"{kind}/{one.id}"].problem, place)


def _another(phrase: Phrase, phrases: Sequence[Phrase], avoided: frozenset[str]) -> str:
    """Return the shortest phrase of the same meaning without the avoided words, or nothing."""
    meaning = phrase.intent, dict(phrase.slots)
    ways = [
        one.text
        for one in phrases
        if (one.intent, dict(one.slots)) == meaning and not avoided.intersection(one.text.split())
    ]
    return min(ways, key=lambda text: (len(text.split()), -fuzz.ratio(text, phrase.text)), default="")


def _remedy(instead: str) -> str:
    return f"Say '{instead}' instead, which can be heard" if instead else "Use another word, which can be heard"


def _name_remedy(loaded: Loaded, ear: EarAnswers, word: str) -> str:
    near = _nearest(loaded.library.language, ear, word)
    nearest = f"Call it '{near}', the nearest word that can be heard, or w" if near else "W"
    return f"{nearest}rite it as it is said"


def _nearest(language: str, ear: EarAnswers, word: str) -> str:
    """Return the word nearest in letters that this ear knows, or nothing."""
    ranked = process.extract(word, _common(language), scorer=fuzz.ratio, score_cutoff=LIKE, limit=MOST_LIKE)
    words = [str(one) for one, _, _ in ranked]
    unknown = ear.unknown([Phrase(text=one, intent=Intent.GO_TO) for one in words]) if words else ()
    return next((one for one in words if one not in unknown), "")


def _common(language: str) -> list[str]:
    return [word for word in most_frequent(language, COMMON) if word.isalpha()]
