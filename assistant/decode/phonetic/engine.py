"""The phonetic engine: the embedded ear for English. Joins the files of this folder behind the Recogniser protocol.

Audio never leaves this engine: only words and scores do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import NamedTuple, TypeAlias

import numpy as np

from assistant.decode.phonetic.background_speech import BackgroundSpeech
from assistant.decode.phonetic.background_words import CommonWords
from assistant.decode.phonetic.confusable_words import hard_words
from assistant.decode.phonetic.early import Early
from assistant.decode.phonetic.endings import ends_no_sentence
from assistant.decode.phonetic.lexicon import Lexicon
from assistant.decode.phonetic.phone_loop import Loop, read_tables
from assistant.decode.phonetic.phrasebook import Phrasebook, Verdict
from assistant.decode.phonetic.posteriors import IN_NOISE, Posteriors
from assistant.decode.phonetic.reading import Reader
from assistant.decode.phonetic.rescoring import DOUBTS, ScoredUtterance, is_open, together
from assistant.decode.phonetic.results import result, shouted, words_so_far
from assistant.decode.phonetic.rules import may_be_other_words
from assistant.decode.phonetic.sentences import Sentences
from assistant.decode.phonetic.shouts import OverheardDetector, Shouts
from assistant.decode.phonetic.speed_perturbation import at_other_tempi
from assistant.decode.phonetic.transcriber import Transcriber
from assistant.decode.segment import GO_ON, Segmenter, Utterance
from assistant.decode.unbroken import Unbroken
from assistant.errors import EngineError
from assistant.messages import EAR_RATE_HZ, PAUSE_INSIDE_S, AudioBlock, Heard, Intent, Pcm, Phrase

Readings: TypeAlias = tuple[ScoredUtterance, ...]


class Known(NamedTuple):
    """Result of a partial decode of the utterance in progress."""

    end_s: float
    """End of its voice; the next utterance with the same end is the same one."""
    verdict: Verdict | None
    """None while it is undecided."""
    readings: Readings = ()
    """Empty where the whole pause must be decoded."""
    may_look_again: bool = False


class PhoneticEngine:
    """hama's phonemes against every phrase at once; it can reject speech."""

    def __init__(self, own: Mapping[str, Sequence[str]] | None = None) -> None:
        """Load the models (0.15 s). Raises EngineError where they are missing or are not the measured version.

        `own` holds one person's pronunciations: phones joined by spaces, in addition to everybody's.
        """
        self._detector = OverheardDetector()
        self._segmenter = Segmenter(self._detector)
        self._posteriors = Posteriors()
        self._in_noise = Posteriors(IN_NOISE)
        tables = read_tables()
        self._lexicon = Lexicon(self._posteriors.tokens, tables.spelled, own)
        self._loop = Loop(tables, self._posteriors.tokens, edge=self._posteriors.edge)
        self._lexicon.learn(tables.rarity)
        quiet = self._posteriors.edge
        self._common = CommonWords(tables.rarity, self._lexicon.pronunciations, blank=quiet, edge=quiet)
        self._learned: tuple[Phrasebook, Sentences] | None = None
        self._early = Early(())
        self._talk = BackgroundSpeech()
        self._shouts = Shouts(self._in_noise, self._posteriors, self._common)
        self._unbroken = Unbroken()
        self._transcriber = Transcriber(self._in_noise, self._posteriors, list(tables.rarity))
        self._known: Known | None = None
        self._begun: Utterance | None = None

    def learn(self, phrases: Sequence[Phrase]) -> None:
        """Take every phrase of the session (0.3 s for 1,300); all intents are legal until `expect` limits them."""
        if not phrases:
            raise EngineError("there is no phrase to listen for", remedy="Check the command files with: tuina check")
        unknown = self.unknown_words(phrases)
        if unknown:
            raise EngineError(
                f"cannot be pronounced: {', '.join(unknown)}",
                remedy="Write these words as they are said, in English letters",
            )
        # The model may write a boundary inside a word ("s l oʊ | h ɪ ɹ"): there it costs no more than between words.
        sounds, quiet = self._lexicon.pronunciations, self._posteriors.edge
        book = Phrasebook(phrases, sounds)
        self._early = Early(phrases)
        self._learned = book, Sentences(book.texts, sounds, blank=quiet, edge=quiet, cost=self._lexicon.cost)
        self._transcriber.learn(phrases, sounds)
        self._shouts.learn(phrases, self._lexicon, quiet=quiet)

    def expect(self, intents: frozenset[Intent]) -> None:
        """Take the legal intents: they decide how long a pause may be, and what may be given early."""
        self._early.expect(intents)
        self._shouts.expect(intents)
        self._transcriber.expect(intents)
        if self._learned is not None:
            self._learned[0].expect(intents)

    def feed(self, block: AudioBlock) -> tuple[Heard, ...]:
        """Take 20 ms of int16 mono at 16 000 Hz; decodes (0.02 s of processor time a second) at its silences.

        Words that act at once are given as soon as they are understood, with `is_final` false, and again at the end of
        the pause.
        """
        found = [heard for utterance in self._segmenter.feed(block) for heard in self._hear(utterance)]
        so_far, written = self._segmenter.so_far, self._transcriber.take(block, self._segmenter)
        found += self._look(so_far) if so_far else ()
        if written:
            found.append(words_so_far(self._segmenter.at_s, block.at_s + len(block.pcm) / EAR_RATE_HZ, written))
        for heard in found:
            self._shouts.known(heard)
        return (*found, *self._overhear(block))

    def finish(self) -> tuple[Heard, ...]:
        """End the sound: return what was still open."""
        found = tuple(heard for utterance in self._segmenter.finish() for heard in self._hear(utterance))
        self._early.reset()
        self._talk.reset()
        self._shouts.reset()
        self._unbroken.reset()
        self._transcriber.reset()
        self._begun = None
        return found

    def reset(self) -> None:
        """Forget the utterance in progress."""
        self._segmenter.reset()
        self._early.reset()
        self._talk.reset()
        self._shouts.reset()
        self._unbroken.reset()
        self._transcriber.reset()
        self._known = self._begun = None

    def unknown_words(self, phrases: Sequence[Phrase]) -> tuple[str, ...]:
        """Return the words that have no pronunciation at all: foreign scripts, digits."""
        return self._lexicon.unknown(phrase.text for phrase in phrases)

    def hear(self, utterance: Utterance) -> Heard:
        """Decode one utterance that was segmented elsewhere."""
        verdict, readings = self._decode(utterance)
        return result(utterance, verdict, self._transcriber.write(utterance, readings))

    def reader(self) -> Reader:
        """Return a reader of free phones, and of their distances to the phrases. Raises EngineError before `learn`."""
        book, sentences = self._book_and_sentences()
        return Reader(self._posteriors, self._lexicon, book.texts, sentences)

    def hard_words(self, phrases: Sequence[Phrase]) -> tuple[tuple[str, str], ...]:
        """Return the confusable words, each with the reason, in words for people; empty if there is none."""
        self._lexicon.learn({word for phrase in phrases for word in phrase.text.split()})
        return hard_words(phrases, self._lexicon.usual)

    def _overhear(self, block: AudioBlock) -> Iterator[Heard]:
        """Yield what is shouted over running talk, and that talk drowns everything else."""
        end_s = block.at_s + len(block.pcm) / EAR_RATE_HZ
        for chunk, probability in self._detector.asked():
            shout = self._shouts.after(chunk, probability, end_s)
            yield from (shouted(shout),) if shout else ()
            yield from self._unbroken.after(is_speech=probability >= GO_ON, end_s=end_s)

    def _look(self, so_far: Utterance) -> tuple[Heard, ...]:
        """Decode the utterance so far, while the pause is still running."""
        if self._learned is None:
            return ()
        if self._known is not None and self._known.end_s == so_far.end_s:
            return self._look_again(so_far, self._known) if self._known.may_look_again else ()
        if not self._early.may_look(so_far):
            return ()
        readings: Readings = (self._read(so_far.pcm),)
        verdict = self._judge(readings, so_far)
        if self._early.is_clear(verdict) and self._early.acts_at_once(verdict) and is_open(verdict, so_far, DOUBTS[0]):
            readings = (*readings, *self._read_as_installed(so_far.pcm))
            verdict = self._judge(readings, so_far)
        is_clear = self._early.is_clear(verdict)
        is_decided = is_clear and not is_open(verdict, so_far, DOUBTS[len(readings) - 1])
        is_told = self._early.may_tell(verdict)
        self._known = Known(
            so_far.end_s,
            verdict if is_decided else None,
            readings if is_clear else (),
            may_look_again=not is_decided and self._early.may_look_again(verdict),
        )
        return self._partial(so_far, verdict if is_told else None, readings)

    def _look_again(self, so_far: Utterance, known: Known) -> tuple[Heard, ...]:
        """Decode again, with all readings, what the first partial decode left open; the rest waits for the pause."""
        verdict, readings = self._decode(so_far, known.readings)
        if verdict is None or not self._early.may_tell(verdict, is_later=True):
            return self._partial(so_far, None, readings) if readings else ()
        self._known = Known(so_far.end_s, verdict)  # final: the rest of the pause need not be decoded
        return self._partial(so_far, verdict, readings)

    def _partial(self, so_far: Utterance, verdict: Verdict | None, readings: Readings) -> tuple[Heard, ...]:
        """Return what is told at a lull: a verdict that acts early, or words with a new safety word among them."""
        written = self._transcriber.at_lull(so_far, readings[0], is_told=verdict is not None)
        if written is None:
            return ()
        if verdict is None:
            return (words_so_far(so_far.at_s, so_far.end_s, written),)
        return (replace(result(so_far, verdict, written), is_final=False),)

    def _hear(self, utterance: Utterance) -> tuple[Heard, ...]:
        known = self._known if self._known and self._known.end_s == utterance.end_s else None  # nobody spoke since then
        verdict, readings = (known.verdict, known.readings) if known else (None, ())
        if verdict is None:
            verdict, readings = self._decode(utterance, readings)
        if not utterance.is_over and verdict is not None and verdict.may_go_on:
            self._known = Known(utterance.end_s, verdict)
            self._segmenter.keep_open()
            return ()
        self._known = None
        self._talk.heard(utterance, verdict)
        heard = result(utterance, verdict, self._transcriber.write(utterance, readings))
        whole = self._with_what_was_begun(utterance, heard)
        self._begun = None if whole or not self._is_begun(heard) else utterance
        return (whole or heard,)

    def _is_begun(self, heard: Heard) -> bool:
        """True if the words call for more: "please go to", "what's the"; no phrase was believed."""
        text = heard.transcripts[0] if heard.transcripts else ""
        return not heard.is_sure and (ends_no_sentence(text) or self._book_and_sentences()[0].begins_a_phrase(text))

    def _with_what_was_begun(self, utterance: Utterance, heard: Heard) -> Heard | None:
        """Return a believed phrase in the sentence that was begun before a pause and this end of it; None for none.

        Nothing is taken from what acts by itself: a phrase that is believed, and words of safety.
        """
        begun = self._begun
        if begun is None or heard.is_sure or self._transcriber.has_safety_word(heard.transcripts):
            return None
        if utterance.is_too_long or utterance.at_s - begun.end_s > PAUSE_INSIDE_S:
            return None
        pcm = np.concatenate([begun.pcm, utterance.pcm])
        both = replace(utterance, pcm=pcm, at_s=begun.at_s, speech=max(begun.speech, utterance.speech))
        verdict, readings = self._decode(both)
        if verdict is None or not verdict.is_sure:
            return None
        return result(both, verdict, self._transcriber.write(both, readings))

    def _decode(self, utterance: Utterance, readings: Readings = ()) -> tuple[Verdict | None, Readings]:
        """Return the verdict on the given readings, and on further ones as long as it stays open; with all of them."""
        if self._learned is None or utterance.is_too_long:
            return None, readings
        readings = readings or (self._read(utterance.pcm),)
        verdict = self._judge(readings, utterance)
        read_on = (self._read_as_installed, self._read_at_other_tempi)
        done = len(readings) - 1
        for doubt, read in zip(DOUBTS[done:], read_on[done:], strict=True):
            if not is_open(verdict, utterance, doubt):
                break
            readings = (*readings, *read(utterance.pcm))
            verdict = self._judge(readings, utterance)
        return verdict, readings

    def _read_as_installed(self, pcm: Pcm) -> Readings:
        return (self._read(pcm, self._posteriors),)

    def _read_at_other_tempi(self, pcm: Pcm) -> Readings:
        models = self._posteriors, self._in_noise
        return tuple(self._read(sound, model) for sound in at_other_tempi(pcm) for model in models)

    def _judge(self, readings: Sequence[ScoredUtterance], utterance: Utterance) -> Verdict:
        book, sentences = self._book_and_sentences()
        scores, loop, free = together(readings)
        verdict = book.judge(
            scores,
            sentences.phones,
            loop=loop,
            free=free,
            speech=utterance.speech,
            is_amid_talk=self._talk.is_around(utterance),
        )
        if not (verdict.is_sure and may_be_other_words(verdict.evidence)):
            return verdict
        words = fmean(self._common.score(reading.frames) for reading in readings)
        return book.judge_again(verdict, over_words=verdict.evidence.over_loop + loop - words)

    def _read(self, pcm: Pcm, model: Posteriors | None = None) -> ScoredUtterance:
        """Return one reading, with the weights for noisy speech unless given a model."""
        _, sentences = self._book_and_sentences()
        x = (model or self._in_noise)(pcm)
        return ScoredUtterance(
            frames=x, scores=sentences.scores(x), loop=self._loop.score(x), free=float(x.max(1).sum())
        )

    def _book_and_sentences(self) -> tuple[Phrasebook, Sentences]:
        if self._learned is None:
            raise EngineError("there is no phrase to compare with", remedy="Teach the ear its phrases first")
        return self._learned
