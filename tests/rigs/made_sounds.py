"""Half an hour of synthetic sounds without a word, through the real ear: what the speech detector passes and what acts.

    python -m tests.rigs.made_sounds [--minutes 30] [--seed 0] [--state STATE] [--only KIND] [--out FOLDER]

The sounds are those of body_sounds.py, in rooms with and without echo, from -45 to -12 dBFS (voices by their loudness,
blows by their peak). The same seed gives the same sound to the sample. One process, one thread.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from tests.rigs import body_sounds

RATE_HZ = body_sounds.RATE_HZ
SCENE_S = 60  # one room, one distance
LOUDEST_DBFS, SOFTEST_DBFS = -12.0, -45.0
ROOM_DBFS = (-75.0, -55.0)  # of the room's own noise
ECHO_S = (0.15, 0.6)  # until it has fallen by 60 dB
GAP_S = (0.2, 2.0)
USUAL = (*body_sounds.KINDS, *body_sounds.HARDEST, *body_sounds.HARDEST)
"""Voices come three times as often as the rest: only they pass the speech detector."""

Pcm: TypeAlias = npt.NDArray[np.int16]
Place: TypeAlias = "tuple[float, float, str]"


def scene(seed: int, number: int, kinds: Sequence[str] = USUAL) -> tuple[Pcm, list[Place]]:
    """One minute, int16 mono at 16 000 Hz, and what sounds in it: (from, to, kind) in seconds."""
    rng = np.random.default_rng([seed, number])
    size = SCENE_S * RATE_HZ
    dry, places, at = np.zeros(size), [], round(0.5 * RATE_HZ)
    while True:
        kind = kinds[int(rng.integers(len(kinds)))]
        wave = levelled(body_sounds.KINDS[kind](rng), rng.uniform(SOFTEST_DBFS, LOUDEST_DBFS))
        if at + len(wave) > size:
            break
        dry[at : at + len(wave)] += wave
        places.append((at / RATE_HZ, (at + len(wave)) / RATE_HZ, kind))
        at += len(wave) + round(rng.uniform(*GAP_S) * RATE_HZ)
    wet = dry if body_sounds.chance(rng, 0.2) else echoed(rng, dry)  # now and then a microphone close to the mouth
    return np.clip((wet + room_noise(rng, size)) * 32767, -32768, 32767).astype(np.int16), places


def levelled(wave: body_sounds.Wave, dbfs: float) -> body_sounds.Wave:
    """With its loudest tenth of a second at this level, and never clipped."""
    squares = np.convolve(wave**2, np.ones(1600) / 1600, mode="same")
    faded = body_sounds.fade(wave * 10 ** (dbfs / 20) / np.sqrt(max(float(squares.max()), 1e-12)))
    return np.asarray(faded / max(1.0, float(np.abs(faded).max()) / 0.9))


def echoed(rng: np.random.Generator, dry: body_sounds.Wave) -> body_sounds.Wave:
    """The same in a room: noise that dies away, mixed with the direct sound."""
    n = round(rng.uniform(*ECHO_S) * RATE_HZ)
    tail = rng.standard_normal(n) * 10 ** (-3 * np.arange(n) / n)
    tail *= rng.uniform(0.1, 0.8) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    size = len(dry) + n
    wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(tail, size), size)[: len(dry)]
    return np.asarray(wet)


def room_noise(rng: np.random.Generator, n: int) -> body_sounds.Wave:
    """A little louder in the lows, as rooms are."""
    noise = body_sounds.shaped_noise(rng, n, lambda hz: 1 / (1 + hz / 400))
    return np.asarray(noise * 10 ** (rng.uniform(*ROOM_DBFS) / 20))


def measure(minutes: int, seed: int, state: str | None, kinds: Sequence[str], out: Path | None) -> dict[str, Any]:
    """Make, hear, count."""
    from tests.rigs.no_command import Listener

    listener = Listener(state)
    places: list[Place] = []
    for number in range(minutes):
        pcm, found = scene(seed, number, kinds)
        places += [(start + number * SCENE_S, end + number * SCENE_S, kind) for start, end, kind in found]
        if out is not None:
            _write(out / f"made-{seed}-{number:03d}.flac", pcm)
        listener.feed(pcm)
    listener.finish()
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for start, end, kind in places:
        table[kind]["sounds"] += 1
        table[kind]["seconds"] += round(end - start)
    for heard in listener.heard:
        table[kind_at(places, heard.at_s, heard.end_s)]["taken for speech"] += 1
    for act in listener.acts:
        table[kind_at(places, act.at_s, act.end_s)]["actions"] += 1
    return {
        "minutes": minutes,
        "seed": seed,
        "state": state,
        "kinds": {kind: dict(row) for kind, row in sorted(table.items())},
        "utterances": len(listener.heard),
        "actions": [
            {**_shown(act), "kind": kind_at(places, act.at_s, act.end_s), "states": act.states} for act in listener.acts
        ],
        "legal": {
            name or "all": sum(act.is_legal(name) for act in listener.acts) for name in (None, "counting", "paused")
        },
        "cpu_per_s": listener.cpu_s / listener.seconds,
    }


def kind_at(places: Sequence[Place], start: float, end: float) -> str:
    """Return the kind that sounds most between two times."""
    return max(places, key=lambda place: min(end, place[1]) - max(start, place[0]))[2]


def _shown(act: Any) -> dict[str, Any]:
    return {"at_s": act.at_s, "end_s": act.end_s, "text": act.text, "score": act.score, "is_early": act.is_early}


def _write(path: Path, pcm: Pcm) -> None:
    import soundfile

    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, pcm, RATE_HZ)


def show(found: dict[str, Any]) -> None:
    """The figures as a table, every action by name."""
    print(f"{found['minutes']} min, seed {found['seed']}, state {found['state'] or 'all legal'}")
    print(f"{'kind':16}{'sounds':>8}{'seconds':>9}{'as speech':>11}{'actions':>9}")
    for kind, row in found["kinds"].items():
        print(
            f"{kind:16}{row.get('sounds', 0):8}{row.get('seconds', 0):9}"
            f"{row.get('taken for speech', 0):11}{row.get('actions', 0):9}"
        )
    for act in found["actions"]:
        when = "early" if act["is_early"] else "final"
        print(f"ACTION {act['text']!r} at {act['at_s']:.2f} s: {act['kind']}, score {act['score']}, {when}")
    print(f"utterances {found['utterances']}, actions {found['legal']}, CPU {found['cpu_per_s']:.3f} s per second")


def main() -> None:
    """Read the command line, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--state")
    parser.add_argument("--only", action="append", choices=list(body_sounds.KINDS), help="may be given more than once")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="keep the sounds as FLAC")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    asked = parser.parse_args()
    found = measure(asked.minutes, asked.seed, asked.state, asked.only or USUAL, asked.out)
    show(found)
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
