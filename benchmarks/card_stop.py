"""Reaction time of the whole application: from the end of "stop" or "pause" to silence at the recorded speaker.

    python -m benchmarks.card_stop [MANIFEST.jsonl] [--trials N] [--json OUT.json]

While it explains, recordings of people and of synthetic voices are played into its microphone, at random moments: those
of the manifest that are understood when nobody else speaks, whose end is known. Microphone and loudspeaker are two
channels of one sink, recorded together, so both are on one time line. Reaction is the last sample that sounds minus the
end of the word (word_end.py); it holds the ear, the player, both buffers and the sound server. Each trial's parts come
from notes that the application takes on the way (card_moments.py); the rest, from the word's last sample
to its arrival and from the player's silence to the recorded one, is devices and sound server, both ways. Where other
programs want the processor too, a second line has the ear's work in processor time instead. A trial in which the word
was not obeyed, or in which nothing sounded when the word ended, is counted apart.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from assistant.interpret import Interpreter
from assistant.messages import EAR_RATE_HZ, Intent
from assistant.store.settings import Folders, Settings
from assistant.terminal.bench.word_end import word_end_s
from assistant.wire import build
from assistant.wire.hear_recording import hear_file, legal_for
from benchmarks.card import SPEECH, SURE, begin, joint, make_scene, place
from benchmarks.card_moments import INSIDE, WORK, Moments, env
from tests.rigs.card_scene import SILENCE, Scene
from tests.rigs.virtual_card import RATE_HZ, Samples, Tape, virtual_card

FAST = {"stop": Intent.STOP, "pause": Intent.PAUSE}
RESUME = "kokoro-bf_emma: resume"
ANSWER_S = 0.8  # of the answer is searched for
AT_THE_EDGE_S = 0.02
LAST_S = 8.0  # of the microphone: a trial is shorter
HELD = "the ear's work"
GOALS_MS = (250, 350)


def words(manifest: Path) -> list[dict[str, Any]]:
    """Return the manifest's words that act at once, are obeyed in silence, and have a known end."""
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    rows = [{**row, "path": manifest.parent / row["file"]} for row in rows if row["text"] in FAST]
    nowhere = Folders(config=Path("nowhere"), data=Path("nowhere"), cache=Path("nowhere"))
    settings = Settings(engine="phonetic")
    loaded = build.load_files(settings, nowhere)
    ear = build.ear("phonetic", settings, nowhere, loaded.phrases)
    interpreter = Interpreter(loaded.phrases, loaded.pack)

    def is_good(row: dict[str, Any]) -> bool:
        heard, _ = hear_file(row["path"], ear, interpreter, legal_for(None))
        is_known = word_end(row["path"]) < soundfile.info(row["path"]).duration - AT_THE_EDGE_S
        return is_known and any(one.accepted and one.intent is FAST[row["text"]] for one in heard)

    good = [row for row in rows if row["kind"] == "command" and is_good(row)]
    print(f"{len(good)} of {len(rows)} clips, {sum(row['human'] for row in good)} of people", flush=True)
    return good


def word_end(path: Path) -> float:
    """Return the seconds from the start of a recording to the end of its word."""
    return word_end_s(soundfile.read(path, dtype="int16")[0])


def reaction(scene: Scene, tape: Tape, word: Path, began_s: float, answer: str) -> dict[str, Any]:
    """Return one trial's times from the recording: the end of the word, and the last sound before the answer."""
    spoken, said = joint(tape, began_s)
    pcm, rate_hz = soundfile.read(word, dtype="int16")
    wanted = soxr.resample(pcm, rate_hz, RATE_HZ)
    word_s, word_fit = place(said, wanted, 0.0, len(said) / RATE_HZ)
    answer_s, answer_fit = place(spoken, scene.clip(answer)[: round(ANSWER_S * RATE_HZ)], word_s, len(spoken) / RATE_HZ)
    before = np.flatnonzero(np.abs(spoken[: round(answer_s * RATE_HZ)].astype(np.int32)) > SILENCE)
    silent_s = float(before[-1]) / RATE_HZ if len(before) else 0.0
    end_s = word_s + word_end(word)
    was_speaking = bool(len(before)) and silent_s > end_s - 0.3  # an earlier silence is no answer to the word
    fits = {"word_fit": round(word_fit, 3), "answer_fit": round(answer_fit, 3)}
    return {"was_speaking": was_speaking, "reaction_ms": round((silent_s - end_s) * 1_000, 1), **fits}


