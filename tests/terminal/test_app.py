"""Wrong input and broken files give plain words, the right exit code, and never a traceback.

Every case runs the command line as it is; an exception that is not one of ours would raise in the test.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.capture.devices import list_devices
from assistant.errors import DeviceError
from assistant.messages import EAR_RATE_HZ
from assistant.terminal.app import app

ROOT = Path(__file__).parents[2]
TYPED = ("--typed", "--pace", "max", "--voice", "silent")
HEARD = ("--pace", "max", "--voice", "silent", "--mic")


@pytest.fixture
def wav(tmp_path):
    """Writes a file of two silent seconds, or of these bytes."""

    def write(name: str, data: bytes | None = None):
        path = tmp_path / name
        if data is None:
            soundfile.write(path, np.zeros(2 * EAR_RATE_HZ, np.int16), EAR_RATE_HZ)
        else:
            path.write_bytes(data)
        return path

    return write


def has_devices() -> bool:
    try:
        return bool(list_devices())
    except DeviceError:
        return False


def test_a_session_that_goes_well_ends_with_0(tuina, settled, tmp_path):
    """Typed commands, one a line; the last one ends it."""
    settled(tmp_path / "home")

    done = tuina("start", "full", *TYPED, stdin="start\nend session\n")

    assert (done.code, done.err) == (0, "")
    assert "Technique one of eight" in done.out
    assert "Goodbye." in done.out


def test_an_unknown_routine_is_refused_with_those_there_are(tuina):
    """Before anything is opened or spoken."""
    done = tuina("start", "morning gymnastics", *TYPED)

    assert (done.code, done.out) == (1, "")
    assert "there is no routine 'morning gymnastics'" in done.err
    assert "lower-back" in done.err


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("empty.wav", b"", "the file is empty"),
        ("letter.wav", b"Dear Sir or Madam,\n" * 50, "neither a WAV nor a FLAC file"),
        ("header.wav", b"RIFF\x24\x00\x00\x00WAVE", "damaged header"),
        ("song.flac", b"fLaC" + bytes(64), "damaged header"),
    ],
)
@pytest.mark.parametrize("pace", ["max", "real"])
def test_a_recording_that_is_none_is_refused(tuina, wav, name, data, what, pace):
    """The file, what is wrong with it, and what to do; at either pace."""
    done = tuina("start", "--mic", wav(name, data), "--pace", pace, "--speaker", "none", "--voice", "silent")

    assert done.code == 1
    assert name in done.err
    assert what in done.err
    assert "onvert it" in done.err


def test_a_missing_recording_is_refused(tuina, tmp_path):
    """With its name, as it was given."""
    done = tuina("start", *HEARD, tmp_path / "nowhere.wav")

    assert done.code == 1
    assert "nowhere.wav: No such file or directory. Check the name" in done.err


def test_a_truncated_recording_is_heard_as_far_as_it_goes(tuina, wav):
    """And it is said that something is missing."""
    data = wav("whole.wav").read_bytes()

    done = tuina("start", *HEARD, wav("cut.wav", data[: len(data) // 2]))

    assert done.code == 0
    assert "cut.wav: cut short: 1.0 s of the 2.0 s that its header promises" in done.words
    assert "First see a doctor" in done.out


@pytest.mark.skipif(has_devices(), reason="this machine has sound devices; the test needs the words of one without")
@pytest.mark.parametrize(
    ("words", "what"),
    [(("--mic", "USB speakerphone"), "microphone"), (("--typed", "--speaker", "USB speakerphone"), "speaker")],
)
def test_a_device_that_is_not_there_is_refused(tuina, words, what):
    """Whoever names a device wants that one and no other."""
    done = tuina("start", *words)

    assert done.code == 1
    assert f"no {what} found" in done.err


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--mic", "USB"), "a microphone cannot be hurried"),
        ((), "a microphone cannot be hurried"),
        (("--typed", "--speaker", "USB"), "--pace max cannot wait for a speaker"),
    ],
)
def test_a_device_cannot_go_as_fast_as_the_machine(tuina, words, what):
    """`--pace max` is for recordings and typed commands, and says so."""
    done = tuina("start", "--pace", "max", "--voice", "silent", *words)

    assert done.code == 1
    assert what in done.err


def test_a_trace_that_cannot_be_written_is_refused_before_the_session(tuina, tmp_path):
    """Nothing is spoken that would be missing in the trace."""
    (tmp_path / "file").touch()

    done = tuina("start", *TYPED, "--trace", tmp_path / "file" / "trace.jsonl", stdin="help\n")

    assert (done.code, done.out) == (1, "")
    assert "trace.jsonl: the trace cannot be written" in done.err


def test_a_disk_that_is_full_ends_the_trace_and_not_the_session(tuina):
    """The session goes on; at its end it says that the trace is not whole."""
    done = tuina("start", *TYPED, "--trace", "/dev/full", stdin="help\nend session\n")

    assert done.code == 0
    assert "Goodbye." in done.out
    assert "/dev/full: the trace ends early: No space left on device" in done.words


def test_a_speaker_file_that_cannot_be_made_is_refused(tuina, tmp_path):
    """A folder that is a file, for instance."""
    (tmp_path / "file").touch()

    done = tuina("start", *TYPED, "--speaker", tmp_path / "file" / "out.wav")

    assert done.code == 1
    assert "the recording cannot be written" in done.err


def test_a_broken_file_of_the_persons_own_is_told_and_left_out(tuina, tmp_path):
    """With file and line; the built-in routines work all the same."""
    folder = tmp_path / "home" / "routines"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text("id: mine\nwords: {en: {title: Mine\nsteps: []\n", encoding="utf-8")

    done = tuina("start", "full", *TYPED, stdin="skip\n+30s\nend session\n")

    assert done.code == 0
    assert "home/routines/mine.yaml:3: " in done.words
    assert "Evening routine, about thirteen minutes: say" in done.words


def test_a_wish_for_a_broken_routine_names_what_is_wrong(tuina, tmp_path):
    """The problem of the file is shown, and then that the routine is not there."""
    folder = tmp_path / "home" / "routines"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text("id: mine\nsteps: 7\n", encoding="utf-8")

    done = tuina("start", "mine", *TYPED)

    assert done.code == 1
    assert "mine.yaml:" in done.words
    assert "there is no routine 'mine'" in done.err


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("voice: [red]loud[/red]\n", "settings.yaml:1: "),
        ("language: en\nvolume: 11\n", "settings.yaml:2: volume: Extra inputs are not permitted"),
        ("- en\n", "settings.yaml:1: "),
        ("usual: {{{\n", "settings.yaml:"),
        ("usual: nonsense\n", "There is no routine 'nonsense'"),
    ],
)
def test_broken_settings_keep_nobody_from_starting(tuina, tmp_path, text, what):
    """The problem is shown with its line, and the session begins with what is usual."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.yaml").write_text(text, encoding="utf-8")

    done = tuina("start", *TYPED, stdin="end session\n")

    assert done.code == 0
    assert what in done.words
    assert "Goodbye." in done.out


