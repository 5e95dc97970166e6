"""The address of a database may hold a password, which is shown nowhere."""

from __future__ import annotations

import pytest

from assistant.store.settings import Settings, folders_in, resolve
from assistant.terminal.doctor.stored import check_database

PASSWORD = "hunter%2"  # libpq repeats such a one where it cannot read the address


@pytest.mark.parametrize(
    "address", ["postgresql://tuina:{}@h/clinic", "postgresql://h/clinic?password={}", "mysql://{}@h"]
)
def test_a_password_is_shown_nowhere(address, tmp_path):
    """Not in a setting that is printed, not in an error, whether the address can be read or not."""
    text = address.format(PASSWORD)
    found = check_database(text)
    (tmp_path / "settings.yaml").write_text(f"journal: {text}\n", encoding="utf-8")
    settings, problems = resolve(folders_in(tmp_path), {}, {})

    assert found.verdict == "broken"
    shown = [found.what, found.remedy, repr(settings), str(settings), *map(str, problems)]
    assert [one for one in shown if PASSWORD in one or "hunter" in one] == []
    assert bool(problems) == text.startswith("mysql")
    assert Settings().journal is None
