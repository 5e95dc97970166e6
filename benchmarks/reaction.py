"""How soon after the end of a word the ear answers: the sound that it waits for, and its own work.

python benchmarks/reaction.py MANIFEST.jsonl [--state STATE] [--json OUT.json] [--every N] [--ends CLEAN_FOLDER]

Every command goes through the ear in blocks of 20 ms with quiet around it, as `tuina hear` gives it. A block's answer
is ready when the block has ended, the work on all blocks before it is done, and its own work is done, as on a machine
that listens live and has one core to spare; work is counted in processor time. Reaction is that moment minus the end of
the word (word_end.py). What counts is the first accepted answer with the right meaning, partial or final. Clips whose
word touches the end of the file (cut, or too noisy to tell) have no known end and are counted apart. Noisy copies have
no end of their own: give the folder of the clean clips, their `clean_file` is looked up there.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from assistant.capture.wav_file import WavFile
from assistant.interpret.match import Matcher
from assistant.messages import BLOCK_S, SAFETY, Intent, Said
from assistant.wire import build
from assistant.wire.hear import BEFORE_S, _with_quiet, legal_for
from assistant.wire.settings import Folders, Settings
from assistant.wire.word_end import word_end_s

FAST = SAFETY | {Intent.PAUSE}
AT_THE_EDGE_S = 0.02


def react(path: Path, ear: Any, matcher: Matcher, legal: frozenset[Intent]) -> dict[str, Any]:  # noqa: ANN401
    """The answers of one clip with the moments they were ready, from the start of the clip, and what all of it cost."""
    ear.reset()
    ear.expect(legal)
    ready = spent = last = 0.0
    answers: list[dict[str, Any]] = []
    for block in _with_quiet(WavFile(path)):
        began = time.process_time()
        found = ear.feed(block)
        cost = time.process_time() - began
        last = block.at_s + BLOCK_S
        ready, spent = max(ready, last) + cost, spent + cost
        for heard in found:
            event = matcher.understand(heard, frozenset(Intent), heard.end_s) if heard.is_sure else None
            if isinstance(event, Said) and event.intent in legal:
                answer = {"intent": event.intent.value, "slots": dict(event.slots), "final": heard.is_final}
                answers.append({**answer, "sound_s": last - BEFORE_S, "ready_s": ready - BEFORE_S, "work_s": cost})
    return {"answers": answers, "spent_s": spent, "audio_s": last}


def measure(manifest: Path, state: str | None, every: int, ends: Path | None) -> dict[str, Any]:
    """Run the manifest's commands."""
    nowhere = Folders(config=Path("nowhere"), data=Path("nowhere"), cache=Path("nowhere"))
    settings = Settings(engine="phonetic")
    shelf = build.shelf(settings, nowhere)
    ear = build.ear("phonetic", settings, nowhere, shelf.phrases)
    matcher = Matcher(shelf.phrases, shelf.pack.skip_words, shelf.pack.numbers)
    legal = legal_for(state)
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    items = []
    for row in rows[::every]:
        found = react(manifest.parent / row["file"], ear, matcher, legal)
        clean = ends / row["clean_file"] if ends else manifest.parent / row["file"]
        pcm = soundfile.read(clean, dtype="int16")[0]
        end_s = word_end_s(pcm)
        known = end_s < len(pcm) / 16_000 - AT_THE_EDGE_S
        items.append(
            {**{key: row[key] for key in ("file", "text", "intent", "slots", "kind", "human", "seconds")}, **found}
        )
        items[-1].update(end_s=end_s, end_known=known)
    return {"manifest": str(manifest), "state": state, "items": items}


def groups(items: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Right answers of commands whose end is known, by what they are."""
    held: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in items:
        rights = [a for a in item["answers"] if (a["intent"], a["slots"]) == (item["intent"], item["slots"])]
        if item["kind"] != "command" or not item["end_known"] or not rights:
            continue
        first = {**rights[0], "end_s": item["end_s"]}
        who = "people" if item["human"] else "synthetic"
        what = "fast words" if Intent(item["intent"]) in FAST else "other commands"
        for name in (what, f"{what}, {who}"):
            held[name].append(first)
    return dict(sorted(held.items()))


def show(found: dict[str, Any]) -> None:
    """Print it for people."""
    for name, firsts in groups(found["items"]).items():
        total = np.array([a["ready_s"] - a["end_s"] for a in firsts]) * 1000
        sound = np.array([a["sound_s"] - a["end_s"] for a in firsts]) * 1000
        early = sum(not a["final"] for a in firsts)
        whole, heard = np.percentile(total, (50, 95)), np.percentile(sound, (50, 95))
        print(
            f"{name:28s} n {len(firsts):4d}  p50 {whole[0]:5.0f} ms  p95 {whole[1]:5.0f} ms"
            f"  (sound alone {heard[0]:5.0f} / {heard[1]:5.0f})  early {early}"
        )
    items = found["items"]
    commands = [item for item in items if item["kind"] == "command"]
    partials = [item for item in items if any(not a["final"] for a in item["answers"])]
    wrong = [
        item for item in partials if any((not a["final"]) and a["intent"] != item["intent"] for a in item["answers"])
    ]
    print(f"commands {len(commands)}, end unknown {sum(not item['end_known'] for item in commands)}")
    print(f"clips {len(items)}, with an early answer {len(partials)}, of another meaning {len(wrong)}")
    for item in wrong:
        print("   early and wrong:", item["file"], repr(item["text"]), [a["intent"] for a in item["answers"]])
    spent, audio = sum(i["spent_s"] for i in items), sum(i["audio_s"] for i in items)
    print(f"processor time {spent / audio:.4f} a second of sound ({audio:.0f} s, quiet around the clips included)")
    for kind in sorted({item["kind"] for item in items}):
        mine = [item for item in items if item["kind"] == kind]
        cost, seconds = sum(i["spent_s"] for i in mine), sum(i["seconds"] for i in mine)
        print(f"  {kind:12s} {cost / seconds:.4f} a second of clip ({seconds:.0f} s)")


def main() -> None:
    """Read the command line, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--state")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth clip")
    parser.add_argument("--ends", type=Path, metavar="CLEAN_FOLDER")
    asked = parser.parse_args()
    found = measure(asked.manifest, asked.state, asked.every, asked.ends)
    show(found)
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
