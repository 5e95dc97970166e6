"""Our own drawing of a body: parts, landmarks and frames, by view and posture. Pure values; chosen by eye, no plate.

A standing body is 400 units high, so a unit is about 4 mm. y counts downwards from the top of the head. Seen from
behind and from the front x counts from the middle line to the body's right, and a landmark stands on the right half;
seen from the side the body faces right, and x counts forwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Literal, TypeAlias

View: TypeAlias = Literal["behind", "side", "front"]
Posture: TypeAlias = Literal["stand", "lunge", "bend"]
Point: TypeAlias = tuple[float, float]
Ball: TypeAlias = tuple[float, float, float]
"""A centre and a radius. Balls in a row are joined, as a limb is."""
Frame: TypeAlias = tuple[float, float, float]
"""Left edge, top edge and width of what is shown; five parts high for four parts wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A limb (balls in a row), or an outline with rounded corners."""

    limb: tuple[Ball, ...] = ()
    outline: tuple[Point, ...] = ()
    is_far: bool = False
    """True for what lies on the other side of the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body in one posture, from one view."""

    parts: tuple[Part, ...]
    landmarks: dict[str, Point]
    frames: dict[str, Frame]
    shoulder: Point
    elbow: Point
    """A place near to which the elbow is, with the hand on the body."""
    lines: tuple[tuple[Point, ...], ...] = ()
    """Seams of the clothes; mirrored where the view has two halves."""
    middle: tuple[tuple[Point, ...], ...] = ()
    """Lines that are drawn once: the hem, the middle line of the back."""
    hand_size: float = 1.15
    """Of a hand, against the body: larger than life, to be seen from two metres."""
    arm_seen: float = 1.0
    """Share of an arm's length that is seen; less where the elbow points at whoever looks."""

    def holds(self, point: Point) -> bool:
        """Tell whether a point lies on the body, on either half."""
        return any(_in_limb(point, part.limb) or _in_outline(point, part.outline) for part in self.parts)

    def shows(self, point: Point, frame: str) -> bool:
        """Tell whether a point lies in a frame; true for a frame that is not there."""
        left, top, wide = self.frames.get(frame, (-1e9, -1e9, 2e9))
        return left <= point[0] <= left + wide and top <= point[1] <= top + wide * 5 / 4


def _in_limb(point: Point, limb: Sequence[Ball]) -> bool:
    return any(_near(point, one, two) for one, two in zip(limb, (*limb[1:], *limb[-1:]), strict=True))


def _near(point: Point, one: Ball, two: Ball) -> bool:
    """Tell whether a point lies in two joined balls."""
    dx, dy = two[0] - one[0], two[1] - one[1]
    length = dx * dx + dy * dy
    along = ((point[0] - one[0]) * dx + (point[1] - one[1]) * dy) / length if length else 0.0
    along = min(max(along, 0.0), 1.0)
    away = hypot(point[0] - one[0] - along * dx, point[1] - one[1] - along * dy)
    return away <= one[2] + along * (two[2] - one[2])


