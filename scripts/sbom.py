"""The list of what an installation consists of (SBOM, CycloneDX 1.5), made of requirements.lock when a wheel is built.

    python scripts/sbom.py       prints it

The wheel holds it as `tuina.cdx.json` in the folder `sboms` of its metadata. The same lock gives the same bytes: no
date, no serial number. The lock names versions and hashes, and no place; so does this. A package has as many hashes as
files, one for each system, so only those of packages that have one file are taken.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parents[1]
FILE = "tuina.cdx.json"
PIN = re.compile(r"^([\w.-]+)==([^\s;]+)(?: *; *([^\\]+?))? *\\?$", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
INSIDE = {
    "cmudict": "BSD-2-Clause",
    "hama: weights and spelling": "Apache-2.0",
    "all-MiniLM-L6-v2": "Apache-2.0",
    "wordfreq: frequent words": "CC-BY-SA-4.0",
}
"""Data of others in the wheel itself, with its licence, as NOTICE has it."""


def bom(lock: str, version: str) -> dict[str, Any]:
    """The list for a lock's text and a version of ours."""
    packages = [_package(*found) for found in _entries(lock)]
    data = [{"type": "data", "name": name, "licenses": [_licence(of)]} for name, of in INSIDE.items()]
    ours = {"type": "application", "name": "tuina", "version": version, "bom-ref": "tuina"}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": ours},
        "components": [*packages, *data],
        "dependencies": [{"ref": "tuina", "dependsOn": sorted({one["bom-ref"] for one in packages})}],
    }


def _entries(lock: str) -> list[tuple[str, str, str, list[str]]]:
    """Name, version, condition and hashes of each pin."""
    blocks = re.split(r"\n(?=\S)", lock.strip())
    found = [(PIN.search(block), HASH.findall(block)) for block in blocks]
    return [(pin[1], pin[2], pin[3] or "", hashes) for pin, hashes in found if pin]


def _package(name: str, version: str, condition: str, hashes: list[str]) -> dict[str, Any]:
    where = f"pkg:pypi/{name.lower()}@{version}"  # github.com/package-url: the kind of package, and no address
    made: dict[str, Any] = {"type": "library", "name": name, "version": version, "purl": where, "bom-ref": where}
    if len(hashes) == 1:
        made["hashes"] = [{"alg": "SHA-256", "content": hashes[0]}]
    if condition:
        made["properties"] = [{"name": "tuina:only-where", "value": condition}]
    return made


def _licence(spdx: str) -> dict[str, Any]:
    return {"license": {"id": spdx}}


class SbomHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the list to a wheel while hatchling builds it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the file, and name it to the builder; `version` is hatchling's name of the kind of build."""
        del version
        self._folder = tempfile.TemporaryDirectory()  # until the wheel is made
        path = Path(self._folder.name) / FILE
        lock = (Path(self.root) / "requirements.lock").read_text(encoding="utf-8")
        path.write_text(json.dumps(bom(lock, self.metadata.version), indent=1) + "\n", encoding="utf-8")
        build_data["sbom_files"].append(str(path))


if __name__ == "__main__":
    from importlib.metadata import version

    print(json.dumps(bom((ROOT / "requirements.lock").read_text(encoding="utf-8"), version("tuina")), indent=1))
