"""A virtual sound card, through which the application (application.py) hears and speaks.

A private PulseAudio with its own socket and folders, never the person's server; it needs no root, session bus or
hardware, and no `--system` as root. Two null sinks are the loudspeaker (`spk`, 48 kHz) and what is said into the
microphone (`micfeed`, heard at the source `mic`). Two recorders that throw everything away keep the latency low: null
sinks idle at 2 s and a microphone would begin so late (docs/audio.md, "Start of a stream"). A third program plays the
noise of a quiet room: digital silence is what a muted microphone gives. With `is_joint` both sinks are the two channels
of one, so that one recording holds both on one time line.

Used by tests/card, and by the benchmarks whose names begin with card and faults.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from tests.rigs.starvation import Vigil, starved

ROOT = Path(__file__).parents[2]
RATE_HZ = 24_000  # of recordings: that of the speech, so that a clip can be found again
PROGRAMS = ("pulseaudio", "pactl", "pacat", "parec", "paplay")
SOON_S = 60.0  # longer than any of it takes on a busy machine
LOOK_S = 0.05
AIR_MS = 100  # kept by the player of the loop: less runs dry on a busy machine, and the echo jumps
NOISE_S = 600  # longer than any session here
NOISE = 7  # of 32 768 at most: 78 dB under full scale on average, the hiss of a microphone in a quiet room
SEPARATE = {
    "speaker": "module-null-sink sink_name=spk rate=48000 channels=2",
    "feed": "module-null-sink sink_name=micfeed rate=48000 channels=1",
    "microphone": "module-remap-source master=micfeed.monitor source_name=mic",
}
ONE_OF_TWO = "channels=1 channel_map=mono remix=no master_channel_map"
JOINT = {
    "card": "module-null-sink sink_name=card rate=48000 channels=2",
    "speaker": f"module-remap-sink sink_name=spk master=card {ONE_OF_TWO}=front-left",
    "feed": f"module-remap-sink sink_name=micfeed master=card {ONE_OF_TWO}=front-right",
    "microphone": f"module-remap-source source_name=mic master=card.monitor {ONE_OF_TWO}=front-right",
}

Samples = npt.NDArray[np.int16]


def program(name: str) -> str:
    """The full name of a program of PulseAudio's."""
    return shutil.which(name) or name


