"""A pause in the middle of a command, by real sound: both halves are one, and a stop behind the first is heard."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Heard, Intent, Pcm, Said
from assistant.wire.build import interpreter

HALTING = Path(__file__).parents[2] / "data" / "halting"
SPOKEN = HALTING.parent / "spoken"
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


def meant(loaded, heard: Iterable[Heard]) -> list[Intent]:
    """The intents that are done, in order."""
    heard_by = interpreter(loaded).for_another_session()
    events = [event for one in heard for event in heard_by.understand(one, frozenset(Intent), one.end_s)]
    return [event.intent for event in events if isinstance(event, Said)]


@pytest.mark.parametrize("pause_s", [0.4, 0.8, 1.1])
def test_a_command_with_a_pause_inside_is_one(engine, loaded, pause_s):
    """Its second half may be a command by itself, or be believed only behind the first."""
    pcm = np.concatenate([quiet(0.5), part("please_go_to"), quiet(pause_s), part("step_five"), quiet(1.0)])

    found = [heard for _, heard in hear(engine, pcm)]

    assert meant(loaded, found) == [Intent.GO_TO]


@pytest.mark.parametrize("level", [1.0, 0.5, 0.25])
@pytest.mark.parametrize("pause_s", [0.4, 0.8, 1.1])
def test_a_stop_behind_an_unfinished_sentence_is_heard(engine, loaded, pause_s, level):
    """Softer than the sentence too, by 12 dB: it is an utterance of its own."""
    spoken = soundfile.read(SPOKEN / "gsc-988e2f9a" / "stop.flac", dtype="int16")[0]
    stop = (spoken * (level * np.abs(part("please_go_to")).max() / np.abs(spoken).max())).astype(np.int16)
    pcm = np.concatenate([quiet(0.5), part("please_go_to"), quiet(pause_s), stop, quiet(1.0)])

    found = [heard for _, heard in hear(engine, pcm)]

    assert Intent.STOP in meant(loaded, found)


def test_a_half_that_nothing_follows_is_given_at_once(engine):
    """Nobody waits for the other half: what is said next is joined with it then."""
    pcm = np.concatenate([quiet(0.5), part("please_go_to"), quiet(2.5)])

    ((told_s, heard),) = hear(engine, pcm)

    assert heard.transcripts[0] == "please go to"
    assert told_s - heard.end_s < 0.6


def test_what_was_begun_is_forgotten_after_a_while(engine, loaded):
    """A new command two seconds later is one by itself."""
    pcm = np.concatenate([quiet(0.5), part("please_go_to"), quiet(2.0), part("step_five"), quiet(1.0)])

    found = [heard for _, heard in hear(engine, pcm)]

    assert found[-1].at_s > 2.5
    assert meant(loaded, found[-1:]) == [Intent.GO_TO]
