"""Prints which installed packages of a session have code that can open a socket, and where.

    python scripts/network_code.py

Python files are searched for imports of network modules, compiled libraries for the C library's look-up of hosts. A
test compares the names with what docs/dependencies.md has reviewed, so that no update brings one in unseen.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path

MODULES = (
    rb"socket|ssl|asyncio|http|urllib|urllib3|requests|aiohttp|httpx|websockets|ftplib|smtplib|socketserver|xmlrpc"
)
IMPORT = re.compile(
    rb"^[ \t]*(?:from|import)[ \t]+(?:[\w., ]*[ ,])?(?:" + MODULES + rb")(?=[.\s,;]|$)(?!\.parse)", re.MULTILINE
)
LOOK_UP = b"getaddrinfo\0"
COMPILED = re.compile(r"\.(so|pyd|dll|dylib)(\.|$)")
TESTS = re.compile(r"(^|/)tests?/")


def found_in(one: Distribution) -> Iterator[str]:
    """Yield the files of a package that can open a socket, without its tests."""
    for path in one.files or ():
        is_compiled = bool(COMPILED.search(path.name))
        if TESTS.search(path.as_posix()) or not (is_compiled or path.suffix == ".py"):
            continue
        place = Path(str(path.locate()))
        held = place.read_bytes() if place.is_file() else b""
        if LOOK_UP in held if is_compiled else IMPORT.search(held):
            yield path.as_posix()


def reviewed() -> dict[str, list[str]]:
    """Every package of the base with such code, by its name in small letters, and the files."""
    closure = runpy.run_path(str(Path(__file__).with_name("weigh.py")))["closure"]
    found = {str(one.metadata["Name"]).lower(): list(found_in(one)) for one in closure("tuina")}
    return {name: files for name, files in sorted(found.items()) if files and name != "tuina"}


if __name__ == "__main__":
    for package, files in reviewed().items():
        print(f"{package}: {', '.join(files[:4])}{' …' if files[4:] else ''}")
