"""Phrases of different commands that sound nearly alike: each such pair is known, and its mistake is harmless."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import yaml
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from assistant.decode.phonetic import dictionary
from assistant.interpret import expand
from assistant.messages import SAFETY, Intent, Phrase
from assistant.store.library import load

KNOWN = Path(__file__).parent / "data" / "sound_alikes.yaml"
ALIKE = 1.0  # phones apart; one phone is what noise takes away
ALIKE_SHARE = 0.2  # or this share of the longer phrase
NOT_IN_CMUDICT = {"tingles": "T IH NG G AH L Z"}

VOWELS = {
    # how open, how far to the front; diphthongs lie between their ends
    "AA": (0.0, 0.0),
    "AE": (0.0, 1.0),
    "AH": (0.5, 0.5),
    "AO": (0.2, 0.0),
    "AW": (0.0, 0.3),
    "AY": (0.0, 0.7),
    "EH": (0.5, 1.0),
    "ER": (0.5, 0.5),
    "EY": (0.7, 1.0),
    "IH": (1.0, 1.0),
    "IY": (1.2, 1.2),
    "OW": (0.6, 0.0),
    "OY": (0.5, 0.2),
    "UH": (1.0, 0.2),
    "UW": (1.2, 0.0),
}
CONSONANTS = {
    # where, how, voiced or not
    "B": "lips stop voiced",
    "P": "lips stop plain",
    "M": "lips nasal voiced",
    "W": "lips glide voiced",
    "F": "lips hiss plain",
    "V": "lips hiss voiced",
    "TH": "teeth hiss plain",
    "DH": "teeth hiss voiced",
    "D": "ridge stop voiced",
    "T": "ridge stop plain",
    "N": "ridge nasal voiced",
    "L": "ridge glide voiced",
    "S": "ridge hiss plain",
    "Z": "ridge hiss voiced",
    "R": "palate glide voiced",
    "Y": "palate glide fronted",
    "SH": "palate hiss plain",
    "ZH": "palate hiss voiced",
    "CH": "palate burst plain",
    "JH": "palate burst voiced",
    "G": "back stop voiced",
    "K": "back stop plain",
    "NG": "back nasal voiced",
    "HH": "throat hiss plain",
}
APART = {1: 0.5, 2: 0.8, 3: 1.0}  # consonants that differ in so many ways; chosen by ear


@pytest.fixture(scope="module")
def phrases() -> tuple[Phrase, ...]:
    return expand(load().pack)


@pytest.fixture(scope="module")
def alike(phrases: tuple[Phrase, ...]) -> set[frozenset[str]]:
    return {frozenset((one.text, other.text)) for one, other in pairs_alike(phrases)}


@cache
def swap(one: str, other: str) -> float:
    """Return the cost of hearing one phone for another, 0 to 1."""
    if one == other:
        return 0.0
    if one in VOWELS and other in VOWELS:
        return min(1.0, max(0.3, float(np.hypot(*np.subtract(VOWELS[one], VOWELS[other])))))
    if one in CONSONANTS and other in CONSONANTS:
        differing = (a != b for a, b in zip(CONSONANTS[one].split(), CONSONANTS[other].split(), strict=True))
        return APART[sum(differing)]
    return 1.0


def distance(one: Sequence[str], other: Sequence[str]) -> float:
    """Levenshtein's distance over phones, with `swap` for a substitution and 1 for a phone too many or too few."""
    row = [float(j) for j in range(len(other) + 1)]
    for i, phone in enumerate(one, start=1):
        above, row = row, [float(i)]
        for j, rival in enumerate(other):
            row.append(min(above[j + 1] + 1, row[j] + 1, above[j] + swap(phone, rival)))
    return row[-1]


def pairs_alike(phrases: Sequence[Phrase]) -> Iterator[tuple[Phrase, Phrase]]:
    """All pairs that mean different things, and are nearer than `ALIKE` or `ALIKE_SHARE`."""
    sounds = dictionary.pronunciations()
    spoken = []
    for phrase in phrases:
        words = (sounds[word][0] if word in sounds else NOT_IN_CMUDICT[word].split() for word in phrase.text.split())
        spoken.append(tuple(phone.rstrip("012") for word in words for phone in word))
    letters = {phone: chr(ord("A") + i) for i, phone in enumerate(sorted({p for one in spoken for p in one}))}
    written = ["".join(letters[phone] for phone in one) for one in spoken]
    plain = cdist(written, written, scorer=Levenshtein.distance, dtype=np.uint8)
    longer = np.maximum.outer(*[np.array([len(one) for one in spoken])] * 2)
    for i, j in np.argwhere(np.triu(plain <= np.maximum(2, 2 * ALIKE_SHARE * longer), 1)):
        if phrases[i].intent is not phrases[j].intent:
            apart = distance(spoken[i], spoken[j])
            if apart <= ALIKE or apart <= ALIKE_SHARE * longer[i, j]:
                yield phrases[i], phrases[j]


def known() -> list[dict[str, object]]:
    held = yaml.safe_load(KNOWN.read_text("utf-8"))
    assert isinstance(held, list)
    return held


def test_every_pair_that_sounds_alike_is_known(alike: set[frozenset[str]]) -> None:
    """A new phrase near an old one of another meaning is met here, not in a session; no entry outlives its phrases."""
    listed = {frozenset(pair) for entry in known() for pair in entry["pairs"]}  # type: ignore[attr-defined]

    assert sorted(map(sorted, alike - listed)) == []
    assert sorted(map(sorted, listed - alike)) == []


def test_every_known_pair_says_why_it_stays() -> None:
    """Each entry names two intents and gives a reason."""
    for entry in known():
        one, other = str(entry["intents"]).split(", ")

        assert Intent(one) is not Intent(other)
        assert len(str(entry["why"])) > 20


def test_no_pair_takes_a_safety_word_for_one_that_goes_on(
    alike: set[frozenset[str]], phrases: tuple[Phrase, ...]
) -> None:
    """Each pair of intents that takes a safety word for another is reviewed by name: these pairs, and no others."""
    meaning = {phrase.text: phrase.intent for phrase in phrases}

    near_safety = {
        frozenset(meaning[text].value for text in pair)
        for pair in alike
        if any(meaning[text] in SAFETY for text in pair)
    }

    assert near_safety == {
        frozenset(pair)
        for pair in (
            ("pain", "red_flag"),
            ("pain", "no"),
            ("red_flag", "no"),
            ("pain", "sorer_side"),
            ("red_flag", "done"),
            ("stop", "ready"),
            ("too_hard", "faster"),
            ("too_hard", "more_reps"),
            ("too_hard", "quieter"),
        )
    }


def test_the_measure_tells_near_from_far() -> None:
    """Voicing is half a phone, a lost phone is one, other words are far."""
    pet, bed, stop = ("P", "EH", "T"), ("B", "EH", "D"), ("S", "T", "AA", "P")

    assert distance(pet, pet) == 0.0
    assert distance(pet, bed) == 1.0
    assert distance(stop, stop[1:]) == 1.0
    assert all(distance(one, other) > ALIKE for one, other in combinations((pet, stop, ("N", "OW")), 2))