def test_a_bad_environment_is_refused(tuina, monkeypatch):
    """It is part of the present command, so the command does not run with something else."""
    monkeypatch.setenv("TUINA_ENGINE", "ears")

    done = tuina("start", *TYPED)

    assert done.code == 1
    assert "TUINA_ENGINE" in done.err
    assert "'auto', 'phonetic' or 'vosk'" in done.err


def test_an_engine_without_its_model_is_refused(tuina, wav):
    """Before the session begins, with what to do."""
    done = tuina("start", "--engine", "vosk", "--speaker", "none", "--voice", "silent", "--mic", wav("room.wav"))

    assert (done.code, done.out) == (1, "")
    assert "no Vosk model for 'en' is installed" in done.err
    assert "tuina models list" in done.err


def test_a_home_that_cannot_be_written_does_not_stop_a_session(tuina, tmp_path):
    """Nothing is remembered then, and that is said."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "journal.db").mkdir()

    done = tuina("start", *TYPED, stdin="end session\n")

    assert done.code == 0
    assert "the journal cannot be opened" in done.words


@pytest.mark.parametrize("words", [("start", "--loud"), ("start", "--pace", "slow"), ("sing",), ("hear",), ("replay",)])
def test_an_unknown_word_on_the_command_line_is_a_usage_error(tuina, words):
    """Exit code 2, and where to find help."""
    done = tuina(*words)

    assert done.code == 2
    assert "--help" in done.err


def test_every_command_teaches(tuina):
    """`--help` of each command says what it does, in a sentence, and ends well."""
    commands = [command.name for command in app.registered_commands] + ["models"]

    pages = {name: tuina(name, "--help") for name in commands}

    assert {name for name, page in pages.items() if page.code or "Usage:" not in page.out} == set()
    assert {"start", "demo", "hear", "list", "check", "replay", "doctor", "models"} <= set(commands)


def test_the_help_of_start_shows_every_option(tuina):
    """Nothing has to be looked up elsewhere."""
    page = tuina("start", "--help").words

    for option in ("--mic", "--speaker", "--typed", "--engine", "--voice", "--pace", "--trace"):
        assert option in page


def test_no_traceback_reaches_a_terminal(in_a_process, tmp_path):
    """In a process of its own, as `tuina` is really started."""
    done = in_a_process(tmp_path, "start", "--mic", "nowhere.wav", "--pace", "max")

    assert done.code == 1
    assert "Traceback" not in done.out + done.err
    assert done.err.startswith("tuina: nowhere.wav: ")
