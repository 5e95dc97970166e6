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

from assistant.errors import BadAudio, TuinaError
from assistant.store.settings import folders
from assistant.terminal.bench.ears import about_engines, engine_named
from assistant.terminal.bench.manifest import limited, read_manifests
from assistant.terminal.bench.microphones import MICROPHONES
from assistant.terminal.bench.moments import ROW, legal_of
from assistant.terminal.bench.noise import PINK, Condition, conditions, read_noise
from assistant.terminal.bench.plan import Asked, Plan, planned
from assistant.terminal.bench.record import as_json
from assistant.terminal.bench.run import Run, run
from assistant.terminal.bench.table import show

MOST_WORKERS = 64
ABOUT_ENGINES = "May be given several times. " + "; ".join(
    f"{name} - {about}" for name, about in about_engines().items()
)


Manifests = Annotated[
    list[Path],
    typer.Argument(
        metavar="MANIFEST",
        help='Labelled recordings, one JSON object a line: {"file": "back.flac", "text": "go back", "intent": '
        '"previous"}. "intent": null means that nothing must be done. Paths count from the manifest. Without "file" '
        "the text is typed.",
    ),
]
Grammar = Annotated[
    Optional[Path],
    typer.Option("--grammar", metavar="FILE|DIR", help="Another grammar in hassil's syntax. Default: a session's."),
]
Engines = Annotated[
    Optional[list[str]], typer.Option("--engine", metavar="NAME", help=ABOUT_ENGINES + ". Default: phonetic.")
]
State = Annotated[
    Optional[str],
    typer.Option(
        "--state",
        help="Act only on what is legal there: counting, paused, ... A row's own state wins. `all`: everything is "
        "legal, whatever the rows say. `row`: the rows' own states alone. Default: all but bare numbers is legal.",
    ),
]
NoiseFiles = Annotated[
    Optional[list[str]],
    typer.Option("--noise", metavar="WAV", help="Mix this noise into every clip with speech; or `pink`. Needs --snr."),
]
Levels = Annotated[
    Optional[list[float]],
    typer.Option("--snr", metavar="DB", help="Speech level above the noise level, in dB: 20 is mild, 6 is loud."),
]
Microphones = Annotated[
    Optional[list[str]],
    typer.Option(
        "--microphone",
        metavar="NAME|WAV",
        help=f"Hear every clip by a bad microphone or in a room: {', '.join(MICROPHONES)}; or by the impulse response "
        "in a WAV. With --noise: the noise is in the room too.",
    ),
]
ByLoudest = Annotated[
    bool,
    typer.Option(
        "--by-loudest",
        help="Take the loudest 10 ms for the level of speech, not the mean of all speech, and set the peak to 0.5.",
    ),
]
WithClean = Annotated[
    bool, typer.Option("--with-clean", help="With --noise or --microphone: also hear the clips as they are.")
]
Limit = Annotated[Optional[int], typer.Option("--limit", min=1, help="At most this many clips, always the same ones.")]
Workers = Annotated[int, typer.Option("--jobs", min=1, max=MOST_WORKERS, help="Worker processes at a time.")]
Language = Annotated[
    Optional[str],
    typer.Option("--language", help="Two letters, for clips that name no language. Default: --grammar's, or en."),
]
Model = Annotated[
    Optional[Path],
    typer.Option("--model", metavar="DIR", help="Folder of a Vosk model. Default: the one that is installed."),
]
JsonOut = Annotated[
    Optional[Path],
    typer.Option("--json", metavar="OUT", help="Write all figures and every clip; a list if there are several ears."),
]
HtmlOut = Annotated[
    Optional[Path], typer.Option("--html", metavar="OUT", help="Write one page with tables and pictures.")
]


def bench(
    manifests: Manifests,
    grammar: Grammar = None,
    engine: Engines = None,
    state: State = None,
    noise: NoiseFiles = None,
    snr: Levels = None,
    microphone: Microphones = None,
    by_loudest: ByLoudest = False,
    with_clean: WithClean = False,
    limit: Limit = None,
    jobs: Workers = 1,
    language: Language = None,
    model: Model = None,
    json_out: JsonOut = None,
    html_out: HtmlOut = None,
) -> None:
    """Measure an ear on labelled recordings, or words on typed lines: right, wrong, false, asked back, and the cost.

    Try: tuina bench tests/data/speech/manifest.jsonl
    """
    mixes: list[Condition | None] = [*conditions(noise or [], snr or [], microphone or [], by_loudest=by_loudest)]
    if not mixes or with_clean:
        mixes.insert(0, None)
    asked = Asked(
        engines=tuple(dict.fromkeys(engine_named(name) for name in engine or ["phonetic"])),
        mixes=tuple(mixes),
        state=state,
        grammar=grammar,
        language=language,
        model=model,
        models=folders().models,
    )
    files = [*({*(noise or [])} - {PINK}), *({*(microphone or [])} - MICROPHONES.keys())]
    _check(state, files, (json_out, html_out))
    plans, notes = planned(limited(read_manifests(manifests), limit), asked)
    runs, error = _measured(plans, jobs)
    if not runs or not any(found.items for found in runs):
        first = runs[0].broken[0] if runs else ""
        raise error or BadAudio(f"no clip can be used; the first: {first}", remedy="Check the paths in the manifest")
    _show(runs, notes)
    if json_out is not None:
        _write(json_out, as_json(runs, is_list=len(plans) > 1))
    if html_out is not None:
        _write_page(html_out, runs, notes)
    if error is not None:
        raise error
    if any(found.broken for found in runs):
        raise typer.Exit(1)


def _show(runs: Sequence[Run], notes: Sequence[str]) -> None:
    console = Console(highlight=False)
    show(console, runs)
    for note in notes:
        console.print(f"[yellow]{escape(note)}[/yellow]", soft_wrap=True)


def _write_page(out: Path, runs: Sequence[Run], notes: Sequence[str]) -> None:
    from assistant.terminal.bench.page import as_html  # loads matplotlib

    _write(out, as_html(runs, asked=_command_line(), notes=notes))


def _check(state: str | None, noises: Sequence[str], outs: Sequence[Path | None]) -> None:
    """Refuse inputs that would fail only after a long run."""
    legal_of(None if state == ROW else state)
    if outs[1] is not None:
        import assistant.terminal.bench.page  # noqa: F401 - it raises MissingExtra where matplotlib is not installed
    for name in noises:
        read_noise(Path(name))
    for out in outs:
        if out is not None and (not out.absolute().parent.is_dir() or out.is_dir()):
            raise TuinaError(
                "nothing can be written there", where=str(out), remedy="Name a file in a folder that exists"
            )


def _measured(plans: Sequence[Plan], workers: int) -> tuple[list[Run], TuinaError | None]:
    """Return the result of every ear; after an ear's error the others are still measured, and it is returned too."""
    runs: list[Run] = []
    failure: TuinaError | None = None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bars = [progress.add_task(plan.spec.name, total=len(plan.jobs)) for plan in plans]
        for plan, bar in zip(plans, bars, strict=True):
            try:
                runs.append(run(plan.spec, plan.jobs, workers, _advance(progress, bar)))
            except TuinaError as error:
                failure = failure or error
    return runs, failure


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
