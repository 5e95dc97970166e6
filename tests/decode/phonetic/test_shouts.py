"""A stop that somebody shouts over talk without a pause: the real ear hears it, and hears none in the talk alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from assistant.decode.phonetic.bursts import JUMP_DB, LONGEST, MEMORY, OVER, Burst, Bursts
from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Heard, Intent
from assistant.respond.transitions import legal_in
from assistant.store.settings import Folders, Settings
from assistant.wire import build

SPEECH = Path(__file__).parents[2] / "data" / "speech"
ROWS = [json.loads(line) for line in (SPEECH / "manifest.jsonl").read_text("utf-8").splitlines()]
BLOCK = round(BLOCK_S * EAR_RATE_HZ)
GAP_S, AT_S = 0.2, 7.0
TALK, SHOUT = 10 ** (-36 / 20), 10 ** (12 / 20)
LOUD, SOFT = 1_000.0, 100.0

Wave = npt.NDArray[np.float32]


def at_level_one(row: dict[str, str]) -> Wave:
    """Return a clip without the quiet around it; its loud samples have a mean power of 1."""
    wave, _ = soundfile.read(SPEECH / row["file"], dtype="float32")
    peak = np.abs(wave).max()
    loud = np.flatnonzero(np.abs(wave) > 0.03 * peak)
    wave = wave[loud[0] : loud[-1] + 1]
    return np.asarray(wave / np.sqrt(np.mean(wave[np.abs(wave) > 0.02 * peak] ** 2)), np.float32)


def talk(seconds: float) -> Wave:
    """Return somebody's sentences with a fifth of a second between them."""
    gap = np.zeros(round(GAP_S * EAR_RATE_HZ), np.float32)
    clips = [at_level_one(row) for row in ROWS if row["kind"] in {"talk", "broadcast"}]
    wave = np.concatenate([part for clip in clips for part in (clip, gap)])
    wave = np.tile(wave, 1 + int(seconds * EAR_RATE_HZ / len(wave)))[: round(seconds * EAR_RATE_HZ)]
    return (wave * TALK).astype(np.float32)


STOPS = [row for row in ROWS if row["text"] == "stop" and row["human"]]


@pytest.fixture(scope="module")
def ear() -> PhoneticEngine:
    nowhere = Path("nowhere")
    loaded = build.load_files(Settings(engine="phonetic"), Folders(config=nowhere, data=nowhere, cache=nowhere))
    engine = PhoneticEngine()
    engine.learn(loaded.phrases)
    return engine


def heard_in(ear: PhoneticEngine, wave: Wave, legal: frozenset[Intent]) -> list[tuple[float, Heard]]:
    """Return what the ear gives, each with the time at which it does."""
    ear.reset()
    ear.expect(legal)
    noise = np.random.default_rng(1).standard_normal(len(wave)) * 10 ** (-65 / 20)
    pcm = np.clip((wave + noise) * 32767, -32768, 32767).astype(np.int16)
    return [
        (start / EAR_RATE_HZ + BLOCK_S, heard)
        for start in range(0, len(pcm) - BLOCK + 1, BLOCK)
        for heard in ear.feed(AudioBlock(pcm=pcm[start : start + BLOCK], rate_hz=EAR_RATE_HZ, at_s=start / EAR_RATE_HZ))
    ]


def shouted(row: dict[str, str]) -> tuple[Wave, float]:
    """Return talk with a stop 12 dB above it, and the end of the stop."""
    wave, stop = talk(10.0), at_level_one(row) * TALK * SHOUT
    at = round(AT_S * EAR_RATE_HZ)
    wave[at : at + len(stop)] += stop
    return wave, AT_S + len(stop) / EAR_RATE_HZ


def test_a_stop_shouted_over_talk_is_heard(ear: PhoneticEngine) -> None:
    """Within two seconds of the word, while the talk goes on, of four people in five; and nothing before it."""
    times = []
    for row in STOPS:
        wave, end_s = shouted(row)
        found = [(at_s, heard.text) for at_s, heard in heard_in(ear, wave, legal_in("counting")) if heard.is_sure]
        assert [text for _, text in found] in ([], ["stop"])
        times += [at_s - end_s for at_s, _ in found]

    assert len(times) >= 0.8 * len(STOPS)
    assert all(-0.5 < late_s <= 2.0 for late_s in times)


def test_talk_alone_stops_nothing(ear: PhoneticEngine) -> None:
    """Twice half a minute of sentences."""
    assert not [heard for _, heard in heard_in(ear, talk(60.0), legal_in("counting")) if heard.is_sure]


def test_what_is_not_legal_is_not_shouted(ear: PhoneticEngine) -> None:
    """The word must mean something now."""
    wave, _ = shouted(STOPS[0])

    assert not [heard for _, heard in heard_in(ear, wave, frozenset({Intent.NEXT})) if heard.is_sure]


def test_talk_that_drowns_commands_is_told(ear: PhoneticEngine) -> None:
    """Within five seconds of its first word, as no end of an utterance."""
    found = heard_in(ear, talk(6.0), legal_in("counting"))
    drowned = [at_s for at_s, heard in found if heard.refusal and heard.refusal.shortfalls[0].rule == "drowned"]

    assert drowned
    assert drowned[0] <= 5.0


def bursts(levels: Sequence[float]) -> list[Burst]:
    """Return the bursts in talk of these loudnesses, after as much talk as is remembered."""
    follower = Bursts()
    found = [follower.after(level, 1.0) for level in [SOFT] * MEMORY + list(levels) + [SOFT] * OVER]
    return [one for one in found if one is not None]


def test_a_burst_is_what_is_louder_than_the_talk() -> None:
    """As long as it is loud, and as much above the talk as its loudest chunk."""
    (one,) = bursts([LOUD, 2 * LOUD, LOUD])

    assert (one.chunks, one.is_over) == (3, True)
    assert one.jump_db == pytest.approx(26.0, abs=0.1)


def test_a_little_louder_is_no_burst() -> None:
    """Stressed words are."""
    assert not bursts([SOFT * 10 ** ((JUMP_DB - 0.1) / 20)] * 5)


def test_who_stays_louder_is_the_talk() -> None:
    """Told once, unfinished; then his loudness is that of the talk."""
    (one,) = bursts([LOUD] * 4 * LONGEST)

    assert not one.is_over


def test_a_shout_does_not_raise_the_talk() -> None:
    """Who shouts again and again is heard as well at the last time."""
    jumps = [one.jump_db for one in bursts(([LOUD] * 8 + [SOFT] * 10) * 6)]

    assert len(jumps) == 6
    assert max(jumps) - min(jumps) < 0.1


def test_a_sound_in_quiet_is_no_burst() -> None:
    """A pause, with nobody talking, ends each utterance, and the ear hears it whole."""
    follower = Bursts()

    assert not any(follower.after(level, 0.0) for level in [SOFT] * MEMORY + [LOUD] * 5 + [SOFT] * OVER)
