"""A journal whose bytes are wrong: moved aside whole, never deleted, and a new one begun."""

from __future__ import annotations

import random

import pytest

from assistant.errors import JournalError
from assistant.store.journal import Journal
from tests.fakes.journals import NOW, place, use, write_journal

FLIPS = 400  # single bits, at seeded places all over a file of 24 kB


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"not a database at all, but long enough to be one" * 20,
        lambda data: b"\0" * len(data),
        lambda data: data[:100] + b"\xff" * 400 + data[500:],
        lambda data: data[: len(data) // 2],
        lambda data: data[:4096] + b"\xa5" * (len(data) - 4096),
        lambda data: data.replace(b"CREATE TABLE saved", b"CREATE TABLE saver"),
    ],
    ids=["text", "zeros", "header", "half", "pages", "tables"],
)
def test_a_damaged_journal_is_moved_aside_whole(path, spoil):
    """Byte for byte, for somebody who can mend it; a new one is begun in its place, and it is known where it is."""
    write_journal(path)
    damaged = spoil(path.read_bytes())
    path.write_bytes(damaged)

    journal = use(path)
    journal.close()

    assert journal.moved_aside == path.with_name("journal.db.damaged-1")
    assert journal.moved_aside.read_bytes() == damaged


def test_a_head_that_was_cut_beside_a_log_is_damage(path):
    """SQLite would take what the log holds for the whole of it."""
    journal = Journal(path)
    journal.remember("screening_passed", NOW)
    log = path.with_name("journal.db-wal").read_bytes()
    journal.close()
    path.write_bytes(b"S")
    path.with_name("journal.db-wal").write_bytes(log)

    with pytest.raises(JournalError, match="damaged"):
        Journal(path, may_mend=False)


def test_the_log_of_a_damaged_journal_goes_with_it(path):
    """The log moves too, since it may contain most of the data."""
    for copy in (1, 2):
        path.write_bytes(b"no database")
        path.with_name("journal.db-wal").write_bytes(b"log %d" % copy)

        journal = Journal(path)
        journal.close()

        aside = path.with_name(f"journal.db.damaged-{copy}")
        assert journal.moved_aside == aside
        assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"log %d" % copy


@pytest.mark.parametrize("main", [None, b""], ids=["missing", "empty"])
def test_a_log_without_its_journal_is_moved_aside(path, main):
    """SQLite itself would delete it."""
    if main is not None:
        path.write_bytes(main)
    path.with_name("journal.db-wal").write_bytes(b"frames")

    journal = Journal(path)
    journal.close()

    assert path.with_name("journal.db.damaged-1-wal").read_bytes() == b"frames"


def test_an_empty_file_is_a_new_journal(path):
    """A first start that was killed before its first byte."""
    path.touch()

    assert use(path).moved_aside is None


def test_a_journal_that_is_only_looked_at_is_not_moved(path):
    """The history command leaves the mending to a session, which may be running."""
    path.write_bytes(b"no database")

    with pytest.raises(JournalError, match="damaged"):
        Journal(path, may_mend=False)

    assert path.read_bytes() == b"no database"


def test_every_flipped_bit_is_survived(path):
    """One bit anywhere: the journal is used, or moved aside unchanged, or refused and left; never a crash."""
    write_journal(path)
    sound = path.read_bytes()
    places = random.Random(20260310)
    ends = {"used": 0, "moved": 0, "refused": 0}

    for _ in range(FLIPS):
        flipped = bytearray(sound)
        at, bit = places.randrange(len(sound)), places.randrange(8)
        flipped[at] ^= 1 << bit
        for old in path.parent.iterdir():
            old.unlink()
        path.write_bytes(flipped)
        try:
            journal = use(path)
        except JournalError:
            ends["refused"] += 1
            assert path.read_bytes() == flipped, (at, bit)
            continue
        journal.close()
        ends["moved" if journal.moved_aside else "used"] += 1
        assert journal.moved_aside is None or journal.moved_aside.read_bytes() == flipped, (at, bit)

    assert ends["moved"] > 0
    assert ends["refused"] <= FLIPS // 50, ends


def test_a_log_cut_anywhere_gives_back_what_was_whole(path, tmp_path):
    """Power fails in mid-write: of any beginning of the log, exactly the last whole transaction is recovered."""
    Journal(path).close()
    journal = Journal(path)
    log = path.with_name("journal.db-wal")
    sizes = []
    for n in range(20):
        journal.keep(place(n), NOW)
        sizes.append(log.stat().st_size)
    main, frames = path.read_bytes(), log.read_bytes()
    journal.close()
    chance = random.Random(20260310)
    cuts = {cut for size in sizes for cut in (size - 1, size, size + 1)} | set(chance.sample(range(len(frames)), 100))

    for cut in sorted(cut for cut in cuts if cut <= len(frames)):
        copy = tmp_path / str(cut) / "journal.db"
        copy.parent.mkdir()
        copy.write_bytes(main)
        copy.with_name("journal.db-wal").write_bytes(frames[:cut])
        opened = Journal(copy)
        saved = opened.saved()
        opened.close()

        whole = sum(size <= cut for size in sizes)
        assert saved == (place(whole - 1) if whole else None), cut
        assert opened.moved_aside is None, cut
