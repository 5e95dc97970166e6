"""The whole application on a virtual sound card: how soon it falls silent, how even it counts, at the recorded sink.

    python benchmarks/card.py stop [--trials N] [--json OUT.json]
    python benchmarks/card.py beats [--json OUT.json]
    python benchmarks/card.py loop

stop: while it counts or explains, recordings of people (and of synthetic voices) who say "stop", "pause" or "wait" are
played into its microphone. Microphone and loudspeaker are two channels of one sink, recorded together, so both are on
one time line. Reaction is the last sample that sounds minus the end of the word (word_end.py); it holds the ear, the
player, both buffers and the sound server. A trial in which the word was not obeyed, or in which nothing sounded when
the word ended, is counted apart.
beats: numbers 1 to 60 at one a second, found in the recording by their clips at 24 000 Hz; then once more, with the
application stopped twice for 300 ms (SIGSTOP), which is longer than its buffers.
loop: what the way through the sound server adds: a click is played through PortAudio as the application plays, and
heard as it hears, and found in the recording of the sink. Load is printed with each figure.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from card_scene import SILENCE, Scene, alike
from virtual_card import RATE_HZ, ROOT, Card, Samples, Tape, virtual_card

from assistant.wire import build
from assistant.wire.settings import folders
from assistant.wire.word_end import word_end_s

SPEECH = ROOT / "tests" / "data" / "speech"
SPOKEN = ROOT / "tests" / "data" / "spoken"
FAST = ("stop", "pause", "wait")
RESUME = "kokoro-bf_emma: resume"
SEARCH_S = 0.4  # around the time at which a number is expected
STOPPED_S = 0.3
ANSWER_S = 0.8  # of the answer is looked for
NUMBERS = 60
PERIOD_S = 1.0
SURE = 0.5  # of a correlation; what was not found so well is counted apart
OFF_MS = 10.0  # nobody hears less in a beat of one a second
LONG = """id: card
words:
  en:
    title: Card routine
    spoken_names: [card]
steps:
  - {technique: gate-of-life, repetitions: 60, tempo_bpm: 60}
"""


def people() -> list[tuple[Path, str]]:
    """Recordings of the fast words whose end is known."""
    rows = [json.loads(line) for line in (SPEECH / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [(SPEECH / row["file"], row["text"]) for row in rows if row["text"] in FAST and row["kind"] == "command"]
    found += [(SPOKEN / "gsc-988e2f9a" / "stop.flac", "stop"), (SPOKEN / "kokoro-bf_emma" / "pause.flac", "pause")]
    return [one for one in found if _end_s(one[0]) < soundfile.info(one[0]).duration - 0.02]


def _end_s(path: Path) -> float:
    return word_end_s(soundfile.read(path, dtype="int16")[0])


def make_scene(folder: Path, card: Card) -> Scene:
    """A session on this card, with a routine of one technique that is counted to sixty."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    clips = build.clips(build.voice("auto", "en", print), folders({"TUINA_HOME": str(home)}))
    return Scene(card, home, clips, LONG)


def place(pcm: Samples, clip: Samples, from_s: float, until_s: float) -> tuple[float, float]:
    """Where a clip fits best between two times, to the sample, and how well."""
    start = max(round(from_s * RATE_HZ), 0)
    region = pcm[start : round(until_s * RATE_HZ) + len(clip)].astype(np.float64)
    if len(region) <= len(clip):
        return 0.0, 0.0
    fits = alike(region, clip.astype(np.float64))
    return (start + int(np.argmax(fits))) / RATE_HZ, float(fits.max())


def joint(tape: Tape, from_s: float) -> tuple[Samples, Samples]:
    """What the loudspeaker played and what was said into the microphone since then, on one time line."""
    both = tape.samples(from_s)
    return both[:, 0], both[:, 1]


def reaction(scene: Scene, tape: Tape, word: Path, began_s: float, answer: str) -> dict[str, Any]:
    """One trial, from the recording: when the word ended, and when the last sound before the answer did."""
    spoken, said = joint(tape, began_s)
    pcm, rate_hz = soundfile.read(word, dtype="int16")
    wanted = soxr.resample(pcm, rate_hz, RATE_HZ)
    word_s, word_fit = place(said, wanted, 0.0, len(said) / RATE_HZ)
    answer_s, answer_fit = place(spoken, scene.clip(answer)[: round(ANSWER_S * RATE_HZ)], word_s, len(spoken) / RATE_HZ)
    before = np.flatnonzero(np.abs(spoken[: round(answer_s * RATE_HZ)].astype(np.int32)) > SILENCE)
    silent_s = float(before[-1]) / RATE_HZ if len(before) else 0.0
    end_s = word_s + _end_s(word)
    was_speaking = bool(len(before)) and silent_s > end_s - 0.3  # what fell silent before is no answer to the word
    fits = {"word_fit": round(word_fit, 3), "answer_fit": round(answer_fit, 3)}
    found = {"was_speaking": was_speaking, "reaction_s": round(silent_s - end_s, 4)}
    return {"word": str(word.relative_to(ROOT)), **found, "answer_s": round(answer_s - end_s, 4), **fits}


