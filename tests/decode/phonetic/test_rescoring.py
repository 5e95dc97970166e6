"""The second pass: when it is taken, and what it lifts in noise without letting anything else through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.decode.phonetic.lexicon import Lexicon
from assistant.decode.phonetic.phone_loop import Loop, Tables
from assistant.decode.phonetic.phrasebook import Phrasebook, Verdict
from assistant.decode.phonetic.posteriors import IN_NOISE, Posteriors
from assistant.decode.phonetic.rescoring import BEHIND, DOUBTS, LONGEST_S, Doubt, ScoredUtterance, is_open, together
from assistant.decode.phonetic.rules import FRAGMENT, REFUSED, SPEECH, Evidence
from assistant.decode.phonetic.sentences import Sentences
from assistant.decode.segment import Utterance
from assistant.interpret import expand
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Heard, Pcm, Phrase
from assistant.store.library import load

AUDIO = Path(__file__).parents[2] / "data" / "speech" / "audio"
BLOCK = round(BLOCK_S * EAR_RATE_HZ)
WORDS = ("bed_988e2f9a_nohash_0", "cat_8fe67225_nohash_0", "off_a8cb6dda_nohash_0", "on_4fd1443e_nohash_0")
WORDS += ("wow_dabf67d9_nohash_0", "happy_a5609cce_nohash_0", "sheila_a8ee11c7_nohash_1", "down_d0faf7e4_nohash_0")
CLEAR = Verdict(
    text="stop",
    rival="",
    evidence=Evidence(over_loop=20.0, margin=10.0, misfit=0.4, phones=4, speech=0.9),
    may_go_on=False,
    spare=5.0,
)


def pink(n: int, seed: int) -> np.ndarray:
    """Noise whose power falls with the frequency, mean power 1."""
    rng = np.random.default_rng(seed)
    bands = rng.standard_normal(n // 2 + 1) + 1j * rng.standard_normal(n // 2 + 1)
    noise = np.fft.irfft(bands / np.sqrt(np.maximum(np.fft.rfftfreq(n, 1 / EAR_RATE_HZ), 40.0)), n)
    return noise / noise.std()


def noisy(name: str, snr_db: float = 6.0) -> Pcm:
    """A recording between two stretches without speech, all of it in pink noise."""
    speech = soundfile.read(AUDIO / f"{name}.flac", dtype="int16")[0].astype(float)
    sound = np.concatenate([np.zeros(6_400), speech, np.zeros(6_400)])
    sound = sound[: len(sound) // 2 * 2]
    loudest = np.sort(sound**2)[-len(sound) // 4 :]
    noise = pink(len(sound), seed=7) * np.sqrt(loudest.mean()) * 10 ** (-snr_db / 20)
    return np.clip(sound + noise, -32_768, 32_767).astype(np.int16)


@pytest.fixture(scope="module")
def phrases() -> tuple[Phrase, ...]:
    return expand(load("en").pack)


@pytest.fixture(scope="module")
def engine(phrases: tuple[Phrase, ...]) -> PhoneticEngine:
    made = PhoneticEngine()
    made.learn(phrases)
    return made


class Passes:
    """The parts of the engine, so that the first pass can be looked at alone."""

    def __init__(self, phrases: tuple[Phrase, ...], posteriors: Posteriors, lexicon: Lexicon, tables: Tables) -> None:
        lexicon.learn({word for phrase in phrases for word in phrase.text.split()})
        sounds, blank, edge = lexicon.pronunciations, posteriors.blank, posteriors.edge
        self._book = Phrasebook(phrases, sounds)
        self._sentences = Sentences(self._book.texts, sounds, blank=blank, edge=edge, cost=lexicon.cost)
        self._loop = Loop(tables, posteriors.tokens, edge=edge)
        self._as_installed, self._in_noise = posteriors, Posteriors(IN_NOISE)

    def read(self, pcm: Pcm, model: Posteriors) -> ScoredUtterance:
        x = model(pcm)
        scores = self._sentences.scores(x)
        return ScoredUtterance(frames=x, scores=scores, loop=self._loop.score(x), free=float(x.max(1).sum()))

    def judge(self, *readings: ScoredUtterance) -> Verdict:
        scores, loop, free = together(readings)
        return self._book.judge(scores, self._sentences.phones, loop=loop, free=free, speech=1.0)

    def twice(self, name: str, snr_db: float = 6.0) -> tuple[Verdict, Verdict]:
        """The verdict of the first pass, and that of both."""
        pcm = noisy(name, snr_db)
        first = self.read(pcm, self._in_noise)
        return self.judge(first), self.judge(first, self.read(pcm, self._as_installed))


@pytest.fixture(scope="module")
def passes(phrases: tuple[Phrase, ...], posteriors: Posteriors, lexicon: Lexicon, tables: Tables) -> Passes:
    return Passes(phrases, posteriors, lexicon, tables)


def test_noise_is_heard_through(passes: Passes) -> None:
    """A command that the first pass refuses in noise is believed after the second."""
    first, both = passes.twice("kokoro-af_bella/cmd003", 3.0)

    assert (first.is_sure, is_open(first, lasting(1.8), DOUBTS[0])) == (False, True)
    assert (both.text, both.is_sure) == ("next one please", True)


def test_the_engine_listens_twice(engine: PhoneticEngine) -> None:
    """The same command, the whole way from blocks of sound, is believed; and so it is after a reset."""
    pcm = noisy("kokoro-af_bella/cmd003", 3.0)

    found = hear(engine, pcm)

    assert [(heard.text, heard.is_sure) for heard in found] == [("next one please", True)]
    assert hear(engine, pcm) == found


@pytest.mark.parametrize("word", WORDS)
def test_a_refused_word_stays_refused(passes: Passes, word: str) -> None:
    """No unrelated word of people comes through in noise because it was heard twice."""
    _, both = passes.twice(f"gsc/{word}")

    assert not both.is_sure


def lasting(seconds: float, speech: float = 0.9) -> Utterance:
    """Silence that counts as speech."""
    pcm = np.zeros(round(seconds * EAR_RATE_HZ), np.int16)
    return Utterance(pcm=pcm, at_s=0.0, end_s=seconds, speech=speech, is_over=True)


@pytest.mark.parametrize("doubt", DOUBTS)
def test_what_is_clear_is_read_no_further(doubt: Doubt) -> None:
    """An utterance with enough headroom is read once, and so is one that is hopeless, long, quiet or empty."""
    assert not is_open(replace(CLEAR, spare=doubt.sure + 0.1), lasting(1.0), doubt)
    assert not is_open(replace(CLEAR, spare=doubt.lacks - 0.1), lasting(1.0), doubt)
    assert not is_open(replace(CLEAR, spare=REFUSED), lasting(1.0), doubt)
    assert not is_open(replace(CLEAR, spare=-1.0), lasting(LONGEST_S + 0.1), doubt)
    assert not is_open(replace(CLEAR, spare=-1.0), lasting(1.0, speech=SPEECH - 0.1), doubt)
    assert not is_open(None, lasting(1.0), doubt)


@pytest.mark.parametrize("doubt", DOUBTS)
def test_what_is_unsure_is_read_again(doubt: Doubt) -> None:
    """An utterance that was refused or believed by a few nats is read again, however well it fits."""
    for spare in (doubt.lacks, -1.0, 1.0, doubt.sure):
        assert is_open(replace(CLEAR, spare=spare), lasting(1.0), doubt)


def test_amid_talk_one_reading_is_not_enough() -> None:
    """Of hundreds of sentences one is near to a command by chance, however sure and however short it is."""
    sure = replace(CLEAR, spare=DOUBTS[0].sure + 5)
    evidence = replace(CLEAR.evidence, is_amid_talk=True, over_words=2.0)
    amid_talk = replace(sure, evidence=evidence)
    other_words = replace(amid_talk, spare=DOUBTS[0].lacks - 1)
    no_command = replace(other_words, evidence=replace(evidence, over_words=float("inf")))

    assert [is_open(amid_talk, lasting(1.0), doubt) for doubt in DOUBTS] == [True, False]
    assert [is_open(other_words, lasting(1.0), doubt) for doubt in DOUBTS] == [True, False]
    assert not is_open(no_command, lasting(1.0), DOUBTS[0])


def test_a_piece_of_a_phrase_may_be_more_once() -> None:
    """If the best word is only a fragment, the weights for noise may find a command, other tempi may not."""
    piece = replace(CLEAR, spare=REFUSED, evidence=replace(CLEAR.evidence, lead=-FRAGMENT))
    ahead = replace(CLEAR, spare=-1.0, evidence=replace(CLEAR.evidence, lead=0.1 - FRAGMENT))
    plain = replace(piece, behind=BEHIND + 0.1)

    assert [is_open(piece, lasting(1.0), doubt) for doubt in DOUBTS] == [True, False]
    assert not any(is_open(plain, lasting(1.0), doubt) for doubt in DOUBTS)
    assert [is_open(ahead, lasting(1.0), doubt) for doubt in DOUBTS] == [True, True]


def test_two_equal_readings_are_one() -> None:
    """Half of the sum, so that the thresholds of one reading hold for two."""
    frames = np.zeros((1, 2), np.float32)
    reading = ScoredUtterance(frames=frames, scores=np.array([-3.0, -8.0], np.float32), loop=-5.0, free=-1.0)

    scores, loop, free = together((reading, reading))

    assert (scores.tolist(), scores.dtype) == ([-3.0, -8.0], np.float32)
    assert (loop, free) == (-5.0, -1.0)


def hear(engine: PhoneticEngine, pcm: Pcm) -> list[Heard]:
    """Return the engine's final result, sure or not."""
    engine.reset()
    found: list[Heard] = []
    for i in range(0, len(pcm) // BLOCK * BLOCK, BLOCK):
        block = AudioBlock(pcm=pcm[i : i + BLOCK], rate_hz=EAR_RATE_HZ, at_s=i / EAR_RATE_HZ)
        found += engine.feed(block)
    return [heard for heard in (*found, *engine.finish()) if heard.is_final]