def _in_outline(point: Point, outline: Sequence[Point]) -> bool:
    """Count the edges to the right of the point: inside, their number is odd."""
    x, y = point
    is_inside = False
    for (x0, y0), (x1, y1) in zip(outline, (*outline[1:], *outline[:1]), strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            is_inside = not is_inside
    return is_inside


def _whole(right: Sequence[Point]) -> tuple[Point, ...]:
    """Return both halves of an outline, of the right one from the top to the bottom."""
    return (*right, *((-x, y) for x, y in reversed(right)))


_HEAD = Part(limb=((0, 22, 19), (0, 33, 16)))
_UPRIGHT = Part(
    outline=_whole(
        (
            *((10, 44), (10, 64), (26, 69), (47, 72), (57, 84), (46, 104), (42, 128), (34, 152), (36, 166)),
            *((44, 186), (45, 210), (43, 240), (37, 268), (29, 296), (32, 320), (27, 348), (17, 376)),
            *((24, 396), (20, 402), (6, 402), (7, 380), (8, 350), (6, 325), (9, 300), (5, 262), (2, 226), (1, 214)),
        )
    )
)
_UPRIGHT_FRAMES: dict[str, Frame] = {"back": (-86, 58, 172), "legs": (-98, 168, 196), "whole": (-168, -8, 336)}

BEHIND = Body(
    parts=(_HEAD, _UPRIGHT),
    landmarks={
        "gate-of-life": (0, 157),
        "kidney-point": (10, 157),
        "lower-back": (23, 158),
        "lower-back-top": (23, 122),
        "lower-back-bottom": (23, 170),
        "waist": (33, 163),
        "sacrum": (22, 187),
        "buttock": (23, 202),
        "thigh-back": (23, 250),
        "knee-back": (18, 296),
        "calf-back": (20, 324),
    },
    frames=_UPRIGHT_FRAMES,
    shoulder=(46, 84),
    elbow=(84, 146),
    lines=(((15, 196), (33, 192), (32, 208), (24, 213), (15, 210)), ((6, 219), (20, 224), (36, 219))),
    middle=(((-41, 176), (-20, 181), (20, 181), (41, 176)), ((0, 181), (0, 214)), ((-10, 62), (0, 67), (10, 62))),
)
FRONT = Body(
    parts=(_HEAD, _UPRIGHT),
    landmarks={
        "hip": (30, 172),
        "thigh-front": (22, 240),
        "knee": (18, 296),
        "shin": (19, 330),
        "foot-top": (14, 392),
    },
    frames=_UPRIGHT_FRAMES,
    shoulder=(46, 84),
    elbow=(78, 142),
    lines=(((36, 184), (28, 198)), ((12, 292), (18, 300), (25, 292))),
    middle=(((-41, 176), (-20, 180), (20, 180), (41, 176)), ((0, 180), (0, 214)), ((-11, 64), (0, 76), (11, 64))),
)
SIDE = Body(
    parts=(
        Part(limb=((4, 22, 19), (8, 32, 15))),
        Part(limb=((18, 27, 6), (25, 30, 4))),
        Part(limb=((0, 52, 9), (-2, 84, 20), (0, 118, 24), (-3, 155, 19), (-6, 198, 25))),
        Part(limb=((-3, 210, 24), (0, 298, 15), (-4, 325, 14), (-6, 384, 8), (-4, 392, 8), (24, 396, 5))),
    ),
    landmarks={
        "lower-back": (-12, 160),
        "buttock": (-18, 204),
        "thigh-side": (0, 250),
        "thigh-front": (14, 245),
        "thigh-back": (-12, 250),
        "knee": (6, 298),
        "calf": (-8, 325),
        "foot-top": (10, 391),
    },
    frames=_UPRIGHT_FRAMES,
    shoulder=(-2, 86),
    elbow=(-40, 140),
    lines=(((-27, 178), (-4, 183), (18, 178)),),
    hand_size=1.3,
)
LUNGE = Body(
    parts=(
        Part(limb=((8, 222, 24), (74, 262, 16), (75, 300, 14), (68, 362, 8), (72, 372, 8), (98, 375, 5)), is_far=True),
        Part(limb=((40, 56, 19), (44, 66, 15))),
        Part(limb=((54, 61, 6), (61, 64, 4))),
        Part(limb=((32, 86, 9), (23, 114, 20), (16, 148, 24), (8, 184, 20), (-4, 218, 26))),
        Part(limb=((-4, 222, 26), (-52, 288, 17), (-74, 313, 16), (-112, 362, 8), (-112, 368, 8), (-90, 377, 5))),
    ),
    landmarks={
        "lower-back": (-2, 180),
        "buttock": (-15, 216),
        "thigh": (-42, 264),
        "calf": (-87, 326),
    },
    frames={"whole": (-148, 32, 284)},
    shoulder=(24, 108),
    elbow=(-36, 150),
    lines=(((-22, 192), (2, 202), (26, 200)),),
    hand_size=1.35,
    arm_seen=0.76,
)
BEND = Body(
    parts=(
        Part(limb=((8, 214, 21), (18, 298, 14), (14, 325, 13), (14, 384, 8), (16, 392, 8), (48, 396, 5)), is_far=True),
        Part(limb=((116, 106, 19), (121, 115, 15))),
        Part(limb=((130, 112, 6), (137, 114, 4))),
        Part(limb=((100, 136, 10), (76, 148, 20), (48, 162, 24), (20, 178, 21), (-2, 200, 25))),
        Part(limb=((-4, 208, 24), (0, 298, 15), (-4, 325, 14), (-6, 384, 8), (-4, 392, 8), (26, 396, 5))),
    ),
    landmarks={
        "thigh-front": (14, 246),
        "knee": (8, 296),
        "calf-front": (6, 330),
        "foot-top": (14, 390),
    },
    frames={"whole": (-82, 72, 266)},
    shoulder=(76, 150),
    elbow=(72, 204),
    lines=(((2, 172), (12, 190), (16, 204)),),
    hand_size=1.5,
    arm_seen=0.95,
)
BODIES: dict[tuple[View, Posture], Body] = {
    ("behind", "stand"): BEHIND,
    ("front", "stand"): FRONT,
    ("side", "stand"): SIDE,
    ("side", "lunge"): LUNGE,
    ("side", "bend"): BEND,
}
