"""One run of `tuina start` on machines with and without sound: what is used, what is said to be missing."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from rich.console import Console

from assistant.capture.wav_file import WavFile
from assistant.errors import TuinaError, UnknownName
from assistant.messages import EAR_RATE_HZ, MOUTH_RATE_HZ
from assistant.store.settings import Folders, Settings
from assistant.terminal.start.run_session import TerminalRun, Wish

SPOKEN = Path(__file__).parents[2] / "data" / "spoken"


@pytest.fixture
def sit(tmp_path, monkeypatch):
    """Run `tuina start` with a silent voice; what was printed, as one line."""

    def run(*, typed="", settings=None, **wishes):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        page = io.StringIO()
        wish = {"routine": None, "microphone": None, "speaker": "none", "is_typed": False, "pace": "max", "trace": None}
        TerminalRun(
            Wish(**(wish | wishes)),
            settings or Settings(voice="silent"),
            Folders(config=tmp_path, data=tmp_path, cache=tmp_path),
            Console(file=page, width=200),
        ).run()
        return page.getvalue()

    return run


def heard(page):
    return [line.partition("you: ")[2] for line in page.splitlines() if "you: " in line]


def spoken(tmp_path, *clips, quiet_s=1.0):
    """A recording of these clips, each followed by a pause."""
    parts = []
    for clip in clips:
        parts += [block.pcm for block in WavFile(SPOKEN / clip).blocks()]
        parts.append(np.zeros(round(quiet_s * EAR_RATE_HZ), np.int16))
    path = tmp_path / "spoken.wav"
    soundfile.write(path, np.concatenate(parts), EAR_RATE_HZ)
    return str(path)


def test_typed_commands_need_no_ear_and_no_microphone(sit, settled, tmp_path):
    """Time counts in samples; a line `+3s` lets time pass."""
    settled(tmp_path)

    page = sit(is_typed=True, routine="legs", typed="start\n+3s\nyou: pause\n# a remark\n\nend session\n")

    assert heard(page) == ["start", "pause", "end session"]
    assert "Goodbye." in page


def test_a_recording_is_heard_once_and_the_last_word_is_answered(sit, tmp_path):
    """Also a word at the very end of the file."""
    page = sit(microphone=spoken(tmp_path, "flite-rms/quieter.flac", "gsc-988e2f9a/stop.flac", quiet_s=0.4))

    assert heard(page) == ["quieter", "stop"]
    assert "Stopped" in page


@pytest.mark.parametrize("quiet_s", [0.0, 0.1, 0.2, 0.3, 0.5])
def test_however_soon_a_recording_ends_each_word_is_obeyed_once(sit, tmp_path, quiet_s):
    """In the pause after it too."""
    page = sit(microphone=spoken(tmp_path, "kokoro-bm_george/louder.flac", quiet_s=quiet_s))

    assert heard(page) == ["louder"]


def test_a_recording_in_real_time_is_heard_and_the_session_ends(sit, tmp_path):
    """The ear, the mouth and the speaker's file on their threads; the same words as at full speed."""
    wav = spoken(tmp_path, "gsc-988e2f9a/stop.flac", "hibari-heart/end_session.flac", quiet_s=0.8)

    page = sit(pace="real", microphone=wav, speaker=str(tmp_path / "out.wav"))

    sound, rate_hz = soundfile.read(tmp_path / "out.wav")
    assert heard(page) == ["stop", "end session"]
    assert "Goodbye." in page
    assert (rate_hz, len(sound) > 2 * MOUTH_RATE_HZ) == (MOUTH_RATE_HZ, True)


def test_typing_in_real_time_ends_when_everything_is_said(sit):
    """The last line typed is not the last word."""
    page = sit(pace="real", is_typed=True, typed="louder\nend session\n")

    assert heard(page) == ["louder", "end session"]
    assert "Goodbye." in page


def test_what_is_typed_wrongly_does_nothing(sit):
    """Nonsense, other scripts, control characters and very long lines are all not understood."""
    odd = ["xyzzy plugh", "停止", "\x1b[31m", "next step " * 500, "'; DROP TABLE", "10 ten -5 999999999999"]

    page = sit(is_typed=True, typed="\n".join([*odd, "end session"]))

    assert len(heard(page)) == len(odd) + 1
    assert all(line.startswith("?") for line in heard(page)[:-1])


def test_speed_is_for_recordings_and_files(sit):
    """A device cannot be hurried; both are told apart from a missing file."""
    with pytest.raises(TuinaError, match="a microphone cannot be hurried.*--mic FILE.wav"):
        sit(microphone="USB")
    with pytest.raises(TuinaError, match="USB: --pace max cannot wait for a speaker"):
        sit(is_typed=True, speaker="USB")


def test_the_usual_routine_is_the_persons_own(sit, settled, tmp_path):
    """The word "start" alone means it; one that does not exist is told and replaced."""
    pages = []
    for usual in ("legs", "arms"):
        settled(tmp_path)
        settings = Settings(voice="silent", usual=usual, rating=False)
        pages.append(sit(is_typed=True, typed="start\nend session\n", settings=settings))

    legs, none = pages
    assert "Technique one of three" in legs
    assert "There is no routine 'arms'" in none
    assert "Technique one of eight" in none


def test_a_routine_may_be_asked_for_by_any_of_its_names(sit):
    """Id, title or spoken name; nothing else."""
    lesson_and_pace = "skip\n+30s\n"  # a first session's; the routine is offered after them
    for name in ("full", "Evening routine", "the full one"):
        assert "Evening routine" in sit(is_typed=True, routine=name, typed=f"{lesson_and_pace}end session\n")
    with pytest.raises(UnknownName, match="morning"):
        sit(is_typed=True, routine="morning")


def test_the_speaker_plays_into_a_file_when_asked(sit, tmp_path):
    """As long as the session, at the voice's rate."""
    sit(is_typed=True, speaker="out.wav", typed="end session\n")

    sound, rate_hz = soundfile.read(tmp_path / "out.wav")
    assert rate_hz == MOUTH_RATE_HZ
    assert len(sound) > rate_hz


def test_the_advice_is_remembered_from_one_run_to_the_next(sit):
    """In the journal of the person's home."""
    first = sit(is_typed=True, typed="+30s\nend session\n")
    second = sit(is_typed=True, typed="+30s\nend session\n")

    assert "see a doctor" in first
    assert "see a doctor" not in second.lower()
