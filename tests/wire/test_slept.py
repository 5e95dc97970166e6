"""A standstill is noticed: the machine's by a clock that counts suspend, a device's by the age of its last block."""

from __future__ import annotations

from collections import deque
from threading import Event

import pytest

from assistant.capture.levels import Levels
from assistant.clock import ManualClock
from assistant.messages import Failed, Recovered, Said, Slept
from assistant.speak.player import Player
from assistant.wire.devices.device_health import GRACE_S
from assistant.wire.devices.device_watch import Watch, steady_s
from assistant.wire.runtime import Pump, Typed, make_inbox, run_live


class Device:
    """A microphone that gives a block when told."""

    device_name = "Microphone"
    frames = 0
    rate_hz = 16_000
    last_block_s: float | None = None
    has_ended = False
    last_error = ""
    may_pause_s = 0.0
    is_suspect = False

    def __init__(self) -> None:
        self.flats: deque[bool] = deque()
        self.levels = Levels()

    def start(self) -> None:
        self.has_ended = False

    def stop(self) -> None:
        pass


def make_watch(clock, device=None) -> Watch:
    return Watch(device, None, clock, Player(), clock.now_s)


def test_a_gap_of_more_than_five_seconds_is_told():
    """With its length, once."""
    clock = ManualClock()
    watch = make_watch(clock)
    clock.advance(5.1)

    assert watch.look() == [Slept(at_s=0.0, seconds=5.1)]
    assert watch.look() == []


def test_a_slow_turn_is_no_gap():
    """Five seconds and less are a busy machine."""
    clock = ManualClock()
    watch = make_watch(clock)

    for _ in range(10):
        clock.advance(5.0)

        assert watch.look() == []


def test_the_clock_for_gaps_is_not_set_by_anybody():
    """It goes on from look to look, and has no date."""
    first_s = steady_s()

    assert 0 <= steady_s() - first_s < 3600
    assert first_s < 10 * 365 * 86_400  # no machine has been up for ten years; a wall clock shows 56


def test_a_device_that_stood_still_with_the_machine_is_not_lost():
    """It gets its time again; when it stays silent, that is said."""
    clock, device = ManualClock(), Device()
    device.last_block_s = 0.0
    watch = make_watch(clock, device)
    clock.advance(60)

    assert [type(event) for event in watch.look()] == [Slept]

    clock.advance(0.9)
    assert watch.look() == []

    clock.advance(0.2)
    assert [type(event) for event in watch.look()] == [Failed]


def test_a_device_that_gives_blocks_again_is_found():
    """Lost after a second without a block, found with the next one."""
    clock, device = ManualClock(), Device()
    device.last_block_s = 0.0
    watch = make_watch(clock, device)
    clock.advance(1.1)
    lost = watch.look()
    device.last_block_s = clock.now_s()
    found = watch.look()

    assert [type(event) for event in (*lost, *found)] == [Failed, Recovered]


def test_a_device_may_take_its_time_to_begin():
    """Some sound servers give the first block after two seconds."""
    clock, device = ManualClock(), Device()
    watch = make_watch(clock, device)
    clock.advance(GRACE_S - 0.1)

    assert watch.look() == []

    clock.advance(0.2)
    assert [type(event) for event in watch.look()] == [Failed]


def test_the_loop_tells_of_a_gap_before_what_was_heard(rehearse):
    """The loop reports a gap before the events of the inbox, which may be older."""
    rehearsal = rehearse("expert_advice_heard", "screening_passed")
    rehearsal.begin("full")
    inbox = make_inbox()
    inbox.put(Typed("start"))
    looks = iter([[Slept(at_s=0.0, seconds=9.0)]])

    with pytest.raises(StopIteration):  # the second turn ends the test
        run_live(rehearsal.session, inbox, rehearsal.player, lambda: next(looks))

    kinds = [type(event) for event in rehearsal.told.events]
    assert kinds.index(Slept) < kinds.index(Said)


def test_a_jump_of_the_clock_moves_no_beat(rehearse):
    """Beats are counted in samples: an hour of the machine's clocks between two blocks changes nothing."""
    counts = []
    for jump_s in (0.0, 3600.0):
        rehearsal = rehearse("expert_advice_heard", "screening_passed")
        rehearsal.begin("full")
        for word in ("start", "ready"):
            rehearsal.lockstep.wait_until_quiet()
            rehearsal.say(word)
        rehearsal.lockstep.wait(20.0)
        rehearsal.clock.advance(jump_s)
        rehearsal.lockstep.wait(20.0)
        counts.append(rehearsal.told.sounded)

    assert counts[0] == counts[1]
    assert counts[0][-1][1] != ""


def test_what_would_have_sounded_while_the_machine_stood_still_is_not_hurried_through():
    """A file that is played to in real time goes on where it was, as a speaker does."""
    clock, blocks, has_ended = ManualClock(), [], Event()

    class Sink:
        def write(self, pcm):
            blocks.append(pcm)
            if len(blocks) == 3:
                clock.advance(60)

    pump = Pump(Player(), Sink(), clock, make_inbox())
    has_ended.wait(0.5)
    pump.stop()

    assert 3 <= len(blocks) < 50  # a minute has 3,000
