"""Many rooms on one machine: memory, told after the word, lacks of sound, and whether the traces are those of one room.

    python -m benchmarks.rooms [--rooms 1 4 8] [--minutes 1] [--home FOLDER]

For each number a house is opened, and in each room a page of ours begins a routine, plays what
it is sent by its own clock, answers the questions before a count with key presses, and then says one recorded sentence
every seven seconds into its microphone: a question to the guide, or something that is nobody's command. Then the same
number of rooms is run once more with typed lines and time counted in samples, where every trace must be that of the
first room, byte for byte. Linux only; run it from the root of the repository.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from assistant.web.room_metrics import memory_bytes
from tests.fakes.command_line import settle
from tests.rigs.rooms import LAST, TRACE
from tests.rigs.sound_client import SoundClient, sentence

ROOT = Path(__file__).parents[1]
SPOKEN = ROOT / "tests" / "data" / "spoken"
LONG = """
id: patient
words: {en: {title: Patient routine, spoken_names: [patient]}}
steps: [{technique: gate-of-life, repetitions: 60, tempo_bpm: 24}]
"""  # two and a half minutes of counting
THEN = ("kokoro-am_michael/how_many_left.flac", "hibari-heart/the_next_bus_is_late_again_today.flac")
FIRST_S, EVERY_S, APART_S = 20.0, 7.0, 0.37  # the rooms do not speak at once
LINES = ("start the short one", *("no",) * 6, "ready", "how many left", "slower", "that hurts", LAST)
MB = 1e6


@contextmanager
def house(home: Path, names: str, *argv: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Open a house in a process of its own; its rooms' addresses by name."""
    environment = {**os.environ, "TUINA_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", *argv], cwd=home, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            found: dict[str, str] = {}
            for line in process.stdout or ():
                if line.startswith("Room "):
                    found[line.split()[1].rstrip(":")] = line.split()[-1]
                if len(found) == len(names.split(",")):
                    break
            yield process, found
        finally:
            process.terminate()
            process.communicate()


def processes(pid: int, rooms: int) -> list[int]:
    """Return the house's process, those of its rooms, in order, and the reception's; waits until there are so many."""
    while True:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        if len(told) > rooms:
            return [pid, *map(int, told)]
        time.sleep(0.1)


def processor_s(pids: Sequence[int]) -> float:
    """Return the processor time of processes so far, in seconds."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def private_bytes(pid: int) -> int:
    """Return the memory that only this process has."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies; NaN for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


class Watch:
    """The processor time of a house, first while its sessions begin, then while they count."""

    def __init__(self, pids: Sequence[int]) -> None:
        """Begin now."""
        self._pids = pids
        self._marks = [(time.monotonic(), processor_s(pids))]

    async def after(self, seconds: float) -> None:
        """Read it once after so many seconds."""
        await asyncio.sleep(seconds)
        self._marks.append((time.monotonic(), processor_s(self._pids)))

    def shares(self) -> list[float]:
        """Return the processors that were busy from each reading to the next, and from the last one until now."""
        marks = [*self._marks, (time.monotonic(), processor_s(self._pids))]
        return [(used - before) / (at - from_s) for (from_s, before), (at, used) in pairwise(marks)]


async def sessions(addresses: dict[str, str], seconds: float, watch: Watch) -> list[SoundClient]:
    """Lead a session in every room for so long."""
    clips = [sentence(SPOKEN / name) for name in THEN]
    clients = []
    for number, address in enumerate(addresses.values()):
        client = SoundClient(address)
        late_s = APART_S * number
        for turn in range(int((seconds - FIRST_S) // EVERY_S)):
            client.will_say(FIRST_S + turn * EVERY_S + late_s, clips[turn % len(clips)])
        clients.append(client)
    await asyncio.gather(watch.after(FIRST_S), *(one.lead("patient", seconds) for one in clients))
    return clients


def spoken(home: Path, number: int, minutes: float) -> list[SoundClient]:
    """Run one house by voice, and print its figures."""
    names = ",".join(str(one + 1) for one in range(number))
    for name in names.split(","):
        settle(home / "rooms" / name)
    with house(home, names, "tests.rigs.rooms", str(home), names, "sound") as (process, rooms):
        pids = processes(process.pid, number)
        watch = Watch(pids)
        clients = asyncio.run(sessions(rooms, minutes * 60, watch))
        shares = watch.shares()
        whole, own = sum(map(memory_bytes, pids)), [private_bytes(pid) for pid in pids[1 : number + 1]]
    waits = [one for client in clients for one in client.told_after_s]
    figures = {
        "MB in all (PSS)": f"{whole / MB:.0f}",
        "MB of the largest room alone": f"{max(own) / MB:.0f}",
        "processors at the beginning, then": ", ".join(f"{one:.2f}" for one in shares),
        "s told after the word (median, p95, words)": f"{percentile(waits, 0.5):.2f}, {percentile(waits, 0.95):.2f}, "
        f"{len(waits)}",
        "heard of those said": f"{sum(one.heard for one in clients)} of {sum(one.said for one in clients)}",
        "beats, and off their grid": f"{sum(len(one.beats_s) for one in clients)}, "
        f"{sum(one.off_grid() for one in clients)}",
        "lacks of sound, and s": f"{sum(one.lacks for one in clients)}, {sum(one.lacked_s for one in clients):.2f}",
        "load": f"{os.getloadavg()[0]:.1f}",
    }
    print(f"{number:3d} rooms:", *(f"{what}: {found};" for what, found in figures.items()), flush=True)
    return clients


async def _typed(address: str) -> None:
    client = SoundClient(address)
    await client.type_lines(LINES)


def typed(home: Path, number: int) -> None:
    """Run the same lines in every room, and compare the traces."""
    names = ",".join(f"samples-{one + 1}" for one in range(number))
    with house(home, names, "tests.rigs.rooms", str(home), names) as (_, rooms):

        async def all_rooms() -> None:
            await asyncio.gather(*map(_typed, rooms.values()))

        asyncio.run(all_rooms())
    traces = {(home / "rooms" / name / TRACE).read_bytes() for name in names.split(",")}
    print(f"{number:3d} rooms, typed, time in samples: {len(traces)} different traces", flush=True)


def main() -> None:
    """Run every number of rooms in turn, in one home, so that all find the same clips but the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, nargs="+", default=[1, 4, 8])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--home", type=Path, help="where clips are kept from run to run")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = wanted.home or Path(folder)
        (home / "settings.yaml").write_text('rating: false\nemergency_number: "112"\n', encoding="utf-8")
        (home / "routines").mkdir(exist_ok=True)
        (home / "routines" / "patient.yaml").write_text(LONG, encoding="utf-8")
        kept: tuple[str, ...] | None = None
        for number in wanted.rooms:
            clients = spoken(home, number, wanted.minutes)
            kept = kept or clients[0].told
            same = sum(one.told == kept for one in clients)
            print(f"{number:3d} rooms, by voice: {same} told what the first room told, but for the times", flush=True)
        for number in wanted.rooms:
            typed(home, number)


if __name__ == "__main__":
    main()
