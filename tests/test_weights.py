"""The weight file of the acoustic model, which the recipe in scripts/adapt_to_noise reads and writes."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

from assistant.decode.phonetic.posteriors import Posteriors
from assistant.decode.phonetic.weights import QUIET, BadWeights, read

RECIPE = Path(__file__).parents[1] / "scripts" / "adapt_to_noise" / "taught.py"
BIAS = "acoustic_model.model.proj.bias"


@pytest.fixture(scope="module")
def with_arrays():
    """Return the recipe's writer of weight files."""
    spec = spec_from_file_location("recipe_taught", RECIPE)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.with_arrays


@pytest.fixture(scope="module")
def own():
    """The weights that hama came with."""
    return read(QUIET)


def test_weights_that_nothing_was_taught_are_written_as_they_were_read(with_arrays, own):
    """All arrays as float32 and back give the shipped file, byte by byte."""
    written = with_arrays(own, own.arrays())

    assert written == own.raw
    assert len(own.entries) == 119


def test_a_changed_array_is_the_only_one_that_changes(with_arrays, own, tmp_path):
    """An array that was written is read again, and all others are unchanged."""
    taught = own.arrays()[BIAS] + 0.25
    file = tmp_path / "taught.hama"
    file.write_bytes(with_arrays(own, {BIAS: taught}))
    before, after = own.arrays(), read(file).arrays()

    assert np.allclose(after[BIAS], taught, atol=0.01)
    assert [name for name in before if not np.array_equal(before[name], after[name])] == [BIAS]


def test_the_ear_hears_with_the_written_weights(with_arrays, own, tmp_path):
    """A bias of the blank that is raised by 5 makes the ear find more blank."""
    taught = own.arrays()[BIAS]
    taught[-1] += 5
    file = tmp_path / "taught.hama"
    file.write_bytes(with_arrays(own, {BIAS: taught}))
    sound = np.random.default_rng(1).normal(0, 3_000, 16_000).astype(np.int16)

    usual, other = (Posteriors(path) for path in (QUIET, file))

    assert other(sound)[:, other.blank].mean() > usual(sound)[:, usual.blank].mean()


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
def test_a_damaged_file_is_refused_with_its_name(own, tmp_path, damage, complaint):
    """The person learns which file it is, and what is wrong with it."""
    file = tmp_path / "taught.hama"
    file.write_bytes(damage(own.raw))

    with pytest.raises(BadWeights, match=f"taught.hama: {complaint}"):
        read(file)


@pytest.mark.parametrize(
    "changed",
    [{"another": np.zeros(1, np.float32)}, {BIAS: np.zeros(3, np.float32)}, {BIAS: np.full(191, 1e6, np.float32)}],
    ids=["unknown name", "another shape", "too large for float16"],
)
def test_numbers_that_do_not_fit_the_file_are_refused(with_arrays, own, changed):
    """Nothing is written that the ear could not read, or that is not a number for it."""
    with pytest.raises(BadWeights):
        with_arrays(own, changed)
