"""A pause in the middle of a command, by real sound: the ear waits, and both halves are one utterance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.decode.segment import UNFINISHED_PAUSE_S
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Heard, Intent, Pcm
from assistant.wire.build import interpreter

HALTING = Path(__file__).parents[2] / "data" / "halting"
BLOCK = round(BLOCK_S * EAR_RATE_HZ)


@pytest.fixture(scope="module")
def engine(loaded) -> PhoneticEngine:
    made = PhoneticEngine()
    made.learn(loaded.phrases)
    return made


def part(name: str) -> Pcm:
    return soundfile.read(HALTING / f"{name}.flac", dtype="int16")[0]


def quiet(seconds: float) -> Pcm:
    return np.random.default_rng(1).integers(-1, 2, round(seconds * EAR_RATE_HZ)).astype(np.int16)


def hear(engine: PhoneticEngine, pcm: Pcm) -> list[tuple[float, Heard]]:
    """The finals, each with the end of the block that gave it, in seconds."""
    engine.reset()
    found = []
    for i in range(0, len(pcm) // BLOCK * BLOCK, BLOCK):
        block = AudioBlock(pcm=pcm[i : i + BLOCK], rate_hz=EAR_RATE_HZ, at_s=i / EAR_RATE_HZ)
        found += [((i + BLOCK) / EAR_RATE_HZ, heard) for heard in engine.feed(block) if heard.is_final]
    return found


@pytest.mark.parametrize("pause_s", [0.4, 0.8, 1.1])
def test_a_command_with_a_pause_inside_is_one_utterance(engine, loaded, pause_s):
    """No sentence ends with "to"."""
    pcm = np.concatenate([quiet(0.5), part("please_go_to"), quiet(pause_s), part("step_five"), quiet(1.0)])

    ((_, heard),) = hear(engine, pcm)
    (event,) = interpreter(loaded).understand(heard, frozenset(Intent), 3.0)

    assert event.intent is Intent.GO_TO
    assert event.slots == {"number": 5}


def test_an_unfinished_sentence_ends_at_last(engine):
    """Nobody waits for ever, and nothing is done."""
    pcm = np.concatenate([quiet(0.5), part("please_go_to"), quiet(2.5)])

    ((told_s, heard),) = hear(engine, pcm)

    assert heard.transcripts[0] == "please go to"
    assert told_s - heard.end_s == pytest.approx(UNFINISHED_PAUSE_S, abs=0.1)


def test_a_finished_command_waits_no_longer(engine):
    """Its pause is as short as it was."""
    pcm = np.concatenate([quiet(0.5), part("step_five"), quiet(2.0)])

    ((told_s, heard),) = hear(engine, pcm)

    assert heard.text == "step five"
    assert told_s - heard.end_s < 0.45
