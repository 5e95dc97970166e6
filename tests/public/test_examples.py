"""Every example of docs/python.md runs as it stands there, in the repository's folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^## (.+?)$.*?^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", [code for _, code in EXAMPLES], ids=[title for title, _ in EXAMPLES])
def test_an_example_runs(example, monkeypatch, tmp_path):
    """Its own assertions hold."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    exec(compile(example, "docs/python.md", "exec"), {})


def test_there_is_an_example_for_each_use():
    """A session, a recording, a test."""
    assert len(EXAMPLES) == 3
