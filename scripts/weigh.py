"""Prints what an installation of tuina holds: each package with its size and licence; fails over the bars.

    python scripts/weigh.py          the packages that this Python has installed for a session (no extras, no tools)
    python scripts/weigh.py --extras bench --extras grammars

A size is the sum of a package's files, compiled Python files too, in millions of bytes.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT, FOLDER = "tuina", "assistant"
BESIDE = ("grammars", "routines")
"""Folders of the project that lie inside the package in a wheel."""
LEARNED = "wordings"
"""Folder of texts from which the meaning was learned; it is not in the wheel."""
LEFT_OUT = {"coloredlogs", "flatbuffers", "protobuf", "pyobjc", "sympy", "websockets"}
"""Requirements of others that are not needed here: [tool.uv] of pyproject.toml. Ours are always counted."""
MOST_MB, MOST_PACKAGES = 300, 45
NOT_IN_METADATA = {"pyaec": "none named for the wrapper; speexdsp inside: BSD-3-Clause"}
"""Licences of packages whose metadata names none, as NOTICE says."""
COPYLEFT = re.compile(r"(?<!L)GPL(?!-[\d.]+(?:-or-later|-only)?\s+WITH\s+GCC-exception)|General Public", re.IGNORECASE)
LESSER = re.compile(r"Lesser General Public|Library General Public", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One installed package."""

    name: str
    version: str
    mb: float
    licence: str
    """As its metadata names it; empty where it names none."""


def closure(name: str, extras: Iterable[str] = ()) -> Iterator[Distribution]:
    """The installed packages that a package needs on this machine, itself first. PackageNotFoundError if one lacks."""
    waiting, seen = [(name, frozenset(extras))], set()
    while waiting:
        one, its_extras = waiting.pop()
        key = canonicalize_name(one)
        found = distribution(one)
        if key not in seen:
            seen.add(key)
            yield found
        for text in found.requires or []:
            needed = Requirement(text)
            wanted = its_extras or {""}
            is_met = needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in wanted)
            is_left_out = one != PROJECT and needed.name in LEFT_OUT
            if is_met and not is_left_out and canonicalize_name(needed.name) not in seen:
                waiting.append((needed.name, frozenset(needed.extras)))


def weighed(found: Distribution) -> Package:
    """A package with its size and licence."""
    files = [Path(str(found.locate_file(file))) for file in found.files or []]
    if found.name == PROJECT:  # perhaps installed as a link to the clone: its own files are counted where they are
        package = Path(str(resources.files(FOLDER)))
        beside = [package.parent / name for name in BESIDE if not (package / name).is_dir()]
        files = [file for folder in (package, *beside) for file in folder.rglob("*") if file.parent.name != LEARNED]
    size = sum(path.stat().st_size for path in files if path.is_file())
    return Package(name=found.name, version=found.version, mb=size / 1e6, licence=licence(found))


def licence(found: Distribution) -> str:
    """The licence that the metadata names: its expression, else its field, else its classifiers.

    A field that holds a whole text names nothing; its first line stands for it only where there is no classifier.
    """
    told = found.metadata
    classified = [each for each in told.get_all("Classifier") or [] if each.startswith("License ::")]
    from_classifiers = ", ".join(each.rpartition(" :: ")[2] for each in classified)
    field = str(told.get("License") or "").strip()
    name = field if "\n" not in field and field != "UNKNOWN" else ""
    first_line = field.partition("\n")[0] if "\n" in field else ""
    said_elsewhere = NOT_IN_METADATA.get(canonicalize_name(found.name), "")
    return str(told.get("License-Expression") or name or from_classifiers or first_line or said_elsewhere)


def is_gpl(named: str) -> bool:
    """True if a licence is the GPL or the AGPL; the LGPL and GCC's runtime exception are neither."""
    return bool(COPYLEFT.search(LESSER.sub("", named)))


def main() -> int:
    """Print the table and what is over a bar; 1 if something is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extras", action="append", default=[])
    parser.add_argument("--most-mb", type=float, default=MOST_MB)
    parser.add_argument("--most-packages", type=int, default=MOST_PACKAGES)
    asked = parser.parse_args()
    packages = sorted(map(weighed, closure(PROJECT, asked.extras)), key=lambda one: -one.mb)
    for one in packages:
        print(f"{one.mb:7.1f} MB  {one.name} {one.version}  {one.licence or 'no licence is named'}")
    total = sum(one.mb for one in packages)
    others = len(packages) - 1
    print(f"{total:7.1f} MB  {others} packages beside {PROJECT}")
    wrong = [f"{one.name}: {one.licence or 'no licence'}" for one in packages if not one.licence or is_gpl(one.licence)]
    if total > asked.most_mb:
        wrong.append(f"{total:.1f} MB, at most {asked.most_mb:g} are wanted")
    if others > asked.most_packages:
        wrong.append(f"{others} packages, at most {asked.most_packages} are wanted")
    for each in wrong:
        print(f"over the bar: {each}", file=sys.stderr)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
