"""`tuina models`: lists and downloads recognition models. Prints and asks; `assistant/store/models/` does the work."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table

from assistant.errors import EngineError
from assistant.store.models.installed import Model, load_manifest, manifest_path, model_named, verify
from assistant.store.settings import folders

app = typer.Typer(
    help="Fetch Vosk models: a second ear, and the ear for languages other than English. "
    "English needs no download. This is the only command that opens the network.",
    no_args_is_help=True,
)


@app.command(name="list")
def list_models() -> None:
    """Show what can be fetched, and what is installed and whole."""
    where = folders().models
    table = Table("name", "language", "download", "licence", "installed", box=None, pad_edge=False)
    for model in load_manifest(manifest_path()):
        table.add_row(model.name, model.language, f"{model.zip_bytes / 1e6:.0f} MB", model.licence, _state(model))
    console = Console()
    console.print(table)
    console.print(f"\nInstalled models live in {where}", soft_wrap=True, highlight=False)


@app.command()
def get(
    name: Annotated[str, typer.Argument(help="As `tuina models list` shows it.")],
    mirror: Annotated[
        str | None,
        typer.Option("--from", metavar="ADDRESS|FILE.zip", help="Another address, or a zip that you have already."),
    ] = None,
) -> None:
    """Download a model, check it byte for byte, and install it. An interrupted download goes on where it stopped."""
    from assistant.store.models.download import (
        fetch,  # imported here, so that no other command loads code that can reach the network
    )

    model = model_named(name, load_manifest(manifest_path()))
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task(model.name, total=model.zip_bytes)
        path = fetch(
            model,
            folders().models,
            mirror=mirror,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
        bar.update(task, completed=model.zip_bytes)
    console.print(f"Installed: {path}", soft_wrap=True, highlight=False)


def _state(model: Model) -> str:
    path = folders().models / model.name
    if not path.is_dir():
        return "no"
    try:
        verify(path)
    except EngineError as error:
        return f"damaged ({error.what}: {error.where})"
    return "yes"
