"""Movements: the arrow of each kind, and the groups that let a hand move with the beat. SVG elements, in pixels."""

from __future__ import annotations

from math import hypot

from assistant.body import Point
from assistant.picture import Movement
from assistant.show import arrows

SPIN = 6.0  # pixels; the radius on which a hand circles, so that it stays on its arm; chosen by eye


def circle(movement: Movement, middle: Point, scale: float) -> str:
    """Return the arrow of a circle; where no direction is named it is an arch with two tips."""
    radius = movement.size * scale
    if movement.turn == "either":
        return arrows.arc(middle, (radius, radius), -172, -8, both=True)
    start, end = (-240, 60) if movement.turn == "clockwise" else (60, -240)
    return arrows.arc(middle, (radius, radius), start, end)


def spinning(content: str, turn: str) -> str:
    """Let something circle without turning round."""
    way = {"either": " e", "counter-clockwise": " v"}.get(turn, "")
    return (
        f'<g class="q{way}"><g transform="translate({SPIN:g})"><g class="r{way}">'
        f'<g transform="translate({-SPIN:g})">{content}</g></g></g></g>'
    )


def travelling(content: str, start: Point, end: Point, *, returns: bool) -> str:
    """Let something that is drawn at the end of a way come from its start: a step of -1 is the whole way."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    square = hypot(dx, dy) ** 2 or 1.0
    inverse = " ".join(f"{one / square:.5f}" for one in (dx, -dy, dy, dx))
    return (
        f'<g transform="matrix({dx:.0f} {dy:.0f} {-dy:.0f} {dx:.0f} 0 0)"><g class="{"z" if returns else "u"}">'
        f'<g transform="matrix({inverse} 0 0)">{content}</g></g></g>'
    )


def tapping(content: str, at: Point) -> str:
    """Let something lift off and fall back."""
    x, y = at
    there, back = f"translate({x:.0f} {y:.0f})", f"translate({-x:.0f} {-y:.0f})"
    return f'<g transform="{there}"><g class="y"><g transform="{back}">{content}</g></g></g>'


def sparks(at: Point, radius: float, side: int) -> str:
    """Return three short strokes on the outer side of what taps: `side` is 1 to the right, -1 to the left."""
    x, y = at
    rays = ((side * 0.8, -0.6), (side * 1.0, 0.0), (side * 0.8, 0.6))
    lines = "".join(f"M{x + dx * radius:.0f} {y + dy * radius:.0f}l{dx * 16:.0f} {dy * 16:.0f}" for dx, dy in rays)
    return f'<path class="x" d="{lines}"/>'
