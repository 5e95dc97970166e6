"""One run of `tuina start`: finds what there is to hear and to speak with, and runs a session on it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.markup import escape

from assistant.capture.echo import EchoCanceller
from assistant.capture.microphone import Microphone
from assistant.capture.wav_file import RECORDINGS, WavFile
from assistant.clock import SystemClock
from assistant.decode.recogniser import Recogniser
from assistant.errors import DeviceError, TuinaError
from assistant.messages import MOUTH_RATE_HZ
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.store.journal import Journal
from assistant.store.pronunciations import Pronunciations
from assistant.store.settings import Folders, Settings
from assistant.terminal.screen import Conversation, printable
from assistant.terminal.single_instance import AnotherRuns, only_one
from assistant.terminal.start.announce import announce
from assistant.wire import build
from assistant.wire.deadline import finish_within
from assistant.wire.devices.device_watch import CLOSE_S, Watch
from assistant.wire.devices.hotplug_speaker import LateSpeaker
from assistant.wire.devices.pulse_source import PulseSource
from assistant.wire.devices.rescan import Rescan
from assistant.wire.devices.speaker import Speaker
from assistant.wire.devices.wav_sink import WavSink
from assistant.wire.echo_reference import echo_canceller, overheard
from assistant.wire.lockstep import Nowhere, Sink, run_lines, run_source
from assistant.wire.mouth import DirectMouth, ThreadMouth, voice_fault
from assistant.wire.runtime import Ear, Inbox, Pump, make_inbox, play_recording, read_lines, run_live
from assistant.wire.session import Observer, Session
from assistant.wire.trace import TraceWriter, open_trace

SPOKEN = Path("out/session.wav")  # where speech goes when there is no speaker
WARM_NUMBERS = 60  # the largest dose (routine.MOST_REPETITIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the command line asked for."""

    routine: str | None
    microphone: str | None
    speaker: str | None
    is_typed: bool
    pace: Literal["real", "max"]
    trace: Path | None


