"""The real encoder: what means the same lies close together."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.encode import SentenceEncoder
from assistant.encode.sentence_encoder import MODEL, PIECES
from assistant.errors import EngineError


@pytest.fixture(scope="module")
def encode():
    return SentenceEncoder()


@pytest.mark.parametrize(
    ("text", "alike", "unlike"),
    [
        ("please slow down", "you are going too fast", "where exactly do i press"),
        ("my shoulder hurts", "there is an ache in my shoulder", "how many are left"),
        ("what comes after this", "what is coming next", "turn the volume up"),
    ],
)
def test_sentences_of_one_meaning_lie_together(encode, text, alike, unlike):
    """The cosine to a sentence of the same meaning is higher than to one of another."""
    assert encode(text) @ encode(alike) > encode(text) @ encode(unlike) + 0.2


@pytest.mark.parametrize("text", ["", "stop", "☃", "ow " * 500])
def test_any_text_has_a_vector_of_length_one(encode, text):
    """Also one without words, and one without end."""
    vector = encode(text)

    assert vector.shape == (384,)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_the_same_text_has_the_same_vector(encode):
    """Neither the order of texts nor a second encoder changes it."""
    first = encode("a bit softer")
    encode("something else")

    assert np.array_equal(encode("a bit softer"), first)
    assert np.array_equal(SentenceEncoder()("a bit softer"), first)


def test_a_damaged_file_is_told_with_its_remedy(tmp_path):
    """Each of the two files; nothing is read before the first text."""
    for damaged in ("model.onnx", "pieces.txt"):
        (tmp_path / damaged).write_bytes(b"nothing of use")

    for encoder in (SentenceEncoder(tmp_path / "model.onnx", PIECES), SentenceEncoder(MODEL, tmp_path / "pieces.txt")):
        with pytest.raises(EngineError, match="cannot be read"):
            encoder("stop")
    with pytest.raises(EngineError, match="cannot be read"):
        SentenceEncoder(tmp_path / "missing.onnx")("stop")
