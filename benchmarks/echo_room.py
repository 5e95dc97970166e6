"""A simulated loudspeaker, room and microphone, and the application's own sound. The same seed gives the same samples.

The room: a loudspeaker of 180 to 7,000 Hz, 0.25 s of reverberation 6 dB under the direct sound, a delay, a clock of its
own, noise. No recording of a real room.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from assistant.clock import SystemClock
from assistant.language import LanguagePack
from assistant.messages import BLOCK_S, EAR_RATE_HZ, MOUTH_RATE_HZ, Beat, Pcm, Say, VoiceBegan, VoiceEnded
from assistant.routine import Library, TechniqueWords
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.wording import Wording, placeholders
from assistant.wire import build
from assistant.wire.lockstep import run_lines
from assistant.wire.mouth import DirectMouth

Wave = npt.NDArray[np.float64]

NEAR_DBFS = -26.0  # the person, while speaking
NOISE_DBFS = -64.0
DECAY_S = 0.25
TAIL_DB = -6.0
MOST_COUNT = 36
FRAMES = round(BLOCK_S * MOUTH_RATE_HZ)
ANSWERS = (
    "start the evening routine",
    *["no"] * 7,
    "skip the rating",
    *["ready", "+count", "next", "where is that"] * 12,
)


@dataclass(frozen=True, slots=True)
class Room:
    """One set-up of loudspeaker, room and microphone."""

    echo_db: float
    """Level of the echo over the person's voice, both while sounding."""
    ppm: float = 0.0
    delay_s: float = 0.19
    seed: int = 1
    drive: float = 0.0
    """Above 0 the loudspeaker is overdriven: tanh of so many times full scale."""


@dataclass(frozen=True, slots=True)
class Far:
    """The loudspeaker's input: int16 at 24 kHz, with the times of each sentence."""

    pcm: Pcm
    sentences: tuple[tuple[float, float, str], ...]


class Tape:
    """A speaker that stores what it plays."""

    def __init__(self) -> None:
        """Start empty."""
        self.blocks: list[Pcm] = []

    def write(self, pcm: Pcm) -> None:
        """Store one block."""
        self.blocks.append(pcm)


class Sentences:
    """An observer that stores the sentences by utterance."""

    def __init__(self) -> None:
        """Start empty."""
        self.texts: dict[int, str] = {}
        self.open: dict[int, float] = {}
        self.sounded: list[tuple[float, float, str]] = []

    def on_event(self, event: object) -> None:
        """Take the beginning or the end of a voice."""
        if isinstance(event, VoiceBegan):
            self.open[event.utterance] = event.at_s
        elif isinstance(event, VoiceEnded) and event.utterance in self.open:
            text = self.texts.get(event.utterance, "")
            self.sounded.append((self.open.pop(event.utterance), event.at_s, text))

    def on_effect(self, _at_s: float, effect: object, text: str) -> None:
        """Take a sentence."""
        if isinstance(effect, Say):
            self.texts[effect.utterance] = text


def session(loaded: build.LoadedFiles, clips: ClipCache, seconds: float) -> Far:
    """Return the first seconds of a typed session of a new person, as the product plays it."""
    player, tape, sentences = Player(), Tape(), Sentences()
    mouth = DirectMouth(clips, player)
    made = build.session(
        loaded, player, mouth, lambda _: None, clock=SystemClock(), journal=None, observers=(sentences,)
    )
    made.begin("full", "full")

    def lines() -> Iterator[str]:
        for line in ANSWERS:
            if player.now_s > seconds:
                return
            yield line

    run_lines(made, player, tape, lines())
    return Far(np.concatenate(tape.blocks)[: round(seconds * MOUTH_RATE_HZ)], tuple(sentences.sounded))


def everything(loaded: build.LoadedFiles, clips: ClipCache, seconds: float, seed: int = 3) -> Far:
    """Return a count to 36 and sentences in random order, as many as fit into the time, mixed by the player."""
    texts = sorted(set(all_texts(loaded.pack, loaded.library)))
    order = [texts[i] for i in np.random.default_rng(seed).permutation(len(texts))]
    player, tape, sounded = Player(), Tape(), []
    for n in range(1, MOST_COUNT + 1):
        text = Wording(loaded.pack).beat(Beat(at_s=float(n), n=n, of=MOST_COUNT, period_s=1.0))
        player.place_number(float(n), clips.number(text, 1.0), n, 1.0)
    _play(player, tape)
    for utterance, text in enumerate(order, start=1):
        start_s = player.now_s
        player.queue_sentence(utterance, clips.get(text))
        _play(player, tape)
        sounded.append((start_s, player.now_s, text))
        if player.now_s > seconds:
            break
    return Far(np.concatenate(tape.blocks)[: round(seconds * MOUTH_RATE_HZ)], tuple(sounded))


