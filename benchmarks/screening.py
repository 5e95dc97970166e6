"""Time that a healthy person needs for the safety questions, with the real clips of the default voice.

    .venv/bin/python -m benchmarks.screening

The session runs in samples: from the first word of the check to the first word after it. Each group is answered
`ANSWER_S` after its last sentence: a "no" of 0.35 s, 0.3 to 0.5 s until an engine is sure that it has ended
(docs/recognition.md, "Pause and pre-roll"), and the rest to draw breath. Run it from the root of the repository.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from assistant.clock import ManualClock
from assistant.decode.typed_engine import heard_from_line
from assistant.messages import Effect, Event, Say, VoiceBegan
from assistant.respond.states import Screening
from assistant.speak.clips import ClipCache
from assistant.speak.hibari_voice import HibariVoice
from assistant.speak.player import Player
from assistant.store.journal import Journal
from assistant.store.settings import Folders, Settings
from assistant.wire import build
from assistant.wire.lockstep import Lockstep, Nowhere
from assistant.wire.mouth import DirectMouth

ANSWER_S = 0.9
MOST_S = 60.0  # docs/safety.md, "Questions before a session"


class Times:
    """An observer that notes the time of each reply's first sample."""

    def __init__(self) -> None:
        """Start empty."""
        self.began: list[tuple[float, str]] = []
        self._replies: dict[int, str] = {}

    def on_event(self, event: Event) -> None:
        """Take the beginning of a sentence."""
        if isinstance(event, VoiceBegan):
            self.began.append((event.at_s, self._replies[event.utterance]))

    def on_effect(self, _at_s: float, effect: Effect, _text: str) -> None:
        """Take the order for a sentence."""
        if isinstance(effect, Say):
            self._replies[effect.utterance] = effect.reply


def measure(routine: str, folder: Path) -> float:
    """Return the seconds of the check before this routine."""
    loaded = build.load_files(Settings(), Folders(config=folder, data=folder, cache=folder))
    player, times = Player(), Times()
    journal = Journal(folder / f"{routine}.db")
    journal.remember("expert_advice_heard", ManualClock().wall())
    mouth = DirectMouth(ClipCache(HibariVoice(), None), player)
    session = build.session(
        loaded, player, mouth, lambda _: None, clock=ManualClock(), journal=journal, observers=(times,)
    )
    lockstep = Lockstep(session, player, Nowhere())
    session.begin(routine, routine)
    text = "start"
    while text == "start" or isinstance(session.state, Screening):
        lockstep.wait_until_quiet()
        lockstep.wait(ANSWER_S)
        lockstep.step((heard_from_line(text, player.now_s),))
        text = "no"
    lockstep.wait(1.0)
    journal.close()
    first = next(at_s for at_s, reply in times.began if reply == "check_first")
    return next(at_s for at_s, reply in times.began if reply == "check_passed") - first


def main() -> None:
    """Measure each shipped routine whose questions differ."""
    with tempfile.TemporaryDirectory() as folder:
        for routine in ("full", "lower-back"):
            seconds = measure(routine, Path(folder))
            print(f"{routine}: {seconds:.1f} s, {'less' if seconds < MOST_S else 'MORE'} than {MOST_S:.0f} s")


if __name__ == "__main__":
    main()
