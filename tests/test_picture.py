"""Our own drawing of a body, and the places that a file names on it."""

from __future__ import annotations

import pytest

from assistant.body import BEHIND, BODIES, FRONT, Body
from assistant.picture import Place
from assistant.store.library import load


@pytest.mark.parametrize("key", BODIES, ids="-".join)
def test_every_landmark_lies_on_the_body_and_is_shown(key) -> None:
    """A name can be used without an offset, and the widest frame shows it."""
    body = BODIES[key]

    assert [name for name, point in body.landmarks.items() if not body.holds(point)] == []
    assert [name for name, point in body.landmarks.items() if not body.shows(point, "whole")] == []


@pytest.mark.parametrize("body", [BEHIND, FRONT], ids=["behind", "front"])
def test_an_upright_body_is_as_wide_on_both_halves(body: Body) -> None:
    """A point and its mirror image are both on it, or both beside it."""
    points = [(x + 0.3, y + 0.1) for x in range(1, 70, 4) for y in range(0, 410, 7)]

    assert [one for one in points if body.holds(one) is not body.holds((-one[0], one[1]))] == []
    assert not body.holds((60, 160))


def test_a_place_is_a_word_or_a_landmark_with_an_offset() -> None:
    """`out` is away from the middle line, `up` is up."""
    plain, moved = Place.model_validate("waist"), Place(mark="waist", out=-3, up=4)
    x, y = BEHIND.landmarks["waist"]

    assert plain.on(BEHIND) == (x, y)
    assert moved.on(BEHIND) == (x - 3, y - 4)


def test_a_picture_is_no_part_of_a_trace() -> None:
    """A library is written without pictures, so a trace does not know whether one was changed."""
    assert "kidney-point" in load().library.model_dump_json()
    assert '"picture"' not in load().library.model_dump_json()
