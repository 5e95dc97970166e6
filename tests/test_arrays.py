"""Arrays of an .npz file: whatever is damaged in it is one kind of error."""

from __future__ import annotations

import io

import numpy as np
import pytest

from assistant.arrays import DamagedArrays, arrays_in


@pytest.fixture
def held():
    """Two arrays, packed."""
    out = io.BytesIO()
    np.savez_compressed(out, a=np.arange(5_000, dtype=np.float32), b=np.arange(12).reshape(3, 4))
    return out.getvalue()


def test_arrays_come_back_as_they_were(held):
    """All, or those that are named."""
    assert set(arrays_in(held)) == {"a", "b"}
    assert arrays_in(held, ["b"])["b"].shape == (3, 4)


def flagged(held):
    """Every file in it is said to have a password."""
    damaged = bytearray(held)
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := held.find(head, at + 1)) >= 0:
            damaged[at + flags] |= 1
    return bytes(damaged)


@pytest.mark.parametrize(
    "harm",
    [
        lambda held: b"",
        lambda held: held[: len(held) // 2],
        lambda held: held[:60] + bytes([held[60] ^ 0xFF]) + held[61:],  # what is packed
        flagged,
        lambda held: held.replace(b"a.npy", b"c.npy"),
        lambda held: b"\x80\x04]\x94.",  # a pickle
    ],
    ids=["empty", "half", "packed", "flag", "name", "pickle"],
)
def test_damage_is_one_kind_of_error(held, harm):
    """Also where the library itself raises zlib's error, or that of a missing password."""
    with pytest.raises(DamagedArrays):
        arrays_in(harm(held), ["a"])


def test_an_array_that_is_not_there_is_damage(held):
    """A file of another version."""
    with pytest.raises(DamagedArrays):
        arrays_in(held, ["c"])
