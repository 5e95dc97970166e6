"""A journal in a PostgreSQL of all rooms, on a real server: it holds what the file would, and one machine leads."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack
from datetime import timedelta

import pytest

from assistant.clock import ManualClock, SystemClock
from assistant.errors import JournalError
from assistant.messages import Recovered
from assistant.store.journal import Journal, postgres_address, postgres_tables
from assistant.store.journal.keeper import RETRY_S, JournalKeeper
from assistant.store.journal.postgres_address import Address
from assistant.store.journal.postgres_survey import survey
from assistant.store.journal.postgres_tables import LedElsewhere, RoomTables
from assistant.terminal.doctor.stored import check_database
from assistant.terminal.rooms.lead import history_of
from assistant.web.contents import history
from tests.fakes.journals import held
from tests.rigs.postgres import postgres

NOW = SystemClock().wall()
PLACE = {"version": 1, "routine": "full", "plan": [24, 24], "said": "“ä”"}
LONG_S = 60.0  # longer than any machine needs for one answer


@pytest.fixture(scope="module")
def server():
    with postgres() as started:
        yield started


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A busy machine is no silent one."""
    wait_at_most(monkeypatch, LONG_S)


def wait_at_most(monkeypatch, seconds):
    for module in (postgres_address, postgres_tables):
        monkeypatch.setattr(module, "BUSY_S", seconds)


@pytest.fixture
def room(server):
    """Make the tables of a room, as a machine does; all let go of them afterwards, and the database is empty again."""
    with ExitStack() as closing:

        def tables(name="garden", **how):
            made = RoomTables(Address(server.address), name, **how)
            closing.callback(made.let_go)
            return made

        yield tables
    server.sql("DROP SCHEMA IF EXISTS tuina CASCADE")


def tell(journal):
    """Write something of each kind, and some of it twice."""
    journal.remember("checked_back", NOW)
    journal.remember("checked_general", NOW - timedelta(hours=1))
    journal.remember("expert_advice_heard", NOW)
    journal.remember("screening_failed", NOW)
    journal.remember("checked_general", NOW)  # later than the failed one
    journal.prefer("tempo", 85)
    journal.prefer("tempo", 92)
    journal.keep({"n": 1}, NOW - timedelta(seconds=9))
    journal.keep(PLACE, NOW)
    for routine in ("full", "evening"):
        journal.note("rating", {"when": "before", "number": 4}, NOW)
        journal.note("session_begun", {"routine": routine}, NOW)
        journal.note("side_counted", {"technique": "cross-push", "side": "left", "count": 24}, NOW)
        journal.note("session_ended", {"routine": routine, "finished": 1}, NOW)


def test_it_holds_what_the_file_holds(room, path):
    """The same calls, the same answers: in this session, for one that comes later, and for who only reads."""
    file, shared = Journal(path), Journal(room())
    for journal in (file, shared):
        tell(journal)

    assert held(shared) == held(file)
    assert shared.usual() == "evening"
    assert held(Journal(room(leads=False), may_mend=False)) == held(file)
    file.close()


def test_rooms_keep_apart_and_one_is_forgotten_alone(room, server):
    """No row of the forgotten room is left, aside or not, and none of the other is gone."""
    garden, lake = Journal(room("garden")), Journal(room("lake"))
    for journal in (garden, lake):
        tell(journal)
    server.sql("INSERT INTO tuina.aside (room, part, row) VALUES ('garden', 'fact', '[]')")
    before = held(lake)
    garden.forget_everything()
    garden.note("session_begun", {"routine": "full"}, NOW)

    assert held(lake) == before
    assert (garden.saved(), garden.checks(NOW), garden.preferred(), garden.aside()) == (None, {}, {}, 0)
    counts = [server.sql(f"SELECT count(*) FROM tuina.{name} WHERE room = 'garden'") for name in ("note", "session")]
    assert counts == ["1", "1"]


def test_a_row_that_was_changed_is_not_believed(room, server):
    """A date of the safety questions that something else changed: all is asked in full, now and at later starts."""
    tables = room()
    tell(Journal(tables))
    server.sql("UPDATE tuina.fact SET at = '2026-01-01T00:00:00+00:00' WHERE name = 'checked_back'")

    assert Journal(room(leads=False), may_mend=False).checks(NOW) == {}
    assert Journal(tables).damaged == 1
    later = Journal(tables)
    assert (later.damaged, later.checks(NOW)) == (0, {})
    assert later.aside() == 3  # and the dates that were doubted with it
    assert later.since("expert_advice_heard") == NOW


def test_one_machine_leads_a_room(room, server):
    """A second one is refused until the first is dead; then the first can write no more, also when it comes back."""
    first, second = room(), room()
    journal = Journal(first)
    assert first.begin() is False
    journal.keep(PLACE, NOW)
    with pytest.raises(LedElsewhere, match="led by"):
        second.keep_up()
    Journal(room("lake")).keep(PLACE, NOW)  # another room is nobody's business

    kill_connection_of(first, server)
    second.keep_up()
    assert second.begin() is True  # it was cut off
    assert Journal(second).saved() == PLACE
    second.end()
    with pytest.raises(LedElsewhere):
        journal.keep(None, NOW)
    second.let_go()
    with pytest.raises(LedElsewhere):
        journal.keep(None, NOW)

    third = room()
    third.keep_up()
    assert third.begin() is False  # the last session ended in order
    assert Journal(third).saved() == PLACE


def kill_connection_of(tables, server):
    pid = tables._open.connection.driver_connection.info.backend_pid
    server.sql(f"SELECT pg_terminate_backend({pid})")
    while server.sql(f"SELECT 1 FROM pg_stat_activity WHERE pid = {pid}"):
        time.sleep(0.01)


