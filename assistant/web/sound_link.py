"""Joins the page that has the sound to the devices of a session. Used on the server's loop, except where it is said.

The page's count of played samples is the clock of the session's loudspeaker: for each report the session is asked for
so much that 0.2 s lie ahead. So a page that is cut off stops the session's time, and one that is back within 3 s goes
on where it was. One that stays away is lost, as a device is; from then on time passes by the clock of this machine, and
nobody hears it.
"""

from __future__ import annotations

import json
from collections import deque
from typing import TypeAlias

from assistant.clock import Clock, SystemClock
from assistant.messages import BLOCK_S, MOUTH_RATE_HZ
from assistant.web.sound_ends import FRAMES, MAY_PAUSE_S, PageMicrophone, PageSpeaker
from assistant.web.sound_frames import Frames, FromSound, down
from assistant.wire.build import Notify
from assistant.wire.devices.device_health import OLD_S

SENT_AHEAD = round(0.2 * MOUTH_RATE_HZ)  # a wireless network that sends a packet again is late by 0.1 s or more; chosen
LOST_S = MAY_PAUSE_S + OLD_S + 0.2  # the watch has noticed by then, and the count is held
MOST_BEHIND_S = 1.0  # after a longer standstill of this machine its time is not made up for
NEVER_S = float("-inf")
HIDDEN_S = 10.0  # at least between two such notes: a page may hide as often as it likes; chosen
HIDDEN = "The page with the sound is hidden. Some browsers then stop the sound: leave the page in front."

Down: TypeAlias = "str | bytes"


class Holder:
    """One socket of the page that has the sound."""

    def __init__(self, frames: Frames) -> None:
        """Take the reader of its frames."""
        self.frames = frames


class SoundLink:
    """The sound of at most one page at a time, and the devices of at most one session."""

    def __init__(self, clock: Clock | None = None) -> None:
        """Begin without a page and without a session."""
        self._clock = clock or SystemClock()
        self._holder: Holder | None = None
        self._state: FromSound | None = None
        self._speaker: PageSpeaker | None = None
        self._microphone: PageMicrophone | None = None
        self._played = self._sent = 0
        self._note: Notify | None = None
        self._unplayed: deque[tuple[int, bytes]] = deque()
        self._driven_s = self._due_s = self._told_hidden_s = NEVER_S

    # --- any thread --------------------------------------------------------------------------------------------------

    def state(self) -> FromSound | None:
        """Return the state of the page that has the sound; None while none is connected."""
        return self._state if self._holder is not None else None

    @property
    def sent(self) -> int:
        """Return the position up to which sound was sent, in samples at `MOUTH_RATE_HZ`."""
        return self._sent

    def is_heard(self, sent: int) -> bool:
        """True if the page has played up to this position, or no page is connected that could."""
        return self._holder is None or self._played >= sent

    def attach(
        self, speaker: PageSpeaker | None, microphone: PageMicrophone | None = None, note: Notify | None = None
    ) -> None:
        """Take the devices of a session, or None where it is over; `note` is told what the person should know."""
        self._driven_s = self._clock.now_s() if self._holder is not None else NEVER_S
        self._microphone, self._speaker, self._note = microphone, speaker, note
        if speaker is None:
            self._unplayed = deque()  # a new one: the loop may be reading the old one

    # --- the server's loop -------------------------------------------------------------------------------------------

    def join(self, state: FromSound) -> tuple[Holder, list[Down]] | None:
        """Give the sound to a page, with what it is to be sent first; None if another page has it.

        A person who asks for it takes it from the other page. The same player goes on; another one is told where: at 0
        if nothing waits to be played, since a position has only 32 bits.
        """
        goes_on = self._state is not None and state.stream == self._state.stream
        if self._holder is not None and not (state.takes or goes_on):
            return None
        if not goes_on and not self._unplayed:
            self._played = self._sent = 0
        at = min(max(state.played, self._played), self._sent) if goes_on else self._played
        holder = self._holder = Holder(Frames(at, self._clock.now_s()))
        self._played = at
        self._changed(state)
        self._forget_played()
        begin: list[Down] = [json.dumps({"at": at, "goes_on": goes_on})]
        return holder, begin + [data for _, data in list(self._unplayed)]

    def has(self, holder: Holder) -> bool:
        """True as long as no other socket has taken the sound."""
        return self._holder is holder

    def leave(self, holder: Holder) -> None:
        """Note that a socket has ended."""
        if self._holder is holder:
            self._holder = None

    def may_send(self, holder: Holder) -> bool:
        """Count one message; false if a page sends more than ours do."""
        return holder.frames.may_send(self._clock.now_s())

    def learn(self, state: FromSound) -> bool:
        """Learn the page's new state; false for one that no page of ours sends."""
        if self._state is None or state.stream != self._state.stream:
            return False
        self._changed(state)
        return True

    def hear(self, holder: Holder, data: bytes) -> list[Down] | None:
        """Take a frame, and return what is to be sent; None for what no page of ours sends."""
        given = self._state.microphone if self._state is not None else None
        up = holder.frames.read(data, given.block if given else 0, self._sent, self._clock.now_s())
        if up is None:
            return None
        self._played = up.played
        if self._speaker is not None and up.lacked:
            self._speaker.lacked(up.lacked)
        if self._microphone is not None and up.pcm:
            self._microphone.take(up.pcm)
        self._forget_played()
        return self._ahead()

    def pass_time(self) -> None:
        """Let time pass where no page plays; to be called every 20 ms."""
        now_s, speaker = self._clock.now_s(), self._speaker
        if speaker is None or now_s - self._driven_s <= LOST_S or now_s - self._due_s > MOST_BEHIND_S:
            self._due_s = now_s
            return
        while self._due_s + BLOCK_S <= now_s:
            self._due_s += BLOCK_S
            speaker.pass_time()

    def _ahead(self) -> list[Down]:
        told: list[Down] = []
        unplayed, speaker = self._unplayed, self._speaker  # in this order: `attach` changes the speaker first
        while speaker is not None and speaker.is_started and self._sent + FRAMES <= self._played + SENT_AHEAD:
            pcm, is_hushed = speaker.next_block()
            if is_hushed:
                unplayed.clear()
                told.append(json.dumps({"hush": self._sent}))
            data = down(self._sent, pcm)
            unplayed.append((self._sent, data))
            told.append(data)
            self._sent += FRAMES
            self._driven_s = self._clock.now_s()
        return told

    def _changed(self, state: FromSound) -> None:
        is_new = self._state is None or not self._state.is_hidden
        self._state = state
        if self._microphone is not None:
            self._microphone.changed(state)
        is_told = self._clock.now_s() - self._told_hidden_s < HIDDEN_S
        if self._note is not None and state.is_hidden and is_new and not is_told:
            self._told_hidden_s = self._clock.now_s()
            self._note(HIDDEN)

    def _forget_played(self) -> None:
        unplayed = self._unplayed
        while unplayed and unplayed[0][0] + FRAMES <= self._played:
            unplayed.popleft()
