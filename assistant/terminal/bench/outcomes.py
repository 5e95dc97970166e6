"""The outcome of what was said, in the five ways that matter to a person, and the shares of each. Pure.

Only intents are compared here; the verdict of judge.py looks at slots too. A row that says what is as right (`also`)
counts as right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.terminal.bench.intervals import wilson
from assistant.terminal.bench.judge import HOLDING, SAFE, JudgedClip

Outcome: TypeAlias = Literal["done right", "asked right", "done wrong", "asked wrong", "nothing"]
"""Anything done or asked is wrong where nothing must be done."""
NEGATED = "negated"
"""The kind of rows that negate a command: "it doesn't hurt"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One figure: so many of so many."""

    name: str
    part: int
    whole: int
    is_rate: bool = False
    """True for a rate that may exceed 1, which has no Wilson interval: word errors."""

    @property
    def share(self) -> float | None:
        """Return the quotient; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        """Return the share's 95 % interval; that of a rate is not known, so it is everything."""
        return (0.0, 1.0) if self.is_rate else wilson(self.part, self.whole)


def outcome(item: JudgedClip) -> Outcome:
    """Return what became of one row."""
    done = [act.meaning[0] for act in item.acts]
    if done:
        return "done right" if _is_right(done, item) else "nothing" if _is_half(done, item) else "done wrong"
    if item.asked is None:
        return "nothing"
    return "asked right" if item.asked[0] in _right_ones(item) else "asked wrong"


def is_held(item: JudgedClip) -> bool:
    """True if the count stands still, or a question about it was asked: enough for a safety word."""
    done = [act.meaning[0] for act in item.acts] or ([item.asked[0]] if item.asked is not None else [])
    return any(name in HOLDING or name in _right_ones(item) for name in done)


def is_forgiven(item: JudgedClip) -> bool:
    """True if a row allows a hold though nothing must be done, and nothing but holds was done."""
    return item.row.safe_misfire and all(act.meaning[0] in HOLDING for act in item.acts)


def shares(items: Sequence[JudgedClip]) -> tuple[Share, ...]:
    """Return every figure of these items, without those of nothing."""
    one = [item for item in items if item.row.intent is not None]
    return tuple(
        share
        for share in (
            *_of_commands("commands", one),
            *_of_commands("other intents", [item for item in one if item.row.intent not in SAFE]),
            *_of_safety([item for item in one if item.row.intent in SAFE]),
            *_of_negatives([item for item in items if not item.is_command]),
            *_of_doubles([item for item in items if item.row.intents]),
            word_errors(items),
        )
        if share.whole
    )


def by_moment(items: Iterable[JudgedClip]) -> dict[str, list[JudgedClip]]:
    """Return the items by the state in which they are said, which is not always the one in which they were judged."""
    held: dict[str, list[JudgedClip]] = {}
    for item in items:
        held.setdefault(item.row.state or item.state or "any state", []).append(item)
    return dict(sorted(held.items()))


def word_errors(items: Iterable[JudgedClip]) -> Share:
    """Return words wrong, missing or too many of the words said, where the ear tells its words."""
    wrong = said = 0
    for item in items:
        finals = [one.heard for one in item.result.utters if one.heard.is_final]
        if item.row.file is None or not item.row.text or not any(heard.transcripts for heard in finals):
            continue
        heard = " ".join(heard.transcripts[0] for heard in finals if heard.transcripts)
        wrong += edits(item.row.text.split(), heard.split())
        said += len(item.row.text.split())
    return Share(name="word errors", part=wrong, whole=said, is_rate=True)


def edits(wanted: Sequence[str], got: Sequence[str]) -> int:
    """Return the fewest words to change, leave out or put in between (Levenshtein)."""
    row = list(range(len(got) + 1))
    for n, one in enumerate(wanted, 1):
        before, row[0] = row[0], n
        for m, other in enumerate(got, 1):
            before, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, before + (one != other))
    return row[-1]


def _of_commands(title: str, items: Sequence[JudgedClip]) -> Iterator[Share]:
    yield _share(f"{title}: done right", items, lambda item: outcome(item) == "done right")
    yield _share(f"{title}: with the right slots", items, lambda item: item.verdict == "right")
    yield _share(f"{title}: done or asked right", items, lambda item: outcome(item) in {"done right", "asked right"})
    yield _share(f"{title}: done wrong", items, lambda item: outcome(item) == "done wrong")
    yield _share(f"{title}: asked wrong", items, lambda item: outcome(item) == "asked wrong")
    yield _share(f"{title}: nothing", items, lambda item: outcome(item) == "nothing")


def _of_safety(items: Sequence[JudgedClip]) -> Iterator[Share]:
    yield _share("safety: held, stopped or asked", items, is_held)
    yield _share("safety: done right", items, lambda item: outcome(item) == "done right")
    yield _share("safety: something else done", items, lambda item: bool(item.acts) and not is_held(item))


def _of_negatives(items: Sequence[JudgedClip]) -> Iterator[Share]:
    yield _share("nothing wanted: done", items, lambda item: bool(item.acts) and not is_forgiven(item))
    yield _share("nothing wanted: asked", items, lambda item: outcome(item) == "asked wrong")
    yield _share("nothing wanted: held, and forgiven", items, lambda item: bool(item.acts) and is_forgiven(item))
    negated = [item for item in items if item.row.kind == NEGATED]
    yield _share("negated: done", negated, lambda item: bool(item.acts))
    yield _share("negated: asked", negated, lambda item: outcome(item) == "asked wrong")


def _of_doubles(items: Sequence[JudgedClip]) -> Iterator[Share]:
    yield _share("two wishes: both done in order", items, lambda item: outcome(item) == "done right")
    yield _share("two wishes: one of them", items, lambda item: bool(item.acts) and outcome(item) == "nothing")
    yield _share("two wishes: something else done", items, lambda item: outcome(item) == "done wrong")


def _share(name: str, items: Sequence[JudgedClip], is_so: Callable[[JudgedClip], bool]) -> Share:
    return Share(name=name, part=sum(map(is_so, items)), whole=len(items))


def _right_ones(item: JudgedClip) -> frozenset[str]:
    return frozenset((*(name for name, _ in item.row.wishes), *item.row.also))


def _is_right(done: Sequence[str], item: JudgedClip) -> bool:
    if item.row.intents:
        return list(done) == [name for name, _ in item.row.wishes]
    allowed = _right_ones(item) | (HOLDING if item.row.intent in SAFE else frozenset())
    has_one = not _right_ones(item).isdisjoint(done)
    return has_one and allowed.issuperset(done) and len(set(done)) == len(done)


def _is_half(done: Sequence[str], item: JudgedClip) -> bool:
    """True if some of several wishes were done, and nothing else."""
    return bool(item.row.intents) and _right_ones(item).issuperset(done)
