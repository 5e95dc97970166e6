"""A person speaks for a whole session: recorded voices in, real decoding, real speech out, the real command line.

`tests/data/spoken/*.txt` says who says what. A session on the spot hears it in a room, whose microphone is taped; the
command line is then given the tape as a WAV.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr

from assistant.capture.wav_file import WavFile
from assistant.clock import SystemClock
from assistant.messages import EAR_RATE_HZ, MOUTH_RATE_HZ, Pcm
from assistant.speak.player import Player
from assistant.store.journal import Journal
from assistant.store.settings import Settings, folders
from assistant.wire import build
from assistant.wire.lockstep import Nowhere, SilentRoom, run_lines
from assistant.wire.mouth import DirectMouth
from assistant.wire.trace import TraceWriter
from tests.fakes.command_line import settle

SPOKEN = Path(__file__).parent / "data" / "spoken"
Record = dict[str, Any]


@dataclass(frozen=True)
class Taped:
    """The microphone's sound in a session, and the trace of that session."""

    wav: Path
    trace: str
    home: Path


def recording(line: str) -> Pcm:
    """The clip of a line "voice: what it says"."""
    voice, _, text = line.partition(": ")
    path = SPOKEN / voice / f"{text.replace(' ', '_')}.flac"
    return np.concatenate([block.pcm for block in WavFile(path).blocks()])


def tape(script: str, loaded: build.LoadedFiles, home: Path) -> Taped:
    """Speak a script to a session that begins with the full routine, by somebody who has heard the advice before."""
    where = folders({"TUINA_HOME": str(home)})
    clock = SystemClock()
    settle(home)
    journal = Journal(where.journal)
    player, heard, trace = Player(), [], StringIO()
    ear = build.ear("phonetic", Settings(), where, loaded.phrases)
    room = SilentRoom(ear, heard.append)
    session = build.session(
        loaded,
        player,
        DirectMouth(build.clips(build.voice("auto", "en", pytest.fail), where), player),
        ear.expect,
        clock=clock,
        journal=journal,
        observers=(TraceWriter(trace, loaded.library),),
    )

    session.begin("full", "full", preferred={"speech_rate": Settings().speech_rate})
    lines = (SPOKEN / script).read_text(encoding="utf-8").splitlines()
    run_lines(session, player, Nowhere(), lines, say=lambda line: room.play(recording(line)), room=room)

    journal.close()
    wav = home / f"{Path(script).stem}.wav"
    soundfile.write(wav, np.concatenate(heard), EAR_RATE_HZ, subtype="PCM_16")
    return Taped(wav, trace.getvalue(), home)


