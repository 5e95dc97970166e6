"""The picture of a technique as a file gives it: places on our own drawing of a body, hands and movements. Pure.

A rule that fails names its place in the file ("picture.hands.0.at ..."), so that the reader can add the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from assistant.body import BODIES, Body, Point, Posture, View
from assistant.sentence import PLACEHOLDER, StrictModel

Hand: TypeAlias = Literal["both", "working", "other", "right", "left"]
"""`working` is the hand of the side in turn; `other` lies still."""
Shape: TypeAlias = Literal["palm", "heel", "fist", "hollow-fist", "thumb", "pinch", "fingertips"]
"""`heel` is the base of the palm. What touches is the part that is named; of a pinch it is where the tips meet."""
Turn: TypeAlias = Literal["clockwise", "counter-clockwise", "either"]
"""`either`: the source names no direction, so the drawing has a tip at both ends."""

MOST_ALT_CHARS = 200  # of an alt text with its side: what a screen reader says in about fifteen seconds; chosen


class Place(StrictModel):
    """A landmark of the drawing, or a place beside it. A file may write the landmark alone: `at: sacrum`."""

    mark: Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]
    out: int = Field(default=0, ge=-60, le=60)
    """Away from the middle line, or forwards where the body is seen from the side; units of 4 mm."""
    up: int = Field(default=0, ge=-60, le=60)
    """Units of 4 mm."""

    @model_validator(mode="before")
    @classmethod
    def _of_a_word(cls, given: object) -> object:
        return {"mark": given} if isinstance(given, str) else given

    def on(self, body: Body) -> Point:
        """Return the point on a body, on its right half. Raises KeyError for a landmark that it has not."""
        x, y = body.landmarks[self.mark]
        return x + self.out, y - self.up


class Mark(StrictModel):
    """A point or an area that is worked on."""

    at: Place
    size: int = Field(default=4, ge=2, le=40)
    """The radius, in units of 4 mm; up to 5 it is drawn as a point."""
    to: Place | None = None
    """The other end of an area that is longer than wide."""
    is_on: Literal["working", "both"] = "both"
    """The half of the body; on the middle line both are one."""


class HandAt(StrictModel):
    """A hand on the body."""

    hand: Hand
    shape: Shape
    at: Place
    """The beginning of its way, where the movement has one."""
    fingers: Literal["in", "out", "up", "down", "free"] = "free"
    """The direction of the fingers; `free`: the arm decides. `in` is towards the middle, or backwards from the side."""


class Movement(StrictModel):
    """The hands' movement: a circle, a stroke, taps along a way, or a push around the waist."""

    kind: Literal["circle", "stroke", "taps", "around"]
    turn: Turn = "either"
    """Of a circle, as seen in the picture; of a push around the waist as seen from above."""
    size: int = Field(default=20, ge=8, le=30)
    """Radius of a circle as it is drawn, in units of 4 mm. The hand's own may be smaller."""
    way: tuple[Place, ...] = Field(default=(), max_length=6)
    """Of a stroke or of taps, from its beginning to its end."""
    returns: bool = False
    """True for a stroke there and back."""

    @model_validator(mode="after")
    def _has_a_way(self) -> Movement:
        needs = self.kind in ("stroke", "taps")
        if needs and not self.way[1:]:
            msg = f"a movement of the kind '{self.kind}' needs a way: give 'way' two places or more"
            raise ValueError(msg)
        if self.way and not needs:
            msg = f"a movement of the kind '{self.kind}' has no way: remove 'way'"
            raise ValueError(msg)
        return self


class Direction(StrictModel):
    """One way of doing it: the movement, and the picture in words."""

    movement: Movement
    alt: dict[str, Annotated[str, StringConstraints(min_length=10, max_length=MOST_ALT_CHARS)]] = Field(min_length=1)
    """By language; `{side}` and `{other_side}` where the technique has sides."""


class Picture(StrictModel):
    """The drawing of one technique."""

    view: View
    posture: Posture = "stand"
    frame: Literal["back", "legs", "whole"] = "whole"
    marks: tuple[Mark, ...] = Field(min_length=1, max_length=4)
    hands: tuple[HandAt, ...] = Field(min_length=1, max_length=2)
    directions: tuple[Direction, ...] = Field(min_length=1, max_length=2)
    """One, or the first and the opposite one."""

    @model_validator(mode="after")
    def _on_the_body(self) -> Picture:
        if (self.view, self.posture) not in BODIES:
            known = ", ".join(posture for view, posture in BODIES if view == self.view)
            msg = f"picture.posture is '{self.posture}', from this view ({self.view}) there are: {known}"
            raise ValueError(msg)
        body = self.body
        wrong = [] if self.frame in body.frames else [f"picture.frame '{self.frame}' shows {', '.join(body.frames)}"]
        for where, place in self._places():
            if place.mark not in body.landmarks:
                known = ", ".join(sorted(body.landmarks))
                wrong.append(f"{where} '{place.mark}' is no landmark of this view ({self.view}), which has: {known}")
            elif not body.holds(place.on(body)):
                wrong.append(f"{where} lies outside of the body, {place.out} out and {place.up} up of '{place.mark}'")
            elif not body.shows(place.on(body), self.frame):
                wrong.append(f"{where} '{place.mark}' lies outside of the frame '{self.frame}'")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def body(self) -> Body:
        """The drawing of a body that it stands on."""
        return BODIES[self.view, self.posture]

    def _places(self) -> Iterator[tuple[str, Place]]:
        """Yield each place with where it stands in the file."""
        for i, mark in enumerate(self.marks):
            yield f"picture.marks.{i}.at", mark.at
            if mark.to is not None:
                yield f"picture.marks.{i}.to", mark.to
        yield from ((f"picture.hands.{i}.at", hand.at) for i, hand in enumerate(self.hands))
        for i, direction in enumerate(self.directions):
            yield from (
                (f"picture.directions.{i}.movement.way.{j}", one) for j, one in enumerate(direction.movement.way)
            )

    def texts(self, code: str) -> dict[str, str]:
        """Return the alt texts of one language by their place in the file."""
        given = enumerate(self.directions)
        return {f"picture.directions.{i}.alt.{code}": one.alt[code] for i, one in given if code in one.alt}

    def misfits(self, languages: set[str], directions: int, *, has_sides: bool) -> list[str]:
        """Return the faults between the picture and its technique; each begins with its place."""
        wrong = []
        if len(self.directions) != directions:
            wrong.append(f"picture.directions has {len(self.directions)}, the technique has {directions}")
        for i, hand in enumerate(self.hands):
            if hand.hand in ("working", "other") and not has_sides:
                wrong.append(f"picture.hands.{i}.hand is '{hand.hand}', but the technique has no sides")
        for i, one in enumerate(self.directions):
            missing = sorted(languages - one.alt.keys())
            wrong += [f"picture.directions.{i}.alt has no text for the language '{code}'" for code in missing]
        for code in sorted(languages):
            for place, text in self.texts(code).items():
                allowed = {"side", "other_side"} if has_sides else set()
                wrong += [
                    f"{place} says {{{one}}}, which is unknown here"
                    for one in sorted(set(PLACEHOLDER.findall(text)) - allowed)
                ]
        return wrong