def test_a_leader_goes_on_over_a_connection_that_broke(room, server):
    """Nobody led the room meanwhile: nothing is told, and nothing is lost."""
    tables = room()
    journal = Journal(tables)
    kill_connection_of(tables, server)
    journal.keep(PLACE, NOW)

    assert journal.saved() == PLACE
    with pytest.raises(LedElsewhere):
        room().keep_up()


def test_a_session_goes_on_while_the_database_is_away(room, server):
    """As with a full disk: it says so once, keeps in memory what it notes, and writes it when the server is back."""
    clock, reports = ManualClock(), []
    journal = Journal(room())
    keeper = JournalKeeper(journal, clock, reports.append, lambda: 90.0)
    server.stop()
    try:
        keeper.note("side_counted", {"technique": "cross-push", "side": "", "count": 24})
        keeper.keep(PLACE)
        assert [type(one).__name__ for one in reports] == ["Failed"]
        assert "cannot be reached" in keeper.unsaved
        assert not keeper.settle()
        made_while_away = Journal(room("lake"))  # begun now: it is opened, and comes back too
    finally:
        server.start()
    clock.advance(RETRY_S)
    keeper.prefer("tempo", 92)

    assert reports[1:] == [Recovered(at_s=0.0, room="journal")]
    assert journal.saved() == PLACE
    assert [note.values["count"] for one in journal.sessions() for note in one.notes] == [24]
    made_while_away.keep(PLACE, NOW)
    assert made_while_away.saved() == PLACE


def test_a_server_that_is_silent_holds_nobody_up(room, server, monkeypatch):
    """It takes what is sent and answers nothing, as a machine without power: the wait ends, and so does the next."""
    tables = room()
    journal = Journal(tables)
    pid = tables._open.connection.driver_connection.info.backend_pid
    os.kill(pid, signal.SIGSTOP)
    begun_s = time.monotonic()
    try:
        with monkeypatch.context() as hurried:
            wait_at_most(hurried, 0.2)
            with pytest.raises(JournalError, match="does not answer"):
                journal.keep(PLACE, NOW)
        took_s = time.monotonic() - begun_s
        with pytest.raises(JournalError, match="still waits for a connection that broke"):
            journal.keep(PLACE, NOW)
    finally:
        os.kill(pid, signal.SIGCONT)

    assert took_s < LONG_S / 2
    until_s = time.monotonic() + LONG_S
    while not is_kept(journal):  # the server must notice that it was left
        assert time.monotonic() < until_s
        time.sleep(0.05)
    assert journal.saved() == PLACE


def test_pages_show_the_history_whoever_leads_the_room(room, server):
    """It is read on a thread of the server, over a connection of its own; a problem is told in words."""
    tell(Journal(room()))
    shown = history(history_of(Address(server.address), "garden"))
    away = history(history_of(Address("postgresql://127.0.0.1:1/clinic"), "garden"))

    assert [one["routine"] for one in shown["sessions"]] == ["full", "evening"]
    assert shown["problem"] == ""
    assert away["sessions"] == []
    assert "cannot be reached" in away["problem"]


def is_kept(journal):
    try:
        journal.keep(PLACE, NOW)
    except JournalError:
        return False
    return True


def test_a_session_never_waits_for_a_database_that_is_known_to_be_away(room, server):
    """Somebody else looks if it is back: a person who says "stop" is heard meanwhile."""
    tables = room()
    journal = Journal(tables)
    tables.is_looked_after = True
    server.stop()
    try:
        with pytest.raises(JournalError):
            tables.keep_up()
    finally:
        server.start()
    with pytest.raises(JournalError, match="cannot be reached"):
        journal.keep(PLACE, NOW)  # the server answers, and is not even asked
    tables.keep_up()
    journal.keep(PLACE, NOW)

    assert journal.saved() == PLACE


def test_what_was_written_without_an_answer_is_not_written_twice(room):
    """The keeper tries again what failed; the server had taken it. A count is in the history once."""
    tables = room()
    journal = Journal(tables)
    journal.note("session_begun", {"routine": "full"}, NOW)
    before = journal._session
    for _ in range(2):
        journal._session = before
        journal.note("side_counted", {"technique": "cross-push", "side": "", "count": 24}, NOW)

    assert [note.what for one in journal.sessions() for note in one.notes] == ["session_begun", "side_counted"]


def test_a_database_of_a_newer_tuina_is_left_alone(room, server):
    """Nothing is read or written there, and it says why."""
    room().keep_up()
    server.sql("INSERT INTO tuina.version VALUES (99)")

    with pytest.raises(JournalError, match="another tuina"):
        room("lake").keep_up()


def test_the_doctor_says_who_leads(room, server):
    """Of each room; nothing is made in an empty database, and a dead one is told with what to do."""
    assert "rooms, and who leads them: none yet" in check_database(server.address).what
    assert server.sql("SELECT to_regclass('tuina.room')") == ""
    garden, lake = Journal(room("garden")), room("lake")
    tell(garden)
    lake.keep_up()
    lake.let_go()
    found = survey(Address(server.address))
    assert list(found.leaders) == ["garden", "lake"]
    assert [bool(one) for one in found.leaders.values()] == [True, False]
    assert (found.sessions, found.is_local) == (2, True)

    dead = check_database("postgresql://tuina:hunter@127.0.0.1:1/clinic")
    assert (dead.verdict, dead.remedy) == ("broken", "Ask whoever keeps it")
    assert dead.what.startswith("127.0.0.1:1/clinic: the database does not answer")
    assert "hunter" not in str(dead)
