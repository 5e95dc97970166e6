"""Texts → clips → player, in the caller's thread: for time counted in samples, where rendering takes none."""

from __future__ import annotations

from typing import Literal

from assistant.speak.clips import ClipCache
from assistant.speak.player import Player


class DirectMouth:
    """Renders when asked; the same orders give the same samples."""

    is_idle = True

    def __init__(self, clips: ClipCache, player: Player) -> None:
        """Take the voice's clips and the player that sounds them."""
        self._clips = clips
        self._player = player
        self._speed = 1.0

    def say(self, utterance: int, text: str, *, at_once: bool = False) -> None:
        """Queue a sentence."""
        self._player.say(utterance, self._clips.get(text, self._speed), at_once=at_once)

    def beat(self, at_s: float, text: str, n: int, period_s: float) -> None:
        """Place a number, rendered so that it fits into its period."""
        self._player.beat(at_s, self._clips.number(text, period_s), n, period_s)

    def cue(self, at_s: float, text: str) -> None:
        """Place a word."""
        self._player.cue(at_s, self._clips.get(text))

    def hush(self, how: Literal["now", "phrase_end"]) -> None:
        """Nothing waits here: the player does it all."""
        self._player.hush(how)

    def rate(self, percent: int) -> None:
        """Speak the sentences that follow slower or faster."""
        self._speed = percent / 100
