"""Learns both classifiers and the calibration of assistant/interpret/meaning with scikit-learn."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression
from wordings import FOLDS, GRAMMAR, NONE, PEOPLE, WRITERS, Wording

from assistant.encode import SentenceEncoder
from assistant.interpret.meaning.evidence import Reading, evidence
from assistant.interpret.meaning.grams import BUCKETS, grams

SOFT = 20.0  # inverse strength of both classifiers' penalty; chosen among 10, 20, 50 on the folds
LEARNED_AS = {PEOPLE: 2.0, WRITERS: 1.0, GRAMMAR: 0.5}
"""Weight of a text in the classifiers. Chosen: people speak like PEOPLE; the grammar has many phrases of one kind."""
CALIBRATED_AS = {PEOPLE: 40.0, WRITERS: 1.0}
"""Weight of a text in the calibration. Chosen on the folds: with 10, and texts that ask for nothing twice, 72.6 % were
done right at 2.5 % done wrong; with the texts of PEOPLE alone 78 %."""
STEPS = {"sense": 50, "words": 40}
TOPIC_STEPS = 300  # until nothing changes: a thousand texts take seconds
MORE_STEPS = 15  # for a fold, from what was learned without any of its source
NEAR = 160
"""Directions in which wordings are compared, of the vector's 384: a compromise with the file's size. With 192 three
more of 620 commands are right, one more is wrong, and the file has 0.8 MB more (docs/recognition.md)."""
LEAST_TEXTS = 2  # with a gram of a bucket, for the bucket to be kept


@dataclass(eq=False)
class Features:
    """All wordings as vectors and as weights of grams."""

    sense: np.ndarray
    words: csr_matrix
    buckets: np.ndarray
    rarity: np.ndarray

    @classmethod
    def of(cls, texts: list[str], encode: SentenceEncoder) -> Features:
        """Encode every text."""
        rows, columns, values = [], [], []
        for row, text in enumerate(texts):
            counted = Counter(crc32(gram.encode("utf-8")) % BUCKETS for gram in grams(text))
            for bucket, n in counted.items():
                rows.append(row)
                columns.append(bucket)
                values.append(1 + math.log(n))
        counts = csr_matrix((np.array(values, np.float32), (rows, columns)), (len(texts), BUCKETS))
        texts_with = np.bincount(counts.indices, minlength=BUCKETS)
        buckets = np.flatnonzero(texts_with >= LEAST_TEXTS)
        rarity = np.log((1 + len(texts)) / (1 + texts_with[buckets])) + 1
        weighed = counts[:, buckets].multiply(rarity).tocsr()
        lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(1)).ravel())
        words = (diags(1 / np.maximum(lengths, 1e-6)) @ weighed).tocsr().astype(np.float32)
        return cls(np.stack([encode(text) for text in texts]), words, buckets, rarity.astype(np.float32))


@dataclass(eq=False)
class Classifiers:
    """Both classifiers, as (weights, bias); and the vectors that they knew."""

    sense: tuple[np.ndarray, np.ndarray]
    words: tuple[np.ndarray, np.ndarray]
    knew: np.ndarray
    """The indices of the wordings that they learned from."""


class Learner:
    """All wordings of a language."""

    def __init__(self, wordings: list[Wording], encode: SentenceEncoder) -> None:
        """Take the wordings in any order, and the sentence encoder."""
        self.wordings = wordings
        self.features = Features.of([one.text for one in wordings], encode)
        self.basis = np.linalg.svd(self.features.sense, full_matrices=False)[2][:NEAR].T.astype(np.float16)
        self.near = _unit(self.features.sense @ self.basis.astype(np.float32))
        self.labels = np.array([one.label for one in wordings])
        self.classes = sorted(set(self.labels))
        self.none = self.classes.index(NONE)
        self.source = np.array([one.source for one in wordings])
        self.fold = np.array([one.fold for one in wordings])
        self.weight = np.array([LEARNED_AS[one.source] for one in wordings])

    def classifiers(self, knew: np.ndarray, begin: Classifiers | None = None) -> Classifiers:
        """Learn from the wordings in `knew`, a mask; from where `begin` ended."""
        fitted = {}
        for kind in ("sense", "words"):
            model = LogisticRegression(C=SOFT, tol=1e-3, max_iter=STEPS[kind], warm_start=True)
            if begin is not None:
                model.max_iter = MORE_STEPS
                weights, bias = getattr(begin, kind)
                model.coef_, model.intercept_, model.classes_ = weights.copy(), bias.copy(), np.array(self.classes)
            model.fit(getattr(self.features, kind)[knew], self.labels[knew], sample_weight=self.weight[knew])
            fitted[kind] = model.coef_, model.intercept_
        return Classifiers(**fitted, knew=np.flatnonzero(knew))

    def topics(self) -> tuple[list[str], tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]] | None:
        """Return the topics of questions, and both classifiers of them; None where no question has one."""
        asked = np.flatnonzero([bool(one.topic) for one in self.wordings])
        if not len(asked):
            return None
        names = np.array([self.wordings[at].topic for at in asked])
        fitted = []
        for kind in ("sense", "words"):
            model = LogisticRegression(C=SOFT, max_iter=TOPIC_STEPS).fit(getattr(self.features, kind)[asked], names)
            fitted.append((model.coef_, model.intercept_))
        return sorted(set(names)), fitted[0], fitted[1]

    def evidence_for(self, made: Classifiers, texts: np.ndarray, negated: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the evidence for the best intent of each of `texts` (indices), and whether that intent is right."""
        shares = {
            kind: _shares(getattr(self.features, kind)[texts], *getattr(made, kind)) for kind in ("sense", "words")
        }
        likeness = self.near[texts] @ self.near[made.knew].T
        known = self.labels[made.knew]
        nearest = np.zeros((len(texts), len(self.classes)), int)
        for place, name in enumerate(self.classes):
            there = np.flatnonzero(known == name)
            nearest[:, place] = there[likeness[:, there].argmax(1)]
        rows, right = [], []
        for at, text in enumerate(texts):
            reading = Reading(
                by_sense=shares["sense"][at],
                by_words=shares["words"][at],
                nearest=likeness[at, nearest[at]],
                negations=negated[made.knew[nearest[at]]],
                negated=int(negated[text]),
                length=len(self.wordings[text].text.split()),
                none=self.none,
            )
            mass = reading.shares.copy()
            mass[self.none] = 0
            rows.append(evidence(reading, int(mass.argmax())))
            right.append(self.classes[int(mass.argmax())] == self.labels[text])
        return np.array(rows), np.array(right)

    def calibration(self, rows: np.ndarray, right: np.ndarray, texts: np.ndarray) -> tuple[np.ndarray, float]:
        """Return weights and bias of the logistic curve, learned from the evidence for `texts`."""
        weight = np.array([CALIBRATED_AS[self.source[text]] for text in texts])
        mean, spread = rows.mean(0), rows.std(0) + 1e-6
        model = LogisticRegression(C=1.0, max_iter=2000).fit((rows - mean) / spread, right, sample_weight=weight)
        weights = model.coef_[0] / spread
        return weights, float(model.intercept_[0] - weights @ mean)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _shares(features: np.ndarray | csr_matrix, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    logits = np.asarray(features @ weights.T + bias)
    parts = np.exp(logits - logits.max(1, keepdims=True))
    return (parts / parts.sum(1, keepdims=True)).astype(np.float32)


__all__ = ["FOLDS", "Classifiers", "Learner"]
