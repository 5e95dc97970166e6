"""The best paths through an automaton of words: it expands each word into its phones, with the blanks of CTC.

For grammars too large for sentences.py. kaldi-decoder searches under a beam, so a score is a lower bound; the few
sentences that it finds are then scored exactly and judged like any others. Without Kaldi's packages, which are
an extra, importing this file raises MissingExtra.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.decode.phonetic.lexicon import Sounds
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.phonetic_graph.word_graph import WordAutomaton
from assistant.errors import MissingExtra

try:
    import kaldi_decoder
    import kaldifst
except ImportError as error:
    raise MissingExtra.of(
        "grammars", "kaldifst or kaldi-decoder", "grammars in hassil's syntax and for wratio"
    ) from error

BEAM = 25.0  # nats; docs/recognition.md, "Blank bias and beam"
BEGINNINGS_BEAM = 16.0  # a quarter of the time; a missed beginning only makes the ear less strict
MOST_ACTIVE = 7_000  # states a frame, kaldi's default for such graphs; a five-slot order stays far below


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One sentence of the grammar with its score."""

    text: str
    score: float
    """Log score over all frames, in the same nats as those of sentences.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The result of one search."""

    best: Path | None
    """None if no sentence is short enough for the frames, or if all left the beam."""
    so_far: Path | None
    """The best beginning of a sentence, perhaps with half of its last word; None without frames."""


class GraphDecoder:
    """The search graph of one grammar; build it once, search many times."""

    def __init__(
        self, words: WordAutomaton, sounds: Callable[[str], tuple[Sounds, ...]], *, blank: int, edge: int
    ) -> None:
        """Take a grammar whose every word has a pronunciation."""
        self._names = words.names
        self._topology = _Topology(words, sounds, blank=blank, edge=edge)
        self._beginnings = self._topology.fst.copy()
        for state in range(len(self._topology)):
            self._beginnings.set_final(state, 0.0)
        self._options = kaldi_decoder.FasterDecoderOptions()
        self._options.max_active = MOST_ACTIVE

    def __len__(self) -> int:
        """Return the number of states of the search graph."""
        return len(self._topology)

    def search(self, x: Frames) -> Found:
        """Return the best sentence that explains all frames, and the best beginning of one."""
        best = self._best(self._topology.fst, x, BEAM)
        return Found(best=best, so_far=self._best(self._beginnings, x, BEGINNINGS_BEAM))

    def _best(self, fst: Any, x: Frames, beam: float) -> Path | None:  # noqa: ANN401 - kaldifst has no types
        self._options.beam = beam
        decoder = kaldi_decoder.FasterDecoder(fst, self._options)
        decoder.decode(kaldi_decoder.DecodableCtc(np.ascontiguousarray(x)))
        if not decoder.reached_final():
            return None
        _, path = decoder.get_best_path()
        _, _, said, cost = kaldifst.get_linear_symbol_sequence(path)
        return Path(text=" ".join(self._names[n - 1] for n in said), score=-(cost.value1 + cost.value2))


class _Topology:
    """The automaton over frames. Input labels are columns of the frames + 1, outputs are words + 1; 0 is epsilon.

    A word is output at its first phone, so that equal endings share their states.
    """

    def __init__(
        self,
        words: WordAutomaton,
        sounds: Callable[[str], tuple[Sounds, ...]],
        *,
        blank: int,
        edge: int,
    ) -> None:
        self.fst = kaldifst.StdVectorFst()
        self._blank, self._edge, self._finals = blank, edge, words.finals
        number = {word: n + 1 for n, word in enumerate(words.names)}
        self._quiet = [self._new(edge, is_final=state in words.finals) for state in range(len(words.leads))]
        self._loud: dict[tuple[int, Sounds], int] = {}
        self._ends: dict[int, set[int]] = defaultdict(set)  # the possible last phones of a state's last word
        self.fst.start = self._quiet[0]
        ways = {
            (state, end, phones, number[word])
            for state, lead in enumerate(words.leads)
            for word, end in lead.items()
            for phones in sounds(word)
        }
        for _, end, phones, _ in ways:
            self._word(end, phones)
        for state, end, phones, word in sorted(ways):
            first = self._loud[end, phones]
            self._arc(self._quiet[state], first, phones[0], word)
            for phone in self._ends[state] - {phones[0]}:  # CTC: a repeated phone needs an edge between
                self._arc(self._loud[state, (phone,)], first, phones[0], word)

    def __len__(self) -> int:
        return int(self.fst.num_states)

    def _word(self, end: int, phones: Sounds) -> int:
        """Return the state of the first of these phones; the others and their blanks follow, up to `end`."""
        made = self._loud.get((end, phones))
        if made is not None:
            return made
        is_last = len(phones) == 1
        made = self._loud[end, phones] = self._new(phones[0], is_final=is_last and end in self._finals)
        if is_last:
            self._ends[end].add(phones[0])
            self._arc(made, self._quiet[end], self._edge)
            return made
        follow, between = self._word(end, phones[1:]), self._new(self._blank)
        self._arc(made, between, self._blank)
        self._arc(between, follow, phones[1])
        if phones[1] != phones[0]:
            self._arc(made, follow, phones[1])
        return made

    def _new(self, column: int, *, is_final: bool = False) -> int:
        """Add a state that can stay on its column for any number of frames."""
        made: int = self.fst.add_state()
        self._arc(made, made, column)
        if is_final:
            self.fst.set_final(made, 0.0)
        return made

    def _arc(self, start: int, end: int, column: int, word: int = 0) -> None:
        self.fst.add_arc(start, kaldifst.StdArc(column + 1, word, 0.0, end))
