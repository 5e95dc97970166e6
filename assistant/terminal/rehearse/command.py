"""`tuina rehearse`: the ear learns one person's pronunciations of the commands. Prints; the other files decide."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from rich.console import Console
from rich.markup import escape

from assistant.capture.devices import is_number
from assistant.clock import SystemClock
from assistant.errors import DeviceError, TuinaError, UnknownName, VoiceError
from assistant.store.pronunciations import NOBODY, Pronunciations, Rehearsal, Rehearsals
from assistant.store.settings import Folders, Settings, folders
from assistant.terminal.acoustics.room import RoomLevels, RoomMeter, judge
from assistant.terminal.acoustics.wording import described
from assistant.terminal.choices import VoiceChoice
from assistant.terminal.rehearse.by_voice import VoiceRehearsal
from assistant.terminal.rehearse.commands import CommandToRehearse, commands_for, core_texts
from assistant.terminal.rehearse.from_recordings import files_in, takes_in
from assistant.terminal.rehearse.learn import Missed, PronunciationLearner, Take
from assistant.terminal.rehearse.wording import RehearsalWords
from assistant.terminal.screen import printable, tell_problems
from assistant.terminal.single_instance import only_one
from assistant.wire import build
from assistant.wire.echo_reference import echo_canceller
from assistant.wire.preferences import resolve

Aloud: TypeAlias = Callable[[str], None]


def rehearse(
    person: Annotated[str | None, typer.Option(metavar="NAME", help="Needed if several people rehearse.")] = None,
    word: Annotated[
        list[str] | None, typer.Option(metavar="WORDS", help="A command to rehearse; may be repeated. Default: all.")
    ] = None,
    recordings: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="FILE", help="Learn from a recording named after its words: stop-1.wav."),
    ] = None,
    folder: Annotated[Path | None, typer.Option(help="Learn from every recording in this folder.")] = None,
    mic: Annotated[str | None, typer.Option(metavar="DEVICE", help="Part of the microphone's name.")] = None,
    speaker: Annotated[str | None, typer.Option(metavar="DEVICE", help="Part of the speaker's name, or none.")] = None,
    voice: Annotated[VoiceChoice | None, typer.Option(help="The voice that asks.")] = None,
    show: Annotated[bool, typer.Option("--list", help="Show what was learned.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take back the last rehearsal.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Take back all of the person's rehearsals.")] = False,
) -> None:
    """Let the ear learn how you say the commands: repeat each after the voice, two or three times.

    At the end it tells how well you are heard in this room, and what to do: closer, louder, less noise. What it keeps
    are phonemes, never sound, in one small file of yours. Only your own sessions use them, and only with the phonetic
    ear. Takes about three minutes; --word stop --word pause takes half a minute.
    """
    where = folders()
    settings, problems = resolve(where, {"voice": voice, "person": person, "microphone": mic, "speaker": speaker})
    console = Console()
    tell_problems(problems, console)
    if sum((show, undo, forget)) > 1:
        raise TuinaError("--list, --undo and --forget exclude each other", remedy="Give one of them")
    desk = Desk(settings, where, console)
    if forget:
        desk.forget()
    elif undo:
        desk.undo()
    elif show:
        desk.show()
    else:
        files = (*(recordings or ()), *(files_in(folder) if folder else ()))
        desk.rehearse(tuple(one.lower() for one in word or ()), files)


class Desk:
    """One person's rehearsals, and the console for their reports."""

    def __init__(self, settings: Settings, where: Folders, console: Console) -> None:
        """Take the settings. Raises UnknownName where several people could be meant."""
        self._settings = settings
        self._where = where
        self._console = console
        self._kept = Pronunciations(where.config)
        people = self._kept.people()
        person = self._kept.person(settings.person)
        if person is None and people:
            raise UnknownName(f"{', '.join(people)} have rehearsed", remedy="Say who rehearses: --person NAME")
        self._person = person or NOBODY

    def rehearse(self, words: tuple[str, ...], files: tuple[Path, ...]) -> None:
        """Ask for the commands, or take the recordings; learn from them, and store the result."""
        build.engine_maker("phonetic", self._settings.language, self._where.models)  # raises for missing parts
        known = self._known()
        loaded = build.load_files(self._settings, self._where)
        says = RehearsalWords(loaded.pack)
        asked = words or core_texts(loaded.pack)
        commands = commands_for(loaded.pack, loaded.phrases, asked)
        rehearsal = PronunciationLearner(loaded.phrases, known.own, build.phonetic)
        if files:
            texts = {phrase.text for phrase in loaded.phrases}
            meter = RoomMeter()
            takes = takes_in(files, texts, words[0] if len(words) == 1 else None, meter)
            commands = commands_for(loaded.pack, loaded.phrases, takes)
            rehearsal.run(commands, lambda command: iter(takes[command.text]), Screen(self._console, says))
            self._finish(rehearsal, known, says, lambda _: None)
            self._tell_room(meter.room(), says, lambda _: None)
            return
        with only_one(self._where.lock):
            self._by_voice(rehearsal, commands, known, says)

    def undo(self) -> None:
        """Undo the last rehearsal."""
        known = self._known()
        if not known.rehearsals:
            self._print(f"{self._person}: nothing was rehearsed.")
            return
        self._kept.undo(self._person, known)
        last = known.rehearsals[-1]
        self._print(f"{self._person}: the rehearsal of {_day(last)} is taken back: {', '.join(last.words)}.")

    def forget(self) -> None:
        """Undo everything, including unreadable files."""
        was_there = self._kept.forget(self._person)
        self._print(f"{self._person}: " + ("every rehearsal is taken back." if was_there else "nothing was rehearsed."))

    def show(self) -> None:
        """Print each word with its learned phones."""
        known = self._known()
        if not known.rehearsals:
            self._print(f"{self._person}: nothing was rehearsed.")
        for one in known.rehearsals:
            self._print(f"{self._person}, {_day(one)}")
            for word, said in one.words.items():
                self._print(f"  {word:12} {', '.join(said)}")

    def _by_voice(
        self,
        rehearsal: PronunciationLearner,
        commands: tuple[CommandToRehearse, ...],
        known: Rehearsals,
        says: RehearsalWords,
    ) -> None:
        """Rehearse by voice; takes before a microphone fails, or before Ctrl-C, are still used."""
        booth = self._booth(says)
        ended: BaseException | None = None
        try:
            booth.open()
            self._print(says.begin())
            booth.say(says.begin())
            rehearsal.run(commands, booth.takes, Screen(self._console, says, booth))
        except (DeviceError, KeyboardInterrupt) as error:
            if not rehearsal.results:
                raise
            ended = error
        else:
            self._finish(rehearsal, known, says, booth.say)
            self._tell_room(booth.room, says, booth.say)
        finally:
            booth.close()
        if ended is not None:
            self._finish(rehearsal, known, says, lambda _: None)
            raise ended

    def _booth(self, says: RehearsalWords) -> VoiceRehearsal:
        speaker = self._settings.speaker
        clips = None
        if speaker != "none":
            try:
                made = build.voice(self._settings.voice, self._settings.language, self._print)
                clips = build.clips(made, self._where)
            except VoiceError as error:
                self._print(f"No voice: {error} What I ask for stands here.")
        canceller = echo_canceller(self._settings.echo, self._print) if clips else None
        return VoiceRehearsal(
            says, clips, _device(self._settings.microphone), _device(speaker), self._print, canceller=canceller
        )

    def _tell_room(self, room: RoomLevels, says: RehearsalWords, aloud: Aloud) -> None:
        """Print the levels, and say the advice."""
        self._print("")
        self._print(described(room))
        for advice in judge(room):
            self._print(says.room(advice))
            if advice != "room_good":
                aloud(says.room(advice))

    def _finish(self, rehearsal: PronunciationLearner, known: Rehearsals, says: RehearsalWords, aloud: Aloud) -> None:
        """Learn, report, and store."""
        words, results = rehearsal.learn()
        self._print("")
        for result in results:
            verdict = says.verdict(result)
            self._print(verdict)
            if result.after < len(result.takes) or not result.takes:
                aloud(verdict)
        self._print(says.end(results))
        aloud(says.end(results))
        if not words:
            self._print("[dim]Nothing new to learn.[/dim]", is_markup=True)
            return
        self._kept.add(self._person, words, SystemClock().wall(), known)
        learned = ", ".join(f"{word} ({'; '.join(said)})" for word, said in words.items())
        self._print(f"Learned of {self._person}: {learned}")
        self._print("Take it back with: tuina rehearse --undo")
        if len(self._kept.people()) > 1 and self._settings.person is None:
            self._print(f"Several people have rehearsed: write person: {self._person} into settings.yaml.")
        if not build.learns_pronunciations(self._settings, self._where):
            self._print("Your sessions use Vosk, which has no use for it: tuina start --engine phonetic")

    def _known(self) -> Rehearsals:
        """Return the person's rehearsals. Raises BadFiles for a damaged file, EngineError without the phonetic ear."""
        return self._kept.read(self._person, build.phones())

    def _print(self, text: str, *, is_markup: bool = False) -> None:
        self._console.print(text if is_markup else escape(printable(text)), soft_wrap=True, highlight=False)


