"""Breaks voices: the faults of docs/faults.md, "Voice", each with a real mouth, player and voices.

    .venv/bin/python -m benchmarks.faults_voice [N]

Each trial gives a thread that renders (as a session has it) a chain of a voice with the fault and one that works, a
sentence, and a number. Detected: from the order to the moment the session is told; spoken: the session was told once, a
sign sounded; kept: the sentence was spoken to its end by a voice that works, nothing was skipped. The last trials give
texts made to break espeak-ng to the real voice of the system (pyttsx3 in a child); there kept means that no text
ended the program, killed the child, or gave a silent clip. One JSON line a fault.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from assistant.errors import VoiceError
from assistant.messages import MOUTH_RATE_HZ, Clip, VoiceEnded
from assistant.speak.clips import ClipCache
from assistant.speak.hibari_voice import HibariVoice
from assistant.speak.player import Player
from assistant.speak.pyttsx3_voice import Pyttsx3Voice
from assistant.speak.voice import Voice
from assistant.wire.mouth import ThreadMouth, voice_fault
from assistant.wire.processes.proxies import ChildVoice
from assistant.wire.runtime import make_inbox
from assistant.wire.voices import InTime, VoiceChain

SENTENCE = "Find the small hollow in the middle."
PATIENCE_S = 15.0
SAME_S = 0.02  # between two renderings of one sentence: the pauses of a voice vary a little
WORD = "thirty six"


class Broken:
    """A voice with one fault; plain values, so that it can live in a child process."""

    version = "1"

    def __init__(self, fault: str) -> None:
        """Take the fault's name."""
        self.name = fault

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:  # noqa: ARG002 - as the protocol has it
        """Fail in the voice's way, at any speed."""
        one = np.random.default_rng(1).laplace(0, 2_000, MOUTH_RATE_HZ).astype(np.int16)
        match self.name:
            case "hangs":
                time.sleep(3_600)
            case "dies":
                os.abort()
            case "raises":
                raise VoiceError("run loop already started")
            case "silence":
                return Clip(pcm=np.zeros(2 * MOUTH_RATE_HZ, np.int16), rate_hz=MOUTH_RATE_HZ)
            case "truncated":
                return Clip(pcm=one[:2_400], rate_hz=MOUTH_RATE_HZ)
            case "endless":
                return Clip(pcm=np.tile(one, 30), rate_hz=MOUTH_RATE_HZ)
            case "clipped":
                return Clip(pcm=np.sign(one) * np.int16(32_000), rate_hz=MOUTH_RATE_HZ)
            case "wrong rate":
                return Clip(pcm=np.tile(one, 2), rate_hz=16_000)
            case "no numbers":
                return Clip(pcm=np.full(MOUTH_RATE_HZ, np.nan), rate_hz=MOUTH_RATE_HZ)
        raise ValueError(text)


def trial(first: Callable[[], Voice], second: Voice) -> tuple[float, bool, bool]:
    """Return the seconds until the report, and two booleans: reported once with an earcon; all was said."""
    player, inbox = Player(), make_inbox()
    chain = VoiceChain([first, lambda: second], voice_fault(player, inbox))
    print(f"  {chain.version}", end="\r", file=sys.stderr)  # the name starts the child, as in a session
    mouth = ThreadMouth(ClipCache(chain, None), player, inbox)
    began = time.perf_counter()
    mouth.speak_sentence(1, SENTENCE)
    mouth.speak_sentence(2, WORD)
    inbox.get(timeout=PATIENCE_S)
    told_s = time.perf_counter() - began
    while not mouth.is_idle:
        time.sleep(0.005)
    sounded = player.render(10 * MOUTH_RATE_HZ)
    ended = [one.utterance for one in player.take_reports() if isinstance(one, VoiceEnded) and one.is_finished]
    mouth.close()
    return told_s, inbox.empty() and bool(sounded.any()), ended == [1, 2] and chain.name == second.name


def row(fault: str, make: Callable[[], Voice], second: Voice, count: int) -> None:
    """Run some trials of one fault; print a line."""
    done = [trial(make, second) for _ in range(count)]
    times = [told_s for told_s, _, _ in done]
    tell(fault, times, sum(spoken for _, spoken, _ in done), sum(kept for _, _, kept in done))


def tell(fault: str, times: list[float], spoken: int, kept: int) -> None:
    """Print one line of the table."""
    seconds = {"p50": round(statistics.median(times), 3), "max": round(max(times), 3)}
    print(
        json.dumps({"fault": fault, "n": len(times), "detected_s": seconds, "spoken": spoken, "kept": kept}),
        flush=True,
    )


def hostile(count: int) -> list[str]:
    """Return texts made to break a voice, and mutations of ours."""
    chance = random.Random(7)
    made = ["\x010A" + WORD, f"[[h@l'oU]] {WORD}", f'<speak><audio src="/etc/hostname"/>{WORD}</speak>', WORD * 40_000]
    made += ["a", "a " * 250, WORD + "\u202e\u2066", "$(touch x); `id` " + WORD, WORD + " | aplay", "-f /etc/passwd"]
    odd = [*map(chr, range(1, 32)), "\u202e", "\ud800", "\ue000", "<", "[[", "]]", "&", "\u0301", "\u200b", "%n", "\\"]
    while len(made) < count:
        words = list(SENTENCE)
        for _ in range(chance.randint(1, 30)):
            words.insert(chance.randrange(len(words) + 1), chance.choice(odd))
        made.append("".join(words))
    return made[:count]


def system_voice(count: int) -> None:
    """Texts that attack the voice, with the voice of the operating system, in its child."""
    voice = ChildVoice(Pyttsx3Voice, "en")
    before = voice.synthesise(SENTENCE)
    times, silent = [], 0
    for text in hostile(count):
        began = time.perf_counter()
        clip = voice.synthesise(text)
        times.append(time.perf_counter() - began)
        silent += not clip.pcm.any()
    tell("hostile text, pyttsx3 (times: of rendering)", times, 0, len(times) - silent - len(voice.failures))
    began = time.perf_counter()
    same = abs(voice.synthesise(SENTENCE).seconds - before.seconds) < SAME_S
    tell("the same sentence after them", [time.perf_counter() - began], 0, int(same))
    voice.close()


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    second = HibariVoice()
    second.synthesise(WORD)
    print(f"python -m benchmarks.faults_voice {count}, load average {os.getloadavg()[0]:.1f}")
    row("hangs, in this process", lambda: InTime(Broken("hangs"), loading_s=0.0), second, count)
    row("hangs, in a child", lambda: ChildVoice(Broken, "hangs"), second, min(count, 3))
    row("driver raises", partial(Broken, "raises"), second, count)
    row("unfinished file", partial(Broken, "truncated"), second, count)
    row("dies (abort), in a child", lambda: ChildVoice(Broken, "dies"), second, min(count, 3))
    for fault in ("silence", "endless", "clipped", "wrong rate", "no numbers"):
        row(fault, partial(Broken, fault), second, count)
    system_voice(200)
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
