"""Measures our own echo on this machine: says a few sentences and listens. Opens devices, stores nothing."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from contextlib import ExitStack

import numpy as np

from assistant.capture.echo import EchoCanceller
from assistant.capture.microphone import Microphone
from assistant.messages import MOUTH_RATE_HZ, Clip
from assistant.speak.player import Player
from assistant.store.settings import Settings
from assistant.terminal.acoustics.own_echo import OwnEcho
from assistant.terminal.acoustics.room import MeasuredEcho, dbfs, power_of
from assistant.wire.deadline import finish_within
from assistant.wire.devices.speaker import Speaker
from assistant.wire.echo_reference import overheard

QUIET_S = 0.6  # before it speaks, for the noise; a first block may take longer, then there is less of it
TAIL_S = 1.0  # more than the clips last, for a device that is slow to begin
CLOSE_S = 2.0  # as for the speaker
STEP_S = 0.02


def hear_myself(settings: Settings, clips: Sequence[Clip]) -> MeasuredEcho | None:
    """Play the clips and measure; None where no echo is found. Takes their duration and two seconds.

    Raises DeviceError, and EngineError without a canceller.
    """
    canceller = EchoCanceller()
    player = Player(MOUTH_RATE_HZ)
    taken: queue.SimpleQueue[tuple[bytes, float, float]] = queue.SimpleQueue()
    microphone = Microphone(settings.microphone, lambda frames, at_s: taken.put((frames, at_s, canceller.played_s)))
    speaker = Speaker(settings.speaker, overheard(player.render, canceller))
    own = OwnEcho(canceller)
    noise: list[float] = []

    def listen(seconds: float, *, is_speaking: bool) -> None:
        """Listen without delay, since the canceller keeps only the last five seconds played."""
        pause = threading.Event()
        for _ in range(round(seconds / STEP_S)):
            if is_speaking and player.is_idle:
                return
            pause.wait(STEP_S)
            while not taken.empty():
                frames, at_s, played_s = taken.get()
                for block in microphone.blocks_of(frames, at_s):
                    own.hear(block, played_s, is_speaking=is_speaking)
                    if not is_speaking:
                        noise.append(power_of(block))

    with ExitStack() as stack:
        microphone.start()
        stack.callback(lambda: finish_within(microphone.stop, CLOSE_S))
        speaker.start()
        stack.callback(speaker.stop)
        listen(QUIET_S, is_speaking=False)
        for n, clip in enumerate(clips):
            player.queue_sentence(n, clip)
        listen(sum(clip.seconds for clip in clips) + TAIL_S, is_speaking=True)
    return own.measured(dbfs(float(np.median(noise))) if noise else None)
