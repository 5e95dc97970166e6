"""Downloads a model: the only file of the project that may open the network, and only when a person asks for it.

A download goes into a hidden `.part` file and resumes from there, also in the next call. It requests only addresses of
the manifest, over https, unless a person names a mirror. A file is installed only if its hash is right.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from assistant.errors import EngineError, NetworkError
from assistant.store.models.installed import Model
from assistant.store.models.unpack import install

Progress = Callable[[int, int], None]
"""Receives the bytes so far and the total."""
Origin = tuple[str, str]
"""Scheme and host:port, such as ("https", "alphacephei.com")."""

_CHUNK_BYTES = 65_536
_SILENCE_S = 30.0  # a server that is silent for so long is gone; chosen by patience
_TRIES = 4  # in a row without a single new byte
_PAUSE_S = 2.0  # before the second try; doubles from there
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})  # answers that another try may change (RFC 9110, section 15)
_NOT_SATISFIABLE = 416  # the requested range does not exist: our part is not the start of their file
_OFFLINE = "check the network, or copy the zip from another machine: --from PATH (English works without it)"
_PORTAL = "a login page of this network, most likely: open a browser, log in, and try again"


class _Interrupted(NetworkError):
    """The download stopped, but may resume."""


def fetch(
    model: Model,
    folder: Path,
    *,
    mirror: str | None = None,
    progress: Progress = lambda _done, _total: None,
    pause: Callable[[float], None] = time.sleep,
) -> Path:
    """Download, check and install a model into `folder`; return the path of the installed model.

    `mirror` is an address (of the zip, or of the folder that holds it) to use instead of the manifest's, or the path of
    a zip that is on this machine already. Raises NetworkError when no address gave the promised file, EngineError when
    the disk refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if mirror and "://" not in mirror:
            return _from_file(Path(mirror), model, folder)
        part = folder / f".{model.name}.zip.part"
        failures = []
        for address in _addresses(model, mirror):
            try:
                _download(address, part, model, progress, pause)
                return _installed(part, model, folder)
            except NetworkError as error:
                failures.append(error)
    except OSError as error:
        what = f"the model could not be kept ({error.strerror or error})"
        raise EngineError(what, where=str(folder), remedy="free some space there, or mend its permissions") from error
    if len(failures) == 1:
        raise failures[0]
    told = "; ".join(f"{failure.where}: {failure.what}" for failure in failures)
    raise NetworkError(f"no address gave the model ({told})", where=model.name, remedy=failures[-1].remedy)


def _from_file(archive: Path, model: Model, folder: Path) -> Path:
    if not archive.is_file():
        raise NetworkError("there is no such file", where=str(archive), remedy="give the zip's path, or an address")
    return install(archive, model, folder)


def _installed(part: Path, model: Model, folder: Path) -> Path:
    """Install a complete download, and delete it: it is installed, or not the promised file."""
    try:
        return install(part, model, folder)
    finally:
        part.unlink()


def _addresses(model: Model, mirror: str | None) -> list[str]:
    if mirror is None:
        return [str(url) for url in (model.url, *model.mirrors)]
    return [mirror if mirror.endswith(".zip") else f"{mirror.rstrip('/')}/{model.name}.zip"]


def _origin(address: str) -> Origin:
    parts = urlsplit(address)
    return (parts.scheme.lower(), parts.netloc.lower())


def _download(address: str, part: Path, model: Model, progress: Progress, pause: Callable[[float], None]) -> None:
    """Bring `part` to its full size; retry while each try brings new bytes."""
    opener = build_opener(_Guard(frozenset({_origin(address), *map(_origin, _addresses(model, None))})))
    if _origin(address)[0] not in {"http", "https"}:
        raise NetworkError("this is not a web address", where=address, remedy="give one that begins with https://")
    fruitless = 0
    if _size(part) > model.zip_bytes:
        part.unlink()
    while (before := _size(part)) < model.zip_bytes:
        try:
            _go_on(opener, address, part, model, progress)
        except _Interrupted:
            fruitless = 0 if _size(part) > before else fruitless + 1
            if fruitless == _TRIES:
                raise
            pause(_PAUSE_S * 2 ** max(fruitless - 1, 0))


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _go_on(opener: OpenerDirector, address: str, part: Path, model: Model, progress: Progress) -> None:
    """Request the missing bytes once and append them. Raises _Interrupted where another try makes sense."""
    have = _size(part)
    headers = {"User-Agent": "tuina", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with _ask(opener, Request(address, headers=headers), part) as response:  # noqa: S310 - the scheme was checked above
        if response.headers.get_content_type() in {"text/html", "application/xhtml+xml"}:
            raise NetworkError("a web page came instead of the model", where=address, remedy=_PORTAL)
        if not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            have = 0  # the server does not resume: it sends everything again
        promised = int(response.headers.get("Content-Length") or model.zip_bytes - have)
        if have + promised != model.zip_bytes:
            what = f"the file there has {have + promised} bytes; the model has {model.zip_bytes}"
            raise NetworkError(what, where=address, remedy="use another mirror")
        with part.open("ab" if have else "wb") as file:
            while chunk := _read(response, min(_CHUNK_BYTES, model.zip_bytes - have), address):
                file.write(chunk)
                have += len(chunk)
                progress(have, model.zip_bytes)
    if have < model.zip_bytes:
        raise _Interrupted(f"the download stopped at {have} of {model.zip_bytes} bytes", where=address, remedy=_OFFLINE)


def _ask(opener: OpenerDirector, request: Request, part: Path) -> HTTPResponse:
    address = request.full_url
    try:
        response: HTTPResponse = opener.open(request, timeout=_SILENCE_S)
    except HTTPError as error:
        told = f"the server answers {error.code} {error.reason}"
        error.close()
        if error.code == _NOT_SATISFIABLE:
            part.unlink(missing_ok=True)
        if error.code in {*_BUSY, _NOT_SATISFIABLE}:
            raise _Interrupted(told, where=address, remedy="try again later") from error
        raise NetworkError(told, where=address, remedy="use another mirror") from error
    except (URLError, HTTPException, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise _Interrupted(f"cannot be reached ({reason})", where=address, remedy=_OFFLINE) from error
    return response


def _read(response: HTTPResponse, most: int, address: str) -> bytes:
    try:
        return response.read(most)
    except (HTTPException, OSError) as error:
        raise _Interrupted(f"the download was cut ({error})", where=address, remedy=_OFFLINE) from error


class _Guard(HTTPRedirectHandler):
    """Follows a redirect only to an allowed origin: not from https to http, not to a login page."""

    def __init__(self, allowed: frozenset[Origin]) -> None:
        self._allowed = allowed

    def redirect_request(  # noqa: PLR0917 - the standard library's signature
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if _origin(newurl) not in self._allowed:
            scheme, host = _origin(newurl)
            raise NetworkError(f"it leads elsewhere, to {scheme}://{host}", where=req.full_url, remedy=_PORTAL)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
