"""Many thousand phrases: the graph proposes the few that matter for one utterance, and they alone are scored exactly.

They are the best phrase of each intent, whatever differs from the very best in one word (the other sizes of the
coffee), and every single word as a fragment: enough for the same margins and rules as for a small command set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from assistant.decode.phonetic.graph import GraphDecoder
from assistant.decode.phonetic.lexicon import Sounds
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.phonetic.sentences import NEVER, Sentences
from assistant.decode.phonetic.word_graph import WordGraph
from assistant.messages import Phrase


class Shortlist:
    """The same interface as `Sentences`, over more phrases than it can hold."""

    def __init__(
        self,
        texts: Sequence[str],
        phrases: Sequence[Phrase],
        sounds: Callable[[str], tuple[Sounds, ...]],
        *,
        blank: int,
        edge: int,
    ) -> None:
        """Take all texts that compete, and the phrases among them; several seconds for 100,000."""
        self._sounds, self._blank, self._edge = sounds, blank, edge
        self._index = {text: i for i, text in enumerate(texts)}
        self._always = [text for text in texts if " " not in text]
        by_intent: dict[str, WordGraph] = defaultdict(WordGraph)
        self._near: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for text in dict.fromkeys(phrase.text for phrase in phrases):
            for pattern in _patterns(text):
                self._near[pattern].append(text)
        for phrase in phrases:
            by_intent[phrase.intent].add_phrase(phrase.text)
        self._graphs = [GraphDecoder(words.smallest(), sounds, blank=blank, edge=edge) for words in by_intent.values()]
        self.phones = [0] * len(texts)
        """How many phones each text of the last shortlist has; 0 for the others."""

    def scores(self, x: Frames) -> Frames:
        """Log score of each text; far below all others for what is not on the list."""
        paths = [path for graph in self._graphs if (path := graph.search(x).best) is not None]
        wanted = dict.fromkeys([*self._always, *(path.text for path in paths)])
        if paths:
            best = max(paths, key=lambda path: path.score)
            wanted |= dict.fromkeys(text for pattern in _patterns(best.text) for text in self._near[pattern])
        few = Sentences(tuple(wanted), self._sounds, blank=self._blank, edge=self._edge)
        scores = np.full(len(self._index), NEVER, np.float32)
        places = [self._index[text] for text in few.texts]
        scores[places] = few.scores(x)
        self.phones = [0] * len(self._index)
        for place, count in zip(places, few.phones, strict=True):
            self.phones[place] = count
        return scores


def _patterns(text: str) -> list[tuple[str, ...]]:
    """The text with each of its words left open in turn; single words are on the list anyway."""
    words = tuple(text.split())
    return [(*words[:i], "", *words[i + 1 :]) for i in range(len(words))] if len(words) > 1 else []
