"""Measures the pace of whole routines: rate of speech, gaps, time to the first count, loudness, peaks, earcons.

    python -m benchmarks.pace [--routine full] [--clips FOLDER] [--out FOLDER]

Three evenings of one person are rendered by the real dialogue, scheduler and voice; time is counted in samples. The
person is new, answers every question the moment it has been asked, and as it is hoped (`ANSWERS`), and comes again on
the next two days. The first evening is the whole routine, of the others only the way to the first count counts.

A sentence is what sounds from `voice_began` to `voice_ended`: clips have no silence at their ends. Words are counted as
they are spoken ("thirty-six" is two). Of sentences under three words the rate says little, since the last syllable of
any sentence is long; they have a line of their own. `--out` writes the first evening's sound, and its sentences with
their times, for a recogniser that is not ours. Run it from the root of the repository.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args

import numpy as np
import soundfile

import assistant
from assistant.clock import ManualClock
from assistant.decode.typed_engine import heard_from_line
from assistant.messages import BLOCK_S, MOUTH_RATE_HZ, Due, Pcm, Say, VoiceBegan, VoiceEnded
from assistant.respond.states import Counting, Leading
from assistant.speak.clips import ClipCache
from assistant.speak.earcons import Earcon, earcon
from assistant.speak.hibari_voice import OWN_RATE, HibariVoice
from assistant.speak.loudness import LOUDNESS, lufs
from assistant.speak.paced_voice import PacedVoice, words_in
from assistant.speak.player import Player
from assistant.store.journal import Journal
from assistant.store.settings import Settings
from assistant.testing import Transcript
from assistant.wire import build
from assistant.wire.lockstep import Lockstep
from assistant.wire.mouth import DirectMouth
from assistant.wire.session import Session

ANSWERS = {
    "Idle": "start",
    "Offered": "start",
    "Screening": "no",
    "Rating": "five",
    "ReadyPrompt": "ready",
    "Locating": "ready",
    "OwnPace": "done",
}
"""The person's words in a state; in any other the first of the answers that its last sentence names, else "yes"."""
QUOTED = re.compile("\u201c([^\u201d]+)\u201d")
LONGEST_S = 60 * 60.0
LOW_HZ = 500  # a laptop's loudspeaker gives little below
FEW = 3  # words: of fewer the rate says little
TARGETS = {"first": 120.0, "third": 30.0}  # seconds to the first count


class Tape:
    """A speaker that keeps what it plays."""

    def __init__(self) -> None:
        """Nothing was played yet."""
        self._blocks: list[Pcm] = []

    def write(self, pcm: Pcm) -> None:
        """Keep one block."""
        self._blocks.append(pcm)

    @property
    def sound(self) -> Pcm:
        """Return all of it."""
        return np.concatenate(self._blocks)


@dataclass(frozen=True)
class Spoken:
    """A sentence that was heard to its end."""

    began_s: float
    ended_s: float
    text: str
    reply: str

    @property
    def rate(self) -> float:
        """Words a minute."""
        return 60 * words_in(self.text) / (self.ended_s - self.began_s)


@dataclass(frozen=True)
class Evening:
    """One session."""

    sound: Pcm
    told: Transcript
    answers: tuple[tuple[float, str], ...]

    @property
    def first_count_s(self) -> float:
        """Time at which the first number of the first count began."""
        return next(event.at_s for event in self.told.events if isinstance(event, Due) and event.tag == "beat")

    @property
    def asked(self) -> int:
        """Number of times that the person had to say something before that."""
        return sum(at_s < self.first_count_s for at_s, _ in self.answers)

    def sentences(self) -> list[Spoken]:
        """Every sentence that was not cut."""
        says = {say.utterance: (text, say.reply) for _, say, text in self.told.effects if isinstance(say, Say)}
        began: dict[int, float] = {}
        found = []
        for event in self.told.events:
            if isinstance(event, VoiceBegan):
                began[event.utterance] = event.at_s
            elif isinstance(event, VoiceEnded) and event.is_finished:
                found.append(Spoken(began[event.utterance], event.at_s, *says[event.utterance]))
        return found


def evening(
    library: build.LoadedFiles, clips: ClipCache, journal: Journal, clock: ManualClock, routine: str
) -> Evening:
    """Have one session, from the first word to the end of the routine."""
    player, told, tape = Player(), Transcript(), Tape()
    answers: list[tuple[float, str]] = []
    session = build.session(
        library, player, DirectMouth(clips, player), lambda _: None, clock=clock, journal=journal, observers=(told,)
    )
    lockstep = Lockstep(session, player, tape)
    session.begin(None, routine, asks_rating=Settings().rating)
    while player.now_s < LONGEST_S:
        lockstep.wait_until_quiet()
        if type(session.state).__name__ in {"Finished", "EndedUrgent", "NotToday"} or session.is_over:
            return Evening(tape.sound, told, tuple(answers))
        if isinstance(session.state, (Leading, Counting)):
            lockstep.wait_for_count()
            continue
        text = answer(session, told, library.library.title(routine))
        answers.append((player.now_s, text))
        lockstep.step((heard_from_line(text, player.now_s),))
        lockstep.wait(BLOCK_S)
    msg = f"the routine did not end: {answers[-5:]}"
    raise RuntimeError(msg)


