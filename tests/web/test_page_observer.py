"""The page's observer tells the trace's own records, and the scene where it changed."""

from __future__ import annotations

import json

import pytest

import assistant
from assistant.messages import Due, Failed, Said, Say, Unsure
from assistant.messages.intents import Intent
from assistant.respond.states import Idle, Opening, Talk
from assistant.web.page_observer import PageObserver
from assistant.web.scene import Stage


class Wall:
    """Keeps what is published."""

    def __init__(self):
        self.told = []

    def publish(self, kind, text):
        self.told.append((kind, json.loads(text)))


@pytest.fixture
def wall():
    return Wall()


@pytest.fixture
def observer(loaded, wall):
    return PageObserver(Stage(loaded), wall.publish)


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (Said(at_s=1.0, intent=Intent.SLOWER, text="slower"), "heard"),
        (Unsure(at_s=1.0, best="next"), "heard"),
        (Failed(at_s=1.0, room="ear", reason="gone"), "failed"),
        (Due(at_s=1.0, tag="beat"), ""),
    ],
)
def test_an_event_is_told_as_in_a_trace(observer, wall, event, kind):
    """The record of docs/trace.md; what a later page needs is kept under the name of its kind."""
    observer.on_event(event)

    ((kept, record),) = wall.told
    assert (kept, record["at_s"]) == (kind, 1.0)
    assert record["event"] == type(event).__name__.lower()


def test_a_scene_is_told_once(observer, wall):
    """A state that looks the same is no news."""
    observer.on_state(0.0, Idle(talk=Talk()))
    observer.on_state(1.0, Idle(talk=Talk(volume=90)))
    observer.on_state(2.0, Opening())

    assert [message["scene"]["state"] for _, message in wall.told] == ["idle", "opening"]


def test_what_was_named_aloud_can_be_pressed_first_until_the_state_is_another(observer, wall):
    """The words in quotes of the last sentence lead the list."""
    idle = Idle(talk=Talk())
    observer.on_effect(0.0, Say(utterance=1, reply="x"), "Say “louder”, if you like.")
    observer.on_state(0.0, idle)
    observer.on_effect(1.0, Say(utterance=2, reply="x"), "Nothing to press.")
    observer.on_state(1.0, idle)
    observer.on_state(2.0, Opening())
    observer.on_state(3.0, idle)

    phrases = [message["scene"]["phrases"] for kind, message in wall.told if kind == "scene"]
    assert phrases[0][0]["say"] == "louder"
    assert phrases[-1][0]["say"] != "louder"


def test_a_whole_session_is_told(loaded, observer, wall):
    """Every event and effect of a session arrives in its order, and as JSON."""
    with assistant.start_session(loaded, "legs", observers=[observer], voice="silent", hears=False) as session:
        session.wait_until_quiet()
        session.say("end session")
        session.wait_until_quiet()

    told = [message for _, message in wall.told]
    assert told[0]["event"] == "began"
    assert [one["effect"] for one in told if "effect" in one][-1] in {"leave", "listen_for", "settle", "say"}
    assert told[-1].get("event") == "voice_ended" or "scene" in told[-1]
    assert any(one.get("effect") == "leave" for one in told)
