"""Arrows, in pixels: a line with a pale edge, and a tip at one end or at both. Path data in, SVG elements out."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, radians, sin

from assistant.body import Point
from assistant.show.sheet import pair, relative, smooth

HALF_TURN = 180.0  # degrees
LONG, HALF = 27.0, 17.0  # of a tip, in pixels; chosen by eye


def straight(points: Sequence[Point], *, both: bool = False) -> str:
    """Return an arrow along these points, with its tip at the last one, or with one at each end."""
    tips = _tip(points[-2], points[-1])
    cut = [*points[:-1], _short(points[-2], points[-1])]
    if both:
        tips += _tip(points[1], points[0])
        cut[0] = _short(points[1], points[0])
    return _arrow(smooth(cut), tips)


def inset(points: Sequence[Point], first: float, last: float) -> list[Point]:
    """Return a way that begins and ends so many pixels further inside, so that the hands can be seen."""
    (ux, uy), (vx, vy) = _unit(points[0], points[1]), _unit(points[-1], points[-2])
    begin = points[0][0] + first * ux, points[0][1] + first * uy
    return [begin, *points[1:-1], (points[-1][0] + last * vx, points[-1][1] + last * vy)]


def arc(middle: Point, radii: Point, start: float, end: float, *, both: bool = False) -> str:
    """Return an arrow on an ellipse. Angles in degrees, 0 to the right, 90 downwards; its tip is at `end`.

    Something runs along it with the beat, from the first angle to the last.
    """

    def on(angle: float) -> Point:
        return middle[0] + radii[0] * cos(radians(angle)), middle[1] + radii[1] * sin(radians(angle))

    step = (LONG if end > start else -LONG) / max(radii) * 57.3  # the angle that a tip takes, in degrees
    first = start + (step * 0.7 if both else 0)
    last = end - step * 0.7
    large, sweep = int(abs(last - first) > HALF_TURN), int(end > start)
    tips = _tip(on(end - step), on(end)) + (_tip(on(start + step), on(start)) if both else "")
    size = f"{radii[0]:.0f} {radii[1]:.0f}"
    line = f"M{pair(on(first))}A{size} 0 {large} {sweep} {pair(on(last))}"
    return f'{_arrow(line, tips)}<path class="w" pathLength="100" d="{relative(line)}"/>'


def _arrow(line: str, tips: str) -> str:
    line, tips = relative(line), relative(tips)
    return f'<path class="c" d="{line}"/><path class="t" d="{tips}"/><path class="a" d="{line}"/>'


def _short(before: Point, end: Point) -> Point:
    ux, uy = _unit(before, end)
    return end[0] - 0.7 * LONG * ux, end[1] - 0.7 * LONG * uy


def _tip(before: Point, end: Point) -> str:
    ux, uy = _unit(before, end)
    x, y = end[0] - LONG * ux, end[1] - LONG * uy
    return f"M{pair(end)}L{pair((x - HALF * uy, y + HALF * ux))}L{pair((x + HALF * uy, y - HALF * ux))}Z"


def _unit(before: Point, end: Point) -> Point:
    away = hypot(end[0] - before[0], end[1] - before[1]) or 1.0
    return (end[0] - before[0]) / away, (end[1] - before[1]) / away
