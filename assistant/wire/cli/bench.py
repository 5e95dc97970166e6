"""`tuina bench`: the ear measured on labelled recordings. Reads the options and prints; bench/ measures."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from assistant.errors import BadAudio, BadFiles, TuinaError, UnknownName
from assistant.wire.bench.ears import ENGINES, EarSpec, engine_named, intents_of, vosk_model
from assistant.wire.bench.manifest import limited, read_manifests, unknown_intents
from assistant.wire.bench.noise import PINK, Condition, conditions, read_noise
from assistant.wire.bench.record import as_json
from assistant.wire.bench.run import Job, Run, jobs_for, run
from assistant.wire.bench.table import show
from assistant.wire.hear import legal_for
from assistant.wire.settings import folders

MOST_WORKERS = 64
ABOUT_ENGINES = "May be given several times. " + "; ".join(f"{name}: {about}" for name, about in ENGINES.items())


def bench(
    manifests: Annotated[
        list[Path],
        typer.Argument(
            metavar="MANIFEST...",
            help='Labelled recordings, one JSON object a line: {"file": "go.flac", "text": "go back", "intent": '
            '"previous"}. "intent": null means that nothing must be done. Paths count from the manifest.',
        ),
    ],
    grammar: Annotated[
        Optional[Path],  # noqa: UP045 - typer on Python 3.10 reads no `Path | None` here
        typer.Option(metavar="FILE|DIR", help="Another grammar in hassil's syntax; without one, that of a session."),
    ] = None,
    engine: Annotated[
        Optional[list[str]],  # noqa: UP045 - as above
        typer.Option(metavar="NAME", help=ABOUT_ENGINES + ". Default: phonetic."),
    ] = None,
    state: Annotated[
        Optional[str],  # noqa: UP045 - as above
        typer.Option(help="Act only on what is legal there: counting, paused, ... Default: everything is legal."),
    ] = None,
    noise: Annotated[
        Optional[list[str]],  # noqa: UP045 - as above
        typer.Option(metavar="WAV", help="Mix this noise into every clip with speech; or `pink`. Needs --snr."),
    ] = None,
    snr: Annotated[
        Optional[list[float]],  # noqa: UP045 - as above
        typer.Option(metavar="DB", help="How far the speech is above the noise: 20 is mild, 6 is loud."),
    ] = None,
    with_clean: Annotated[bool, typer.Option("--with-clean", help="With --noise: also hear the clips as they are.")] = (
        False
    ),
    limit: Annotated[
        Optional[int],  # noqa: UP045 - as above
        typer.Option(min=1, help="Take only so many clips, always the same ones."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=MOST_WORKERS, help="Worker processes at a time.")] = 1,
    language: Annotated[str, typer.Option(help="The language of the session's grammar, as two letters.")] = "en",
    model: Annotated[
        Optional[Path],  # noqa: UP045 - as above
        typer.Option(metavar="DIR", help="Folder of a Vosk model. Default: the one that is installed."),
    ] = None,
    json_out: Annotated[
        Optional[Path],  # noqa: UP045 - as above
        typer.Option("--json", metavar="OUT", help="Write all figures and every clip; a list if engines are several."),
    ] = None,
    html_out: Annotated[
        Optional[Path],  # noqa: UP045 - as above
        typer.Option("--html", metavar="OUT", help="Write one page with tables and pictures."),
    ] = None,
) -> None:
    """Measure an ear on labelled recordings: what it gets right, what it acts on falsely, and what it costs.

    Try: tuina bench tests/data/speech/manifest.jsonl
    """
    names = list(dict.fromkeys(engine_named(name) for name in engine or ["phonetic"]))
    mixes: list[Condition | None] = [*conditions(noise or [], snr or [])]
    if not mixes or with_clean:
        mixes.insert(0, None)
    _check(grammar, state, noise or [], (json_out, html_out))
    models = folders().models
    specs = [EarSpec(engine=name, language=language, grammar=grammar, model=model, models=models) for name in names]
    clips = limited(read_manifests(manifests), limit)
    problems = unknown_intents(clips, intents_of(specs[0]))
    if problems:
        raise BadFiles(problems)
    for spec in specs:
        if spec.engine in ("vosk", "vosk-wratio"):
            vosk_model(spec)
    todo = jobs_for(clips, mixes, state)
    runs = _measured(specs, todo, jobs)
    if not any(found.items for found in runs):
        raise BadAudio(f"no clip can be used; the first: {runs[0].broken[0]}", remedy="Check the paths in the manifest")
    console = Console(highlight=False)
    show(console, runs)
    if json_out is not None:
        _write(json_out, as_json(runs))
    if html_out is not None:
        from assistant.wire.bench.page import as_html  # loads matplotlib

        _write(html_out, as_html(runs, asked=_command_line()))
    if any(found.broken for found in runs):
        raise typer.Exit(1)


def _check(grammar: Path | None, state: str | None, noises: Sequence[str], outs: Sequence[Path | None]) -> None:
    """Refuse before a long run what would fail after it."""
    if grammar is not None and state is not None:
        raise UnknownName("--state is for the session's grammar", remedy="Leave out --state, or --grammar")
    legal_for(state)
    for name in noises:
        if name != PINK:
            read_noise(Path(name))
    for out in outs:
        if out is not None and (not out.absolute().parent.is_dir() or out.is_dir()):
            raise TuinaError(
                "nothing can be written there", where=str(out), remedy="Name a file in a folder that exists"
            )


def _measured(specs: Sequence[EarSpec], todo: Sequence[Job], workers: int) -> list[Run]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bars = {spec.engine: progress.add_task(spec.engine, total=len(todo)) for spec in specs}
        return [run(spec, todo, workers, _advance(progress, bars[spec.engine])) for spec in specs]


def _advance(progress: Progress, bar: TaskID) -> Callable[[], None]:
    return lambda: progress.advance(bar)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise TuinaError(
            f"cannot be written: {error.strerror or error}", where=str(path), remedy="Name a file that may be written"
        ) from error
    Console(stderr=True, highlight=False).print(f"Wrote {escape(str(path))}", soft_wrap=True)


def _command_line() -> str:
    return " ".join(["tuina", *sys.argv[1:]])
