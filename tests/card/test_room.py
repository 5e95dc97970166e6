"""The doctor hears itself speak through a sound card: how late, and what the canceller takes out."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path


def found_by(app) -> dict[str, dict[str, str]]:
    """Return a doctor's findings by part."""
    assert app.process.wait(120) == 0, app.told
    return {one["part"]: one for one in map(json.loads, app.printed.read_text(encoding="utf-8").splitlines())}


def test_the_doctor_measures_how_it_hears_itself_but_not_through_headphones(rig, stage, tmp_path):
    """The sound server's way is 0.1 to 0.5 s long, and most of it is taken out; of headphones nothing is made up."""
    apps = []  # two doctors at the same time
    for name in ("loud", "headphones"):
        card = stage.card()
        if name == "loud":
            card.loop()
        home = Path(tempfile.mkdtemp(dir=tmp_path))
        apps.append(rig.application.Running(card, home, ("doctor", "--json", "--mic", "pulse", "--speaker", "pulse")))
        stage.closes(apps[-1].close)
    loud, headphones = [found_by(app)["echo"] for app in apps]

    found = re.search(r"at -\d+ dBFS, (\d+) ms after it is played, (\d+) dB of it taken out", loud["what"])
    assert found is not None, loud
    assert 100 <= int(found[1]) <= 500
    assert int(found[2]) >= 10
    assert loud["verdict"] == "good"
    assert "I do not hear myself" in headphones["what"]
