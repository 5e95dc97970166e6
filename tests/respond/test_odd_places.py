"""A stored place whose values cannot be is no place to come back to; nothing raises."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.respond.dialogue_context import SideTotal
from assistant.respond.places import place_at
from assistant.respond.snapshot import place_from, snapshot_of
from assistant.respond.states import Talk

DEEP = {"aside": {}}
for _ in range(900):
    DEEP = {"aside": DEEP}


@pytest.fixture
def saved(library):
    talk = Talk(hurt=("leg-pinch",), ledger=(SideTotal(technique="cross-push", side="left", n=12, seconds=30.0),))
    place = place_at(library, "full", 2)
    return dict(snapshot_of(replace(place, aside=place_at(library, "legs", 0)), talk))


def test_a_place_comes_back_with_the_one_beside_it(saved, library):
    """As it was stored."""
    place = place_from(saved, library)

    assert (place.routine, place.aside.routine) == ("full", "legs")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("routine", 5),
        ("steps", [float("inf")]),
        ("at", 10**30),
        ("period_s", float("nan")),
        ("period_s", 10**400),
        ("plan", "xx"),
        ("hurt", 5),
        ("hurt", ["what-nobody-knows"]),
        ("ledger", [["cross-push", "left", -5, 30.0, True]]),
        ("ledger", [["cross-push", "above", 5, 30.0, True]]),
        ("ledger", [["cross-push", "left", 5, float("nan"), True]]),
        ("earlier", [["what-nobody-knows", "left", 5, 30.0, True]]),
    ],
)
def test_an_odd_value_makes_it_none(saved, library, name, value):
    """Whatever the place held."""
    assert place_from({**saved, name: value}, library) is None


@pytest.mark.parametrize("aside", [5, [], DEEP])
def test_an_odd_place_beside_it_is_left_out(saved, library, aside):
    """The place itself is still good."""
    assert place_from({**saved, "aside": aside}, library).aside is None
