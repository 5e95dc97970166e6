"""Conversations as tests: a plain-text journey must go as it is written. Needs no microphone, no voice and no time.

    def test_stop(tmp_path):
        perform(Path("stop.txt"), assistant.load_library(), tmp_path)

A journey is typed words and a silent voice of the right length, through the real dialogue, player and journal, on a
clock that is moved by hand. One line is one of:

- `routine: full` a session begins (`none`: without a routine); again: after a crash of the first
- `known: advice, check` what the journal knows (also `check of the back`, `check without legs`, `failed check`,
  `nothing`); advice and check unless told otherwise; `speech_rate 80` and `tempo 85` are choices, in percent
- `you: next` said when it is quiet, or counting; `you!: stop` said at once, into its sentence
- `you…: stop` heard of a sentence that is still being spoken: the next `you` line is the whole of it
- `you?: quit` said when it is quiet, and just not clear enough to be obeyed
- `it: Say “ready”.` the very next thing it says, after `…` any later one; numbers in one line: `it: one. two.`
- `+3s` and `+count` let time pass; `silence 60s` must be silent; `state: Paused` names the dialogue's state
- `they talk on` others have talked without a pause for so long that no command can be heard
- `rating: on` · `day +1` · `asleep 60s` · `lost: capture` and `found: capture` · `over` (the program has ended)
"""

from __future__ import annotations

from pathlib import Path

from assistant.testing.journey import Journey
from assistant.testing.silent_session import SilentSession, Transcript
from assistant.wire.build import LoadedFiles

__all__ = ["Journey", "SilentSession", "Transcript", "perform"]


def perform(journey: str | Path, library: LoadedFiles, folder: Path) -> SilentSession:
    """Run a journey, given as its text or as the Path of its file, with a journal in `folder`; gives the session then.

    Raises AssertionError with file:line, what was expected and what was said instead.
    """
    name, text = ("journey", journey) if isinstance(journey, str) else (journey.name, journey.read_text("utf-8"))
    session = SilentSession(library, folder)
    try:
        Journey(name, text, session).perform()
    finally:
        session.close()
    return session
