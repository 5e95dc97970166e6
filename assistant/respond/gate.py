"""The gate of the safety questions, by area: what was passed, how long ago, and what is asked again now. Pure.

The answers for the back do not cover the legs, and the other way round; each area has two dates. A day after the last
answer one question asks for changes; thirty days after the full questions these are asked again. A date that lies in
the future (the clock was set back) says nothing, so all is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.messages import Area, Check

AreaState: TypeAlias = Literal["closed", "changes", "open", "shut"]
"""Asked in full; asked for changes; passed; passed, and work there is closed by an answer."""

AREAS: tuple[Area, ...] = ("general", "back", "legs")
DAY_S = 24 * 3600.0  # docs/safety.md, "Questions before a session"
MONTH_S = 30 * DAY_S  # the same
CHECKED: Mapping[Area, Check] = {"general": "checked_general", "back": "checked_back", "legs": "checked_legs"}
UNCHANGED: Mapping[Area, Check] = {"general": "unchanged_general", "back": "unchanged_back", "legs": "unchanged_legs"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The areas that are open now."""

    general: AreaState = "closed"
    """The questions that every massage needs."""
    back: AreaState = "closed"
    legs: AreaState = "closed"
    has_doctor: bool = False
    """True if a doctor agreed, within thirty days: what a doctor decides is not asked again."""
    has_doctor_for_legs: bool = False

    def of(self, area: Area) -> AreaState:
        """Return the state of one area."""
        return {"general": self.general, "back": self.back, "legs": self.legs}[area]


def gate_of(checks: Mapping[Check, float], now_s: float) -> Gate:
    """Return the gate at a time; `checks` are the times of what was passed, on the same clock."""

    def age_s(check: Check) -> float:
        age = now_s - checks[check] if check in checks else float("inf")
        return age if age >= 0 else float("inf")

    def area(name: Area) -> AreaState:
        if age_s(CHECKED[name]) >= MONTH_S:
            return "closed"
        last_s = min(age_s(CHECKED[name]), age_s(UNCHANGED[name]))
        return "open" if last_s < DAY_S else "changes"

    shut_s = age_s("legs_closed")
    is_last_word = shut_s < float("inf") and shut_s <= min(age_s("checked_legs"), age_s("doctor_agreed_legs"))
    legs = area("legs") if not is_last_word else "shut" if shut_s < DAY_S else "closed"
    return Gate(
        general=area("general"),
        back=area("back"),
        legs=legs,
        has_doctor=age_s("doctor_agreed") < MONTH_S,
        has_doctor_for_legs=age_s("doctor_agreed_legs") < MONTH_S,
    )
