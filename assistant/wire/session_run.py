"""One session for any door: what was read from files, observers and devices go in. Owns no console and no keyboard.

Time is counted in samples (`typed`, `heard`, `stepped`: the same input gives the same trace, byte for byte) or follows
the clock (`live`). A run is used once; what it opened is closed by its caller's ExitStack.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol

from assistant.capture.echo import EchoCanceller
from assistant.capture.microphone import Microphone
from assistant.capture.wav_file import WavFile
from assistant.clock import Clock, SystemClock
from assistant.decode.recogniser import Recogniser
from assistant.errors import JournalError
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.store.emergency import emergency_number
from assistant.store.forget import forget_clips, forget_files
from assistant.store.journal import Journal
from assistant.store.pronunciations import Own
from assistant.store.settings import Folders, Settings
from assistant.wire import build
from assistant.wire.devices.device_watch import Watch
from assistant.wire.devices.pulse_source import PulseSource
from assistant.wire.devices.rescan import Rescan
from assistant.wire.devices.speaker import Speaker
from assistant.wire.echo_reference import echo_canceller
from assistant.wire.lockstep import Sink, run_lines, run_source
from assistant.wire.mouth import DirectMouth, ThreadMouth, voice_fault
from assistant.wire.parts import Mouth, Observer, Preferred
from assistant.wire.runtime import EarThread, Inbox, make_inbox, run_live
from assistant.wire.session import Session
from assistant.wire.stepped import SteppedSession

WARM_NUMBERS = 60  # the largest dose (routine.MOST_REPETITIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveParts:
    """The parts of a live session that devices are joined to."""

    player: Player
    inbox: Inbox
    clock: Clock
    closing: ExitStack  # whoever opens something here says how it is closed


class Devices(Protocol):
    """The devices that a live session hears and speaks with. Order: open_output, then open_input."""

    is_typed: bool
    """Nobody listens: words come from a keyboard only."""
    is_here: bool
    """They are this machine's: its sound server and its list of devices say something about them."""

    def open_output(self, parts: LiveParts, echo: EchoCanceller | None) -> Speaker | None:
        """Begin to play; `echo` is told what is played. None where what plays cannot be lost (a file)."""

    def open_input(self, parts: LiveParts, ear: EarThread) -> tuple[Microphone | None, int]:
        """Begin to hear; the microphone, if there is one, and how many sources give words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """The start of a session."""

    routine: str | None  # the id of the routine on offer
    usual: str  # the routine that "start" alone means
    asks_rating: bool
    preferred: Preferred  # holds until the person chose otherwise


def begin_with(found: build.LoadedFiles, settings: Settings, routine: str | None, note: build.Notify) -> Begin:
    """The start of a session, from a routine's id or one of its names. Raises UnknownName with what there is."""
    return Begin(
        routine=build.routine_named(routine, found.library) if routine else None,
        usual=build.usual_routine(settings, found.library, note),
        asks_rating=settings.rating,
        preferred={"speech_rate": settings.speech_rate},
    )


