"""A soft microphone: how much louder the speech detector is given it, and what is found because of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.capture.wav_file import WavFile
from assistant.decode.gain import ECHO, MOST, WANTED, Gain
from assistant.decode.segment import Segmenter, SpeechDetector
from assistant.messages import EAR_RATE_HZ, AudioBlock, Pcm

DATA = Path(__file__).parents[1] / "data"
SPEECH = DATA / "speech"
ROOM = 8.0  # int16 steps, -72 dBFS: a quiet room
SOFTER = 10 ** (-36 / 20)  # the recordings are then about -55 dBFS
LOUD, SOFT = 3000.0, 60.0  # int16 steps: a voice near a good microphone, and near a soft one
Wave = np.ndarray


def noise(n: int, level: float, seed: int = 1) -> Wave:
    return np.random.default_rng(seed).standard_normal(n) * level


def quiet_around(wave: Wave, *, before: Wave | None = None) -> Pcm:
    quiet = np.zeros(EAR_RATE_HZ)
    whole = np.concatenate([quiet, *([] if before is None else [before]), wave, quiet])
    return np.asarray(np.clip(np.round(whole + noise(len(whole), ROOM)), -32768, 32767), np.int16)


def spans(pcm: Pcm, *, is_residual: bool = False) -> list[tuple[float, float]]:
    """From where to where somebody speaks."""
    segmenter = Segmenter()
    found = segmenter.feed(AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=0.0, is_residual=is_residual))
    return [(one.at_s, one.end_s) for one in (*found, *segmenter.finish())]


@pytest.fixture(scope="module")
def people() -> list[Wave]:
    """Every stop, yes and no of the test recordings that was said by a person."""
    rows = [json.loads(line) for line in (SPEECH / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    files = [row["file"] for row in rows if row["human"] and row["kind"] == "command"]
    return [np.concatenate([block.pcm for block in WavFile(SPEECH / file).blocks()]).astype(float) for file in files]


def after(*levels: float, stands_out: bool = True) -> float:
    gain = Gain()
    return [gain.after(level, stands_out=stands_out) for level in levels][-1]


def test_a_loud_voice_is_left_as_it_is() -> None:
    """A loud voice is unchanged, and nothing is ever attenuated."""
    assert after(WANTED) == 1.0
    assert after(*[32_000.0] * 9) == 1.0


def test_a_soft_sound_is_raised_to_what_is_wanted_but_no_further() -> None:
    """The first soft sound is raised at once; the softest by 24 dB."""
    assert after(WANTED / 4) == pytest.approx(4.0)
    assert after(1.0) == MOST


def test_what_is_softer_than_the_voice_is_not_raised_after_it() -> None:
    """Once a loud voice was heard, a breath stays a breath, also after an hour of silence."""
    hour = round(3600 / 0.032)

    assert after(*[LOUD] * 9, *[SOFT] * 9) == 1.0
    gain = Gain()
    for level in (*[LOUD] * 9, *[1.0] * hour):
        gain.after(level, stands_out=level == LOUD)
    assert gain.after(SOFT, stands_out=True) == 1.0


def test_a_soft_voice_is_raised_again_after_a_while_of_it() -> None:
    """After something louder than the voice, a minute of the soft voice is enough."""
    assert after(*[LOUD] * 9, *[SOFT] * round(60 / 0.032)) == pytest.approx(WANTED / SOFT, rel=0.01)


def test_a_slap_is_forgotten_when_it_rang_out() -> None:
    """One loud chunk keeps the gain down for a third of a second, not longer."""
    slap = [SOFT, SOFT, SOFT, 20_000.0]

    assert after(*slap, *[SOFT] * (ECHO - 1)) == 1.0
    assert after(*slap, *[SOFT] * ECHO) == pytest.approx(WANTED / SOFT, rel=0.05)


def test_a_stop_that_the_canceller_thinned_out_is_found() -> None:
    """Over our own voice, right after its echo had moved: at the level of other sound silero was not sure of it."""
    blocks = WavFile(DATA / "residual" / "stop-over-a-moved-echo.flac").blocks()
    pcm = np.concatenate([block.pcm for block in blocks])

    found = spans(pcm, is_residual=True)

    assert any(at_s < 7.3 and end_s > 7.3 for at_s, end_s in found)


def test_soft_words_are_found(people: list[Wave]) -> None:
    """People at -55 dBFS are heard: without the gain, most of these words are lost before anything reads them."""
    found = sum(bool(spans(quiet_around(wave * SOFTER))) for wave in people)

    assert found >= 0.9 * len(people)


def test_a_soft_word_right_after_a_slap_is_found(people: list[Wave]) -> None:
    """A slap close to the microphone, half a second before a soft word, does not hide the word."""
    ring = noise(EAR_RATE_HZ // 2, 1.0) * 20_000 * np.exp(-np.arange(EAR_RATE_HZ // 2) / 160)
    begins_s = 1.5

    heard = (spans(quiet_around(wave * SOFTER, before=ring)) for wave in people)

    assert sum(any(end > begins_s for _, end in one) for one in heard) >= 0.85 * len(people)


@pytest.mark.parametrize(
    "sound",
    [
        lambda n: noise(n, 18.0),
        lambda n: noise(n, 33.0),
        lambda n: noise(n, 20.0) * (1 + 2 * np.sin(np.arange(n) / EAR_RATE_HZ * 2 * np.pi * 0.3) ** 8),
    ],
    ids=["-65 dBFS", "-60 dBFS", "like breath"],
)
def test_soft_noise_is_no_voice(sound: Callable[[int], Wave]) -> None:
    """The noise of a room, and noise that swells every few seconds, is not raised to speech."""
    detector = SpeechDetector()
    pcm = np.round(sound(20 * EAR_RATE_HZ)).astype(np.int16)

    assert max(detector(chunk) for chunk in pcm[: len(pcm) // 512 * 512].reshape(-1, 512)) < 0.5
