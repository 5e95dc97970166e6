"""tuina from Python: load a library, start a session, feed it words or sound, watch it, hear a file.

    library = assistant.load_library()
    with assistant.start_session(library, observers=[watcher]) as session:
        session.wait_until_quiet()
        session.say("start the evening routine")  # or session.hear(pcm): int16 mono at 16 000 Hz
        played = session.wait(10.0)  # what the loudspeaker plays: int16 mono at 24 000 Hz

A watcher has the two methods of `assistant.wire.session.Observer`. Only these functions, what they give and
`assistant.testing` are public; the rest may change with every version. The parts are imported when they are used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from warnings import warn

from assistant.errors import UnknownName

if TYPE_CHECKING:
    from assistant.wire.build import LoadedFiles
    from assistant.wire.hear_recording import Hearing
    from assistant.wire.parts import Observer
    from assistant.wire.stepped import SteppedSession

__all__ = ["hear_file", "load_library", "start_session"]


def load_library(language: str = "en", *, home: Path | str | None = None) -> LoadedFiles:
    """Techniques, routines and phrases: the shipped ones, and those of the person whose folder is `home`.

    Raises BadFiles for a broken shipped file. What is wrong with the person's own is in `problems`.
    """
    from assistant.store.settings import Settings, folders_in
    from assistant.wire import build

    return build.load_files(Settings(language=language), folders_in(Path(home)) if home else None)


@contextmanager
def start_session(
    library: LoadedFiles,
    routine: str | None = None,
    *,
    home: Path | str | None = None,
    observers: Sequence[Observer] = (),
    voice: str = "auto",
    hears: bool = True,
    note: Callable[[str], None] = warn,
) -> Iterator[SteppedSession]:
    """A session that moves only when its caller says, closed at the end of the `with` block.

    `routine`: its id or one of its names, or None to choose by voice. `home`: where the journal and the settings are;
    None keeps nothing. `hears=False` loads no ear: words are typed. `note` is told what the person should know.

    Raises UnknownName for a routine or a voice that is not there, EngineError where no ear loads.
    """
    from assistant.store.settings import folders_in
    from assistant.wire import build
    from assistant.wire.preferences import resolve
    from assistant.wire.session_run import SessionRun, begin_with
    from assistant.wire.voice_table import voice_names

    if voice not in voice_names():
        raise UnknownName(f"there is no voice '{voice}'", remedy=f"Known voices: {', '.join(voice_names())}")
    with ExitStack() as closing:
        where = folders_in(Path(home or closing.enter_context(TemporaryDirectory())))
        settings, problems = resolve(where, {"voice": voice, "language": library.pack.code}, {})
        journal = build.journal(where.journal, note)
        if journal:
            closing.callback(journal.close)
        for problem in problems:
            note(str(problem))
        run = SessionRun(
            library,
            settings,
            where,
            begin=begin_with(library, settings, routine, note),
            journal=journal,
            observers=tuple(observers),
            note=note,
            closing=closing,
        )
        session = run.stepped(hears=hears)
        closing.callback(session.close)
        yield session


def hear_file(
    library: LoadedFiles, path: Path | str, state: str | None = None, *, note: Callable[[str], None] = warn
) -> tuple[Hearing, ...]:
    """Every utterance of a WAV or FLAC file, as the ear of a session hears it; the ear is loaded anew (0.5 s).

    `state` accepts only what is legal there. `note` is told what is wrong with a file that was read all the same.
    Raises BadAudio where nothing can be read, EngineError, UnknownName.
    """
    from assistant.store.settings import Settings, folders
    from assistant.wire import build
    from assistant.wire.hear_recording import hear_file, legal_for

    settings = Settings(language=library.pack.code)
    ear = build.ear("auto", settings, folders(), library.phrases)
    heard, problem = hear_file(Path(path), ear, build.interpreter(library), legal_for(state))
    if problem:
        note(f"{path}: {problem}")
    return heard
