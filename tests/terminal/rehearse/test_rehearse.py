"""Rehearsals with recordings of people, through the real ear: what is learned, what is refused, what is said."""

from __future__ import annotations

import queue
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.capture.wav_file import WavFile
from assistant.decode.phonetic.reading import PhoneReading
from assistant.decode.segment import Utterance
from assistant.errors import BadAudio, DeviceError, UnknownName
from assistant.messages import Intent
from assistant.terminal.acoustics.clip_quality import flaw
from assistant.terminal.rehearse.by_voice import VoiceRehearsal
from assistant.terminal.rehearse.commands import CommandToRehearse, commands_for, core_texts
from assistant.terminal.rehearse.from_recordings import command_of, files_in, takes_in
from assistant.terminal.rehearse.learn import Missed, PronunciationLearner, RehearsedCommand, Take
from assistant.terminal.rehearse.wording import RehearsalWords
from assistant.wire import build

PEOPLE = Path(__file__).parents[2] / "data" / "speech" / "audio" / "gsc"
STOPS = ("stop_8fe67225_nohash_1", "stop_8fe67225_nohash_3", "stop_cc592808_nohash_1")
STRANGE = "sheila_a8ee11c7_nohash_1"  # a word that no command is near


class Nobody:
    def took(self, command: CommandToRehearse, got: Take | Missed) -> None:
        pass


@pytest.fixture(scope="module")
def said() -> Callable[..., list[Utterance]]:
    """The utterances of these recordings."""

    def find(*names: str) -> list[Utterance]:
        return takes_in([PEOPLE / f"{name}.flac" for name in names], {"stop"}, "stop")["stop"]

    return find


@pytest.fixture
def rehearsal(loaded) -> PronunciationLearner:
    return PronunciationLearner(loaded.phrases, {}, build.phonetic)


@pytest.fixture
def asked(loaded) -> Callable[[str], CommandToRehearse]:
    return lambda text: commands_for(loaded.pack, loaded.phrases, [text])[0]


@pytest.fixture
def words(loaded) -> RehearsalWords:
    return RehearsalWords(loaded.pack)


def take(**more: object) -> Take:
    values = {"text": "stop", "is_heard": False, "reading": ("s t ɑ p",), "off": 0.0, "words": {}, "sounds_like": ""}
    return Take(utterance=None, **(values | more))  # type: ignore[arg-type]


def test_a_command_that_is_heard_each_time_teaches_nothing(rehearsal, asked, said, words):
    """Two good takes are enough; the third is not asked for."""
    rehearsal.run([asked("stop")], lambda _: iter(said(*STOPS)), Nobody())
    learned, (result,) = rehearsal.learn()

    assert learned == {}
    assert (len(result.takes), result.heard, result.after) == (2, 2, 2)
    assert words.verdict(result) == "“stop”: heard every time."
    assert words.end([result]) == "I hear every command now."


def test_a_way_of_saying_it_is_learned_and_then_heard(rehearsal, asked, said, loaded, words):
    """Three takes of what the ear never knew; each is heard by what the two others teach."""
    rehearsal.run([asked("stop")], lambda _: iter(said(STRANGE) * 3), Nobody())
    learned, (result,) = rehearsal.learn()
    ear = build.phonetic(learned)
    ear.learn(loaded.phrases)

    assert list(learned) == ["stop"]
    assert (result.heard, result.after) == (0, 3)
    assert words.verdict(result) == "“stop”: heard zero of three times, and three of three with what I learned."
    assert [(one.text, one.is_sure) for one in map(ear.hear, said(STRANGE))] == [("stop", True)]


def test_what_is_learned_of_one_command_leaves_the_others_alone(rehearsal, asked, said):
    """The takes of another command are heard as before."""
    takes = {"stop": said(STRANGE) * 3, "no": said("no_a6f2fd71_nohash_1", "no_ffb86d3c_nohash_0")}
    rehearsal.run([asked("stop"), asked("no")], lambda command: iter(takes[command.text]), Nobody())
    _, results = rehearsal.learn()

    assert [result.after for result in results] == [3, 2]


