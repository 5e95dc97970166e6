"""THE ENGINES: one row for each ear that a session can have. Settings, commands, help, bench and tests read this table.

To add an engine, write a file in decode/ that keeps the rules of decode/recogniser.py, and add a row to `ENGINES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from assistant.decode.recogniser import Recogniser
from assistant.errors import EngineError, UnknownName
from assistant.store.models.installed import installed_model, load_manifest, manifest_path
from assistant.store.pronunciations import Own

AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The purpose that an ear is made for."""

    language: str
    """Two letters."""
    models: Path
    """The folder of fetched models."""
    model: Path | None = None
    """The folder of one model; None: the one that is installed for the language."""
    own: Own = field(default_factory=dict)
    """One person's pronunciations; engines that cannot learn them ignore them."""
    on_failure: Callable[[str], None] | None = None
    """Told when an engine died and was started again."""

    def found_model(self) -> Path | None:
        """The model's folder, or None where the language has none."""
        return self.model or installed_model(self.language, self.models, load_manifest(manifest_path()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One row of the table."""

    name: str
    """As the settings and the command line write it."""
    title: str
    """As a sentence names it."""
    about: str
    """For help: half a sentence."""
    make: Callable[[Wanted], Recogniser]
    """The engine as a session has it, loaded. Raises EngineError."""
    measured: Callable[[Wanted], Recogniser] | None = None
    """The engine in the present process, for `tuina bench`, where `make` would start a child process."""
    languages: frozenset[str] = frozenset()
    """The languages that it hears; empty: those of the models that were fetched for it."""
    learns_pronunciations: bool = False
    """`tuina rehearse` can teach it how one person speaks."""
    refuses_unknown_words: bool = False
    """One word that it cannot hear makes it refuse all phrases; others leave the phrase out."""

    @property
    def needs_model(self) -> bool:
        """It hears nothing before a model was fetched."""
        return not self.languages

    def hears(self, wanted: Wanted) -> bool:
        """It has the language, or a model of it."""
        return wanted.found_model() is not None if self.needs_model else wanted.language in self.languages

    def check(self, wanted: Wanted) -> None:
        """Raise EngineError where this machine cannot have it: no model of the language. Loads nothing."""
        if self.needs_model and wanted.found_model() is None:
            raise EngineError(
                f"no {self.title} model for '{wanted.language}' is installed",
                where=str(wanted.models),
                remedy="See what there is with: tuina models list",
            )


def _phonetic(wanted: Wanted) -> Recogniser:
    from assistant.decode.phonetic.engine import PhoneticEngine  # 0.3 s that typed sessions save

    return PhoneticEngine(wanted.own)


def _vosk(wanted: Wanted) -> Recogniser:
    """In a child process: docs/faults.md, "Grammar that kills the process"."""
    from assistant.decode.vosk_engine import VoskEngine  # slow to import
    from assistant.wire.processes.proxies import ChildRecogniser

    model = wanted.found_model()
    remedy = f"fetch it again: tuina models get {model.name if model else ''}"
    return ChildRecogniser(
        VoskEngine, str(model), wanted.language, name="Vosk", remedy=remedy, on_failure=wanted.on_failure
    )


def _vosk_here(wanted: Wanted) -> Recogniser:
    from assistant.decode.vosk_engine import VoskEngine  # slow to import

    return VoskEngine(str(wanted.found_model()), wanted.language)


def _table(rows: Iterable[Engine]) -> dict[str, Engine]:
    return {row.name: row for row in rows}


ENGINES: dict[str, Engine] = _table(
    [
        Engine(
            name="phonetic",
            title="the phonetic engine",
            about="the ear of a session, with all its rules",
            make=_phonetic,
            languages=frozenset({"en"}),  # languages of hama's waveform model
            learns_pronunciations=True,
            refuses_unknown_words=True,
        ),
        Engine(
            name="vosk",
            title="Vosk",
            about="the other ear of a session, with all its rules (needs a model)",
            make=_vosk,
            measured=_vosk_here,
        ),
    ]
)


def engine_names() -> tuple[str, ...]:
    """Return the values of the settings' `engine`: `auto`, then the table's names."""
    return (AUTO, *ENGINES)


def chosen(name: str, wanted: Wanted) -> Engine:
    """The engine of this name. Raises UnknownName with those there are.

    `auto`: one whose model was fetched for the language, else the first that hears the language, else the first that
    could hear it with a model.
    """
    if name in ENGINES:
        return ENGINES[name]
    if name != AUTO:
        raise UnknownName(f"there is no engine '{name}'", remedy=f"Known engines: {', '.join(engine_names())}")
    by_model = [engine for engine in ENGINES.values() if engine.needs_model]
    ranked = [*by_model, *(engine for engine in ENGINES.values() if not engine.needs_model)]
    return next((engine for engine in ranked if engine.hears(wanted)), ranked[0])
