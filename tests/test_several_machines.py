"""The files of docs/several-machines: what they hold is understood by Caddy, and by `tuina serve` of today."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer
import yaml

from assistant.store.settings import Settings
from assistant.terminal.app import app
from assistant.terminal.rooms.names import proxied_host, room_names
from assistant.terminal.rooms.open_house import FIRST_ROOM, PORTS_A_ROOM
from assistant.web import PORT
from tests.rigs.not_tested import not_tested

FOLDER = Path(__file__).parents[1] / "docs" / "several-machines"


@pytest.fixture(scope="module")
def manifest():
    parts = list(yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text(encoding="utf-8")))
    return {(one["kind"], one["metadata"]["name"]): one for one in parts}


@pytest.fixture(scope="module")
def pod(manifest):
    (container,) = manifest["StatefulSet", "tuina"]["spec"]["template"]["spec"]["containers"]
    return container


def test_the_pod_runs_a_command_that_exists(pod):
    """Every option is one of `tuina serve`, its rooms and their names are good, and its setting is known."""
    program, command, *options = pod["args"]
    given = dict(one.removeprefix("--").partition("=")[::2] for one in options)
    known = {name for one in typer.main.get_command(app).commands[command].params for name in one.opts}
    variables = {one["name"] for one in pod["env"]}

    assert program == "tuina"
    assert {f"--{name}" for name in given} <= known
    assert [proxied_host(given["proxy-host"], name) for name in room_names(given["rooms"])] == [
        "garden.clinic.example",
        "lake.clinic.example",
    ]
    assert {name.removeprefix("TUINA_").lower() for name in variables if name.startswith("TUINA_")} == {"journal"}
    assert "journal" in Settings.model_fields


def test_every_name_in_the_manifest_leads_somewhere(manifest, pod):
    """Volumes, claims and labels are there; the ports are those of the rooms, and each pod is an upstream of each."""
    rooms = [PORT + FIRST_ROOM + PORTS_A_ROOM * number + 1 for number in range(2)]
    spec = manifest["StatefulSet", "tuina"]["spec"]
    claims = {one["persistentVolumeClaim"]["claimName"] for one in volumes(manifest) if "persistentVolumeClaim" in one}
    upstreams = re.findall(r"https://(\S+):(\d+)", manifest["ConfigMap", "caddy"]["data"]["Caddyfile"])
    (rule,) = manifest["NetworkPolicy", "tuina"]["spec"]["ingress"]

    assert {one["name"] for one in pod["volumeMounts"]} == {one["name"] for one in spec["template"]["spec"]["volumes"]}
    assert {("PersistentVolumeClaim", one) for one in claims} <= manifest.keys()
    assert [one["port"] for one in manifest["Service", "tuina"]["spec"]["ports"]] == rooms
    assert [one["port"] for one in rule["ports"]] == rooms
    assert sorted(upstreams) == [(f"tuina-{n}.tuina", str(port)) for n in range(spec["replicas"]) for port in rooms]


def volumes(manifest):
    return [
        one
        for kind in ("StatefulSet", "Deployment")
        for (found, _), part in manifest.items()
        if found == kind
        for one in part["spec"]["template"]["spec"]["volumes"]
    ]


def test_caddy_reads_both_files(manifest, tmp_path):
    """Debian's Caddy understands the file of the page, and that of the manifest."""
    if shutil.which("caddy") is None:
        not_tested("Caddy is not installed: sudo apt install caddy (scripts/set-up does it)", only_on_linux=True)
    inside = tmp_path / "Caddyfile"
    inside.write_text(manifest["ConfigMap", "caddy"]["data"]["Caddyfile"], encoding="utf-8")
    for path in (FOLDER / "Caddyfile", inside):
        done = subprocess.run(
            ["caddy", "adapt", "--config", str(path), "--adapter", "caddyfile"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "garden.clinic.example" in done.stdout
