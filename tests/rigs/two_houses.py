"""Two houses of one room, as two machines have them: they share the database and the paired devices, and nothing else.

    python -m tests.rigs.two_houses FOLDER DATABASE PROXY_HOST

Both are forked from a process that loaded everything once, each into a group of its own, so that one of them can be
killed as a whole. What a house tells is in FOLDER/<its name>/out; the first line there is the id of its group.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from unittest.mock import patch

from pydantic import SecretStr
from rich.console import Console

from assistant.clock import SystemClock
from assistant.store.journal import Journal, postgres_address, postgres_tables
from assistant.store.settings import Folders, Settings
from assistant.terminal.rooms import open_house
from assistant.terminal.rooms.lead import session_in
from assistant.terminal.rooms.room import Room, by_the_clock, live_session
from assistant.terminal.rooms.warm import warm_up
from assistant.terminal.start.malloc_arenas import keep_little
from assistant.web import LanWish, ScreenPage
from assistant.wire import build

ROOM = "garden"
BUSY_S = 60.0  # a busy machine is no silent one
ASKED_TODAY = ("expert_advice_heard", "screening_passed")
HOUSES = {"one": "127.0.0.2", "other": "127.0.0.3"}


def folders_of(folder: Path, name: str) -> Folders:
    """Return the folders of a machine; that of the paired devices is one that both have mounted."""
    where = Folders(config=folder / name / "config", data=folder / name / "data", cache=folder / "cache")
    where.config.mkdir(parents=True)
    shared = folder / "shared"
    shared.mkdir(exist_ok=True)
    (where.config / "rooms").symlink_to(shared)
    return where


def session(room: Room, routine: str, page: ScreenPage) -> None:
    """Run a session as it is; one that follows none is of somebody who was asked today, so that a count begins soon."""
    assert room.tables is not None
    if room.tables.was_cut:
        live_session(room, routine, page)
        return
    with session_in(room.tables, page.note):
        journal = Journal(room.tables)
        for fact in ASKED_TODAY:
            journal.remember(fact, SystemClock().wall())
        by_the_clock(room, routine, page, journal)


def main(folder: Path, database: str, host: str) -> None:
    """Run both until each is ended."""
    settings = Settings(voice="silent", rating=False, emergency_number="112", journal=SecretStr(database))
    keep_little()
    vars(postgres_address)["BUSY_S"] = vars(postgres_tables)["BUSY_S"] = BUSY_S
    found = build.load_files(settings, None)
    warm = warm_up(found, settings, Folders(folder, folder, folder / "cache"), print, hears=False)
    shared = patch.object(open_house, "warm_up", lambda *_args, **_named: warm)
    children = []
    for name, address in HOUSES.items():
        where = folders_of(folder, name)
        child = os.fork()
        if child:
            children.append(child)
            continue
        os.setpgid(0, 0)
        with shared, (folder / name / "out").open("w", buffering=1) as out:
            print(os.getpid(), file=out)
            lan = LanWish(folder=where.lan, addresses=[address], tell=lambda text: print(text, file=out))
            wish = open_house.HouseWish(names=[ROOM], port=0, is_typed=True, lan=lan, proxy_host=host)
            open_house.open_house(wish, settings, where, Console(file=out, width=1000), session)
        os._exit(0)
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
