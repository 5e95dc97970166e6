"""The number to call in an emergency: the person's setting, else that of the country in the system's locale."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping

_LOCALE = re.compile(r"_([A-Z]{2})(?:[.@]|$)")
_EU = """AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO CH"""
NUMBERS: Mapping[str, str] = {
    **dict.fromkeys(_EU.split(), "112"),
    "TR": "112",
    "GB": "999",
    **dict.fromkeys(("US", "CA"), "911"),
    "AU": "000",
    "NZ": "111",
}
"""By country, the number for an ambulance or for everything; each has a source in docs/safety.md, "Emergency words". A
country that is not here has none: the person is then told to call the emergency number, without its digits."""


def emergency_number(
    chosen: str | None, note: Callable[[str], None], environment: Mapping[str, str] = os.environ
) -> str:
    """Return the digits to call; empty where nobody knows them. A guess is noted, since a wrong one costs minutes."""
    if chosen is not None:
        return chosen
    digits = _of_locale(environment)
    guess = f"{digits}, by your system's locale" if digits else "unknown"
    note(f"Emergency number: {guess}. To set it, write emergency_number: into settings.yaml")
    return digits


def _of_locale(environment: Mapping[str, str]) -> str:
    for name in ("LC_ALL", "LC_TELEPHONE", "LANG"):
        found = _LOCALE.search(environment.get(name, ""))
        if found:
            return NUMBERS.get(found.group(1), "")
    return ""
