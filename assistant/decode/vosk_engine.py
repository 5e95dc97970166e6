"""Vosk with a phrase grammar, behind the Recogniser protocol. It can abort, so it should run in a child process.

The grammar holds every phrase of the session and never changes: phrases that are not legal now compete too, and
`SetGrammar` is never called (docs/faults.md, "Grammar changed within an utterance"). Vosk's own end of utterance comes
0.6 s later than ours (docs/recognition.md, "Vosk"), so `Endpointer` decides.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.decode.frequent_words import most_frequent
from assistant.decode.safety_words import COMMON
from assistant.decode.segment import CHUNK, CHUNK_S, GO_ON, PAUSE_S, PRE_ROLL_S, Endpointer, Mark, SpeechDetector
from assistant.decode.unbroken import Unbroken
from assistant.decode.vosk_grammar import UNKNOWN, VoskGrammar, build_grammar, missing_words
from assistant.decode.vosk_model import Vosk, load_model
from assistant.errors import EngineError
from assistant.messages import AT_ONCE, EAR_RATE_HZ, SAFETY, AudioBlock, Heard, Intent, Pcm, Phrase, Refusal, Shortfall

TOLD_EARLY = SAFETY | AT_ONCE  # danger too: interpret/early.py takes it for a stop until the utterance ends
PARTIAL_CHUNKS = 3  # 0.1 s between partial decodes
PARTIAL_LOOKS = 2  # in a row that must agree: the first one of half a word is often another word
DECOYS = 60  # common words for models without [unk] (docs/recognition.md, "Vosk")
DECOY_LETTERS = 2  # shorter ones are fragments of words
LONG_PHRASE = 3  # words; on shorter ones Vosk's confidence tells nothing (docs/recognition.md, "Vosk")
LONG_SCORE = 90.0
LOWEST_SCORE = 50.0  # the confidence is a share of probability: below half, Vosk itself believes in other words

NO_PHRASE = -1_000.0  # the headroom of phrases that no lower threshold would accept, as in the phonetic engine


class VoskEngine:
    """Vosk with the phrases of the session; only a phrase heard exactly is sure."""

    _rest: Pcm
    _past: deque[Pcm]
    _chunks: int
    _looks: int
    _last_look: str

    def __init__(self, model: Path | str, language: str = "en") -> None:
        """Load the model in this folder (2 s). Raises EngineError if it is missing or damaged."""
        self._vosk, self._model = load_model(Path(model))
        self._language = language
        self._detector = SpeechDetector()
        self._grammar: VoskGrammar | None = None
        self._words: VoskWords | None = None
        self._intents = frozenset(Intent)
        self._unbroken = Unbroken()
        self._forget()

    def learn(self, phrases: Sequence[Phrase]) -> None:
        """Take every phrase of the session; those with unknown words can never be heard (ask `unknown_words`).

        Raises EngineError if no phrase is left, or none that stops a session.
        """
        self._grammar = build_grammar(
            phrases, self._knows, common_words(self._language), most_frequent(self._language, COMMON)
        )
        self._words = VoskWords(self._vosk.KaldiRecognizer(self._model, float(EAR_RATE_HZ), self._grammar.text))
        self.reset()

    def expect(self, intents: frozenset[Intent]) -> None:
        """Set the legal intents, for early words and the length of a pause; all phrases stay in the search."""
        self._intents = intents

    def feed(self, block: AudioBlock) -> tuple[Heard, ...]:
        """Take a block of int16 mono at 16 000 Hz, any length. Raises EngineError before `learn` or for other sound."""
        if self._words is None or self._grammar is None:
            raise EngineError("there is no phrase to listen for yet", where="vosk", remedy="call learn before feed")
        if block.rate_hz != EAR_RATE_HZ or block.pcm.dtype != np.int16 or block.pcm.ndim != 1:
            # Vosk takes any rate and hears rubbish; it hangs at 0 (docs/faults.md, "Wrong rate").
            raise EngineError(
                f"sound of {block.rate_hz} Hz, {block.pcm.dtype}, shape {block.pcm.shape}",
                where="vosk",
                remedy=f"give it int16 mono at {EAR_RATE_HZ} Hz",
            )
        self._detector.is_residual = block.is_residual
        self._rest = np.concatenate([self._rest, block.pcm])
        end_s = block.at_s + (len(block.pcm) - len(self._rest)) / EAR_RATE_HZ
        found: list[Heard] = []
        while len(self._rest) >= CHUNK:
            chunk, self._rest = self._rest[:CHUNK], self._rest[CHUNK:]
            end_s += CHUNK_S
            probability = self._detector(chunk)
            found += self._take(chunk, probability, end_s, self._words, self._grammar)
            found += self._unbroken.after(is_speech=probability >= GO_ON, end_s=end_s)
        return tuple(found)

    def finish(self) -> tuple[Heard, ...]:
        """End the sound: return what was still open."""
        found: tuple[Heard, ...] = ()
        if self._is_open and self._words is not None and self._grammar is not None:
            found = (self._final(self._words, self._grammar),)
        self.reset()
        return found

    def reset(self) -> None:
        """Forget the utterance in progress."""
        if self._words is not None:
            self._words.forget()
        self._detector.reset()
        self._forget()

    def unknown_words(self, phrases: Sequence[Phrase]) -> tuple[str, ...]:
        """Return the words that are not in the model's dictionary, sorted."""
        return tuple(sorted({word for phrase in phrases for word in missing_words(phrase.text, self._knows)}))

    def _take(
        self, chunk: Pcm, probability: float, end_s: float, words: VoskWords, grammar: VoskGrammar
    ) -> list[Heard]:
        mark = self._turn.step(probability)
        self._past.append(chunk)
        if mark is Mark.QUIET:
            return []
        if mark is Mark.BEGAN:
            self._is_open, self._at_s = True, end_s - CHUNK_S
            words.accept(np.concatenate(self._past))
        else:
            words.accept(chunk)
        self._chunks += 1
        if probability >= GO_ON:
            self._end_s = end_s
        if mark is Mark.PAUSED and self._may_go_on(words.so_far(), grammar):
            self._turn.keep_open()
            return []
        if mark in (Mark.PAUSED, Mark.OVER):
            return [self._final(words, grammar)]
        if mark is Mark.TOO_LONG:
            words.forget()
            self._close()
            too_long = Refusal(text="", shortfalls=(Shortfall(rule="too_long"),))
            return [self._heard("", is_final=True, is_sure=False, refusal=too_long)]
        return self._early(words, grammar)

    def _may_go_on(self, text: str, grammar: VoskGrammar) -> bool:
        """True if a longer phrase that is legal now begins so, and nobody is hurt: the pause may be longer."""
        is_urgent = grammar.meanings.get(text, frozenset()) & SAFETY
        return bool(grammar.begins.get(text, frozenset()) & self._intents) and not is_urgent

    def _early(self, words: VoskWords, grammar: VoskGrammar) -> list[Heard]:
        """Return a stop, pause or pain, or any words of safety, on which two partial decodes in a row agree, once."""
        if self._chunks % PARTIAL_CHUNKS:
            return []
        text = words.so_far()
        self._looks = self._looks + 1 if text == self._last_look else 1
        self._last_look = text
        if self._looks != PARTIAL_LOOKS or text in self._told:
            return []
        if not grammar.meanings.get(text, frozenset()) & TOLD_EARLY & self._intents:
            return self._words_so_far(text, grammar)
        self._told.add(text)
        return [self._heard(text, is_final=False, is_sure=True, spare=0.0)]

    def _words_so_far(self, text: str, grammar: VoskGrammar) -> list[Heard]:
        """Return words that are no phrase where they hold a word of safety that was not among them before."""
        urgent = grammar.urgent.intersection(text.split()) - self._told
        if not urgent or SAFETY.isdisjoint(self._intents):
            return []
        self._told |= urgent
        return [replace(self._heard(text, is_final=False, is_sure=False), text="")]

    def _final(self, words: VoskWords, grammar: VoskGrammar) -> Heard:
        text, score = words.final()
        enough = LOWEST_SCORE if len(text.split()) < LONG_PHRASE else LONG_SCORE
        is_phrase = text in grammar.meanings
        spare = score - enough if is_phrase else NO_PHRASE
        refusal = None
        if spare < 0:
            short = Shortfall(rule="confidence", needs=enough, had=score) if is_phrase else Shortfall(rule="no_phrase")
            refusal = Refusal(text=text, shortfalls=(short,))
        heard = self._heard(text, is_final=True, is_sure=spare >= 0, score=score, spare=spare, refusal=refusal)
        self._close()
        return heard

    def _heard(
        self,
        text: str,
        *,
        is_final: bool,
        is_sure: bool,
        score: float = 0.0,
        spare: float = NO_PHRASE,
        refusal: Refusal | None = None,
    ) -> Heard:
        known = " ".join(word for word in text.split() if word != UNKNOWN)
        return Heard(
            text=text,
            is_final=is_final,
            is_sure=is_sure,
            score=score,
            spare=spare,
            at_s=self._at_s,
            end_s=self._end_s,
            refusal=refusal,
            transcripts=(known,) if known else (),
        )

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def _forget(self) -> None:
        self._unbroken.reset()
        self._turn = Endpointer()
        self._rest = np.zeros(0, np.int16)
        self._past = deque(maxlen=round(PRE_ROLL_S / CHUNK_S))
        self._at_s = self._end_s = 0.0
        self._close()

    def _close(self) -> None:
        self._is_open = False
        self._chunks = self._looks = 0
        self._last_look = ""
        self._told: set[str] = set()
        while len(self._past) > round(PAUSE_S / CHUNK_S):  # the pause may hold the next onset, not the last word
            self._past.popleft()


