"""The page's own files, read once: the shell, which names nobody, and the worker that keeps it for an absent server."""

from __future__ import annotations

import hashlib
import json
import mimetypes
from collections.abc import Mapping
from importlib import metadata, resources

from assistant.show import STYLE

WORKER = "worker.js"
DIGITS = 12  # of the hash in the cache's name: two versions of a shell never share it
TYPES = {".webmanifest": "application/manifest+json"}  # that not every system's table has


def files() -> dict[str, bytes]:
    """Return every file of the page by its name; the worker's names the others and their version."""
    folder = resources.files("assistant.web") / "page"
    found = {one.name: one.read_bytes() for one in folder.iterdir()}
    return {**found, WORKER: _worker(found)}


def addresses(found: Mapping[str, bytes]) -> set[str]:
    """Return the paths of the shell: what a device may read before it is paired."""
    return {"/", "/drawings.css", *(f"/{name}" for name in found)}


def media_type(name: str) -> str | None:
    """Return the type of a file by its name."""
    return next((kind for ending, kind in TYPES.items() if name.endswith(ending)), mimetypes.guess_type(name)[0])


def _worker(found: Mapping[str, bytes]) -> bytes:
    """Return the worker with its two values; any other file is another version."""
    kept = sorted(addresses(found) - {"/index.html", f"/{WORKER}"})
    hashed = hashlib.sha256(STYLE.encode())
    for name in sorted(found):
        hashed.update(name.encode() + b"\0" + hashlib.sha256(found[name]).digest())
    cache = f"tuina-{_version()}-{hashed.hexdigest()[:DIGITS]}"
    text = found[WORKER].decode()
    text = text.replace('CACHE = "tuina-0"', f"CACHE = {json.dumps(cache)}")
    return text.replace("SHELL = []", f"SHELL = {json.dumps(kept)}").encode()


def _version() -> str:
    try:
        return metadata.version("tuina")
    except metadata.PackageNotFoundError:
        return "0"  # run from a folder: the hash tells versions apart
