"""Hours of talk that is not for the assistant, through the real ear: false actions an hour, each with what was said.

    python benchmarks/long_negative.py --clips MANIFEST.jsonl --prose FILE [FILE...] [--hours 3.1] [--json OUT]

First the clips of the manifest without an intent that are speech (talk, broadcast, assistant). Then prose, read
sentence by sentence with pauses by several voices: hibari (pip), and those of espeak-ng and flite that this machine has
(Debian has packages of these names). FILE is plain text in UTF-8, or the books of Jane Austen as the Debian package
r-cran-janeaustenr has them (.../janeaustenr/data/Rdata.rdb; `apt-get download` and `dpkg -x` are enough, R is not
needed). The King James Bible, with much short direct speech, comes out of Debian's bible-kjv:
`bible -f mat1:1-jn21:25 > kjv.txt`. Half of what each voice reads is direct speech only. Where a piece of prose between
two marks of punctuation is itself a command ("Stop!", "No."), the ear is right to hear it: such actions are counted
apart, by the text.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from no_command import Act, Listener, poisson_interval

from assistant.messages import EAR_RATE_HZ, Heard, Intent, Said
from assistant.speak.hibari_voice import HibariVoice

Pcm: TypeAlias = npt.NDArray[np.int16]
Speaker: TypeAlias = Callable[[str], "tuple[Pcm, int]"]

SPEECH_KINDS = ("talk", "broadcast", "assistant")
ESPEAK = ("en-us", "en-gb+f3", "en-us+m3", "en-gb-scotland+f2", "en-us+Alicia")
FLITE = ("slt", "rms", "awb", "kal16")
SPEECH_DBFS = (-35.0, -18.0)
ROOM_DBFS = -65.0
PAUSE_S = (0.35, 1.4)  # between sentences; the ear's own short pause is 0.3
LONGEST_WORDS = 40
R_STRING, R_MISSING = 9, -1  # of R's serialisation: the type of one string, the length of NA


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One sentence and when it sounded."""

    voice: str
    text: str
    at_s: float
    end_s: float


def books(path: Path) -> list[str]:
    """The texts in a file: one, or each book of an R data file."""
    if path.suffix != ".rdb":
        return [path.read_text(encoding="utf-8")]
    data, found = path.read_bytes(), []
    while data:
        stream = zlib.decompressobj()
        raw = stream.decompress(data[4:])  # the first four bytes tell the length
        data = stream.unused_data
        found.append("\n".join(_r_strings(raw)))
    return found


def _r_strings(raw: bytes) -> Iterator[str]:
    """The lines of one character vector, as R writes it (XDR, version 3, encoding named in the head)."""
    at = 14
    at += 4 + int.from_bytes(raw[at : at + 4], "big") + 4  # the encoding's name; what follows is a vector of strings
    count = int.from_bytes(raw[at : at + 4], "big")
    at += 4
    for _ in range(count):
        kind, size = raw[at + 3], int.from_bytes(raw[at + 4 : at + 8], "big", signed=True)
        if kind != R_STRING or size == R_MISSING:
            sys.exit("this is no data file of r-cran-janeaustenr")
        yield raw[at + 8 : at + 8 + size].decode("utf-8")
        at += 8 + size


def sentences(text: str) -> Iterator[str]:
    """Sentences of at most 40 words without headings and underlines, in order."""
    flowing = re.sub(r"^(CHAPTER|VOLUME|Chapter|\w+ \d+$).*$|^\w+:\d+ |[_*\[\]]|--+", " ", text, flags=re.MULTILINE)
    flowing = re.sub(r"\b(Mrs?|Dr|St)\.", r"\1", " ".join(flowing.split()))
    for one in re.split(r"(?<=[.!?])[\"”’]?\s+", flowing):
        plain = one.strip(' "“”')
        if plain and len(plain.split()) <= LONGEST_WORDS and re.search("[a-zA-Z]", plain):
            yield plain


def direct_speech(text: str) -> Iterator[str]:
    """Sentences inside quotation marks; where there are none, what follows "said" or "saith" and a comma."""
    for quoted in re.findall(r"[\"“]([^\"“”]{2,400})[\"”]|\bsai(?:d|th)[^,.:]{0,40}, ([A-Z][^.!?]{2,200}[.!?])", text):
        yield from sentences(quoted[0] or quoted[1])


