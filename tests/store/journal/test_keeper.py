"""The session's entries are written, or wait in memory until the disk takes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.clock import ManualClock
from assistant.errors import JournalError
from assistant.messages import Began, Failed, Past, Recovered
from assistant.store.journal import Journal
from assistant.store.journal.keeper import MOST_WAITING, RETRY_S, JournalKeeper
from tests.fakes.journals import Disk

ROUTINES = {"full", "evening"}
ASKED = Began(at_s=0.0, usual="full", asks_rating=True)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def journal(tmp_path):
    made = Journal(tmp_path / "journal.db")
    yield made
    made.close()


@pytest.fixture
def reports() -> list[Failed | Recovered]:
    return []


@pytest.fixture
def keeper(journal, clock, reports) -> JournalKeeper:
    return JournalKeeper(journal, clock, reports.append, lambda: 90.0)


def counts(journal: Journal) -> list[int]:
    return [note.values["count"] for one in journal.sessions() for note in one.notes if note.what == "side_counted"]


def test_a_session_begins_with_what_is_remembered(keeper, journal, clock):
    """Facts, place and past come from the journal; the rest is as it was asked for."""
    now = clock.wall()
    journal.remember("expert_advice_heard", now)
    journal.remember("screening_passed_back", now - timedelta(hours=2))
    journal.note("session_begun", {"routine": "evening"}, now)
    journal.note("side_counted", {"technique": "cross-push", "side": "", "count": 24}, now)
    journal.note("session_ended", {"routine": "evening", "finished": 1}, now)
    journal.keep({"version": 1}, now)
    keeper.prefer("tempo", 85)
    keeper.prefer("tempo", 92)
    asked = replace(ASKED, preferred={"speech_rate": 80, "tempo": 100})

    assert keeper.began(asked, ROUTINES) == Began(
        at_s=0.0,
        usual="evening",
        is_first_session=False,
        checks={"checked_general": 7200.0, "checked_back": 7200.0},
        saved={"version": 1},
        past=Past(sessions=1, sessions_this_week=1, techniques=1, known={"cross-push": 0}),
        preferred={"speech_rate": 80, "tempo": 92},
        can_save=True,
        asks_rating=True,
    )


def test_a_routine_that_is_gone_is_not_the_usual(keeper, journal, clock):
    """The person's own file was deleted since: the settings' routine is offered."""
    journal.note("session_begun", {"routine": "mine"}, clock.wall())
    journal.note("side_counted", {"technique": "cross-push", "count": 1}, clock.wall())
    journal.note("session_ended", {"finished": 1}, clock.wall())

    assert keeper.began(ASKED, ROUTINES).usual == "full"


def test_without_a_journal_everybody_is_new(clock, reports):
    """Nothing is known, the safety questions are asked, and the person is told that nothing can be saved."""
    keeper = JournalKeeper(None, clock, reports.append, lambda: 0.0)
    keeper.remember("checked_general")
    keeper.keep({"version": 1})

    began = keeper.began(ASKED, ROUTINES)

    assert (began.is_first_session, began.checks, began.saved, began.can_save) == (True, {}, None, False)
    assert reports == []


def test_the_history_counts_the_time_of_the_session(keeper, journal, clock):
    """A minute and a half after it began, whatever the clocks of the machine did."""
    begun_at = clock.wall()
    clock.advance(3600)
    keeper.note("step_begun", {"technique": "cross-push"})

    assert journal.sessions()[0].notes[0].at - begun_at == timedelta(seconds=90)


def test_a_failure_is_reported_once(keeper, journal, clock, reports):
    """However often the disk refuses."""
    Disk(journal).fill()
    for n in range(5):
        keeper.note("side_counted", {"count": n})
        clock.advance(RETRY_S)

    assert [type(one) for one in reports] == [Failed]
    assert reports[0].room == "journal"


def test_what_waited_is_written_in_order_when_the_disk_is_back(keeper, journal, clock, reports):
    """With the dates of when it happened; the recovery is reported once."""
    disk = Disk(journal)
    disk.fill()
    for n in range(3):
        keeper.note("side_counted", {"count": n})
    keeper.remember("checked_general")
    keeper.keep({"n": 1})
    keeper.keep({"n": 2})
    disk.clear()
    clock.advance(RETRY_S)
    keeper.note("side_counted", {"count": 3})
    keeper.note("side_counted", {"count": 4})

    assert [type(one) for one in reports] == [Failed, Recovered]
    assert counts(journal) == [0, 1, 2, 3, 4]
    assert journal.saved() == {"n": 2}
    assert journal.since("checked_general") == clock.wall()


def test_a_refusing_disk_is_not_asked_at_every_beat(keeper, journal, clock, reports):
    """Each try may cost two seconds in which nobody is heard."""
    disk = Disk(journal)
    disk.fill()
    keeper.keep({"n": 1})
    disk.clear()
    clock.advance(RETRY_S - 1)
    keeper.keep({"n": 2})

    assert journal.saved() is None

    clock.advance(1)
    keeper.keep({"n": 3})

    assert journal.saved() == {"n": 3}


def test_what_waits_does_not_grow_without_end(keeper, journal, clock):
    """The oldest lines go first."""
    Disk(journal).fill()
    for n in range(MOST_WAITING + 10):
        keeper.note("side_counted", {"count": n})

    assert len(keeper._waiting) == MOST_WAITING


def test_what_waits_is_forgotten_too(keeper, journal, clock):
    """It must not come back after everything was deleted."""
    disk = Disk(journal)
    journal.remember("checked_general", clock.wall())
    disk.fill()
    keeper.note("side_counted", {"count": 1})
    disk.clear()
    clock.advance(RETRY_S)
    keeper.forget_everything()
    keeper.keep(None)

    assert counts(journal) == []
    assert journal.since("checked_general") is None


def test_a_last_try_does_not_wait_for_its_turn(keeper, journal, reports):
    """However lately the disk refused; the recovery is reported."""
    disk = Disk(journal)
    disk.fill()
    keeper.keep({"n": 1})

    assert not keeper.settle()
    assert "readonly" in keeper.unsaved

    disk.clear()

    assert keeper.settle()
    assert journal.saved() == {"n": 1}
    assert keeper.unsaved == ""
    assert [type(one) for one in reports] == [Failed, Recovered]


def test_nothing_is_on_disk_without_a_journal(clock, reports):
    """No place is kept."""
    keeper = JournalKeeper(None, clock, reports.append, lambda: 0.0)
    keeper.keep({"n": 1})

    assert not keeper.settle()


def test_what_cannot_be_deleted_is_said_even_after_a_failure(keeper, journal, clock, reports):
    """The report is of its own, and so is the recovery."""
    disk = Disk(journal)
    journal.remember("checked_general", clock.wall())
    disk.fill()
    keeper.note("side_counted", {"count": 1})
    keeper.forget_everything()
    disk.clear()
    keeper.settle()

    assert [(type(one), one.room) for one in reports] == [
        (Failed, "journal"),
        (Failed, "forget"),
        (Recovered, "forget"),
    ]
    assert journal.since("checked_general") is None


def test_what_stays_outside_of_the_journal_holds_up_nothing_in_it(journal, clock, reports):
    """The journal is emptied and written; the file outside is tried again."""
    stays = [True]

    def refuse() -> None:
        if stays:
            what = "it cannot be deleted"
            raise JournalError(what)

    keeper = JournalKeeper(journal, clock, reports.append, lambda: 0.0, refuse)
    journal.remember("checked_general", clock.wall())
    keeper.forget_everything()
    clock.advance(RETRY_S)
    keeper.keep({"n": 1})

    assert journal.since("checked_general") is None
    assert journal.saved() == {"n": 1}

    stays.clear()
    keeper.settle()

    assert [(type(one), one.room) for one in reports] == [(Failed, "forget"), (Recovered, "forget")]
