"""`tuina hear`: recordings of people and machines through the real ear, and files that are no recordings."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from typer.testing import CliRunner

from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.errors import BadAudio, UnknownName
from assistant.interpret import Interpreter
from assistant.messages import Intent
from assistant.terminal.app import app
from assistant.wire.build import LoadedFiles
from assistant.wire.hear_recording import Hearing, hear_file, legal_for

SPEECH = Path(__file__).parent.parent / "data" / "speech"
ROWS = [json.loads(line) for line in (SPEECH / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
EVERYTHING = frozenset(Intent)
KEYS = ["file", "at_s", "end_s", "text", "intent", "asked", "slots", "score", "accepted"]


@pytest.fixture(scope="module")
def interpreter(loaded: LoadedFiles) -> Interpreter:
    return Interpreter(loaded.phrases, loaded.pack)


@pytest.fixture(scope="module")
def ear(loaded: LoadedFiles) -> PhoneticEngine:
    made = PhoneticEngine()
    made.learn(loaded.phrases)
    return made


@pytest.fixture(scope="module")
def everything(ear: PhoneticEngine, interpreter: Interpreter) -> list[tuple[dict[str, object], tuple[Hearing, ...]]]:
    """Each clip of the manifest and what was heard in it."""
    return [(row, hear_file(SPEECH / row["file"], ear, interpreter, EVERYTHING)[0]) for row in ROWS]


def one(path: Path, ear: PhoneticEngine, interpreter: Interpreter, legal: frozenset[Intent] = EVERYTHING) -> Hearing:
    (heard,) = hear_file(path, ear, interpreter, legal)[0]
    return heard


def clip(text: str, voice: str = "hibari-heart") -> Path:
    return SPEECH / next(row["file"] for row in ROWS if row["text"] == text and row["voice"] == voice)


def a_command() -> tuple[Path, str]:
    row = next(row for row in ROWS if row["voice"] == "hibari-heart" and row["intent"] == "next")
    return SPEECH / row["file"], row["intent"]


def is_right(row: dict[str, object], heard: tuple[Hearing, ...]) -> bool:
    acts = [(h.intent, h.slots) for h in heard if h.accepted]
    return acts == [(row["intent"], row["slots"])]


@pytest.mark.parametrize("human", [True, False])
def test_most_commands_are_right(everything: list, human: bool) -> None:
    """People's stop, yes and no, and synthetic commands: at least 85 % of this small part do what they should."""
    verdicts = [is_right(row, heard) for row, heard in everything if row["intent"] and row["human"] is human]

    assert len(verdicts) >= 30
    assert np.mean(verdicts) >= 0.85


def test_talk_never_acts(everything: list) -> None:
    """Conversation, television, the assistant's own sentences and noise do nothing."""
    others = {"talk", "broadcast", "assistant", "background"}

    acts = [(row["text"], h.text) for row, heard in everything if row["kind"] in others for h in heard if h.accepted]

    assert Counter(row["kind"] for row in ROWS)["talk"] >= 8
    assert acts == []


def test_unrelated_words_hardly_act(ear: PhoneticEngine, interpreter: Interpreter) -> None:
    """Single words and bare numbers, where no rating is asked for: at most 2 of 24 act (the full set has 3 %)."""
    legal = legal_for(None)

    words = [
        hear_file(SPEECH / row["file"], ear, interpreter, legal)[0] for row in ROWS if row["kind"] in {"word", "digit"}
    ]

    assert len(words) == 24
    assert sum(any(h.accepted for h in heard) for heard in words) <= 2


def test_a_bare_number_is_a_rating_where_one_is_asked_for(everything: list) -> None:
    """The number that was said, or none; at least three of the six, and no other word is a number."""
    acts = [
        (row["text"], h.text)
        for row, heard in everything
        if row["kind"] in {"word", "digit"}
        for h in heard
        if h.accepted and h.intent is Intent.RATE_PAIN
    ]

    assert len(acts) >= 3
    assert all(said == understood for said, understood in acts)


def test_times_lie_within_the_file(everything: list) -> None:
    """Every utterance begins and ends inside of its own file."""
    for row, heard in everything:
        for h in heard:
            assert 0.0 <= h.at_s <= h.end_s <= row["seconds"] + 0.03


def test_not_sure_has_no_intent(everything: list) -> None:
    """An unsure utterance has neither intent nor slots, and is not accepted."""
    unsure = [h for _, heard in everything for h in heard if h.intent is None]

    assert unsure
    assert all(h.slots == {} and not h.accepted for h in unsure)


