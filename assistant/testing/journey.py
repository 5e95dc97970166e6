"""Reads a journey and holds a session to it. `assistant.testing` says what a line may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import NoReturn, cast, get_args

from assistant.clock import ManualClock
from assistant.messages import Drowned, Event, Failed, Part, Preference, Recovered, Slept
from assistant.testing.silent_session import SilentSession

PATIENCE_S = 90.0  # a long instruction of which nothing is looked at, with its time to act
NEARLY = -0.5  # nats below the bar; half of what may be missing where it asks back
REST_OF_WORDS_S = 0.5  # from an early answer to the end of the utterance: the rest of the word and 0.3 s of silence
WORDS_OF_A_NUMBER = 2  # "one", "two, right", "forty-two"
FACTS = {
    "advice": ("expert_advice_heard",),
    "check": ("checked_general", "checked_back", "checked_legs"),
    "check of the back": ("checked_general", "checked_back"),
    "check without legs": ("checked_general", "checked_back", "legs_closed"),
    "failed check": ("screening_failed",),
    "doctor": ("doctor_agreed", "doctor_agreed_legs"),
}

CHOICE = re.compile(rf"(?P<what>{'|'.join(get_args(Preference))}) (?P<percent>[0-9]{{1,3}})")


class Journey:
    """Reads a journey line by line; the module says what a line may be."""

    def __init__(self, name: str, text: str, session: SilentSession) -> None:
        """`name` stands in errors."""
        self._name = name
        self._text = text
        self._session = session
        self._cursor = 0
        self._skips = False
        self._place = name
        self._facts = [*FACTS["advice"], *FACTS["check"]]
        self._began_s: float | None = None
        self._lines: dict[str, Callable[..., None]] = {
            r"known: *(.*)": self._know,
            r"routine: *(.*)": self._begin,
            r"rating: on": self._ask_rating,
            r"day \+([0-9]{1,4})": self._pass_days,
            r"lost: *(.*)": self._lose,
            r"found: *(.*)": self._find,
            r"asleep ([0-9]{1,7})s": self._sleep,
            r"they talk on": self._drown,
            r"over": self._is_over,
            r"you…: *(.*)": self._you_so_far,
            r"you\?: *(.*)": self._you_unclearly,
            r"you!: *(.*)": self._you,
            r"you: *(.*)": self._you_politely,
            r"it: *(.*)": self._it,
            r"state: *(.*)": self._state,
            r"\+([0-9]+(?:\.[0-9]+)?)s": self._wait,
            r"\+count": self._count,
            r"silence ([0-9]+(?:\.[0-9]+)?)s": self._silence,
            r"…": self._skip,
        }

        self._before = (self._know, self._begin, self._ask_rating, self._pass_days)
        """The lines that may stand before the first session."""
        self._has_begun = False

    def perform(self) -> None:
        """Run every line. Raises AssertionError at the first that does not hold or cannot be read."""
        if not self._text.strip():
            self._fail("the journey is empty")
        for number, line in enumerate(self._text.splitlines(), start=1):
            self._place = f"{self._name}:{number}"
            text = line.strip()
            if text and not text.startswith("#"):
                self._read(text)

    def _read(self, text: str) -> None:
        for pattern, do in self._lines.items():
            if found := re.fullmatch(pattern, text):
                if do not in self._before and not self._has_begun:
                    self._fail("no session has begun: a line `routine: …` comes first")
                do(*found.groups())
                return
        hint = "; a file is given as a Path" if text.endswith(".txt") else ""
        self._fail(f"not a line of a journey: {text}{hint}")

    def _fail(self, why: str) -> NoReturn:
        msg = f"{self._place}: {why}"
        raise AssertionError(msg)

    # --- what is so before -------------------------------------------------------------------------------------------

    def _know(self, facts: str) -> None:
        self._facts = []
        named = [fact.strip() for fact in facts.split(",") if fact.strip() != "nothing"]
        choices = [found for fact in named if (found := CHOICE.fullmatch(fact))]
        named = [fact for fact in named if not CHOICE.fullmatch(fact)]
        if odd := [fact for fact in named if fact not in FACTS]:
            self._fail(f"not a fact: {', '.join(odd)}. Facts: {', '.join(FACTS)}, nothing, speech_rate 80")
        self._session.know(*(name for fact in named for name in FACTS[fact]))
        for choice in choices:
            self._session.prefer(cast("Preference", choice["what"]), int(choice["percent"]))

    def _begin(self, routine: str) -> None:
        known = self._session.library.library.routines
        if routine != "none" and routine not in known:
            self._fail(f"there is no routine '{routine}'. Routines: {', '.join(known)}, none")
        self._has_begun = True
        self._session.know(*self._facts)
        self._facts = []
        self._cursor = len(self._session.told.sounded)
        self._session.begin(None if routine == "none" else routine)

    def _ask_rating(self) -> None:
        self._session.asks_rating = True

    # --- what happens ------------------------------------------------------------------------------------------------

    def _pass_days(self, days: str) -> None:
        self._session.clock = ManualClock(self._session.clock.wall() + timedelta(days=int(days)))

    def _lose(self, room: str) -> None:
        self._check_part(room)
        self._tell(Failed(at_s=self._session.player.now_s, room=cast("Part", room), reason="gone"))

    def _find(self, room: str) -> None:
        self._check_part(room)
        self._session.lockstep.wait_until_quiet()
        self._tell(Recovered(at_s=self._session.player.now_s, room=cast("Part", room)))

    def _check_part(self, room: str) -> None:
        if room not in get_args(Part):
            self._fail(f"not a part: {room}. Parts: {', '.join(get_args(Part))}")

    def _sleep(self, seconds: str) -> None:
        self._tell(Slept(at_s=self._session.player.now_s, seconds=float(seconds)))

    def _drown(self) -> None:
        self._tell(Drowned(at_s=self._session.player.now_s))

    def _tell(self, event: Event) -> None:
        self._session.session.tell(event)

    def _count(self) -> None:
        self._session.lockstep.wait_for_count()

    def _wait(self, seconds: str) -> None:
        self._session.lockstep.wait_until_quiet()
        self._session.lockstep.wait(float(seconds))

    # --- the person --------------------------------------------------------------------------------------------------

    def _you(self, text: str) -> None:
        if self._skips:
            self._cursor = len(self._session.told.sounded)
        if self._began_s is not None:
            self._session.lockstep.wait(REST_OF_WORDS_S)
        self._session.say(text, began_s=self._began_s)
        self._began_s = None

    def _you_so_far(self, text: str) -> None:
        if self._skips:
            self._cursor = len(self._session.told.sounded)
        self._began_s = self._session.player.now_s if self._began_s is None else self._began_s
        self._session.say(text, began_s=self._began_s, is_final=False)

    def _you_unclearly(self, text: str) -> None:
        self._session.lockstep.wait_until_quiet()
        self._session.say(text, is_sure=False, spare=NEARLY)

    def _you_politely(self, text: str) -> None:
        if self._began_s is None:
            self._session.lockstep.wait_until_quiet()
        self._you(text)

    # --- what must be so ---------------------------------------------------------------------------------------------

    def _it(self, text: str) -> None:
        for wanted in _items(text):
            self._is_said(wanted)
            self._skips = False

    def _is_said(self, wanted: str) -> None:
        """Put the cursor behind the sentence; time moves until it is said."""
        until_s = self._session.player.now_s + PATIENCE_S
        while True:
            heard = [_plain(text) for _, text in self._session.told.sounded[self._cursor :]]
            if self._skips and _plain(wanted) in heard:
                self._cursor += heard.index(_plain(wanted)) + 1
                return
            if heard and not self._skips:
                if heard[0] != _plain(wanted):
                    self._fail(f"expected '{wanted}', it said '{heard[0]}'")
                self._cursor += 1
                return
            if self._session.player.now_s >= until_s:
                self._fail(f"'{wanted}' was never said; it said {heard}")
            self._session.lockstep.step()

    def _skip(self) -> None:
        self._skips = True

    def _state(self, name: str) -> None:
        self._session.lockstep.wait_until_quiet()
        if self._session.state != name:
            self._fail(f"expected the state {name}, it is {self._session.state}")

    def _silence(self, seconds: str) -> None:
        self._session.lockstep.wait_until_quiet()
        before = len(self._session.told.sounded)
        self._session.lockstep.wait(float(seconds))
        said = self._session.told.sounded[before:]
        if said:
            self._fail(f"expected silence, it said {said}")

    def _is_over(self) -> None:
        self._session.lockstep.wait(5.0)
        if not self._session.session.is_over:
            self._fail("the program goes on")


def _items(text: str) -> Iterable[str]:
    """One sentence; or several numbers in one line: "one. two. three."."""
    parts = [part.strip() for part in text.split(".") if part.strip()]
    are_numbers = len(parts) > 1 and all(len(part.split()) <= WORDS_OF_A_NUMBER for part in parts)
    return parts if are_numbers else [text]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower().replace("-", " ")))
