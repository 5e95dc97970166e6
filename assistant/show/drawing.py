"""One technique, its side and its direction become one SVG text of at most 12 kB. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from assistant.body import Point
from assistant.picture import HandAt, Mark, Movement, Picture, Place
from assistant.routine import Side, Technique
from assistant.show import arrows, figure, movements
from assistant.show.hands import PlacedHand, hanging, placed
from assistant.show.plan import around, plan
from assistant.show.sheet import HIGH, WIDE, Sheet
from assistant.show.style import own_style

POINT = 5  # a mark up to this radius, in body units, is a point; assistant/picture.py says so to who writes one
RING = 8.5  # the radius of the ring around a point, in body units; chosen by eye
FAR = (10.0, -2.0)  # where the far hand lies beside the near one, in body units; chosen by eye


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A finished drawing, and what it shows."""

    name: str
    """For a file or an id: `kidney-point-left`, `back-pound-2`."""
    title: str
    alt: str
    """Plain words, at most 200 characters."""
    content: str
    beat_s: float
    """Seconds of one repetition at the technique's usual tempo."""

    def svg(self, *, is_alone: bool = False) -> str:
        """Return the drawing for a page that links the stylesheet, or as a file that stands alone."""
        alone = f' xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{HIGH}"' if is_alone else ""
        style = f"<style>{own_style(self.content, self.beat_s)}</style>" if is_alone else ""
        title, alt = f"{self.name}-t", f"{self.name}-d"
        return (
            f'<svg{alone} class="tp" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-labelledby="{title} {alt}">'
            f'<title id="{title}">{escape(self.title)}</title><desc id="{alt}">{escape(self.alt)}</desc>'
            f"{style}{self.content}</svg>\n"
        )


def drawings(technique: Technique, language: str) -> Iterator[Drawing]:
    """Yield the drawing of each side and direction; none for a technique without a picture. Raises KeyError."""
    if technique.picture is not None:
        sides: tuple[Side | None, ...] = (None,) if technique.sides == "none" else ("right", "left")
        for side in sides:
            for direction in range(len(technique.picture.directions)):
                yield drawing(technique, technique.picture, language, side, direction)


def drawing_name(technique: Technique, side: str | None, direction: int) -> str:
    """Return the name of a drawing, unique among all; empty for a technique without a picture."""
    if technique.picture is None:
        return ""
    number = str(direction + 1) if technique.picture.directions[1:] else ""
    return "-".join(filter(None, (technique.id, side, number)))


def drawing(technique: Technique, picture: Picture, language: str, side: Side | None, direction: int) -> Drawing:
    """Return one drawing; `side` is None for a technique without sides, `direction` is 1 for the opposite one.

    Raises KeyError for a language in which there are no words, IndexError for a direction that there is not.
    """
    given = picture.directions[direction]
    other = "left" if side == "right" else "right"
    about = ", ".join(filter(None, (side and f"{side} side", "the opposite direction" if direction else None)))
    name = technique.words[language].name
    return Drawing(
        name=drawing_name(technique, side, direction),
        title=name[0].upper() + name[1:] + (f" ({about})" if about else ""),
        alt=given.alt[language].replace("{side}", side or "").replace("{other_side}", other),
        content=_Layers(picture, given.movement, is_mirrored=side == "left").drawn(),
        beat_s=60 / technique.tempo_bpm.usual,
    )


