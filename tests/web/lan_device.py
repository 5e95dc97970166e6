"""A device of the network, as a test has one: its requests and sockets, over real TLS."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed

from assistant.store.settings import folders_in
from assistant.web.lan import Lan
from assistant.web.page_settings import PageSettings
from tests.web.desk import SOON_S, serving
from tests.web.tls_page import TlsPage, tls_page

HERE = "127.0.0.1"
ELSEWHERE = "127.0.0.2"  # another address of this machine, which stands for another machine (Linux has them all)


class LanDevice:
    """Something in the network that knows the page's address, and perhaps a token."""

    def __init__(self, address: str, certificate: Path, *, at: str = HERE) -> None:
        self.address = address.split("#", maxsplit=1)[0].rstrip("/")
        self.place = urlsplit(self.address)
        self.trust = ssl.create_default_context(cafile=certificate)
        self.at = at
        self.token = ""

    def tcp(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection((self.place.hostname, self.place.port), SOON_S, (self.at, 0))

    def tls(self) -> ssl.SSLSocket:
        """An encrypted connection."""
        return self.trust.wrap_socket(self.tcp(), server_hostname=self.place.hostname)

    def get(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> tuple[int, bytes]:
        """The answer to one request: its status and its body."""
        connection = http.client.HTTPConnection(self.place.netloc, timeout=SOON_S)
        connection.sock = self.tls()
        proof = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        connection.request(method, path, body=body, headers={**proof, **headers})
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    @contextmanager
    def open(self, hello: object = None, **how: object) -> Iterator[TlsPage]:
        """Open a page's socket and send a first message: the token, another one, or with "" none."""
        usual = {
            "origin": self.address,
            "ssl": self.trust,
            "local_addr": (self.at, 0),
        }
        address = f"{self.address.replace('https', 'wss')}/live"
        with tls_page(address, **{**usual, "open_timeout": SOON_S, "max_queue": None, **how}) as page:
            if hello != "":
                page.send(json.dumps({"token": self.token} if hello is None else hello))
            yield page

    @contextmanager
    def paired(self, invitation: str) -> Iterator[TlsPage]:
        """Use an invitation, keep the token, and hold the socket."""
        with self.open({"pair": code_of(invitation)}) as page:
            self.token = json.loads(page.recv(timeout=SOON_S))["token"]
            yield page


class Home:
    """A served page, its network's side, and what its terminal was told."""

    def __init__(self, loaded, folder):
        self.told = []
        self.lan = Lan(folder, [HERE], 0, self.told.append)
        self.settings = PageSettings(folders_in(folder), self.told.append, lambda: False, {})
        self.serving = serving(loaded, self.lan, settings=self.settings)

    def device(self, **how):
        return LanDevice(self.lan.addresses[0], self.lan.certificate.path, **how)

    def invite(self):
        return self.lan.invite().address


def code_of(invitation: str) -> str:
    """The pairing code of an address."""
    return invitation.split("#pair=")[1]


def refusal(page: TlsPage) -> int | None:
    """Read to the end of a socket that must tell nothing before; its code, or None where it was cut."""
    try:
        told = page.recv(timeout=SOON_S)
    except ConnectionClosed as ended:
        return ended.rcvd.code if ended.rcvd else None
    raise AssertionError(told)
