"""A session on the virtual card: a person's recorded voice goes in, and what it said is found in what was recorded.

The trace tells which words to look for and when to go on; that they sounded is judged from the recording alone. A
sentence is found by its clip, half a second at a time: an underrun shifts what follows, and must not hide it.

Order: begin, then anything, then close.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from assistant.clock import SystemClock
from assistant.speak.clips import ClipCache
from assistant.speak.wording import aloud
from assistant.store.journal import Journal
from assistant.store.settings import folders
from tests.rigs.application import Running
from tests.rigs.virtual_card import LOOK_S, RATE_HZ, ROOT, Card, Samples

SPOKEN = ROOT / "tests" / "data" / "spoken"
FEW = 2  # numbers, to see that it counts
PATIENCE_S = 60.0  # for one answer; a busy machine may load models for half of that
LATELY_S = 8.0  # before now a sentence may have ended of which the trace tells now; what is older is not searched
COARSE = 3  # sentences are looked for at 8 000 Hz
PIECE_S = 0.5
ALIKE = 0.7  # correlation of a piece with its place; another sentence of the same voice stays under 0.4
ENOUGH = 0.5  # of a sentence; the rest may be lost to underruns where the machine is busy
SILENCE = 10  # of 32 768: under it nobody hears anything; the recording of a null sink holds zeros
SHORT = """id: card
words:
  en:
    title: Card routine
    spoken_names: [card]
steps:
  - {technique: back-pound, repetitions: 20, tempo_bpm: 90}
