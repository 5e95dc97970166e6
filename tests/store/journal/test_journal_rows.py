"""A row that was changed by anything but a write: left out, told, set aside, and never believed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from assistant.messages import Check
from assistant.store.journal import Journal, database, rows
from assistant.store.journal.sums import COLUMNS, holds, sum_of
from tests.fakes.journals import NOW, held, make_older, write_small
from tests.rigs.flipped_bits import flip_rows

ODD = (
    "UPDATE note SET numbers = replace(numbers, ': 3', ': 50') WHERE what = 'rating'",  # one flipped bit: 0x31 to 0x35
    'UPDATE note SET numbers = \'{"when": "after", "number": 99999999999999999999}\' WHERE what = \'rating\'',
    'UPDATE note SET numbers = \'{"number": NaN, "when": "after"}\' WHERE what = \'rating\'',
    'UPDATE note SET numbers = \'{"count": "x"}\'',
    "UPDATE note SET numbers = '{\"count\": -1}'",
    "UPDATE note SET at = '9999-12-31T23:59:59+00:00'",
    "UPDATE note SET session = 99999",
    "UPDATE session SET begun_at = '0001-01-01T00:00:00+00:00'",
    "UPDATE session SET routine = zeroblob(10)",
    "UPDATE fact SET at = x'ff00'",
    "UPDATE fact SET at = CAST(x'ff00' AS TEXT)",
    "UPDATE preference SET percent = 5000",
    f"UPDATE saved SET place = '{'[' * 50_000}'",
)
POSSIBLE = (
    "UPDATE note SET numbers = replace(numbers, '36', '34') WHERE what = 'side_counted'",
    "UPDATE note SET what = 'pain' WHERE what = 'rating'",
    "UPDATE session SET routine = 'fuml'",
    "UPDATE session SET begun_at = replace(begun_at, '2026', '2024')",
    "UPDATE fact SET at = replace(at, '2026-03-10', '2026-03-11') WHERE name = 'checked_back'",
    "UPDATE fact SET name = 'screening_fakled' WHERE name = 'screening_failed'",
    "UPDATE preference SET percent = 91",
    "UPDATE saved SET place = replace(place, ': 7', ': 6')",
    "UPDATE saved SET at = replace(at, '12:00', '13:00')",
)

ROWS = {
    "fact": ("checked_back", "2026-03-10T12:00:00+00:00"),
    "saved": (1, "2026-03-10T12:00:00+00:00", '{"version": 1, "routine": "full", "n": 7}'),
    "session": (1, "2026-03-10T12:00:00+00:00", "2026-03-10T12:30:00+00:00", "full"),
    "note": (1, "2026-03-10T12:00:00+00:00", "rating", '{"when": "after", "number": 3}'),
    "preference": ("tempo", 90),
}


def spoil(path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as base:
        base.execute(sql)
        base.commit()


@pytest.mark.parametrize("is_older", [False, True], ids=["summed", "older"])
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:50])
def test_a_value_that_cannot_be_is_left_out_and_set_aside(path, odd, is_older):
    """By the history, and by a start; never a traceback, and never shown as a number of this person."""
    write_small(path)
    spoil(path, odd)
    if is_older:
        make_older(path, 3)

    assert_only_that_row_is_gone(path, odd)


@pytest.mark.parametrize("sql", POSSIBLE)
def test_a_value_that_could_be_is_left_out_and_set_aside(path, sql):
    """The sum tells: all else in these rows is as a person might have it."""
    write_small(path)
    spoil(path, sql)

    assert_only_that_row_is_gone(path, sql)


def assert_only_that_row_is_gone(path, sql: str) -> None:
    table = sql.split()[1]
    with closing(Journal(path, may_mend=False)) as looked_at:
        found, seen = looked_at.damaged, held(looked_at)
    with closing(Journal(path)) as journal:
        assert journal.moved_aside is None
        assert journal.damaged == found > 0
        assert journal.aside() >= found
        assert held(journal) == seen
    with closing(Journal(path)) as later:
        assert (later.damaged, held(later)) == (0, seen)
    gone = {"session": "sessions", "note": "sessions", "fact": "checks", "saved": "saved", "preference": "preferred"}
    sound = write_small(path)
    changed = {part for part in sound if seen[part] != sound[part]}
    assert changed == {gone[table]} | ({"checks"} if table == "saved" else set())


@pytest.mark.parametrize("sql", [one for one in POSSIBLE if one.split()[1] in rows.OF_THE_GATE])
def test_after_a_damaged_fact_or_place_all_is_asked_in_full(path, sql):
    """It may have said that a check failed, or what was done today: at this start, and at the one after it."""
    write_small(path)
    with closing(Journal(path)) as journal:
        journal.remember("doctor_agreed", NOW)
        assert journal.checks(NOW).keys() == {"checked_general", "checked_back", "doctor_agreed"}
    spoil(path, sql)

    for may_mend in (False, True, True):
        with closing(Journal(path, may_mend=may_mend)) as journal:
            assert journal.checks(NOW) == {}
    with closing(Journal(path)) as journal:
        assert journal.since("expert_advice_heard") == NOW
        journal.remember("checked_general", NOW + timedelta(hours=1))
        checks: set[Check] = {"checked_general"}
        assert journal.checks(NOW).keys() == checks


def test_a_row_that_was_damaged_in_mid_session_is_not_written_back(path):
    """The session goes on; what it writes of itself is its own, and another one's row stays damaged."""
    with closing(Journal(path)) as journal:
        journal.note("session_begun", {"routine": "full"}, NOW)
        journal.note("side_counted", {"technique": "cross-push", "side": "", "count": 3}, NOW)
        journal.note("session_ended", {"finished": 1}, NOW)
        spoil(path, "UPDATE session SET routine = 'fuml'")
        journal.note("session_begun", {"routine": "evening"}, NOW)
        journal.note("side_counted", {"technique": "cross-push", "side": "", "count": 4}, NOW)

        assert [one.routine for one in journal.sessions()] == ["evening"]