def missing() -> list[str]:
    """Return the packages that a virtual sound card still needs; empty where all are installed."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


class Tape:
    """A recording that goes on: int16 at 24 000 Hz; its samples are its clock."""

    def __init__(self, process: subprocess.Popen[bytes], path: Path, channels: int) -> None:
        """Take over a recorder that writes raw samples to `path`."""
        self.process = process
        self._path = path
        self._channels = channels

    def samples(self, from_s: float = 0.0) -> Samples:
        """Everything since `from_s`; mono as (n,), else as (n, channels)."""
        frame = 2 * self._channels
        with self._path.open("rb") as file:
            file.seek(round(from_s * RATE_HZ) * frame)
            data = file.read()
        flat = np.frombuffer(data[: len(data) // frame * frame], dtype="<i2")
        return flat if self._channels == 1 else flat.reshape(-1, self._channels)

    @property
    def now_s(self) -> float:
        """Return the present length of the recording, in seconds."""
        return self._path.stat().st_size / (2 * self._channels * RATE_HZ)


@contextmanager
def virtual_card(folder: Path, *, is_joint: bool = False, rescues: bool = True) -> Iterator[Card]:
    """A card as long as it is needed; everything that it started has ended afterwards.

    Where the machine had no time for it the standard error says so: what was measured meanwhile is not to be trusted.
    """
    card = Card(folder, is_joint=is_joint, rescues=rescues)
    try:
        card.start()
        yield card
    finally:
        card.close()
        if how := starved(card.vigil.seconds):
            print(f"starved: {how}", file=sys.stderr)


class Card:
    """A sound server of one's own, with its devices. Order: start, then anything, then close."""

    def __init__(self, folder: Path, *, is_joint: bool = False, rescues: bool = True) -> None:
        """Keep everything in `folder`. With `rescues` the server moves a stream whose device went, else it ends.

        It moves what belongs to the default sink in any case, so the loudspeaker is not that one without `rescues`.
        """
        self._folder = folder
        self._modules = JOINT if is_joint else SEPARATE
        self._rescues = rescues
        self._loaded: dict[str, str] = {}
        self._server: subprocess.Popen[bytes] | None = None
        self._children: list[subprocess.Popen[bytes]] = []
        self._noise: subprocess.Popen[bytes] | None = None
        self._tapes = 0
        self.vigil = Vigil(folder / "lateness.txt")
        """Tells how starved the machine was since `start`."""
        socket = folder / "pulse.sock"
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("PULSE_", "XDG_", "DBUS_"))},
            "HOME": str(folder / "home"),
            "PULSE_RUNTIME_PATH": str(folder / "runtime"),
            "PULSE_SERVER": f"unix:{socket}",
            "PULSE_SINK": "spk",
            "PULSE_SOURCE": "mic",
        }

    # --- the server --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the server with its devices, and wait until it answers; after `kill` it comes back as it was."""
        for name in ("home", "runtime"):
            (self._folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.vigil.begin()
        script = self._folder / "card.pa"
        socket = self._folder / "pulse.sock"
        socket.unlink(missing_ok=True)
        script.write_text(f"load-module module-native-protocol-unix auth-anonymous=1 socket={socket}\n")
        settings = self._folder / "daemon.conf"
        settings.write_text(f"rescue-streams = {'yes' if self._rescues else 'no'}\nrealtime-scheduling = no\n")
        words = [
            program("pulseaudio"),
            "-n",
            "-F",
            script,
            "--daemonize=no",
            "--exit-idle-time=-1",
            "--use-pid-file=no",
        ]
        log = f"--log-target=newfile:{self._folder / 'server.log'}"
        environment = {**self.environment, "PULSE_CONFIG": str(settings)}
        self._server = subprocess.Popen(
            [*map(str, words), log], env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until_s = time.monotonic() + SOON_S
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > until_s:
                msg = f"the sound server does not answer: {(self._folder / 'server.log')}"
                raise RuntimeError(msg)
            time.sleep(0.02)
        for name, module in self._modules.items():
            self._loaded[name] = self.pactl("load-module", *module.split())
        self._settle()

    def _answers(self) -> bool:
        words = [program("pactl"), "info"]
        return subprocess.run(words, env=self.environment, capture_output=True, check=False).returncode == 0

    def kill(self) -> None:
        """Kill the server, as a crash does."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()

    def close(self) -> None:
        """End everything that was started."""
        self.vigil.end()
        started = [*self._children, *([self._server] if self._server else [])]
        for process in started:
            if process.poll() is None:
                process.kill()
        for process in started:
            process.wait()
        self._children, self._server = [], None

    def pactl(self, *words: str) -> str:
        """Return the server's answer to a request."""
        done = subprocess.run(
            [program("pactl"), *words], env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    # --- its devices -------------------------------------------------------------------------------------------------

    def unplug(self, name: str) -> None:
        """Take away the `microphone` or the `speaker`."""
        self.pactl("unload-module", self._loaded.pop(name))

    def plug_in(self, name: str) -> None:
        """Bring it back."""
        self._loaded[name] = self.pactl("load-module", *self._modules[name].split())
        self._settle()

    def loop(self, ppm: float = 0.0, db: float = 0.0) -> None:
        """Let the microphone hear the loudspeaker from now on, on a clock that is so many millionths faster (air.py).

        `db` under or over what is played; at 0 our voice is about -18 dBFS, the recordings of people -24 to -37.
        """
        raw = ["--raw", "--format=s16le", "--rate=48000", "--channels=1"]
        ways = (
            [program("parec"), "-d", "spk.monitor", *raw, "--latency-msec=20"],
            [sys.executable, str(Path(__file__).with_name("air.py")), str(ppm), str(db)],
            [program("pacat"), "--playback", "--device=micfeed", *raw, f"--latency-msec={AIR_MS}"],
        )
        before: IO[bytes] | None = None
        for words in ways:
            process = subprocess.Popen(
                words,
                env=self.environment,
                stdin=before or subprocess.DEVNULL,
                stdout=subprocess.DEVNULL if words is ways[-1] else subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._children.append(process)
            if before is not None:
                before.close()  # so that each ends with the one before it
            before = process.stdout

    def _settle(self) -> None:
        if {"speaker", "microphone"} <= set(self._loaded):
            self.pactl("set-default-sink", "spk" if self._rescues else "micfeed")
            self.pactl("set-default-source", "mic")
        for source, name in (("mic", "microphone"), ("spk.monitor", "speaker")):
            if name in self._loaded:
                self._spawn([program("parec"), "-d", source, "--latency-msec=10"])
        if "microphone" in self._loaded and (self._noise is None or self._noise.poll() is not None):
            words = ["--playback", "--device=micfeed", "--raw", "--format=s16le", "--rate=16000", "--channels=1"]
            self._noise = self._spawn([program("pacat"), *words, str(self._hiss())])

    def _hiss(self) -> Path:
        path = self._folder / "noise.raw"
        if not path.exists():
            path.write_bytes(np.random.default_rng(0).integers(-NOISE, NOISE + 1, 16_000 * NOISE_S, "<i2").tobytes())
        return path

    def _spawn(self, words: list[str]) -> subprocess.Popen[bytes]:
        nowhere = subprocess.DEVNULL
        process = subprocess.Popen(words, env=self.environment, stdin=nowhere, stdout=nowhere, stderr=nowhere)
        self._children.append(process)
        return process

    def record(self, source: str = "spk.monitor", channels: int = 1) -> Tape:
        """Begin to record a source."""
        self._tapes += 1
        path = self._folder / f"tape-{self._tapes}.raw"
        path.touch()
        form = ["--raw", "--format=s16le", f"--rate={RATE_HZ}", f"--channels={channels}", "--latency-msec=20"]
        process = self._spawn([program("parec"), "-d", source, *form, str(path)])
        tape = Tape(process, path, channels)
        until_s = time.monotonic() + SOON_S
        while tape.now_s == 0:
            if process.poll() is not None or time.monotonic() > until_s:
                msg = f"{source} can not be recorded"
                raise RuntimeError(msg)
            time.sleep(0.01)
        return tape

    def play(self, path: Path, *, waits: bool = True) -> None:
        """Play a recording into the microphone."""
        player = self._spawn([program("paplay"), "--device=micfeed", "--latency-msec=20", str(path)])
        if waits:
            player.wait()
