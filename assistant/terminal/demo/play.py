"""The demo: a recorded person speaks commands into the real pipeline; sound in, sound out, time counted in samples."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack, closing
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rich.console import Console

from assistant.capture.wav_file import WavFile
from assistant.clock import SystemClock
from assistant.errors import BadAudio
from assistant.messages import MOUTH_RATE_HZ, Pcm
from assistant.speak.player import Player
from assistant.store.journal import Journal
from assistant.store.settings import Folders, Settings
from assistant.terminal.screen import Conversation
from assistant.wire import build
from assistant.wire.devices.wav_sink import WavSink
from assistant.wire.lockstep import SilentRoom, run_lines
from assistant.wire.mouth import DirectMouth
from assistant.wire.parts import Observer
from assistant.wire.trace import open_trace

PERSON = Path(str(files("assistant.terminal.demo") / "voice"))


def run_demo(
    settings: Settings,
    where: Folders,
    console: Console,
    out: Path,
    *,
    script: Iterable[str] | None = None,
    trace: Path | None = None,
) -> None:
    """Print the conversation and write what the speaker played to `out`. Stores nothing else.

    The person hears the advice as in a first session, and has passed the safety check of the day before it begins.

    Raises BadFiles, EngineError, VoiceError or DeviceError where a part is missing.
    """
    loaded = build.load_files(settings, where)
    player = Player()
    conversation = Conversation(console)
    failures: list[str] = []
    clips = build.clips(build.voice(settings.voice, settings.language, failures.append), where)
    ear = build.ear(settings.engine, settings, where, loaded.phrases)
    room = SilentRoom(ear)
    clock = SystemClock()
    lines = (PERSON / "script.txt").read_text(encoding="utf-8").splitlines() if script is None else script
    with (
        TemporaryDirectory() as home,
        closing(Journal(Path(home) / "journal.db")) as journal,
        closing(WavSink(out, MOUTH_RATE_HZ)) as sink,
        ExitStack() as stack,
    ):
        observers: list[Observer] = [conversation]
        if trace is not None:
            writer = open_trace(trace, loaded.library)
            stack.callback(writer.close)
            observers.append(writer)
        journal.remember("screening_passed", clock.wall())
        session = build.session(
            loaded,
            player,
            DirectMouth(clips, player),
            ear.expect,
            clock=clock,
            journal=journal,
            observers=tuple(observers),
        )
        session.begin(None, build.usual_routine(settings, loaded.library, console.print))
        run_lines(session, player, sink, lines, say=lambda text: room.play(spoken(text)), room=room)
    conversation.close()
    for failure in failures:
        console.print(failure)


def spoken(text: str) -> Pcm:
    """Return the person's recording of a sentence, int16 mono at 16 000 Hz. Raises BadAudio if there is none."""
    path = PERSON / f"{text.replace(' ', '_')}.flac"
    if not path.is_file():
        known = ", ".join(sorted(one.stem.replace("_", " ") for one in PERSON.glob("*.flac")))
        raise BadAudio(f"nobody recorded '{text}'", where=str(path), remedy=f"Recorded: {known}")
    return np.concatenate([block.pcm for block in WavFile(path).blocks()])
