"""`tuina serve`: sessions that are begun, watched and led on a page, in a browser of this machine or of the network."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import IO, Annotated, Literal, cast

import typer
from rich.console import Console
from rich.markup import escape

from assistant.errors import TuinaError
from assistant.store.paired_devices import PairedDevices
from assistant.store.settings import Folders, Settings, folders
from assistant.terminal.choices import SPEAKER_OPTION, EngineChoice, VoiceChoice
from assistant.terminal.invitation import (
    ADDRESS_OPTION,
    DEVICES_OPTION,
    FORGET_ONE_OPTION,
    FORGET_OPTION,
    LAN_OPTION,
    list_devices,
    tell_lan,
    telling,
    wish_for,
)
from assistant.terminal.rooms.names import room_names
from assistant.terminal.screen import printable, tell_problems
from assistant.terminal.start.malloc_arenas import keep_little
from assistant.terminal.start.page_address import NO_OPEN_OPTION, PORT_OPTION, tell_address
from assistant.terminal.start.run_session import TerminalRun, Wish
from assistant.terminal.streams import LastingScreen
from assistant.web import PORT, LanWish, ScreenPage, SettingsWish, opened
from assistant.wire import build
from assistant.wire.preferences import resolve

ROOMS_OPTION = typer.Option(
    metavar="N|NAMES",
    help="Open so many rooms, or those of these names, at once: each a page, a microphone and a journal of its own.",
)

PROXY_OPTION = typer.Option(
    metavar="HOST", help='With --rooms and --lan: the name of a room behind a proxy, like "{room}.clinic.example".'
)


def serve(
    port: Annotated[int, PORT_OPTION] = PORT,
    no_open: Annotated[bool, NO_OPEN_OPTION] = False,
    mic: Annotated[str | None, typer.Option(help="Microphone: part of its name, or its number.")] = None,
    speaker: Annotated[str | None, SPEAKER_OPTION] = None,
    typed: Annotated[bool, typer.Option("--typed", help="Use no microphone: press and type on the page.")] = False,
    sound: Annotated[
        Literal["here", "browser"], typer.Option(help="Microphone and speaker: this machine's, or the browser's.")
    ] = "here",
    rooms: Annotated[str | None, ROOMS_OPTION] = None,
    proxy_host: Annotated[str | None, PROXY_OPTION] = None,
    engine: Annotated[EngineChoice | None, typer.Option(help="The ear.")] = None,
    voice: Annotated[VoiceChoice | None, typer.Option(help="The voice.")] = None,
    lan: Annotated[bool, LAN_OPTION] = False,
    address: Annotated[list[str] | None, ADDRESS_OPTION] = None,
    devices: Annotated[bool, DEVICES_OPTION] = False,
    forget_device: Annotated[str | None, FORGET_ONE_OPTION] = None,
    forget_devices: Annotated[bool, FORGET_OPTION] = False,
) -> None:
    """Show a page with large numbers and drawings: begin a session there, by voice, by touch or by keyboard.

    Microphone and speaker are those of this machine, or with --sound browser those of the page on which a session was
    begun; they are open while a session runs. Only this machine can reach the page, unless you ask for --lan. It needs
    no account, sets no cookie and loads nothing from elsewhere. Ctrl-C ends it.

    Not a medical device, and not reviewed by a clinician. If it hurts, take your hands away.
    """
    if sound == "browser" and (mic or speaker or typed):
        raise typer.BadParameter("with it there is no --mic, --speaker or --typed", param_hint="--sound browser")
    names = _names(rooms, mic, speaker, proxy_host, is_lan=lan)
    keep_little()
    console = Console(file=cast("IO[str]", LastingScreen(sys.stdout)))
    where = folders()
    if devices or forget_devices or forget_device is not None:
        _list_devices(names, where, console, forgets=forget_devices, forgotten=forget_device)
        return
    network = wish_for(lan, address or (), where, console)
    given = {"engine": engine, "voice": voice}
    settings, problems = resolve(where, given)
    tell_problems(problems, console)
    if names:
        _open_house(names, port, network, proxy_host, settings, where, console, is_typed=typed)
        return
    wish = Wish(
        routine=None, microphone=mic, speaker=speaker, is_typed=typed, pace="real", trace=None, is_from_page=True
    )
    _show(wish, settings, given, where, console, port, network, sounds=sound == "browser", opens=not no_open)


def _show(
    wish: Wish,
    settings: Settings,
    given: Mapping[str, object],
    where: Folders,
    console: Console,
    port: int,
    network: LanWish | None,
    *,
    sounds: bool,
    opens: bool,
) -> None:
    """Serve the page, and run one session after the other that is begun there, until Ctrl-C."""
    found, shown = build.load_files(settings, where), SettingsWish(where, telling(console))
    with opened(found, where.journal, port, lan=network, sounds=sounds, settings=shown) as page:
        tell_address(page.address, console, opens=opens)
        if page.lan is not None:
            tell_lan(page.lan, console)
        console.print("Begin there. Ctrl-C ends it.")
        while True:
            _run_one(replace(wish, routine=page.wait_for_begin() or None), given, where, console, page)


def _list_devices(
    rooms: Sequence[str], where: Folders, console: Console, *, forgets: bool, forgotten: str | None
) -> None:
    """Print the paired devices, of each room where there are rooms; forget some first where that is asked."""
    if forgotten is not None and len(rooms) > 1:
        raise typer.BadParameter("name the one room whose device it is", param_hint="--forget-device")
    for name in rooms:
        console.print(f"Room {name}:", highlight=False)
        list_devices(PairedDevices(where.room(name).lan), console, forgets=forgets, forgotten=forgotten)
    if not rooms:
        list_devices(PairedDevices(where.lan), console, forgets=forgets, forgotten=forgotten)


def _names(
    rooms: str | None, mic: str | None, speaker: str | None, proxy_host: str | None, *, is_lan: bool
) -> tuple[str, ...]:
    """Return the names of the rooms, none without --rooms. Raises TuinaError for a bad one, BadParameter."""
    if proxy_host is not None and (rooms is None or not is_lan):
        raise typer.BadParameter("it is for rooms that your network can reach", param_hint="--proxy-host")
    if rooms is None:
        return ()
    if mic or speaker:
        raise typer.BadParameter("a room hears and speaks through its browser", param_hint="--rooms")
    return room_names(rooms)


def _open_house(
    names: Sequence[str],
    port: int,
    network: LanWish | None,
    proxy_host: str | None,
    settings: Settings,
    where: Folders,
    console: Console,
    *,
    is_typed: bool,
) -> None:
    from assistant.terminal.rooms.open_house import HouseWish, open_house  # processes, which one session needs not

    wish = HouseWish(names=names, port=port, is_typed=is_typed, lan=network, proxy_host=proxy_host)
    open_house(wish, settings, where, console)


def _run_one(wish: Wish, given: Mapping[str, object], where: Folders, console: Console, page: ScreenPage) -> None:
    """Run one session with the settings of now, which a page may have changed."""
    settings, problems = resolve(where, given)
    tell_problems(problems, console)
    _run(wish, settings, where, console, page)


def _run(wish: Wish, settings: Settings, where: Folders, console: Console, page: ScreenPage) -> None:
    """Run one session; where it cannot begin, the page says so and waits for the next."""
    try:
        TerminalRun(wish, settings, where, console, page).run()
    except TuinaError as error:
        console.print(f"[bold red]tuina:[/bold red] {escape(printable(str(error)))}", soft_wrap=True)
        page.note(str(error))
    finally:
        page.over()
