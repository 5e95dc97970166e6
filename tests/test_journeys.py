"""Every journey in tests/journeys/ is a conversation that must go as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

JOURNEYS = sorted((Path(__file__).parent / "journeys").glob("*.txt"))


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda path: path.stem)
def test_journey(journey, rehearse, perform):
    """The conversation goes as it is written."""
    perform(journey, rehearse())
