"""A port of this machine, on loopback. It is open before anybody serves there, so that who comes meanwhile waits."""

from __future__ import annotations

import socket

from assistant.errors import TuinaError

HOST = "127.0.0.1"


class Door:
    """A listening socket. A process that is forked has it too, and each closes its own."""

    def __init__(self, port: int) -> None:
        """Listen on this port; 0: any that is free. Raises TuinaError where that cannot be."""
        try:
            self.socket = socket.create_server((HOST, port))
        except (OSError, OverflowError) as error:
            remedy = "Choose another one, or any that is free: --port 0"
            what = f"this port cannot be used ({getattr(error, 'strerror', None) or error})"
            raise TuinaError(what, where=str(port), remedy=remedy) from error
        self.port: int = self.socket.getsockname()[1]
        self.address = f"http://{HOST}:{self.port}/"
        self.hosts = [f"{HOST}:{self.port}", f"localhost:{self.port}"]

    def close(self) -> None:
        """Listen no more, in this process."""
        self.socket.close()
