"""Common words against the sound: the score of the best sequence of them, and what talk is compared with."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from assistant.decode.phonetic.background_words import COUNT, RARITY, CommonWords
from assistant.decode.phonetic.lexicon import Lexicon, Sounds
from assistant.decode.phonetic.phone_loop import Tables
from assistant.decode.phonetic.posteriors import Frames, Posteriors
from assistant.decode.phonetic.sentences import Sentences

BLANK, EDGE = 3, 4  # of the tiny model with the phones 0, 1, 2
SOUNDS: dict[str, tuple[Sounds, ...]] = {"a": ((0, 1), (0, 2, 0, 1)), "b": ((2,),), "c": ((0, 2, 1),)}
TINY = {"a": 1.0, "b": 3.0, "c": 8.0}


@pytest.mark.parametrize("seed", range(5))
def test_the_score_is_that_of_the_best_words(seed: int) -> None:
    """One pass finds what scoring every sequence of up to five words finds, less what the words cost."""
    x = np.log(np.random.default_rng(seed).dirichlet(np.full(EDGE, 0.3), 8)).astype(np.float32)
    x = np.concatenate([x, x[:, BLANK:]], axis=1)
    spoken = [words for n in range(1, 6) for words in itertools.product(TINY, repeat=n)]
    scores = Sentences([" ".join(words) for words in spoken], SOUNDS.__getitem__, blank=BLANK, edge=EDGE).scores(x)
    costs = [RARITY * sum(TINY[word] for word in words) for words in spoken]

    found = CommonWords(TINY, SOUNDS.__getitem__, blank=BLANK, edge=EDGE).score(x)

    silence = float(x[:, EDGE].sum())
    assert found == pytest.approx(max(silence, *(scores - costs)), abs=1e-3)


def test_no_frames_score_nothing() -> None:
    """An empty sound is worth 0.0, as everywhere."""
    words = CommonWords(TINY, SOUNDS.__getitem__, blank=BLANK, edge=EDGE)

    assert words.score(np.zeros((0, EDGE + 1), np.float32)) == 0.0


@pytest.fixture(scope="module")
def common(posteriors: Posteriors, lexicon: Lexicon, tables: Tables) -> CommonWords:
    lexicon.learn(tables.rarity)
    return CommonWords(tables.rarity, lexicon.pronunciations, blank=posteriors.edge, edge=posteriors.edge)


def over_words(text: str, x: Frames, common: CommonWords, posteriors: Posteriors, lexicon: Lexicon) -> float:
    """Return the nats of a phrase above the best background words."""
    sentences = Sentences([text], lexicon.pronunciations, blank=posteriors.edge, edge=posteriors.edge)
    return float(sentences.scores(x)[0]) - common.score(x)


@pytest.mark.parametrize(
    ("said", "phrase"), [("he stopped", "stop it"), ("only june", "only two"), ("and now", "end now")]
)
def test_other_words_are_nearer_to_a_sentence(
    said: str,
    phrase: str,
    spoken: Callable[[str], Frames],
    common: CommonWords,
    posteriors: Posteriors,
    lexicon: Lexicon,
) -> None:
    """The words of a sentence beat the command that sounds like it; a command beats them by what its words cost."""
    assert over_words(phrase, spoken(said), common, posteriors, lexicon) < 0
    assert over_words(phrase, spoken(phrase), common, posteriors, lexicon) > 0


def test_the_commonest_words_come_first(tables: Tables) -> None:
    """The shipped table begins with the words of every sentence, and holds enough of them."""
    words = list(tables.rarity)

    assert words[:3] == ["the", "to", "and"]
    assert len(words) >= COUNT
    assert set(words) == set(tables.spelled)
