"""Sentences and the phone loop on hand-made frames: no recording."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from assistant.decode.phonetic.lexicon import Lexicon, Sounds
from assistant.decode.phonetic.phone_loop import Loop, Tables
from assistant.decode.phonetic.posteriors import Frames, Posteriors
from assistant.decode.phonetic.sentences import Sentences

TEXTS = ("stop", "stop please", "go back", "go back to step one", "yes", "no", "step one")
BLANK, EDGE = 3, 4  # of the tiny model with the phones 0, 1, 2


def tiny(sounds: dict[str, tuple[Sounds, ...]], *texts: str) -> Sentences:
    return Sentences(texts, sounds.__getitem__, blank=BLANK, edge=EDGE)


def random_frames(count: int, seed: int) -> Frames:
    x = np.log(np.random.default_rng(seed).dirichlet(np.ones(EDGE), count)).astype(np.float32)
    return np.concatenate([x, x[:, BLANK:]], axis=1)


def by_hand(x: Frames, words: list[tuple[Sounds, ...]]) -> float:
    """The same score by trying every labelling of every frame."""
    wanted = {tuple(p for sounds in choice for p in sounds) for choice in itertools.product(*words)}
    best = -np.inf
    for labels in itertools.product(range(EDGE), repeat=len(x)):
        collapsed = tuple(p for p, _ in itertools.groupby(labels) if p != BLANK)
        if collapsed in wanted:
            best = max(best, float(sum(x[t, p] for t, p in enumerate(labels))))
    return best


@pytest.mark.parametrize("seed", range(4))
def test_scores_are_those_of_the_best_path(seed: int) -> None:
    """The one pass over all texts finds what trying every path finds, also where one phone stands twice."""
    sounds: dict[str, tuple[Sounds, ...]] = {"a": ((0, 1), (2, 1)), "b": ((1, 1),), "c": ((0,), (2, 0))}
    texts = ("a", "a b", "c", "a c", "c a")
    x = random_frames(6, seed)

    scores = tiny(sounds, *texts).scores(x)

    expected = [by_hand(x, [sounds[word] for word in text.split()]) for text in texts]
    assert scores == pytest.approx(expected, abs=1e-4)


def test_a_pronunciation_can_cost() -> None:
    """A text loses exactly what its pronunciation costs, and never more than its next best one is worse."""
    sounds: dict[str, tuple[Sounds, ...]] = {"a": ((0, 1),), "b": ((2,), (0, 2))}
    x = random_frames(6, 1)
    free = tiny(sounds, "a b").scores(x)[0]

    def priced(of: Sounds, nats: float) -> float:
        made = Sentences(
            ("a b",), sounds.__getitem__, blank=BLANK, edge=EDGE, cost=lambda _, said: nats if said == of else 0.0
        )
        return float(made.scores(x)[0])

    assert priced((0, 1), 2.0) == pytest.approx(free - 2.0, abs=1e-4)
    assert priced((2,), 50.0) == pytest.approx(tiny({**sounds, "b": ((0, 2),)}, "a b").scores(x)[0], abs=1e-4)


def test_phone_counts_add_up() -> None:
    """A text has as many phones as the shortest ways to say its words."""
    sounds: dict[str, tuple[Sounds, ...]] = {"a": ((0, 1), (2,)), "b": ((1, 0, 1),)}

    assert tiny(sounds, "a", "a b", "b b").phones == (1, 4, 6)


def test_no_frames_give_no_winner() -> None:
    """Without a frame nothing has been said."""
    assert tiny({"a": ((0,),)}, "a").scores(np.zeros((0, EDGE + 1), np.float32))[0] < -1e20


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_said_scores_best(
    text: str, posteriors: Posteriors, lexicon: Lexicon, spoken: Callable[[str], Frames]
) -> None:
    """Each phrase, spoken perfectly, beats all others, also those that it begins."""
    sentences = Sentences(TEXTS, lexicon.pronunciations, blank=posteriors.blank, edge=posteriors.edge)

    scores = sentences.scores(spoken(text))

    assert TEXTS[int(scores.argmax())] == text
    assert scores.max() == pytest.approx(0.0, abs=1e-3)


def test_a_phrase_beats_the_loop_and_another_word_does_not(
    posteriors: Posteriors, lexicon: Lexicon, tables: Tables, spoken: Callable[[str], Frames]
) -> None:
    """A clear phrase earns nats over the loop; a word that is no phrase earns none."""
    sentences = Sentences(TEXTS, lexicon.pronunciations, blank=posteriors.blank, edge=posteriors.edge)
    loop = Loop(tables, posteriors.tokens, edge=posteriors.edge)

    assert sentences.scores(spoken("stop")).max() - loop.score(spoken("stop")) > 8.6
    assert sentences.scores(spoken("garden")).max() - loop.score(spoken("garden")) < 0


def test_silence_costs_the_loop_nothing(posteriors: Posteriors, tables: Tables) -> None:
    """Frames of silence cost the loop nothing."""
    x = np.full((20, posteriors.edge + 1), -9.0, np.float32)
    x[:, posteriors.edge] = -0.5

    assert Loop(tables, posteriors.tokens, edge=posteriors.edge).score(x) == pytest.approx(-10.0)
