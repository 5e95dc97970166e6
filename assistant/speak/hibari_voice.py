"""The natural English voice: hibari-tts, in memory, on one thread, with the voice in its package; never downloads."""

from __future__ import annotations

import gc
import os
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from assistant.errors import VoiceError
from assistant.messages import Clip
from assistant.speak.clean_text import clean_text
from assistant.speak.normalise import finish

SEED = 0  # of the breath noise: it makes the samples of a text reproducible
OWN_RATE = 218.0  # words a minute at speed 1.0: median of 92 sentences of the full routine (2026-11)
VOICE = "heart"  # the only voice in the package
SLOWEST, FASTEST = 0.5, 2.0  # the model's range (hibari's own documentation)
NO_TELEMETRY = "ORT_DISABLE_TELEMETRY", "1"
"""onnxruntime 1.32 writes a device id into the person's cache and, 9 s after it loads, looks up its maker's server. The
variable stops both if it is set before onnxruntime loads. A call afterwards is too late for the device id (the
privacy page of that package)."""


class HibariVoice:
    """Speaks English; 8 to 40 ms of processor time a sentence, after half a second for the first."""

    name = "hibari"

    def __init__(self) -> None:
        """Load nothing: the model is read at the first sentence."""
        try:
            self.version = f"{version('hibari-tts')}-{VOICE}"
        except PackageNotFoundError as error:
            raise self._missing(error) from error

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        """Implement `Voice.synthesise`; clamps `speed` to 0.5 to 2.0. Raises VoiceError."""
        plain = clean_text(text)
        if not plain:
            raise VoiceError(f"there is nothing to speak in {text!r}", where=self.name, remedy="write it in words")
        try:
            samples = self._engine(plain, speed=min(max(speed, SLOWEST), FASTEST), seed=SEED)
        except VoiceError:
            raise
        except Exception as error:  # the boundary to a model: every exception becomes a VoiceError
            what = f"could not say {plain!r}: {error}"
            raise VoiceError(what, where=self.name, remedy="use --voice pyttsx3") from error
        return finish(np.asarray(samples, dtype=np.float32), self._engine.sample_rate, plain, self.name)

    def rest(self) -> None:
        """Free the memory of model and dictionaries (about 60 MB); the next sentence loads them again in 0.5 s."""
        vars(self).pop("_engine", None)
        gc.collect()

    @cached_property
    def _engine(self) -> Any:  # noqa: ANN401 - hibari has no types
        try:
            os.environ.update([NO_TELEMETRY])
            from hibari import Hibari
            from hibari.voices import voice_path

            model = voice_path(VOICE, download_missing=False)
            engine = Hibari(voice=VOICE, model=model, threads=1)
            engine.sess = _without_arena(engine.sess, model)
            return engine
        except Exception as error:  # the same boundary: a missing package, a damaged model, a wrong onnxruntime
            raise self._missing(error) from error

    def _missing(self, error: Exception) -> VoiceError:
        remedy = "install hibari-tts again, or use --voice pyttsx3"
        return VoiceError(f"the voice cannot be loaded: {error}", where=self.name, remedy=remedy)


def _without_arena(session: Any, model: str) -> Any:  # noqa: ANN401 - onnxruntime has no types
    """Return the same model without onnxruntime's memory arena: after 370 sentences it holds 196 MB, not 258."""
    options = session.get_session_options()
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    return type(session)(model, options, providers=["CPUExecutionProvider"])