class _Layers:
    """The layers of a drawing, from the paper upwards."""

    def __init__(self, picture: Picture, movement: Movement, *, is_mirrored: bool) -> None:
        self.picture, self.movement, self.body = picture, movement, picture.body
        frame = self.body.frames[picture.frame]
        self.is_double = picture.view != "side"
        self.sheet = Sheet(frame=frame, is_mirrored=is_mirrored)
        self.other = replace(self.sheet, is_mirrored=not is_mirrored)
        self.hands = [(sheet, one) for one in picture.hands for sheet in self._sheets(one)]

    def _sheets(self, hand: HandAt) -> list[Sheet]:
        """Return where a hand is laid out: `right` and `left` are the body's own."""
        right, left = (self.sheet, self.other) if not self.sheet.is_mirrored else (self.other, self.sheet)
        if not self.is_double:
            return [self.sheet]
        by = {"working": [self.sheet], "other": [self.other], "right": [right], "left": [left]}
        return by.get(hand.hand, [self.sheet, self.other])

    def drawn(self) -> str:
        """Return all layers."""
        laid = [(sheet, one, placed(one, self._start(one).on(self.body), self.body)) for sheet, one in self.hands]
        arms = [(sheet, hand) for sheet, _, hand in laid]
        idle = []
        if self.is_double:
            idle = [(one, hanging(self.body)) for one in (self.sheet, self.other) if one not in dict(arms)]
        has_spine = self.picture.view == "behind"
        return "".join(
            (
                f'<path class="p" d="M0 0H{WIDE}V{HIGH}H0Z"/>',
                figure.parts(self.sheet, self.body, is_far=True),
                *self._far_hands(),
                figure.parts(self.sheet, self.body, is_far=False),
                figure.seams(self.sheet, self.body, is_double=self.is_double),
                figure.spine(self.sheet, self.body) if has_spine else "",
                *(self._mark(mark) for mark in self.picture.marks),
                figure.arms([*idle, *arms]),
                *(figure.hand(*one, kind="b") for one in idle),
                *(self._moving(*one) for one in laid),
                *(self._dot(mark) for mark in self.picture.marks if mark.size <= POINT and mark.to is None),
                *self._arrows(),
            )
        )

    def _far_hands(self) -> Iterator[str]:
        """Yield the other hand and its arm behind a body that is seen from the side, where both hands work."""
        for sheet, one in self.hands:
            if one.hand == "both" and not self.is_double:
                x, y = self._start(one).on(self.body)
                far = placed(one, (x + FAR[0], y + FAR[1]), self.body)
                yield figure.arms([(sheet, far)], kind="f") + figure.path("f", sheet.limb(far.mitt))

    def _start(self, hand: HandAt) -> Place:
        is_still = hand.hand == "other"
        return self.movement.way[0] if self.movement.way and not is_still else hand.at

    def _moving(self, sheet: Sheet, one: HandAt, laid: PlacedHand) -> str:
        """Return a hand that moves with the beat, or lies still, and its ghost at the end of the way."""
        drawn = figure.hand(sheet, laid, kind="b" if one.hand == "other" else "h")
        if one.hand == "other" or self.movement.kind == "around":
            return drawn
        if self.movement.kind == "circle":
            return movements.spinning(drawn, self.movement.turn)
        start, end = (self.movement.way[i].on(self.body) for i in (0, -1))
        ghost = figure.ghost(sheet, placed(one, end, self.body))
        if self.movement.kind == "stroke":
            return drawn + movements.travelling(ghost, sheet.at(start), sheet.at(end), returns=self.movement.returns)
        at = sheet.at(start)
        return (
            ghost
            + movements.tapping(drawn, at)
            + movements.sparks(at, 17 * sheet.scale, -1 if sheet.is_mirrored else 1)
        )

    def _arrows(self) -> Iterator[str]:
        if self.movement.kind == "around":
            at = self.sheet.at((0, self.picture.hands[0].at.on(self.body)[1]))
            radii = (58 * self.sheet.scale, 40.0)
            yield around(at, radii, self.movement, (50, 50), is_mirrored=self.sheet.is_mirrored)
            yield plan(self.sheet, self.movement)
        for point, sheet in dict.fromkeys(self._begins()):
            if self.movement.kind == "circle":
                yield movements.circle(self.movement, sheet.at(point), sheet.scale)
            elif self.movement.way:
                points = [sheet.at(place.on(self.body)) for place in self.movement.way]
                ends = (12, 10) if self.movement.returns else (14, 3)
                way = arrows.inset(points, *(end * sheet.scale for end in ends))
                yield arrows.straight(way, both=self.movement.returns)

    def _begins(self) -> Iterator[tuple[Point, Sheet]]:
        """Yield where each movement begins; two hands on the middle line share one."""
        for sheet, one in self.hands:
            if one.hand != "other":
                point = self._start(one).on(self.body)
                yield point, self.sheet if point[0] == 0 and self.is_double else sheet

    def _halves(self, mark: Mark) -> list[Sheet]:
        """Return the halves of the body that a mark is on; on the middle line both are one."""
        is_on_both = self.is_double and mark.is_on == "both" and mark.at.on(self.body)[0]
        return [self.sheet, self.other] if is_on_both else [self.sheet]

    def _mark(self, mark: Mark) -> str:
        """Return the ring around a point, or an area as a field."""
        balls = [(*place.on(self.body), float(mark.size)) for place in (mark.at, mark.to) if place is not None]
        if mark.size <= POINT and mark.to is None:
            return "".join(figure.path("o", sheet.limb([(*balls[0][:2], RING)])) for sheet in self._halves(mark))
        return "".join(figure.path("m", sheet.limb(balls)) for sheet in self._halves(mark))

    def _dot(self, mark: Mark) -> str:
        """Return the point itself, which is seen above the hands."""
        ball = (*mark.at.on(self.body), mark.size * 0.7)
        return "".join(figure.path("d", sheet.limb([ball])) for sheet in self._halves(mark))