@pytest.mark.parametrize(
    ("rate_hz", "subtype", "channels", "suffix"),
    [
        (8_000, "PCM_16", 1, "wav"),
        (44_100, "PCM_24", 2, "wav"),
        (48_000, "FLOAT", 2, "wav"),
        (22_050, "PCM_16", 1, "flac"),
    ],
)
def test_any_recording_is_heard(
    tmp_path: Path,
    ear: PhoneticEngine,
    interpreter: Interpreter,
    rate_hz: int,
    subtype: str,
    channels: int,
    suffix: str,
) -> None:
    """The same command is heard at any usual rate, depth and number of channels."""
    source, intent = a_command()
    sound, rate = soundfile.read(source, dtype="float32")
    other = soxr.resample(sound, rate, rate_hz)
    path = tmp_path / f"clip.{suffix}"
    soundfile.write(path, np.repeat(other[:, None], channels, axis=1), rate_hz, subtype=subtype)

    heard = one(path, ear, interpreter)

    assert heard.intent == intent
    assert heard.accepted


def test_a_clip_cut_at_the_word_is_heard(tmp_path: Path, ear: PhoneticEngine, interpreter: Interpreter) -> None:
    """A recording that begins and ends with the word itself is heard, from its first sound."""
    source, intent = a_command()
    voice = one(source, ear, interpreter)
    sound, rate = soundfile.read(source, dtype="int16")
    path = tmp_path / "cut.wav"
    soundfile.write(path, sound[round(voice.at_s * rate) : round(voice.end_s * rate)], rate)

    heard = one(path, ear, interpreter)

    assert heard.intent == intent
    assert heard.at_s < 0.1


def test_state_decides_what_is_accepted(ear: PhoneticEngine, interpreter: Interpreter) -> None:
    """A command that is not legal in the state keeps its intent and is not accepted."""
    path, intent = a_command()

    heard = one(path, ear, interpreter, frozenset({Intent.STOP}))

    assert heard.intent == intent
    assert not heard.accepted


def test_order_of_files_changes_nothing(ear: PhoneticEngine, interpreter: Interpreter) -> None:
    """A file is heard the same, whatever was heard before it."""
    path, _ = a_command()
    alone = hear_file(path, ear, interpreter, EVERYTHING)

    hear_file(SPEECH / ROWS[-1]["file"], ear, interpreter, EVERYTHING)

    assert hear_file(path, ear, interpreter, EVERYTHING) == alone


def test_unknown_state_is_named() -> None:
    """A state that does not exist is an error that lists those that do."""
    with pytest.raises(UnknownName, match="nowhere") as caught:
        legal_for("nowhere")

    assert "counting" in caught.value.remedy


def test_safety_is_legal_wherever_somebody_is_guided() -> None:
    """Counting accepts stop, and without a state everything is legal but a bare number, which is for the rating."""
    assert Intent.STOP in legal_for("counting")
    assert legal_for(None) == EVERYTHING - {Intent.RATE_PAIN}
    assert Intent.RATE_PAIN in legal_for("rating")


def test_missing_file_is_an_error(ear: PhoneticEngine, interpreter: Interpreter) -> None:
    """A file that is not there is named."""
    with pytest.raises(BadAudio, match="such file") as caught:
        hear_file(Path("nowhere.wav"), ear, interpreter, EVERYTHING)

    assert caught.value.where == "nowhere.wav"


def test_command_prints_one_json_object_a_line() -> None:
    """`tuina hear --json` gives exactly the promised keys, in order, for each utterance."""
    path, intent = a_command()

    result = CliRunner().invoke(app, ["hear", "--json", str(path)])

    (line,) = result.stdout.splitlines()
    printed = json.loads(line)
    assert list(printed) == KEYS
    assert (printed["file"], printed["intent"], printed["accepted"]) == (str(path), intent, True)
    assert result.exit_code == 0


def test_command_goes_on_after_bad_files(tmp_path: Path) -> None:
    """Missing, empty and cut files are named, the others are heard, and the exit code is 1."""
    path, _ = a_command()
    empty = tmp_path / "empty.wav"
    empty.write_bytes(b"")
    cut = tmp_path / "cut.wav"
    sound, rate = soundfile.read(path, dtype="int16")
    soundfile.write(cut, sound, rate)
    cut.write_bytes(cut.read_bytes()[:-4_000])

    result = CliRunner().invoke(app, ["hear", "--json", "nowhere.wav", str(empty), str(cut), str(path)])

    assert result.exit_code == 1
    for name in ("nowhere.wav", "empty.wav", "cut.wav"):
        assert name in result.stderr
    assert str(path) in [json.loads(line)["file"] for line in result.stdout.splitlines()]


def test_command_prints_a_table_for_people() -> None:
    """Without --json a person sees the words and their meaning."""
    path, intent = a_command()

    result = CliRunner().invoke(app, ["hear", str(path)])

    assert intent in result.stdout
    assert "accepted" in result.stdout


def test_unknown_routine_is_an_error() -> None:
    """A routine that does not exist is refused."""
    path, _ = a_command()

    result = CliRunner().invoke(app, ["hear", "--routine", "nowhere", str(path)])

    assert isinstance(result.exception, UnknownName)
