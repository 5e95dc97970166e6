"""The second pass: when it is taken, and what it lifts in noise without letting anything else through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.decode.phonetic.denoise import WhenNeeded
from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.decode.phonetic.lexicon import Lexicon
from assistant.decode.phonetic.loop import Loop, Tables
from assistant.decode.phonetic.phrasebook import Phrasebook, Verdict
from assistant.decode.phonetic.posteriors import Posteriors
from assistant.decode.phonetic.rules import FRAGMENT, REFUSED, Evidence
from assistant.decode.phonetic.second_pass import LACKS, LONGEST_S, SURE, Reading, is_open, together
from assistant.decode.phonetic.sentences import Sentences
from assistant.interpret.phrases import expand
from assistant.library import load
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Heard, Pcm, Phrase

AUDIO = Path(__file__).parent.parent / "data" / "speech" / "audio"
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
        self._posteriors = posteriors

    def read(self, pcm: Pcm) -> Reading:
        x = self._posteriors(pcm)
        return Reading(scores=self._sentences.scores(x), loop=self._loop.score(x), free=float(x.max(1).sum()))

    def judge(self, reading: Reading) -> Verdict:
        phones = self._sentences.phones
        return self._book.judge(reading.scores, phones, loop=reading.loop, free=reading.free, speech=1.0)

    def twice(self, name: str, snr_db: float = 6.0) -> tuple[Verdict, Verdict]:
        """The verdict of the first pass, and that of both."""
        pcm = noisy(name, snr_db)
        first = self.read(pcm)
        return self.judge(first), self.judge(together((first, self.read(WhenNeeded()(pcm)))))


@pytest.fixture(scope="module")
def passes(phrases: tuple[Phrase, ...], posteriors: Posteriors, lexicon: Lexicon, tables: Tables) -> Passes:
    return Passes(phrases, posteriors, lexicon, tables)


def test_noise_is_heard_through(passes: Passes) -> None:
    """A command that the first pass refuses in noise is believed after the second."""
    first, both = passes.twice("kokoro-af_bella/cmd056", 3.0)

    assert (first.is_sure, is_open(first, 1.8)) == (False, True)
    assert (both.text, both.is_sure) == ("the other side", True)


def test_the_engine_listens_twice(engine: PhoneticEngine) -> None:
    """The same command, the whole way from blocks of sound, is believed; and so it is after a reset."""
    pcm = noisy("kokoro-af_bella/cmd056", 3.0)

    found = hear(engine, pcm)

    assert [(heard.text, heard.is_sure) for heard in found] == [("the other side", True)]
    assert hear(engine, pcm) == found


@pytest.mark.parametrize("word", WORDS)
def test_a_refused_word_stays_refused(passes: Passes, word: str) -> None:
    """No unrelated word of people comes through in noise because it was heard twice."""
    _, both = passes.twice(f"gsc/{word}")

    assert not both.is_sure


def test_what_is_clear_is_heard_once() -> None:
    """A good fit needs no second pass, nor does what is no command: far from the bar, long talk, nothing."""
    assert not is_open(CLEAR, 1.0)
    assert not is_open(replace(CLEAR, spare=LACKS - 0.1), 1.0)
    assert not is_open(replace(CLEAR, spare=REFUSED), 1.0)
    assert not is_open(replace(CLEAR, spare=-1.0), LONGEST_S + 0.1)
    assert not is_open(None, 1.0)


@pytest.mark.parametrize("spare", [LACKS, -1.0, 1.0, SURE])
def test_what_is_unsure_is_heard_again(spare: float) -> None:
    """What was refused or believed by a few nats is heard again, however well it fits."""
    assert is_open(replace(CLEAR, spare=spare), 1.0)


def test_a_piece_of_a_phrase_stays_one() -> None:
    """Where the best word is itself only a piece, no second pass makes a command of it; just ahead of one it may."""
    piece, ahead = (replace(CLEAR.evidence, lead=lead) for lead in (-FRAGMENT, 0.1 - FRAGMENT))

    assert not is_open(replace(CLEAR, spare=-1.0, evidence=piece), 1.0)
    assert is_open(replace(CLEAR, spare=-1.0, evidence=ahead), 1.0)


def test_two_equal_readings_are_one() -> None:
    """Half of the sum, so that the thresholds of one reading hold for two."""
    reading = Reading(scores=np.array([-3.0, -8.0], np.float32), loop=-5.0, free=-1.0)

    found = together((reading, reading))

    assert (found.scores.tolist(), found.scores.dtype) == ([-3.0, -8.0], np.float32)
    assert (found.loop, found.free) == (-5.0, -1.0)


def hear(engine: PhoneticEngine, pcm: Pcm) -> list[Heard]:
    """What the engine is sure of or not, once it is over."""
    engine.reset()
    found: list[Heard] = []
    for i in range(0, len(pcm) // BLOCK * BLOCK, BLOCK):
        block = AudioBlock(pcm=pcm[i : i + BLOCK], rate_hz=EAR_RATE_HZ, at_s=i / EAR_RATE_HZ)
        found += engine.feed(block)
    return [heard for heard in (*found, *engine.finish()) if heard.is_final]
