"""A real server on this machine, real zips, real disks; no network is needed."""

from __future__ import annotations

import hashlib
import random
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest

from assistant.errors import EngineError, NetworkError
from assistant.store.models.download import fetch
from assistant.store.models.installed import Model, installed_model, verify

NAME = "vosk-model-tiny-en"
FILES = {
    f"{NAME}/README": b"a model of nothing\n" * 50,
    f"{NAME}/am/final.mdl": random.Random(1).randbytes(60_000),
    f"{NAME}/conf/model.conf": b"--min-active=200\n",
}


@dataclass
class Shelf:
    """The server's content, and its faults."""

    body: bytes = b""
    kind: str = "application/zip"
    cut_after: int | None = None
    """Bytes that one answer gives at most before the connection is closed."""
    resumes: bool = True
    status: int = 0
    leads_to: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Path and Range header of each request."""
    address: str = ""


class _Handler(BaseHTTPRequestHandler):
    shelf: Shelf

    def do_GET(self) -> None:
        shelf = self.shelf
        wanted = self.headers.get("Range", "")
        shelf.asked.append((self.path, wanted))
        if shelf.leads_to:
            self.send_response(302)
            self.send_header("Location", shelf.leads_to)
            self.end_headers()
            return
        if shelf.status:
            self.send_error(shelf.status)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and shelf.resumes else 0
        rest = shelf.body[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(shelf.body) - 1}/{len(shelf.body)}")
        self.send_header("Content-Type", shelf.kind)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest[: shelf.cut_after])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing: the test's own output is enough."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    """A proxy of the machine that runs the tests has no part in them."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """A server that runs for one test."""
    held = Shelf()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"shelf": held}))
    held.address = f"http://127.0.0.1:{server.server_port}/{NAME}.zip"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield held
    server.shutdown()
    thread.join()
    server.server_close()


def zipped(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def promise(body: bytes, **changes: object) -> Model:
    """The manifest entry that promises exactly this zip."""
    entry = {
        "name": NAME,
        "language": "en",
        "url": f"https://models.invalid/{NAME}.zip",
        "mirrors": [],
        "zip_bytes": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
        "licence": "Apache-2.0",
        "most_unpacked_bytes": 200_000,
        "most_files": 10,
    }
    return Model.model_validate(entry | changes)


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def no_pause(_seconds: float) -> None:
    """Do not wait between tries."""


def test_a_model_is_downloaded_checked_and_installed(shelf, tmp_path):
    """After one download the model is found by its language, and every file is the one that was packed."""
    shelf.body = zipped(FILES)
    model = promise(shelf.body)
    told = []

    path = fetch(model, tmp_path, mirror=shelf.address, progress=lambda done, total: told.append((done, total)))

    assert installed_model("en", tmp_path, (model,)) == path == tmp_path / NAME
    assert (path / "am" / "final.mdl").read_bytes() == FILES[f"{NAME}/am/final.mdl"]
    verify(path)
    assert told[-1] == (len(shelf.body), len(shelf.body))
    assert {p.name for p in tmp_path.iterdir()} == {NAME}


@pytest.mark.parametrize("percent", range(5, 100, 5))
def test_a_cut_download_goes_on_where_it_stopped(shelf, tmp_path, percent):
    """However often the connection is cut, only what is missing is asked for, and the model is whole."""
    shelf.body = zipped(FILES)
    shelf.cut_after = max(len(shelf.body) * percent // 100, 1)

    path = fetch(promise(shelf.body), tmp_path, mirror=shelf.address, pause=no_pause)

    starts = [0, *range(shelf.cut_after, len(shelf.body), shelf.cut_after)]
    assert [asked for _, asked in shelf.asked] == ["", *(f"bytes={start}-" for start in starts[1:])]
    verify(path)


def test_a_later_call_goes_on_where_an_earlier_one_gave_up(shelf, tmp_path):
    """A later call downloads only the bytes that an earlier one lacks."""
    shelf.body = zipped(FILES)
    model = promise(shelf.body)
    (tmp_path / f".{NAME}.zip.part").write_bytes(shelf.body[:1000])

    fetch(model, tmp_path, mirror=shelf.address)

    assert shelf.asked == [(f"/{NAME}.zip", "bytes=1000-")]


def test_a_server_that_cannot_resume_sends_everything_again(shelf, tmp_path):
    """An answer without a range replaces the part instead of being appended to it."""
    shelf.body = zipped(FILES)
    shelf.resumes = False
    (tmp_path / f".{NAME}.zip.part").write_bytes(b"x" * 1000)

    path = fetch(promise(shelf.body), tmp_path, mirror=shelf.address)

    verify(path)


@pytest.mark.parametrize("place", [0, 0.5, 1])
def test_a_flipped_bit_is_never_installed(shelf, tmp_path, place):
    """A zip of the right size with one wrong bit leaves nothing behind, so that the next try begins anew."""
    good = zipped(FILES)
    bad = bytearray(good)
    bad[int((len(bad) - 1) * place)] ^= 1
    shelf.body = bytes(bad)

    with pytest.raises(NetworkError, match="not the vosk-model-tiny-en that was promised"):
        fetch(promise(good), tmp_path, mirror=shelf.address)

    assert everything(tmp_path) == set()


def test_a_web_page_is_told_apart_from_a_model(shelf, tmp_path):
    """A login page of a hotel is named as such, and what was fetched before is kept."""
    shelf.body = zipped(FILES)
    shelf.kind = "text/html; charset=utf-8"
    (tmp_path / f".{NAME}.zip.part").write_bytes(shelf.body[:1000])

    with pytest.raises(NetworkError, match="web page came instead.*login page"):
        fetch(promise(shelf.body), tmp_path, mirror=shelf.address)

    assert everything(tmp_path) == {f".{NAME}.zip.part"}


def test_a_redirect_to_another_host_is_refused(shelf, tmp_path):
    """Nothing is asked of a host that is neither in the manifest nor named by the person."""
    shelf.leads_to = "http://login.invalid/?back=model"

    with pytest.raises(NetworkError, match="leads elsewhere, to http://login.invalid"):
        fetch(promise(zipped(FILES)), tmp_path, mirror=shelf.address)


@pytest.mark.parametrize("change", [-1, 1, 10_000])
def test_a_file_of_another_size_is_refused_before_it_is_read(shelf, tmp_path, change):
    """The declared length decides at once; not a byte is written."""
    shelf.body = zipped(FILES)
    model = promise(shelf.body, zip_bytes=len(shelf.body) + change)

    with pytest.raises(NetworkError, match="the file there has"):
        fetch(model, tmp_path, mirror=shelf.address)

    assert everything(tmp_path) == set()


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (403, 1), (503, 4)])
def test_an_answer_with_an_error_is_passed_on(shelf, tmp_path, status, tries):
    """A missing file is not asked for twice; a busy server is."""
    shelf.status = status

    with pytest.raises(NetworkError, match=f"the server answers {status}"):
        fetch(promise(zipped(FILES)), tmp_path, mirror=shelf.address, pause=no_pause)

    assert len(shelf.asked) == tries


def test_without_a_network_the_words_are_clear(tmp_path):
    """The message says what could not be reached and what works instead; nothing is left behind."""
    pauses: list[float] = []

    with pytest.raises(NetworkError) as caught:
        fetch(promise(zipped(FILES)), tmp_path, mirror="http://127.0.0.1:9/", pause=pauses.append)

    assert "127.0.0.1:9" in str(caught.value)
    assert "cannot be reached" in str(caught.value)
    assert "copy the zip from another machine" in caught.value.remedy
    assert pauses == [2.0, 4.0, 8.0]
    assert everything(tmp_path) == set()


def test_mirrors_are_tried_in_order(tmp_path):
    """Every address that failed is named."""
    model = promise(zipped(FILES), url="https://127.0.0.1:9/a.zip", mirrors=["https://127.0.0.1:9/b.zip"])

    with pytest.raises(NetworkError) as caught:
        fetch(model, tmp_path, pause=no_pause)

    assert str(caught.value).index("/a.zip") < str(caught.value).index("/b.zip")


def test_only_web_addresses_are_asked(tmp_path):
    """A mirror cannot be made to read a file of this machine through an address."""
    with pytest.raises(NetworkError, match="not a web address"):
        fetch(promise(zipped(FILES)), tmp_path, mirror="file:///etc/hostname.zip")


def test_a_zip_that_is_here_already_is_installed_and_kept(tmp_path):
    """A zip carried over by hand is checked like a download and stays where it is."""
    archive = tmp_path / "stick" / "model.zip"
    archive.parent.mkdir()
    archive.write_bytes(zipped(FILES))

    path = fetch(promise(archive.read_bytes()), tmp_path / "models", mirror=str(archive))

    verify(path)
    assert archive.exists()


def test_an_installed_model_is_replaced_as_a_whole(tmp_path):
    """Fetching again mends a damaged model, and files of the old one do not stay."""
    archive = tmp_path / "model.zip"
    archive.write_bytes(zipped(FILES))
    model = promise(archive.read_bytes())
    path = fetch(model, tmp_path / "models", mirror=str(archive))
    (path / "README").write_bytes(b"")
    (path / "stray").write_bytes(b"")

    fetch(model, tmp_path / "models", mirror=str(archive))

    verify(path)
    assert not (path / "stray").exists()


def test_a_full_or_closed_disk_is_said(tmp_path):
    """A folder that cannot be made is named with what to do, not a traceback."""
    (tmp_path / "models").write_text("a file where the folder should be")

    with pytest.raises(EngineError, match="could not be kept"):
        fetch(promise(zipped(FILES)), tmp_path / "models")
