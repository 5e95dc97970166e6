"""Hours of talk that is not for the assistant, through the real ear: false actions an hour, each with what was said.

    python -m benchmarks.long_negative --clips MANIFEST.jsonl --prose FILE [FILE...] [--hours 3.1] [--json OUT]

First the clips of the manifest without an intent that are speech (talk, broadcast, assistant). Then prose, read
sentence by sentence with pauses by several voices: hibari (pip), and those of espeak-ng and flite that this machine has
(Debian has packages of these names). FILE is plain text in UTF-8, or the books of Jane Austen as the Debian package
r-cran-janeaustenr has them (.../janeaustenr/data/Rdata.rdb; `apt-get download` and `dpkg -x` are enough, R is not
needed). The King James Bible, with much short direct speech, comes out of Debian's bible-kjv:
`bible -f mat1:1-jn21:25 > kjv.txt`. Half of what each voice reads is prose as it stands, half direct speech alone:
short sentences, much nearer to commands. Ctrl-C ends the reading and reports what was heard so far. Where a piece of
prose between two marks of punctuation is itself a command ("Stop!", "No."), the ear is right to hear it: such actions
are counted apart, by the text.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from assistant.messages import EAR_RATE_HZ, Heard, Intent, Said
from assistant.speak.hibari_voice import HibariVoice
from assistant.terminal.bench.intervals import hourly
from assistant.wire.hear_recording import legal_for
from benchmarks.prose import books, direct_speech, sentences
from tests.rigs.no_command import Act, Listener

Pcm: TypeAlias = npt.NDArray[np.int16]
Speaker: TypeAlias = Callable[[str], "tuple[Pcm, int]"]

SPEECH_KINDS = ("talk", "broadcast", "assistant")
ESPEAK = ("en-us", "en-gb+f3", "en-us+m3", "en-gb-scotland+f2", "en-us+Alicia")
FLITE = ("slt", "rms", "awb", "kal16")
SPEECH_DBFS = (-35.0, -18.0)
ROOM_DBFS = -65.0
PAUSE_S = (0.35, 1.4)  # between sentences; the ear's own short pause is 0.3
PASSAGE_S = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One sentence, with the times of its sound."""

    part: str
    """One of: talk, prose, direct speech."""
    voice: str
    text: str
    at_s: float
    end_s: float


def voices() -> dict[str, Speaker]:
    """Return every voice that this machine has."""
    found: dict[str, Speaker] = {"hibari-heart": _hibari()}
    if shutil.which("espeak-ng"):
        found |= {f"espeak-{name}": _command("espeak-ng", "-v", name, "--stdout", "--") for name in ESPEAK}
    if shutil.which("flite"):
        found |= {f"flite-{name}": _flite(name) for name in FLITE}
    return found


def _hibari() -> Speaker:
    voice = HibariVoice()

    def speak(text: str) -> tuple[Pcm, int]:
        clip = voice.synthesise(text)
        return clip.pcm, clip.rate_hz

    return speak


def _command(*words: str) -> Speaker:
    def speak(text: str) -> tuple[Pcm, int]:
        wav = subprocess.run([*words, text], capture_output=True, check=True).stdout
        return np.frombuffer(wav[44:], "<i2"), int.from_bytes(wav[24:28], "little")

    return speak


def _flite(name: str) -> Speaker:
    return _command("flite", "-voice", name, "-o", "/dev/stdout", "-t")


class Reading:
    """The sound spoken into one listener, with the room around it."""

    def __init__(self, listener: Listener, seed: int) -> None:
        """Begin in silence."""
        self.listener, self.spoken = listener, list[Spoken]()
        self._rng = np.random.default_rng(seed)
        self.speech_s = 0.0
        self.part_s: dict[str, float] = defaultdict(float)

    def say(self, part: str, voice: str, text: str, pcm: Pcm, rate_hz: int) -> None:
        """Speak one clip at some level, and pause."""
        wave = soxr.resample(pcm.astype(np.float32) / 32768, rate_hz, EAR_RATE_HZ)
        loud = wave[np.abs(wave) > 0.02 * np.abs(wave).max(initial=0.0)]
        level = float(np.sqrt(np.mean(loud**2))) if len(loud) else 1.0
        wave *= min(
            10 ** (self._rng.uniform(*SPEECH_DBFS) / 20) / level, 0.9 / max(1e-6, float(np.abs(wave).max(initial=0)))
        )
        at_s = self.listener.seconds
        self._play(np.concatenate([wave, np.zeros(round(self._rng.uniform(*PAUSE_S) * EAR_RATE_HZ), np.float32)]))
        self.spoken.append(Spoken(part=part, voice=voice, text=text, at_s=at_s, end_s=at_s + len(wave) / EAR_RATE_HZ))
        self.speech_s += len(wave) / EAR_RATE_HZ
        self.part_s[part] += self.listener.seconds - at_s

    def _play(self, wave: npt.NDArray[np.float32]) -> None:
        noisy = wave + self._rng.standard_normal(len(wave)) * 10 ** (ROOM_DBFS / 20)
        self.listener.feed(np.clip(noisy * 32767, -32768, 32767).astype(np.int16))

    def said_at(self, act: Act) -> list[Spoken]:
        """Return every sentence that sounded during an action's utterance."""
        return [one for one in self.spoken if one.at_s < act.end_s + 0.2 and one.end_s > act.at_s - 0.2]


def _letters(text: str) -> str:
    """Return the text without its spaces and hyphens: "good-bye" is "goodbye"."""
    return text.replace(" ", "").replace("-", "")


