"""The weight file of the acoustic model, which the recipe in scripts/adapt_to_noise reads and writes."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the phonetic engine has no library for Windows")

RECIPE = Path(__file__).parents[1] / "scripts" / "adapt_to_noise" / "weights.py"
BIAS = "acoustic_model.model.proj.bias"


@pytest.fixture(scope="module")
def weights():
    """The recipe's module; its dataclasses look themselves up by its name."""
    spec = spec_from_file_location("recipe_weights", RECIPE)
    module = module_from_spec(spec)
    sys.modules["recipe_weights"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def own(weights):
    """The weights that hama came with."""
    return weights.read(weights.installed())


def test_weights_that_nothing_was_taught_are_written_as_they_were_read(own):
    """All arrays as float32 and back give the installed file, byte by byte."""
    written = own.with_arrays(own.arrays())

    assert written == own.raw
    assert len(own.entries) == 119


def test_a_changed_array_is_the_only_one_that_changes(weights, own, tmp_path):
    """What was written for one name is read for it again, and all others are as before."""
    taught = own.arrays()[BIAS] + 0.25
    file = tmp_path / "taught.hama"
    file.write_bytes(own.with_arrays({BIAS: taught}))
    before, after = own.arrays(), weights.read(file).arrays()

    assert np.allclose(after[BIAS], taught, atol=0.01)
    assert [name for name in before if not np.array_equal(before[name], after[name])] == [BIAS]


def test_the_ear_hears_with_the_written_weights(own, tmp_path):
    """A bias of the blank that is raised by 5 makes hama's own engine find more blank."""
    hama = pytest.importorskip("hama.asr")
    taught = own.arrays()[BIAS]
    taught[-1] += 5
    file = tmp_path / "taught.hama"
    file.write_bytes(own.with_arrays({BIAS: taught}))
    sound = np.random.default_rng(1).normal(0, 0.1, 16_000).astype(np.float32)
    held = {"waveform": sound[None], "waveform_lengths": np.array([len(sound)])}

    (usual, _), (other, _) = (
        hama.ASRModel(model_path=path).session.run(["log_probs", "out_lengths"], held) for path in (None, file)
    )

    assert other[0, :, -1].mean() > usual[0, :, -1].mean()


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda raw: b"RIFF" + raw[4:], "no weights of hama"),
        (lambda raw: raw[:300], "damaged; its list of arrays cannot be read"),
        (lambda raw: raw[:-1], "damaged; the array '.+' is not all there"),
        (lambda _: b"", "no weights of hama"),
    ],
    ids=["another format", "cut in the list", "cut in the data", "empty"],
)
def test_a_damaged_file_is_refused_with_its_name(weights, own, tmp_path, damage, complaint):
    """The person learns which file it is, and what is wrong with it."""
    file = tmp_path / "taught.hama"
    file.write_bytes(damage(own.raw))

    with pytest.raises(weights.BadWeights, match=f"taught.hama: {complaint}"):
        weights.read(file)


@pytest.mark.parametrize(
    "changed",
    [{"another": np.zeros(1, np.float32)}, {BIAS: np.zeros(3, np.float32)}, {BIAS: np.full(191, 1e6, np.float32)}],
    ids=["unknown name", "another shape", "too large for float16"],
)
def test_numbers_that_do_not_fit_the_file_are_refused(weights, own, changed):
    """Nothing is written that the ear could not read, or that is not a number for it."""
    with pytest.raises(weights.BadWeights):
        own.with_arrays(changed)
