"""A body, arms and hands on a sheet, as SVG elements. Chosen by eye: a clothed figure without a face."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.body import Body, Part
from assistant.show.hands import PlacedHand
from assistant.show.sheet import Sheet, pair, relative, smooth


def path(kind: str, data: str) -> str:
    """Return one path of a class of the stylesheet, or nothing where there is nothing to draw."""
    return f'<path class="{kind}" d="{relative(data)}"/>' if data else ""


def parts(sheet: Sheet, body: Body, *, is_far: bool) -> str:
    """Return the parts of a body on one layer, with one line around them all."""
    data = "".join(_part(sheet, part) for part in body.parts if part.is_far is is_far)
    return path("f" if is_far else "b", data)


def _part(sheet: Sheet, part: Part) -> str:
    return sheet.limb(part.limb) if part.limb else sheet.outline(part.outline)


def seams(sheet: Sheet, body: Body, *, is_double: bool) -> str:
    """Return the seams of the clothes; on both halves where the view has two."""
    lines = list(body.lines)
    if is_double:
        lines += [tuple((-x, y) for x, y in line) for line in body.lines]
    return path("l", "".join(smooth([sheet.at(point) for point in line]) for line in (*lines, *body.middle)))


def spine(sheet: Sheet, body: Body) -> str:
    """Return the middle line of a back, as dots, so that hands can be seen beside it."""
    dots = [sheet.at((0, y)) for y in (78, body.landmarks["sacrum"][1] - 8)]
    return path("s", f"M{pair(dots[0])}L{pair(dots[1])}")


def arms(sheets: Iterable[tuple[Sheet, PlacedHand]], kind: str = "b") -> str:
    """Return arms without their hands."""
    return "".join(path(kind, sheet.limb(hand.arm)) for sheet, hand in sheets)


def hand(sheet: Sheet, placed: PlacedHand, kind: str = "h") -> str:
    """Return one hand."""
    fingers = path(kind, "".join(sheet.limb(limb) for limb in placed.limbs))
    return fingers + path("n", sheet.limb(placed.hole)) + path("m", sheet.limb(placed.heel))


def ghost(sheet: Sheet, placed: PlacedHand) -> str:
    """Return the rough form of a hand, where it goes to."""
    return path("g", sheet.limb(placed.mitt))
