"""A newcomer's first steps without a microphone: `tuina start`, without sound and without a terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pytest
import soundfile
import soxr

from assistant.capture.devices import find_device
from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.errors import BadAudio, DeviceError
from assistant.messages import BLOCK_S, EAR_RATE_HZ, MOUTH_RATE_HZ, AudioBlock, Intent, Pcm, Phrase
from assistant.respond.adjust import SLOWER
from assistant.store.settings import folders
from assistant.terminal.demo.play import PERSON, spoken
from assistant.wire import build

LIKE = 0.95  # a clip correlates with itself in the stream to 1.0; the nearest other number reached 0.78
LAST_NUMBER = 25  # the demo's first count is cut at 23
LINE = re.compile(r"^ *(\d+):(\d\d\.\d) +(you|it): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Shown:
    """The text that the demo printed, and the sound that its speaker played."""

    code: int
    err: str
    lines: list[tuple[float, str, str]]
    """Time in seconds, who, what."""
    stream: Pcm
    numbers: list[tuple[int, int]]
    """Every counted number that sounds: the sample at which it begins, and the number."""
    files: set[str]
    """Files that the demo left at home."""

    def said(self, who: str) -> list[str]:
        return [text for _, speaker, text in self.lines if speaker == who]


def has_microphone() -> bool:
    try:
        find_device(None, "input")
    except DeviceError:
        return False
    return True


@pytest.fixture(scope="module")
def demo(in_a_process, tmp_path_factory, loaded) -> Shown:
    home = tmp_path_factory.mktemp("newcomer")
    done = in_a_process(home, "demo" if has_microphone() else "start")
    stream, rate_hz = soundfile.read(home / "out" / "demo.wav", dtype="int16")
    assert rate_hz == MOUTH_RATE_HZ
    lines = [(60 * int(m) + float(s), who, text) for m, s, who, text in LINE.findall(done.out)]
    clips = build.clips(build.voice("auto", "en", pytest.fail), folders({"TUINA_HOME": str(home)}))
    words = {n: clips.get(loaded.pack.numbers[n]).pcm for n in range(1, LAST_NUMBER + 1)}
    return Shown(done.code, done.err, lines, stream, onsets(stream, words), {path.name for path in home.iterdir()})


def onsets(stream: Pcm, words: dict[int, Pcm]) -> list[tuple[int, int]]:
    """Return the position of each clip in the stream, in order: normalised correlation, by Fourier transform."""
    size = 1 << (len(stream) + MOUTH_RATE_HZ).bit_length()
    wave = stream.astype(np.float64)
    spectrum = np.fft.rfft(wave, size)
    energy = np.concatenate([[0.0], np.cumsum(wave * wave)])
    found = []
    for n, word in words.items():
        clip = word.astype(np.float64)
        product = np.fft.irfft(spectrum * np.conj(np.fft.rfft(clip, size)), size)[: len(wave) - len(clip)]
        windows = energy[len(clip) :][: len(product)] - energy[: len(product)]
        likeness = product / (np.sqrt(windows + 1e6) * np.linalg.norm(clip))
        found += [
            (int(at), n) for at in np.flatnonzero(likeness > LIKE) if likeness[at] == likeness[at - 99 : at + 99].max()
        ]
    return sorted(found)


def first_count(demo: Shown) -> dict[int, int]:
    """Of each number of the first count the sample at which it began; the count-in after the pause is left out."""
    end = next(at for at, said, text in demo.lines if said == "it" and text.startswith("Technique two"))
    first: dict[int, int] = {}
    for at, n in demo.numbers:
        if at < end * MOUTH_RATE_HZ:
            first.setdefault(n, at)
    return first


def test_it_ends_well(demo):
    """Exit code 0, and nothing on the error stream."""
    assert (demo.code, demo.err) == (0, "")


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("start the evening routine", "Evening routine: eight techniques"),
        ("how many left", "left."),
        ("slower", "Slower."),
        ("pause", "Paused at"),
        ("resume", "Going on after"),
        ("next", "Technique two of eight"),
        ("that hurt", "Let go."),  # pain acts before the person has said the last sound of "that hurts"
        ("end session", "Goodbye."),
    ],
)
def test_every_command_of_the_conversation_is_heard_and_answered(demo, command, answer):
    """Each sentence of the recorded person is printed as heard, and the answer is among the next sentences."""
    said = [text for _, _, text in demo.lines]
    places = [i for i, (_, who, text) in enumerate(demo.lines) if who == "you" and text == command]

    assert places
    assert any(answer in text for place in places for text in said[place : place + 4])


def test_it_is_nobodys_first_session(demo):
    """The demo leaves its recording and the clips of its voice, and remembers nothing."""
    assert demo.files == {"cache", "out"}


def test_every_line_of_the_script_is_understood(demo):
    """Nothing that the recorded person says is shown as not understood or not possible now."""
    script = (PERSON / "script.txt").read_text(encoding="utf-8").splitlines()
    lines = [line for line in script if line and line[0] not in "#+"]

    assert len(demo.said("you")) == len(lines)
    assert [text for text in demo.said("you") if "?" in text or "not now" in text] == []


def test_the_count_is_in_the_sound_at_the_right_tempo(demo, loaded):
    """One beat is as far from the next as the technique says, and 1 / 0.85 farther after "slower", to the sample."""
    at = first_count(demo)
    asked_s = next(at_s for at_s, who, text in demo.lines if (who, text) == ("you", "slower"))
    period = MOUTH_RATE_HZ * 60 / loaded.library.techniques["gate-of-life"].tempo_bpm.usual
    apart = {n: at[n + 1] - at[n] for n in at if n + 1 in at and at[n + 1] - at[n] < 2 * period}
    before = [gap for n, gap in apart.items() if at[n + 1] < asked_s * MOUTH_RATE_HZ]
    after = [gap for n, gap in apart.items() if at[n] > (asked_s + 3) * MOUTH_RATE_HZ]

    assert min(len(before), len(after)) >= 5
    assert max(abs(gap - period) for gap in before) <= 1
    assert max(abs(gap - period / SLOWER) for gap in after) <= 1


def test_no_number_of_the_count_is_skipped(demo):
    """The first count goes from one on, through a question, a change of tempo and a pause, in order.

    Only over the answer to "how many left", which would be wrong one number later, a number may be ticked, not spoken.
    """
    at = first_count(demo)
    left = next(at_s for at_s, who, text in demo.lines if who == "it" and text.endswith("left."))
    before = max(n for n, sample in at.items() if sample < left * MOUTH_RATE_HZ)

    assert list(at) == sorted(at)
    assert set(range(1, max(at) + 1)) - set(at) <= {before + 1}
    assert max(at) >= 20


def test_the_ear_hears_the_numbers_in_the_sound(demo, loaded):
    """Of the numbers that nothing sounds over the ear gets most, and never a wrong one that it is sure of."""
    ear = PhoneticEngine()
    ear.learn([Phrase(text=loaded.pack.numbers[n], intent=Intent.GO_TO, slots={"number": n}) for n in range(1, 61)])
    spoken_numbers = [(at, n) for at, n in demo.numbers if is_alone(at, demo)]

    heard = [(n, transcribed(demo.stream[at - 12_000 : at + 24_000], ear)) for at, n in spoken_numbers]

    right = [n for n, text in heard if text == loaded.pack.numbers[n]]
    assert [(n, text) for n, text in heard if text not in {"", loaded.pack.numbers[n]}] == []
    assert len(right) >= 0.8 * len(heard)
    assert len(heard) >= 15


def is_alone(at: int, demo: Shown) -> bool:
    """No sentence began shortly before the number or begins within it."""
    at_s = at / MOUTH_RATE_HZ
    sentences = [start_s for start_s, who, text in demo.lines if who == "it" and not re.match("[a-z]", text)]
    return not any(-1.2 < at_s - start_s < 2.5 or 0 <= start_s - at_s < 1.2 for start_s in sentences)


def transcribed(piece: Pcm, ear: PhoneticEngine) -> str:
    """Return the text of which the ear is sure in a piece of the stream, or nothing."""
    sound = soxr.resample(piece, MOUTH_RATE_HZ, EAR_RATE_HZ)
    size = round(BLOCK_S * EAR_RATE_HZ)
    blocks = np.pad(sound, (0, size * 40 - len(sound) % size)).reshape(-1, size)
    ear.reset()
    heard = [
        one
        for i, pcm in enumerate(blocks)
        for one in ear.feed(AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=i * BLOCK_S))
    ]
    return " ".join(one.text for one in (*heard, *ear.finish()) if one.is_sure)


def test_a_line_that_nobody_recorded_is_an_error():
    """It says what there is."""
    with pytest.raises(BadAudio, match="how many left"):
        spoken("sing a song")
