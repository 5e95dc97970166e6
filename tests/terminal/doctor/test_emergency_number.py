"""`tuina doctor` tells of the number that is read out in an emergency."""

from __future__ import annotations

from assistant.terminal.doctor.checks import check_emergency


def test_the_emergency_number_is_told_and_where_it_comes_from(monkeypatch):
    """A chosen one needs no remedy; a guess, and none, tell how to choose it."""
    for name in ("LC_ALL", "LC_TELEPHONE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    chosen, unknown = check_emergency("112", print), check_emergency(None, lambda _: None)

    assert (chosen.verdict, chosen.what, chosen.remedy) == ("good", "In an emergency it says: call 112.", "")
    assert unknown.verdict == "missing"
    assert "emergency_number:" in unknown.remedy