def tuina(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, at home in `home`."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", *map(str, arguments)],
        cwd=home,
        env={**os.environ, "TUINA_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[1])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def start(taped: Taped, wav: Path, *more: object) -> tuple[subprocess.CompletedProcess[str], str]:
    """`tuina start full` on a recording as fast as it goes, and its trace."""
    settle(taped.home)
    trace = taped.home / "trace.jsonl"
    done = tuina(taped.home, "start", "full", "--mic", wav, "--pace", "max", "--trace", trace, *more)
    return done, trace.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def evening(loaded, tmp_path_factory) -> Taped:
    return tape("full.txt", loaded, tmp_path_factory.mktemp("evening"))


@pytest.fixture(scope="module")
def minute(loaded, tmp_path_factory) -> Taped:
    return tape("short.txt", loaded, tmp_path_factory.mktemp("minute"))


@pytest.fixture(scope="module")
def driven(evening) -> tuple[subprocess.CompletedProcess[str], str]:
    return start(evening, evening.wav, "--speaker", evening.home / "out.wav")


@pytest.fixture(scope="module")
def records(driven) -> list[Record]:
    return [json.loads(line) for line in driven[1].splitlines()]


def ageless(trace: str) -> list[str]:
    """The lines of a trace without the seconds since each safety question was passed: those follow the real clock."""
    return re.sub(r'("checked_[a-z]+": )[0-9.]+', r"\1_", trace).splitlines()


def counted(records: list[Record]) -> list[list[int]]:
    """For each technique the numbers that sounded, in order."""
    each: list[list[int]] = []
    n = 0
    for record in records:
        if record.get("reply") == "step":
            each.append([])
        elif record.get("effect") == "beat":
            n = record["n"]
        elif record.get("event") == "due" and record["tag"] == "beat":
            each[-1].append(n)
    return each


def doses(loaded: build.LoadedFiles) -> list[list[int]]:
    """For each technique of the full routine the numbers that it should hear: 1 to its dose on each side."""
    library = loaded.library
    each = []
    for step in library.routines["full"].steps:
        technique = library.techniques[step.technique]
        side = list(range(1, (step.repetitions or technique.dose.usual) + 1))
        each.append(side * (2 if technique.sides == "each" else 1))
    most = library.techniques["back-pound"].dose.most
    each[-1] = list(range(1, most + 1))  # "ten more" than 24 is more than the most
    return each


def test_a_recording_drives_all_eight_techniques_to_the_end(driven, records):
    """The command line ends by itself and well, after the last word of the routine."""
    done, _ = driven

    assert (done.returncode, done.stderr) == (0, "")
    assert "Technique eight of eight" in done.stdout
    assert "is complete" in done.stdout
    assert [one["reason"] for one in records if one.get("effect") == "leave"] == ["finished"]


def test_every_repetition_is_counted_on_both_sides(records, loaded):
    """Pauses, pain, questions, changes of tempo and a television in between: no number is skipped or said twice."""
    assert counted(records) == doses(loaded)


def test_every_command_is_understood_and_the_television_is_not(records, loaded):
    """Every command is heard in order; the television is heard twice, and not understood."""
    lines = [line for line in (SPOKEN / "full.txt").read_text(encoding="utf-8").splitlines() if ": " in line]
    said = [line.partition(": ")[2] for line in lines if not line.startswith("#")]
    meanings = {phrase.text: phrase.intent.value for phrase in loaded.phrases}

    heard = [one.get("intent") for one in records if one.get("event") in {"said", "not_now", "unsure"}]

    assert heard == [meanings.get(text) for text in said]
    assert heard.count(None) == 2


def test_the_same_recording_gives_the_same_trace(evening, driven):
    """Byte for byte: in the room, from the command line, and from the command line again."""
    again, trace = start(evening, evening.wav)

    assert again.returncode == 0
    assert ageless(driven[1]) == ageless(evening.trace)
    assert ageless(trace) == ageless(driven[1])


def test_the_trace_can_be_replayed(evening, driven, records):
    """`tuina replay` gives the same effects, and counts them."""
    trace = evening.home / "kept.jsonl"
    trace.write_text(driven[1], encoding="utf-8")

    done = tuina(evening.home, "replay", trace)

    events = sum("event" in one for one in records) - 1  # the header
    effects = sum("effect" in one for one in records)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{events} events gave the same {effects} effects" in " ".join(done.stdout.split())


def test_what_the_speaker_played_lasts_as_long_as_the_session(evening, driven, records):
    """The WAV of the speaker is whole, not silent, and as long as the session by its trace."""
    sound, rate_hz = soundfile.read(evening.home / "out.wav", dtype="int16")

    assert rate_hz == MOUTH_RATE_HZ
    assert abs(len(sound) / rate_hz - records[-1]["at_s"]) < 0.1
    assert np.mean(np.abs(sound) > 300) > 0.05


@pytest.mark.parametrize(
    ("rate_hz", "channels", "subtype"),
    [(44_100, 2, "PCM_24"), (48_000, 2, "FLOAT"), (16_000, 1, "PCM_32")],
    ids=["24-bit-stereo-44100", "float-stereo-48000", "32-bit-16000"],
)
def test_any_usual_wav_gives_the_same_conversation(minute, tmp_path, rate_hz, channels, subtype):
    """Rate, depth and channels of a recording change nothing that is said or done."""
    sound, _ = soundfile.read(minute.wav, dtype="float64")
    resampled = soxr.resample(sound, EAR_RATE_HZ, rate_hz)
    wav = tmp_path / "other.wav"
    soundfile.write(wav, np.stack([resampled] * channels, axis=1), rate_hz, subtype=subtype)

    done, trace = start(minute, wav)

    assert (done.returncode, done.stderr) == (0, "")
    assert words(trace) == words(minute.trace)
    assert any(kind == "stop" for kind, _ in words(trace))


def words(trace: str) -> list[tuple[str, str]]:
    """Return what was meant and what was said, without times."""
    records = [json.loads(line) for line in trace.splitlines()]
    return [(one.get("intent", one.get("reply", "")), one.get("text", "")) for one in records if one.get("text")]
