"""The states of rooms, and the figures that a Prometheus reads."""

from __future__ import annotations

import asyncio
import os
import re
import sys

from starlette.requests import Request

from assistant.web.reception import Reception
from assistant.web.room_metrics import memory_bytes, metrics
from assistant.web.room_state import SILENT_S, make_states

NOW_S = 1000.0


def test_a_room_is_away_until_it_says_that_it_lives_and_when_it_is_silent():
    """A process alone is not enough: one that hangs is as bad as none."""
    (room,) = make_states(["lake"]).values()
    assert room.state(NOW_S) == "away"

    room.pid, room.beat_s = os.getpid(), NOW_S - SILENT_S
    assert room.state(NOW_S) == "free"
    assert room.state(NOW_S + 0.1) == "away"


def test_a_room_is_taken_while_a_page_is_open_there():
    """A session whose page is gone leaves its room open to whoever comes back."""
    (room,) = make_states(["lake"]).values()
    room.pid = os.getpid()
    room.pulse(is_open=True, is_running=True)
    assert room.state(room.beat_s) == "taken"

    room.pulse(is_open=False, is_running=True)
    assert room.state(room.beat_s) == "free"


def test_a_room_that_another_machine_leads_is_elsewhere():
    """The reception says so in words and does not show the way in; it is not up, and nothing is wrong with it."""
    states = make_states(["garden", "lake"])
    for room in states.values():
        room.started(os.getpid())
        room.pulse(is_open=False, is_running=False)
    states["garden"].stand_by()
    reception = Reception({name: f"http://{name}/" for name in states}, states)
    led = asyncio.run(reception._room(Request({"type": "http", "path_params": {"name": "garden"}})))
    free = asyncio.run(reception._any(Request({"type": "http"})))
    health = asyncio.run(reception._health(Request({"type": "http"})))

    assert led.status_code == 409
    assert "Room garden is led by another machine" in led.body.decode()
    assert (free.status_code, free.headers["location"]) == (303, "http://lake/")
    assert health.status_code == 200
    lines = metrics(states, {}, states["garden"].beat_s).splitlines()
    for wanted in ("up", "standby"):
        assert f'tuina_room_{wanted}{{room="garden"}} {int(wanted == "standby")}' in lines


def test_a_death_in_the_middle_of_a_session_is_kept_in_mind():
    """Until the next session begins there, however often it dies meanwhile."""
    (room,) = make_states(["lake"]).values()
    room.started(7)
    room.died()
    assert not room.was_cut

    room.started(8)
    room.pulse(is_open=True, is_running=True)
    room.died()
    assert (room.was_cut, room.is_open, room.pid) == (True, False, 0)

    room.started(9)
    room.died()
    assert (room.was_cut, room.starts) == (True, 3)


def test_the_figures_are_in_prometheus_format():
    """Every line is a comment or a value with one label, and what each figure is stands before it."""
    states = make_states(["garden", "lake"])
    lake = states["lake"]
    lake.pid, lake.starts, lake.sessions = os.getpid(), 3, 7
    lake.beat_s, lake.is_open, lake.is_running = NOW_S, True, True
    lines = metrics(states, {"full": 2, "taken": 0}, NOW_S).splitlines()

    value = re.compile(r'tuina_[a-z_]+\{(room="(garden|lake)"|why="(full|taken)")\} [0-9.e+]+')
    assert all(value.fullmatch(line) or line.startswith(("# HELP tuina_", "# TYPE tuina_")) for line in lines)
    for wanted in (
        'tuina_room_up{room="garden"} 0',
        'tuina_room_up{room="lake"} 1',
        'tuina_room_restarts_total{room="garden"} 0',
        'tuina_room_restarts_total{room="lake"} 2',
        'tuina_room_sessions_total{room="lake"} 7',
        'tuina_refused_total{why="full"} 2',
    ):
        assert wanted in lines


def test_memory_is_told_of_a_process_that_is_there():
    """Nought where the system tells nothing."""
    assert memory_bytes(0) == 0
    assert (memory_bytes(os.getpid()) > 1_000_000) == (sys.platform == "linux")
