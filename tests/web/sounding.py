"""A browser whose microphone is a file, and a page whose sound is recorded sample by sample, in and out."""

from __future__ import annotations

import base64
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from playwright import sync_api

from assistant.messages import Pcm
from tests.rigs.starvation import Lateness

SPEECH = Path(__file__).parents[1] / "data" / "speech" / "audio"
FAKE_HZ = 48_000
NOISE = 20.0  # root mean square in int16 steps: a room, since a microphone that gives zeros counts as muted
# Keeps the nodes of the page and what the server tells its player; `tap` records a node in its own context.
WATCH = """
window.kept = {}; window.hushes = []; window.isCut = false;
const Socket = WebSocket;
window.WebSocket = class extends Socket {
  constructor(url) {
    super(window.isCut && url.endsWith('/sound') ? 'ws://127.0.0.1:1/' : url);
    if (url.endsWith('/sound')) window.kept.socket = this;
    else this.addEventListener('message', ({data}) => { window.found += data.includes('"recovered"'); });
  }
};
const Made = AudioWorkletNode;
window.AudioWorkletNode = class extends Made {
  constructor(context, name, how) {
    super(context, name, how);
    window.kept[name] = [this, context];
    if (name !== 'player') return;
    const { port } = this, tell = port.postMessage.bind(port);
    port.postMessage = (message) => {
      if (message.hush !== undefined) window.hushes.push([Date.now(), message.hush]);
      tell(message);
    };
  }
};
const join = AudioContext.prototype.createMediaStreamSource;
AudioContext.prototype.createMediaStreamSource = function (media) {
  const source = join.call(this, media);
  window.kept.source = [source, this];
  return source;
};
const RECORDER = `registerProcessor('recorder', class extends AudioWorkletProcessor {
  process([[heard]]) {
    if (heard) this.port.postMessage([currentFrame, Date.now(), heard.slice()]);
    return true;
  }
});`;
window.tapes = {};
window.tap = async (name) => {
  const [node, context] = window.kept[name];
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([RECORDER], {type: 'text/javascript'})));
  const recorder = new Made(context, 'recorder', {channelCount: 1, channelCountMode: 'explicit', numberOfOutputs: 0});
  const tape = window.tapes[name] = {rate: context.sampleRate, chunks: []};
  recorder.port.onmessage = ({data}) => tape.chunks.push(data);
  node.connect(recorder);
};
window.tapeOf = (name) => {
  const {rate, chunks} = window.tapes[name];
  const all = new Int16Array(chunks.reduce((sum, one) => sum + one[2].length, 0));
  let at = 0;
  for (const one of chunks) for (const sample of one[2]) all[at++] = Math.round(sample * 32768);
  const bytes = new Uint8Array(all.buffer);
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return {rate, frames: chunks.map((one) => one[0]), at_ms: chunks.map((one) => one[1]), pcm: btoa(text)};
};
"""


@dataclass(frozen=True)
class Tape:
    """A recording at a node of the page: samples in a row, and the time of each piece."""

    rate_hz: int
    pcm: Pcm
    frames: npt.NDArray[np.int64]
    at_ms: npt.NDArray[np.float64]

    @property
    def is_whole(self) -> bool:
        """True if no piece is missing."""
        return bool((np.diff(self.frames) == 128).all())

    def ms(self, sample: int) -> float:
        """Return the time of a sample; pieces come in bursts, so the earliest of half a second before tells it."""
        near = slice(max(0, sample // 128 - round(0.5 * self.rate_hz / 128)), sample // 128 + 1)
        ends = (np.arange(len(self.frames))[near] + 1) * 128 * 1e3 / self.rate_hz
        return float((self.at_ms[near] - ends).min() + sample * 1e3 / self.rate_hz)

    @property
    def seconds(self) -> list[Lateness]:
        """Return by how much the sound fell behind the clock, second by second: a starved browser plays too little.

        Pieces come in bursts, so the earliest of each second tells how far behind it is.
        """
        behind_ms = self.at_ms - self.frames * 1e3 / self.rate_hz
        second = ((self.at_ms - self.at_ms[:1]) // 1e3).astype(int)
        least = [float(behind_ms[second == one].min()) for one in np.unique(second)]
        return [Lateness(max(0.0, lost), max(0.0, lost)) for lost in np.diff(least)]


def tape(window: sync_api.Page, name: str) -> Tape:
    """Return what was recorded of a node so far."""
    found: dict[str, Any] = window.evaluate("(name) => window.tapeOf(name)", name)
    pcm = np.frombuffer(base64.b64decode(found["pcm"]), np.int16)
    return Tape(round(found["rate"]), pcm, np.array(found["frames"]), np.array(found["at_ms"], np.float64))


def write_microphone(path: Path, seconds: float, said: dict[float, str]) -> None:
    """Write a file for the fake microphone: a quiet room, and recordings that begin at these seconds."""
    room = np.random.default_rng(7).normal(0, NOISE, round(seconds * FAKE_HZ))
    for at_s, name in said.items():
        pcm, rate_hz = soundfile.read(SPEECH / name, dtype="int16")
        heard = soxr.resample(pcm.astype(np.float64), rate_hz, FAKE_HZ)
        start = round(at_s * FAKE_HZ)
        room[start : start + len(heard)] += heard
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(FAKE_HZ)
        file.writeframes(np.clip(np.rint(room), -32768, 32767).astype("<i2").tobytes())


@contextmanager
def listening(
    playwright: sync_api.Playwright, chromium: str, microphone: Path | None, *, is_allowed: bool = True
) -> Iterator[sync_api.BrowserContext]:
    """Open a browser whose microphone plays this file again and again; None: it has none."""
    flags = ["--autoplay-policy=user-gesture-required"]
    if microphone is not None:
        flags += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={microphone}"]
    with playwright.chromium.launch(executable_path=chromium, args=flags) as browser:
        permissions = ["microphone"] if is_allowed else []
        context = browser.new_context(bypass_csp=True, permissions=permissions, ignore_https_errors=True)
        context.add_init_script(WATCH)
        yield context
        context.close()


def places(pcm: Pcm, of: Pcm) -> list[int]:
    """Return the samples at which this sound begins, exact where it is alone."""
    wanted = of.astype(np.float64)
    size = 1 << (len(pcm) + len(wanted) - 1).bit_length()
    found = np.fft.irfft(np.fft.rfft(pcm.astype(np.float64), size) * np.conj(np.fft.rfft(wanted, size)), size)
    found = found[: len(pcm)] / float(wanted @ wanted)
    begins: list[int] = []
    for at in np.flatnonzero(found > 0.8):
        if not begins or at - begins[-1] > len(wanted):
            begins.append(int(at))
        elif found[at] > found[begins[-1]]:
            begins[-1] = int(at)
    return begins


def ends_of(pcm: Pcm, rate_hz: int, threshold: float = 1_000.0) -> list[int]:
    """Return the samples after which each loud stretch is over, apart by half a second or more."""
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > threshold)
    gaps = np.flatnonzero(np.diff(loud) > rate_hz // 2)
    return [int(loud[i]) for i in (*gaps, len(loud) - 1)] if len(loud) else []
