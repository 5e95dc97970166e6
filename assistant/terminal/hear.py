"""`tuina hear`: what is heard in recordings, as intents. Prints; hear.py listens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.decode.recogniser import Recogniser
from assistant.errors import BadAudio
from assistant.interpret import Interpreter
from assistant.messages import Intent, Phrase
from assistant.routine import Library
from assistant.store.settings import folders
from assistant.terminal.choices import EngineChoice
from assistant.wire import build
from assistant.wire.hear_recording import Hearing, hear_file, legal_for
from assistant.wire.preferences import resolve


def hear(
    files: Annotated[list[Path], typer.Argument(help="WAV or FLAC recordings, of any rate, depth and channels.")],
    state: Annotated[
        str | None, typer.Option(help="Accept only what is legal there: counting, ready_prompt, paused, ...")
    ] = None,
    routine: Annotated[str | None, typer.Option(help="Accept only steps and techniques that this routine has.")] = None,
    engine: Annotated[EngineChoice, typer.Option(help="The ear to use.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, one line an utterance.")] = False,
) -> None:
    """Show what is heard in recordings: the words, what they mean, how sure the ear is, and when."""
    where = folders()
    settings, _ = resolve(where, {"engine": engine})
    legal = legal_for(state)
    shelf = build.shelf(settings, where)
    phrases = shelf.phrases
    if routine is not None:
        phrases = _of_routine(phrases, build.routine_named(routine, shelf.library), shelf.library)
    ear = build.ear(settings.engine, settings, where, phrases)
    interpreter = Interpreter(phrases, shelf.pack.skip_words, shelf.pack.numbers)
    has_failed = False
    table = Table(box=None, pad_edge=False)
    for column in ("file", "from", "to", "heard", "meaning", "score", ""):
        table.add_column(column, overflow="fold")
    for path in files:
        found, problem = _listen(path, ear, interpreter, legal)
        if as_json:
            for one in found:
                typer.echo(json.dumps(one.as_json(), ensure_ascii=False))
        else:
            _add_rows(table, path, found, is_read=not problem)
        if problem:
            has_failed = True
            Console(stderr=True).print(
                f"[bold red]tuina:[/bold red] {escape(problem)}", soft_wrap=True, highlight=False
            )
    if table.row_count:
        Console().print(table)
    if has_failed:
        raise typer.Exit(1)


def _listen(
    path: Path, ear: Recogniser, interpreter: Interpreter, legal: frozenset[Intent]
) -> tuple[tuple[Hearing, ...], str]:
    """What is heard, and what is wrong with the file, as it is printed."""
    try:
        found, problem = hear_file(path, ear, interpreter, legal)
    except BadAudio as error:
        return (), str(error)
    return found, problem and f"{path}: {problem}"


def _of_routine(phrases: tuple[Phrase, ...], name: str, library: Library) -> tuple[Phrase, ...]:
    """Without the steps and techniques that the routine does not have."""
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


def _add_rows(table: Table, path: Path, found: tuple[Hearing, ...], *, is_read: bool) -> None:
    for one in found:
        table.add_row(*_row(one))
    if not found and is_read:
        table.add_row(escape(path.name), "", "", "[dim]no speech[/dim]")


def _row(one: Hearing) -> tuple[str, ...]:
    meaning = ""
    if one.intent:
        slots = " ".join(f"{name}={value}" for name, value in one.slots.items())
        meaning = f"{one.intent.value} {slots}".strip()
    verdict = (
        "[green]accepted[/green]"
        if one.accepted
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
