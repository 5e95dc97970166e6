"""The doctor hears itself speak through a sound card: how late, and what the canceller takes out."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack

import pytest


def begun(rig, card, home):
    """`tuina doctor` on this card, as a process."""
    home.mkdir()
    return rig.card.Running(card, home, ("doctor", "--json", "--mic", "pulse", "--speaker", "pulse"))


def found_by(app) -> dict[str, dict[str, str]]:
    """Return the doctor's findings by part."""
    assert app.process.wait(120) == 0
    return {one["part"]: one for one in map(json.loads, app.printed.read_text(encoding="utf-8").splitlines())}


@pytest.fixture(scope="module")
def echoes(rig, tmp_path_factory):
    """Return the echoes that two doctors measure at the same time: one before a loudspeaker, one with headphones."""
    folder = tmp_path_factory.mktemp("doctors")
    with ExitStack() as stack:
        apps = []
        for name in ("loud", "headphones"):
            card = stack.enter_context(rig.card.virtual_card(folder / name))
            if name == "loud":
                card.loop()
            apps.append(begun(rig, card, folder / f"home-{name}"))
            stack.callback(apps[-1].close)
        return [found_by(app)["echo"] for app in apps]


def test_the_doctor_measures_how_it_hears_itself(echoes):
    """The sound server's way is 0.1 to 0.5 s long; the canceller takes out most of it all the same."""
    echo, _ = echoes

    found = re.search(r"at -\d+ dBFS, (\d+) ms after it is played, (\d+) dB of it taken out", echo["what"])
    assert found is not None, echo
    assert 100 <= int(found[1]) <= 500
    assert int(found[2]) >= 10
    assert echo["verdict"] == "good"


def test_the_doctor_does_not_hear_itself_through_headphones(echoes):
    """Nothing comes back: no delay and no level are made up."""
    assert "I do not hear myself" in echoes[1]["what"]
