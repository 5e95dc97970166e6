"""Makes assistant/decode/phonetic/open_words.npz: the words that the ear writes where no phrase of the list fits.

Run it again when the texts, the commands or the dictionary change:   python scripts/open_words.py
Takes half a minute. The same texts give the same bytes, and a test compares the file with the texts. They are the
wordings in grammars/en/wordings/, every phrase of the commands, the words of safety.yaml, and the answers of
check_answers.yaml; common English comes from english.npz. The file holds, for word_table.py:

- `words`, the empty word first; `cost`: -log P of each; `backoff`: of going on after it as no text does;
- `followers`: how many words the texts had after each; `follower`, `follower_cost`: these words, and -log P of each;
- `phones`: names of phones, a line each; `spoken`: words by their numbers, one for each pronunciation; `lengths`: its
  phones, whose numbers `sounds` lists; `digest`: SHA-256 of the counted texts.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.decode.phonetic import word_table
from assistant.decode.phonetic.lexicon import Lexicon
from assistant.decode.phonetic.phone_loop import read_tables
from assistant.decode.phonetic.posteriors import BLANK, BOUNDARY
from assistant.decode.phonetic.spelling import phone_names
from assistant.interpret.phrases import expand_template
from assistant.interpret.safety import PART
from assistant.language import LanguagePack, ListValue
from assistant.safety_templates import SafetyWords
from assistant.store.settings import Settings
from assistant.wire import build

Weighted: TypeAlias = "tuple[str, float]"
"""A text, and what it counts."""
Arrays: TypeAlias = "dict[str, npt.NDArray[np.generic]]"

WORDINGS = Path(__file__).parent.parent / "grammars" / "en" / "wordings"
OUT = Path(word_table.__file__).with_name(word_table.FILE)
PHRASE = 0.5
"""The count of a phrase of the commands beside a wording: they are made of few templates. With 0.1, 0.3 or 1.0 as many
words of 130 unseen commands are wrong, within half a point."""
CRIES = 2.0
"""The count of all phrases together that a line of safety.yaml stands for, each at most PHRASE: what the interpreter
looks for, the ear must be able to write. Of 1,610 words of development clips 67 are wrong with it, 68 without; at 6.0
it is 66, but "it hurts" is read as "it heart's"."""
ANSWERED = ("no", "no_change", "yes", "yes_alone", "maybe", "back", "doctor")
"""Kinds of answers to the safety check (check_answers.yaml); a line of them counts like one of safety.yaml."""
SHORT = {1: 10.0, 2: 3.0}
"""Times as much counts a text of so few words: each text stands here once, and people say the short ones most. Without
it a person's "no" is written "now", which sounds alike to the model."""
GENERAL = 0.3
"""Share of general English in P(word). At 0.15 and 0.5 within half a point too."""
UNHEARD_OF = 18.0
"""Nats of -log P for a word that the frequency table does not hold: rarer than any that it does."""
FRAGMENT = 2
"""Letters of a word of general English that is left out unless a text holds it: most are pieces ("re", "t", "dr")."""
WORD = re.compile(r"[a-z][a-z']*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Counts of texts."""

    single: Mapping[str, float]
    """Of each word; of the empty word, the number of texts."""
    pairs: Mapping[tuple[str, str], float]
    """Of each word with the one behind it; the empty word stands at both ends of a text."""


def texts() -> tuple[Weighted, ...]:
    """Return the wordings and the shipped phrases, each once, in a fixed order."""
    lines = [line for file in sorted(WORDINGS.glob("*.txt")) for line in file.read_text(encoding="utf-8").splitlines()]
    wordings = dict.fromkeys((line for line in lines if line and not line.startswith("#")), 1.0)
    loaded = build.load_files(Settings(), None)
    phrases = dict.fromkeys((phrase.text for phrase in loaded.phrases), PHRASE)
    said = ((text, n * SHORT.get(len(text.split()), 1.0)) for text, n in sorted((phrases | wordings).items()))
    return *said, *(sorted(cries(loaded.pack.safety).items()) if loaded.pack.safety else ()), *answers(loaded.pack)


def cries(words: SafetyWords) -> Mapping[str, float]:
    """Return every phrase that the words of safety stand for, with its count."""
    part = {"part": (ListValue(say=PART, value=PART),)}
    counts: Counter[str] = Counter()
    for line in (line for sense in words.intents.values() for line in sense.say):
        alike = [text for text, _ in expand_template(line, part, words.rules)]
        found = {text.replace(PART, one) for text in alike for one in (words.parts if PART in text else ("",))}
        counts.update(dict.fromkeys(found, min(PHRASE, CRIES / len(found))))
    return counts


def answers(pack: LanguagePack) -> tuple[Weighted, ...]:
    """Return every answer to a safety question, alone and behind its plainest word ("no, none of these")."""
    words, rules = pack.check_answers, {**pack.rules, **pack.check_answers.rules}
    counts: Counter[str] = Counter()
    for name in ANSWERED:
        plainest = {"no": "no", "yes": "yes"}.get(name, "")
        for line in getattr(words, name):
            found = {text for text, _ in expand_template(line, pack.lists, rules)}
            found |= {f"{plainest} {text}" for text in found if plainest and plainest not in text.split()}
            counts.update(dict.fromkeys(found, min(PHRASE, CRIES / len(found))))
    return tuple(sorted(counts.items()))


def digest(weighted: Iterable[Weighted]) -> bytes:
    """Return what tells these texts from any others."""
    return hashlib.sha256("\n".join(f"{weight} {text}" for text, weight in weighted).encode()).digest()


def counted(weighted: Iterable[Weighted]) -> Counts:
    """Count words and pairs of words."""
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text, weight in weighted:
        words = [*text.split(), ""]
        for word in words:
            single[word] += weight
        for pair in pairwise(["", *words]):
            pairs[pair] += weight
    return Counts(single=single, pairs=pairs)


def costs(counts: Counts, rarity: Mapping[str, float], words: Sequence[str]) -> Arrays:
    """Return the language model: a bigram, interpolated after Witten and Bell with a mixture of texts and English."""
    at = {word: n for n, word in enumerate(words)}
    common = np.array([math.exp(-rarity.get(word, UNHEARD_OF)) if word else 0.0 for word in words])
    single = np.array([counts.single.get(word, 0.0) for word in words])
    p = (1 - GENERAL) * single / single.sum() + GENERAL * common / common.sum()
    after: list[dict[int, float]] = [{} for _ in words]
    for (word, follower), n in counts.pairs.items():
        if word in at and follower in at:
            after[at[word]][at[follower]] = n
    backoff = [_unseen(seen) for seen in after]
    seen_costs = [
        -math.log((1 - left) * n / sum(seen.values()) + left * p[follower])
        for seen, left in zip(after, backoff, strict=True)
        for follower, n in sorted(seen.items())
    ]
    return {
        "cost": -np.log(p).astype(np.float16),
        "backoff": -np.log(backoff).astype(np.float16),
        "followers": np.array([len(seen) for seen in after], np.uint16),
        "follower": np.array([follower for seen in after for follower in sorted(seen)], np.uint16),
        "follower_cost": np.array(seen_costs, np.float16),
    }


def _unseen(seen: Mapping[int, float]) -> float:
    """Return P of a word behind this one that the texts do not have there: as many as there are different ones."""
    return len(seen) / (sum(seen.values()) + len(seen)) if seen else 1.0


def sounds(lexicon: Lexicon, words: Sequence[str], tokens: Sequence[str]) -> Arrays:
    """Return every pronunciation of the words."""
    spoken = [(n, phones) for n, word in enumerate(words) if word for phones in lexicon.usual(word)]
    return {
        "phones": _packed("\n".join(tokens)),
        "spoken": np.array([n for n, _ in spoken], np.uint16),
        "lengths": np.array([len(phones) for _, phones in spoken], np.uint8),
        "sounds": np.array([phone for _, phones in spoken for phone in phones], np.uint8),
    }


def _packed(text: str) -> npt.NDArray[np.uint8]:
    """Return text as numbers: loading must never unpickle."""
    return np.frombuffer(text.encode(), np.uint8)


def arrays(weighted: Sequence[Weighted]) -> Arrays:
    """Return the content of the file for these texts."""
    tokens, tables = phone_names(), read_tables()
    lexicon = Lexicon((*tokens, BOUNDARY, BLANK), tables.spelled)
    counts = counted(weighted)
    common = {word for word in tables.rarity if len(word) > FRAGMENT}
    candidates = sorted({word for word in counts.single.keys() | common if WORD.fullmatch(word)})
    lexicon.learn(candidates)
    words = ["", *(word for word in candidates if lexicon.usual(word))]
    return {
        "digest": np.frombuffer(digest(weighted), np.uint8),
        "words": _packed("\n".join(words)),
        **costs(counts, tables.rarity, words),
        **sounds(lexicon, words, tokens),
    }


def main() -> None:
    """Write the table beside the package's code."""
    held = arrays(texts())
    np.savez_compressed(OUT, allow_pickle=False, **held)
    print(f"{OUT}: {len(held['cost'])} words, {len(held['follower'])} pairs, {OUT.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
