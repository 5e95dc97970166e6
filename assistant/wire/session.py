"""One session: what is heard becomes an event, an event becomes effects, and each effect is performed in one place.

It runs in the thread of its owner (the lockstep loop, the real-time loop, a test). Time is the player's position.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from assistant.interpret import Sounding
from assistant.messages import (
    Beat,
    Began,
    Cue,
    Due,
    Effect,
    Event,
    Failed,
    Forget,
    ForgetEverything,
    Heard,
    Hush,
    Intent,
    Keep,
    Leave,
    ListenFor,
    Note,
    Prefer,
    Recovered,
    Refusal,
    Remember,
    Say,
    Settle,
    Settled,
    Sound,
    SpeechRate,
    VoiceBegan,
    VoiceEnded,
    Volume,
    WakeMe,
)
from assistant.respond.dialogue import advance
from assistant.respond.states import Opening, State
from assistant.speak.wording import aloud
from assistant.store.journal.keeper import JournalKeeper
from assistant.wire.parts import Parts, Preferred, RefusalObserver, StateObserver

ECHO_TAIL_S = 0.8  # our sentence still arrives: 0.3 s of pause, 0.2 s of docs/audio.md, "Delay and drift"
LEARNT_AFTER_S = 10.0  # of our own sound, until a filter of the echo canceller knows the room (docs/lab/echo.md)


class Session:
    """Turns events into performed effects. Order of calls: begin, then (hear | tell | tick)* until `is_over`."""

    def __init__(self, parts: Parts) -> None:
        """Take the parts; nothing happens before `begin`."""
        self._parts = parts
        self._state: State = Opening()
        self._timers: dict[str, float] = {}
        self._legal: frozenset[Intent] = frozenset()
        self._said: dict[int, tuple[str, str]] = {}
        self._sounding = Sounding()
        self._echoes_until_s, self._own_s, self._began_s = float("inf"), 0.0, 0.0
        self._leaving: str | None = None
        self._events: deque[Event] = deque()
        self._is_busy = False
        self._keeper = JournalKeeper(
            parts.journal, parts.clock, self._queue_now, lambda: self._now_s, parts.forget_more
        )

    @property
    def state(self) -> State:
        """Return the dialogue's present state, for tests and for `where am I` displays."""
        return self._state

    @property
    def is_quiet(self) -> bool:
        """True if nothing sounds, waits to be rendered, or is counted."""
        return self._parts.mouth.is_idle and self._parts.player.is_idle

    @property
    def is_over(self) -> bool:
        """True if the person left, and the last sentence has sounded."""
        return self.is_leaving and self.is_quiet

    @property
    def is_leaving(self) -> bool:
        """True if the person left; the last sentence may still sound."""
        return self._leaving is not None

    def begin(
        self,
        routine: str | None,
        usual: str,
        *,
        asks_rating: bool = False,
        preferred: Preferred | None = None,
        emergency: str = "",
    ) -> None:
        """Start with a routine on offer, or none; "start" means `usual` until a session was finished."""
        asked = Began(
            at_s=round(self._now_s, 6),
            routine=routine,
            usual=usual,
            asks_rating=asks_rating,
            preferred=preferred or {},
            emergency_number=self._parts.wording.one_by_one(emergency),
        )
        self._events.appendleft(self._keeper.began(asked, self._parts.library.routines))  # before its reports
        self._run()

    def hear(self, heard: Heard) -> None:
        """Take what the ear or the keyboard gave: a whole utterance, or a partial result of one that continues."""
        hears_itself = self._parts.has_echo and not heard.is_typed and self._now_s <= self._echoes_until_s
        sounding = self._sounding if hears_itself else None
        events, refusal = self._parts.interpreter.judge(heard, self._legal, self._now_s, sounding)
        if refusal is not None:
            self._tell_why(refusal)
        for event in events:
            self.tell(event)

    def _tell_why(self, refusal: Refusal) -> None:
        for observer in self._parts.observers:
            if isinstance(observer, RefusalObserver):
                observer.on_refusal(round(self._now_s, 6), refusal)

    def tell(self, event: Event) -> None:
        """Let the dialogue react to one event, and perform its effects in order."""
        self._events.append(replace(event, at_s=round(event.at_s, 6)))
        self._run()

    def settle(self) -> bool:
        """Try once more to write what the disk refused; true if the last place that was kept is on disk."""
        return self._keeper.settle()

    @property
    def unsaved(self) -> str:
        """The reason why something waits for the disk; empty: nothing does."""
        return self._keeper.unsaved

    def tick(self) -> None:
        """Pass on everything that came due, in the order of time: voices that began or ended, and timers."""
        reports: list[VoiceBegan | VoiceEnded] = []
        while True:
            reports += self._parts.player.take_reports()
            tag = min(self._timers, key=self._timers.__getitem__, default=None)
            due_s = self._timers[tag] if tag is not None else float("inf")
            if reports and reports[0].at_s <= due_s:
                report = reports.pop(0)
                self._note_sounding(report)
                self.tell(report)
            elif tag is not None and due_s <= self._now_s:
                del self._timers[tag]
                self.tell(Due(at_s=due_s, tag=tag))
            else:
                return

    def _run(self) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        try:
            while self._events:
                self._take(self._events.popleft())
        finally:
            self._is_busy = False

    def _take(self, event: Event) -> None:
        for observer in self._parts.observers:
            observer.on_event(event)
        self._state, effects = advance(self._state, event, self._parts.library)
        for effect in effects:
            self._perform(event.at_s, effect)
        for observer in self._parts.observers:
            if isinstance(observer, StateObserver):
                observer.on_state(event.at_s, self._state)

    @property
    def _now_s(self) -> float:
        return self._parts.player.now_s

    def _perform(self, at_s: float, effect: Effect) -> None:  # noqa: PLR0912 - one case for each effect
        parts = self._parts
        text = self._text_of(effect)
        for observer in parts.observers:
            observer.on_effect(at_s, effect, text)
        match effect:
            case Say(utterance=utterance, reply=reply, at_once=at_once, then_s=then_s):
                self._said[utterance] = (text, reply)
                parts.mouth.speak_sentence(utterance, aloud(text), at_once=at_once, then_s=then_s)
            case Beat(at_s=due_s, n=n, period_s=period_s):
                parts.mouth.speak_number(due_s, text, n, period_s)
            case Cue(at_s=due_s):
                parts.mouth.speak_word(due_s, text)
            case Hush(how=how):
                parts.mouth.hush(how)
            case WakeMe(at_s=due_s, tag=tag):
                self._timers[tag] = due_s
            case Forget(tag=tag):
                self._timers.pop(tag, None)
            case ListenFor(intents=intents):
                self._legal = intents
                parts.expect(intents)
            case Remember(fact=fact):
                self._keeper.remember(fact)
            case Prefer(what=choice, percent=percent):
                self._keeper.prefer(choice, percent)
            case Keep(saved=saved):
                self._keeper.keep(saved)
            case Note(what=what, values=values):
                self._keeper.note(what, values)
            case ForgetEverything():
                self._keeper.forget_everything()
            case Settle():
                self._events.append(Settled(at_s=round(self._now_s, 6), is_saved=self.settle()))
            case SpeechRate(percent=percent):
                parts.mouth.rate(percent)
            case Sound(earcon=earcon):
                parts.player.sound(earcon)
            case Volume(percent=percent):
                parts.player.volume(percent)
            case Leave(reason=reason):
                self._leaving = reason

    def _text_of(self, effect: Effect) -> str:
        match effect:
            case Say():
                return self._parts.wording.sentence(effect)
            case Beat():
                return self._parts.wording.beat(effect)
            case Cue():
                return self._parts.wording.cue(effect)
            case _:
                return ""

    def _queue_now(self, event: Failed | Recovered) -> None:
        self._events.append(replace(event, at_s=round(self._now_s, 6)))

    def _note_sounding(self, report: VoiceBegan | VoiceEnded) -> None:
        text, reply = self._said.get(report.utterance, ("", ""))
        sounding = Sounding(text, reply, self._own_s < LEARNT_AFTER_S)
        if isinstance(report, VoiceBegan):
            self._began_s, self._sounding, self._echoes_until_s = report.at_s, sounding, float("inf")
        elif self._sounding.text == text:
            self._own_s += report.at_s - self._began_s
            self._sounding, self._echoes_until_s = sounding, report.at_s + ECHO_TAIL_S
