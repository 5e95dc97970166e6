"""Spoken coffee orders in every word order, made with the voices of this machine, for tests/data/grammars/coffee.yaml.

python -m benchmarks.coffee OUT [--count 240] [--pause 0.0] [--kokoro-js FOLDER]

Slots, order and wording are drawn first, so that the labels owe nothing to the grammar's own reading. With --pause the
speaker pauses that many seconds between two slots. Noisy copies: augment.py of the speech data, --clips OUT.
Needs flite and espeak-ng; a missing voice is skipped and reported. With --kokoro-js five voices speak that taught no
weights; run it where spoken_voices.py says then.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

from benchmarks.spoken_voices import speakers

if TYPE_CHECKING:
    from assistant.speak.hibari_voice import HibariVoice

RATE = 16_000
AS_USUAL, SAID_AT_ALL, POLITE = 0.6, 0.75, 0.3  # shares of the orders; chosen
SAID: dict[str, list[str] | dict[str, str]] = {
    "size": ["small", "medium", "large", "extra large", "eight ounce", "twelve ounce", "sixteen ounce", "twenty ounce"],
    "roast": ["light roast", "medium roast", "dark roast"],
    "shots": ["single shot", "double shot", "triple shot", "quadruple shot"],
    "beverage": ["americano", "cappuccino", "coffee", "espresso", "latte", "macchiato", "mocha", "flat white"],
    "milk": {
        "no milk": "no milk",
        "a little milk": "little milk",
        "a little bit of milk": "little milk",
        "some milk": "some milk",
        "a lot of milk": "a lot of milk",
        "extra milk": "a lot of milk",
        "regular milk": "milk",
        "cream": "cream",
        "half and half": "half and half",
        "soy milk": "soy milk",
    },
    "sweetener": {
        "no sugar": "no sugar",
        "a little sugar": "little sugar",
        "lots of sugar": "a lot of sugar",
        "one packet of sugar": "one sugar",
        "two sugars": "two sugars",
        "three sugars": "three sugars",
        "some sugar": "some sugar",
        "honey": "honey",
        "sweetener": "sweetener",
    },
}
ASKS = ["can i get", "could i have", "can you make me", "i want", "i'd like", "i would like", "give me", "let me have"]
Voice = Callable[[str], np.ndarray]


def order(rng: random.Random) -> tuple[list[str], dict[str, str]]:
    """Draw the parts of one order, and its slots."""
    picked = {slot: rng.choice(list(values)) for slot, values in SAID.items()}
    slots = {slot: _meant(SAID[slot], said) for slot, said in picked.items()}
    ask = rng.choice([*ASKS, "", ""])
    with_words = {slot: f"{rng.choice(['with ', '', 'and ' if slot == 'sweetener' else 'with '])}{picked[slot]}".strip()
                  for slot in ("milk", "sweetener")}  # fmt: skip
    article = "an" if picked["beverage"][0] in "ae" else "a"
    if rng.random() < AS_USUAL:  # the usual order of a drink's words, its additions anywhere
        inner = [slot for slot in ("size", "roast", "shots") if rng.random() < SAID_AT_ALL]
        drink = " ".join([article if ask else "", *(picked[slot] for slot in inner), picked["beverage"]]).strip()
        parts, held = [drink, with_words["milk"], with_words["sweetener"]], [*inner, "beverage", "milk", "sweetener"]
    else:
        parts = [picked[slot] for slot in ("size", "roast", "shots", "beverage")] + list(with_words.values())
        held = list(SAID)
    rng.shuffle(parts)
    end = ["please"] if rng.random() < POLITE else []
    return [part for part in [ask, *parts, *end] if part], {slot: slots[slot] for slot in held}


def _meant(values: list[str] | dict[str, str], said: str) -> str:
    return said if isinstance(values, list) else values[said]


@cache
def shipped_voice() -> HibariVoice:
    """Once: loading takes half a second."""
    from assistant.speak.hibari_voice import HibariVoice  # the other voices' environment has none

    return HibariVoice()


def hibari(text: str, *, shift: float = 1.0, speed: float = 1.0) -> np.ndarray:
    """Speak with the shipped voice; `shift` moves its pitch and formants together, like another throat."""
    clip = shipped_voice().synthesise(text, speed=speed / shift)
    return np.asarray(soxr.resample(clip.pcm.astype(np.float32) / 32768, clip.rate_hz * shift, RATE))


def flite(name: str, text: str) -> np.ndarray:
    """One of flite's voices."""
    return written(lambda path: ["flite", "-voice", name, "-t", text, "-o", path])


def espeak(name: str, text: str) -> np.ndarray:
    """One of espeak-ng's voices."""
    return written(lambda path: ["espeak-ng", "-v", name, "-s", "150", text, "-w", path])


def written(command: Callable[[str], list[str]]) -> np.ndarray:
    """Sound of a program that writes a WAV to the path it is given."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/said.wav"
        subprocess.run(command(path), check=True, capture_output=True)
        pcm, rate = soundfile.read(path, dtype="float32")
    return np.asarray(soxr.resample(pcm, rate, RATE))


def voices() -> dict[str, Voice]:
    """Return the installed voices."""
    found: dict[str, Voice] = {
        f"hibari-{shift}-{speed}": partial(hibari, shift=shift, speed=speed)
        for shift, speed in [(1.0, 1.0), (0.9, 1.0), (1.1, 1.1), (0.95, 1.2), (1.05, 0.9)]
    }
    for name in ("slt", "rms", "awb") if shutil.which("flite") else ():
        found[f"flite-{name}"] = partial(flite, name)
    for name in ("en-us", "en-gb-scotland") if shutil.which("espeak-ng") else ():
        found[f"espeak-{name}"] = partial(espeak, name)
    return found


def trimmed(pcm: np.ndarray) -> np.ndarray:
    """Return the sound without the silence at both ends."""
    loud = np.flatnonzero(np.abs(pcm) > 0.01 * np.abs(pcm).max())
    return pcm[loud[0] : loud[-1] + 1]


def main() -> None:
    """Draw, speak, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--pause", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--kokoro-js", type=Path, metavar="FOLDER", help="speak with the voices of spoken_voices.py")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    rng, made = random.Random(5), speakers(asked.kokoro_js) if asked.kokoro_js else voices()
    print(f"voices: {', '.join(made)}")
    with (asked.out / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for n in range(asked.count):
            name, speak = list(made.items())[n % len(made)]
            parts, slots = order(rng)
            cut = rng.randrange(1, len(parts)) if asked.pause and len(parts) > 1 else len(parts)
            pieces = [trimmed(speak(" ".join(some))) for some in (parts[:cut], parts[cut:]) if some]
            quiet = np.zeros(round(0.35 * RATE), np.float32)
            middle = np.zeros(round(asked.pause * RATE), np.float32)
            pcm = np.concatenate([quiet, pieces[0], *(each for piece in pieces[1:] for each in (middle, piece)), quiet])
            pcm *= 10 ** (-24 / 20) / np.sqrt(np.mean(pcm[pcm != 0] ** 2))
            pcm += np.random.default_rng(n).integers(-1, 2, len(pcm)) / 32768
            file = f"{n:03d}-{name}.flac"
            soundfile.write(asked.out / file, np.clip(pcm, -0.99, 0.99), RATE, subtype="PCM_16")
            row = {
                "file": file,
                "seconds": round(len(pcm) / RATE, 2),
                "text": " ".join(parts),
                "intent": "orderBeverage",
                "slots": slots,
                "kind": "command",
                "voice": name,
                "human": False,
            }
            manifest.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
