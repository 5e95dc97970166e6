"""Every kind of file that somebody else may have written, with its seeds and the reader that a session uses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import start_session
from assistant.arrays import DamagedArrays, arrays_in
from assistant.capture.wav_file import WavFile
from assistant.decode.phonetic import weights
from assistant.errors import BadFiles, EngineError, JournalError
from assistant.store.journal import Journal, history_rows
from assistant.store.library.catalogue import Catalogue, Loaded, home_folder, load
from assistant.store.library.foreign import read_foreign
from assistant.store.models.installed import Model, load_manifest
from assistant.store.models.unpack import install
from assistant.store.pronunciations import Pronunciations
from assistant.store.settings import Folders, Settings, resolve
from assistant.terminal.history.table import as_csv, as_json
from assistant.terminal.replay.compare import replay_file
from assistant.wire import build
from assistant.wire.trace import open_trace
from tests.rigs.fuzzing import SEEDS, Kind

if TYPE_CHECKING:
    from assistant.wire.build import LoadedFiles

PHONES = ("s", "t", "ɑ", "ɔ", "p")
MODEL = "vosk-model-tiny-en"  # the one folder in the seeds of zips
ROOT = Path(__file__).parents[2]


def kinds(folder: Path) -> dict[str, Kind]:
    """Every kind by its name; loads the shipped files once. A trace of today is written into `folder`."""
    shipped = load("en")
    loaded = build.load_files(Settings(), None)
    today = folder / "today.jsonl"
    with (
        closing(open_trace(today, loaded.library)) as trace,
        start_session(loaded, "lower-back", observers=[trace], voice="silent", hears=False, note=print) as session,
    ):
        for line in ("skip", "start", "no", "yes", "that hurts", "end session"):
            session.wait_until_quiet()
            session.say(line)
    one: dict[str, tuple[Callable[[Path], object], bool, str]] = {
        "audio": (_audio, False, ".wav"),
        "routine": (partial(_item, shipped, "routine"), True, ".yaml"),
        "technique": (partial(_item, shipped, "technique"), True, ".yaml"),
        "settings": (_settings, True, ".yaml"),
        "grammar": (read_foreign, True, ".yaml"),
        "trace": (partial(_trace, loaded), True, ".jsonl"),
        "journal": (_journal, False, ".db"),
        "log": (_log, False, ".db-wal"),
        "manifest": (load_manifest, True, ".yaml"),
        "zip": (_zip, False, ".zip"),
        "pronunciations": (_pronunciations, True, ".json"),
        "npz": (_arrays, False, ".npz"),
        "hama": (_weights, False, ".hama"),
    }
    own = {"trace": [today]}
    return {
        name: Kind(name=name, seeds=own.get(name) or seeds(name), read=read, is_text=is_text, ending=ending)
        for name, (read, is_text, ending) in one.items()
    }


def seeds(name: str) -> list[Path]:
    """The files of the kept corpus, and shipped ones that need no copy."""
    ours = {
        "routine": sorted((home_folder() / "routines").glob("*.yaml"))[:3],
        "technique": sorted((home_folder() / "routines" / "techniques").glob("*.yaml"))[:4],
        "grammar": sorted((ROOT / "tests" / "data" / "grammars").glob("*.yaml")),
        "manifest": [home_folder() / "models" / "manifest.yaml"],
        "npz": [ROOT / "assistant" / "decode" / "phonetic" / "english.npz"],
    }
    return sorted((SEEDS / name).iterdir()) + ours.get(name, [])


def _audio(path: Path) -> None:
    for _ in WavFile(path).blocks():
        pass


def _item(shipped: Loaded, kind: str, path: Path) -> None:
    """One file of the person's, beside all of ours; what was wrong is a list, never an exception."""
    catalogue = Catalogue("en", shipped.pack)
    catalogue.techniques, catalogue.routines = dict(shipped.library.techniques), dict(shipped.library.routines)
    before = dict(catalogue.techniques), dict(catalogue.routines)
    getattr(catalogue, kind)(path, path.parent, is_users=True)
    if any(catalogue.techniques[name] is not ours for name, ours in before[0].items()):
        msg = "a technique of ours was replaced"
        raise AssertionError(msg)
    if catalogue.problems:
        raise BadFiles(catalogue.problems)


def _settings(path: Path) -> None:
    where = Folders(config=path.parent, data=path.parent, cache=path.parent)
    path.replace(path.with_name("settings.yaml"))
    _, problems = resolve(where, {}, {})
    if problems:
        raise BadFiles(problems)


def _trace(loaded: LoadedFiles, path: Path) -> None:
    replay_file(path, loaded)


def _journal(path: Path) -> None:
    """As `tuina history` reads it, and then as the next start does."""
    for beside in path.parent.glob(f"{path.name}?*"):
        beside.unlink()
    _use(path)


def _log(path: Path) -> None:
    """The log is the changed part; the journal beside it is sound."""
    main = path.with_name("case.db")
    main.write_bytes((SEEDS / "journal" / "few.db").read_bytes())
    main.with_name("case.db-shm").unlink(missing_ok=True)
    _use(main)


def _use(path: Path) -> None:
    for may_mend in (False, True):
        try:
            journal = Journal(path, may_mend=may_mend)
        except Exception:
            if may_mend:
                raise
            continue
        try:
            as_csv(history_rows(journal.sessions()))
            as_json(journal.sessions())
            journal.saved()
        finally:
            journal.close()
        if journal.moved_aside:
            raise JournalError("damaged")


def _zip(path: Path) -> None:
    """Its hash is right, so that its inside is what is tried; nothing may come to lie outside of the folder."""
    body = path.read_bytes()
    folder = path.parent / "in" / "models"
    folder.mkdir(parents=True, exist_ok=True)
    model = Model(
        name=MODEL,
        language="en",
        url=f"https://models.invalid/{MODEL}.zip",
        mirrors=(),
        zip_bytes=max(len(body), 1),
        sha256=hashlib.sha256(body).hexdigest(),
        licence="Apache-2.0",
        most_unpacked_bytes=200_000,
        most_files=10,
    )
    try:
        install(path, model, folder)
    finally:
        outside = {one.name for one in folder.parent.iterdir()} | {one.name for one in folder.iterdir()}
        if outside - {"models", MODEL}:
            msg = f"written outside: {outside}"
            raise AssertionError(msg)


def _pronunciations(path: Path) -> None:
    words = Pronunciations(path.parent)
    words.folder.mkdir(exist_ok=True)
    path.replace(words.path("anna"))
    words.read("anna", PHONES)


def _arrays(path: Path) -> None:
    try:
        arrays_in(path.read_bytes())
    except DamagedArrays as error:
        raise EngineError("damaged") from error


def _weights(path: Path) -> None:
    try:
        weights.read(path).arrays()
    except weights.BadWeights as error:
        raise EngineError("damaged") from error
