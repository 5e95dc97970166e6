"""A "stop" shouted over talk that leaves no pause, through the real ear while it counts; and false stops in talk alone.

    python -m benchmarks.stop_over_talk --clips MANIFEST.jsonl [...] [--trials 44] [--hours 0.5] [--seed 1]

The manifests are as in tests/data/speech/README.md: `talk` and `broadcast` clips are joined with the same gap between
them, and people's `stop` clips are laid over that, so many dB above it (each at the level of its loud samples). Printed
for each gap and level: the share that was heard within 2 s of the word; the share of talk of which it was told within
5 s of its beginning that it drowns commands; and at last the false stops in hours of the same talk, every clip at
another distance (+-4 dB), with the processor time of the ear.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from assistant.interpret.match import Matcher
from assistant.messages import AT_ONCE, BLOCK_S, EAR_RATE_HZ, SAFETY, AudioBlock, Intent, Said
from assistant.store.settings import Folders, Settings
from assistant.terminal.bench.intervals import hourly
from assistant.wire import build
from assistant.wire.hear_recording import legal_for

Wave: TypeAlias = npt.NDArray[np.float32]

BLOCK = round(BLOCK_S * EAR_RATE_HZ)
TALK_DBFS, ROOM_DBFS = -36.0, -65.0
GAPS_S = (0.05, 0.2)
LEVELS_DB = (6, 12, 18)
SHOUT_S, TALK_S = 7.0, 11.0
HEARD_S, TOLD_S = 2.0, 5.0
PIECE_S = 90.0
APART_DB = 4.0


class Given(NamedTuple):
    """The results of the ear, with their times."""

    at_s: float
    intent: Intent | None
    """None: talk drowns commands."""


class Ear:
    """The phonetic engine with all shipped phrases, in the middle of a count."""

    def __init__(self) -> None:
        """Load and learn."""
        nowhere = Path("nowhere")
        where = Folders(config=nowhere, data=nowhere, cache=nowhere)
        settings = Settings(engine="phonetic")
        loaded = build.load_files(settings, where)
        self._matcher = Matcher(loaded.phrases, loaded.pack.skip_words, loaded.pack.numbers)
        self._ear = build.ear("phonetic", settings, where, loaded.phrases)
        self._legal = legal_for("counting") & (AT_ONCE | SAFETY)
        self._ear.expect(legal_for("counting"))
        self.cpu_s = self.seconds = 0.0

    def hear(self, wave: Wave) -> list[Given]:
        """Return what stops a count, and what tells of talk."""
        self._ear.reset()
        pcm = np.clip(wave * 32767.0, -32768, 32767).astype(np.int16)
        began, found = time.process_time(), []
        for start in range(0, len(pcm) - BLOCK + 1, BLOCK):
            at_s = start / EAR_RATE_HZ
            for heard in self._ear.feed(AudioBlock(pcm=pcm[start : start + BLOCK], rate_hz=EAR_RATE_HZ, at_s=at_s)):
                if heard.refusal and heard.refusal.shortfalls[0].rule == "drowned":
                    found.append(Given(at_s + BLOCK_S, None))
                event = self._matcher.understand(heard, self._legal, at_s)
                if isinstance(event, Said):
                    found.append(Given(at_s + BLOCK_S, event.intent))
        self.cpu_s += time.process_time() - began
        self.seconds += len(pcm) / EAR_RATE_HZ
        return found


def clip(path: Path) -> Wave:
    """Return a clip without the quiet around it; its loud samples have a mean power of 1."""
    wave, rate = soundfile.read(path, dtype="float32")
    wave = soxr.resample(wave, rate, EAR_RATE_HZ)
    peak = np.abs(wave).max()
    loud = np.flatnonzero(np.abs(wave) > 0.03 * peak)
    wave = wave[loud[0] : loud[-1] + 1]
    return np.asarray(wave / np.sqrt(np.mean(wave[np.abs(wave) > 0.02 * peak] ** 2)), np.float32)


def rows(manifests: Sequence[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the path and the row of each clip; paths are relative to the manifest or to the folder above it."""
    for manifest in manifests:
        for line in manifest.read_text("utf-8").splitlines():
            row = json.loads(line)
            near = manifest.parent / row["file"]
            yield (near if near.exists() else manifest.parent.parent / row["file"]), row


def joined(clips: Sequence[Wave], seconds: float, gap_s: float, rng: random.Random, spread_db: float = 0.0) -> Wave:
    """Return talk in a quiet room: clips in any order with a gap between them."""
    parts: list[Wave] = []
    while sum(map(len, parts)) < seconds * EAR_RATE_HZ:
        parts.append(rng.choice(clips) * np.float32(10 ** (rng.uniform(-spread_db, spread_db) / 20)))
        parts.append(np.zeros(round(gap_s * EAR_RATE_HZ), np.float32))
    wave = np.concatenate(parts)[: round(seconds * EAR_RATE_HZ)] * 10 ** (TALK_DBFS / 20)
    noise = np.random.default_rng(rng.randrange(1 << 30)).standard_normal(len(wave)) * 10 ** (ROOM_DBFS / 20)
    return np.asarray(wave + noise, np.float32)


def trial(ear: Ear, talk: Wave, stop: Wave, level_db: float) -> tuple[bool, bool]:
    """Shout a stop over the talk: was it heard in time, and was it told in time that the talk drowns words."""
    stop = stop * 10 ** ((TALK_DBFS + level_db) / 20)
    stop /= max(1.0, float(np.abs(stop).max()) / 0.95)
    wave, at = talk.copy(), round(SHOUT_S * EAR_RATE_HZ)
    wave[at : at + len(stop)] += stop
    given = ear.hear(wave)
    end_s = SHOUT_S + len(stop) / EAR_RATE_HZ
    return (
        any(one.intent is not None and SHOUT_S <= one.at_s <= end_s + HEARD_S for one in given),
        any(one.intent is None and one.at_s <= TOLD_S for one in given),
    )


def main() -> None:
    """Run it; the table goes to the terminal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, nargs="+", required=True)
    parser.add_argument("--trials", type=int, default=44)
    parser.add_argument("--hours", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng, ear, found = random.Random(asked.seed), Ear(), list(rows(asked.clips))
    talk = [clip(path) for path, row in found if row["kind"] in {"talk", "broadcast"}]
    stops = [clip(path) for path, row in found if row["text"] == "stop" and row["human"]]
    for gap_s in GAPS_S:
        for level_db in LEVELS_DB:
            chosen = rng.sample(stops, min(asked.trials, len(stops)))
            done = [trial(ear, joined(talk, TALK_S, gap_s, rng), stop, level_db) for stop in chosen]
            heard, told = (sum(one[i] for one in done) for i in (0, 1))
            print(f"gap {gap_s} s, {level_db:+d} dB: heard {heard}/{len(done)}, told {told}/{len(done)}", flush=True)
    hours = false = 0.0
    while hours < asked.hours:
        wave = joined(talk, PIECE_S, rng.choice((0.05, 0.2, 0.5, 1.0)), rng, APART_DB)
        false += sum(one.intent is not None for one in ear.hear(wave))
        hours += PIECE_S / 3600
    low, high = hourly(round(false), hours)
    print(f"talk alone: {false:.0f} stops in {hours:.2f} h, [{low:.1f}, {high:.1f}] an hour")
    print(f"processor time of the ear: {ear.cpu_s / ear.seconds:.3f} s a second")


if __name__ == "__main__":
    main()
