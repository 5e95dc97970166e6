"""Reads along while somebody speaks: a safety word in the middle of a sentence is told before anybody pauses.

Early.py looks at lulls only, and "can you stop please I need to" has none. So while the voice goes on, every LOOK_S a
spotter (spotter.py) looks whether a safety word has just ended; where one may have, the sentence so far is read in
open words by both weights. Only if both readings hold the word, it is told; else the next look reads once more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from assistant.decode.phonetic.open_words import OpenWords, Transcript
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.phonetic.spotter import Spotter
from assistant.messages import EAR_RATE_HZ, SAFETY, Intent, Pcm

FRAME_S = 0.02
LOOK_S = 0.24
"""Of speech between two looks; each costs the model 5 ms."""
WINDOW_S = 0.9  # that a look hears: a safety word lasts up to 0.7 s
SENTENCE_S = 3.0  # that are read where a word was spotted
HELD_S = 9.4  # an utterance of the longest length, with the quiet before it
CONTEXT = 3  # frames that a word must have ended ago: half a word is often another word ("stop", "stopped")
OVER = 6
"""Frames that a spotted word must have ended ago to be taken for over where the transcript lets it last to the end: the
sound behind it is the next word's. At 3 a "step" was told as "stop", at 6 all of 24 "stop" in sentences are as soon."""
OVERLAP = 2  # frames that two looks share
SAME_S = 0.3  # two ends of the same word in two looks lie nearer than that


class RunningWords:
    """The last seconds of sound, and which safety words in them were told."""

    def __init__(self, read: Callable[[Pcm], Frames], read_again: Callable[[Pcm], Frames], words: OpenWords) -> None:
        """Take two functions from sound to frames, and the words to read in."""
        self._read, self._read_again, self._words = read, read_again, words
        self._safety: frozenset[str] = frozenset()
        self._spotter: Spotter | None = None
        self._is_asked = True
        self.reset()

    def reset(self) -> None:
        """Forget the sound."""
        self._blocks: deque[Pcm] = deque()
        self._held = 0  # samples
        self._unseen = 0  # samples since the last look, while somebody speaks
        self._told_s: dict[str, float] = {}
        self._is_in_doubt = False

    def expect(self, intents: frozenset[Intent]) -> None:
        """Take the legal intents: where none is one of safety, nothing is told."""
        self._is_asked = not SAFETY.isdisjoint(intents)

    def learn(self, safety: frozenset[str], spotter: Spotter) -> None:
        """Take the words that are told, and what spots them."""
        self._safety, self._spotter = safety, spotter

    def take(self, pcm: Pcm, end_s: float, *, is_speaking: bool, is_lull: bool) -> Transcript | None:
        """Take 20 ms of sound that end at `end_s`; return the sentence so far where a safety word has just ended in it.

        At a lull nothing is read: early.py looks there.
        """
        self._blocks.append(pcm)
        self._held += len(pcm)
        while self._held - len(self._blocks[0]) >= HELD_S * EAR_RATE_HZ:
            self._held -= len(self._blocks.popleft())
        self._unseen = self._unseen + len(pcm) if is_speaking else 0
        if self._spotter is None or not self._is_asked or is_lull or self._unseen < LOOK_S * EAR_RATE_HZ:
            return None
        unseen, self._unseen = round(self._unseen / EAR_RATE_HZ / FRAME_S), 0
        return self._look(self._spotter, unseen, end_s)

    @property
    def sound(self) -> Pcm:
        """Return the last seconds of sound, whether or not somebody spoke: at most HELD_S."""
        return np.concatenate(self._blocks) if self._blocks else np.zeros(0, np.int16)

    def confirmed(self, transcript: Transcript, x: Frames, pcm: Pcm) -> Transcript | None:
        """Return the transcript of both readings of a sound where they have the same safety word, else None.

        `transcript` and `x` are those of the first reading. By one of them alone, "step" is "stop" now and then.
        """
        urgent = self._safety.intersection(transcript.text.split())
        if not urgent:
            return None
        both = self._words.read((x + self._read_again(pcm)[: len(x)]) * np.float32(0.5))
        return None if urgent.isdisjoint(both.text.split()) else both

    def is_news(
        self, transcript: Transcript, frames: int, end_s: float, *, least: int = 0, is_over: bool = False
    ) -> bool:
        """True if a safety word that nobody was told ended in these frames, whose last one is at `end_s`; notes it.

        It must have ended `least` frames before the last one. The last word of a transcript seems to last as long as
        there is sound; if it `is_over`, that is the beginning of another word.
        """
        is_new = False
        *before, last = transcript.ends
        ends = (*before, min(last, frames - least - 1) if is_over else last)
        for word, end in zip(transcript.text.split(), ends, strict=True):
            word_s = end_s - (frames - end) * FRAME_S
            if word in self._safety and frames - end > least and word_s > self._told_s.get(word, -SAME_S) + SAME_S:
                self._told_s[word] = word_s
                is_new = True
        return is_new and self._is_asked

    def _look(self, spotter: Spotter, unseen: int, end_s: float) -> Transcript | None:
        pcm = self.sound[-round(SENTENCE_S * EAR_RATE_HZ) :]
        x = self._read(pcm[-round(WINDOW_S * EAR_RATE_HZ) :])
        since = len(x) - unseen - CONTEXT - OVERLAP
        is_spotted = spotter.ends(x, since, len(x) - CONTEXT)
        if not is_spotted and not self._is_in_doubt:
            return None
        is_over = is_spotted and spotter.ends(x, since, len(x) - OVER)
        x = self._read(pcm)
        transcript = self.confirmed(self._words.read(x), x, pcm)
        is_told = transcript is not None and self.is_news(transcript, len(x), end_s, least=CONTEXT, is_over=is_over)
        self._is_in_doubt = is_spotted and not is_told  # the next look hears more behind the word
        return transcript if is_told else None
