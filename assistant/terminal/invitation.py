"""Tells in the terminal how a phone or a tablet reaches the page: a QR code, an address, and the browser's warning."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from assistant.errors import TuinaError
from assistant.store.paired_devices import PairedDevices
from assistant.store.settings import Folders
from assistant.terminal.screen import printable
from assistant.web import LanWish

if TYPE_CHECKING:
    from assistant.web.lan import Invitation, Lan

LAN_OPTION = typer.Option("--lan", help="Let paired phones and tablets of your network reach the page, encrypted.")
ADDRESS_OPTION = typer.Option(
    metavar="IP", help="With --lan: the address of this machine to listen on; may be repeated."
)
DEVICES_OPTION = typer.Option("--devices", help="List the paired devices, and end.")
FORGET_ONE_OPTION = typer.Option(
    "--forget-device", metavar="NAME", help="Shut one device out, named as --devices prints it, and end."
)
FORGET_OPTION = typer.Option("--forget-devices", help="Shut every paired device out at once, and end.")

HALVES = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
"""Two modules of a QR code, one above the other, in black on white."""
WARNING = """\
The browser will warn that it does not know this certificate. That is so: it was made on this machine, and nobody
vouches for it. Each browser warns once, and again some days later or after a new certificate. Compare the fingerprint
below with the one that the browser shows each time it warns, and go on if they are the same. If the fingerprint is
another one, do not go on: somebody else is answering."""


def wish_for(lan: bool, addresses: Sequence[str], where: Folders, console: Console) -> LanWish | None:
    """Return what was asked for on the command line. Raises TuinaError for an address without --lan."""
    if addresses and not lan:
        raise TuinaError("--address is for --lan", remedy="Give both, or neither")
    return LanWish(where.lan, addresses, telling(console)) if lan else None


def telling(console: Console) -> Callable[[str], None]:
    """Return what takes a sentence of the page's server for the terminal."""
    return lambda text: console.print(f"[dim]{escape(printable(text))}[/dim]", soft_wrap=True)


def tell_lan(lan: Lan, console: Console) -> None:
    """Print an invitation and the fingerprint, and explain the browser's warning where nobody has seen it yet.

    That is so where the certificate is new or no device is paired. Raises TuinaError for a damaged file of a device.
    """
    _tell_invitation(lan.invite(), console)
    paired = len(lan.devices.all())
    if lan.certificate.is_new or not paired:
        made = "A new certificate was made.\n" if lan.certificate.is_new else ""
        console.print(f"\n{made}{WARNING}", soft_wrap=True, highlight=False)
    fingerprint = lan.certificate.fingerprint
    told = f"Fingerprint of the certificate (SHA-256): {fingerprint}"
    console.print(told, soft_wrap=True, highlight=False, emoji=False)  # ":AB:" and ":CD:" are pictures to rich
    console.print(
        f"Paired devices: {paired}. They need no code; their address is {lan.addresses[0]}",
        soft_wrap=True,
        highlight=False,
    )
    for other in lan.addresses[1:]:
        console.print(f"It is reached at {other} too.", soft_wrap=True, highlight=False)
    _invite_on_enter(lan, console)


def _invite_on_enter(lan: Lan, console: Console) -> None:
    """Print another invitation for each line, where somebody sits at the terminal."""
    if not sys.stdin.isatty():
        return

    def read() -> None:
        for _ in sys.stdin:
            _tell_invitation(lan.invite(), console)

    threading.Thread(target=read, name="invitations", daemon=True).start()
    console.print("Press Enter for another code.")


def list_devices(devices: PairedDevices, console: Console, *, forgets: bool, forgotten: str | None = None) -> None:
    """Print every paired device, after all of them or one were forgotten where that is asked. Raises TuinaError.

    `forgotten` is that one's name, or its whole line. UnknownName names those there are.
    """
    if forgets:
        devices.forget_all()
    elif forgotten is not None:
        console.print(f"Shut out: {escape(devices.forget(forgotten).label)}", highlight=False, soft_wrap=True)
    found = devices.all()
    for one in found:
        console.print(escape(one.label), highlight=False, soft_wrap=True)
    if not found:
        console.print("No device is paired.")


def _tell_invitation(invitation: Invitation, console: Console) -> None:
    minutes = f"{invitation.lasts_s / 60:.0f}"
    told = f"\nPair a phone or a tablet of your network, within {minutes} minutes; the code is good once."
    console.print(told, soft_wrap=True, highlight=False)
    if console.is_terminal and (console.encoding or "").lower().startswith("utf"):
        console.print(_picture(invitation.rows()))
    console.print(f"Its address: {invitation.address}", soft_wrap=True, highlight=False)


def _picture(rows: list[list[bool]]) -> Text:
    if len(rows) % 2:
        rows = [*rows, [False] * len(rows[0])]
    pairs = zip(rows[::2], rows[1::2], strict=True)
    lines = ["".join(HALVES[one] for one in zip(upper, lower, strict=True)) for upper, lower in pairs]
    return Text("\n".join(lines), style="#000000 on #ffffff", no_wrap=True)
