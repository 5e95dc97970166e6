"""The settings that a page shows and changes: rate of the voice, emergency number, person. Told in the terminal.

A number that is wrong costs minutes in an emergency. So it is changed on the machine's own page only, by whoever sits
there; a device of the network sees it. A number or a person that the environment sets stands above the file.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import TypeAlias

from assistant.errors import TuinaError
from assistant.respond.adjust import LEAST_RATE, MOST_RATE
from assistant.store.change_settings import change_settings
from assistant.store.emergency import emergency_number
from assistant.store.journal import Journal
from assistant.store.pronunciations import Pronunciations
from assistant.store.settings import PREFIX, Folders
from assistant.wire.preferences import known, resolve

RATE, NUMBER, PERSON = NAMES = ("speech_rate", "emergency_number", "person")
LABELS = {RATE: "Rate of the voice", NUMBER: "Emergency number", PERSON: "Person"}
WRONG = {
    RATE: f"A whole number from {LEAST_RATE} to {MOST_RATE}, in percent.",
    NUMBER: "Two to eight digits, without spaces or signs. Empty: by the country of this machine.",
    PERSON: "Letters, digits, spaces and hyphens, 32 at most. Empty: whoever rehearsed, if it is one person.",
}
NOT_HERE = "It can be changed on the page of the machine that runs tuina only."
RUNS = "A session runs. Say or press there: “speak slower” or “speak faster”."
MOST_LETTERS = 100  # longer texts are not even read

Answer: TypeAlias = "dict[str, object]"
Tell: TypeAlias = Callable[[str], None]


class NoChange(TuinaError):
    """A message that no page of ours sends."""


class PageSettings:
    """Reads and writes on whichever thread calls; one change at a time."""

    def __init__(
        self,
        where: Folders,
        tell: Tell,
        is_running: Callable[[], bool],
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """Take the person's folders, and who is told what was changed, in one sentence.

        `is_running` is true while a session runs, whose voice follows spoken commands only.
        """
        self._where, self._tell, self._is_running, self._environment = where, tell, is_running, environment
        self._changing = threading.Lock()

    def shown(self, *, is_here: bool) -> Answer:
        """Return the values, and what can be changed; `is_here`: asked for on this machine. Never raises TuinaError."""
        try:
            settings, problems = resolve(self._where, {}, self._environment)
        except TuinaError as error:
            return {"problem": str(error)}
        try:
            rate = self._preferred().get(RATE, settings.speech_rate)
        except TuinaError as error:
            return {"problem": str(error)}
        return {
            RATE: rate,
            NUMBER: settings.emergency_number or "",
            PERSON: settings.person or "",
            "guess": emergency_number(None, lambda _: None, self._environment),
            "people": Pronunciations(self._where.config).people(),
            "fixed": {name: why for name in NAMES if (why := self._fixed(name, is_here=is_here))},
            "problem": "\n".join(map(str, problems)),
        }

    def change(self, text: str, *, is_here: bool, device: str) -> dict[str, str]:
        """Make the changes of a page's message; return what is wrong by the setting's name, and then none was made.

        `device` is named in the terminal. Raises NoChange for what is no such message, TuinaError where the disk
        refuses.
        """
        asked = _asked(text)
        with self._changing:
            found = {name: self._checked(name, value, is_here=is_here) for name, value in asked.items()}
            wrong = {name: why for name, (_, why) in found.items() if why}
            if wrong:
                return wrong
            values = {name: value for name, (value, _) in found.items()}
            written = {name: value for name, value in values.items() if name != RATE}
            if written:
                change_settings(self._where.config / "settings.yaml", written, known())
            rate = values.get(RATE)
            if isinstance(rate, int):
                self._prefer(rate)
        for name, value in values.items():
            told = "by default" if value is None else f"{value} %" if name == RATE else value
            self._tell(f"{LABELS[name]}: {told}. Changed on {device}; it holds from the next session on.")
        return {}

    def _checked(self, name: str, value: object, *, is_here: bool) -> tuple[str | int | None, str]:
        """Return the value to be stored, and what is wrong with it, or nothing."""
        if why := self._fixed(name, is_here=is_here):
            return None, why
        if name != RATE:
            return self._text(name, value)
        if not isinstance(value, int) or isinstance(value, bool) or not LEAST_RATE <= value <= MOST_RATE:
            return None, WRONG[RATE]
        return value, RUNS if self._is_running() else ""

    def _text(self, name: str, value: object) -> tuple[str | None, str]:
        if not isinstance(value, str) or len(value) > MOST_LETTERS:
            return None, WRONG[name]
        plain: str | None = value.strip()
        if not plain:
            return None, ""
        try:
            if name == PERSON:
                plain = Pronunciations(self._where.config).person(plain)
            resolve(self._where, {name: plain}, {})
        except TuinaError:
            return None, WRONG[name]
        return plain, ""

    def _fixed(self, name: str, *, is_here: bool) -> str:
        """Return why a setting cannot be changed there, or nothing."""
        if name == NUMBER and not is_here:
            return NOT_HERE
        variable = f"{PREFIX}{name.upper()}"
        is_set = name != RATE and self._environment.get(variable)
        return f"{variable} is set where tuina was started; that holds." if is_set else ""

    def _preferred(self) -> Mapping[str, int]:
        if not self._where.journal.exists():
            return {}
        with closing(Journal(self._where.journal, may_mend=False)) as journal:
            return {str(name): percent for name, percent in journal.preferred().items()}

    def _prefer(self, percent: int) -> None:
        """Choose the rate as a spoken command does."""
        with closing(Journal(self._where.journal, may_mend=False)) as journal:
            journal.prefer("speech_rate", percent)


def _asked(text: str) -> dict[str, object]:
    try:
        asked = json.loads(text)
    except ValueError as error:
        raise NoChange("this is no JSON") from error
    if not isinstance(asked, dict) or not asked or not asked.keys() <= set(NAMES):
        raise NoChange(f"settings are {', '.join(NAMES)}")
    return asked