def answer(session: Session, told: Transcript, title: str) -> str:
    """Return what the person says now."""
    known = ANSWERS.get(type(session.state).__name__)
    if known is not None:
        return known.format(title=title)
    named = [found for _, text in told.sounded[-1:] for found in QUOTED.findall(text)]
    return str(named[0]).strip(" .,?") if named else "yes"


# --- what is printed -------------------------------------------------------------------------------------------------


def spread(values: Iterable[float], digits: int = 0) -> str:
    """Return least, median, 95th percentile and most."""
    least, half, high, most = np.percentile(list(values), [0, 50, 95, 100])
    return f"least {least:.{digits}f}  median {half:.{digits}f}  p95 {high:.{digits}f}  most {most:.{digits}f}"


def report_rates(sentences: Sequence[Spoken]) -> None:
    """Print words a minute of each text, once."""
    texts = {one.text: one for one in sentences}.values()
    long = sorted((one for one in texts if words_in(one.text) >= FEW), key=lambda one: one.rate)
    short = [one for one in texts if words_in(one.text) < FEW]
    print(f"words a minute, {len(long)} sentences: {spread(one.rate for one in long)}")
    print(f"  slowest {long[0].rate:.0f}: {long[0].text}")
    print(f"  fastest {long[-1].rate:.0f}: {long[-1].text}")
    if short:
        print(f"  {len(short)} sentences of one or two words: {spread(one.rate for one in short)}")


def report_gaps(first: Evening) -> None:
    """Print the silence between two sentences with no answer and no count between them."""
    beats = [event.at_s for event in first.told.events if isinstance(event, Due) and event.tag == "beat"]
    breaks = sorted([*beats, *(at_s for at_s, _ in first.answers)])
    gaps = [
        (one, following.began_s - one.ended_s)
        for one, following in pairwise(first.sentences())
        if bisect(breaks, following.began_s) == bisect(breaks, one.ended_s - BLOCK_S)
    ]
    lines = [gap for one, gap in gaps if one.reply == "line"]
    print(f"gaps after a line of a technique, {len(lines)}: {spread(lines, 2)}; {sum(g < 1 for g in lines)} under 1 s")
    print(f"gaps after any sentence, {len(gaps)}: {spread((gap for _, gap in gaps), 2)}")


def report_first_counts(evenings: Sequence[Evening]) -> None:
    """Print when the first count began, and what came before it."""
    for name, one in zip(("first", "second", "third"), evenings, strict=True):
        aim = f" (aim {TARGETS[name]:.0f} s)" if name in TARGETS else ""
        print(f"{name} evening: first count after {one.first_count_s:.1f} s{aim}, {one.asked} answers")
    for number in (0, 2):
        print(f"  costs of evening {number + 1}:")
        for sentence in evenings[number].sentences():
            if sentence.began_s < evenings[number].first_count_s:
                print(f"  {sentence.began_s:6.1f} {sentence.ended_s - sentence.began_s:5.1f} s  {sentence.text}")


def report_levels(first: Evening) -> None:
    """Print loudness and peaks of what was played, and of the earcons against it."""
    wave = (first.sound / 32_767).astype(np.float32)
    sentences = [one for one in first.sentences() if words_in(one.text) >= FEW]
    cuts = [wave[round(one.began_s * MOUTH_RATE_HZ) : round(one.ended_s * MOUTH_RATE_HZ)] for one in sentences]
    print(f"loudness, {len(cuts)} sentences, LUFS: {spread((lufs(cut, MOUTH_RATE_HZ) for cut in cuts), 1)}")
    print(f"peak of all that was played: {20 * np.log10(np.abs(wave).max()):.2f} dBFS")
    for name in get_args(Earcon):
        sign = (earcon(name, MOUTH_RATE_HZ).pcm / 32_767).astype(np.float32)
        energy = np.square(np.abs(np.fft.rfft(sign)))
        share = energy[np.fft.rfftfreq(len(sign), 1 / MOUTH_RATE_HZ) > LOW_HZ].sum() / energy.sum()
        apart = lufs(sign, MOUTH_RATE_HZ) - LOUDNESS
        print(f"earcon {name}: {apart:+.1f} LU against speech, {share:.1%} of its energy above {LOW_HZ} Hz")


def main() -> None:
    """Render three evenings and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--routine", default="full")
    parser.add_argument("--clips", type=Path, help="keep rendered clips here: the next run is quicker")
    parser.add_argument("--out", type=Path, help="write pace.wav and pace.json of the first evening here")
    wish = parser.parse_args()
    library = assistant.load_library()
    clips = ClipCache(PacedVoice(HibariVoice(), OWN_RATE), wish.clips)  # no deadline: a busy machine changes no figure
    clock = ManualClock()
    with tempfile.TemporaryDirectory() as home:
        journal = Journal(Path(home) / "journal.db")
        evenings = []
        for day in range(3):
            later = ManualClock(clock.wall() + timedelta(days=day))
            evenings.append(evening(library, clips, journal, later, wish.routine))
        journal.close()
    first = evenings[0]
    report_rates(first.sentences())
    report_gaps(first)
    report_first_counts(evenings)
    report_levels(first)
    if wish.out:
        wish.out.mkdir(parents=True, exist_ok=True)
        soundfile.write(wish.out / "pace.wav", first.sound, MOUTH_RATE_HZ)
        times = [[one.began_s, one.ended_s, one.text] for one in first.sentences()]
        (wish.out / "pace.json").write_text(json.dumps(times, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
