"""Benefit of a rehearsal: new takes that are heard with a person's own pronunciations, and without.

    python -m benchmarks.rehearse MANIFEST [--voices NAME,...] [--every N] [--json OUT.json]

People: each of the manifest's people who say a command twice or three times; all takes but one are the rehearsal, that
one is the test. Made voices: the core commands by espeak-ng and flite, in dialects of English and in foreign voices
that read English (an accent far from any person's): three takes are the rehearsal, three others, faster or slower,
higher or lower, are the test. False: the manifest's single words and digits that would act, before and after.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import subprocess
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from assistant.capture.wav_file import WavFile
from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.decode.segment import Segmenter, Utterance
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Intent, Pcm
from assistant.store.pronunciations import Own
from assistant.store.settings import Folders, Settings
from assistant.terminal.rehearse.commands import CommandToRehearse, commands_for, core_texts
from assistant.terminal.rehearse.from_recordings import utterances
from assistant.terminal.rehearse.learn import Missed, PronunciationLearner, Take
from assistant.wire import build

VOICES = (
    "espeak-ng:en-gb+f2",  # the weakest two of the development set
    "espeak-ng:en-us+m3",
    "espeak-ng:en-gb-scotland+m2",
    "espeak-ng:en-029+f3",
    "espeak-ng:de+m1",
    "espeak-ng:es+m3",
    "espeak-ng:it+f4",
    "espeak-ng:pl+m5",
    "flite:awb",
    "flite:kal",
)
REHEARSED = ((160, 50), (145, 45), (175, 55))  # words a minute, pitch
TESTED = ((150, 60), (165, 40), (180, 50))
USUAL_WPM = 160
QUIET_S = 0.8
ROOM = 0.001  # of full scale: what a quiet room adds
AUDIBLE = 0.01  # of full scale: what counts as sound when it is levelled
LEVEL = 0.063  # -24 dBFS, as the development set
BLOCK = round(BLOCK_S * EAR_RATE_HZ)
Counts = dict[str, int]


class Nobody:
    """An audience that ignores everything."""

    def took(self, command: CommandToRehearse, got: Take | Missed) -> None:
        """Print nothing."""


class Bench:
    """The shipped commands, and ears that have learned them."""

    def __init__(self) -> None:
        """Read the shipped files without any person's."""
        nowhere = Path("nowhere")
        self.loaded = build.load_files(Settings(), Folders(config=nowhere, data=nowhere, cache=nowhere))
        self.meanings: dict[str, set[Intent]] = defaultdict(set)
        for phrase in self.loaded.phrases:
            self.meanings[phrase.text].add(phrase.intent)
        self.plain = self.ear({})

    def ear(self, own: Own) -> PhoneticEngine:
        """Return an ear with a person's pronunciations."""
        made = build.phonetic(own)
        made.learn(self.loaded.phrases)
        return made

    def learned(self, takes: dict[str, list[Utterance]]) -> Own:
        """Return the lessons of a rehearsal with these takes."""
        rehearsal = PronunciationLearner(self.loaded.phrases, {}, build.phonetic)
        commands = commands_for(self.loaded.pack, self.loaded.phrases, takes)
        rehearsal.run(commands, lambda command: iter(takes[command.text]), Nobody())
        return rehearsal.learn()[0]

    def acts(self, ear: PhoneticEngine, said: Iterable[Utterance]) -> list[set[Intent]]:
        """Return the actions it would take; bare numbers are excluded, since they answer one question only."""
        heard = [ear.hear(utterance) for utterance in said]
        acts = [self.meanings[one.text] - {Intent.RATE_PAIN} for one in heard if one.is_sure]
        return [one for one in acts if one]

    def verdict(self, ear: PhoneticEngine, said: Sequence[Utterance], text: str) -> str:
        """Return right, wrong, or rejected."""
        acts = self.acts(ear, said)
        if len(acts) == 1 and acts[0] & self.meanings[text]:
            return "right"
        return "wrong" if acts else "rejected"


def heard_in(blocks: Iterable[Pcm], segmenter: Segmenter) -> list[Utterance]:
    """Return the utterances of one clip, with quiet around it."""
    quiet: list[Pcm] = [np.zeros(BLOCK, np.int16)] * round(QUIET_S / BLOCK_S)
    segmenter.reset()
    every = enumerate([*quiet, *blocks, *quiet])
    stamped = (AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=n * BLOCK_S) for n, pcm in every)
    return list(utterances(stamped, segmenter))


