"""An oracle's own count of the dose, and its rules for silence after pain and for answers to a waiting person."""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Due, Intent, Leave, NotNow, Said, Say, Settle, Slept, Sound
from assistant.respond.counting import BEAT
from assistant.respond.doses import AREA_S
from assistant.respond.states import (
    Counting,
    Idle,
    Locating,
    Offered,
    PainHold,
    Paused,
    ReadyPrompt,
    ResumeOffer,
)

WAITS = (Idle, Offered, ResumeOffer, ReadyPrompt, Locating, Paused, PainHold)
NIGHT_S = 8 * 3600.0  # of sleep, after which the dose begins anew (assistant/respond/doses.py)
SLACK_S = 60.0  # the ledger counts a repetition at the tempo that its side ended with


class DoseOracle:
    """Counts every number that sounds, from the session that was left on."""

    def __init__(self, library, saved=None):
        self.library, self.given = library, {}
        if saved:
            technique = library.routines[saved["routine"]].steps[saved["steps"][saved["at"]]].technique
            here = zip(saved["sides"] or [""], saved["done"], strict=False)
            self.add(*(entry[:4] for entry in (*saved["ledger"], *saved["earlier"])))
            self.add(*((technique, side, n, n * saved["period_s"]) for side, n in here))

    def add(self, *counts):
        for name, side, n, seconds in counts:
            self.given[name, side] = self.given.get((name, side), 0) + n
            self.given[name] = self.given.get(name, 0) + seconds

    def watch(self, before, event, effects, after):
        """The invariants 14 to 16 of docs/invariants.md."""
        if isinstance(event, Slept) and event.seconds >= NIGHT_S:
            self.given = {}
        if isinstance(event, Due) and event.tag == BEAT and isinstance(before, Counting):
            self.beat(after.place)
        if isinstance(before, PainHold) and isinstance(event, Due):
            assert not any(isinstance(effect, (Leave, Settle)) for effect in effects), "15: it leaves somebody in pain"
        is_answer = isinstance(event, (Said, NotNow)) and event.intent in {Intent.YES, Intent.NO}
        if isinstance(before, WAITS) and isinstance(event, (Said, NotNow)) and not is_answer:
            is_heard = any(isinstance(effect, (Say, Sound)) for effect in effects)
            same = replace(after, talk=replace(after.talk, heard=before.talk.heard))  # which every command sets
            assert is_heard or same != before, "16: no answer"

    def beat(self, place):
        technique = self.library.techniques[self.library.routines[place.routine].steps[place.step].technique]
        self.add((technique.id, place.side_name, 1, place.period_s))
        assert self.given[technique.id, place.side_name] <= technique.dose.most, "14: more than the dose"
        area = [one.id for one in self.library.techniques.values() if one.area_worked == technique.area_worked]
        assert sum(self.given.get(one, 0) for one in area) < AREA_S + SLACK_S, "14: more than the time of an area"
