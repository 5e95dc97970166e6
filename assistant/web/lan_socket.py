"""Listens on a chosen address of this machine, and closes at once what is more than a room of people needs.

A flood must cost next to nothing: a connection that is refused is closed before TLS begins. One that was accepted ends
after half a minute unless a paired device holds a session on it, however slowly it talks.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Sequence
from typing import Any, TypeAlias

from assistant.errors import TuinaError
from assistant.web.bucket import Bucket

MOST_OPEN = 64  # connections at once: eight pages have at most seven each; chosen
MOST_OPEN_EACH = 24  # of one address: two pages that are loaded at once; chosen
AT_ONCE, A_SECOND = 48.0, 12.0  # new connections of one address; a page that is loaded makes at most seven; chosen
AT_ONCE_ALL, A_SECOND_ALL = 96.0, 24.0  # and of all addresses; a handshake takes about 2 ms of processor time
LONGEST_S = 30.0  # of a connection that is not a paired device's; a page loads in one or two; chosen
MOST_ADDRESSES = 1024  # of which the pace is remembered; chosen

Peer: TypeAlias = tuple[str, int]
"""An address and a port: one connection's other end."""


class Connections:
    """All connections over the network. Used on the server's loop only."""

    def __init__(self) -> None:
        """Begin with none."""
        self._open: dict[Peer, tuple[socket.socket, float]] = {}
        self._paired: set[Peer] = set()
        self._buckets: dict[str, Bucket] = {}
        self._all = Bucket(AT_ONCE_ALL, A_SECOND_ALL, time.monotonic())

    def may_come(self, peer: Peer, connection: socket.socket) -> bool:
        """Count a new connection; false if it is one too many."""
        now_s = time.monotonic()
        self.forget_closed()
        if len(self._buckets) >= MOST_ADDRESSES:
            self._buckets = {one: bucket for one, bucket in self._buckets.items() if not bucket.is_full(now_s)}
        own = self._buckets.setdefault(peer[0], Bucket(AT_ONCE, A_SECOND, now_s))
        of_it = sum(address == peer[0] for address, _ in self._open)
        if len(self._open) >= MOST_OPEN or of_it >= MOST_OPEN_EACH or not own.take(now_s) or not self._all.take(now_s):
            return False
        self._open[peer] = (connection, now_s)
        return True

    def keep(self, peer: Peer) -> None:
        """Let this one stay: a paired device holds it."""
        self._paired.add(peer)

    def is_kept(self, peer: Peer) -> bool:
        """True for a connection that a paired device holds."""
        return peer in self._paired

    def end_old(self) -> None:
        """Shut down what is older than half a minute and nobody's session."""
        self.forget_closed()
        now_s = time.monotonic()
        for peer, (connection, since_s) in self._open.items():
            if peer not in self._paired and now_s - since_s > LONGEST_S:
                _shut(connection)

    def forget_closed(self) -> None:
        """Count no more what is closed."""
        self._open = {peer: one for peer, one in self._open.items() if one[0].fileno() != -1}
        self._paired &= self._open.keys()


def _shut(connection: socket.socket) -> None:
    """End it for both sides; whoever reads it is told, and closes it."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster


class LimitedSocket(socket.socket):
    """A listening socket that refuses by closing."""

    connections: Connections

    def accept(self) -> tuple[socket.socket, Any]:
        """Return the next connection. Raises ConnectionAbortedError, which asyncio passes over, for one too many."""
        connection, peer = super().accept()
        if not self.connections.may_come(peer[:2], connection):
            connection.close()
            raise ConnectionAbortedError
        return connection, peer


def listen(address: str, port: int, connections: Connections) -> LimitedSocket:
    """Listen on this IPv4 address and no other. Raises TuinaError where that cannot be."""
    listening = LimitedSocket(socket.AF_INET, socket.SOCK_STREAM)
    listening.connections = connections
    try:
        if hasattr(socket, "SO_REUSEPORT"):  # not Windows, where REUSEADDR lets two programs share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen(64)
    except OSError as error:
        listening.close()
        remedy = "Choose an address of this machine with --address, or another port with --port"
        what = f"nothing can listen there ({error.strerror or error})"
        raise TuinaError(what, where=f"{address}:{port}", remedy=remedy) from error
    return listening


def own_addresses(chosen: Sequence[str]) -> tuple[str, ...]:
    """Return the chosen IPv4 addresses, else the one by which this machine reaches its network. Raises TuinaError.

    An address of the public internet is refused, and so is "every address" (0.0.0.0).
    """
    addresses = tuple(dict.fromkeys(chosen or (_usual_address(),)))
    for one in addresses:
        _check(one)
    return addresses


def _usual_address() -> str:
    """Ask the routing table; connecting a datagram socket sends nothing (192.0.2.1 is nobody's, RFC 5737)."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
    except OSError as error:
        remedy = "Join a network, or choose an address of this machine with --address"
        raise TuinaError("this machine has no address in a network", remedy=remedy) from error


def _check(text: str) -> None:
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError as error:
        remedy = "Give one of this machine, like --address 192.168.1.20"
        raise TuinaError("this is no IPv4 address", where=text, remedy=remedy) from error
    if address.is_unspecified or address.is_multicast or address.is_reserved:
        raise TuinaError("this is no machine's address", where=text, remedy="Choose one of this machine's own")
    if address.is_global:
        remedy = "Choose one of a network at home, like 192.168.1.20"
        raise TuinaError("this address can be reached from the whole internet", where=text, remedy=remedy)
