"""The phoneme model and what hangs on it, loaded once; hand-made frames for those who need no model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from assistant.decode.phonetic.lexicon import Lexicon
from assistant.decode.phonetic.phone_loop import Tables, read_tables
from assistant.decode.phonetic.posteriors import Frames, Posteriors


@pytest.fixture(scope="session")
def tables() -> Tables:
    return read_tables()


@pytest.fixture(scope="session")
def posteriors() -> Posteriors:
    return Posteriors()


@pytest.fixture(scope="session")
def lexicon(posteriors: Posteriors, tables: Tables) -> Lexicon:
    return Lexicon(posteriors.tokens, tables.spelled)


@pytest.fixture
def spoken(posteriors: Posteriors, lexicon: Lexicon) -> Callable[[str], Frames]:
    """Frames of somebody who says each word's first pronunciation perfectly, a boundary between the words."""

    def make(text: str) -> Frames:
        boundary = posteriors.tokens.index("<wb>")
        columns = [boundary]
        for word in text.split():
            for phone in lexicon.pronunciations(word)[0]:
                columns += [phone, posteriors.blank]
            columns[-1] = boundary
        x = np.full((len(columns), posteriors.edge), -9.0, np.float32)
        x[np.arange(len(columns)), columns] = 0.0
        return np.concatenate([x, np.maximum(x[:, posteriors.blank], x[:, boundary])[:, None]], axis=1)

    return make
