"""Learns what people mean from the wordings of a language pack, and writes its `meaning.npz`.

    python -m venv out/learner && out/learner/bin/pip install . scikit-learn
    out/learner/bin/python scripts/train_meaning/train.py --language en --folds out/folds

The same texts give the same arrays on the same machine. `--folds` also writes out/folds/0.npz to 4.npz: what is learned
without the texts of PEOPLE in that fold, for `python -m benchmarks.meaning --folds out/folds`. Takes about two minutes
of processor time.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np
from learn import FOLDS, Classifiers, Learner
from sklearn.exceptions import ConvergenceWarning
from wordings import PEOPLE, WRITERS, digest, negations, read

from assistant.encode import SentenceEncoder
from assistant.interpret.meaning.taught import packed

GRAMMARS = Path(__file__).parents[2] / "grammars"


def main() -> None:
    """Learn and write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--language", default="en")
    asked.add_argument("--folds", type=Path)
    given = asked.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)  # the number of steps is the limit that was chosen
    folder = GRAMMARS / given.language / "wordings"
    learner = Learner(read(folder), SentenceEncoder())
    turned = set(negations(folder))
    negated = np.array([sum(word in turned for word in one.text.split()) for one in learner.wordings])
    people, writers = learner.source == PEOPLE, learner.source == WRITERS
    evidence = _Evidence(learner, negated)
    for fold in range(FOLDS):
        print("writers, fold", fold, flush=True)
        theirs = writers & (learner.fold == fold)
        evidence.add(learner.classifiers(learner.fold != fold), np.flatnonzero(theirs))
    without = learner.classifiers(~people)
    made = []
    for fold in range(FOLDS):
        print("people, fold", fold, flush=True)
        held = people & (learner.fold == fold)
        made.append(learner.classifiers(~held, without))
        evidence.add(made[-1], np.flatnonzero(held))
    common = {"digest": packed([digest(folder)]), "negation_words": packed(sorted(turned))} | _topics(learner)
    if given.folds:
        given.folds.mkdir(parents=True, exist_ok=True)
        for fold in range(FOLDS):
            not_held = ~(people & (learner.fold == fold))
            arrays = _arrays(learner, made[fold], negated) | evidence.curve(not_held) | common
            np.savez_compressed(given.folds / f"{fold}.npz", **arrays)
    whole = learner.classifiers(np.ones(len(learner.wordings), bool), without)
    out = GRAMMARS / given.language / "meaning.npz"
    everything = np.ones(len(learner.wordings), bool)
    np.savez_compressed(out, **(_arrays(learner, whole, negated) | evidence.curve(everything) | common))
    print(f"{out}: {len(learner.wordings)} texts, {out.stat().st_size / 1e6:.1f} MB")


class _Evidence:
    """The evidence about texts by classifiers that had not learned them."""

    def __init__(self, learner: Learner, negated: np.ndarray) -> None:
        self._learner, self._negated = learner, negated
        self._rows, self._right, self._texts = [], [], []

    def add(self, made: Classifiers, texts: np.ndarray) -> None:
        rows, right = self._learner.evidence_for(made, texts, self._negated)
        self._rows.append(rows)
        self._right.append(right)
        self._texts.append(texts)

    def curve(self, allowed: np.ndarray) -> dict[str, np.ndarray]:
        """The calibration by the texts that are allowed, a mask."""
        rows, right, texts = (np.concatenate(part) for part in (self._rows, self._right, self._texts))
        kept = allowed[texts]
        weights, bias = self._learner.calibration(rows[kept], right[kept], texts[kept])
        return {"weigh": weights.astype(np.float32), "weigh_bias": np.float32(bias)}


def _topics(learner: Learner) -> dict[str, np.ndarray]:
    """Return what was learned of the topics of questions."""
    learned = learner.topics()
    if learned is None:
        return {}
    names, sense, words = learned
    return {"topics": packed(names)} | {f"topic_{key}": one for key, one in _weights(sense, words).items()}


def _weights(sense: tuple[np.ndarray, np.ndarray], words: tuple[np.ndarray, np.ndarray]) -> dict[str, np.ndarray]:
    """Return both classifiers, (weights, bias) each, in few bytes."""
    scale = np.abs(words[0]).max(1) / 127
    return {
        "sense": sense[0].T.astype(np.float16),
        "sense_bias": sense[1].astype(np.float32),
        "words": np.round(words[0] / scale[:, None]).astype(np.int8).T,
        "words_scale": scale.astype(np.float32),
        "words_bias": words[1].astype(np.float32),
    }


def _arrays(learner: Learner, made: Classifiers, negated: np.ndarray) -> dict[str, np.ndarray]:
    """Return the arrays as the package reads them (assistant/interpret/meaning/taught.py)."""
    places = np.array([learner.classes.index(label) for label in learner.labels[made.knew]])
    order = made.knew[np.argsort(places, kind="stable")]
    steps = np.abs(learner.near).max(0) / 127
    return {
        "classes": packed(learner.classes),
        **_weights(made.sense, made.words),
        "buckets": learner.features.buckets.astype(np.uint16),
        "rarity": learner.features.rarity.astype(np.float16),
        "basis": learner.basis,
        "known": np.round(learner.near[order] / steps).astype(np.int8),
        "known_steps": steps.astype(np.float32),
        "starts": np.searchsorted(np.sort(places), np.arange(len(learner.classes))).astype(np.int32),
        "negations": negated[order].astype(np.uint8),
    }


if __name__ == "__main__":
    main()