class Screen:
    """Prints what was heard, in words and phones, and passes it on to the booth."""

    def __init__(self, console: Console, says: RehearsalWords, booth: VoiceRehearsal | None = None) -> None:
        """Take the console; without a booth nothing sounds."""
        self._console = console
        self._says = says
        self._booth = booth

    def took(self, command: CommandToRehearse, got: Take | Missed) -> None:
        """Print one line an answer."""
        self._console.print(_line(command, got, self._says), soft_wrap=True, highlight=False)
        if self._booth is not None:
            self._booth.took(command, got)


def _line(command: CommandToRehearse, got: Take | Missed, says: RehearsalWords) -> str:
    if not isinstance(got, Take):
        return f"  {escape(command.text):16} [yellow]{escape(says.missed(got))}[/yellow]"
    phones = escape(" | ".join(got.reading))
    if got.is_heard:
        return f"  {escape(command.text):16} [green]heard[/green]      [dim]{phones}[/dim]"
    nearest = escape(got.sounds_like or got.text)
    return f"  {escape(command.text):16} [yellow]not heard[/yellow]  [dim]{phones}, nearest: {nearest}[/dim]"


def _day(one: Rehearsal) -> str:
    return f"{one.at:%Y-%m-%d %H:%M}"


def _device(name: str | None) -> str | int | None:
    return int(name) if name is not None and is_number(name) else name
