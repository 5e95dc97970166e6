"""The wheel holds everything that it needs: it runs in an environment of its own, from another folder."""

from __future__ import annotations

import json
import os
import re
import site
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
PLAIN = {".css", ".html", ".js", ".py", ".svg", ".typed", ".webmanifest", ".yaml"}  # ours


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from this folder without the network."""
    made = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return next(made.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The `tuina` of an environment that has the wheel, and the packages of this one beside it; not this folder."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
    python = next(scripts.glob("python*"))
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(pip, check=True)
    ask = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip())
    # Paths that stand in a .pth file bring no .pth file of theirs along, so the link to this folder stays behind.
    (packages / "beside.pth").write_text("\n".join([*site.getsitepackages(), *also_here()]), encoding="utf-8")
    return next(scripts.glob("tuina*"))


def also_here() -> list[str]:
    """Other folders from which this Python imports packages."""
    return [path for path in sys.path if Path(path).name == "site-packages"]


def run(tuina, folder, *arguments):
    """A command in another folder, with a home of its own and nothing of this folder in reach."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(tuina), *arguments],
        cwd=folder,
        env={**kept, "TUINA_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_wheel_names_the_licence_of_everything_inside(wheel):
    """Each file that is not code or a text of ours, or its folder, is named in NOTICE; all licence texts are there."""
    with ZipFile(wheel) as packed:
        names = [name for name in packed.namelist() if name.startswith("assistant/")]
        metadata = packed.read(next(n for n in packed.namelist() if n.endswith("/METADATA"))).decode("utf-8")
        licences = {Path(name).name for name in packed.namelist() if "/licenses/" in name}
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    data = [name for name in names if Path(name).suffix not in PLAIN]

    assert [path for path in map(Path, data) if path.name not in notice and f"{path.parent.name}/*" not in notice] == []
    assert len(data) >= 5
    assert licences == {"LICENSE", "NOTICE", "cmudict.LICENSE"}
    assert set(re.findall(r"^License-Expression: (.*)$", metadata, re.MULTILINE)[0].split(" AND ")) == {
        "Apache-2.0",
        "BSD-2-Clause",
        "CC-BY-4.0",
        "CC-BY-SA-4.0",
    }


def test_the_wheel_holds_the_list_of_its_packages(wheel):
    """CycloneDX, where programs look for it in a wheel (PEP 770)."""
    with ZipFile(wheel) as packed:
        name = next(one for one in packed.namelist() if one.endswith(".dist-info/sboms/tuina.cdx.json"))
        bom = json.loads(packed.read(name))

    assert bom["bomFormat"] == "CycloneDX"
    assert {"numpy", "vosk", "hibari-tts"} <= {one["name"] for one in bom["components"]}


def test_the_wheel_is_what_runs(installed, tmp_path):
    """The environment imports the wheel's package, not the folder in which the tests lie."""
    python = next(installed.parent.glob("python*"))
    code = "import assistant; print(assistant.__file__)"
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([str(python), "-c", code], cwd=tmp_path, env=kept, capture_output=True, text=True, check=True)

    assert Path(done.stdout.strip()).is_relative_to(installed.parents[1])


def test_a_demo_runs_from_the_wheel(installed, tmp_path):
    """Routines, grammar, ear and voice come out of the wheel: a recorded person has a session in another folder."""
    done = run(installed, tmp_path, "demo")

    assert done.returncode == 0, done.stderr
    assert "Goodbye" in done.stdout
    assert (tmp_path / "out" / "demo.wav").stat().st_size > 1_000_000


@pytest.mark.parametrize("command", [["list"], ["check"], ["card"]], ids=lambda command: command[0])
def test_files_are_found_from_the_wheel(installed, tmp_path, command):
    """Files are found without the clone."""
    done = run(installed, tmp_path, *command)

    assert done.returncode == 0, done.stdout + done.stderr
