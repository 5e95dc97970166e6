"""Opens a house of rooms: listens for all of them, loads what they share, and keeps their processes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from assistant.errors import TuinaError
from assistant.store.settings import Folders, Settings
from assistant.terminal.rooms.house import House
from assistant.terminal.rooms.names import proxied_host
from assistant.terminal.rooms.room import Room, Session, live, live_session
from assistant.terminal.rooms.warm import warm_up
from assistant.terminal.screen import printable
from assistant.terminal.single_instance import only_one
from assistant.web import LanWish
from assistant.web.door import Door
from assistant.web.room_state import RoomState, make_states
from assistant.wire import build

if TYPE_CHECKING:
    from assistant.store.journal.postgres_address import Address
    from assistant.web.reception import Reception

FIRST_ROOM = 3  # ports after the reception's: the next is that of `tuina serve --lan`; chosen
PORTS_A_ROOM = 2  # loopback, and the network's beside it
MOST_PORT = 65_535
RECEPTION = "the reception"
FAILED = 1  # exit code of a process that could not begin


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseWish:
    """The command line's options."""

    names: Sequence[str]
    """Of the rooms."""
    port: int
    """Of the reception; the rooms' follow it. 0: any that are free."""
    is_typed: bool
    lan: LanWish | None
    """Of the house: each room lets in devices of its own, with the house's certificate."""
    proxy_host: str | None = None
    """The name of a room behind a proxy, with {room} in it."""


def open_house(
    wish: HouseWish, settings: Settings, where: Folders, console: Console, session: Session = live_session
) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises TuinaError where it cannot begin, MissingExtra without the packages."""
    if not sys.platform.startswith("linux"):
        raise TuinaError("rooms need Linux, where processes can share what was loaded", remedy="Leave out --rooms")
    from assistant.web.reception import Reception

    with ExitStack() as stack:
        stack.enter_context(only_one(where.data / "rooms" / "house.lock"))
        door, *doors = (_door(wish.port, number, stack) for number in range(len(wish.names) + 1))
        states = make_states(wish.names)
        rooms = _rooms(wish, settings, where, console, dict(zip(wish.names, doors, strict=True)), states)
        jobs = {room.name: partial(_live, room, [door, *doors], session) for room in rooms}
        _tell_network(rooms, console)
        reception = Reception({room.name: room.door.address for room in rooms}, states)
        jobs[RECEPTION] = partial(_receive, reception, door, doors)
        console.print(f"The reception: {door.address}", soft_wrap=True, highlight=False)
        for room in rooms:
            console.print(f"Room {room.name}: {room.door.address}", soft_wrap=True, highlight=False)
        console.print("Ctrl-C closes the house.")
        House(jobs, partial(_told, states, console)).run()


def _door(first: int, number: int, stack: ExitStack) -> Door:
    """Open the reception's door, number 0, or that of a room."""
    port = first + (FIRST_ROOM + PORTS_A_ROOM * (number - 1) if number else 0) if first else 0
    if port >= MOST_PORT:
        raise TuinaError("so many rooms need ports above 65535", where=str(first), remedy="Choose a lower --port")
    door = Door(port)
    stack.callback(door.close)
    return door


def _rooms(
    wish: HouseWish,
    settings: Settings,
    where: Folders,
    console: Console,
    doors: Mapping[str, Door],
    states: Mapping[str, RoomState],
) -> list[Room]:
    """Load what the rooms share, and return them."""
    database = _database(settings)
    networks = {name: _network(wish, where, name, partial(_tell, console, f"room {name}")) for name in doors}
    found = build.load_files(settings, where)
    warm = warm_up(found, settings, where, partial(_tell, console, "house"), hears=not wish.is_typed)
    return [
        Room(
            name=name,
            where=where.room(name),
            settings=settings,
            warm=warm,
            door=door,
            state=states[name],
            lan=networks[name],
            is_typed=wish.is_typed,
            tell=partial(_tell, console, f"room {name}"),
            database=database,
        )
        for name, door in doors.items()
    ]


def _database(settings: Settings) -> Address | None:
    """Load what a database needs, for all rooms; None without one. Raises MissingExtra, JournalError."""
    if settings.journal is None:
        return None
    from assistant.terminal.rooms.lead import address_of  # what is loaded here is shared by all rooms

    return address_of(settings.journal.get_secret_value())


def _network(wish: HouseWish, where: Folders, name: str, tell: Callable[[str], None]) -> LanWish | None:
    """Return the wish of a room: the certificate is the house's, the devices are its own."""
    if wish.lan is None:
        return None
    host = proxied_host(wish.proxy_host, name) if wish.proxy_host is not None else None
    return replace(wish.lan, tell=tell, devices=where.room(name).lan, host=host)


def _tell_network(rooms: Sequence[Room], console: Console) -> None:
    """Make the house's certificate before the rooms ask for it all at once, and print its fingerprint."""
    lan = rooms[0].lan
    if lan is None:
        return
    from assistant.web.certificate import certificate_for
    from assistant.web.lan_socket import own_addresses

    made = certificate_for(lan.folder, own_addresses(lan.addresses))
    told = f"Fingerprint of the certificate (SHA-256): {made.fingerprint}"
    console.print(told, soft_wrap=True, highlight=False, emoji=False)
    console.print("Compare it with the one that a browser shows when it warns. If it is another one, do not go on.")


def _live(room: Room, doors: Sequence[Door], session: Session) -> None:
    """Run a room in its process; a start that fails is told in words."""
    _close_all(one for one in doors if one is not room.door)
    try:
        live(room, session)
    except TuinaError as error:
        room.tell(str(error))
        sys.exit(FAILED)


def _close_all(doors: Iterable[Door]) -> None:
    """Leave other doors to their own processes."""
    for door in doors:
        door.close()


def _receive(reception: Reception, door: Door, doors: Sequence[Door]) -> None:
    _close_all(doors)
    reception.serve(door)


def _told(states: Mapping[str, RoomState], console: Console, name: str, pid: int) -> None:
    """Note a process that was started, or has died."""
    state = states.get(name)
    if state is not None and pid:
        state.started(pid)
    elif state is not None:
        state.died()
    if not pid:
        _tell(console, name if state is None else f"room {name}", "its process has died; it is started again")


def _tell(console: Console, who: str, text: str) -> None:
    console.print(f"[dim]{who}: {escape(printable(text))}[/dim]", soft_wrap=True)
