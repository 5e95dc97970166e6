"""The doctor hears itself speak through a sound card: how late, and what the canceller takes out."""

from __future__ import annotations

import json
import re


def examined(rig, folder, *, is_looped: bool) -> dict[str, dict[str, str]]:
    """What `tuina doctor` finds on a card of its own, by part."""
    home = folder / "home"
    home.mkdir()
    with rig.card.virtual_card(folder / "card") as card:
        if is_looped:
            card.loop()
        words = ("doctor", "--json", "--mic", "pulse", "--speaker", "pulse")
        app = rig.card.Running(card, home, words)
        try:
            code = app.process.wait(120)
        finally:
            app.close()
    assert code == 0
    return {one["part"]: one for one in map(json.loads, app.printed.read_text(encoding="utf-8").splitlines())}


def test_the_doctor_measures_how_it_hears_itself(rig, tmp_path):
    """A server's loop is 0.1 to 0.4 s late on another clock; the canceller takes out most of it all the same."""
    echo = examined(rig, tmp_path, is_looped=True)["echo"]

    found = re.search(r"at -\d+ dBFS, (\d+) ms after it is played, (\d+) dB of it taken out", echo["what"])
    assert found is not None, echo
    assert 100 <= int(found[1]) <= 400
    assert int(found[2]) >= 10
    assert echo["verdict"] == "good"


def test_the_doctor_does_not_hear_itself_through_headphones(rig, tmp_path):
    """Nothing comes back: no delay and no level are made up."""
    assert "I do not hear myself" in examined(rig, tmp_path, is_looped=False)["echo"]["what"]
