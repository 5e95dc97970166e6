"""Makes assistant/decode/phonetic/english.npz, the two tables that would be slow to make at every start.

Run it again when hama or the dictionary changes:   python scripts/phone_tables.py
Needs wordfreq, which the assistant itself does not. Takes about three minutes. The file holds:

- `phones`, `cost`: the phones of cmudict as IPA and -log P(next | last) + 1, the last row and column being the edge
  of a word; words weighted by the square root of their frequency (measured: noise and other speech then earn nothing).
- `words`, `spelled`: the pronunciations that hama's own grapheme-to-phoneme model gives the commonest words and those
  of our own files, because it takes 25 ms a word. A word that is not in the table is looked up when it is learned.
- `rarity`: -log P of each of these words in general English, in nats.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
from hama import G2PModel
from hama.asr import ASRModel
from wordfreq import top_n_list, zipf_frequency

from assistant.decode.phonetic import dictionary
from assistant.decode.phonetic.lexicon import IPA

HOUSE = Path(__file__).parent.parent
TABLE = HOUSE / "assistant" / "decode" / "phonetic" / "english.npz"
BIGRAM_WORDS = 20_000  # as in the measured prototype
SPELLED_WORDS = 6_000  # covers 97 % of the words of the shipped phrases; grows the file by 40 kB


def bigram() -> tuple[list[str], np.ndarray]:
    """Return phones and costs; row: the phone before, column: the phone after, last index: the edge of a word."""
    phones = sorted({*IPA.values(), "ə"})
    at, edge = {phone: i for i, phone in enumerate(phones)}, len(phones)
    spoken = dictionary.pronunciations()
    count = np.full((edge + 1, edge + 1), 0.05)
    for word in top_n_list("en", BIGRAM_WORDS):
        weight = 10 ** ((zipf_frequency(word, "en") - 3) / 2)
        for arpa in spoken.get(word, [])[:2]:
            path = [edge, *(at[IPA[p]] for p in arpa), edge]
            for before, after in pairwise(path):
                count[before, after] += weight
    count[:, at["ə"]], count[at["ə"]] = count[:, at["ʌ"]], count[at["ʌ"]]
    p = count / count.sum(1, keepdims=True)
    across = p.copy()
    across[:edge, :edge] += p[:edge, edge:] * p[edge:, :edge]  # the next phone may begin another word
    cost = -np.log(across + 1e-6) + 1.0
    cost[:, edge] -= 1.0  # leaving a word is not a phone
    return phones, cost.astype(np.float32)


def spelled(extra: list[str]) -> tuple[list[str], list[str]]:
    """Return words and hama's phones for them, joined by spaces; empty where it fails."""
    tokens, model = set(ASRModel().decoder_tokens) - {" "}, G2PModel()
    words, sounds = [], []
    for word in sorted({*top_n_list("en", SPELLED_WORDS), *extra}):
        if not re.fullmatch(r"[a-z][a-z']*", word):
            continue
        # Loan words come letter by letter with spaces between: "s  o  ɾ  e" for sore.
        phones = [a.phoneme for a in model.predict(word).alignments if a.phoneme != " "]
        words.append(word)
        sounds.append(" ".join(phones) if all(p in tokens for p in phones) else "")
    return words, sounds


def rarity(words: list[str]) -> np.ndarray:
    """Return -log P of each word; Zipf's scale is log10 of its count in a thousand million words."""
    return np.array([(9 - zipf_frequency(word, "en")) * np.log(10) for word in words], np.float32)


def own_words() -> list[str]:
    """Return the words of the English commands and of the routines' names."""
    files = [*(HOUSE / "grammars" / "en").rglob("*.yaml"), *(HOUSE / "routines").rglob("*.yaml")]
    return re.findall(r"[a-z][a-z']*", " ".join(path.read_text(encoding="utf-8").lower() for path in files))


def main() -> None:
    """Write the tables beside the package's code."""
    phones, cost = bigram()
    words, sounds = spelled(own_words())
    # Joined text, not arrays of objects: loading must never unpickle.
    text = {"phones": " ".join(phones), "words": "\n".join(words), "spelled": "\n".join(sounds)}
    packed = {name: np.frombuffer(value.encode(), np.uint8) for name, value in text.items()}
    np.savez_compressed(TABLE, allow_pickle=False, cost=cost, rarity=rarity(words), **packed)
    print(f"{TABLE}: {len(phones)} phones, {len(words)} words, {TABLE.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
