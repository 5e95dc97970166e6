"""The number to call: chosen, or by the country of the locale; a guess is told."""

from __future__ import annotations

import pytest

from assistant.store.emergency import emergency_number


@pytest.mark.parametrize(
    ("environment", "digits"),
    [
        ({"LANG": "en_GB.UTF-8"}, "999"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "de_DE.UTF-8"}, "112"),
        ({"LANG": "en_US.UTF-8", "LC_TELEPHONE": "en_AU@x"}, "000"),
        ({"LANG": "C.UTF-8"}, ""),
        ({"LANG": "en_ZZ.UTF-8"}, ""),
        ({}, ""),
    ],
)
def test_the_locale_gives_a_number_that_is_told(environment: dict[str, str], digits: str) -> None:
    """A country that is not known has none."""
    notes: list[str] = []

    assert emergency_number(None, notes.append, environment) == digits
    assert len(notes) == 1
    assert (digits or "unknown") in notes[0]


def test_a_chosen_number_is_taken_as_it_is() -> None:
    """Nothing is told."""
    notes: list[str] = []

    assert emergency_number("112", notes.append, {"LANG": "en_US"}) == "112"
    assert notes == []
