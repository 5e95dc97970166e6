"""A person's pronunciations on disk and on the command line: phones only, undone at will, never in anybody's way."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pytest

from assistant.capture.wav_file import WavFile
from assistant.clock import ManualClock
from assistant.errors import BadFiles, JournalError, UnknownName
from assistant.messages import Failed
from assistant.store.journal.keeper import JournalKeeper
from assistant.store.pronunciations import MOST_REHEARSALS, Pronunciations, Rehearsals
from assistant.store.settings import Folders, Settings
from assistant.wire import build

PEOPLE = Path(__file__).parents[1] / "data" / "speech" / "audio" / "gsc"
STRANGE = PEOPLE / "sheila_a8ee11c7_nohash_1.flac"
PHONES = frozenset({"s", "t", "ɑ", "ʌ", "p", "ʃ", "i", "l", "ɝ", "n", "o"})
AT = datetime(2026, 11, 22, 19, 0, tzinfo=timezone.utc)


@pytest.fixture
def kept(tmp_path) -> Pronunciations:
    return Pronunciations(tmp_path / "home")


@pytest.fixture
def where(tmp_path) -> Folders:
    home = tmp_path / "home"
    return Folders(config=home, data=home, cache=home / "cache")


def test_what_is_kept_is_read_again(kept):
    """Rehearsals add up, each pronunciation once; the file is its owner's."""
    first = kept.add("anna", {"stop": ["s t ʌ p"]}, AT, Rehearsals())
    kept.add("anna", {"stop": ["s t ʌ p", "t ɑ p"], "no": ["n o"]}, AT, first)

    assert kept.read("anna", PHONES).own == {"no": ("n o",), "stop": ("s t ʌ p", "t ɑ p")}
    assert kept.path("anna").stat().st_mode & 0o077 == 0
    assert [path.name for path in kept.folder.iterdir()] == ["anna.json"]
    assert kept.read("bert", PHONES).own == {}


def test_the_last_rehearsal_is_taken_back(kept):
    """The one before it stays; the file goes with the last."""
    first = kept.add("anna", {"stop": ["s t ʌ p"]}, AT, Rehearsals())
    second = kept.add("anna", {"no": ["n o"]}, AT, first)

    assert kept.undo("anna", second) == first
    assert kept.read("anna", PHONES) == first
    assert kept.undo("anna", first) == Rehearsals()
    assert kept.people() == ()


def test_old_rehearsals_go_when_there_are_many(kept):
    """The file does not grow for ever."""
    known = Rehearsals()
    for n in range(MOST_REHEARSALS + 3):
        known = kept.add("anna", {f"word{n}": ["n o"]}, AT, known)

    assert list(kept.read("anna", PHONES).own) == sorted(f"word{n}" for n in range(3, MOST_REHEARSALS + 3))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "no list of pronunciations"),
        ("{", "no list of pronunciations"),
        ("[]", "no list of pronunciations"),
        ('{"version": 2}', "version"),
        ('{"rehearsals": [{"at": "yesterday", "words": {}}]}', "rehearsals.0.at"),
        ('{"rehearsals": [{"at": "2026-11-22T19:00:00Z", "words": {"stop": ["q7 y"]}}]}', "no such phones: q7 y"),
        ('{"rehearsals": [{"at": "2026-11-22T19:00:00Z", "words": {"stop": ["s  t"]}}]}', "words.stop"),
        ('{"rehearsals": [], "sound": "UklGRg=="}', "sound"),
        ("\x00\xff" * 40_000, "larger than 64 KB"),
    ],
)
def test_a_damaged_file_is_told_and_left_out(kept, where, text, what):
    """The session goes on with everybody's pronunciations; forgetting removes the file."""
    kept.folder.mkdir(parents=True)
    kept.path("anna").write_text(text, encoding="utf-8")

    with pytest.raises(BadFiles, match=what):
        kept.read("anna", PHONES)
    own, problems = build.pronunciations(Settings(), where)

    assert own == {}
    assert str(kept.path("anna")) in str(problems[0])
    assert kept.forget("anna")
    assert build.pronunciations(Settings(), where) == ({}, ())


def test_a_session_takes_the_pronunciations_of_its_person(kept, where):
    """The only one there is, or who is named; of several nobody, and that is told."""
    kept.add("anna", {"stop": ["s t ʌ p"]}, AT, Rehearsals())

    assert build.pronunciations(Settings(), where) == ({"stop": ("s t ʌ p",)}, ())

    kept.add("bert", {"no": ["n o"]}, AT, Rehearsals())
    own, problems = build.pronunciations(Settings(), where)

    assert (own, "anna, bert have rehearsed" in problems[0].what) == ({}, True)
    assert build.pronunciations(Settings(person="Bert"), where) == ({"no": ("n o",)}, ())
    assert build.pronunciations(Settings(person="../bert"), where)[1][0].path == "settings.yaml"


def test_a_person_who_has_not_rehearsed_is_told_how(where):
    """Whoever is named expects to be known; a session goes on without."""
    own, problems = build.pronunciations(Settings(person="Carla"), where)

    assert own == {}
    assert problems[0].what == "carla has not rehearsed"
    assert "tuina rehearse --person carla" in problems[0].remedy
    assert build.pronunciations(Settings(), where) == ({}, ())


