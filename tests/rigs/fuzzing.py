"""Changes files at random and has them read in a child process: counts tracebacks, hangs and megabytes.

A case is one changed seed. An error of ours is an answer; any other exception is a traceback, and so is whatever a
library prints among the errors; more than five seconds of the processor are a hang. The draws are seeded, so a case
can be repeated by its number. tests/rigs/fuzz_kinds.py has the readers.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import struct
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import TuinaError
from tests.rigs.told_by_child import Tell, in_a_child

HANG_S = 5.0  # of the processor; chosen: no person waits longer for a file to be refused
WAIT_S = 600.0  # by the clock: where something waits and does nothing; long, for a machine that is very busy
CHUNK = 250  # cases a child: what one case leaves behind is not taken for the next one's
SEEDS = Path(__file__).parents[1] / "data" / "fuzz"
NUMBERS = (
    0,
    1,
    2,
    3,
    8,
    16,
    255,
    65_535,
    192_001,
    10**9,
    0x7FFF_FFFF,
    0x7FFF_F000,
    0x8000_0000,
    0xFFFF_FFFE,
    0xFFFF_FFFF,
)
ODD = (
    *("-1", "0", "999999999", "99999999999999999999", "1e999", ".nan", ".inf", "NaN", "null", "~", "yes", "true", "[]"),
    *("!!python/object/apply:os.system [id]", "&a [*a]", "*a", "../../etc/passwd", "{a: {a: {a: {a: {a: {}}}}}}", "<"),
    *("\u202e", "\x1b[31m", "\x07", "\x00", "[[[[[[[[[[", "- " * 50, "x" * 5000, "[" * 20_000, "(a|b|c|d)" * 9, "|"),
    *(
        "{name}",
        "<rule>",
        "full",
        "stop",
        "CON",
        "\ufeff",
        "\u2028",
        "1:30",
        "%n%s{}{0}",
        '"\\ud800"',
        '"\\u0000"',
        "é̂" * 300,
    ),
)


@dataclass(kw_only=True)
class Kind:
    """One kind of file, and the reader that must answer whatever stands in it."""

    name: str
    seeds: Sequence[Path]
    read: Callable[[Path], object]
    """Read a file; raises a TuinaError for what it refuses."""
    is_text: bool
    ending: str
    """Of the file that is read."""


@dataclass(kw_only=True)
class Result:
    """The outcome of the cases of one kind."""

    cases: int = 0
    read: int = 0
    refused: int = 0
    tracebacks: list[str] = field(default_factory=list)
    """`number of the case: the last line of the traceback`."""
    hangs: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    grown_mb: float = 0.0
    """The most that a child's memory grew."""


class _TooLongError(BaseException):
    """Raised by the alarm; no reader catches it."""


class _Answer:
    """A block that reads a case: how it ended, as a fact; no exception leaves it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.fact: dict[str, object] = {}

    def __enter__(self) -> None:
        """Nothing is prepared."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        if error is None:
            self.fact = {"read": 1}
        elif isinstance(error, TuinaError):
            self.fact = {"refused": 1}
        elif isinstance(error, _TooLongError):
            self.fact = {"hang": self._name}
        else:
            last = " | ".join("".join(traceback.format_exception(error)).splitlines()[-3:])
            self.fact = {"traceback": f"{self._name}: {last}"}
        return True


def fuzz(kind: Kind, cases: int, folder: Path, first: int = 0) -> Result:
    """Try the seeds as they are, then so many changed ones; `first` is the number of the first case."""
    result = Result()
    for begin in range(first, first + cases, CHUNK):
        numbers = range(begin, min(begin + CHUNK, first + cases))
        told, is_over = in_a_child(lambda tell, numbers=numbers: _try(kind, numbers, folder, tell))  # type: ignore[misc]
        for fact in told:
            result.cases += fact.get("case", 0)
            result.read += fact.get("read", 0)
            result.refused += fact.get("refused", 0)
            result.slowest_s = max(result.slowest_s, fact.get("seconds", 0.0))
            result.grown_mb = max(result.grown_mb, fact.get("mb", 0.0))
            result.hangs += [fact["hang"]] if "hang" in fact else []
            result.tracebacks += [fact["traceback"]] if "traceback" in fact else []
        if not is_over:
            result.tracebacks.append(f"{numbers}: the process died")
    return result


