"""The names of rooms, as the command line gives them. Pure."""

from __future__ import annotations

import re

from assistant.errors import TuinaError

MOST_ROOMS = 32  # docs/rooms.md says how many one machine can carry; chosen
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?")  # part of an address, and of a folder's path
ROOM = "{room}"
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?")
REMEDY = f"Give a number up to {MOST_ROOMS}, or names of small letters, digits and hyphens: --rooms garden,lake"


def room_names(text: str) -> tuple[str, ...]:
    """Return the names of a list with commas; a number makes that many rooms, named 1, 2 and so on. Raises TuinaError.

    A name has up to 24 small letters, digits and hyphens; there are 1 to 32 rooms.
    """
    wanted = text.strip()
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= len(str(MOST_ROOMS)):
        names = tuple(str(one + 1) for one in range(int(wanted)))
    else:
        names = tuple(one.strip() for one in wanted.split(","))
    if not 0 < len(names) <= MOST_ROOMS:
        raise TuinaError("so many rooms cannot be opened", where=wanted, remedy=REMEDY)
    bad = next((one for one in names if not _NAME.fullmatch(one) or names.count(one) > 1), None)
    if bad is not None:
        raise TuinaError("this is no name of a room, or it is there twice", where=bad, remedy=REMEDY)
    return names


def proxied_host(pattern: str, name: str) -> str:
    """Return the name by which a room is reached through a proxy: the pattern with the room's. Raises TuinaError."""
    host = pattern.replace(ROOM, name)
    if ROOM not in pattern or not _HOST.fullmatch(host):
        remedy = f"Write the room's place into it: --proxy-host {ROOM}.clinic.example"
        raise TuinaError("this is no name of rooms", where=pattern, remedy=remedy)
    return host
