"""The composition root: the one place that names concrete engines and voices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from assistant.clock import Clock
from assistant.decode.recogniser import Recogniser
from assistant.errors import BadFiles, EngineError, JournalError, Problem, UnknownName
from assistant.interpret.match import Matcher
from assistant.interpret.phrases import expand
from assistant.journal import Journal
from assistant.language import LanguagePack
from assistant.library import load
from assistant.messages import Intent, Phrase
from assistant.routine import Library
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.voice import Voice
from assistant.speak.wording import Wording
from assistant.wire.models import installed_model, load_manifest, manifest_path
from assistant.wire.pronunciations import Own, Pronunciations
from assistant.wire.session import Mouth, Observer, Parts, Session
from assistant.wire.settings import EngineName, Folders, Settings, VoiceName
from assistant.wire.voices import InTime, VoiceChain

if TYPE_CHECKING:
    from assistant.decode.phonetic.engine import PhoneticEngine

Report: TypeAlias = Callable[[str], None]
Expect: TypeAlias = Callable[[frozenset[Intent]], None]

PHONETIC_LANGUAGES = frozenset({"en"})  # what hama's waveform model was trained on
HIBARI_LANGUAGES = frozenset({"en"})  # the voice inside the package


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Everything that was read from files, ready for a session."""

    library: Library
    pack: LanguagePack
    phrases: tuple[Phrase, ...]
    problems: tuple[Problem, ...]
    """What is wrong with the person's own files; the session goes on without them."""


def shelf(settings: Settings, where: Folders) -> Shelf:
    """Read the shipped files and the person's own. Raises BadFiles when a shipped file is broken."""
    loaded = load(settings.language, user_folder=where.config)
    phrases = expand(loaded.pack)
    return Shelf(library=loaded.library, pack=loaded.pack, phrases=phrases, problems=loaded.problems)


def engine_maker(
    engine: EngineName, language: str, models: Path, on_failure: Report | None = None, own: Own | None = None
) -> Callable[[], Recogniser]:
    """What makes the ear, chosen but not loaded. Raises EngineError where there is none, with what to do.

    `auto`: Vosk where a model of the language is installed, else the phonetic engine (English). `own`
    are one person's pronunciations; Vosk has no use for them.
    """
    installed = installed_model(language, models, load_manifest(manifest_path()))
    if _is_phonetic(engine, language, installed):
        return _phonetic_maker(own or {})
    if installed is None:
        raise EngineError(
            f"no Vosk model for '{language}' is installed",
            where=str(models),
            remedy="See what there is with: tuina models list",
        )
    return partial(vosk, installed, language, on_failure)


def hears_phones(settings: Settings, where: Folders) -> bool:
    """Whether the settings' ear is the phonetic one, which alone can learn how a person speaks."""
    installed = installed_model(settings.language, where.models, load_manifest(manifest_path()))
    return _is_phonetic(settings.engine, settings.language, installed)


def _is_phonetic(engine: EngineName, language: str, installed: Path | None) -> bool:
    return engine == "phonetic" or (engine == "auto" and installed is None and language in PHONETIC_LANGUAGES)


def _phonetic_maker(own: Own) -> Callable[[], Recogniser]:
    return partial(phonetic, own)


def phonetic(own: Own) -> PhoneticEngine:
    """The phonetic ear of a person who says some words in a way of their own. Raises EngineError."""
    from assistant.decode.phonetic.engine import PhoneticEngine  # 0.3 s that typed sessions save

    return PhoneticEngine(own)


def pronunciations(settings: Settings, where: Folders) -> tuple[Own, tuple[Problem, ...]]:
    """How the settings' person says some words; what cannot be used is told and left out."""
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
        return {}, ()  # without this engine nobody asks for phones; whoever makes an ear says what is missing


