"""Scenes that a page is shown without a session."""

from __future__ import annotations

import json
from dataclasses import asdict

from assistant.respond.states import Idle, Talk
from assistant.web.scene import Saying, Scene, Stage


def scene(loaded, **changes):
    """A scene of a count on the right side, with these changes."""
    usual = asdict(Stage(loaded).scene(Idle(talk=Talk()))) | {
        "state": "counting",
        "routine": "Evening routine",
        "step": 2,
        "steps": 8,
        "technique": "The Kidney Transporting point",
        "side": "right",
        "drawing": "kidney-point-right",
        "count": 17,
        "of": 36,
        "period_s": 1.5,
        "phrases": [asdict(Saying(say=one, intent="next")) for one in ("how many left", "slower", "pause", "ten more")],
    }
    assert not changes.keys() - usual.keys()
    assert usual.keys() == Scene.__dataclass_fields__.keys()
    return usual | changes


def show(desk, window, shown, *more):
    """Open the page at this scene."""
    desk.pages.forget()
    desk.pages.publish("run", json.dumps({"run": "running"}))
    desk.pages.publish("scene", json.dumps({"at_s": 0.0, "scene": shown}))
    for message in more:
        desk.pages.publish(next(iter(message)), json.dumps(message))
    window.goto(desk.server.address)
    window.wait_for_selector(f"body[data-state={shown['state']}] #session:visible")


def questioned(loaded):
    """The longest safety question."""
    words = max((one.words["en"] for one in loaded.library.screening.questions), key=lambda one: len(" ".join(one)))
    said = [Saying(say=one, intent=one) for one in ("yes", "no")] + [Saying(say="explain that", intent="more_detail")]
    none = dict.fromkeys(("technique", "side", "drawing"), "") | dict.fromkeys(("step", "steps", "count", "of"), 0)
    checked = {"question": words, "question_at": 3, "questions": 7, "phrases": [asdict(one) for one in said]}
    return scene(loaded, state="screening", **none, **checked)
