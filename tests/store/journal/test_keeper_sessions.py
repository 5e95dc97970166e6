"""The keeper of the journal in whole sessions: the place that is promised, a full disk, a damaged file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant.messages import Began, Failed, Recovered, Say
from assistant.store.journal import Journal
from tests.fakes.journals import Disk

PROMISES = [(False, "goodbye_saved"), (True, "goodbye_unsaved")]


@pytest.mark.parametrize(("is_locked", "goodbye"), PROMISES)
def test_a_place_is_promised_only_when_it_is_on_disk(rehearse, is_locked, goodbye):
    """Another program holds the journal from the middle of the session: the goodbye says so, and nothing else does."""
    rehearsal = rehearse("expert_advice_heard", "screening_passed")
    rehearsal.begin("full")
    rehearsal.say("start")
    rehearsal.lockstep.wait_until_quiet()
    rehearsal.journal._tables.base.execute("PRAGMA busy_timeout=0")
    with closing(sqlite3.connect(rehearsal.journal.path, isolation_level=None)) as other:
        if is_locked:
            other.execute("BEGIN EXCLUSIVE")
        rehearsal.say("end session")
        rehearsal.lockstep.wait_until_quiet()

        assert (rehearsal.session.unsaved != "") is is_locked

    replies = [effect.reply for _, effect, _ in rehearsal.told.effects if isinstance(effect, Say)]
    assert replies[-1] == goodbye
    assert "failed_journal" not in replies

    rehearsal.session.settle()

    assert rehearsal.journal.saved()["routine"] == "full"


def test_a_session_goes_on_to_its_end_on_a_full_disk(rehearse):
    """Nothing ends, nothing is counted wrong; that nothing is saved is said once."""
    rehearsal = rehearse("expert_advice_heard", "screening_passed")
    Disk(rehearsal.journal).fill()
    rehearsal.begin("five-minutes")

    for _ in range(100):
        rehearsal.lockstep.wait_until_quiet()
        if rehearsal.state == "Finished":
            break
        words = {"Offered": "start", "ReadyPrompt": "ready", "FeelingAsked": "done", "Paused": "resume"}
        word = words.get(rehearsal.state)
        rehearsal.say(word) if word else rehearsal.lockstep.wait_for_count()

    replies = [effect.reply for _, effect, _ in rehearsal.told.effects if isinstance(effect, Say)]
    assert rehearsal.state == "Finished"
    assert replies.count("failed_journal") == 1


def test_damaged_lines_are_said_and_the_questions_asked_in_full(rehearse):
    """A date that was changed opens nothing, whatever it says now; the person is told why."""
    rehearsal = rehearse("expert_advice_heard", "screening_passed")
    rehearsal.journal.close()
    path: Path = rehearsal.journal.path
    with closing(sqlite3.connect(path)) as base:
        base.execute("UPDATE fact SET at = replace(at, '2026', '2027') WHERE name = 'screening_passed'")
        base.commit()
    rehearsal.journal = Journal(path)
    rehearsal.begin("full")
    rehearsal.lockstep.wait_until_quiet()

    replies = [effect.reply for _, effect, _ in rehearsal.told.effects if isinstance(effect, Say)]
    assert "failed_lines" in replies
    assert "damaged lines" in next(event.reason for event in rehearsal.told.events if isinstance(event, Failed))
    assert rehearsal.told.events[0].checks == {}
    rehearsal.say("start")
    assert rehearsal.state == "Screening"


def test_a_damaged_journal_is_said_and_a_new_one_begun(rehearse, tmp_path):
    """The session begins first; then it says that it could not save, and that it can again."""
    rehearsal = rehearse()
    rehearsal.journal.close()
    path: Path = rehearsal.journal.path
    path.write_bytes(b"no database")
    path.with_name("journal.db-wal").unlink(missing_ok=True)
    rehearsal.journal = Journal(path)
    rehearsal.begin(None)

    kinds = [type(event) for event in rehearsal.told.events[:3]]
    assert kinds == [Began, Failed, Recovered]
    assert "journal.db.damaged-1" in rehearsal.told.events[1].reason
    assert rehearsal.told.events[0].can_save
