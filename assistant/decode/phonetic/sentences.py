"""Every phrase against every frame at once: the Viterbi scores of a whole command set in one numpy pass.

The phrases share their beginnings: they form a tree of words, and each word in it is a bundle of chains, one for each
pronunciation (phone, blank, phone, blank, ..., edge). All chains of a set lie in one state vector; one frame is a
handful of vector operations over it. Scores only; what they mean is decided in rules.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from assistant.decode.phonetic.lexicon import Sounds
from assistant.decode.phonetic.posteriors import Frames

NEVER = np.float32(-1e30)


def _free(_word: str, _sounds: Sounds) -> float:
    return 0.0


class Sentences:
    """The tree of all phrases; build it once (0.1 s for 1,000 phrases), score many times."""

    def __init__(
        self,
        texts: Sequence[str],
        sounds: Callable[[str], tuple[Sounds, ...]],
        *,
        blank: int,
        edge: int,
        cost: Callable[[str, Sounds], float] = _free,
    ) -> None:
        """Take distinct texts whose every word has a pronunciation, and what a pronunciation costs, in nats."""
        self.texts = tuple(texts)
        tree = _Tree(sounds, cost, blank=blank, edge=edge)
        self._ends = np.array([tree.add(text.split()) for text in self.texts])  # node of each text's last word
        self._edge = edge
        self._labels = np.array(tree.labels)
        self._skip = np.where(tree.skips, np.float32(0), NEVER)
        self._first = np.array(tree.first)  # state where each chain starts
        self._last = np.append(self._first[1:], len(tree.labels)) - 1
        self._parent = np.array(tree.parent)  # node that each chain continues; 0 is the silence before everything
        self._chain_of = np.array(tree.node_start)  # first chain of each node but the root; a node's chains touch
        self._via_edge = np.array(tree.needs_edge)
        self._cost = np.array(tree.cost, np.float32)  # of each chain
        self._step = np.zeros(len(self._labels), np.float32)
        self._step[self._first] = NEVER
        self.phones = self._count_phones()
        """How many phones each text has, what its score is shared out over."""

    def __len__(self) -> int:
        """How many states one frame costs."""
        return len(self._labels)

    def scores(self, x: Frames) -> Frames:
        """Best log score of each text if it explains all frames; shape (texts,)."""
        a = np.full(len(self._labels), NEVER, np.float32)
        b, emit, work = np.empty_like(a), np.empty_like(a), np.empty_like(a)
        nodes = np.full(len(self._chain_of) + 1, NEVER, np.float32)
        edges = nodes.copy()
        silence = nodes[0] = edges[0] = np.float32(0)
        for row in x:
            np.take(row, self._labels, out=emit)
            np.copyto(b, a)
            np.add(a[:-1], self._step[1:], out=work[1:])
            np.maximum(b[1:], work[1:], out=b[1:])
            np.add(a[:-2], self._skip[2:], out=work[2:])
            np.maximum(b[2:], work[2:], out=b[2:])
            into = np.where(self._via_edge, edges[self._parent], nodes[self._parent])
            b[self._first] = np.maximum(b[self._first], into - self._cost)
            np.add(b, emit, out=a)
            silence += row[self._edge]
            nodes[0] = edges[0] = silence
            edges[1:] = np.maximum.reduceat(a[self._last], self._chain_of)
            nodes[1:] = np.maximum(edges[1:], np.maximum.reduceat(a[self._last - 1], self._chain_of))
        ends: Frames = nodes[self._ends]
        return ends

    def _count_phones(self) -> tuple[int, ...]:
        """Shortest pronunciations added up along each text's words."""
        chain_phones = (self._last - self._first + 1) // 2
        of_node = [0]
        for start, count in zip(self._chain_of, np.minimum.reduceat(chain_phones, self._chain_of), strict=True):
            of_node.append(of_node[self._parent[start]] + int(count))
        return tuple(of_node[end] for end in self._ends)


class _Tree:
    """Words into nodes, pronunciations into chains of states."""

    def __init__(
        self,
        sounds: Callable[[str], tuple[Sounds, ...]],
        cost: Callable[[str, Sounds], float],
        *,
        blank: int,
        edge: int,
    ) -> None:
        self._sounds, self._price, self._blank, self._edge = sounds, cost, blank, edge
        self._children: dict[tuple[int, str], int] = {}
        self._final_phones: list[set[int]] = [set()]
        self.labels: list[int] = []
        self.skips: list[bool] = []
        self.first: list[int] = []
        self.parent: list[int] = []
        self.needs_edge: list[bool] = []
        self.cost: list[float] = []
        self.node_start: list[int] = []

    def add(self, words: Sequence[str]) -> int:
        """Give the node of the last word."""
        node = 0
        for word in words:
            known = self._children.get((node, word))
            node = self._grow(node, word) if known is None else known
        return node

    def _grow(self, parent: int, word: str) -> int:
        node = len(self._final_phones)
        self._children[parent, word] = node
        self.node_start.append(len(self.first))
        spoken = self._sounds(word)
        self._final_phones.append({phones[-1] for phones in spoken})
        for phones in spoken:
            self.first.append(len(self.labels))
            self.parent.append(parent)
            self.cost.append(self._price(word, phones))
            # CTC: the same phone twice needs something between ("stop please"). The rule is kept for the whole bundle.
            self.needs_edge.append(phones[0] in self._final_phones[parent])
            for i, phone in enumerate(phones):
                self.labels += [phone, self._edge if i == len(phones) - 1 else self._blank]
                self.skips += [i > 0 and phones[i - 1] != phone, False]
        return node
