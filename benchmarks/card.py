"""The whole application on a virtual sound card: the timing of its count at the recorded sink, and the card's latency.

    python -m benchmarks.card beats [--json OUT.json]
    python -m benchmarks.card loop

card_stop.py measures how soon it falls silent.
beats: numbers 1 to 60 at one a second, found in the recording by their clips at 24 000 Hz; then once more, with the
application stopped twice for 300 ms (SIGSTOP), which is longer than its buffers.
loop: latency of the sound server: a click is played through PortAudio as the application plays, and
heard as it hears, and found in the recording of the sink. Load is printed with each figure.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from assistant.store.settings import folders
from assistant.wire import build
from tests.rigs.card_scene import SILENCE, Scene, alike
from tests.rigs.virtual_card import RATE_HZ, ROOT, Card, Samples, Tape, virtual_card

SPEECH = ROOT / "tests" / "data" / "speech"
SEARCH_S = 0.4  # around the time at which a number is expected
STOPPED_S = 0.3
NUMBERS = 60
PERIOD_S = 1.0
SURE = 0.5  # of a correlation; weaker matches are counted separately
OFF_MS = 10.0  # smaller errors in a beat of one a second are inaudible
LONG = """id: card
words:
  en:
    title: Card routine
    spoken_names: [card]
steps:
  - {technique: gate-of-life, repetitions: 60, tempo_bpm: 60}
"""


def make_scene(folder: Path, card: Card, more: Mapping[str, str] | None = None) -> Scene:
    """Return a session on this card, with a routine of one technique that counts to sixty."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    clips = build.clips(build.voice("auto", "en", print), folders({"TUINA_HOME": str(home)}))
    return Scene(card, home, clips, LONG, more)


def begin(scene: Scene) -> None:
    """Start the session, and advance to its first instruction."""
    scene.begin("card", "--echo", "off")
    scene.it_begins("Card routine")
    scene.you_say("hibari-heart: start")
    scene.it_begins("Stand, or sit")


def place(pcm: Samples, clip: Samples, from_s: float, until_s: float, rate_hz: int = RATE_HZ) -> tuple[float, float]:
    """Return the clip's best position between two times, exact to the sample, and its correlation."""
    start = max(round(from_s * rate_hz), 0)
    region = pcm[start : round(until_s * rate_hz) + len(clip)].astype(np.float64)
    if len(region) <= len(clip):
        return 0.0, 0.0
    fits = alike(region, clip.astype(np.float64))
    return (start + int(np.argmax(fits))) / rate_hz, float(fits.max())


def joint(tape: Tape, from_s: float) -> tuple[Samples, Samples]:
    """Return what the loudspeaker played and what was said into the microphone since then, on one time line."""
    both = tape.samples(from_s)
    return both[:, 0], both[:, 1]


def beats(folder: Path, stops: tuple[int, ...]) -> dict[str, Any]:
    """Count to sixty; the application is stopped for 0.3 s after each number in `stops`."""
    with virtual_card(folder / "card", is_joint=True) as card:
        scene = make_scene(folder, card)
        tape = card.record("card.monitor", channels=2)
        try:
            begin(scene)
            scene.you_say("hibari-heart: i am ready")
            scene.wait_for(lambda: scene.counted() or None, "it counts")
            first_s = tape.now_s
            for number in stops:
                scene.wait_for(partial(count_reaches, scene, number), f"number {number}")
                scene.app.process.send_signal(signal.SIGSTOP)
                time.sleep(STOPPED_S)
                scene.app.process.send_signal(signal.SIGCONT)
            scene.wait_for(partial(count_reaches, scene, NUMBERS), "it counts to sixty", 120.0)
            time.sleep(2.0)
            texts = {r["n"]: r["text"] for r in scene.records() if r.get("effect") == "beat"}
        finally:
            scene.close()
        spoken, _ = joint(tape, 0.0)
    at_s, _ = place(spoken, scene.number(texts[1], PERIOD_S), first_s - 1.5, first_s + 1.0)
    found = []
    for n in range(1, NUMBERS + 1):
        due_s = at_s + (n - 1) * PERIOD_S
        where_s, fit = place(spoken, scene.number(texts[n], PERIOD_S), due_s - SEARCH_S, due_s + SEARCH_S)
        found.append({"n": n, "off_ms": round((where_s - due_s) * 1_000, 3), "fit": round(fit, 3)})
    return {"stops": list(stops), "beats": found}


def count_reaches(scene: Scene, number: int) -> bool | None:
    """True once this number was counted."""
    return len(scene.counted()) >= number or None


def loop(folder: Path, clicks: int = 20) -> dict[str, Any]:
    """Return the seconds from the callback that plays a click to the one that hears it, as in the application."""
    with virtual_card(folder / "card") as card:
        os.environ.update({**card.environment, "PULSE_SOURCE": "spk.monitor"})
        import sounddevice  # reads the environment at import

        played: list[float] = []
        heard: list[float] = []

        def give(out: Samples, _frames: int, _time: object, _status: object) -> None:
            out.fill(0)
            if len(played) == len(heard) < clicks and time.monotonic() > wait.until_s:
                out[:48] = 20_000
                played.append(time.monotonic())

        def take(data: Samples, _frames: int, _time: object, _status: object) -> None:
            if len(heard) < len(played) and np.abs(data).max() > SILENCE * 100:
                heard.append(time.monotonic())
                wait.until_s = heard[-1] + 0.5

        wait = argparse.Namespace(until_s=time.monotonic() + 2.0)
        how = {"device": "pulse", "channels": 1, "dtype": "int16", "latency": 0.1}
        with (
            sounddevice.OutputStream(samplerate=24_000, blocksize=480, callback=give, **how),
            sounddevice.InputStream(samplerate=16_000, blocksize=320, callback=take, **how),
        ):
            until_s = time.monotonic() + 3.0 * clicks
            while len(heard) < clicks and time.monotonic() < until_s:
                time.sleep(0.05)
    return {"delays_s": [round(b - a, 4) for a, b in zip(played, heard, strict=False)]}


def report_beats(runs: list[dict[str, Any]]) -> None:
    """Print it for people."""
    for run in runs:
        off = np.array([one["off_ms"] for one in run["beats"]])
        errors = np.abs(np.diff(off))
        late = [one["n"] for one in run["beats"] if abs(one["off_ms"]) > OFF_MS]
        print(f"stopped after {run['stops']}: worst interval error {errors.max():.2f} ms, off the grid by more than")
        print(f"  {OFF_MS:.0f} ms: {late or 'none'}; worst fit {min(one['fit'] for one in run['beats']):.2f}")


def report_loop(delays_s: list[float]) -> None:
    """Print it for people."""
    p50, worst = np.median(delays_s) * 1_000, max(delays_s) * 1_000
    print(f"loop: n {len(delays_s)}, p50 {p50:.0f} ms, worst {worst:.0f} ms")


def show(what: str, found: dict[str, Any]) -> None:
    """Print what was found, and the load."""
    if what == "beats":
        report_beats(found["runs"])
    else:
        report_loop(found["delays_s"])
    print(f"load {found['load'][0]:.1f} before, {found['load'][1]:.1f} after")


def main() -> None:
    """Read the command line, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["beats", "loop"])
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as place_:
        folder = Path(place_)
        found: dict[str, Any]
        if asked.what == "beats":
            found = {"runs": [beats(folder / str(len(stops)), stops) for stops in ((), (15, 35))]}
        else:
            found = loop(folder)
    found["load"] = [load, os.getloadavg()[0]]
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    show(asked.what, found)


if __name__ == "__main__":
    main()
