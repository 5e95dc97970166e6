"""Counts of judged clips: in total, and by kind, voice, intent, condition and state. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.decode.phonetic.rules import REFUSED
from assistant.terminal.bench.intervals import hourly, wilson
from assistant.terminal.bench.judge import EARLY, JudgedClip, acts_of, verdict_of
from assistant.terminal.bench.listen import Utter

NOTHING = "(nothing)"
"""No action, as wanted or as result. No intent has brackets in its name."""
FAST, OTHERS = "fast words", "other commands"


@dataclass(slots=True, kw_only=True)
class Tally:
    """The counts of some items."""

    n: int = 0
    """Commands; the next three counts add up to it."""
    right: int = 0
    rejected: int = 0
    wrong: int = 0
    negative_clips: int = 0
    """Clips after which nothing must be done."""
    false_clips: int = 0
    """Those of them with an action."""
    false_actions: int = 0
    negative_s: float = 0.0
    """Seconds of the negative clips themselves, without quiet around them: fewer seconds, so a higher rate."""
    reactions_s: list[float] = field(default_factory=list)

    @property
    def accuracy(self) -> float | None:
        """Return the share of right commands; None without commands."""
        return self.right / self.n if self.n else None

    @property
    def accuracy_95(self) -> tuple[float, float]:
        """Return the share's interval."""
        return wilson(self.right, self.n)

    @property
    def negative_hours(self) -> float:
        """Return the hours in which nothing must be done."""
        return self.negative_s / 3600

    @property
    def false_per_hour(self) -> float | None:
        """Return the actions an hour of negative sound; None without any sound."""
        return self.false_actions / self.negative_hours if self.negative_s else None

    @property
    def false_per_hour_95(self) -> tuple[float, float]:
        """Return the rate's interval."""
        return hourly(self.false_actions, self.negative_hours)

    @property
    def false_per_clip(self) -> float | None:
        """Return the share of the negative clips with an action."""
        return self.false_clips / self.negative_clips if self.negative_clips else None

    @property
    def false_per_clip_95(self) -> tuple[float, float]:
        """Return that share's interval."""
        return wilson(self.false_clips, self.negative_clips)

    def reaction(self, share: float) -> float | None:
        """Return the reaction time that this share of the right commands does not exceed (nearest rank), in seconds."""
        ordered = sorted(self.reactions_s)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None

    def add(self, item: JudgedClip) -> None:
        """Count one more item."""
        if item.is_command:
            self.n += 1
            self.right += item.verdict == "right"
            self.rejected += item.verdict == "rejected"
            self.wrong += item.verdict == "wrong"
            if item.reaction_s is not None:
                self.reactions_s.append(item.reaction_s)
        else:
            self.negative_clips += 1
            self.false_clips += item.verdict == "false"
            self.false_actions += len(item.acts)
            self.negative_s += item.result.seconds


def _speaker(item: JudgedClip) -> str:
    """Classify the speaker: people and machines are never added up; espeak, clearly a machine, is separate."""
    if item.row.human is None:
        return "not told"
    return "people" if item.row.human else "espeak" if "espeak" in item.row.voice else "machines"


GROUPS: Mapping[str, Callable[[JudgedClip], str]] = {
    "kind": lambda item: item.row.kind or ("command" if item.is_command else "no command"),
    "speaker": _speaker,
    "voice": lambda item: item.row.voice or "not told",
    "intent": lambda item: item.row.wanted or NOTHING,
    "pace": lambda item: FAST if item.row.wanted in EARLY else OTHERS if item.is_command else NOTHING,
    "condition": lambda item: item.condition,
    "state": lambda item: item.state or "any state",
}


def tally(items: Iterable[JudgedClip]) -> Tally:
    """Return the counts of all items."""
    whole = Tally()
    for item in items:
        whole.add(item)
    return whole


def tally_by(items: Sequence[JudgedClip], group: str) -> dict[str, Tally]:
    """Return one tally for each value of a group, sorted by name."""
    held: dict[str, Tally] = {}
    for item in items:
        held.setdefault(GROUPS[group](item), Tally()).add(item)
    return dict(sorted(held.items()))


def confusions(items: Iterable[JudgedClip]) -> Counter[tuple[str, str]]:
    """Count each pair of wanted intent and intent done; slots do not matter here."""
    found: Counter[tuple[str, str]] = Counter()
    for item in items:
        want = item.row.wanted or NOTHING
        done = [act.meaning[0] for act in item.acts]
        other = next((name for name in done if name != want), None)
        found[want, other or (done[0] if done else NOTHING)] += 1
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The result if every threshold were higher by `bar`."""

    raised: float
    right: int
    wrong: int
    false_clips: int


def curve(items: Sequence[JudgedClip], most: int = 200) -> tuple[Point, ...]:
    """Return recall against false accepts, from the strictest threshold to none; empty without `spare`.

    Utterances refused for another reason than their score stay refused.
    """
    spares = sorted({one.heard.spare for item in items for one in item.result.utters if _is_open(one)})
    if not any(spares):
        return ()
    step = max(1, len(spares) // most)
    bars = sorted({*spares[::step], spares[-1] + 1.0} | ({0.0} if spares[0] < 0 else set()))
    return tuple(_point(items, bar) for bar in reversed(bars))


def _point(items: Sequence[JudgedClip], bar: float) -> Point:
    verdicts = Counter(
        verdict_of(acts_of(item.result.utters, lambda one: _passes(one, bar)), item.row) for item in items
    )
    return Point(raised=bar, right=verdicts["right"], wrong=verdicts["wrong"], false_clips=verdicts["false"])


def _passes(one: Utter, bar: float) -> bool:
    return _is_open(one) and one.heard.spare >= bar


def _is_open(one: Utter) -> bool:
    """True if a lower threshold would accept it, or it was accepted already."""
    return one.is_legal and (one.heard.is_sure or REFUSED < one.heard.spare < 0)
