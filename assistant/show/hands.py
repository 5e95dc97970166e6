"""Hands and arms, in body units: which limbs they are made of, and where they lie. Chosen by eye."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin

from assistant.body import Ball, Body, Point
from assistant.picture import HandAt, Shape

UPPER, FORE = 72.0, 60.0  # lengths of the arm, in body units: about 0.19 and 0.15 of the height, as of most people

_PALM: tuple[tuple[Ball, ...], ...] = (
    ((-13, 0, 7.5), (1, 0, 9)),
    ((-8, -5, 3.8), (6, -15.5, 3)),
    ((3, -6.6, 2.8), (19, -8, 2.4)),
    ((4, -2.3, 2.9), (23, -2.8, 2.5)),
    ((4, 2.3, 2.8), (21, 2.6, 2.4)),
    ((3, 6.6, 2.6), (16, 7.9, 2.2)),
)
_FIST: tuple[tuple[Ball, ...], ...] = (
    ((-7, 0, 7.5), (2, 0, 10)),
    ((8, -7.4, 3.3), (11, -7.2, 3)),
    ((9, -2.5, 3.3), (13, -2.4, 3)),
    ((9, 2.5, 3.2), (12.5, 2.4, 3)),
    ((8, 7.2, 3), (10.5, 6.9, 2.7)),
    ((-6, -8, 3.4), (5, -11.5, 3)),
)
HEEL = 12.0  # from the middle of the palm to its base, in units of a hand


@dataclass(frozen=True, slots=True, kw_only=True)
class HandShape:
    """One shape of a hand. What touches lies at 0, 0; fingers point along x, and a right hand's thumb is at -y."""

    limbs: tuple[tuple[Ball, ...], ...]
    mitt: tuple[Ball, ...]
    """Its rough form, for where it goes to."""
    wrist: Point
    hole: tuple[Ball, ...] = ()
    """The hollow of a loose fist."""
    heel: tuple[Ball, ...] = ()
    """The part that touches, where it is not the middle."""


_MITT: tuple[Ball, ...] = ((-13, 0, 7.5), (1, 0, 10), (17, 0, 8))
_LUMP: tuple[Ball, ...] = ((-7, -1, 8), (5, -1, 12))
SHAPES: dict[Shape, HandShape] = {
    "palm": HandShape(limbs=_PALM, mitt=_MITT, wrist=(-17, 0)),
    "heel": HandShape(
        limbs=tuple(tuple((x + HEEL, y, r) for x, y, r in limb) for limb in _PALM),
        mitt=tuple((x + HEEL, y, r) for x, y, r in _MITT),
        wrist=(-5, 0),
        heel=((0, -3, 4), (0, 3, 4)),
    ),
    "fist": HandShape(limbs=_FIST, mitt=_LUMP, wrist=(-15, 0)),
    "hollow-fist": HandShape(limbs=_FIST, mitt=_LUMP, wrist=(-15, 0), hole=((-4, -5.4, 0.8), (6, -6.6, 1.2))),
    "thumb": HandShape(
        limbs=(
            ((-38, -6, 7.5), (-31, -7, 9.5)),
            ((-26, -13, 3.2), (-21, -13, 2.8)),
            ((-26, -7, 3.2), (-19, -7, 3)),
            ((-34, 2, 5), (-20, 1, 4.4), (-5.5, 0, 3.6)),
        ),
        mitt=((-38, -5, 7.5), (-30, -5, 10), (-5, 0, 3.6)),
        wrist=(-45, -5),
    ),
    "pinch": HandShape(
        limbs=(
            ((-28, 0, 7.5), (-19, 0, 8.5)),
            ((-17, -6, 3.8), (-8, -11, 3.2), (0, -5, 2.8)),
            ((-16, 3, 3.4), (-6, 10, 3), (0, 4, 2.7)),
        ),
        mitt=((-28, 0, 8), (-16, 0, 10), (-3, 0, 7)),
        wrist=(-33, 0),
    ),
    "fingertips": HandShape(
        limbs=(
            ((-29, 0, 7.5), (-21, 0, 8.5)),
            ((-24, -6, 3.6), (-13, -14, 2.8)),
            ((-18, -5.6, 2.9), (-3, -5, 2.4)),
            ((-18, 0, 2.9), (0, 0, 2.5)),
            ((-18, 5.2, 2.8), (-3, 4.8, 2.3)),
        ),
        mitt=((-29, 0, 8), (-20, 0, 10), (-3, 0, 8)),
        wrist=(-34, 0),
    ),
}
_ANGLES = {"in": 180.0, "out": 0.0, "up": -90.0, "down": 90.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedHand:
    """A hand on the right half of a body, with its arm, in body units."""

    limbs: tuple[tuple[Ball, ...], ...]
    mitt: tuple[Ball, ...]
    arm: tuple[Ball, ...]
    hole: tuple[Ball, ...]
    heel: tuple[Ball, ...]


def placed(hand: HandAt, at: Point, body: Body) -> PlacedHand:
    """Lay a hand on a point, and its arm from the shoulder to it."""
    shape = SHAPES[hand.shape]
    free = degrees(atan2(at[1] - body.elbow[1], at[0] - body.elbow[0]))
    turn = radians(_ANGLES.get(hand.fingers, free))

    def there(ball: Ball) -> Ball:
        x, y, r = (body.hand_size * one for one in ball)
        return at[0] + x * cos(turn) - y * sin(turn), at[1] + x * sin(turn) + y * cos(turn), r

    wrist = there((*shape.wrist, 0))
    return PlacedHand(
        limbs=tuple(tuple(there(ball) for ball in limb) for limb in shape.limbs),
        mitt=tuple(there(ball) for ball in shape.mitt),
        arm=_arm(body, wrist[:2]),
        hole=tuple(there(ball) for ball in shape.hole),
        heel=tuple(there(ball) for ball in shape.heel),
    )


def _arm(body: Body, wrist: Point) -> tuple[Ball, ...]:
    """Return shoulder, elbow and wrist; the elbow lies on the side of the body's own."""
    (x0, y0), (x1, y1) = body.shoulder, wrist
    upper, fore = UPPER * body.arm_seen, FORE * body.arm_seen
    away = min(max(hypot(x1 - x0, y1 - y0), upper - fore + 1), upper + fore - 1)
    along = (upper**2 - fore**2 + away**2) / (2 * away)
    across = (upper**2 - along**2) ** 0.5
    ux, uy = (x1 - x0) / away, (y1 - y0) / away
    side = 1 if ux * (body.elbow[1] - y0) - uy * (body.elbow[0] - x0) > 0 else -1
    elbow = x0 + along * ux - side * across * uy, y0 + along * uy + side * across * ux
    return (*body.shoulder, 11), (*elbow, 9), (*wrist, 6.8)


def hanging(body: Body) -> PlacedHand:
    """Return an arm that does nothing: it hangs beside the body."""
    x, y = body.shoulder
    arm = ((x, y, 11.0), (x + 14, y + 62, 9.0), (x + 17, y + 112, 6.8))
    mitt = ((x + 17, y + 120, 7.5), (x + 16, y + 142, 6))
    return PlacedHand(limbs=(mitt,), mitt=mitt, arm=arm, hole=(), heel=())
