"""An observer that tells pages everything in the words of a trace (docs/trace.md), and the scene where it changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from assistant.messages import Effect, Event, Say
from assistant.messages.records import Record, record_effect, record_event
from assistant.respond.states import State
from assistant.web.scene import QUOTED, Scene, Stage

KEPT = {
    **dict.fromkeys(("said", "not_now", "perhaps", "unsure"), "heard"),
    **{name: name for name in ("say", "voice_began", "failed", "recovered", "leave")},
}
"""The records that a page which is opened later is given too: the last one of each kind."""


class PageObserver:
    """Watches one session. Called on the session's thread; `publish` must not wait."""

    def __init__(self, stage: Stage, publish: Callable[[str, str], None]) -> None:
        """Take `publish`, which is given the kind of a message that is kept, or empty, and the message as JSON."""
        self._stage = stage
        self._publish = publish
        self._state: State | None = None
        self._scene: Scene | None = None
        self._quoted: list[str] = []
        self._just_quoted: list[str] = []

    def on_event(self, event: Event) -> None:
        """Tell an event."""
        self._tell(record_event(event), "event")

    def on_effect(self, at_s: float, effect: Effect, text: str) -> None:
        """Tell an effect."""
        if isinstance(effect, Say):
            self._just_quoted += QUOTED.findall(text)
        self._tell(record_effect(at_s, effect, text), "effect")

    def on_state(self, at_s: float, state: State) -> None:
        """Tell the scene of a state, unless it is the one that is shown."""
        is_another = type(state) is not type(self._state)
        if self._just_quoted or is_another:
            self._quoted, self._just_quoted = self._just_quoted, []
        elif state is self._state:
            return
        self._state = state
        scene = self._stage.scene(state, self._quoted)
        if scene != self._scene:
            self._scene = scene
            self._publish("scene", as_json({"at_s": at_s, "scene": asdict(scene)}))

    def _tell(self, record: Record, key: str) -> None:
        self._publish(KEPT.get(record[key], ""), as_json(record))


def as_json(message: Record) -> str:
    """Return a message as one line of JSON."""
    return json.dumps(message, ensure_ascii=False)
