"""The files of the page, and the worker that is made of their names and their version."""

from __future__ import annotations

import json
import re

from assistant.web import shell


def values(worker):
    """The name of the cache, and the paths that a worker keeps."""
    found = [re.search(rf"const {name} = (.*);", worker.decode())[1] for name in ("CACHE", "SHELL")]
    return [json.loads(one) for one in found]


def test_the_worker_keeps_the_files_that_anybody_may_read():
    """All but itself; nothing else, and no address with something behind it."""
    files = shell.files()
    cache, kept = values(files[shell.WORKER])

    assert re.fullmatch(r"tuina-[0-9a-z.+]+-[0-9a-f]{12}", cache)
    assert set(kept) == {"/", "/drawings.css", *(f"/{name}" for name in files)} - {"/index.html", "/worker.js"}
    assert all(re.fullmatch(r"/[a-z0-9.-]*", path) for path in kept)


def test_any_other_file_is_another_version():
    """A letter, a name; the same files are the same version."""
    files = dict.fromkeys(("main.js", "page.css"), b"x") | {
        shell.WORKER: b'const CACHE = "tuina-0";\nconst SHELL = [];'
    }
    names = {
        values(shell._worker(one))[0]
        for one in (files, dict(reversed(files.items())), {**files, "main.js": b"y"}, {**files, "more.js": b"x"})
    }

    assert len(names) == 3


def test_every_file_has_a_type():
    """Browsers run no script and read no manifest without one."""
    types = {name: shell.media_type(name) for name in shell.files()}

    assert types["manifest.webmanifest"] == "application/manifest+json"
    assert types["icon-512.png"] == "image/png"
    assert all(types.values())
