"""Real time without devices: the threads that listen, speak, play and read, and the loop that joins them."""

from __future__ import annotations

import os
from types import SimpleNamespace

import numpy as np
import pytest

from assistant.clock import SystemClock
from assistant.errors import BadAudio, EngineError
from assistant.messages import (
    BLOCK_S,
    EAR_RATE_HZ,
    AudioBlock,
    Failed,
    Heard,
    Intent,
)
from assistant.speak.player import Player
from assistant.wire.runtime import (
    MOST_BLOCKS,
    EarThread,
    NoMore,
    Typed,
    make_inbox,
    play_recording,
    read_lines,
)

SOON_S = 120.0  # longer than any machine needs; a test that waits so long has failed


def block(n: int) -> AudioBlock:
    return AudioBlock(pcm=np.full(320, n, np.int16), rate_hz=EAR_RATE_HZ, at_s=n * BLOCK_S)


def heard(text: str, *, is_final: bool = True) -> Heard:
    return Heard(text=text, is_final=is_final, is_sure=True, score=1.0, at_s=0.0, end_s=0.1)


def until_no_more(inbox):
    found = []
    while not isinstance(found[-1] if found else None, NoMore):
        found.append(inbox.get(timeout=SOON_S))
    return found[:-1]


class FakeEngine:
    """Hears the number of each block, and tells what was legal; may break or wait."""

    def __init__(self, *, breaks_at: int = -1, error: Exception | None = None, is_early: bool = False) -> None:
        self.breaks_at, self.error, self.is_early = breaks_at, error, is_early
        self.legal: frozenset[Intent] = frozenset()

    def learn(self, phrases):
        pass

    def expect(self, intents):
        self.legal = intents

    def feed(self, one):
        n = int(one.pcm[0])
        if n == self.breaks_at:
            raise self.error or EngineError("it broke")
        whole = heard(f"{n} {'/'.join(sorted(intent.value for intent in self.legal))}".strip())
        return (heard(f"{n}...", is_final=False), whole) if self.is_early else (whole,)

    def finish(self):
        return (heard("the end"),)

    def reset(self):
        pass

    def unknown_words(self, phrases):
        return ()


class TestEar:
    def test_gives_what_is_heard_in_order(self):
        """Partial results too; what is legal changes between the blocks that it was queued between."""
        inbox = make_inbox()
        ear = EarThread(lambda: FakeEngine(is_early=True), inbox, Player())

        ear.take(block(1))
        ear.expect(frozenset({Intent.STOP}))
        ear.take(block(2))
        ear.finish()
        ear.listen()

        assert [one.text for one in until_no_more(inbox)] == ["1...", "1", "2...", "2 stop", "the end"]

    def test_turns_raw_frames_into_blocks_on_its_own_thread(self):
        """The device's callback only queues bytes."""
        inbox = make_inbox()
        ear = EarThread(FakeEngine, inbox, Player())
        cutter = SimpleNamespace(blocks_of=lambda frames, at_s: iter([block(frames[0]), block(frames[1])]))
        microphone = SimpleNamespace(cutter=cutter)

        ear.take_raw(microphone, bytes([7, 8]), 0.0)
        ear.finish()
        ear.listen()

        assert [one.text for one in until_no_more(inbox)] == ["7", "8", "the end"]

    def test_drops_and_reports_what_it_cannot_hold(self):
        """Five seconds wait at the most; what is lost is counted, and said once and not for every block."""
        inbox = make_inbox()
        ear = EarThread(FakeEngine, inbox, Player())

        for n in range(MOST_BLOCKS + 30):
            ear.take(block(n))
        ear.finish()
        ear.listen()

        found = until_no_more(inbox)
        assert ear.dropped == 30
        assert [one.room for one in found if isinstance(one, Failed)] == ["decode"]
        assert len([one for one in found if isinstance(one, Heard)]) == MOST_BLOCKS + 1

    def test_takes_blocks_again_once_it_has_caught_up(self):
        """Room that was used is given back."""
        inbox = make_inbox()
        ear = EarThread(FakeEngine, inbox, Player())
        ear.listen()

        for n in range(2 * MOST_BLOCKS):
            ear.take(block(n % 100))
            inbox.get(timeout=SOON_S)

        assert ear.dropped == 0

    @pytest.mark.parametrize("error", [EngineError("the child died"), RuntimeError("a bug")])
    def test_says_that_nobody_listens_when_the_engine_breaks(self, error):
        """Whatever broke; then there is no more to come."""
        inbox = make_inbox()
        ear = EarThread(lambda: FakeEngine(breaks_at=2, error=error), inbox, Player())

        for n in (1, 2, 3):
            ear.take(block(n))
        ear.listen()

        one, over = (inbox.get(timeout=SOON_S) for _ in range(2))
        assert one.text == "1"
        assert (over.lost, str(error).rstrip(".") in over.reason) == ("ear", True)

    def test_ends_though_much_waits(self):
        """On return nothing computes any longer; an ear that never listened ends too."""
        inbox = make_inbox()
        ear, deaf = EarThread(FakeEngine, inbox, Player()), EarThread(FakeEngine, inbox, Player())
        for n in range(MOST_BLOCKS):
            ear.take(block(n))
        ear.listen()

        ear.close()
        deaf.close()

        assert not ear._thread.is_alive()

    def test_says_when_the_engine_cannot_even_be_loaded(self):
        """The reason is the engine's own."""
        inbox = make_inbox()

        def make():
            raise EngineError("no model", remedy="get one")

        EarThread(make, inbox, Player()).listen()

        assert inbox.get(timeout=SOON_S) == NoMore("ear", "no model. Get one.")


def test_a_recording_is_played_to_the_ear_to_its_end():
    """Every block, in order, then no more."""
    inbox = make_inbox()
    ear = EarThread(FakeEngine, inbox, Player())
    ear.listen()

    play_recording(iter([block(1), block(2)]), ear, SystemClock())

    assert [one.text for one in until_no_more(inbox)] == ["1", "2", "the end"]


def test_a_recording_that_cannot_be_read_is_reported():
    """The session learns why, and that there is no more."""
    inbox = make_inbox()
    ear = EarThread(FakeEngine, inbox, Player())
    ear.listen()

    def blocks():
        raise BadAudio("damaged", where="x.wav")
        yield

    play_recording(blocks(), ear, SystemClock())

    assert [getattr(one, "reason", "") for one in until_no_more(inbox)] == ["x.wav: damaged.", ""]


def test_typed_lines_arrive_and_then_no_more():
    """In order."""
    inbox = make_inbox()

    read_lines(iter(["start\n", "next\n"]), inbox)

    assert until_no_more(inbox) == [Typed("start\n"), Typed("next\n")]


def test_a_terminal_that_vanishes_is_the_end_of_the_lines():
    """The keyboard's thread does not die of it without a word."""
    inbox = make_inbox()
    ours, theirs = pytest.importorskip("pty").openpty()
    os.write(ours, b"start\n")
    read_lines(os.fdopen(theirs, encoding="utf-8"), inbox)
    typed = inbox.get(timeout=SOON_S)
    os.close(ours)

    assert typed == Typed("start\n")
    assert inbox.get(timeout=SOON_S).lost == "keyboard"
