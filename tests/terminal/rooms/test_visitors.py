"""One person's answers in a room say nothing of the next one who lies down there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assistant.clock import SystemClock
from assistant.store.journal import Journal
from assistant.store.journal.keeper import ADVICE_HEARD
from assistant.terminal.rooms.visitors import SAME_PERSON_S, visitors_journal

NOW = SystemClock().wall()
PLACE = {"step": 1}


@pytest.fixture
def path(tmp_path):
    """A journal of this minute: the advice was heard, a check passed, and a place is kept."""
    journal = Journal(tmp_path / "journal.db")
    journal.remember(ADVICE_HEARD, NOW)
    journal.remember("checked_general", NOW)
    journal.keep(PLACE, NOW)
    journal.close()
    return journal.path


def known(path, *, after_crash, later_s=0.0):
    """What a session of the room is told: of the advice, of the check, of the place."""
    now = NOW + timedelta(seconds=later_s)
    journal = visitors_journal(path, print, now, after_crash=after_crash)
    found = journal.since(ADVICE_HEARD) is not None, set(journal.checks(now)), journal.saved()
    journal.close()
    return found


def test_the_next_person_is_new(path):
    """The advice is said and the check is asked again; the place is offered, since it may be the same person."""
    assert known(path, after_crash=False) == (False, set(), PLACE)


def test_who_was_cut_off_by_a_crash_goes_on(path):
    """Within ten minutes nothing is asked again; after them, or without a place, anybody may lie there."""
    assert known(path, after_crash=True) == (True, {"checked_general"}, PLACE)
    assert known(path, after_crash=True, later_s=SAME_PERSON_S) == (False, set(), PLACE)
    assert known(path, after_crash=True, later_s=-1.0) == (False, set(), PLACE)

    journal = Journal(path)
    journal.keep(None, NOW)
    journal.close()
    assert known(path, after_crash=True) == (False, set(), None)


def test_a_journal_that_cannot_be_opened_is_told(tmp_path):
    """The session runs in memory."""
    told = []
    (tmp_path / "file").write_text("")

    assert visitors_journal(tmp_path / "file" / "journal.db", told.append, NOW, after_crash=False) is None
    assert len(told) == 1