def all_texts(pack: LanguagePack, library: Library) -> Iterator[str]:
    """Yield every sentence of replies.yaml with likely values, of every technique and of the safety check."""
    technique = next(iter(library.techniques.values())).words[pack.code].name
    values = {"title": "evening routine", "technique": technique, "side": "left", "text": "ready"}
    parts = [text for one in library.techniques.values() for text in _words(one.words[pack.code])]
    for template in filter(None, [*pack.replies.values(), *parts]):
        filled = {name: values.get(name, 7) for name in placeholders(template)}
        text = template
        for _ in range(2):
            text = text.format_map({k: v if isinstance(v, str) else pack.numbers[v] for k, v in filled.items()})
        yield text[:1].upper() + text[1:]
    for question in library.screening.questions:
        yield from question.words[pack.code]


def _words(words: TechniqueWords) -> Iterator[str | None]:
    yield from (words.name, words.posture, words.hands, words.where, words.direction, words.sensation, words.action)
    yield from (*words.cautions, *words.landmarks)
    yield words.switch


def _play(player: Player, tape: Tape) -> None:
    tape.write(player.render(FRAMES))
    while not player.is_idle:
        tape.write(player.render(FRAMES))
    for _ in range(15):
        tape.write(player.render(FRAMES))


def at_the_microphone(far: Pcm, room: Room, near: Wave | None = None) -> Pcm:
    """Return the microphone's samples, int16 at 16 kHz: the echo, the person, noise."""
    rng = np.random.default_rng(room.seed)
    sent = soxr.resample(far / 32_768, MOUTH_RATE_HZ, EAR_RATE_HZ)
    if room.drive:
        sent = np.tanh(room.drive * sent / np.abs(sent).max())
    size = 1 << int(np.ceil(np.log2(len(sent) + EAR_RATE_HZ)))
    echo = np.fft.irfft(np.fft.rfft(sent, size) * np.fft.rfft(impulse_response(rng), size), size)[: len(sent)]
    if room.ppm:
        echo = soxr.resample(echo, 1e6, 1e6 + room.ppm, quality="VHQ")
    echo = np.concatenate([np.zeros(round(room.delay_s * EAR_RATE_HZ)), echo])
    total = len(sent) // 320 * 320
    echo = np.pad(echo, (0, max(0, total - len(echo))))[:total]
    heard = echo * (10 ** ((NEAR_DBFS + room.echo_db) / 20) / loudness(echo)) if np.isfinite(room.echo_db) else 0 * echo
    heard = heard + rng.standard_normal(total) * 10 ** (NOISE_DBFS / 20)
    if near is not None:
        heard[: len(near)] += near[:total]
    return np.clip(np.rint(heard * 32_768), -32_768, 32_767).astype(np.int16)


def impulse_response(rng: np.random.Generator) -> Wave:
    """Return the impulse response of a room with a small loudspeaker."""
    n = round(DECAY_S * EAR_RATE_HZ)
    response = rng.standard_normal(n) * 10 ** (-3 * np.arange(n) / n)
    response[:40] = 0  # the first reflection travels more than 0.8 m farther
    response *= 10 ** (TAIL_DB / 20) / np.sqrt(np.sum(response**2))
    response[0] = 1.0
    hertz = np.fft.rfftfreq(8_192, 1 / EAR_RATE_HZ)
    gain = 1 / (1 + (180 / np.maximum(hertz, 1)) ** 4) / (1 + (hertz / 7_000) ** 8)
    return np.fft.irfft(np.fft.rfft(response, 8_192) * gain, 8_192)[:n]


def loudness(sound: Wave) -> float:
    """Return the root mean square of the blocks that are at most 25 dB under the loudest."""
    energy = np.square(sound[: len(sound) // 160 * 160]).reshape(-1, 160).mean(1)
    return float(np.sqrt(energy[energy >= energy.max() * 10**-2.5].mean() + 1e-15))


def commands(manifest: Path, far_s: float, seed: int = 5) -> tuple[Wave, list[tuple[float, float, str]]]:
    """Return commands six seconds apart from second 16 on, and the place of each with its intent."""
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["kind"] == "command"]
    rng = np.random.default_rng(seed)
    people = [row for row in rows if row["human"] and row["text"] in {"stop", "yes", "no"}]
    made = [row for row in rows if row["voice"].startswith(("kokoro", "hibari")) and row["text"] in MADE]
    chosen = [people[i] for i in rng.permutation(len(people))[:30]] + [made[i] for i in rng.permutation(len(made))[:18]]
    near, marks, at_s = np.zeros(round(far_s * EAR_RATE_HZ)), [], 16.0
    for i in rng.permutation(len(chosen)):
        clip, _ = soundfile.read(manifest.parent / chosen[i]["file"])
        start = round(at_s * EAR_RATE_HZ)
        if start + len(clip) > len(near) - EAR_RATE_HZ:
            break
        near[start : start + len(clip)] += clip * (10 ** (NEAR_DBFS / 20) / loudness(clip))
        marks.append((at_s, at_s + len(clip) / EAR_RATE_HZ, chosen[i]["intent"]))
        at_s += 6.0 + rng.uniform(0, 1.0)
    return near, marks


MADE = frozenset(
    {
        "stop",
        "pause",
        "next",
        "repeat",
        "how many left",
        "that hurts",
        "slower",
        "switch sides",
        "go back",
        "continue",
    }
)
