"""The sheet that is drawn on: body units become whole pixels, points become path data. Values only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import acos, atan2, cos, hypot, sin

from assistant.body import Ball, Frame, Point

WIDE, HIGH = 400, 500  # of every drawing, in pixels of its viewBox; chosen: whole numbers are then fine enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The part of a body that is shown, and which half is in turn."""

    frame: Frame
    is_mirrored: bool = False
    """True where the left side is in turn: what was laid out for the right is turned over."""

    @property
    def scale(self) -> float:
        """Pixels a body unit."""
        return WIDE / self.frame[2]

    def at(self, point: Point) -> Point:
        """Return a body point in pixels."""
        x = (point[0] - self.frame[0]) * self.scale
        return (WIDE - x if self.is_mirrored else x), (point[1] - self.frame[1]) * self.scale

    def outline(self, points: Sequence[Point]) -> str:
        """Return path data of a closed outline with rounded corners, clockwise."""
        corners = [self.at(point) for point in points]
        if sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise([*corners, corners[0]])) < 0:
            corners.reverse()
        ends = [_between(one, two) for one, two in pairwise([*corners, corners[0]])]
        curves = "".join(f"Q{pair(by)} {pair(to)}" for by, to in zip(corners, ends, strict=True))
        return f"M{pair(ends[-1])}{curves}Z"

    def limb(self, balls: Sequence[Ball]) -> str:
        """Return path data of balls joined in a row, clockwise; a single ball is a circle."""
        placed = [(*self.at((x, y)), r * self.scale) for x, y, r in balls]
        if len(placed) == 1:
            placed.append((placed[0][0] + 0.01, *placed[0][1:]))
        return "".join(_joined(one, two) for one, two in pairwise(placed))


def smooth(points: Sequence[Point]) -> str:
    """Return path data of an open line, in pixels: through its first and last point, and near the others."""
    first, *rest = points
    if len(rest) == 1:
        return f"M{pair(first)}L{pair(rest[0])}"
    ends = [*(_between(one, two) for one, two in pairwise(rest[:-1])), rest[-1]]
    return f"M{pair(first)}" + "".join(f"Q{pair(by)} {pair(to)}" for by, to in zip(rest[:-1], ends, strict=True))


def _joined(one: Ball, two: Ball) -> str:
    """Return the outline of two balls and what lies between them.

    Radii are rounded down: an arc that is too small for its ends is enlarged to fit, one that is too large is a lens.
    """
    (x0, y0, r0), (x1, y1, r1) = one, two
    away = hypot(x1 - x0, y1 - y0)
    along = atan2(y1 - y0, x1 - x0)
    lean = acos(max(-1.0, min(1.0, (r0 - r1) / away)))
    a, b, c, d = (
        pair((x + r * cos(along + turn), y + r * sin(along + turn)))
        for x, y, r, turn in ((x0, y0, r0, -lean), (x1, y1, r1, -lean), (x1, y1, r1, lean), (x0, y0, r0, lean))
    )
    large0, large1 = int(r0 > r1), int(r1 > r0)
    return f"M{a}L{b}A{int(r1)} {int(r1)} 0 {large1} 1 {c}L{d}A{int(r0)} {int(r0)} 0 {large0} 1 {a}Z"


def _between(one: Point, two: Point) -> Point:
    return (one[0] + two[0]) / 2, (one[1] + two[1]) / 2


def pair(point: Point) -> str:
    """Return a point as path data, in whole pixels."""
    return f"{point[0]:.0f} {point[1]:.0f}"


def relative(data: str) -> str:
    """Return absolute path data (M, L, Q, A, Z; whole numbers) in relative steps, which is a third shorter."""
    found: list[str] = []
    begin = x, y = 0, 0
    for command, given in re.findall(r"([MLQAZ])([^MLQAZ]*)", data):
        numbers = [int(one) for one in given.split()]
        if command == "A":
            numbers[5:] = numbers[5] - x, numbers[6] - y
        else:
            numbers = [one - (y if i % 2 else x) for i, one in enumerate(numbers)]
        found.append(command.lower() + " ".join(map(str, numbers)).replace(" -", "-"))
        if numbers:
            x, y = x + numbers[-2], y + numbers[-1]
        if command == "M":
            begin = x, y
        elif command == "Z":
            x, y = begin
    return "".join(found)
