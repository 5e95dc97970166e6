"""A safety word is told while the sentence goes on, once, and other words are not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.decode.phonetic.lexicon import Lexicon
from assistant.decode.phonetic.open_words import OpenWords, Transcript
from assistant.decode.phonetic.posteriors import Posteriors
from assistant.decode.phonetic.running_words import LOOK_S, RunningWords
from assistant.decode.phonetic.spotter import Spotter
from assistant.decode.phonetic.word_table import read_word_table
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Heard, Intent, Pcm
from assistant.wire.build import LoadedFiles

SPEECH = Path(__file__).parents[2] / "data" / "speech"
BLOCK = round(BLOCK_S * EAR_RATE_HZ)
ROWS = [json.loads(line) for line in (SPEECH / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


def clip(text: str, voice: str) -> Pcm:
    """A voice's sentence, without the quiet around it."""
    file = min(row["file"] for row in ROWS if row["text"] == text and row["voice"] == voice)
    pcm = soundfile.read(SPEECH / file, dtype="int16")[0]
    loud = np.flatnonzero(np.abs(pcm) > 300)
    return pcm[loud[0] : loud[-1]]


@pytest.fixture(scope="module")
def engine(loaded: LoadedFiles) -> PhoneticEngine:
    made = PhoneticEngine()
    made.learn(loaded.phrases)
    return made


def hear(engine: PhoneticEngine, *parts: Pcm) -> list[tuple[float, Heard]]:
    """Everything heard in the parts one after the other, each with the time at which it was given."""
    quiet = np.zeros(EAR_RATE_HZ // 2, np.int16)
    pcm = np.concatenate([quiet, *parts, quiet])
    engine.reset()
    found = []
    for i in range(0, len(pcm) // BLOCK * BLOCK, BLOCK):
        block = AudioBlock(pcm=pcm[i : i + BLOCK], rate_hz=EAR_RATE_HZ, at_s=i / EAR_RATE_HZ)
        found += [((i + BLOCK) / EAR_RATE_HZ, heard) for heard in engine.feed(block)]
    return found


def partials(found: Sequence[tuple[float, Heard]], word: str) -> list[float]:
    """Times of the results before the end whose transcript holds the word."""
    return [
        at_s for at_s, heard in found if not heard.is_final and any(word in text.split() for text in heard.transcripts)
    ]


VOICE = "kokoro-bf_emma"


def test_a_stop_amid_a_sentence_is_told_before_its_end(engine: PhoneticEngine) -> None:
    """No lull follows the word, and the transcript reaches the session while the voice goes on."""
    before, stop, after = (clip(text, VOICE) for text in ("how many left", "stop", "switch sides"))
    ended_s = 0.5 + (len(before) + len(stop)) / EAR_RATE_HZ

    told = partials(hear(engine, before, stop, after, after), "stop")

    assert len(told) == 1
    assert told[0] <= ended_s + LOOK_S + 0.1


def test_a_stop_in_one_breath_is_told(engine: PhoneticEngine) -> None:
    """A sentence said as a whole, of which nothing was put together here."""
    sentence = clip("police were called to stop the fight outside the station", "hibari-heart")

    told = partials(hear(engine, sentence), "stop")

    assert told
    assert told[0] < 0.5 + len(sentence) / EAR_RATE_HZ - 0.5


def test_words_of_another_kind_are_not_told_early(engine: PhoneticEngine) -> None:
    """A sentence without a word of safety gives no result before its end."""
    found = hear(engine, clip("how many left", VOICE), clip("switch sides", VOICE))

    assert [heard.is_final for _, heard in found] == [True]
    assert "left" in found[0][1].transcripts[0].split()


def test_nothing_is_told_where_no_safety_is_legal(engine: PhoneticEngine) -> None:
    """While only yes and no are legal, the word waits for the end."""
    engine.expect(frozenset({Intent.YES, Intent.NO}))

    found = hear(engine, clip("how many left", VOICE), clip("stop", VOICE), clip("how many left", VOICE))
    engine.expect(frozenset(Intent))

    assert not partials(found, "stop")
    assert "stop" in found[-1][1].transcripts[0].split()


def test_the_last_word_of_a_transcript_is_told_once_it_is_over(posteriors: Posteriors) -> None:
    """It seems to last as long as there is sound; the spotter knows that it ended, and that the next word has begun."""
    shipped = OpenWords(read_word_table(posteriors.tokens), quiet=posteriors.edge)
    running = RunningWords(lambda _: np.zeros((0, 1), np.float32), lambda _: np.zeros((0, 1), np.float32), shipped)
    running.learn(frozenset({"stop"}), Spotter([], lambda _: (), quiet=0))
    heard = Transcript(text="can you stop", misfit=0.0, ends=(20, 30, 49))

    assert not running.is_news(heard, 50, 1.0, least=3)
    assert running.is_news(heard, 50, 1.0, least=3, is_over=True)
    assert not running.is_news(heard, 62, 1.24, least=3, is_over=True)


@pytest.mark.parametrize("said", ["stop", "how many left", "switch sides"])
def test_the_spotter_finds_the_word_that_is_said(said: str, posteriors: Posteriors, lexicon: Lexicon) -> None:
    """It sees "stop" end in a recording of it, and in no other."""
    spotter = Spotter(["stop"], lexicon.pronunciations, quiet=posteriors.edge)
    x = posteriors(clip(said, VOICE))

    assert spotter.ends(x, 0, len(x)) == (said == "stop")


def test_a_spotter_of_no_words_finds_none(posteriors: Posteriors, lexicon: Lexicon) -> None:
    """A grammar without safety phrases has nothing to look for."""
    spotter = Spotter([], lexicon.pronunciations, quiet=posteriors.edge)

    assert not spotter.ends(posteriors(clip("stop", VOICE)), 0, 100)
