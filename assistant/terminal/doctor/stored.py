"""The checks of what lies on disk and of what runs: settings, journal, the folders' disk, another copy, the screen.

Like those in checks.py: each finding has a remedy, no error of a machine is raised, and nothing is left changed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TextIO

from assistant.errors import JournalError, Problem, TuinaError
from assistant.store.journal import Journal
from assistant.store.journal.database import set_aside
from assistant.terminal.doctor.checks import Finding
from assistant.terminal.single_instance import AnotherRuns, CannotLock, only_one

LEAST_FREE_MB = 100  # the clips may take 64 MB (speak/clips.py), the journal some; chosen
CURLY = "“"  # the first letter that a terminal of another alphabet lacks

SETS_ASIDE = (
    "tuina start sets them aside, and asks the safety questions in full where a date or the place is among them; "
    "look at the disk's health too: something else than tuina changed the file"
)


def check_settings(problems: Sequence[Problem]) -> Finding:
    """Tell the problems of settings.yaml, which a session leaves out as a whole."""
    if not problems:
        return Finding(part="settings", verdict="good", what="what settings.yaml says is understood")
    what = f"{len(problems)} problems in settings.yaml, so none of it is used; the first: {problems[0].what}"
    where = f"{problems[0].path}:{problems[0].line}"
    return Finding(part="settings", verdict="broken", what=what, remedy=f"{where}: {problems[0].remedy}")


def check_journal(path: Path) -> Finding:
    """Read the whole journal as `tuina history` does; a damaged one is left as it is."""
    old = [one for one in set_aside(path) if not one.name.endswith(("-wal", "-shm"))]
    aside = f"; {len(old)} damaged ones lie beside it, the last is {old[-1].name}" if old else ""
    keep = "keep them for somebody who can mend them, or delete them with: tuina history --forget" if old else ""
    if not path.exists():
        return Finding(part="journal", verdict="good", what=f"nothing is remembered yet{aside}", remedy=keep)
    try:
        with closing(Journal(path, may_mend=False)) as journal:
            count, place = len(journal.sessions()), journal.saved()
            damaged, old_rows = journal.damaged, journal.aside()
    except JournalError as error:
        remedy = "; ".join(filter(None, (error.remedy, keep)))
        return Finding(part="journal", verdict="broken", what=f"{error.what}{aside}", remedy=remedy)
    if old_rows:
        aside += f"; {old_rows} lines are set aside in it, after damage"
        keep = keep or "delete them, with all that is remembered, with: tuina history --forget"
    what = f"{count} sessions{', and a place to go on from' if place else ''}{aside}"
    if damaged:
        what = f"{damaged} lines of the journal are damaged and left out; {what}"
        remedy = "; ".join(filter(None, (SETS_ASIDE, keep)))
        return Finding(part="journal", verdict="broken", what=what, remedy=remedy)
    return Finding(part="journal", verdict="good", what=what, remedy=keep)


def check_database(text: str) -> Finding:
    """Ask the PostgreSQL of all rooms' journals; nothing is made there."""
    part = "database"
    try:
        from assistant.store.journal.postgres_address import Address  # the first: it tells what is not installed
        from assistant.store.journal.postgres_survey import survey

        found = survey(Address(text))
    except TuinaError as error:
        what = ": ".join(filter(None, (error.where, error.what)))
        return Finding(part=part, verdict="broken", what=what, remedy=error.remedy)
    rooms = ", ".join(f"{room} ({leader or 'nobody'})" for room, leader in found.leaders.items())
    what = f"{found.shown} answers; {found.sessions} sessions; rooms, and who leads them: {rooms or 'none yet'}"
    if found.is_encrypted or found.is_local:
        return Finding(part=part, verdict="good", what=what)
    remedy = "add ?sslmode=verify-full&sslrootcert=system to the address, and a certificate to the server"
    return Finding(part=part, verdict="missing", what=f"{what}; the way there is not encrypted", remedy=remedy)


def check_disk(folder: Path) -> Finding:
    """Write a file into the folder, or the nearest one above that exists, and delete it; tell the space left."""
    there = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    remedy = "free some space, or make the folder writable; until then a session remembers nothing, and says so"
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"tuina")
            file.flush()
        free_mb = shutil.disk_usage(there).free // 1_000_000
    except OSError as error:
        what = f"nothing can be written to {folder} ({error.strerror or error})"
        return Finding(part="disk", verdict="broken", what=what, remedy=remedy)
    if free_mb < LEAST_FREE_MB:
        what = f"{folder} has {free_mb} MB left, and {LEAST_FREE_MB} may be needed"
        return Finding(part="disk", verdict="missing", what=what, remedy=remedy)
    return Finding(part="disk", verdict="good", what=f"{folder} can be written, {free_mb} MB are left")


def check_alone(lock: Path) -> Finding:
    """Tell if another copy runs on the same folders."""
    try:
        if lock.exists():
            with only_one(lock):
                pass
    except AnotherRuns as error:
        remedy = "end it before you start another one; a second one would say so and end"
        return Finding(part="running", verdict="missing", what=f"{error.what} ({error.where})", remedy=remedy)
    except CannotLock as error:
        return Finding(part="running", verdict="missing", what=error.what, remedy=error.remedy)
    return Finding(part="running", verdict="good", what="no other copy runs")


def check_screen(out: TextIO) -> Finding:
    """Tell how a terminal of another alphabet shows what is said."""
    encoding = out.encoding or "unknown"
    try:
        CURLY.encode(encoding)
    except (LookupError, UnicodeEncodeError):
        what = f"this terminal takes {encoding}: text is shown in plain letters, and what it lacks as “?”"
        return Finding(part="screen", verdict="missing", what=what, remedy="set it to UTF-8: export LANG=C.UTF-8")
    return Finding(part="screen", verdict="good", what=f"this terminal takes {encoding}")


def check_keyboard(keyboard: TextIO) -> Finding:
    """Tell if commands can be typed."""
    try:
        is_there = keyboard.isatty()
    except ValueError:  # closed
        is_there = False
    if is_there:
        return Finding(part="keyboard", verdict="good", what="commands can be typed: tuina start --typed")
    what = "there is no keyboard here: the input is a file, a pipe, or closed"
    remedy = "a session is by voice then, and where it hears nobody it keeps the place and ends"
    return Finding(part="keyboard", verdict="missing", what=what, remedy=remedy)