def test_a_take_that_is_another_command_is_refused(rehearsal, asked, said, words):
    """It is said which one, and what to say instead."""
    rehearsal.run([asked("no")], lambda _: iter(said(*STOPS)), Nobody())
    learned, (result,) = rehearsal.learn()

    assert learned == {}
    assert result.sounds_like == "stop"
    assert words.verdict(result) == "“no” sounds like “stop”, so I learned nothing of it. Say “nope” instead."


def test_a_take_that_is_a_piece_of_other_commands_is_refused(rehearsal, asked, said):
    """The word "right" alone does nothing, and must not begin to; with a vowel like this it is as near to "wait"."""
    rehearsal.run([asked("no")], lambda _: iter(said("right_91b03183_nohash_0") * 3), Nobody())
    learned, (result,) = rehearsal.learn()

    assert learned == {}
    assert result.sounds_like in ("right", "wait")


def test_a_single_take_that_is_like_nothing_is_not_learned(rehearsal, asked, said):
    """The television spoke into the rehearsal: near neither the command nor the other takes."""
    rehearsal.run([asked("stop")], lambda _: iter(said(STRANGE, *STOPS[:2])), Nobody())
    learned, (result,) = rehearsal.learn()

    assert result.takes[0].words
    assert learned == {}


@pytest.mark.parametrize(
    ("readings", "offs", "count"),
    [
        ((("s t ɔ p",), ("ʃ i l ɝ",)), (0.25, 1.0), 1),
        ((("ʃ i l ɝ",), ("ʃ i l ə",)), (1.0, 1.0), 2),
        ((("ʃ i l ɝ",), ("h aʊ s",)), (1.0, 1.0), 0),
    ],
)
def test_takes_are_believed_that_are_like_the_command_or_alike(asked, readings: tuple[PhoneReading, ...], offs, count):
    """Half of the phones must be the same."""
    takes = [take(reading=reading, off=off) for reading, off in zip(readings, offs, strict=True)]

    result = RehearsedCommand(command=asked("stop"), takes=tuple(takes))

    assert len(result.lessons) == count


def test_nothing_is_learned_where_most_takes_sound_like_something_else(asked):
    """Nothing is learned from the rest, since it would be a word that is easily mistaken."""
    takes = (take(sounds_like="not"), take(sounds_like="not"), take(words={"no": "n ɔ"}))

    assert RehearsedCommand(command=asked("no"), takes=takes).lessons == ()
    assert len(RehearsedCommand(command=asked("no"), takes=takes[1:]).lessons) == 2


