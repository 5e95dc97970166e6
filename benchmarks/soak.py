"""Leak test: memory, threads and open files of one process through an hour of simulated sessions.

    .venv/bin/python -m benchmarks.soak [MINUTES] [--csv FILE]

Time is counted in samples, so an hour takes some minutes. A recorded person (the demo's) has one session after the
other: gets ready, asks, pauses, has pain, skips; what the state allows is said, chosen with a fixed seed, and is quiet
in between. The real ear hears a room's noise, the loudspeaker 6 dB under the person as echo, and the person; the echo
canceller, voice, player, dialogue and journal are the real ones, and one mouth renders on a thread as in real time.
Every simulated minute is a row: resident memory (after the C library gave back what it can), threads, open files. Linux
only. The goal is at most 20 MB more than after the first ten minutes, no more threads, no more files.
"""

from __future__ import annotations

import csv
import os
import platform
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import soxr

from assistant.capture.echo import EchoCanceller
from assistant.clock import SystemClock
from assistant.messages import BLOCK_S, EAR_RATE_HZ, MOUTH_RATE_HZ, AudioBlock, Heard, Pcm
from assistant.respond.states import (
    AskedBack,
    Confirm,
    Counting,
    Finished,
    Idle,
    Instructing,
    Locating,
    Offered,
    OwnPace,
    PainAsked,
    PainHold,
    PauseAsked,
    Paused,
    ReadyPrompt,
    ResumeOffer,
)
from assistant.speak.player import Player
from assistant.store.journal import Journal
from assistant.store.settings import Settings, folders
from assistant.terminal.demo.play import spoken
from assistant.terminal.start.malloc_arenas import keep_little
from assistant.wire import build
from assistant.wire.lockstep import IN_FRAMES, OUT_FRAMES
from assistant.wire.mouth import ThreadMouth
from assistant.wire.runtime import make_inbox
from assistant.wire.session import Session

MINUTES = 60
WARM_MINUTES = 10
MOST_MB = 20.0
NOISE, LOUD_NOISE = 30, 600  # of 32 768, RMS: 61 and 35 dB under full scale
NOISY = 0.25  # share of the person's commands in the louder noise: the ear then hears them a second time
ECHO_DELAY = round(0.16 * EAR_RATE_HZ)  # docs/audio.md, "Delay and drift"
ECHO_GAIN = 0.15  # -36 dBFS RMS: the recordings of the person lie at about -30
SAYS: dict[type, tuple[str, ...]] = {
    Idle: ("start the evening routine",),
    Offered: ("start the evening routine",),
    ResumeOffer: ("yes",),
    ReadyPrompt: ("i am ready", "i am ready", "i am ready", "where is the point", "repeat that please"),
    Counting: ("how many left", "ten more", "pause", "slower", "louder", "that hurts", "next", "switch sides"),
    Paused: ("resume",),
    PauseAsked: ("yes",),
    PainHold: ("resume", "skip this one"),
    PainAsked: ("yes", "skip this one"),
    Confirm: ("yes",),
    AskedBack: ("yes", "resume"),
    Locating: ("next", "i am ready"),
    Instructing: ("i am ready", "repeat that please", "slower"),
    OwnPace: ("next", "how many left"),
    Finished: ("start the evening routine", "end session"),
}
EVERY_S = (6.0, 25.0)  # between two commands of the person


