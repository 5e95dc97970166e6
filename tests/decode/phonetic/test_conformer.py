"""The acoustic model in numpy against the engine that it was made for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from threadpoolctl import threadpool_info

from assistant.decode.phonetic.conformer import Conformer
from assistant.decode.phonetic.posteriors import IN_NOISE, Posteriors
from assistant.decode.phonetic.weights import QUIET, Array, read

AUDIO = Path(__file__).parents[2] / "data" / "speech" / "audio"


@pytest.fixture(scope="module", params=["hama's own", "for noise"])
def weights(request: pytest.FixtureRequest) -> Path:
    return IN_NOISE if request.param == "for noise" else QUIET


@pytest.fixture(scope="module")
def model(weights: Path) -> Conformer:
    return Conformer(read(weights).arrays())


@pytest.fixture(scope="module")
def hama(weights: Path) -> Callable[[Array], Array]:
    """Hama's own engine with the same weights; it has no library for Windows."""
    session = pytest.importorskip("hama.asr").ASRModel(model_path=weights).session

    def run(wave: Array) -> Array:
        held = {"waveform": wave[None], "waveform_lengths": np.array([len(wave)])}
        logp, lengths = session.run(["log_probs", "out_lengths"], held)
        return logp[0][: int(lengths[0])]

    return run


def test_recordings_are_read_as_by_the_engine_that_the_weights_were_made_for(
    model: Conformer, hama: Callable[[Array], Array]
) -> None:
    """The engine rounds more coarsely (0.005 nats by the median, 0.5 in bands that hold nothing); the phones agree."""
    differences, agreeing = [], []
    for path in sorted(AUDIO.rglob("*.flac"))[::6]:
        wave = soundfile.read(path, dtype="float32")[0]
        ours, theirs = model(wave), hama(wave)
        assert ours.shape == theirs.shape
        differences.append(np.abs(ours - theirs).max())
        agreeing.append(ours.argmax(1) == theirs.argmax(1))

    assert len(differences) >= 20
    assert np.median(differences) < 0.02
    assert np.concatenate(agreeing).mean() > 0.995


@pytest.mark.parametrize("samples", [1, 199, 201, 319, 320, 321, 1_000, 16_001])
def test_any_length_gives_as_many_frames_as_the_engine(
    model: Conformer, hama: Callable[[Array], Array], samples: int
) -> None:
    """A frame begins every 20 ms, however short the sound is, and its probabilities add up to one."""
    wave = np.random.default_rng(samples).normal(0, 0.1, samples).astype(np.float32)

    x = model(wave)

    assert x.shape == hama(wave).shape
    assert x.dtype == np.float32
    np.testing.assert_allclose(np.exp(x).sum(1), 1.0, atol=1e-4)


def test_a_file_that_lacks_an_array_is_no_model(weights: Path) -> None:
    """Nothing is read with half of the weights."""
    arrays = read(weights).arrays()
    del arrays["acoustic_model.model.blocks.3.conv.norm.bias"]

    with pytest.raises(KeyError, match=r"blocks\.3"):
        Conformer(arrays)


def test_matrices_are_multiplied_on_one_thread(posteriors: Posteriors) -> None:
    """A second one would cost as much again and save nothing."""
    assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} <= {1}
