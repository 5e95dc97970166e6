"""The figures of a house of rooms in Prometheus' text format (version 0.0.4). They name no person and no word."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from assistant.web.room_state import RoomState

TEXT = "text/plain; version=0.0.4; charset=utf-8"
KB = 1024  # bytes of a "kB" in /proc

Kind: TypeAlias = Literal["counter", "gauge"]
Values: TypeAlias = Mapping[str, float]


def metrics(states: Mapping[str, RoomState], refused: Values, now_s: float) -> str:
    """Return every figure. `refused` counts by reason; `now_s`: seconds of the monotonic clock."""

    def of_rooms(name: str, kind: Kind, about: str, values: Values) -> str:
        return _figure(f"tuina_room_{name}", kind, about, "room", values)

    state_of = {name: one.state(now_s) for name, one in states.items()}
    is_up = {name: float(state in {"free", "taken"}) for name, state in state_of.items()}
    stands_by = {name: float(state == "elsewhere") for name, state in state_of.items()}
    started = {name: float(max(0, one.starts - 1)) for name, one in states.items()}
    memory = {name: found for name, one in states.items() if one.pid and (found := memory_bytes(one.pid))}
    return "".join(
        [
            of_rooms("up", "gauge", "1 if the room answers.", is_up),
            of_rooms("standby", "gauge", "1 if another machine leads the room.", stands_by),
            of_rooms("open", "gauge", "1 if a page is open there.", {n: float(s.is_open) for n, s in states.items()}),
            of_rooms("running", "gauge", "1 if a session runs.", {n: float(s.is_running) for n, s in states.items()}),
            of_rooms("sessions_total", "counter", "Sessions begun.", {n: float(s.sessions) for n, s in states.items()}),
            of_rooms("restarts_total", "counter", "Starts after the room had died.", started),
            of_rooms("memory_bytes", "gauge", "Memory: its own, and its share of what is shared (PSS).", memory),
            _figure("tuina_refused_total", "counter", "Browsers that were refused.", "why", refused),
        ]
    )


def memory_bytes(pid: int) -> int:
    """Return the process' proportional set size; 0 where the system does not tell, or it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * KB for line in lines if line.startswith("Pss:")), 0)


def _figure(name: str, kind: Kind, about: str, label: str, values: Values) -> str:
    rows = "".join(f'{name}{{{label}="{key}"}} {value:g}\n' for key, value in values.items())
    return f"# HELP {name} {about}\n# TYPE {name} {kind}\n{rows}"
