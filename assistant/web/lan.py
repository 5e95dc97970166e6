"""The page over the network of a home: where it listens, who is let in, and how a device is invited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from assistant.errors import MissingExtra
from assistant.store.paired_devices import PairedDevices
from assistant.web.certificate import certificate_for
from assistant.web.guard import Guard
from assistant.web.invitations import LASTS_S, Invitations
from assistant.web.lan_gate import LanGate
from assistant.web.lan_socket import Connections, Peer, listen, own_addresses

try:
    import segno
except ImportError as error:
    raise MissingExtra.of("screen", error.name or "segno", "tuina serve --lan") from error

SWEEP_S = 1.0  # connections that last too long are ended as often; chosen
QUIET_ZONE = 4  # light modules around a QR code (ISO/IEC 18004)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A way in for one device."""

    address: str
    """With the pairing code behind "#", which a browser keeps to itself."""
    lasts_s: float

    def svg(self) -> str:
        """Return the address as a QR code, dark on white."""
        made = segno.make_qr(self.address, error="m")
        return str(made.svg_inline(border=QUIET_ZONE, light="#fff", dark="#000", svgclass="qr", omitsize=True))

    def rows(self) -> list[list[bool]]:
        """Return the QR code as rows of modules, true for dark."""
        made = segno.make_qr(self.address, error="m")
        return [[bool(one) for one in row] for row in made.matrix_iter(border=QUIET_ZONE)]


class Lan:
    """Everything that `tuina serve --lan` adds to the page of this machine."""

    def __init__(
        self,
        folder: Path,
        chosen: Sequence[str],
        port: int,
        tell: Callable[[str], None],
        *,
        devices: Path | None = None,
        host: str | None = None,
    ) -> None:
        """Listen on the `chosen` addresses, else on the usual one. Port 0: any that is free. Raises TuinaError.

        `folder` holds the certificate and, unless `devices` is given, the devices. `tell` is given sentences for the
        terminal, on the server's thread. `host`: a name by which browsers reach it through a proxy.
        """
        addresses = own_addresses(chosen)
        self.certificate = certificate_for(folder, addresses)
        self.devices = PairedDevices(devices or folder)
        self._invitations = Invitations()
        self._tell = tell
        self._connections = Connections()
        with ExitStack() as closing:
            self.sockets = [closing.enter_context(listen(one, port, self._connections)) for one in addresses]
            closing.pop_all()
        self._hosts = [":".join(map(str, one.getsockname())) for one in self.sockets]
        self._proxied = [host] if host else []

    @property
    def addresses(self) -> list[str]:
        """Return the page's addresses."""
        return [f"https://{host}/" for host in self._hosts]

    def invite(self) -> Invitation:
        """Make a pairing code; it is good once, and for ten minutes."""
        address = f"https://{self._proxied[0]}/" if self._proxied else self.addresses[0]
        return Invitation(f"{address}#pair={self._invitations.invite()}", LASTS_S)

    def guarded(self, app: ASGIApp, shell: Collection[str]) -> ASGIApp:
        """Return the application behind its gate; an unpaired device may read the `shell`, which names nobody."""
        gate = LanGate(
            app,
            shell=shell,
            devices=self.devices,
            invitations=self._invitations,
            connections=self._connections,
            tell=self._tell,
        )
        return Guard(gate, [*self._hosts, *self._proxied], "https")

    def is_kept(self, peer: Peer) -> bool:
        """True for a connection that a paired device holds."""
        return self._connections.is_kept(peer)

    async def sweep(self) -> None:
        """End connections that last too long, until it is cancelled."""
        while True:
            await asyncio.sleep(SWEEP_S)
            self._connections.end_old()

    def close(self) -> None:
        """Listen no more."""
        for one in self.sockets:
            one.close()
