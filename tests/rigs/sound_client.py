"""A page without a browser: plays what it is sent by its own clock, and says recordings into its microphone."""

from __future__ import annotations

import asyncio
import json
import struct
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from assistant.messages import BLOCK_S, EAR_RATE_HZ, MOUTH_RATE_HZ, Pcm

BLOCK = round(BLOCK_S * EAR_RATE_HZ)
OUT_BLOCK = round(BLOCK_S * MOUTH_RATE_HZ)
NOISE = 5.0  # root mean square of the room in int16 steps: a microphone that gives zeros counts as muted
LOUD = 500  # of a recording, in int16 steps: its last louder sample is the end of the word
LONGEST_S = 3.0  # from the end of a word to what it told; more is another word's
ANSWERS = {"offered": "start", "instructing": "ready"}
"""Pressed as soon as the state is there, so that every room counts after a moment."""
TIMES = ("at_s", "due_s", "begins_s", "end_s")


def sentence(path: Path) -> Pcm:
    """Return a recording at the ear's rate."""
    pcm, rate_hz = soundfile.read(path, dtype="int16")
    assert rate_hz == EAR_RATE_HZ
    return np.asarray(pcm, np.int16)


class SoundClient:
    """One page of one room. Used once."""

    def __init__(self, address: str) -> None:
        """Take the room's address."""
        self._origin = address.rstrip("/")
        self._script: list[tuple[float, Pcm]] = []
        self._ends: list[float] = []
        self._sent = 0
        self._microphone = np.random.default_rng(7)
        self._told: list[str] = []
        self.beats_s: list[float] = []
        """The time of each beat, in seconds of the session."""
        self.told_after_s: list[float] = []
        """From the end of each word that was heard to the moment when the page was told, in seconds."""
        self.said = self.heard = self.lacks = 0
        self.lacked_s = 0.0
        """Time in which something should have sounded and had not come."""

    @property
    def told(self) -> tuple[str, ...]:
        """Return everything that the session told, without its times."""
        return tuple(self._told)

    def off_grid(self) -> int:
        """Return the number of beats that are off the grid of the first two."""
        gaps = np.diff(self.beats_s)
        return int((np.abs(gaps - gaps[0]) > 1e-3).sum()) if len(gaps) else 0

    def will_say(self, at_s: float, pcm: Pcm) -> None:
        """Say a recording so many seconds after the beginning."""
        self._script.append((at_s, pcm))
        self.said += 1

    async def lead(self, routine: str, seconds: float) -> None:
        """Begin a routine and stay for so long."""
        async with self._open("live") as live, self._open("sound") as sound:
            await sound.send(json.dumps(STATE))
            listening = [asyncio.create_task(self._read(live)), asyncio.create_task(self._take(sound))]
            await live.send(json.dumps({"begin": routine}))
            await self._speak(sound, seconds)
            for one in listening:
                one.cancel()
            await asyncio.gather(*listening, return_exceptions=True)

    async def type_lines(self, lines: Iterable[str]) -> None:
        """Begin, press each line, and wait for the end."""
        async with self._open("live") as live:
            await live.send('{"begin": ""}')
            await self._until(live, "running")
            for line in lines:
                await live.send(json.dumps({"say": line}))
            await self._until(live, "waiting")

    def _open(self, path: str) -> connect:
        address = f"{self._origin.replace('http', 'ws')}/{path}"
        return connect(address, origin=self._origin, max_queue=None, open_timeout=60)  # type: ignore[arg-type]

    async def _until(self, live: ClientConnection, run: str) -> None:
        while json.loads(await live.recv()).get("run") != run:
            pass

    async def _read(self, live: ClientConnection) -> None:
        before = None
        async for text in live:
            message: dict[str, Any] = json.loads(text)
            scene = message.get("scene", {})
            now = scene.get("state"), scene.get("question_at")
            if now != before and now[0] in ANSWERS:
                await live.send(json.dumps({"say": ANSWERS[now[0]]}))
            before = now if scene else before
            if message.get("event") == "due" and message.get("tag") == "beat":
                self.beats_s.append(message["at_s"])
            if message.get("event") in {"said", "not_now", "perhaps", "unsure"}:
                self._note(time.monotonic(), message["event"])
            if "event" in message or "effect" in message:
                self._told.append(json.dumps({key: one for key, one in message.items() if key not in TIMES}))

    def _note(self, now_s: float, kind: str) -> None:
        before = [end_s for end_s in self._ends if 0 < now_s - end_s < LONGEST_S]
        if before:
            self.heard += kind == "said"
            self.told_after_s.append(now_s - before[-1])
            self._ends.remove(before[-1])

    async def _take(self, sound: ClientConnection) -> None:
        async for data in sound:
            if isinstance(data, bytes):
                at = struct.unpack_from("<I", data)[0]
                self._sent = at + (len(data) - 4) // 2

    async def _speak(self, sound: ClientConnection, seconds: float) -> None:
        """Send a block every 20 ms of our clock, with the count of what was played by then."""
        length = round(seconds / BLOCK_S)
        mic = self._microphone.normal(0, NOISE, length * BLOCK)
        begin_s = time.monotonic()
        ends = []
        for at_s, pcm in self._script:
            start = round(at_s * EAR_RATE_HZ)
            mic[start : start + len(pcm)] += pcm[: len(mic) - start]
            ends.append(begin_s + (start + int(np.flatnonzero(np.abs(pcm.astype(int)) > LOUD)[-1])) / EAR_RATE_HZ)
        self._ends = ends
        pcm16 = np.clip(np.rint(mic), -32768, 32767).astype("<i2")
        played = lacked = 0
        for number in range(length):
            await asyncio.sleep(max(0.0, begin_s + (number + 1) * BLOCK_S - time.monotonic()))
            if self._sent:
                new = min(OUT_BLOCK, self._sent - played)
                played, lacked = played + new, lacked + OUT_BLOCK - new
                self.lacks += new < OUT_BLOCK
            head = struct.pack("<III", number, played, lacked)
            try:
                await sound.send(head + pcm16[number * BLOCK : (number + 1) * BLOCK].tobytes())
            except ConnectionClosed:
                return
        self.lacked_s = lacked / MOUTH_RATE_HZ


STATE = {
    "stream": "one",
    "played": 0,
    "takes": True,
    "microphone": {"name": "Headset", "rate_hz": EAR_RATE_HZ, "cancels_echo": False},
    "problem": "",
    "is_hidden": False,
}