"""

Record = dict[str, Any]
Floats = npt.NDArray[np.float64]
Found = TypeVar("Found")


def settle(home: Path, routine: str = SHORT) -> None:
    """Make `home` that of a person who knows the advice, passed the safety check today, and has this routine."""
    (home / "routines").mkdir(parents=True, exist_ok=True)
    (home / "routines" / "card.yaml").write_text(routine, encoding="utf-8")
    (home / "settings.yaml").write_text("rating: false\n", encoding="utf-8")
    path = folders({"TUINA_HOME": str(home)}).journal
    for old in path.parent.glob("journal.db*"):
        old.unlink()
    journal = Journal(path)
    for fact in ("expert_advice_heard", "screening_passed"):
        journal.remember(fact, SystemClock().wall())
    journal.close()


def coarse(pcm: Samples) -> Floats:
    """The same at 8 000 Hz."""
    whole = len(pcm) // COARSE * COARSE
    return np.asarray(pcm[:whole].astype(np.float64).reshape(-1, COARSE).mean(axis=1))


def alike(sound: Floats, piece: Floats) -> Floats:
    """For each place in `sound`, the correlation with `piece`, 0 to 1 whatever the volume."""
    count = len(sound) - len(piece) + 1
    size = 1 << (len(sound) + len(piece)).bit_length()
    products = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(piece, size)), size)[:count]
    sums = np.concatenate([[0.0], np.cumsum(sound**2)])
    energy = np.maximum(sums[len(piece) :] - sums[: -len(piece)], len(piece))
    fits: Floats = products / np.sqrt(energy * np.sum(piece**2))
    return fits


def find(pcm: Samples, clip: Samples) -> tuple[float, float]:
    """Return the start of the clip in the recording, in seconds, and the share of it that was found, 0 to 1."""
    sound, wanted = coarse(pcm), coarse(clip)
    step = round(PIECE_S * RATE_HZ / COARSE)
    loud = np.sqrt(np.mean(wanted**2)) / 4
    starts = range(0, max(len(wanted) - step // 2, 1), step)
    pieces = [(at, wanted[at : at + step]) for at in starts]
    pieces = [(at, piece) for at, piece in pieces if np.sqrt(np.mean(piece**2)) > loud]
    places: list[float] = []
    for at, piece in pieces:
        if len(sound) < len(piece):
            continue
        fits = alike(sound, piece)
        if fits.max() >= ALIKE:
            first = int(np.flatnonzero(fits >= fits.max() - 0.05)[0])
            places.append((first - at) * COARSE / RATE_HZ)
    if not places:
        return 0.0, 0.0
    middle = float(np.median(places))
    near = [place for place in places if abs(place - middle) < PIECE_S]
    return min(near, default=middle), len(near) / len(pieces)


def longest_silence_s(pcm: Samples) -> float:
    """Return the longest stretch without sound, in seconds."""
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > SILENCE)
    edges = np.concatenate([[-1], loud, [len(pcm)]])
    return float(np.diff(edges).max() - 1) / RATE_HZ


class Scene:
    """One run of `tuina start` on a card."""

    def __init__(
        self,
        card: Card,
        home: Path,
        clips: ClipCache,
        routine: str = SHORT,
        more: Mapping[str, str] | None = None,
    ) -> None:
        """`home` is the person's, with this `routine`; `clips` gives what the application's own voice gives.

        `more` is added to the application's environment.
        """
        self._routine = routine
        self._more = more
        self.card = card
        self._home = home
        self._clips = clips
        self._trace = home / "trace.jsonl"
        self._read = 0
        self._records: list[Record] = []
        self._texts: dict[int, str] = {}
        self._passed = 0
        self.after_s = 0.0
        """The end of the last sentence that was found: the search for the next one starts here."""

    def begin(self, routine: str = "card", *words: str) -> None:
        """Start the recorder, and then the application."""
        settle(self._home, self._routine)
        self._trace.unlink(missing_ok=True)
        self.tape_anew()
        named = ("start", routine, "--mic", "pulse", "--speaker", "pulse", "--trace", str(self._trace))
        self.app = Running(self.card, self._home, (*named, *words), self._more)

    def begin_count(self, *words: str) -> None:
        """Start it, and hurry it along until it has counted to three."""
        self.begin("card", *words)
        self.it_begins("Card routine")
        self.you_say("hibari-heart: start")
        self.it_begins("pound the lower back")
        self.you_say("hibari-heart: i am ready")
        self.wait_for(lambda: len(self.counted()) >= FEW or None, f"it counts to {FEW}")

    def tape_anew(self) -> None:
        """Record from here on: a recorder ends with its device."""
        self.tape = self.card.record()
        self.after_s = 0.0

    def close(self) -> None:
        """End the application."""
        if hasattr(self, "app"):
            self.app.close()

    # --- the person --------------------------------------------------------------------------------------------------

    def you_say(self, line: str, *, waits: bool = True) -> None:
        """Play "voice: what it says" into the microphone."""
        voice, _, text = line.partition(": ")
        self.card.play(SPOKEN / voice / f"{text.replace(' ', '_')}.flac", waits=waits)

    # --- what happened -----------------------------------------------------------------------------------------------

    def records(self) -> list[Record]:
        """The trace so far."""
        if self._trace.exists():
            with self._trace.open(encoding="utf-8") as file:
                file.seek(self._read)
                data = file.read()
            whole = data.rpartition("\n")[0]
            self._read += len(whole.encode()) + bool(whole)
            self._records += [json.loads(line) for line in whole.splitlines() if line]
        return self._records

    def said(self) -> list[str]:
        """The intents that were obeyed, in order."""
        return [one["intent"] for one in self.records() if one.get("event") == "said"]

    def wait_for(self, what: Callable[[], Found | None], name: str, patience_s: float = PATIENCE_S) -> Found:
        """Wait until something is there. Raises AssertionError with what was printed where it never comes."""
        until_s = time.monotonic() + patience_s
        while (found := what()) is None or found is False:
            if time.monotonic() > until_s or (self.app.process.poll() is not None and (found := what()) is None):
                last = "\n".join(map(str, self.records()[-8:]))
                msg = f"never: {name}\n{self.app.told}\n{last}"
                raise AssertionError(msg)
            time.sleep(LOOK_S)
        return found

    def it_begins(self, words: str, patience_s: float = PATIENCE_S) -> str:
        """Wait until a sentence with these words begins, after the last that was waited for; gives all of it."""
        return self.wait_for(lambda: self._next(words, "voice_began"), f"it says “{words}”", patience_s)

    def it_says(self, words: str, patience_s: float = PATIENCE_S) -> str:
        """Wait until a sentence with these words has been said to its end, and is found in the recording."""
        text = self.wait_for(lambda: self._next(words, "voice_ended"), f"it says “{words}”", patience_s)
        clip = self.clip(text)
        from_s = max(self.after_s, self.tape.now_s - len(clip) / RATE_HZ - LATELY_S)

        def is_heard() -> bool:
            at_s, share = find(self.tape.samples(from_s), clip)
            if share >= ENOUGH:
                self.after_s = from_s + at_s + len(clip) / RATE_HZ / 2
                return True
            return False

        self.wait_for(is_heard, f"“{text}” in the recording", patience_s)
        return text

    def clip(self, text: str) -> Samples:
        """Return the sound of a sentence."""
        return self._clips.get(aloud(text)).pcm

    def number(self, text: str, period_s: float) -> Samples:
        """Return the sound of a number of a count."""
        return self._clips.number(text, period_s).pcm

    def counts_on(self, more: int = FEW) -> None:
        """Wait until it has counted further by that many, and see that it left no number out."""
        before = len(self.counted())
        self.wait_for(lambda: len(self.counted()) >= before + more or None, "it counts on")
        numbers = [n for _, n in self.counted()]
        skipped = [(a, b) for a, b in pairwise(numbers) if b > a + 1]
        if skipped or numbers[0] != 1:
            msg = f"numbers were left out: {numbers}"
            raise AssertionError(msg)

    def _next(self, words: str, event: str) -> str | None:
        texts: dict[int, str] = {}
        for place, record in enumerate(self.records()):
            if record.get("effect") == "say":
                texts[record["utterance"]] = record["text"]
            elif record.get("event") == event and place >= self._passed and record.get("is_finished", True):
                text = texts[record["utterance"]]
                if words in text:
                    self._passed = place
                    return text
        return None

    def counted(self) -> list[tuple[float, int]]:
        """The numbers that were due so far, with their times by the application's clock."""
        numbers: list[tuple[float, int]] = []
        n = 0
        for record in self.records():
            if record.get("effect") == "beat":
                n = record["n"]
            elif record.get("event") == "due" and record["tag"] == "beat":
                numbers.append((record["at_s"], n))
        return numbers
