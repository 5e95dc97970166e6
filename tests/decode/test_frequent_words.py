"""The shipped words of each language are wordfreq's, in its order."""

from __future__ import annotations

import gzip

import pytest
import wordfreq

from assistant.decode import frequent_words
from assistant.decode.frequent_words import most_frequent
from assistant.decode.vosk_engine import DECOYS, common_words
from assistant.errors import EngineError


def test_english_is_what_wordfreq_says() -> None:
    """All 20,000 words that a check looks through, in the same order."""
    assert most_frequent("en", 20_000) == wordfreq.top_n_list("en", 20_000)
    assert most_frequent("en-us", 500) == wordfreq.top_n_list("en", 500)


@pytest.mark.parametrize("language", sorted(wordfreq.available_languages()))
def test_decoys_are_what_wordfreq_gives(language: str) -> None:
    """Sixty words of two letters or more for each language that wordfreq counts."""
    ranked = wordfreq.top_n_list(language, 600)

    assert common_words(language) == [word for word in ranked if len(word) >= 2][:60]
    assert len(common_words(language)) == DECOYS


def test_a_language_that_nobody_counted_has_no_words() -> None:
    """Another language's words would be decoys for nobody."""
    assert most_frequent("ka", 10) == []
    assert most_frequent("", 10) == []


@pytest.mark.parametrize(
    "damaged", [b"", b"no gzip", gzip.compress(b"[]", mtime=0), gzip.compress(bytes(99), mtime=0)[:20]]
)
def test_a_damaged_file_is_an_error_with_a_remedy(monkeypatch, tmp_path, damaged) -> None:
    """Half a file is told, instead of an ear without decoys."""
    tmp_path.joinpath(frequent_words.FILE).write_bytes(damaged)
    monkeypatch.setattr(frequent_words.resources, "files", lambda _: tmp_path)

    with pytest.raises(EngineError, match="damaged"):
        most_frequent("en", 10)
