"""The spelling model in numpy against the engine that it was made for, and the copied files against the package."""

from __future__ import annotations

import time
from importlib import resources

import pytest

from assistant.decode.phonetic import spelling
from assistant.decode.phonetic.spelling import Speller, phone_names
from assistant.decode.phonetic.weights import QUIET
from assistant.errors import EngineError

COMMON = ["stop", "kidney", "again", "pressure", "immovable", "awestruck", "abandonment", "don't", "macchiato"]
MADE_UP = ["zorbling", "qua", "a", "xyzzy", "rhythmless", "vaizotee's", "mmmm"]


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller()


@pytest.mark.parametrize("word", [*COMMON, *MADE_UP])
def test_a_word_is_spelled_as_hama_spells_it(speller: Speller, word: str) -> None:
    """The same phones in the same order as hama's own engine, for words and for names that are none."""
    hama = pytest.importorskip("hama").G2PModel()

    assert speller(word) == [each.phoneme for each in hama.predict(word).alignments]


def test_the_weights_are_those_of_the_package() -> None:
    """The acoustic model's file is hama's byte for byte, and its phones have the same names in the same order."""
    pytest.importorskip("hama")
    from hama.vocab import Vocabulary

    assert QUIET.read_bytes() == resources.files("hama.assets").joinpath("asr_waveform.hama").read_bytes()
    assert phone_names() == tuple(Vocabulary.load().decoder)


def test_a_long_word_ends(speller: Speller) -> None:
    """Whatever is written, at most 32 phones come back, in a time that nobody notices."""
    began = time.process_time()

    assert 0 < len(speller("ab" * 200)) <= spelling.MOST_PHONES
    assert time.process_time() - began < 1.0


def test_a_letter_of_another_script_is_refused(speller: Speller) -> None:
    """The lexicon asks for words of English letters only; anything else is an error, not a guess."""
    with pytest.raises(ValueError, match="substring"):
        speller("ñandú")


@pytest.mark.parametrize("damaged", [b"", b"PK\x03\x04", None])
def test_a_damaged_file_is_an_error_with_a_remedy(monkeypatch, tmp_path, damaged) -> None:
    """A file that is cut off, or is not there, is told instead of an ear without pronunciations."""
    if damaged is not None:
        tmp_path.joinpath(spelling.FILE).write_bytes(damaged)
    monkeypatch.setattr(spelling.resources, "files", lambda _: tmp_path)

    for load in (Speller, phone_names):
        with pytest.raises(EngineError, match="does not load") as caught:
            load()
        assert "tuina" in caught.value.remedy
