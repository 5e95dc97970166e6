"""A crash after any write of the place: the next start goes on with the next number, or past what was complete.

tests/rigs/kill.py kills real processes at random moments; here every place that a session writes is one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle

import pytest

from assistant.messages import Due, Intent, Keep
from assistant.respond.counting import BEAT
from assistant.respond.places import place_of
from tests.fakes.checks import CHECKS

MOST = 4_000  # sentences, timers and answers in a session
ANSWERS = {
    "ResumeOffer": Intent.RESUME,
    "Offered": Intent.READY,
    "Screening": Intent.NO,
    "ReadyPrompt": Intent.READY,
    "FeelingAsked": Intent.DONE,
    "Paused": Intent.RESUME,
    "PauseAsked": Intent.YES,
}
INTERRUPTIONS = (Intent.PAUSE, Intent.SLOWER, Intent.HOW_MANY_LEFT, Intent.FASTER, Intent.REPEAT, Intent.NEXT)


@dataclass
class Tape:
    """The place that is written, and the first number that sounds: its step, its side, itself."""

    places: list[dict] = field(default_factory=list)
    has_ended: bool = False
    first: tuple[int, int, int] | None = None

    def __call__(self, before, event, effects, _after):
        place = place_of(before)
        if isinstance(event, Due) and event.tag == BEAT and self.first is None:
            self.first = (place.step, place.side, place.n + 1)
        kept = [effect.saved for effect in effects if isinstance(effect, Keep)]
        self.has_ended = self.has_ended or None in kept
        self.places += [saved for saved in kept if saved is not None]


def live(talker, every, until):
    """Answer what is asked; interrupt a count at every so many beats, 0: never."""
    interruptions, beats = cycle(INTERRUPTIONS), 0
    for _ in range(MOST):
        if until():
            return
        kind = type(talker.state).__name__
        beats += kind == "Counting"
        if talker.speaking:
            talker.step()
        elif kind in ANSWERS:
            talker.want(ANSWERS[kind])
        elif kind == "Counting" and every and beats % every == 0:
            talker.want(next(interruptions))
        elif not talker.step():
            return


def begin(talker, tape, saved=None):
    made = talker(tape)
    made.memory, made.saved = dict(CHECKS["passed"]), saved
    made.facts.append("expert_advice_heard")
    made.begin(routine="full")
    return made


@pytest.mark.parametrize("every", [0, 7])
def test_a_count_goes_on_with_the_next_number_after_a_crash_at_any_write(every, talker):
    """A side that was complete is not counted again, unless its routine ended first and another one began."""
    session = Tape()
    live(begin(talker, session), every, lambda: session.has_ended)
    gone_on = 0

    for saved in session.places:
        tape = Tape()
        live(begin(talker, tape, saved), 0, lambda tape=tape: tape.first or tape.has_ended)
        kept = saved["done"][saved["side"]]
        if tape.first and tape.first[:2] == (saved["steps"][saved["at"]], saved["side"]):
            assert tape.first[2] == kept + 1, (tape.first, saved)
            gone_on += kept > 0
        assert tape.first or tape.has_ended

    assert session.has_ended
    assert gone_on > 10
