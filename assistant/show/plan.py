"""The small plan below a picture: the body from above, for a push around the waist. Chosen by eye."""

from __future__ import annotations

from assistant.body import Point
from assistant.picture import Movement
from assistant.show import arrows
from assistant.show.figure import path
from assistant.show.sheet import HIGH, WIDE, Sheet

TOP = 352.0  # where the plan begins, in pixels
MIDDLE = (200.0, 430.0)
RADII = (112.0, 48.0)  # of the arrow's ellipse


def around(middle: Point, radii: Point, movement: Movement, ends: Point, *, is_mirrored: bool) -> str:
    """Return the arrow of the hand in turn on an ellipse around the waist; forward is up, as seen from behind.

    `ends`: degrees before the hand at which it begins, and degrees after it at which it ends.
    """
    turn = -1 if movement.turn == "counter-clockwise" else 1
    hand_at = 180 if is_mirrored else 0
    return arrows.arc(middle, radii, hand_at - turn * ends[0], hand_at + turn * ends[1])


def plan(sheet: Sheet, movement: Movement) -> str:
    """Return the plan; the nose and the toes show where forward is."""
    x, y = MIDDLE
    paper = f'<path class="p" d="M0 {TOP:.0f}H{WIDE}V{HIGH + 400}H0Z"/><path class="l" d="M0 {TOP:.0f}H{WIDE}"/>'
    plain = Sheet(frame=(0, 0, WIDE))
    toes = "".join(plain.limb(((x + dx, y - 20, 13), (x + dx * 1.1, y - 48, 12))) for dx in (-34, 34))
    waist = plain.limb(((x - 46, y, 34), (x, y - 2, 36), (x + 46, y, 34)))
    head = plain.limb(((x, y - 2, 22),)) + plain.limb(((x, y - 22, 6), (x, y - 29, 4)))
    hands = [plain.limb(((x + dx, y + 16, 11), (x + dx * 1.02, y - 12, 9))) for dx in (80, -80)]
    active, still = reversed(hands) if sheet.is_mirrored else hands
    arrow = around(MIDDLE, RADII, movement, (8, 74), is_mirrored=sheet.is_mirrored)
    return paper + path("b", toes) + path("b", waist) + path("b", head + still) + path("h", active) + arrow
