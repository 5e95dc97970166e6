"""Tells when an ear is deaf to commands: somebody talks, and no pause has parted the talk for seconds. Pure.

Commands are cut out by pauses. Where talk (or singing) leaves none that a command fits in, each of them is lost in it,
and the person must be told. Pauses between sentences that are shorter than a command leave the ear as deaf as none.
"""

from __future__ import annotations

from assistant.decode.segment import CHUNK_S, LONG_PAUSE_S
from assistant.messages import Heard, Refusal, Shortfall

DROWNED_S = 4.0
"""No command lasts as long (phonetic/rescoring.py), and a person waits for an answer for about 4 s."""
DROWNED = Refusal(text="", shortfalls=(Shortfall(rule="drowned"),))


class Unbroken:
    """Measures how long speech has gone on without a pause."""

    def __init__(self) -> None:
        """Begin in silence."""
        self.reset()

    def reset(self) -> None:
        """Begin anew, in silence."""
        self._chunks = self._silence = 0

    def after(self, *, is_speech: bool, end_s: float) -> tuple[Heard, ...]:
        """Take a chunk that ends at `end_s`; each DROWNED_S of unbroken speech give a result that says so."""
        self._silence = 0 if is_speech else self._silence + 1
        self._chunks += bool(is_speech or self._chunks)
        if self._silence * CHUNK_S >= LONG_PAUSE_S:
            self.reset()
        if self._chunks * CHUNK_S < DROWNED_S:
            return ()
        self._chunks = 1
        return (
            Heard(
                text="",
                is_final=False,
                is_sure=False,
                score=0.0,
                at_s=end_s - DROWNED_S,
                end_s=end_s,
                refusal=DROWNED,
            ),
        )