class Hour:
    """A person, a room and one session after the other, in samples."""

    def __init__(self, home: Path) -> None:
        """Load everything."""
        self.where = folders({"TUINA_HOME": str(home)})
        self.chance = np.random.default_rng(8)
        self.noise = np.random.default_rng(7)
        self.player, self.inbox = Player(), make_inbox()
        self.loaded = build.load_files(Settings(), self.where)
        self.clips = build.clips(build.voice("auto", "en", print), self.where)
        self.mouth = ThreadMouth(self.clips, self.player, self.inbox)
        self.ear = build.ear("phonetic", Settings(), self.where, self.loaded.phrases)
        self.echo = EchoCanceller()
        self.to_ear = soxr.ResampleStream(MOUTH_RATE_HZ, EAR_RATE_HZ, 1, dtype="int16")
        self.air = np.zeros(ECHO_DELAY, np.int16)
        self.journal = Journal(self.where.journal)
        self.said: Counter[str] = Counter()
        self.understood: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        self.sessions = self.blocks = 0
        self.speech: Pcm = np.zeros(0, np.int16)
        self.next_s, self.level = 5.0, NOISE
        self.session = self._session()

    def step(self) -> None:
        """Advance by 20 ms."""
        if self.session.is_over:
            self.session = self._session()
        self._speak()
        played_s = self.echo.played_s
        for heard in self.ear.feed(self.echo.cancel(self._microphone(), played_s)):
            self._note(heard)
            self.session.hear(heard)
        while not self.mouth.is_idle:  # samples count time here, so it waits for rendering
            time.sleep(0.001)
        pcm = self.player.render(OUT_FRAMES)
        self.echo.played(pcm)
        self.air = np.concatenate([self.air, self.to_ear.resample_chunk(pcm)])
        self.session.tick()
        self.blocks += 1

    def _session(self) -> Session:
        self.sessions += 1
        clock = SystemClock()
        for fact in ("expert_advice_heard", "screening_passed"):
            self.journal.remember(fact, clock.wall())
        session = build.session(
            self.loaded,
            self.player,
            self.mouth,
            self.ear.expect,
            clock=clock,
            journal=self.journal,
            observers=(),
            has_echo=True,
        )
        session.begin(None, "full")
        return session

    def _speak(self) -> None:
        if self.player.now_s < self.next_s:
            return
        self.next_s = self.player.now_s + self.chance.uniform(*EVERY_S)
        texts = SAYS.get(type(self.session.state), ("end session",))
        text = texts[self.chance.integers(len(texts))]
        self.said[text] += 1
        self.seen[type(self.session.state).__name__] += 1
        self.speech = spoken(text)
        self.level = LOUD_NOISE if self.chance.random() < NOISY else NOISE

    def _microphone(self) -> AudioBlock:
        mixed = self.noise.standard_normal(IN_FRAMES) * (self.level if len(self.speech) else NOISE)
        now, self.speech = self.speech[:IN_FRAMES], self.speech[IN_FRAMES:]
        mixed[: len(now)] += now
        back, self.air = self.air[:IN_FRAMES], self.air[IN_FRAMES:]
        mixed[: len(back)] += ECHO_GAIN * back
        pcm = np.clip(np.rint(mixed), -32_768, 32_767).astype(np.int16)
        return AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=self.blocks * BLOCK_S)

    def _note(self, heard: Heard) -> None:
        if heard.is_final and heard.is_sure and heard.text:
            self.understood[heard.text] += 1


def used() -> tuple[float, int, int]:
    """Return resident MB, threads, open files of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return (
        pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        len(list(Path("/proc/self/task").iterdir())),
        len(list(Path("/proc/self/fd").iterdir())),
    )


def main() -> None:
    """Run the hour, and print its effect on the process."""
    words = sys.argv[1:]
    table = words[words.index("--csv") + 1] if "--csv" in words else None
    minutes = int(words[0]) if words and words[0].isdigit() else MINUTES
    keep_little()
    print(f"python -m benchmarks.soak {' '.join(words)}")
    print(f"{platform.platform()}, Python {platform.python_version()}, load average {os.getloadavg()[0]:.1f} before")
    began, rows = time.perf_counter(), []
    with tempfile.TemporaryDirectory() as home:
        hour = Hour(Path(home))
        for minute in range(1, minutes + 1):
            for _ in range(round(60 / BLOCK_S)):
                hour.step()
            rows.append((minute, *used(), round(time.process_time(), 1)))
            print("minute {:3d}: {:6.1f} MB, {} threads, {} files, {:.0f} s of processor time".format(*rows[-1]))
        hour.mouth.close()
    if table:
        with Path(table).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("minute", "rss_mb", "threads", "files", "processor_s"), *rows])
    warm = rows[min(WARM_MINUTES, len(rows)) - 1]
    grown = max(row[1] for row in rows[WARM_MINUTES - 1 :] or rows) - warm[1]
    print(f"{hour.sessions} sessions, {hour.clips.rendered} sentences rendered, {time.perf_counter() - began:.0f} s")
    print(f"said {sum(hour.said.values())}: {dict(hour.said)}")
    print(f"understood {sum(hour.understood.values())}: {dict(hour.understood)}")
    print(f"in the states {dict(hour.seen)}")
    print(f"after minute {warm[0]}: at most {grown:+.1f} MB (to reach: {MOST_MB:.0f}), ", end="")
    print(f"threads {warm[2]} -> {max(r[2] for r in rows)}, files {warm[3]} -> {max(r[3] for r in rows)}")
    print(f"load average {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
