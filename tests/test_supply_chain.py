"""Network code and packages of an installation are known, and a crash leaves no memory on disk."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_every_package_with_network_code_was_reviewed():
    """The table names those that the search finds, and no other."""
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    table = page.partition("## Who can open a socket")[2].partition("## ")[0]
    named = {name for row in re.findall(r"^\| ([\w, -]+) \|", table, re.MULTILINE) for name in row.split(", ")}

    found = set(runpy.run_path(str(ROOT / "scripts" / "network_code.py"))["reviewed"]())

    assert found == named - {"package"}


@pytest.mark.parametrize(
    ("line", "is_network"),
    [
        (b"import socket", True),
        (b"    from urllib.request import urlopen", True),
        (b"import hashlib, os, urllib.request", True),
        (b"import http.client as client", True),
        (b"from urllib.parse import quote", False),
        (b"import sockets_of_ours", False),
        (b"# import socket", False),
    ],
)
def test_an_import_of_a_network_module_is_found(line, is_network):
    """At the top, inside a function, and among others."""
    pattern = runpy.run_path(str(ROOT / "scripts" / "network_code.py"))["IMPORT"]

    assert bool(pattern.search(line)) is is_network


def test_the_list_of_packages_is_that_of_the_lock():
    """Every pin once, with its version; no address, no date, and the same bytes again."""
    bom = runpy.run_path(str(ROOT / "scripts" / "sbom.py"))["bom"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    made = bom(lock, "1.2.3")

    pins = re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.MULTILINE)
    libraries = [one for one in made["components"] if one["type"] == "library"]
    assert [(one["name"], one["version"]) for one in libraries] == pins
    assert "://" not in json.dumps(made)
    assert json.dumps(made) == json.dumps(bom(lock, "1.2.3"))
    assert made["metadata"]["component"]["version"] == "1.2.3"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_the_command_leaves_no_core_file(tmp_path):
    """From its first moment, and in whatever it starts."""
    code = (
        "import resource, sys\n"
        "from assistant.__main__ import main\n"
        "sys.argv = ['tuina', 'list']\n"
        "try:\n    main()\n"
        "except SystemExit:\n    print('core', resource.getrlimit(resource.RLIMIT_CORE))"
    )
    allow = "most = resource.getrlimit(resource.RLIMIT_CORE)[1]; resource.setrlimit(resource.RLIMIT_CORE, (most, most))"
    limited = f"import resource, sys; {allow}; exec({code!r})"
    done = subprocess.run(
        [sys.executable, "-c", limited],
        env={**os.environ, "TUINA_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "core (0, 0)" in done.stdout