def parts(moments: Moments, word: Path, reaction_ms: float) -> dict[str, float]:
    """Return the milliseconds of each step; empty where the notes are incomplete."""
    pcm, rate_hz = soundfile.read(word, dtype="int16")
    wanted = soxr.resample(pcm, rate_hz, EAR_RATE_HZ)

    def end_s(heard: Samples) -> float:
        at_s, _ = place(heard, wanted, 0.0, len(heard) / EAR_RATE_HZ, EAR_RATE_HZ)
        return at_s + word_end(word)

    found = moments.parts(end_s, LAST_S)
    if found is None:
        return {}
    around = reaction_ms - found[INSIDE]
    return {name: round(value, 1) for name, value in {**found, "devices and sound server": around}.items()}


def stop(folder: Path, rows: list[dict[str, Any]], trials: int) -> list[dict[str, Any]]:
    """Interrupt its instructions repeatedly."""
    chance = random.Random(20261122)
    chance.shuffle(rows)
    results: list[dict[str, Any]] = []
    moments = Moments(folder / "moments")
    with virtual_card(folder / "card", is_joint=True) as card:
        scene = make_scene(folder, card, env(folder / "moments"))
        tape = card.record("card.monitor", channels=2)
        try:
            begin(scene)
            for trial in range(trials):
                time.sleep(chance.uniform(0.3, 1.5))
                row = rows[trial % len(rows)]
                began_s = tape.now_s
                card.play(row["path"])
                one = {"file": row["file"], "text": row["text"], "human": row["human"], "load": os.getloadavg()[0]}
                results.append(one)
                try:
                    answer = scene.it_begins("Stopped" if row["text"] == "stop" else "Paused", 6.0)
                except AssertionError:
                    one["obeyed"] = False
                    continue
                time.sleep(2 * ANSWER_S)  # the answer is found by its clip, so it has to be recorded
                one.update(obeyed=True, **reaction(scene, tape, row["path"], began_s, answer))
                one["parts"] = parts(moments, row["path"], one["reaction_ms"])
                print(trial, one, flush=True)
                scene.you_say(RESUME)
                scene.it_begins("", 20.0)
        finally:
            scene.close()
    return results


def show(results: list[dict[str, Any]]) -> None:
    """Print the figures for people."""
    obeyed = [one for one in results if one["obeyed"]]
    counted = [one for one in obeyed if one["was_speaking"] and one["answer_fit"] > SURE and one["word_fit"] > SURE]
    print(f"trials {len(results)}, obeyed {len(obeyed)}, counted {len(counted)}; wanted p50 and p95: {GOALS_MS} ms")
    groups = {"all": counted, "people": [one for one in counted if one["human"]]}
    groups["synthetic"] = [one for one in counted if not one["human"]]
    for name, ones in groups.items():
        if ones:
            p50, p95, worst = np.percentile([one["reaction_ms"] for one in ones], (50, 95, 100))
            print(f"{name:9s} n {len(ones):3d}  p50 {p50:4.0f} ms  p95 {p95:4.0f} ms  worst {worst:4.0f} ms")
    told = [one["parts"] for one in counted if one["parts"]]
    alone = [one["reaction_ms"] - one["parts"][HELD] + one["parts"][WORK] for one in counted if one["parts"]]
    if alone:
        p50, p95 = np.percentile(alone, (50, 95))
        print(f"with the ear's work in processor time n {len(alone)}  p50 {p50:.0f} ms  p95 {p95:.0f} ms")
    for name in told[0] if told else ():
        p50, p95, worst = np.percentile([one[name] for one in told], (50, 95, 100))
        print(f"  {name:28s} n {len(told):3d}  p50 {p50:6.1f}  p95 {p95:6.1f}  worst {worst:6.1f}")
    loads = [one["load"] for one in results]
    print(f"load {min(loads):.1f} to {max(loads):.1f}")


def main() -> None:
    """Read the command line, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path, nargs="?", default=SPEECH / "manifest.jsonl")
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    asked = parser.parse_args()
    rows = words(asked.manifest)
    with tempfile.TemporaryDirectory() as folder:
        results = stop(Path(folder), rows, asked.trials)
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    show(results)


if __name__ == "__main__":
    main()