class SessionRun:
    """One session from its first word to its last."""

    def __init__(  # noqa: PLR0913 - a door names everything that a session is made of
        self,
        found: build.LoadedFiles,
        settings: Settings,
        where: Folders,
        *,
        begin: Begin,
        journal: Journal | None,
        observers: tuple[Observer, ...],
        note: build.Notify,
        own: Own | None = None,
        closing: ExitStack,
    ) -> None:
        """Nothing is opened yet. `note` is told what the person should know of the machine, one sentence at a time.

        `journal`: None keeps nothing. `own` are one person's pronunciations.
        """
        self._found = found
        self._settings = settings
        self._where = where
        self._begin = begin
        self._journal = journal
        self._observers = observers
        self._note = note
        self._own = own
        self._closing = closing
        self._has_forgotten = False
        closing.callback(self._forget_again)
        self._player = Player(sign_percent=settings.sign_percent)
        self._clock = SystemClock()

    # --- time counted in samples -------------------------------------------------------------------------------------

    def typed(self, lines: Iterable[str], sink: Sink) -> None:
        """Run a script of typed words to its end (lockstep.py says what a line may be). Raises VoiceError."""
        run_lines(self._in_samples(lambda _: None), self._player, sink, lines)

    def heard(self, source: WavFile, sink: Sink, name: str) -> None:
        """Hear a recording to its end; what is wrong with it is noted under its name. Raises BadAudio, EngineError."""
        known = source.problem
        ear = self._make_ear()
        run_source(self._in_samples(ear.expect), self._player, sink, source, ear)
        if source.problem not in {"", known}:
            self._note(f"{name}: {source.problem}.")

    def stepped(self, *, hears: bool = True) -> SteppedSession:
        """A session that its caller moves, with an ear where it `hears`. Raises EngineError where none loads."""
        ear = self._make_ear() if hears else None
        session = self._in_samples(ear.expect if ear else lambda _: None)
        return SteppedSession(session, self._player, ear)

    def _in_samples(self, expect: build.Expect) -> Session:
        return self._begun(DirectMouth(self._clips(self._note), self._player), expect)

    # --- real time ---------------------------------------------------------------------------------------------------

    def live(self, devices: Devices) -> None:
        """Run by the clock until the person leaves. Raises a TuinaError where it cannot even begin."""
        if not devices.is_typed:  # missing parts are reported before anything is opened
            build.engine_maker(self._settings.engine, self._settings.language, self._where.models)
        parts = LiveParts(player=self._player, inbox=make_inbox(), clock=self._clock, closing=self._closing)
        mouth = ThreadMouth(self._clips(voice_fault(self._player, parts.inbox)), self._player, parts.inbox)
        self._closing.callback(mouth.close)
        echo = None if devices.is_typed else echo_canceller(self._settings.echo, self._note)
        speaker = devices.open_output(parts, echo)
        ear = EarThread(lambda: self._make_ear(ear.fail), parts.inbox, self._player, echo=echo)
        self._closing.callback(ear.close)
        microphone, sources = devices.open_input(parts, ear)
        has_echo = all(one is not None and one.device_name for one in (speaker, microphone))
        session = self._begun(mouth, ear.expect, has_echo=has_echo)
        mouth.warm(self._found.pack.numbers[n] for n in range(1, WARM_NUMBERS + 1))
        pulse = self._closing.enter_context(PulseSource()) if microphone and devices.is_here else None
        rescan = Rescan() if devices.is_here else None
        watch = Watch(microphone, speaker, self._clock, self._player, source=pulse, rescan=rescan, note=self._note)
        run_live(session, parts.inbox, self._player, watch.look, sources=sources, is_mute=lambda: watch.is_mute)

    # --- parts -------------------------------------------------------------------------------------------------------

    def _begun(self, mouth: Mouth, expect: build.Expect, *, has_echo: bool = False) -> Session:
        session = build.session(
            self._found,
            self._player,
            mouth,
            expect,
            clock=self._clock,
            journal=self._journal,
            observers=self._observers,
            has_echo=has_echo,
            forget_more=self._forget_files,
        )
        one = self._begin
        digits = emergency_number(self._settings.emergency_number, self._note)  # noted only where a session begins
        session.begin(one.routine, one.usual, asks_rating=one.asks_rating, preferred=one.preferred, emergency=digits)
        self._closing.callback(self._save_at_last, session)
        return session

    def _forget_files(self) -> None:
        self._has_forgotten = True
        forget_files(self._where)
        if self._journal is None and self._where.journal.exists():
            raise JournalError("the journal was not opened", remedy="Delete it with: tuina history --forget")

    def _forget_again(self) -> None:
        """Delete the clips that were rendered while everything was forgotten; nothing renders any more."""
        if self._has_forgotten:
            forget_clips(self._where)

    def _save_at_last(self, session: Session) -> None:
        """Try once more to write what the disk refused, however the session ends, and tell what is lost."""
        if session.unsaved:
            session.settle()
        if session.unsaved:
            self._note(f"Not everything could be saved: {session.unsaved}")

    def _make_ear(self, failed: build.Notify | None = None) -> Recogniser:
        return build.ear(
            self._settings.engine, self._settings, self._where, self._found.phrases, on_failure=failed, own=self._own
        )

    def _clips(self, failed: build.Notify) -> ClipCache:
        clips = build.clips(build.voice(self._settings.voice, self._settings.language, failed), self._where)
        self._closing.callback(self._note_unkept, clips)
        return clips

    def _note_unkept(self, clips: ClipCache) -> None:
        if clips.disk_error:
            self._note(f"No sentence is cached: {clips.disk_error}")