def is_command_in(text: str, act: Act, listener: Listener) -> bool:
    """True if a piece of the text between punctuation marks means just what the ear heard; 'tis means it is."""
    text = re.sub(r"['’]tis\b", "it is", text, flags=re.IGNORECASE)
    no_commas = re.split(r"[^\w\s',-]+", text)
    pieces = [piece.replace(",", "").strip() for piece in (text, *no_commas, *re.split(r"[^\w\s'-]+", text))]
    for spoken in (*(piece.replace("-", " ") for piece in pieces), *(_letters(piece) for piece in pieces)):
        heard = Heard(text=spoken, is_final=True, is_sure=True, score=100.0, at_s=0.0, end_s=0.0)
        for event in listener.interpreter.understand(heard, frozenset(Intent), 0.0):
            if isinstance(event, Said) and event.intent is act.intent and _letters(event.text) == _letters(act.text):
                return True
    return False


def read_clips(manifest: Path, reading: Reading) -> None:
    """Read the recordings and clips that are speech for nobody."""
    for line in manifest.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["intent"] is None and row["kind"] in SPEECH_KINDS:
            pcm, rate_hz = soundfile.read(manifest.parent / row["file"], dtype="int16")
            reading.say("talk", f"{row['kind']} {row['voice']}", row["text"], pcm, rate_hz)


def read_prose(paths: list[Path], hours: float, seed: int, reading: Reading) -> None:
    """Read for the rest of the time: every voice in turn a passage, then one of direct speech. Ctrl-C ends it early."""
    texts = [text for path in paths for text in books(path)]
    rng = np.random.default_rng(seed + 1)
    speakers = voices()
    try:
        for part, pieces in cycle((("prose", sentences), ("direct speech", direct_speech))):
            for name, speak in speakers.items():
                pool = list(pieces(texts[rng.integers(len(texts))]))
                start, until = int(rng.integers(len(pool))), reading.listener.seconds + PASSAGE_S
                for text in pool[start:]:
                    if reading.listener.seconds < min(until, hours * 3600):
                        reading.say(part, name, text, *speak(text))
            told = f"{reading.listener.seconds / 3600:.2f} h, {len(reading.listener.acts)} actions"
            print(told, file=sys.stderr, flush=True)
            if reading.listener.seconds >= hours * 3600:
                return
    except KeyboardInterrupt:
        print("ended early", file=sys.stderr)


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Read, listen, count; return the figures."""
    reading = Reading(Listener(asked.state), asked.seed)
    if asked.clips:
        read_clips(asked.clips, reading)
    if asked.prose:
        read_prose(asked.prose, asked.hours, asked.seed, reading)
    listener, hours = reading.listener, reading.listener.seconds / 3600
    listener.finish()
    rows = []
    for act in listener.acts:
        told = reading.said_at(act)
        true = any(is_command_in(one.text, act, listener) for one in told)
        rows.append(
            {
                "heard": act.text,
                "intent": act.intent.value,
                "score": act.score,
                "is_early": act.is_early,
                "at_s": act.at_s,
                "said": [one.text for one in told],
                "voice": told[0].voice if told else "",
                "part": told[0].part if told else "",
                "is_in_the_text": true,
                "states": act.states,
            }
        )
    return {
        "hours": hours,
        "speech_hours": reading.speech_s / 3600,
        "sentences": len(reading.spoken),
        "utterances": len(listener.heard),
        "state": asked.state,
        "false": {
            part: {
                name or "all": rate([row for row in rows if part in ("all", row["part"])], name, seconds / 3600)
                for name in (None, "counting", "paused", "pause_asked")
            }
            for part, seconds in {"all": listener.seconds, **reading.part_s}.items()
        },
        "true_commands": sum(row["is_in_the_text"] for row in rows),
        "cpu_per_s": listener.cpu_s / listener.seconds,
        "actions": rows,
    }


def rate(rows: list[dict[str, Any]], state: str | None, hours: float) -> dict[str, Any]:
    """Return the number of these actions that were false and legal in a state, and the rate an hour."""
    legal = legal_for(state)
    n = sum(Intent(row["intent"]) in legal and not row["is_in_the_text"] for row in rows)
    return {"count": n, "hours": hours, "per_hour": n / hours, "interval": hourly(n, hours)}


def show(found: dict[str, Any]) -> None:
    """Print the figures, and every action with its text."""
    for row in found["actions"]:
        kind = "in the text" if row["is_in_the_text"] else "FALSE"
        when = "early" if row["is_early"] else "final"
        print(f"{kind:12}{row['heard']!r} ({row['score']}, {when}) for {row['said']} by {row['voice']}")
    print(
        f"{found['hours']:.2f} h, {found['speech_hours']:.2f} h of it speech, {found['sentences']} sentences, "
        f"{found['utterances']} utterances, {found['true_commands']} commands in the text, "
        f"CPU {found['cpu_per_s']:.3f} s per second"
    )
    for part, states in found["false"].items():
        for name, one in states.items():
            low, high = one["interval"]
            told = f"{one['count']} in {one['hours']:.2f} h = {one['per_hour']:.2f} an hour [{low:.2f}, {high:.2f}]"
            print(f"false, {part}, {name} legal: {told}")


def main() -> None:
    """Read the command line, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, metavar="MANIFEST.jsonl")
    parser.add_argument("--prose", type=Path, nargs="+", default=[], metavar="FILE")
    parser.add_argument("--hours", type=float, default=3.1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--state")
    parser.add_argument("--json", type=Path, metavar="OUT")
    asked = parser.parse_args()
    found = measure(asked)
    show(found)
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