def test_start_takes_the_name_of_the_person(tuina):
    """As settings.yaml and the environment do; a typed session has no use for it."""
    done = tuina("start", "--mic", "gone.wav", "--person", "Carla", "--pace", "max")

    assert "carla has not rehearsed" in done.words


@pytest.mark.parametrize("name", ["", "../anna", "a/b", ".anna", "x" * 40, "anna\n"])
def test_what_could_be_a_path_is_no_name(kept, name):
    """Names become file names."""
    if name.strip() == "anna":
        assert kept.person(name) == "anna"
        return
    with pytest.raises(UnknownName):
        kept.person(name)


def test_forget_me_forgets_pronunciations(kept):
    """Also where there is no journal; a disk that refuses is reported and tried again."""
    kept.add("anna", {"stop": ["s t ʌ p"]}, AT, Rehearsals())
    reports: list[object] = []
    keeper = JournalKeeper(None, ManualClock(), reports.append, lambda: 0.0, kept.forget_everybody)

    keeper.forget_everything()

    assert (kept.people(), reports) == ((), [])


def test_a_disk_that_keeps_the_pronunciations_is_reported(kept):
    """Nothing is said to be forgotten that is still there."""
    reports: list[object] = []

    def refuse() -> None:
        raise JournalError("read-only")

    JournalKeeper(None, ManualClock(), reports.append, lambda: 0.0, refuse).forget_everything()

    assert [type(report) for report in reports] == [Failed]


def take(tuina):
    files = [part for n in "123" for part in ("--from", _copy(Path.cwd(), n))]
    return tuina("rehearse", "--word", "stop", *files)


def _copy(folder: Path, n: str) -> Path:
    path = folder / f"take-{n}.flac"
    path.write_bytes(STRANGE.read_bytes())
    return path


def test_a_rehearsal_from_recordings_is_kept_shown_and_taken_back(tuina, tmp_path, monkeypatch):
    """Words and phones are shown, and that Vosk has no use for them; --undo leaves nothing behind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TUINA_ENGINE", "vosk")
    done = take(tuina)
    shown = tuina("rehearse", "--list")
    undone = tuina("rehearse", "--undo")

    assert (done.code, done.err) == (0, "")
    assert "“stop”: heard zero of three times, and three of three with what I learned." in done.words
    assert "Learned of me: stop (ʃ i l ɝ)" in done.words
    assert "Your sessions use Vosk, which has no use for it" in done.words
    assert "ʃ i l ɝ" in shown.out
    assert "is taken back: stop." in undone.words
    assert "nothing was rehearsed" in tuina("rehearse", "--list").out
    assert list((tmp_path / "home" / "pronunciations").iterdir()) == []


def test_no_sound_is_kept(tuina, tmp_path, monkeypatch):
    """Not a single block of the recording is found in any file of the person's, raw, packed or as numbers."""
    monkeypatch.chdir(tmp_path)
    take(tuina)
    pcm = np.concatenate([block.pcm for block in WavFile(STRANGE).blocks()])
    loudest = int(np.argmax(np.abs(pcm)))
    pieces = [pcm[loudest : loudest + 4].tobytes(), STRANGE.read_bytes()[-64:-48]]
    pieces.append(", ".join(map(str, pcm[loudest : loudest + 3].tolist())).encode())

    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    held = b"".join(path.read_bytes() for path in files)

    assert [path.name for path in files if path.suffix == ".json"] == ["me.json"]
    assert not any(piece in held for piece in pieces)
    assert len(held) < 2_000
    assert set(json.loads((tmp_path / "home" / "pronunciations" / "me.json").read_text("utf-8"))) == {
        "version",
        "rehearsals",
    }


def test_several_people_have_a_file_each(tuina, kept):
    """The person must be named if there are several; --forget deletes one person's."""
    kept.add("anna", {"stop": ["s t ʌ p"]}, AT, Rehearsals())
    kept.add("bert", {"stop": ["s t ʌ p"]}, AT, Rehearsals())

    asked = tuina("rehearse", "--list")
    forgotten = tuina("rehearse", "--forget", "--person", "anna")

    assert (asked.code, "anna, bert have rehearsed" in asked.words) == (1, True)
    assert "anna: every rehearsal is taken back." in forgotten.words
    assert kept.people() == ("bert",)


def test_history_forget_forgets_pronunciations(tuina, tmp_path, kept):
    """Everything that is remembered of a person goes."""
    kept.add("anna", {"stop": ["s t ʌ p"]}, AT, Rehearsals())

    done = tuina("history", "--forget", "--yes")

    assert "Everything that was remembered of you is deleted." in done.words
    assert kept.people() == ()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--word", "bananas"), "'bananas' is no command"),
        (("--from", "nowhere/stop.wav"), "nowhere/stop.wav"),
        (("--list", "--undo"), "exclude each other"),
        (("--person", "a/b"), "cannot be a person's name"),
        (("--folder", "."), "no recording in this folder"),
    ],
)
def test_a_slip_on_the_command_line_is_told(tuina, words, says):
    """In words, with the exit code 1."""
    done = tuina("rehearse", *words)

    assert (done.code, says in done.words) == (1, True)