class VoskWords:
    """One recogniser of Vosk, and the words of the utterance so far."""

    def __init__(self, recogniser: Vosk) -> None:
        """Take a KaldiRecognizer with a grammar."""
        self._recogniser = recogniser
        recogniser.SetWords(1)
        self._done: list[tuple[str, float]] = []

    def accept(self, pcm: Pcm) -> None:
        """Take more samples, int16 mono at 16 000 Hz."""
        if self._recogniser.AcceptWaveform(pcm.astype("<i2").tobytes()):
            # Vosk saw a pause where we see none; it is about to forget its words.
            self._done += _read(self._recogniser.Result())

    def so_far(self) -> str:
        """Return the words so far; they may still change."""
        now = json.loads(self._recogniser.PartialResult()).get("partial", "")
        return " ".join([*(word for word, _ in self._done), *str(now).split()])

    def final(self) -> tuple[str, float]:
        """Return the words, and the confidence of the weakest (0 to 100; 0 for none); ends the utterance."""
        words = self._done + _read(self._recogniser.FinalResult())
        self.forget()
        return " ".join(word for word, _ in words), 100 * min((conf for _, conf in words), default=0.0)

    def forget(self) -> None:
        """Drop the utterance."""
        self._recogniser.Reset()
        self._done = []


def _read(result: str) -> list[tuple[str, float]]:
    return [(str(each["word"]), float(each["conf"])) for each in json.loads(result).get("result", ())]


def common_words(language: str) -> list[str]:
    """Return the most common words of a language, as decoys for a model without `[unk]`; may be empty."""
    ranked = most_frequent(language, 10 * DECOYS)
    return [word for word in ranked if len(word) >= DECOY_LETTERS][:DECOYS]
