"""Talk without a pause: it is told that no command can be heard, and told again while it lasts."""

from __future__ import annotations

from itertools import pairwise

import pytest

from assistant.decode.segment import CHUNK_S, LONG_PAUSE_S
from assistant.decode.unbroken import DROWNED_S, Unbroken


def told(seconds: float, *, gap_s: float = 0.0, every_s: float = 1.5) -> list[float]:
    """Times at which talk of so many seconds, with a gap every so often, is told."""
    unbroken, found = Unbroken(), []
    for n in range(round(seconds / CHUNK_S)):
        is_speech = n * CHUNK_S % every_s >= gap_s
        found += [heard.end_s for heard in unbroken.after(is_speech=is_speech, end_s=(n + 1) * CHUNK_S)]
    return found


@pytest.mark.parametrize("gap_s", [0.0, 0.05, 0.2, 0.35])
def test_talk_without_a_pause_is_told_within_five_seconds(gap_s: float) -> None:
    """Closures are no pause, and no command fits in a short one."""
    assert told(5.0, gap_s=gap_s)


def test_it_is_told_again_while_it_lasts() -> None:
    """A count may have begun meanwhile."""
    times = told(20.0)

    assert all(later - earlier <= DROWNED_S + CHUNK_S for earlier, later in pairwise(times))
    assert len(times) >= 20.0 // (DROWNED_S + CHUNK_S)


def test_talk_with_pauses_is_not_told() -> None:
    """Each sentence is an utterance, and so is a command between two."""
    assert not told(30.0, gap_s=LONG_PAUSE_S + 2 * CHUNK_S)


def test_what_is_told_is_no_command() -> None:
    """Neither the end of an utterance nor sure of anything."""
    unbroken = Unbroken()
    found = [heard for n in range(200) for heard in unbroken.after(is_speech=True, end_s=n * CHUNK_S)]

    assert {(heard.text, heard.is_final, heard.is_sure) for heard in found} == {("", False, False)}
