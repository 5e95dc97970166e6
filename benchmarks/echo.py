"""Our own voice from a loudspeaker: the commands falsely obeyed in it, and those obeyed of a person who speaks over it.

python -m benchmarks.echo MANIFEST.jsonl [--scene own|commands|stress] [--minutes 10] [--rooms 3]

own: prompts, techniques' words and a count to 36 alone, at 0 and +6 dB, on one clock and with 100 ppm. Every action is
wrong: sure commands of whole utterances and of early ones, before and after the test against the present sentence.
commands: people and synthetic voices over a typed session, at -6, 0 and +6 dB, on one clock and with 100 ppm, in
several rooms; obeyed of those that are obeyed in silence. stress: an overdriven loudspeaker. The manifest is that of
the spoken test data; the far end is what the product plays.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from assistant.capture.echo import EchoCanceller
from assistant.decode.recogniser import Recogniser
from assistant.interpret import Interpreter
from assistant.interpret.own_voice import Sounding, is_own_voice
from assistant.messages import BLOCK_S, EAR_RATE_HZ, MOUTH_RATE_HZ, AudioBlock, Pcm, Said
from assistant.store.settings import Folders, Settings
from assistant.wire import build
from assistant.wire.hear_recording import legal_for
from assistant.wire.session import ECHO_TAIL_S
from benchmarks.echo_room import Far, Room, at_the_microphone, commands, everything, session

BLOCK = round(BLOCK_S * EAR_RATE_HZ)
PLAYED = round(BLOCK_S * MOUTH_RATE_HZ)
ROOMS = ((0.19, 1), (0.16, 2), (0.22, 3))  # delay in seconds, seed
SLACK_S = 0.3


def blocks(pcm: Pcm) -> Iterator[AudioBlock]:
    """Yield a recording as a microphone gives it."""
    for start in range(0, len(pcm) - BLOCK + 1, BLOCK):
        yield AudioBlock(pcm=pcm[start : start + BLOCK], rate_hz=EAR_RATE_HZ, at_s=start / EAR_RATE_HZ)


def cancelled(heard: Pcm, far: Pcm, echo: EchoCanceller) -> Iterator[AudioBlock]:
    """Yield the ear's input: the blocks without the echo."""
    for number, block in enumerate(blocks(heard)):
        echo.played(np.pad(far, (0, PLAYED))[number * PLAYED : (number + 1) * PLAYED])
        yield echo.cancel(block, echo.played_s)


class Listener:
    """The ear, with the meanings of its words."""

    def __init__(self, loaded: build.LoadedFiles, ear: Recogniser) -> None:
        """Take an ear that has learned the loaded's phrases."""
        self._interpreter = Interpreter(loaded.phrases, loaded.pack)
        self._ear = ear
        self._legal = legal_for(None)

    def actions(
        self, sound: Iterator[AudioBlock], echo: EchoCanceller | None = None
    ) -> list[tuple[float, float, Said, bool]]:
        """Return start, end, action, and if the utterance was over; without what `echo` knows to be ours."""
        self._ear.reset()
        self._ear.expect(self._legal)
        found = []
        for block in sound:
            for heard in self._ear.feed(block):
                if echo is not None and echo.is_ours(heard.at_s, heard.end_s):
                    continue
                events = self._interpreter.understand(heard, self._legal, heard.end_s)
                said = (event for event in events if isinstance(event, Said))
                found += [(heard.at_s, heard.end_s, event, heard.is_final) for event in said]
        return found


def own(listener: Listener, far: Far, rooms: int) -> None:
    """Measure the scene `own`."""
    for delay_s, seed in ROOMS[:rooms]:
        for db, ppm in ((0, 0), (6, 0), (0, 100), (6, 100)):
            heard = at_the_microphone(far.pcm, Room(echo_db=db, ppm=ppm, delay_s=delay_s, seed=seed))
            echo, clean = EchoCanceller(), list[AudioBlock]()
            found = listener.actions(kept(cancelled(heard, far.pcm, echo), clean), echo)
            left = [one for one in found if not is_text_of_now(far, one)]
            told = [(round(one[0], 1), one[2].intent.value, one[2].text, one[3]) for one in found]
            erle = 20 * np.log10(rms(heard[160_000:]) / rms(np.concatenate([b.pcm for b in clean])[160_000:]))
            where = f"own  seed {seed} {db:+} dB {ppm:3} ppm {len(heard) / EAR_RATE_HZ / 60:.1f} min"
            print(f"{where} ERLE {erle:.1f} dB, actions {len(left)}, before the text {len(found)} {told}", flush=True)


