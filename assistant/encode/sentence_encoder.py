"""Runs the sentence encoder that lies in this folder: text in, a vector of its meaning out.

The model is all-MiniLM-L6-v2 (Reimers and Gurevych, Apache-2.0) with whole numbers of 7 bits as weights:
scripts/sentence_encoder.py made it. Against the original the cosine is 0.987 in the mean and 0.966 at least (270
wordings). Seven bits, since sums of products of eight overflow on processors without VNNI.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.encode.word_pieces import WordPieces
from assistant.errors import EngineError

if TYPE_CHECKING:
    import onnxruntime

Vector: TypeAlias = npt.NDArray[np.float32]

MODEL = Path(__file__).with_name("minilm.onnx")
PIECES = Path(__file__).with_name("minilm_pieces.txt")


class SentenceEncoder:
    """The model and its vocabulary, loaded at the first text: 0.1 s, 42 MB. One text takes 1.3 ms on one thread."""

    def __init__(self, model: Path = MODEL, pieces: Path = PIECES) -> None:
        """Take the files; nothing is read yet."""
        self._model, self._vocabulary = model, pieces
        self._session: onnxruntime.InferenceSession | None = None
        self._pieces: WordPieces | None = None

    def __call__(self, text: str) -> Vector:
        """Return 384 numbers of length 1; texts that mean the same lie in the same direction.

        Raises EngineError where the files are missing or damaged.
        """
        if self._session is None or self._pieces is None:
            self._session, self._pieces = self._load()
        numbers = np.array(self._pieces.numbers(text), np.int64)
        (vector,) = self._session.run(None, {"pieces": numbers})
        return np.asarray(vector, np.float32)

    def _load(self) -> tuple[onnxruntime.InferenceSession, WordPieces]:
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before it loads (speak/hibari_voice.py says why)
        import onnxruntime  # 0.1 s that sessions without free speech save

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            pieces = WordPieces(self._vocabulary.read_text(encoding="utf-8").splitlines())
            session = onnxruntime.InferenceSession(self._model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its exceptions have no family of their own but Exception
            raise EngineError(
                "the sentence encoder cannot be read", where=self._model.name, remedy="Install tuina again"
            ) from error
        return session, pieces
