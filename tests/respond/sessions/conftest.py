"""The oracle of random sessions: it counts answers, pains and numbers by itself, and judges every event."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.messages import (
    SAFETY,
    Beat,
    Due,
    Failed,
    Hush,
    Intent,
    Keep,
    Leave,
    NotNow,
    Perhaps,
    Recovered,
    Said,
    Say,
    Slept,
    Unsure,
    VoiceEnded,
)
from assistant.respond.counting import BEAT
from assistant.respond.places import place_of
from assistant.respond.replies import line
from assistant.respond.snapshot import place_from
from assistant.respond.states import (
    Advising,
    AskedBack,
    Asleep,
    Counting,
    EndedUrgent,
    FeelingAsked,
    Finished,
    Instructing,
    Leading,
    Locating,
    NotToday,
    OwnPace,
    PainHold,
    Paused,
    ReadyPrompt,
    Screening,
)
from tests.fakes.check_oracle import CheckOracle, meant
from tests.fakes.dose_oracle import DoseOracle

ENDED = (EndedUrgent, NotToday)
MOVES = (Advising, Screening, Instructing, Leading, Counting, FeelingAsked, OwnPace)
GOES_ON = (Instructing, ReadyPrompt, Locating, Leading, Counting, FeelingAsked, OwnPace)
ASKS_TO_GO_ON = {"ease_off", "say_ready_to_go_on", "is_pain_gone"}
ASKS_HOW_IT_IS = {"all_right", "are_you_hurt"}
HOLDS = {
    *("paused", "paused_at", "stopped", "stopped_at", "say_resume", "take_your_rest", "slept"),
    *("waits_seconds", "waits_minute", "waits_minutes", "waits_minutes_seconds", "how_many_minutes"),
    *("pain_hold", "pain_again", "pain_stays", "pain_after", "pain_outside", "resume_or_end"),
}


def is_same_side(one, other):
    """The same side of the same step."""
    return one and other and (one.routine, one.step, one.side) == (other.routine, other.step, other.side)


def is_sign(before, event):
    """True where it hurt, or was too hard: not twice for the same, before anything was pressed again."""
    at = before.back if isinstance(before, (AskedBack, Asleep)) else before
    is_told = isinstance(at, PainHold) or at.talk.last[-1:] == (line("ease_off"),)
    intent = meant(before, event)
    return intent is Intent.PAIN or (intent is Intent.TOO_HARD and not is_told)


def behind(state):
    """The state behind a question that was asked back."""
    return state.back if isinstance(state, AskedBack) else state


class Oracle(CheckOracle):
    """The invariants after every event, independent of the dialogue's own code."""

    def __init__(self, library):
        self.library = library
        self.disk_n = {}
        self.begin({})

    def begin(self, checks, saved=None):
        self.checks = {check: -age_s for check, age_s in checks.items()}
        self.answers, self.hurt, self.is_over, self.slept_s = {}, [], False, 0.0
        self.utterance, self.n, self.is_spoken_to, self.counted = 0, {}, True, {}
        self.asked, self.sentences, self.heard = None, {}, set()
        self.doses = DoseOracle(self.library, saved)
        if saved:
            self.hurt = list(saved["hurt"])

    def technique(self, place):
        return self.library.techniques[self.library.routines[place.routine].steps[place.step].technique]

    def watch(self, before, event, effects, after):
        """Every invariant, by its number in docs/invariants.md."""
        self.slept_s += event.seconds if isinstance(event, Slept) else 0.0
        self.note_answer(before, event, after)
        self.passed(event, effects)
        self.one_speaker(event, effects)
        self.silenced(before, event, effects, after)
        self.nobody_moved(before, event, after)
        self.count(before, event, effects, after)
        self.safe_place(before, event, after)
        self.kept(effects, after)
        self.ended(before, event, after)
        self.held(event, after)
        self.answered(before, event, effects, after)
        self.doses.watch(before, event, effects, after)
        self.warned(event, effects, after)

    def warned(self, event, effects, after):
        """13: what bends or pounds is counted only when each of its cautions was heard to its end."""
        self.sentences.update({one.utterance: one.values.get("text") for one in effects if isinstance(one, Say)})
        if isinstance(event, VoiceEnded) and event.is_finished:
            self.heard.add(self.sentences.get(event.utterance))
        if isinstance(after, Counting) and self.technique(after.place).has_risk:
            cautions = self.library.words(self.technique(after.place).id).cautions
            assert set(cautions) <= self.heard, "13: a count without its cautions"

    def one_speaker(self, event, effects):
        """1: sentences are numbered without a gap; after the goodbye it speaks only when it is spoken to."""
        numbers = [effect.utterance for effect in effects if isinstance(effect, Say)]
        expected = list(range(self.utterance + 1, self.utterance + 1 + len(numbers)))
        assert numbers == expected, "1: sentences out of order"
        self.utterance += len(numbers)
        if isinstance(event, (Said, NotNow, Perhaps, Unsure, Failed, Recovered, Slept)):
            self.is_spoken_to = True
        if self.is_over:
            assert not numbers or self.is_spoken_to, "1: it speaks after the goodbye"
            assert not any(isinstance(effect, Beat) for effect in effects) or self.is_spoken_to, "1: it counts on"
        if any(isinstance(effect, Leave) for effect in effects):
            self.is_over, self.is_spoken_to = True, False

    def silenced(self, before, event, effects, after):
        """2: a safety word, or a doubt about one, cuts speech and count before it speaks, and nothing goes on."""
        is_doubt = isinstance(event, Perhaps) and event.intent in SAFETY and type(after) is not type(before)
        if meant(before, event) in SAFETY or is_doubt:
            assert Hush(how="now") in effects, "2: not hushed"
            first = min((i for i, one in enumerate(effects) if isinstance(one, Say)), default=len(effects))
            assert effects.index(Hush(how="now")) < first, "2: it speaks before it is silent"
            assert not isinstance(after, (Counting, Leading, Instructing, OwnPace)), "2: it goes on"
            assert not any(isinstance(effect, Beat) for effect in effects), "2: it counts on"

    def nobody_moved(self, before, event, after):
        """3: what was not understood, or not legal, moves nobody."""
        if isinstance(event, (Unsure, NotNow, Perhaps)):
            holds = (AskedBack, Paused, PainHold)
            is_held = isinstance(event, Perhaps) and isinstance(after, holds) and not isinstance(before, ENDED)
            is_graver = isinstance(before, NotToday) and isinstance(after, EndedUrgent)  # the safer one
            is_over = isinstance(before, AskedBack) and isinstance(after, Finished)  # a second doubt after the end
            assert is_held or is_graver or is_over or type(after) is type(before), "3: moved by a mishearing"
            assert not (is_held and isinstance(before, PainHold) and type(after) is Paused), "3: pain is forgotten"
            is_pain = meant(before, event) is Intent.PAIN
            assert is_pain or place_of(after) == place_of(before), "3: place moved by a mishearing"
            is_doubt = isinstance(event, Perhaps) and event.intent in SAFETY
            assert not (is_doubt and isinstance(after, MOVES)), "3: it goes on after a doubt about safety"

    def count(self, before, event, effects, after):
        """4: numbers come one by one, on the grid, never beyond the dose."""
        is_beat = isinstance(event, Due) and event.tag == BEAT and isinstance(before, Counting)
        if is_beat:
            assert after.place.n == before.place.n + 1 <= after.place.repetitions, "4: a number is skipped"
            assert abs(event.at_s - before.grid.due_s(after.place.n)) < 1e-6, "4: off the grid"
        elif isinstance(before, Counting) and isinstance(after, Counting):
            assert after.place.done == before.place.done, "4: the number moved without a beat"
            old, new = before.grid.due_s(before.place.n + 1), after.grid.due_s(after.place.n + 1)
            assert abs(old - new) < 1e-6, "4: a scheduled beat was moved"
        elif is_same_side(place_of(before), place_of(after)):
            is_told = meant(before, event) in {Intent.UNDO, Intent.DONE}
            n = place_of(after).n
            assert n in {0, place_of(before).n} or is_told, "4: it goes on at another number"
        for effect in effects:
            if isinstance(effect, Beat):
                assert effect.n == after.place.n + 1, "4: a wrong number is ordered"
                assert abs(effect.at_s - after.grid.due_s(effect.n)) < 1e-6, "4: ordered off the grid"
                assert effect.at_s >= event.at_s - 1e-6, "4: ordered for the past"

    def safe_place(self, before, event, after):
        """5: no step without the answers, no leg with legs closed, nothing that hurt twice."""
        place = place_of(after)
        if is_sign(before, event) and place_of(before) is not None:
            self.hurt.append(self.technique(place_of(before)).id)
        if place is None:
            return
        technique = self.technique(place)
        if isinstance(after, GOES_ON) and not isinstance(before, GOES_ON):
            assert self.is_open("general", event), "5: a step without the safety check"
            assert technique.works_on_leg or self.is_open("back", event), "5: a step without the safety check"
            assert not technique.works_on_leg or self.is_open("legs", event), "5: a leg step with legs closed"
        elif technique.works_on_leg and place_of(before) != place:
            assert "checked_legs" in self.checks, "5: a leg step with legs closed"
        if isinstance(after, GOES_ON):
            assert self.hurt.count(technique.id) < 2, "5: a step that hurt twice goes on"
        hold = behind(before)
        if isinstance(hold, PainHold) and isinstance(after, GOES_ON) and place.step == hold.place.step:
            ways = {Intent.YES, Intent.RATE_PAIN, Intent.SWITCH_SIDES, Intent.GO_TO, Intent.PREVIOUS}
            assert getattr(event, "intent", None) in ways, "5: it goes on after pain by itself"

    def kept(self, effects, after):
        """6: the place is on disk before it is spoken of, and can be read again; at most five beats are not there."""
        keeps = [i for i, effect in enumerate(effects) if isinstance(effect, Keep) and effect.saved]
        says = [i for i, effect in enumerate(effects) if isinstance(effect, (Say, Beat))]
        assert not keeps or not says or max(keeps) < min(says), "6: spoken before it is on disk"
        for effect in effects:
            if isinstance(effect, Keep):
                self.on_disk = effect.saved
        place = place_of(after)
        if place is None or self.is_over:
            return
        assert self.on_disk is not None, "6: the place is not on disk"
        again = place_from(self.on_disk, self.library)
        assert again is not None, "6: what is on disk can not be read"
        lost = place.n - again.n
        limit = 5 if isinstance(after, Counting) else 1
        assert 0 <= lost < limit, "6: more than five beats, or a number never counted"
        assert (again.aside is None) == (place.aside is None), "6: the routine that was left is not on disk"
        same = replace(again, done=place.done, period_s=place.period_s, aside=place.aside)
        assert same == place, "6: another place is on disk"

    def held(self, event, after):
        """11: what is heard at the end of an utterance sets no count going that its beginning has held."""
        if isinstance(event, Said) and event.corrects:
            assert not isinstance(after, (Counting, Leading)), "11: it counts on after a stop"

    def answered(self, before, event, effects, after):
        """12: a yes in a hold goes on only where the last word in it asked for that."""
        if isinstance(before, (Paused, PainHold)) and isinstance(event, Said) and event.intent is Intent.YES:
            goes_on = not isinstance(after, (Paused, PainHold))
            assert self.asked in ASKS_TO_GO_ON or not goes_on, "12: a yes that nothing asked for goes on"
        said = [effect.reply for effect in effects if isinstance(effect, Say)]
        questions = [reply for reply in said if reply in ASKS_TO_GO_ON | ASKS_HOW_IT_IS]
        if questions or HOLDS & set(said):
            self.asked = questions[-1] if questions else None

    def ended(self, before, event, after):
        """7: a red flag is the end."""
        if meant(before, event) in {Intent.RED_FLAG, Intent.EMERGENCY}:
            assert isinstance(after, EndedUrgent), "7: a red flag does not end it"
        is_taken_back = isinstance(event, Said) and event.intent in {Intent.CHANGE_ANSWER, Intent.DOCTOR_AGREED}
        if isinstance(before, EndedUrgent) and not is_taken_back:
            assert isinstance(after, EndedUrgent), "7: something follows a red flag"
        if isinstance(before, NotToday) and not is_taken_back:
            assert isinstance(after, (NotToday, EndedUrgent)), "7: something follows a refusal"
        if isinstance(after, EndedUrgent):
            assert self.on_disk is None, "7: a place is kept after a red flag"


@pytest.fixture
def oracle(library):
    """Makes oracles."""
    return lambda: Oracle(library)


@pytest.fixture(scope="session")
def natural():
    """Return a state's natural words for going on."""
    return {
        **dict.fromkeys(("Idle", "Offered", "Finished"), "start"),
        **dict.fromkeys(("ResumeOffer", "Paused", "PauseAsked"), "resume"),
        **dict.fromkeys(("Instructing", "ReadyPrompt"), "ready"),
        "Screening": "no",
        "Rating": "five",
        "Locating": "found it",
        "FeelingAsked": "done",
        "OwnPace": "done",
        "PainHold": "lighter",
        **dict.fromkeys(("PainAsked", "Confirm"), "yes"),
        "AskedBack": "no",
        "Asleep": "wake up",
    }
