"""The arrays learned from a language's wordings are read, or told as damaged."""

from __future__ import annotations

import pytest

from assistant.errors import BadFiles
from assistant.store.library import meaning_arrays
from assistant.store.library.catalogue import home_folder

FILE = home_folder() / "grammars" / "en" / "meaning.npz"


@pytest.mark.parametrize("bytes_kept", [0, 4, 10_000, -20])
def test_a_file_that_breaks_off_is_told(tmp_path, bytes_kept):
    """Empty, without its head's end, in the middle, and without its table."""
    folder = tmp_path / "grammars" / "en"
    folder.mkdir(parents=True)
    (folder / "meaning.npz").write_bytes(FILE.read_bytes()[:bytes_kept])

    with pytest.raises(BadFiles) as told:
        meaning_arrays("en", home=tmp_path)
    assert [problem.what for problem in told.value.problems] == ["the learned meaning cannot be read"]


def test_a_file_with_objects_is_not_unpickled(tmp_path):
    """Arrays that would run code are refused."""
    import numpy as np

    folder = tmp_path / "grammars" / "en"
    folder.mkdir(parents=True)
    np.savez(folder / "meaning.npz", classes=np.array([object()]))

    with pytest.raises(BadFiles):
        meaning_arrays("en", home=tmp_path)


def test_packed_bytes_that_are_damaged_are_told(tmp_path):
    """In the middle of the file, where only zlib notices it."""
    import numpy as np

    folder = tmp_path / "grammars" / "en"
    folder.mkdir(parents=True)
    np.savez_compressed(folder / "meaning.npz", a=np.arange(5_000, dtype=np.float32))
    held = bytearray((folder / "meaning.npz").read_bytes())
    held[60] ^= 0xFF
    (folder / "meaning.npz").write_bytes(held)

    with pytest.raises(BadFiles, match="cannot be read"):
        meaning_arrays("en", home=tmp_path)
