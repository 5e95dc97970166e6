"""The terminal's words for `tuina serve --lan`: the code, the address, the warning; and the commands around it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from rich.console import Console

from assistant.store.paired_devices import PairedDevices
from assistant.store.settings import folders_in
from assistant.terminal import invitation as module
from assistant.terminal.invitation import HALVES, tell_lan
from assistant.web.lan import Lan


@pytest.fixture
def lan(tmp_path):
    made = Lan(tmp_path, ["127.0.0.1"], 0, print)
    yield made
    made.close()


def shown(*, is_terminal=True, encoding="utf-8"):
    """A console whose text is kept."""
    kept = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace")
    console = Console(file=kept, force_terminal=is_terminal, no_color=True, width=80)
    return console, lambda: (kept.flush(), kept.buffer.getvalue().decode(encoding))[1]


def test_a_terminal_shows_the_code_that_it_names(lan):
    """The picture has the modules of the address that stands below it, each two rows in one line."""
    console, text = shown()
    given = lan.invite()
    lan.invite = lambda: given
    tell_lan(lan, console)
    lines = [one for one in text().splitlines() if one.strip() and set(one) <= set(HALVES.values())]
    rows = given.rows()

    assert given.address in text()
    assert lan.certificate.fingerprint in text()
    middle = len(rows) // 4
    pairs = list(zip(rows[2 * middle], rows[2 * middle + 1], strict=True))
    assert "".join(HALVES[one] for one in pairs) in lines
    assert all(len(one) == len(rows) for one in lines)
    assert "A new certificate was made." in text()
    assert "The browser will warn" in text()
    assert "Paired devices: 0." in text()


@pytest.mark.parametrize(("is_terminal", "encoding"), [(False, "utf-8"), (True, "ascii")])
def test_where_no_picture_can_be_seen_there_is_the_address(lan, is_terminal, encoding):
    """In a file, and where the terminal has no half blocks."""
    console, text = shown(is_terminal=is_terminal, encoding=encoding)
    tell_lan(lan, console)

    assert f"Its address: {lan.addresses[0]}#pair=" in text()
    assert "█" not in text()
    assert "?" * 10 not in text()


def test_the_warning_is_explained_once(tmp_path, lan):
    """Until a device is paired; from then on a start only names the fingerprint."""
    again = Lan(tmp_path, ["127.0.0.1"], 0, print)
    console, text = shown()
    tell_lan(again, console)
    assert "will warn" in text()
    assert "new certificate was made" not in text()

    again.devices.add("Chrome on Android", datetime.now(timezone.utc))
    console, text = shown()
    tell_lan(again, console)
    again.close()

    assert "will warn" not in text()
    assert lan.certificate.fingerprint in text()


def test_a_fingerprint_is_shown_in_letters(lan):
    """Some pairs between colons are names of pictures to the terminal's library."""
    lan.certificate = replace(lan.certificate, fingerprint="00:AB:CD:" + "11:" * 28 + "22")
    console, text = shown()
    tell_lan(lan, console)

    assert lan.certificate.fingerprint in text()


def test_each_enter_makes_another_code(lan, monkeypatch):
    """At a terminal; where nobody sits, nothing is read."""
    console, text = shown()
    lines = io.StringIO("\n\n")
    monkeypatch.setattr(module.sys, "stdin", lines)
    tell_lan(lan, console)
    assert "Enter" not in text()

    lines.isatty = lambda: True
    reading = []
    monkeypatch.setattr(module.threading, "Thread", lambda target, **_: reading.append(target) or NotStarted())
    tell_lan(lan, console)
    reading[0]()
    codes = {line for line in text().splitlines() if "#pair=" in line}
    assert len(codes) == 4
    assert "Press Enter for another code." in text()


class NotStarted:
    """A thread whose work the test does itself."""

    def start(self):
        return None


def test_the_devices_are_listed_and_forgotten(tuina, tmp_path):
    """By name and date; then there is none."""
    devices = PairedDevices(folders_in(tmp_path / "home").lan)
    token = devices.add("Chrome on Android", datetime(2026, 12, 1, 12, tzinfo=timezone.utc))

    assert "Chrome on Android, since 2026-12-01" in tuina("serve", "--devices").out
    assert "No device is paired." in tuina("serve", "--forget-devices").out
    assert not devices.knows(token)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--address", "192.168.1.2"], "--address is for --lan"),
        (["--lan", "--address", "8.8.8.8"], "the whole internet"),
        (["--lan", "--address", "192.0.2.7"], "nothing can listen there"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_served(tuina, words, reason):
    """Each with what to do."""
    done = tuina("serve", "--no-open", "--port", "0", *words)

    assert done.code == 1
    assert reason in done.words


def test_start_has_no_door_to_the_network(tuina):
    """`--screen` stays on loopback."""
    done = tuina("start", "--screen", "--lan")

    assert done.code == 2
    assert "--lan" in done.words


def test_one_device_is_forgotten_and_the_rest_is_listed(tuina, tmp_path):
    """By the name that the list shows; a name that is not there is an error that shows the list."""
    devices = PairedDevices(folders_in(tmp_path / "home").lan)
    at = datetime(2026, 12, 1, 12, tzinfo=timezone.utc)
    lost, kept = devices.add("Chrome on Android", at), devices.add("Safari on iPad", at)

    unknown = tuina("serve", "--forget-device", "Chrome")
    assert (unknown.code, "no paired device is 'Chrome'" in unknown.words) == (1, True)
    assert "Safari on iPad, since 2026-12-01" in unknown.words
    done = tuina("serve", "--forget-device", "chrome on android")
    assert done.out.splitlines()[0].startswith("Shut out: Chrome on Android, since")
    assert done.out.splitlines()[1].startswith("Safari on iPad, since")
    assert [devices.knows(one) for one in (lost, kept)] == [False, True]
