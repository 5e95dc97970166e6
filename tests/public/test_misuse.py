"""The public functions, used wrongly: each error says what, where, and what to do."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

import assistant
from assistant.errors import TuinaError, UnknownName
from assistant.testing import perform

TALK = Path(__file__).parents[1] / "data" / "talk" / "he-stopped.flac"


def test_a_session_that_was_closed_does_nothing_and_leaves_no_folder(loaded, monkeypatch, tmp_path):
    """It would make its temporary folder again."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with assistant.start_session(loaded, "legs", voice="silent", hears=False) as session:
        session.wait(1.0)

    for use in (lambda: session.say("stop"), lambda: session.wait(1.0), session.wait_until_quiet):
        with pytest.raises(TuinaError, match="closed.*with"):
            use()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("how", "told"), [({"voice": "nope"}, "silent"), ({"routine": "nope"}, "legs")])
def test_a_name_that_is_not_there_is_told_with_those_there_are(loaded, how, told, monkeypatch):
    """Whatever the environment holds: that is for the command line."""
    monkeypatch.setenv("TUINA_ENGINE", "nope")
    with pytest.raises(UnknownName, match=told), assistant.start_session(loaded, hears=False, **how):
        pass


def test_a_damaged_recording_is_told(loaded, tmp_path):
    """Silence would look like a file without speech."""
    half = tmp_path / "half.flac"
    half.write_bytes(TALK.read_bytes()[: TALK.stat().st_size // 2])

    with pytest.warns(UserWarning, match="half.flac: "):
        assistant.hear_file(loaded, str(half))


@pytest.mark.parametrize(
    ("journey", "told"),
    [
        ("routine: nope", "journey:1: there is no routine 'nope'.*legs"),
        ("known: zzz", "journey:1: not a fact: zzz"),
        ("routine: legs\nlost: zzz", "journey:2: not a part: zzz"),
        ("you: stop", "journey:1: no session has begun"),
        ("routine: legs\n+1..2s", "journey:2: not a line"),
        ("day +99999999999", "journey:1: not a line"),
        ("tests/journeys/undo.txt", "not a line.*Path"),
        ("", "journey: the journey is empty"),
    ],
)
def test_a_journey_that_cannot_be_read_names_its_line(loaded, tmp_path, journey, told):
    """As an assertion, like everything that a journey finds."""
    with pytest.raises(AssertionError, match=told):
        perform(journey, loaded, tmp_path)
