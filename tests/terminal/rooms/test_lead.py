"""A room waits for its lead, looks after it, and ends where it is lost; the database is a fake that obeys a script."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from assistant.errors import JournalError
from assistant.store.journal.postgres_tables import LedElsewhere
from assistant.terminal.rooms import lead
from assistant.web.room_state import make_states

LED, AWAY, MINE = LedElsewhere("room garden is led by lake"), JournalError("the database is away"), None


class Scripted:
    """Answers each question by the next line of a script; the last one holds for ever."""

    def __init__(self, *script):
        self.script = list(script)
        self.asked = 0

    def keep_up(self):
        self.asked += 1
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if answer is not None:
            raise answer

    begin = end = count_aside = keep_up


@pytest.fixture
def state():
    return make_states(["garden"])["garden"]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """No waiting in these tests, and what is waited for is written down."""
    waited = []
    monkeypatch.setattr(lead, "_rest", lambda seconds, state: (waited.append(seconds), state.stand_by()))
    monkeypatch.setattr(lead, "KEEP_UP_S", 0.001)
    return waited


def test_a_room_stands_by_until_the_other_leader_is_gone(state, quick):
    """It says so once, and its house shows it as elsewhere."""
    told = []
    state.started(os.getpid())
    lead._stand_by(Scripted(LED, LED, MINE), Scripted(MINE), state, told.append)

    assert told == ["room garden is led by lake. This one stands by."]
    assert quick == [lead.ASK_S] * 2
    assert state.state(state.beat_s) == "elsewhere"
    state.pulse(is_open=False, is_running=False)
    assert state.state(state.beat_s) == "free"


def test_a_room_opens_without_a_database_unless_another_one_led(state, quick):
    """At a start everybody is let in; who has seen a leader waits for the database, and gives the leader time."""
    told = []
    lead._stand_by(Scripted(AWAY), Scripted(AWAY), state, told.append)
    assert (quick, told) == ([], ["the database is away."])

    tables = Scripted(LED, AWAY, LED, MINE)
    lead._stand_by(tables, Scripted(AWAY, AWAY, MINE), state, told.append)
    assert quick == [lead.ASK_S] * 3 + [lead.GRACE_S, lead.ASK_S]
    assert tables.asked == 4


def test_a_leader_that_lost_its_room_ends_once_no_session_runs(state, monkeypatch):
    """A session goes on; the database that was away is told once, and once that it is back."""
    told, ended = [], []
    monkeypatch.setattr(os, "kill", lambda pid, number: ended.append((pid, number)))
    state.is_running = True

    class Tables(Scripted):
        def keep_up(self):
            state.is_running = self.asked < 6
            super().keep_up()

    tables = Tables(MINE, AWAY, AWAY, MINE, LED)
    lead._look_after(tables, state, told.append, threading.Event())

    assert tables.asked == 7
    assert ended == [(os.getpid(), signal.SIGTERM)]
    assert told == [
        "the database is away.",
        "the database is back",
        "room garden is led by lake. This one ends, and stands by.",
    ]


def test_a_session_is_refused_where_another_machine_leads_and_begun_where_nobody_knows():
    """Two machines never lead a room at once; a database that is away keeps nobody from a session."""
    told = []
    with pytest.raises(LedElsewhere), lead.session_in(Scripted(LED), told.append):
        raise AssertionError
    with lead.session_in(Scripted(AWAY), told.append) as was_cut:
        assert not was_cut

    assert told == ["the database is away."] * 2