def kept(sound: Iterator[AudioBlock], blocks: list[AudioBlock]) -> Iterator[AudioBlock]:
    """Yield the same blocks, and store them in `blocks`."""
    for block in sound:
        blocks.append(block)
        yield block


def rms(pcm: Pcm) -> float:
    """Return the root mean square in int16 steps."""
    return float(np.sqrt(np.mean(np.square(pcm.astype(float))) + 1))


def is_text_of_now(far: Far, one: tuple[float, float, Said, bool]) -> bool:
    """True if the session's last gate refuses it."""
    sounding = [text for start, end, text in far.sentences if start - SLACK_S < one[1] and one[1] <= end + ECHO_TAIL_S]
    return any(is_own_voice(one[2].text, one[2].intent, Sounding(text)) for text in sounding)


def over(listener: Listener, far: Far, manifest: Path, rooms: int, drive: float = 0.0) -> None:
    """Measure the scenes `commands` and `stress`."""
    near, marks = commands(manifest, len(far.pcm) / MOUTH_RATE_HZ)
    silence = at_the_microphone(far.pcm, Room(echo_db=-np.inf), near)
    alone = hits(listener.actions(blocks(silence)), marks)
    print(f"in silence {sum(alone)} of {len(alone)}", flush=True)
    for delay_s, seed in ROOMS[:rooms]:
        for db in (-6, 0, 6):
            for ppm in (0, 100):
                room = Room(echo_db=db, ppm=ppm, delay_s=delay_s, seed=seed, drive=drive)
                echo = EchoCanceller()
                heard = at_the_microphone(far.pcm, room, near)
                found = listener.actions(cancelled(heard, far.pcm, echo), echo)
                obeyed = sum(a and b for a, b in zip(hits(found, marks), alone, strict=True))
                others = [one for one in found if not any(meets(one, mark) for mark in marks)]
                told = [(round(one[0], 1), one[2].intent.value, one[2].text) for one in others]
                what = f"over seed {seed} {db:+} dB {ppm:3} ppm drive {drive}: {obeyed} of {sum(alone)}"
                print(f"{what} = {obeyed / sum(alone):.0%}, beside them {len(others)} {told}", flush=True)


def meets(one: tuple[float, float, Said, bool], mark: tuple[float, float, str]) -> bool:
    """True if the action overlaps a spoken command."""
    return one[0] < mark[1] + SLACK_S and one[1] > mark[0] - SLACK_S


def hits(found: list[tuple[float, float, Said, bool]], marks: list[tuple[float, float, str]]) -> list[bool]:
    """Return for each command if it was obeyed at the end of the utterance."""
    finals = [one for one in found if one[3]]
    return [any(meets(one, mark) and one[2].intent.value == mark[2] for one in finals) for mark in marks]


def main() -> None:
    """Run the scene of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--scene", choices=("own", "commands", "stress"))
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rooms", type=int, default=len(ROOMS))
    given = parser.parse_args()
    with TemporaryDirectory() as home:
        where = Folders(config=Path(home), data=Path(home), cache=Path(home))
        settings = Settings(engine="phonetic")
        loaded = build.load_files(settings, where)
        listener = Listener(loaded, build.ear("phonetic", settings, where, loaded.phrases))
        clips = build.clips(build.voice("hibari", "en", print), where)
        began = time.monotonic()
        if given.scene in {None, "own"}:
            own(listener, everything(loaded, clips, given.minutes * 60), given.rooms)
        if given.scene != "own":
            far = session(loaded, clips, min(given.minutes, 6.0) * 60)
            print(f"far end {len(far.pcm) / MOUTH_RATE_HZ:.0f} s, {len(far.sentences)} sentences", flush=True)
            if given.scene in {None, "commands"}:
                over(listener, far, given.manifest, given.rooms)
            if given.scene in {None, "stress"}:
                over(listener, far, given.manifest, 1, drive=2.0)
        print(f"{time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