@pytest.mark.parametrize("table", ["fact", "preference"])
def test_an_index_that_was_changed_loses_nothing(path, table):
    """A name may be replaced only where it stands: the index is made anew before anything is written."""
    sound = write_small(path)
    data = bytearray(path.read_bytes())
    name = {"fact": b"checked_back", "preference": b"tempo"}[table]
    places = [at for at in range(len(data)) if data.startswith(name, at)]
    assert len(places) == 2, "once in the table, once in its index"
    for at in places:
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with closing(Journal(path)) as journal:
            assert journal.moved_aside is None
            if not journal.damaged:
                assert held(journal) == sound
            journal.remember("checked_back", NOW)
            journal.prefer("tempo", 90)
            assert journal._tables.base.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_was_set_aside_is_forgotten_too(path):
    """It is data of the person."""
    write_small(path)
    spoil(path, "UPDATE saved SET place = replace(place, '\"n\"', '\"canary\"')")
    with closing(Journal(path)) as journal:
        assert journal.aside() > 0
        journal.forget_everything()
        assert journal.aside() == 0

    assert b"canary" not in path.read_bytes()


def test_a_row_without_its_sum_does_not_hold(path):
    """A head that was shortened gives the column its default: nothing is believed for want of a sum."""
    write_small(path)
    spoil(path, "UPDATE fact SET sum = ''")

    with closing(Journal(path, may_mend=False)) as journal:
        assert journal.damaged == 4


def test_a_journal_of_the_third_version_keeps_all_and_its_rows_are_marked(path):
    """Nobody knows what changed in it before it had sums; from then on a change is found."""
    sound = write_small(path)
    make_older(path, 3)

    with closing(Journal(path)) as journal:
        journal.remember("unchanged_back", NOW)
        assert (journal.moved_aside, journal.damaged, journal.aside()) == (None, 0, 0)
        assert {**held(journal), "checks": None} == {**sound, "checks": None}
        assert journal.checks(NOW).keys() == {"checked_general", "checked_back", "unchanged_back"}
        sums = dict(journal._tables.base.execute("SELECT name, sum FROM fact"))
        assert sums["checked_general"].startswith("migrated ")
        assert sums["unchanged_back"].startswith("written ")
    spoil(path, "UPDATE saved SET place = replace(place, 'full', 'fuml')")
    with closing(Journal(path)) as journal:
        assert journal.saved() is None


def test_every_flipped_bit_of_a_value_breaks_the_sum():
    """Each bit of each value of each kind of row, and of the sum itself."""
    for table, values in ROWS.items():
        kept = sum_of(table, values)
        assert holds(table, values, kept)
        for at, value in enumerate((*values, kept)):
            for other in flipped(value):
                row = [*values, kept]
                row[at] = other
                assert not holds(table, row[:-1], row[-1]), (table, at, other)


def flipped(value: object) -> list[object]:
    """The value with each of its bits flipped in turn."""
    if not isinstance(value, str):
        return [int(value) ^ 1 << bit for bit in range(64)]
    raw = value.encode()
    changed = [raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :] for at in range(len(raw)) for bit in range(8)]
    return [one.decode("utf-8", "surrogateescape") for one in changed]


def test_no_flipped_bit_of_a_file_is_believed(path):
    """Every 13th bit of the rows, and of their lengths and kinds: set aside, moved aside or refused."""
    write_small(path)

    found = flip_rows(path, every=13)

    assert found.tried > 400
    assert found.believed == []
    assert found.noticed >= 0.98 * found.tried


def test_the_rig_finds_a_bit_that_is_believed(path, monkeypatch):
    """Without sums a day, a count and a routine pass for true."""
    write_small(path)
    monkeypatch.setattr(rows, "holds", lambda *_: True)

    found = flip_rows(path, every=61)

    assert len(found.believed) > 0.2 * found.tried


def test_every_table_of_a_person_has_sums():
    """Rows that are set aside are never read."""
    assert ROWS.keys() == COLUMNS.keys()
    assert COLUMNS.keys() | {"aside"} == database._TABLES[database.SCHEMA].keys()
