"""The best paths through an automaton of words: each word becomes its phones, each phone gets its blanks as CTC asks.

For grammars too large for sentences.py. kaldi-decoder searches under a beam, so a score is a lower bound; the few
sentences that it finds are then scored exactly and judged like any others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import kaldi_decoder
import kaldifst
import numpy as np

from assistant.decode.phonetic.lexicon import Sounds
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.phonetic.word_graph import WordGraph

BEAM = 25.0  # nats; recognition.md, whole commands of people: 99.4 % right when clean
MOST_ACTIVE = 7_000  # states a frame, kaldi's own default for such graphs; a five-slot order stays far below


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One sentence of the grammar and how well it explains the sound."""

    text: str
    score: float
    """Log score over all frames, comparable with those of sentences.py."""


class GraphDecoder:
    """One grammar, ready to be searched; build it once, search many times."""

    def __init__(self, words: WordGraph, sounds: Callable[[str], tuple[Sounds, ...]], *, blank: int, edge: int) -> None:
        """Take a grammar whose every word has a pronunciation."""
        self._words = sorted(words.words())
        self._topology = _Topology(words, sounds, self._words, blank=blank, edge=edge)
        self._options = kaldi_decoder.FasterDecoderOptions()
        self._options.beam, self._options.max_active = BEAM, MOST_ACTIVE

    def __len__(self) -> int:
        """How many states the search runs over."""
        return len(self._topology)

    def best(self, x: Frames) -> Path | None:
        """The best sentence that explains all frames; None if none can (too few frames)."""
        decoder = kaldi_decoder.FasterDecoder(self._topology.fst, self._options)
        decoder.decode(kaldi_decoder.DecodableCtc(np.ascontiguousarray(x)))
        if not decoder.reached_final():
            return None
        _, path = decoder.get_best_path()
        _, _, said, cost = kaldifst.get_linear_symbol_sequence(path)
        return Path(text=" ".join(self._words[n - 1] for n in said), score=-(cost.value1 + cost.value2))


class _Topology:
    """The automaton over frames. Input labels are columns of the frames + 1, outputs are words + 1; 0 is neither."""

    def __init__(
        self,
        words: WordGraph,
        sounds: Callable[[str], tuple[Sounds, ...]],
        names: list[str],
        *,
        blank: int,
        edge: int,
    ) -> None:
        self.fst = kaldifst.StdVectorFst()
        self._blank, self._edge = blank, edge
        number = {word: n + 1 for n, word in enumerate(names)}
        leads, finals = words.leads()
        # Where a word has ended: one state in the quiet, and one for each phone that it may have ended with.
        self._quiet: dict[int, int] = {}
        self._after: dict[tuple[int, int], int] = {}
        self._loud_after: dict[int, set[int]] = {}
        waiting = [0]
        self.fst.start = self._quiet_state(0, is_final=0 in finals)
        while waiting:
            state = waiting.pop()
            for word, end in leads[state].items():
                if end not in self._quiet:
                    self._quiet_state(end, is_final=end in finals)
                    waiting.append(end)
                for phones in sounds(word):
                    self._loud_state(end, phones[-1], is_final=end in finals)
        for state in list(self._quiet):
            for word, end in leads[state].items():
                for phones in sounds(word):
                    self._add_word(state, end, phones, number[word])

    def __len__(self) -> int:
        return int(self.fst.num_states)

    def _quiet_state(self, state: int, *, is_final: bool) -> int:
        made = self._new(self._edge, is_final=is_final)
        self._quiet[state] = made
        self._loud_after[state] = set()
        return made

    def _loud_state(self, state: int, phone: int, *, is_final: bool) -> None:
        if (state, phone) not in self._after:
            made = self._new(phone, is_final=is_final)
            self._after[state, phone] = made
            self._loud_after[state].add(phone)
            self._arc(made, self._quiet[state], self._edge)

    def _add_word(self, start: int, end: int, phones: Sounds, word: int) -> None:
        """Phones and blanks from one end of a word to the next; the word is put out with its first phone."""
        last = self._after[end, phones[-1]]
        first = last if len(phones) == 1 else self._new(phones[0])
        self._arc(self._quiet[start], first, phones[0], word)
        for phone in self._loud_after[start] - {phones[0]}:  # CTC: the same phone twice needs something between
            self._arc(self._after[start, phone], first, phones[0], word)
        before = first
        for i, phone in enumerate(phones[1:], start=1):
            here = last if i == len(phones) - 1 else self._new(phone)
            between = self._new(self._blank)
            self._arc(before, between, self._blank)
            self._arc(between, here, phone)
            if phone != phones[i - 1]:
                self._arc(before, here, phone)
            before = here

    def _new(self, column: int, *, is_final: bool = False) -> int:
        """A state that can stay on its column for any number of frames."""
        made: int = self.fst.add_state()
        self._arc(made, made, column)
        if is_final:
            self.fst.set_final(made, 0.0)
        return made

    def _arc(self, start: int, end: int, column: int, word: int = 0) -> None:
        self.fst.add_arc(start, kaldifst.StdArc(column + 1, word, 0.0, end))
