"""The composition root: what is read from files, an ear, a voice and a journal become a session.

Engines and voices are named in engine_table.py and voice_table.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from assistant.clock import Clock
from assistant.decode.recogniser import Recogniser
from assistant.encode import SentenceEncoder
from assistant.errors import BadFiles, EngineError, JournalError, Problem, UnknownName
from assistant.interpret import Interpreter, Meaning, expand
from assistant.language import LanguagePack
from assistant.messages import Intent, Phrase
from assistant.routine import Library
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.voice import Voice
from assistant.speak.wording import Wording
from assistant.store.journal import Journal
from assistant.store.library import load, meaning_arrays
from assistant.store.pronunciations import Own, Pronunciations
from assistant.store.settings import Folders, Settings
from assistant.wire.engine_table import Wanted, chosen
from assistant.wire.parts import Mouth, Observer, Parts
from assistant.wire.session import Session
from assistant.wire.voice_table import voice_chain

if TYPE_CHECKING:
    from assistant.decode.phonetic.engine import PhoneticEngine

Notify: TypeAlias = Callable[[str], None]
Expect: TypeAlias = Callable[[frozenset[Intent]], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadedFiles:
    """Everything that was read from files for a session. Equal to itself only: it keys what is made of it."""

    library: Library
    pack: LanguagePack
    phrases: tuple[Phrase, ...]
    problems: tuple[Problem, ...]
    """Problems of the person's own files; the session continues without these files."""


def load_files(settings: Settings, where: Folders | None) -> LoadedFiles:
    """Read the shipped files and the person's own, if there are any. Raises BadFiles when a shipped file is broken."""
    read = load(settings.language, user_folder=where.config if where else None)
    phrases = expand(read.pack)
    return LoadedFiles(library=read.library, pack=read.pack, phrases=phrases, problems=read.problems)


def engine_maker(
    engine: str, language: str, models: Path, on_failure: Notify | None = None, own: Own | None = None
) -> Callable[[], Recogniser]:
    """Return a function that loads the chosen ear. Raises EngineError, with a remedy, where there is none."""
    wanted = Wanted(language=language, models=models, own=own or {}, on_failure=on_failure)
    found = chosen(engine, wanted)
    found.check(wanted)
    return partial(found.make, wanted)


def learns_pronunciations(settings: Settings, where: Folders) -> bool:
    """The settings' ear can be taught how one person speaks."""
    return chosen(settings.engine, Wanted(language=settings.language, models=where.models)).learns_pronunciations


def phonetic(own: Own) -> PhoneticEngine:
    """Return the phonetic ear with a person's own pronunciations. Raises EngineError."""
    from assistant.decode.phonetic.engine import PhoneticEngine  # 0.3 s that typed sessions save

    return PhoneticEngine(own)


def pronunciations(settings: Settings, where: Folders) -> tuple[Own, tuple[Problem, ...]]:
    """Return the pronunciations of the settings' person, without unusable ones, whose problems come along."""
    kept = Pronunciations(where.config)
    people = kept.people()
    if not people and settings.person is None:
        return {}, ()
    try:
        person = kept.person(settings.person)
        if person is None or person not in people:
            what = f"{', '.join(people)} have rehearsed, and nobody is chosen: everybody's pronunciations only"
            remedy = "Write the name into settings.yaml, as person: NAME"
            if person is not None:
                what, remedy = f"{person} has not rehearsed", f"Rehearse with: tuina rehearse --person {person}"
            return {}, (Problem(path=str(kept.folder), line=0, what=what, remedy=remedy),)
        return kept.read(person, phones()).own, ()
    except BadFiles as error:
        return {}, error.problems
    except UnknownName as error:
        return {}, (Problem(path="settings.yaml", line=0, what=error.what, remedy=error.remedy),)
    except EngineError:
        return {}, ()  # without this engine nobody needs phones; the maker of the ear reports what is missing


def phones() -> frozenset[str]:
    """Return every phone of the phonetic ear. Raises EngineError where it is missing."""
    from assistant.decode.phonetic.posteriors import Posteriors
    from assistant.decode.phonetic.reading import is_phone

    return frozenset(token for token in Posteriors().tokens if is_phone(token))


def ear(
    engine: str,
    settings: Settings,
    where: Folders,
    phrases: tuple[Phrase, ...],
    on_failure: Notify | None = None,
    *,
    own: Own | None = None,
) -> Recogniser:
    """Return the ear, taught every phrase; `on_failure` is called when an engine died and was restarted."""
    made = engine_maker(engine, settings.language, where.models, on_failure, own)()
    made.learn(phrases)
    return made


def voice(name: str, language: str, on_failure: Notify) -> Voice:
    """The voice that was asked for, and those that step in for it. `auto`: the first that speaks the language."""
    return voice_chain(name, language, on_failure)


def clips(made: Voice, where: Folders | None) -> ClipCache:
    """Return the voice's clip cache, on disk if there is a folder."""
    return ClipCache(made, where.clips if where else None)


def journal(path: Path, on_failure: Notify) -> Journal | None:
    """Return the journal, or None when it cannot be opened: the session then runs in memory and says so."""
    try:
        return Journal(path)
    except JournalError as error:
        on_failure(str(error))
        return None


@lru_cache(maxsize=2)
def _made_once(found: LoadedFiles) -> Interpreter:
    return Interpreter(found.phrases, found.pack, meaning(found.pack.code))  # 1.8 s


def interpreter(found: LoadedFiles) -> Interpreter:
    """The interpreter of these files, with what was learned of wordings. Raises BadFiles or EngineError."""
    return _made_once(found).for_another_session()


def meaning(language: str) -> Meaning | None:
    """The meaning of own words, learned for this language (98 MB), or None. Raises BadFiles or EngineError."""
    arrays = meaning_arrays(language)
    return None if arrays is None else Meaning(arrays, SentenceEncoder())


def session(  # noqa: PLR0913 - the composition root names every part
    found: LoadedFiles,
    player: Player,
    mouth: Mouth,
    expect: Expect,
    *,
    clock: Clock,
    journal: Journal | None,
    observers: tuple[Observer, ...],
    has_echo: bool = False,
    forget_more: Callable[[], None] = lambda: None,
) -> Session:
    """Return a session of these parts; `begin` starts it."""
    parts = Parts(
        library=found.library,
        interpreter=interpreter(found),
        wording=Wording(found.pack),
        player=player,
        mouth=mouth,
        clock=clock,
        journal=journal,
        expect=expect,
        observers=observers,
        has_echo=has_echo,
        forget_more=forget_more,
    )
    return Session(parts)


def usual_routine(settings: Settings, library: Library, on_failure: Notify) -> str:
    """Return the routine that "start" alone means. A missing one is reported and replaced."""
    for name in (settings.usual, Settings().usual):
        found = library.routine_called(name)
        if found is not None:
            return found
        on_failure(f"There is no routine '{name}', which the settings call the usual one. See: tuina list")
    return next(iter(library.routines))


def routine_named(name: str, library: Library) -> str:
    """Return the id of the routine with this id, title or spoken name. Raises UnknownName, which lists the names."""
    found = library.routine_called(name)
    if found is None:
        known = ", ".join(library.routines)
        raise UnknownName(f"there is no routine '{name}'", remedy=f"Known routines: {known}. See: tuina list")
    return found