def phones() -> frozenset[str]:
    """Every phone that the phonetic ear knows. Raises EngineError where it is missing."""
    from assistant.decode.phonetic.posteriors import Posteriors
    from assistant.decode.phonetic.reading import is_phone

    return frozenset(token for token in Posteriors().tokens if is_phone(token))


def vosk(model: Path, language: str, on_failure: Report | None = None) -> Recogniser:
    """Vosk in a child process, since a bad model or grammar aborts the process it lives in (faults.md B).

    `on_failure` is told when the child died and was started again.
    """
    from assistant.decode.vosk_engine import VoskEngine  # only where it is used
    from assistant.wire.child import ChildRecogniser

    remedy = f"fetch it again: tuina models get {model.name}"
    return ChildRecogniser(VoskEngine, str(model), language, name="Vosk", remedy=remedy, on_failure=on_failure)


def ear(
    engine: EngineName,
    settings: Settings,
    where: Folders,
    phrases: tuple[Phrase, ...],
    on_failure: Report | None = None,
    *,
    own: Own | None = None,
) -> Recogniser:
    """The ear, taught every phrase of the session; `on_failure` is told when an engine died and was started again."""
    made = engine_maker(engine, settings.language, where.models, on_failure, own)()
    made.learn(phrases)
    return made


def voice(name: VoiceName, language: str, on_failure: Report) -> Voice:
    """The voice that was asked for, and those that step in for it. `auto`: hibari for English, else pyttsx3."""
    makers: dict[str, Callable[[], Voice]] = {
        "hibari": _hibari,
        "pyttsx3": partial(_pyttsx3, language),
        "silent": _silent,
    }
    first = "hibari" if language in HIBARI_LANGUAGES else "pyttsx3"
    order = {
        "auto": [first, "pyttsx3", "silent"],
        "hibari": ["hibari", "pyttsx3", "silent"],
        "pyttsx3": ["pyttsx3", "silent"],
        "silent": ["silent"],
    }[name]
    return VoiceChain([makers[one] for one in dict.fromkeys(order)], on_failure)


def _hibari() -> Voice:
    from assistant.speak.hibari_voice import HibariVoice  # loads onnxruntime

    return InTime(HibariVoice())


def _pyttsx3(language: str) -> Voice:
    from assistant.speak.pyttsx3_voice import Pyttsx3Voice  # loads the system's speech library
    from assistant.wire.child import ChildVoice

    return ChildVoice(Pyttsx3Voice, language)


def _silent() -> Voice:
    from assistant.speak.silent_voice import SilentVoice

    return SilentVoice()


def clips(made: Voice, where: Folders | None) -> ClipCache:
    """The voice's clips, kept on disk unless there is no folder."""
    return ClipCache(made, where.clips if where else None)


def journal(path: Path, on_failure: Report) -> Journal | None:
    """What is remembered, or None when it cannot be: the session goes on in memory and says so."""
    try:
        return Journal(path)
    except JournalError as error:
        on_failure(str(error))
        return None


def session(  # noqa: PLR0913 - the composition root names every part
    found: Shelf,
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
    """A session of these parts, not yet begun."""
    matcher = Matcher(found.phrases, found.pack.skip_words, found.pack.numbers)
    parts = Parts(
        library=found.library,
        matcher=matcher,
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


def usual_routine(settings: Settings, library: Library, on_failure: Report) -> str:
    """The routine that "start" alone means. One that is not there is told and replaced: it must not stop anybody."""
    for name in (settings.usual, Settings().usual):
        found = library.routine_called(name)
        if found is not None:
            return found
        on_failure(f"There is no routine '{name}', which the settings call the usual one. See: tuina list")
    return next(iter(library.routines))


def routine_named(name: str, library: Library) -> str:
    """The routine's id, from its id, title or a spoken name. Raises UnknownName with what there is."""
    found = library.routine_called(name)
    if found is None:
        known = ", ".join(library.routines)
        raise UnknownName(f"there is no routine '{name}'", remedy=f"Known routines: {known}. See: tuina list")
    return found
