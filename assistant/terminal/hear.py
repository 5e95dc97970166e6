"""`tuina hear`: prints the commands heard in recordings. wire/hear_recording.py listens."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.decode.recogniser import Recogniser
from assistant.errors import BadAudio
from assistant.interpret import Interpreter, explain, refusal_values
from assistant.messages import Intent, Phrase
from assistant.routine import Library
from assistant.store.settings import folders
from assistant.terminal.choices import EngineChoice
from assistant.wire import build
from assistant.wire.hear_recording import Hearing, hear_file, hear_line, legal_for
from assistant.wire.preferences import resolve


def hear(
    files: Annotated[
        list[Path] | None, typer.Argument(help="WAV or FLAC recordings, of any rate, depth and channels.")
    ] = None,
    state: Annotated[
        str | None, typer.Option(help="Accept only what is legal there: counting, ready_prompt, paused, ...")
    ] = None,
    routine: Annotated[str | None, typer.Option(help="Accept only steps and techniques that this routine has.")] = None,
    engine: Annotated[EngineChoice, typer.Option(help="The ear to use.")] = "auto",
    typed: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="Understand a typed line; may be given again.")
    ] = None,
    why: Annotated[
        bool, typer.Option("--why", help="Say why something was refused: which bar, by how much, and the rival.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, one line an utterance.")] = False,
) -> None:
    """Show what is heard in recordings: the words, what they mean, how sure the ear is, and when.

    Why was that refused? tuina hear --why FILE, or tuina hear --why --typed "go to step nien".
    """
    if not files and not typed:
        msg = 'There is nothing to hear. Give a recording, or --typed "some words".'
        raise typer.BadParameter(msg, param_hint="files")
    where = folders()
    settings, _ = resolve(where, {"engine": engine})
    legal = legal_for(state)
    loaded = build.load_files(settings, where)
    phrases = loaded.phrases
    if routine is not None:
        phrases = _of_routine(phrases, build.routine_named(routine, loaded.library), loaded.library)
    interpreter = build.interpreter(replace(loaded, phrases=phrases))
    report = HearPrinter(says_why=why, as_json=as_json)
    for line in typed or ():
        report.add(f"typed {line!r}", hear_line(line, interpreter, legal))
    ear = build.ear(settings.engine, settings, where, phrases) if files else None
    for path in files or ():
        if ear is not None:
            report.add(path.name, *_listen(path, ear, interpreter, legal))
    report.end()


class HearPrinter:
    """Prints what was heard: JSON as it comes, a table at the end."""

    def __init__(self, *, says_why: bool, as_json: bool) -> None:
        """Start without any block."""
        self._says_why = says_why
        self._as_json = as_json
        self._has_failed = False
        self._reasons: list[str] = []
        self._table = Table(box=None, pad_edge=False)
        for column in ("file", "from", "to", "heard", "meaning", "score", ""):
            self._table.add_column(column, overflow="fold")

    def add(self, name: str, found: tuple[Hearing, ...], problem: str = "") -> None:
        """The utterances of one file or line, and its fault."""
        for one in found:
            if self._as_json:
                typer.echo(json.dumps({**one.as_json(), **(_why(one) if self._says_why else {})}, ensure_ascii=False))
            else:
                self._table.add_row(*_row(one))
            if one.refusal is not None:
                self._reasons.append(f"{name}{_when(one)}: {explain(one.refusal)}")
        if not found and not problem and not self._as_json:
            self._table.add_row(escape(name), "", "", "[dim]no speech[/dim]")
        if problem:
            self._has_failed = True
            words = f"[bold red]tuina:[/bold red] {escape(problem)}"
            Console(stderr=True).print(words, soft_wrap=True, highlight=False)

    def end(self) -> None:
        """Print the table, and the reasons where they are asked for. Raises typer.Exit where a file failed."""
        if self._table.row_count:
            Console().print(self._table)
        for reason in self._reasons if self._says_why and not self._as_json else ():
            Console().print(escape(reason), soft_wrap=True, highlight=False)
        if self._has_failed:
            raise typer.Exit(1)


def _when(one: Hearing) -> str:
    """Return the start of an utterance in its file; nothing for a typed line."""
    return f", {one.at_s:.2f} s" if one.end_s else ""


def _why(one: Hearing) -> dict[str, object]:
    """Return what `--why` adds to a JSON line: null where it was accepted, or the engine cannot tell."""
    refusal = one.refusal
    return {"why": {"sentence": explain(refusal), **refusal_values(refusal)} if refusal is not None else None}


def _listen(
    path: Path, ear: Recogniser, interpreter: Interpreter, legal: frozenset[Intent]
) -> tuple[tuple[Hearing, ...], str]:
    """Return the utterances, and the fault of the file, as printed."""
    try:
        found, problem = hear_file(path, ear, interpreter, legal)
    except BadAudio as error:
        return (), str(error)
    return found, problem and f"{path}: {problem}"


def _of_routine(phrases: tuple[Phrase, ...], name: str, library: Library) -> tuple[Phrase, ...]:
    """Return the phrases without the steps and techniques that the routine lacks."""
    steps = library.routines[name].steps
    spoken = {
        word.lower()
        for step in steps
        for words in library.techniques[step.technique].words.values()
        for word in words.spoken_names
    } | {step.technique for step in steps}

    def is_there(phrase: Phrase) -> bool:
        number, technique = phrase.slots.get("number"), phrase.slots.get("technique")
        return not (isinstance(number, int) and number > len(steps)) and (technique is None or technique in spoken)

    return tuple(phrase for phrase in phrases if phrase.intent is not Intent.GO_TO or is_there(phrase))


def _row(one: Hearing) -> tuple[str, ...]:
    meaning = ""
    if one.intent:
        slots = " ".join(f"{name}={value}" for name, value in one.slots.items())
        meaning = f"{one.intent.value} {slots}".strip()
    elif one.asked:
        meaning = f"{one.asked.value}?"
    verdict = (
        "[green]accepted[/green]"
        if one.accepted
        else "[yellow]asked[/yellow]"
        if one.asked
        else "[yellow]not now[/yellow]"
        if one.intent
        else "[dim]not sure[/dim]"
    )
    return (
        escape(Path(one.file).name),
        f"{one.at_s:.2f}",
        f"{one.end_s:.2f}",
        escape(one.text),
        escape(meaning),
        f"{one.score:.1f}",
        verdict,
    )