def voices() -> dict[str, Speaker]:
    """Every voice that this machine has."""
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
    """What was spoken into one listener, with the room around it."""

    def __init__(self, listener: Listener, seed: int) -> None:
        """Begin in silence."""
        self.listener, self.spoken = listener, list[Spoken]()
        self._rng = np.random.default_rng(seed)
        self.speech_s = 0.0

    def say(self, voice: str, text: str, pcm: Pcm, rate_hz: int) -> None:
        """One clip at some level, and the pause after it."""
        wave = soxr.resample(pcm.astype(np.float32) / 32768, rate_hz, EAR_RATE_HZ)
        loud = wave[np.abs(wave) > 0.02 * np.abs(wave).max(initial=0.0)]
        level = float(np.sqrt(np.mean(loud**2))) if len(loud) else 1.0
        wave *= min(
            10 ** (self._rng.uniform(*SPEECH_DBFS) / 20) / level, 0.9 / max(1e-6, float(np.abs(wave).max(initial=0)))
        )
        at_s = self.listener.seconds
        self._play(np.concatenate([wave, np.zeros(round(self._rng.uniform(*PAUSE_S) * EAR_RATE_HZ), np.float32)]))
        self.spoken.append(Spoken(voice=voice, text=text, at_s=at_s, end_s=at_s + len(wave) / EAR_RATE_HZ))
        self.speech_s += len(wave) / EAR_RATE_HZ

    def _play(self, wave: npt.NDArray[np.float32]) -> None:
        noisy = wave + self._rng.standard_normal(len(wave)) * 10 ** (ROOM_DBFS / 20)
        self.listener.feed(np.clip(noisy * 32767, -32768, 32767).astype(np.int16))

    def said_at(self, act: Act) -> list[Spoken]:
        """Every sentence that sounded during an action's utterance."""
        return [one for one in self.spoken if one.at_s < act.end_s + 0.2 and one.end_s > act.at_s - 0.2]


def is_command_in(text: str, act: Act, listener: Listener) -> bool:
    """Whether a piece of the text between marks of punctuation means just what the ear heard."""
    for piece in [text, *re.split(r"[^\w\s']+", text)]:
        heard = Heard(text=piece.strip(), is_final=True, is_sure=True, score=100.0, at_s=0.0, end_s=0.0)
        event = listener.matcher.understand(heard, frozenset(Intent), 0.0)
        if isinstance(event, Said) and event.intent is act.intent and event.text == act.text:
            return True
    return False


def read_clips(manifest: Path, reading: Reading) -> None:
    """The recordings and clips that are speech for nobody."""
    for line in manifest.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["intent"] is None and row["kind"] in SPEECH_KINDS:
            pcm, rate_hz = soundfile.read(manifest.parent / row["file"], dtype="int16")
            reading.say(f"{row['kind']} {row['voice']}", row["text"], pcm, rate_hz)


def read_prose(paths: list[Path], hours: float, seed: int, reading: Reading) -> None:
    """The rest of the time, in equal parts for each voice; half of it direct speech."""
    texts = [text for path in paths for text in books(path)]
    rng = np.random.default_rng(seed + 1)
    speakers = voices()
    began = reading.listener.seconds
    share = (hours * 3600 - began) / len(speakers)
    for n, (name, speak) in enumerate(speakers.items()):
        for half, pieces in enumerate((sentences, direct_speech)):
            until = began + share * (n + (half + 1) / 2)
            while reading.listener.seconds < until:
                pool = list(pieces(texts[rng.integers(len(texts))]))
                start = int(rng.integers(len(pool)))
                for text in pool[start : start + 60]:
                    if reading.listener.seconds < until:
                        reading.say(name, text, *speak(text))
        print(f"{name}: {reading.listener.seconds / 3600:.2f} h, {len(reading.listener.acts)} actions", file=sys.stderr)


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Read, listen, count."""
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
                "is_in_the_text": true,
                "states": act.states,
            }
        )
    wrong = [act for act, row in zip(listener.acts, rows, strict=True) if not row["is_in_the_text"]]
    counts = {name or "all": sum(act.is_legal(name) for act in wrong) for name in (None, "counting", "paused")}
    return {
        "hours": hours,
        "speech_hours": reading.speech_s / 3600,
        "sentences": len(reading.spoken),
        "utterances": len(listener.heard),
        "state": asked.state,
        "false": {
            name: {"count": n, "per_hour": n / hours, "interval": poisson_interval(n, hours)}
            for name, n in counts.items()
        },
        "true_commands": len(rows) - len(wrong),
        "cpu_per_s": listener.cpu_s / listener.seconds,
        "actions": rows,
    }


def show(found: dict[str, Any]) -> None:
    """The figures, and every action with its text."""
    for row in found["actions"]:
        kind = "in the text" if row["is_in_the_text"] else "FALSE"
        when = "early" if row["is_early"] else "final"
        print(f"{kind:12}{row['heard']!r} ({row['score']}, {when}) for {row['said']} by {row['voice']}")
    print(
        f"{found['hours']:.2f} h, {found['speech_hours']:.2f} h of it speech, {found['sentences']} sentences, "
        f"{found['utterances']} utterances, {found['true_commands']} commands in the text, "
        f"CPU {found['cpu_per_s']:.3f} s per second"
    )
    for name, one in found["false"].items():
        low, high = one["interval"]
        print(f"false, {name} legal: {one['count']} = {one['per_hour']:.2f} an hour [{low:.2f}, {high:.2f}]")


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
