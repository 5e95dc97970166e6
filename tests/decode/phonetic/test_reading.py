"""Free readings: phones of real recordings, shared out over words, and held against everything that can be said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.capture.wav_file import WavFile
from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.decode.phonetic.reading import Reader, cut, difference, free_reading, is_phone
from assistant.errors import EngineError
from assistant.messages import Intent, Phrase

SPEECH = Path(__file__).parents[2] / "data" / "speech" / "audio"
PHRASES = (
    Phrase(text="stop", intent=Intent.STOP),
    Phrase(text="start", intent=Intent.READY),
    Phrase(text="no", intent=Intent.NO),
    Phrase(text="how many left", intent=Intent.HOW_MANY_LEFT),
)
TOKENS = ("<blank>", "<wb>", "s", "t", "ɑ", "p", "%")
S, T, A, P = 2, 3, 4, 5


@pytest.fixture(scope="module")
def ear() -> PhoneticEngine:
    made = PhoneticEngine()
    made.learn(PHRASES)
    return made


@pytest.fixture(scope="module")
def reader(ear) -> Reader:
    return ear.reader()


def sound(name: str):
    return np.concatenate([block.pcm for block in WavFile(SPEECH / name).blocks()])


def frames(*tokens: str):
    x = np.full((len(tokens), len(TOKENS)), -9.0, np.float32)
    x[np.arange(len(tokens)), [TOKENS.index(token) for token in tokens]] = 0.0
    return x


def test_each_phone_is_read_once_however_long_it_sounds():
    """Frames that say the same are one phone; a blank between them makes two."""
    reading = free_reading(frames("s", "s", "t", "<blank>", "t", "ɑ", "<blank>"), TOKENS)

    assert reading == ("s t t ɑ",)


def test_words_end_where_the_model_says_so():
    """A boundary at an end, or twice, makes no empty word; punctuation is no phone."""
    reading = free_reading(frames("<wb>", "s", "<wb>", "<wb>", "t", "%", "<wb>"), TOKENS)

    assert reading == ("s", "t")


def test_silence_reads_as_nothing():
    """Blanks only."""
    assert free_reading(frames("<blank>", "<blank>"), TOKENS) == ()


@pytest.mark.parametrize(("token", "is_one"), [("ɟ", True), ("͡", True), ("<blank>", False), (" ", False), ("%", False)])
def test_letters_and_marks_of_the_alphabet_are_phones(token, is_one):
    """The model's other tokens are no phones."""
    assert is_phone(token) is is_one


def test_a_reading_is_cut_where_the_words_fit_best():
    """Not where the model put a boundary, if the phones say otherwise."""
    parts = cut(((S, T), (A, P)), [((S,),), ((T, A, P),)])

    assert parts == ((S,), (T, A, P))


def test_between_two_cuts_that_fit_alike_the_boundary_decides():
    """The phone in the middle belongs to neither word."""
    words = [((S,),), ((P,),)]

    assert cut(((S, T), (P,)), words) == ((S, T), (P,))
    assert cut(((S,), (T, P)), words) == ((S,), (T, P))


def test_fewer_phones_than_words_cannot_be_cut():
    """Each word needs one."""
    assert cut(((S,),), [((S,),), ((P,),)]) == ()


def test_a_person_is_read_as_the_model_writes(reader):
    """Two recordings of people."""
    said = [reader.read(sound(f"gsc/{name}")) for name in ("stop_cc592808_nohash_1.flac", "no_5c8af87a_nohash_4.flac")]

    assert difference(said[0], ("s t ɑ p",)) <= 0.25
    assert difference(said[1], ("n o",)) <= 0.5


def test_the_distance_counts_phones_to_everything_at_once(reader):
    """Left out, put in, exchanged: one each; words that are only pieces compete as well."""
    far = reader.distances(("s t ɑ p",))

    assert (far["stop"], far["start"]) == (0, 2)
    assert reader.distances(("s t ɑ",))["stop"] == 1
    assert reader.distances(("s t ɑ p t",))["stop"] == 1
    assert reader.distances(("s t ɔ p",))["stop"] == 1
    assert "left" in far


def test_a_sentence_gives_each_word_its_part(reader):
    """Unknown parts are what can be learned."""
    parts = reader.shared_out(("h aʊ", "m æ n", "h i", "l aɪ f t"), "how many left")

    assert parts == {"how": "h aʊ", "many": "m æ n h i", "left": "l aɪ f t"}
    assert reader.is_known("how", "h aʊ")
    assert not reader.is_known("left", "l aɪ f t")


def test_what_a_person_says_is_heard_by_that_persons_ear_only():
    """The same phones are far from the word for everybody else."""
    own = PhoneticEngine({"no": ("l ɑ k",), "left": ("not phones",)})
    own.learn(PHRASES)

    assert own.reader().distances(("l ɑ k",))["no"] == 0
    assert own.reader().is_known("no", "l ɑ k")
    assert own.unknown_words(PHRASES) == ()


def test_nothing_can_be_read_before_anything_was_learned():
    """There is nothing to compare with."""
    with pytest.raises(EngineError, match="no phrase to compare"):
        PhoneticEngine().reader()
