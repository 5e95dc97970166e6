"""Sound in, log-probabilities of phones out: the only file that touches hama's acoustic model.

hama's session is not a promised interface, hence the pinned version and the check when the model is loaded. There are
two sets of weights: hama's own, and the same after 138 hours of noisy speech (scripts/adapt_to_noise).
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.errors import EngineError
from assistant.messages import EAR_RATE_HZ, Pcm

Frames: TypeAlias = npt.NDArray[np.float32]

HAMA = "1.7.0"  # the version whose session was measured
FRAME_S = 0.02
BLANK_BIAS = -2.0  # nats; best for short commands (recognition.md), -3 for whole sentences in noise
LONGEST_S = 30.0  # the model silently ignores what lies beyond
PROBE = EAR_RATE_HZ // 5
IN_NOISE = Path(__file__).with_name("in_noise.hama")
"""Weights for noisy speech. Reading first, with hama's own in doubt, they hear 233 of 275 commands in pink noise at 6
dB and 542 of 552 in quiet; one reading by hama's own hears 195 and 529."""
REMEDY = f"Install hama=={HAMA}, or use --engine vosk"
REMEDY_OF_OURS = "Install tuina again, or use --engine vosk"


class Posteriors:
    """The phoneme model, loaded (15 ms, 30 MB)."""

    def __init__(self, weights: Path | None = None) -> None:
        """Load hama's own weights, or those of a file.

        Raises EngineError where hama is missing, has no library here, is another version, or cannot read the file.
        """
        self._model = _load(weights)
        self.tokens: tuple[str, ...] = tuple(self._model.decoder_tokens)
        self.blank = self.tokens.index("<blank>")
        self._boundary = self.tokens.index("<wb>")
        self.edge = len(self.tokens)
        """Index of the last column: max(blank, word boundary), what the silence around a word emits."""
        self._check()

    def __call__(self, pcm: Pcm) -> Frames:
        """Log-probabilities, shape (frames of 20 ms, tokens + 1), of int16 mono at 16 000 Hz, at most 30 s.

        About 0.05 s of processor time for a second of sound; empty sound gives no frames.
        """
        if not len(pcm):
            return np.zeros((0, self.edge + 1), np.float32)
        x = self._run(pcm.astype(np.float32) / 32768.0)
        x[:, self.blank] += BLANK_BIAS
        return np.concatenate([x, np.maximum(x[:, self.blank], x[:, self._boundary])[:, None]], axis=1)

    def _run(self, wave: Frames) -> Frames:
        held = {"waveform": wave[None], "waveform_lengths": np.array([len(wave)])}
        logp, lengths = self._model.session.run(["log_probs", "out_lengths"], held)
        return np.array(logp[0][: int(lengths[0])], np.float32)

    def _check(self) -> None:
        """Refuse a model whose output is not what the scores were measured on."""
        x = self._run(np.zeros(PROBE, np.float32))
        if x.shape[1:] != (len(self.tokens),) or not np.allclose(np.exp(x).sum(1), 1.0, atol=1e-3):
            raise EngineError("the phoneme model gives no probabilities", where="hama", remedy=REMEDY)


def _load(weights: Path | None) -> Any:  # noqa: ANN401 - hama has no types
    try:
        from hama.asr import ASRModel
    except ImportError as error:
        raise EngineError("the phonetic engine is not installed", where="hama", remedy=REMEDY) from error
    installed = metadata.version("hama")
    if installed != HAMA:
        raise EngineError(f"hama is version {installed}, {HAMA} is needed", where="hama", remedy=REMEDY)
    try:
        model = ASRModel(model_path=weights)
    except (RuntimeError, OSError, KeyError, ValueError) as error:
        where, remedy = (weights.name, REMEDY_OF_OURS) if weights else ("hama", REMEDY)
        raise EngineError(f"the phoneme model does not load ({error})", where=where, remedy=remedy) from error
    lacks_tokens = not {"<blank>", "<wb>"} <= set(getattr(model, "decoder_tokens", ()))
    if lacks_tokens or not callable(getattr(getattr(model, "session", None), "run", None)):
        raise EngineError("the phoneme model has changed its interface", where="hama", remedy=REMEDY)
    return model