class Sitting:
    """A session from its first word to its last, with whatever this machine has."""

    def __init__(self, wish: Wish, settings: Settings, where: Folders, console: Console) -> None:
        """Read all files. Raises BadFiles for a broken shipped file, UnknownName for an unknown routine."""
        self._wish = wish
        self._settings = settings
        self._where = where
        self._console = console
        self._shelf = build.shelf(settings, where)
        for problem in self._shelf.problems:
            self._note(str(problem))
        named = wish.routine
        self._routine = build.routine_named(named, self._shelf.library) if named else None
        self._usual = build.usual_routine(settings, self._shelf.library, self._note)
        self._own, unusable = ({}, ()) if wish.is_typed else build.pronunciations(settings, where)
        for problem in unusable:
            self._note(str(problem))
        self._player = Player(sign_percent=settings.sign_percent)
        self._clock = SystemClock()
        self._inbox: Inbox = make_inbox()
        self._journal: Journal | None = None

    def run(self) -> None:
        """Run to the end. Raises a TuinaError where it cannot even begin, AnotherRuns before anything is touched."""
        with ExitStack() as stack:
            self._be_the_only_one(stack)
            self._journal = build.journal(self._where.journal, self._note)
            if self._journal:
                stack.callback(self._journal.close)
            conversation = Conversation(self._console)
            stack.callback(conversation.close)
            observers: list[Observer] = [conversation]
            if self._wish.trace:
                observers.append(self._trace(self._wish.trace, stack))
            if self._wish.pace == "max":
                self._run_in_samples(tuple(observers), stack)
            else:
                self._run_live(tuple(observers), stack)

    def _be_the_only_one(self, stack: ExitStack) -> None:
        try:
            stack.enter_context(only_one(self._where.lock))
        except AnotherRuns as error:
            if self._wish.pace == "real":
                self._announce(self._shelf.pack.replies.get("already_running", error.what))
            raise
        except OSError as error:
            self._note(f"If tuina is started a second time, nobody will notice: {error}")

    def _announce(self, text: str) -> None:
        wanted = self._wish.speaker or self._settings.speaker
        if wanted != "none" and not (wanted and _is_recording(wanted)):
            voice = build.voice(self._settings.voice, self._settings.language, self._note)
            announce(text, build.clips(voice, None), _device(wanted), self._note)

    # --- time counted in samples -------------------------------------------------------------------------------------

    def _run_in_samples(self, observers: tuple[Observer, ...], stack: ExitStack) -> None:
        failures: list[str] = []
        mouth = DirectMouth(self._clips(failures.append, stack), self._player)
        sink = self._file_sink(stack)
        if self._wish.is_typed:
            session = self._session(mouth, lambda _: None, observers)
            session.begin(self._routine, self._usual, asks_rating=self._settings.rating)
            run_lines(session, self._player, sink, sys.stdin)
        else:
            source = self._recording()
            known = source.problem
            ear = self._make_ear()
            session = self._session(mouth, ear.expect, observers)
            session.begin(self._routine, self._usual, asks_rating=self._settings.rating)
            run_source(session, self._player, sink, source, ear)
            if source.problem not in {"", known}:
                failures.append(f"{self._wish.microphone}: {source.problem}.")
        for failure in failures:
            self._note(failure)

    def _recording(self) -> WavFile:
        if self._wish.microphone is None or not _is_recording(self._wish.microphone):
            raise TuinaError(
                "--pace max counts time in samples, and a microphone cannot be hurried",
                remedy="Give a recording (--mic FILE.wav) or type (--typed)",
            )
        return self._wav_file(self._wish.microphone)

    def _file_sink(self, stack: ExitStack) -> Sink:
        wanted = self._wish.speaker
        if wanted is None or wanted == "none":
            return Nowhere()
        if not _is_recording(wanted):
            raise TuinaError(
                "--pace max cannot wait for a speaker",
                where=wanted,
                remedy="Give --speaker FILE.wav or --speaker none",
            )
        return self._wav_sink(Path(wanted), stack)

    # --- real time ---------------------------------------------------------------------------------------------------

    def _run_live(self, observers: tuple[Observer, ...], stack: ExitStack) -> None:
        if not self._wish.is_typed:  # what is missing is told before anything is opened
            build.engine_maker(self._settings.engine, self._settings.language, self._where.models)
        mouth = ThreadMouth(self._clips(voice_fault(self._player, self._inbox), stack), self._player, self._inbox)
        stack.callback(mouth.close)
        echo = None if self._wish.is_typed else echo_canceller(self._settings.echo, self._note)
        speaker = self._speaker(echo, stack)
        ear = Ear(lambda: self._make_ear(ear.fail), self._inbox, self._player, echo=echo)
        stack.callback(ear.close)
        microphone, sources = self._listen(ear, stack)
        has_echo = all(one is not None and one.device_name for one in (speaker, microphone))
        session = self._session(mouth, ear.expect, observers, has_echo=has_echo)
        session.begin(self._routine, self._usual, asks_rating=self._settings.rating)
        mouth.warm(self._shelf.pack.numbers[n] for n in range(1, WARM_NUMBERS + 1))
        source = stack.enter_context(PulseSource()) if microphone else None
        watch = Watch(microphone, speaker, self._clock, self._player, source=source, rescan=Rescan(), note=self._note)
        run_live(session, self._inbox, self._player, watch.look, sources=sources, is_mute=lambda: watch.is_mute)

    def _listen(self, ear: Ear, stack: ExitStack) -> tuple[Microphone | None, int]:
        """Start what there is to hear with, and count it; the keyboard always helps where there is a terminal."""
        wanted = self._wish.microphone
        if not self._wish.is_typed and wanted is not None and _is_recording(wanted):
            source = self._wav_file(wanted)
            ear.listen()
            play_recording(source.blocks(), ear, self._clock)
            return None, 1
        microphone = None if self._wish.is_typed else self._microphone(ear, stack)
        if microphone is not None:
            ear.listen()
        if microphone is not None and not sys.stdin.isatty():
            return microphone, 1
        read_lines(sys.stdin, self._inbox)
        if microphone is None or not microphone.device_name:
            self._note("Type a command and press enter, for instance: help")
        return microphone, 1 if microphone is None else 2

    def _microphone(self, ear: Ear, stack: ExitStack) -> Microphone | None:
        wanted = self._wish.microphone or self._settings.microphone
        microphone = Microphone(_device(wanted), lambda frames, at_s: ear.take_raw(microphone, frames, at_s))
        stack.callback(lambda: finish_within(microphone.stop, CLOSE_S))
        try:
            microphone.start()
        except DeviceError as error:
            if wanted is not None:
                raise
            self._note(f"No microphone: {error}")
            return microphone if sys.stdin.isatty() else None  # who can type can also wait for one to be plugged in
        self._note(f"Microphone: {microphone.device_name}")
        return microphone

    def _speaker(self, echo: EchoCanceller | None, stack: ExitStack) -> Speaker | None:
        wanted = self._wish.speaker or self._settings.speaker
        if wanted == "none":
            self._pump(Nowhere(), stack)
            return None
        if wanted is not None and _is_recording(wanted):
            self._pump(self._wav_sink(Path(wanted), stack), stack)
            return None
        render = overheard(self._player.render, echo)
        speaker = Speaker(_device(wanted), render, on_lack=self._player.skip)
        try:
            speaker.start()
        except DeviceError as error:
            if wanted is not None:
                raise
            self._note(f"No speaker: {error} What I say is written to {SPOKEN} instead.")
            stop_file = self._pump(self._wav_sink(SPOKEN, stack), stack)
            speaker = LateSpeaker(None, render, stop_file, on_lack=self._player.skip)
            stack.callback(speaker.stop)
            return speaker
        stack.callback(speaker.stop)
        self._note(f"Speaker: {speaker.device_name}")
        return speaker

    def _wav_file(self, name: str) -> WavFile:
        file = WavFile(Path(name))
        if file.problem:
            self._note(f"{name}: {file.problem}. The rest is heard.")
        return file

    def _pump(self, sink: Sink, stack: ExitStack) -> Callable[[], None]:
        pump = Pump(self._player, sink, self._clock, self._inbox)
        stack.callback(pump.stop)
        return pump.stop

    # --- parts -------------------------------------------------------------------------------------------------------

    def _session(
        self,
        mouth: DirectMouth | ThreadMouth,
        expect: build.Expect,
        observers: tuple[Observer, ...],
        *,
        has_echo: bool = False,
    ) -> Session:
        return build.session(
            self._shelf,
            self._player,
            mouth,
            expect,
            clock=self._clock,
            journal=self._journal,
            observers=observers,
            has_echo=has_echo,
            forget_more=Pronunciations(self._where.config).forget_everybody,
        )

    def _make_ear(self, failed: build.Report | None = None) -> Recogniser:
        return build.ear(
            self._settings.engine, self._settings, self._where, self._shelf.phrases, on_failure=failed, own=self._own
        )

    def _clips(self, failed: build.Report, stack: ExitStack) -> ClipCache:
        clips = build.clips(build.voice(self._settings.voice, self._settings.language, failed), self._where)
        stack.callback(lambda: self._note(f"No sentence is cached: {clips.disk_error}") if clips.disk_error else None)
        return clips

    def _trace(self, path: Path, stack: ExitStack) -> TraceWriter:
        writer = open_trace(path, self._shelf.library)
        stack.callback(lambda: self._note(f"{path}: {writer.problem}") if writer.problem else None)
        stack.callback(writer.close)
        return writer

    def _wav_sink(self, path: Path, stack: ExitStack) -> WavSink:
        sink = WavSink(path, MOUTH_RATE_HZ)
        stack.callback(sink.close)
        return sink

    def _note(self, text: str) -> None:
        self._console.print(f"[dim]{escape(printable(text))}[/dim]", soft_wrap=True)


def _is_recording(name: str) -> bool:
    return name.lower().endswith(RECORDINGS)


def _device(name: str | None) -> str | int | None:
    return int(name) if name is not None and name.isdigit() else name