def made(voice: str, text: str, speed_wpm: int, pitch: int) -> list[Pcm]:
    """Synthesise one take of a voice, with the noise of a quiet room."""
    engine, name = voice.split(":")
    if engine == "espeak-ng":
        words = [engine, "-v", name, "-s", str(speed_wpm), "-p", str(pitch), "--stdout", text]
        wav = subprocess.run(words, capture_output=True, check=True).stdout
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "said.wav"
            stretch = f"duration_stretch={USUAL_WPM / speed_wpm:.2f}"
            tone = f"int_f0_target_mean={70 + pitch}"
            words = [engine, "-voice", name, "--setf", stretch, "--setf", tone, "-t", text, "-o", str(path)]
            subprocess.run(words, capture_output=True, check=True)
            wav = path.read_bytes()
    sound, rate_hz = soundfile.read(io.BytesIO(wav), dtype="float32")
    sound = soxr.resample(sound, rate_hz, EAR_RATE_HZ)
    sound *= LEVEL / float(np.sqrt(np.square(sound[np.abs(sound) > AUDIBLE]).mean()))
    rng = np.random.default_rng(zlib.crc32(f"{voice}{text}{speed_wpm}{pitch}".encode()))
    sound = np.concatenate([sound, np.zeros(-len(sound) % BLOCK)])
    sound += rng.standard_normal(len(sound)) * ROOM
    return list((np.clip(sound, -1, 1) * 32_767).astype(np.int16).reshape(-1, BLOCK))


def people(bench: Bench, manifest: Path, segmenter: Segmenter) -> tuple[Counts, Counts]:
    """Test by leaving one take out; return the counts before and after."""
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    clips: dict[tuple[str, str], list[list[Utterance]]] = defaultdict(list)
    for row in rows:
        if row["human"] and row["kind"] == "command":
            blocks = (block.pcm for block in WavFile(manifest.parent / row["file"]).blocks())
            clips[row["voice"], row["text"]].append(heard_in(blocks, segmenter))
    before: Counts = defaultdict(int)
    after: Counts = defaultdict(int)
    for (_, text), takes in clips.items():
        for n, test in enumerate(takes if len(takes) > 1 else ()):
            own = bench.learned({text: [one for k, take in enumerate(takes) if k != n for one in take[:1]]})
            before[bench.verdict(bench.plain, test, text)] += 1
            after[bench.verdict(bench.ear(own) if own else bench.plain, test, text)] += 1
    return before, after


def one_voice(bench: Bench, voice: str, segmenter: Segmenter) -> tuple[Counts, Counts, Own]:
    """Rehearse the core commands with a synthetic voice; return counts before and after, and the lessons."""
    texts = core_texts(bench.loaded.pack)

    def takes(text: str, ways: Iterable[tuple[int, int]]) -> list[list[Utterance]]:
        return [heard_in(made(voice, text, *way), segmenter) for way in ways]

    own = bench.learned({text: [one for take in takes(text, REHEARSED) for one in take[:1]] for text in texts})
    ear = bench.ear(own)
    before: Counts = defaultdict(int)
    after: Counts = defaultdict(int)
    for text in texts:
        for test in takes(text, TESTED):
            before[bench.verdict(bench.plain, test, text)] += 1
            after[bench.verdict(ear, test, text)] += 1
    return before, after, own


def share(part: int, whole: int) -> str:
    """Format a share with its 95 % Wilson interval."""
    if not whole:
        return "none"
    z, p = 1.96, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{part} of {whole} = {100 * p:.1f} % [{100 * (middle - half):.1f}-{100 * (middle + half):.1f}]"


def told(name: str, before: Counts, after: Counts) -> str:
    """Format one line."""
    whole = sum(before.values())
    return (
        f"{name:28s} right {share(before['right'], whole)} -> {share(after['right'], whole)}, "
        f"wrong {before['wrong']} -> {after['wrong']}"
    )


def main() -> None:
    """Read the command line, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--voices", default=",".join(VOICES))
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth of the words and digits")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    asked = parser.parse_args()
    bench, segmenter = Bench(), Segmenter()
    found: dict[str, Any] = {}
    found["people"] = people(bench, asked.manifest, segmenter)
    print(told("people", *found["people"]), flush=True)
    rows = [json.loads(line) for line in asked.manifest.read_text(encoding="utf-8").splitlines()]
    files = [asked.manifest.parent / row["file"] for row in rows if row["kind"] in {"word", "digit"}]
    files = files[:: asked.every]
    others = [heard_in((block.pcm for block in WavFile(path).blocks()), segmenter) for path in files]
    false_before = sum(bool(bench.acts(bench.plain, one)) for one in others)
    sums: tuple[Counts, Counts] = (defaultdict(int), defaultdict(int))
    false_after = tried = 0
    for voice in asked.voices.split(","):
        before, after, own = one_voice(bench, voice, segmenter)
        ear = bench.ear(own)
        false = sum(bool(bench.acts(ear, one)) for one in others)
        false_after, tried = false_after + false, tried + len(others)
        for total, counts in zip(sums, (before, after), strict=True):
            for name, count in counts.items():
                total[name] += count
        found[voice] = {"before": before, "after": after, "learned": own, "false": false}
        learned = sum(map(len, own.values()))
        print(told(voice, before, after), f"learned {learned}, false {false_before} -> {false}", flush=True)
    print(told("made voices together", *sums))
    print(f"false words and digits: {share(false_before, len(others))} -> {share(false_after, tried)}")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
