"""95 % confidence intervals for shares and for events an hour. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable

Z = 1.959963984540054  # 97.5 % of the normal distribution
TAIL = 0.025


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the share's 95 % interval after Wilson (1927), 0 to 1; (0, 1) without observations."""
    if whole == 0:
        return 0.0, 1.0
    share, z2 = min(part / whole, 1.0), Z * Z  # more words may be wrong than were said
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    half = Z / (1 + z2 / whole) * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    return (0.0 if part == 0 else middle - half), (1.0 if part == whole else middle + half)


def hourly(events: int, hours: float) -> tuple[float, float]:
    """Return the 95 % interval of events an hour: exact Poisson (Garwood 1936); for none 0 to 3.69 / hours."""
    if hours <= 0:
        return 0.0, math.inf
    if events == 0:
        return 0.0, -math.log(TAIL) / hours
    low = _solve(lambda mean: 1 - _at_most(events - 1, mean) < TAIL, 0.0, float(events))
    high = _solve(lambda mean: _at_most(events, mean) > TAIL, float(events), 2.0 * events + 20.0)
    return low / hours, high / hours


def _at_most(events: int, mean: float) -> float:
    """Return the probability of so many events or fewer."""
    if mean == 0:
        return 1.0
    return math.fsum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(events + 1))


def _solve(is_below: Callable[[float], bool], low: float, high: float) -> float:
    """Return the point where the answer turns from true to false."""
    for _ in range(80):
        middle = (low + high) / 2
        if is_below(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2
