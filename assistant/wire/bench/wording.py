"""Figures as short words, the same in the terminal and on the page. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.wire.bench.intervals import wilson
from assistant.wire.bench.tally import Tally


def share_words(part: int, whole: int) -> str:
    """`525/552 95.1 % [93.0-96.6]`."""
    if not whole:
        return ""
    low, high = wilson(part, whole)
    return f"{part}/{whole} {100 * part / whole:.1f} % [{100 * low:.1f}–{100 * high:.1f}]"


def hourly_words(counts: Tally) -> str:
    """`0 in 0.12 h: < 25`, or `3 in 1.5 h: 2.0 [0.4-5.8]`."""
    rate = counts.false_per_hour
    if rate is None:
        return ""
    low, high = counts.false_per_hour_95
    hours = f"{counts.negative_hours:.2g}" if counts.negative_hours < 1 else f"{counts.negative_hours:.1f}"
    if not counts.false_actions:
        return f"0 in {hours} h: < {_rounded(high)}"
    return f"{counts.false_actions} in {hours} h: {_rounded(rate)} [{_rounded(low)}–{_rounded(high)}]"


def seconds_words(value: float | None) -> str:
    """`310 ms`."""
    return "" if value is None else f"{1000 * value:.0f} ms"


def slots_words(intent: str, slots: Mapping[str, object]) -> str:
    """`go_to number=2`."""
    return " ".join([intent, *(f"{name}={value}" for name, value in slots.items())])


def _rounded(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"  # noqa: PLR2004
