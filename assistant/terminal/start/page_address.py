"""Says where the page is, and opens it where there is a display."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Mapping

import typer
from rich.console import Console

PORT_OPTION = typer.Option(min=0, max=65_535, metavar="PORT", help="The page's port on this machine; 0: any free one.")
NO_OPEN_OPTION = typer.Option("--no-open", help="Only say the page's address; open no browser.")


def tell_address(address: str, console: Console, *, opens: bool) -> None:
    """Print the address; show it in the browser where that can be, and where it `opens`."""
    console.print(f"The page: {address}", soft_wrap=True, highlight=False)
    if opens and has_display():
        show(address)


def has_display(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """True where a window can be opened, and somebody sits before it."""
    if environment.get("CI"):
        return False
    return platform != "linux" or any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def show(address: str) -> None:
    """Open the address in a browser with a window; one of the terminal would take the terminal away."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return  # there is none; the address is printed
    if type(browser) is not webbrowser.GenericBrowser:
        browser.open(address)