def stop(folder: Path, trials: int) -> dict[str, Any]:
    """Interrupt its instructions again and again."""
    words = people()
    chance = random.Random(20261122)  # noqa: S311 - moments of a person
    results: list[dict[str, Any]] = []
    with virtual_card(folder / "card", is_joint=True) as card:
        scene = make_scene(folder, card)
        tape = card.record("card.monitor", channels=2)
        try:
            scene.begin("card", "--echo", "off")
            scene.it_begins("Card routine")
            scene.you_say("hibari-heart: start")
            scene.it_begins("Stand, or sit")
            for trial in range(trials):
                time.sleep(chance.uniform(0.3, 1.5))
                word, text = words[trial % len(words)]
                began_s = tape.now_s
                card.play(word)
                try:
                    answer = scene.it_begins("Stopped" if text == "stop" else "Paused", 6.0)
                except AssertionError:
                    results.append({"word": str(word.relative_to(ROOT)), "obeyed": False})
                    continue
                time.sleep(2 * ANSWER_S)  # the answer is found by its clip, so it has to be recorded
                results.append({"obeyed": True, **reaction(scene, tape, word, began_s, answer)})
                print(trial, results[-1], flush=True)
                scene.you_say(RESUME)
                scene.it_begins("", 20.0)
        finally:
            scene.close()
    return {"trials": results}


def beats(folder: Path, stops: tuple[int, ...]) -> dict[str, Any]:
    """Count to sixty; the application stands still for 0.3 s after each number in `stops`."""
    with virtual_card(folder / "card", is_joint=True) as card:
        scene = make_scene(folder, card)
        tape = card.record("card.monitor", channels=2)
        try:
            scene.begin("card", "--echo", "off")
            scene.it_begins("Card routine")
            scene.you_say("hibari-heart: start")
            scene.it_begins("Stand, or sit")
            scene.you_say("hibari-heart: i am ready")
            scene.wait_for(lambda: scene.counted() or None, "it counts")
            first_s = tape.now_s
            for number in stops:
                scene.wait_for(lambda n=number: len(scene.counted()) >= n or None, f"number {number}")
                scene.app.process.send_signal(signal.SIGSTOP)
                time.sleep(STOPPED_S)
                scene.app.process.send_signal(signal.SIGCONT)
            scene.wait_for(lambda: len(scene.counted()) >= NUMBERS or None, "it counts to sixty", 120.0)
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


def loop(folder: Path, clicks: int = 20) -> dict[str, Any]:
    """Seconds from the callback that plays a click to the one that hears it, as the application opens its devices."""
    with virtual_card(folder / "card") as card:
        os.environ.update({**card.environment, "PULSE_SOURCE": "spk.monitor"})
        import sounddevice  # reads the environment when it is loaded

        played: list[float] = []
        heard: list[float] = []

        def give(out: Any, _frames: int, _time: object, _status: object) -> None:  # noqa: ANN401
            out.fill(0)
            if len(played) == len(heard) < clicks and time.monotonic() > wait.until_s:
                out[:48] = 20_000
                played.append(time.monotonic())

        def take(data: Any, _frames: int, _time: object, _status: object) -> None:  # noqa: ANN401
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


def show(what: str, found: dict[str, Any]) -> None:
    """Print it for people."""
    if what == "stop":
        obeyed = [one for one in found["trials"] if one["obeyed"]]
        counted = [one for one in obeyed if one["was_speaking"] and one["answer_fit"] > SURE and one["word_fit"] > SURE]
        values = np.array([one["reaction_s"] for one in counted]) * 1_000
        p50, p95 = np.percentile(values, (50, 95))
        print(f"trials {len(found['trials'])}, obeyed {len(obeyed)}, counted {len(counted)}")
        print(f"end of the word to silence: p50 {p50:.0f} ms, p95 {p95:.0f} ms, worst {values.max():.0f} ms")
    elif what == "beats":
        for run in found["runs"]:
            off = np.array([one["off_ms"] for one in run["beats"]])
            errors = np.abs(np.diff(off))
            late = [one["n"] for one in run["beats"] if abs(one["off_ms"]) > OFF_MS]
            print(
                f"stopped after {run['stops']}: worst interval error {errors.max():.2f} ms, off the grid by more than"
            )
            print(f"  {OFF_MS:.0f} ms: {late or 'none'}; worst fit {min(one['fit'] for one in run['beats']):.2f}")
    else:
        p50, worst = np.median(found["delays_s"]) * 1_000, max(found["delays_s"]) * 1_000
        print(f"loop: n {len(found['delays_s'])}, p50 {p50:.0f} ms, worst {worst:.0f} ms")
    print(f"load {found['load'][0]:.1f} before, {found['load'][1]:.1f} after")


def main() -> None:
    """Read the command line, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["stop", "beats", "loop"])
    parser.add_argument("--trials", type=int, default=48)
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as place_:
        folder = Path(place_)
        if asked.what == "stop":
            found = stop(folder, asked.trials)
        elif asked.what == "beats":
            found = {"runs": [beats(folder / str(len(stops)), stops) for stops in ((), (15, 35))]}
        else:
            found = loop(folder)
    found["load"] = [load, os.getloadavg()[0]]
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    show(asked.what, found)


if __name__ == "__main__":
    main()
