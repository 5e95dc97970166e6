"""Facts of the safety questions when a session begins, by the names that the tests use."""

from __future__ import annotations

DAY_S = 24 * 3600.0
ALL = ("checked_general", "checked_back", "checked_legs")
CHECKS = {
    "never": {},
    "passed": dict.fromkeys(ALL, 60.0),
    "old": dict.fromkeys(ALL, 2 * DAY_S),
    "older": dict.fromkeys(ALL, 31 * DAY_S),
    "set_back": dict.fromkeys(ALL, -60.0),
    "passed_back": dict.fromkeys(ALL[:2], 60.0),
    "passed_legs": dict.fromkeys((ALL[0], ALL[2]), 60.0),
    "passed_no_leg": {**dict.fromkeys(ALL, 60.0), "legs_closed": 60.0},
}
