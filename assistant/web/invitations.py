"""Pairing codes: each lets one device in, once, within ten minutes. Kept in memory only."""

from __future__ import annotations

import secrets
import threading
import time

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no I, L, O, 0, 1: a code may be typed by hand
LENGTH = 12  # 31^12: 59 bits. At 24 connections a second ten minutes are 14,400 guesses of 8e17
LASTS_S = 600.0  # to find the phone and its camera; chosen
MOST_OPEN = 4  # at once: in the terminal and on pages; chosen


class Invitations:
    """All codes that still let somebody in. Threads may share it."""

    def __init__(self) -> None:
        """Begin with none."""
        self._until_s: dict[str, float] = {}
        self._changing = threading.Lock()

    def invite(self) -> str:
        """Make a code: three groups of four letters and digits. With one too many the oldest ends."""
        letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        with self._changing:
            while len(self._until_s) >= MOST_OPEN:
                del self._until_s[next(iter(self._until_s))]
            self._until_s[letters] = time.monotonic() + LASTS_S
        return "-".join(letters[at : at + 4] for at in range(0, LENGTH, 4))

    def redeem(self, code: str) -> bool:
        """Use a code up; false if it was used, is too old, or never was one. Hyphens, spaces and case do not count."""
        asked = "".join(filter(str.isalnum, code)).upper().encode()
        now_s = time.monotonic()
        with self._changing:
            self._until_s = {one: until_s for one, until_s in self._until_s.items() if now_s < until_s}
            found = [one for one in self._until_s if secrets.compare_digest(one.encode(), asked)]
            for one in found:
                del self._until_s[one]
        return bool(found)