def case(kind: Kind, number: int) -> bytes:
    """The bytes of one case: the seeds themselves first, then a seed that was changed."""
    if number < len(kind.seeds):
        return kind.seeds[number].read_bytes()
    chance = random.Random(f"{kind.name} {number}")
    data = chance.choice(kind.seeds).read_bytes()
    for _ in range(chance.choice((1, 1, 2, 3, 6, 20))):
        data = _changed_text(data, chance) if kind.is_text and chance.random() < 0.8 else _changed(data, chance)
    return data


def _try(kind: Kind, numbers: range, folder: Path, tell: Tell) -> None:
    signal.signal(signal.SIGALRM, _alarm)
    signal.signal(signal.SIGPROF, _alarm)
    path, complaints = folder / f"case{kind.ending}", folder / "complaints"
    os.dup2(os.open(complaints, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in numbers:
        path.write_bytes(case(kind, number))
        begun_s = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, HANG_S)
        signal.setitimer(signal.ITIMER_REAL, WAIT_S)
        answer = _Answer(f"{kind.name} {number}")
        with answer:
            kind.read(path)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        fact: dict[str, object] = {"case": 1, **answer.fact}
        if printed := complaints.read_bytes():
            fact.setdefault("traceback", f"{kind.name} {number}: printed: {printed.decode(errors='replace')[-200:]}")
            os.truncate(complaints, 0)
        tell({**fact, "seconds": round(time.process_time() - begun_s, 3)})
    tell({"mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024})


def _alarm(_number: int, _frame: object) -> None:
    raise _TooLongError


def _changed(data: bytes, chance: random.Random) -> bytes:
    """One change of bytes, more often near the beginning, where headers are."""
    held = bytearray(data or b"\0")
    at = chance.randrange(min(len(held), chance.choice((44, 60, 128, 400, len(held)))))
    match chance.randrange(8):
        case 0:
            held[at] ^= 1 << chance.randrange(8)
        case 1:
            held[at] = chance.randrange(256)
        case 2:
            held[at & ~1 : (at & ~1) + 4] = struct.pack("<I", chance.choice(NUMBERS))
        case 3:
            held[at & ~1 : (at & ~1) + 2] = struct.pack("<H", chance.choice(NUMBERS) & 0xFFFF)
        case 4:
            del held[chance.randrange(len(held)) :]
        case 5:
            held[at:at] = held[at : at + chance.randrange(64)]
        case 6:
            held[at:at] = chance.randbytes(chance.randrange(1, 40))
        case 7:
            held[at & ~7 : (at & ~7) + 4] = struct.pack("<f", chance.choice((float("nan"), float("inf"), -1e38)))
    return bytes(held)


def _changed_text(data: bytes, chance: random.Random) -> bytes:
    """One change of lines or of values."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    odd = chance.choice(ODD).encode("utf-8", "surrogatepass")
    match chance.randrange(7):
        case 0:
            lines.pop(at)
        case 1:
            lines.insert(at, chance.choice(lines))
        case 2:
            key, colon, _ = lines[at].partition(b":")
            lines[at] = key + colon + b" " + odd
        case 3:
            lines[at] = odd + lines[at]
        case 4:
            lines[at] = b"  " + lines[at]
        case 5:
            lines[at] = lines[at].replace(b" ", b"", 1)
        case 6:
            words = lines[at].split(b" ")
            words[chance.randrange(len(words))] = odd
            lines[at] = b" ".join(words)
    return b"\n".join(lines)