def test_sound_that_cannot_be_used_is_told(rehearsal, asked, said, words):
    """Too quiet, too loud, and silence each have their sentence; nothing is learned."""
    (one,) = said(STOPS[0])
    loud = np.where(one.pcm >= 0, 32_767, -32_768).astype(np.int16)
    takes = [None, _with(one, one.pcm // 5_000), _with(one, loud)]
    rehearsal.run([asked("stop")], lambda _: iter(takes), Nobody())
    learned, (result,) = rehearsal.learn()

    assert learned == {}
    assert result.missed == ("silence", "too_quiet", "too_loud")
    assert words.verdict(result) == "That was too loud. Move away, or turn the microphone down."
    assert words.end([result]) == "I hear zero of one commands every time now."


@pytest.mark.parametrize(("scale", "found"), [(1.0, None), (0.03, None), (0.0, "too_quiet")])
def test_level_matters_only_at_the_ends(said, scale, found):
    """A thirtieth of the usual level is read as well (docs/recognition.md, "Level")."""
    (one,) = said(STOPS[0])

    assert flaw((one.pcm * scale).astype(np.int16)) == found
    assert flaw(one.pcm[:0]) == "too_quiet"


def test_it_ends_when_nobody_answers(rehearsal, asked, words):
    """Three commands in silence; they leave no results."""
    commands = [asked(text) for text in ("stop", "pause", "yes", "no")]
    count = 0

    def silence(_: CommandToRehearse):
        nonlocal count
        for _ in range(9):
            count += 1
            yield None

    rehearsal.run(commands, silence, Nobody())

    assert count == 9
    assert words.end(rehearsal.learn()[1]) == "Nobody answers. I end here."


def test_the_core_commands_begin_with_safety_and_have_other_words(loaded):
    """Each is a phrase of the language."""
    commands = commands_for(loaded.pack, loaded.phrases, core_texts(loaded.pack))

    assert [command.intent for command in commands[:3]] == [Intent.STOP, Intent.PAIN, Intent.PAUSE]
    assert all(command.instead not in {"", command.text} for command in commands)
    with pytest.raises(UnknownName, match="'bananas' is no command"):
        commands_for(loaded.pack, loaded.phrases, ["bananas"])


@pytest.mark.parametrize("name", ["stop", "stop-2", "STOP 3", "how-many-left_1", "how many left (2)", "step five"])
def test_a_recording_is_named_after_its_words(name):
    """Hyphens are spaces, and a number at the end only counts."""
    assert command_of(Path(f"{name}.wav"), {"stop", "how many left", "step five"}) in name.lower().replace("-", " ")


def test_a_recording_with_another_name_is_refused(tmp_path):
    """As is a folder without any."""
    with pytest.raises(UnknownName, match="'banana' is no command"):
        command_of(Path("banana-1.wav"), {"stop"})
    with pytest.raises(BadAudio, match="no recording in this folder"):
        files_in(tmp_path)


class Line:
    """Stands for the frames of a microphone: a recording, then nothing more."""

    def __init__(self, *names: str) -> None:
        self.frames = [block.pcm for name in names for block in WavFile(PEOPLE / f"{name}.flac").blocks()]
        self.frames += [np.zeros(320, np.int16)] * 50
        self.given = 0

    def qsize(self) -> int:
        return 0

    def get(self, timeout: float) -> tuple[bytes, float, float]:
        if self.given == len(self.frames):
            raise queue.Empty
        self.given += 1
        return self.frames[self.given - 1].tobytes(), (self.given - 1) * 0.02, 0.0


@pytest.fixture
def booth(words):
    """A booth without a speaker, and what it showed."""
    shown: list[str] = []
    made = VoiceRehearsal(words, None, None, None, shown.append)
    return made, shown


def test_the_booth_asks_and_gives_one_answer_at_a_time(booth, asked):
    """The next utterance is the answer to the next question."""
    made, shown = booth
    made._frames = Line(STOPS[0], STRANGE, STOPS[1])
    takes = made.takes(asked("stop"))

    answers = [next(takes), next(takes)]

    assert all(answer is not None for answer in answers)
    assert shown == ["Say “stop”.", "Again: “stop”."]


def test_the_booth_waits_some_seconds_for_a_voice(booth, asked):
    """Then it was silence."""
    made, _ = booth
    made._frames = Line()
    made._frames.frames = [np.zeros(320, np.int16)] * 400

    assert next(made.takes(asked("stop"))) is None
    assert made._frames.given == 300


def test_the_booth_tells_of_the_room_once_after_the_first_command(booth, asked, said):
    """A person who speaks too softly need not go on like that to the end."""
    made, shown = booth
    made._frames = Line(STOPS[0])
    for one in said(*STOPS[:2]):
        made._meter.spoke(_with(one, one.pcm * 0.01))

    next(made.takes(asked("no")))
    made._tell_room()

    assert shown == ["I hear you only softly. Come closer, or turn the microphone up.", "Say “no”."]
    assert made.room.voice_dbfs > -40


def test_a_microphone_that_goes_is_told(booth, asked):
    """Instead of waiting for ever."""
    made, _ = booth
    made._frames = Line()
    made._frames.frames = []

    with pytest.raises(DeviceError, match="no sound any more"):
        next(made.takes(asked("stop")))


def _with(one: Utterance, pcm: np.ndarray) -> Utterance:
    return Utterance(pcm=pcm.astype(np.int16), at_s=one.at_s, end_s=one.end_s, speech=one.speech, is_over=True)
