"""The page of this machine, as the command line sees it: it shows sessions, begins them, and takes what is pressed."""

from __future__ import annotations

import asyncio
import queue
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant.messages import Effect, Event, Failed, Recovered
from assistant.respond.states import State
from assistant.store.journal import Journal
from assistant.store.settings import Folders
from assistant.web.bucket import Bucket
from assistant.web.contents import Contents, history
from assistant.web.page_input import PageInput
from assistant.web.page_observer import PageObserver, as_json
from assistant.web.page_settings import PageSettings
from assistant.web.pages import FromPage, Pages
from assistant.web.scene import Stage
from assistant.web.sound_devices import SoundDevices
from assistant.web.sound_link import SoundLink
from assistant.wire.build import LoadedFiles, Notify
from assistant.wire.session_run import Devices

if TYPE_CHECKING:
    from assistant.web.door import Door
    from assistant.web.lan import Lan

PORT = 8437  # chosen: no widespread program is known by it
MOST_PORT = 65_535
RELOAD_S = 2.0  # a page that is loaded again is back in less; chosen
FLOODED = "Too much is pressed at once: only “stop” and “pause” are taken."
FLOODED_S = 10.0  # at least between two such notes; chosen
LOOK_S = 0.5  # while nobody begins, Ctrl-C is noticed as often; chosen


@dataclass(frozen=True, slots=True)
class LanWish:
    """Wish to be reached over the network."""

    folder: Path
    """The folder of the certificate and of the paired devices."""
    addresses: Sequence[str]
    """The IPv4 addresses of this machine to listen on; empty: the one by which it reaches its network."""
    tell: Callable[[str], None]
    """Takes sentences for the terminal, on the server's thread."""
    devices: Path | None = None
    """The folder of the paired devices, where it is another one."""
    host: str | None = None
    """The name by which browsers reach it through a proxy, where there is one."""


@dataclass(frozen=True, slots=True)
class SettingsWish:
    """Wish that pages show the person's settings and change them."""

    where: Folders
    tell: Callable[[str], None]
    """Takes sentences for the terminal, on a thread of the server."""


class ScreenPage:
    """Shows one session after the other. An observer of each; a listener of its pages."""

    def __init__(self, found: LoadedFiles, *, sounds: bool = False) -> None:
        """Take the files of which the start view tells. `sounds`: pages are the microphone and the loudspeaker."""
        self.pages = Pages(self)
        self.sound = SoundLink() if sounds else None
        self.address = ""
        self.lan: Lan | None = None
        self.pulse: Callable[[bool, bool], None] = lambda _is_open, _is_running: None
        """Told five times a second, on the server's thread, whether a page is open and whether a session runs."""
        self._begins: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._input: PageInput | None = None
        self._is_open = False
        self._floods = Bucket(1, 1 / FLOODED_S, time.monotonic())
        self.show(found)

    # --- the session's thread ----------------------------------------------------------------------------------------

    def show(self, found: LoadedFiles) -> None:
        """Take the files of the session that comes next."""
        self.contents = Contents(found)
        self._observer = PageObserver(Stage(found), self.pages.publish)

    def wait_for_begin(self) -> str:
        """Wait until somebody begins on a page; return a routine's id, or empty to choose by voice."""
        while not self._begins.empty():
            self._begins.get()  # pressed while another session ran
        self._run("waiting")
        while True:
            try:
                return self._begins.get(timeout=LOOK_S)
            except queue.Empty:
                continue

    def devices(self, note: Notify) -> SoundDevices | None:
        """Return the devices of the page that has the sound; None where those of this machine are to be used."""
        return SoundDevices(self.sound, note) if self.sound is not None else None

    def beside(self, devices: Devices, *, began: bool) -> PageInput:
        """Return devices with the page as another input; `began`: the session was begun on a page."""
        self._input = PageInput(devices, lambda: self._is_open, began=began)
        self._run("running")
        return self._input

    def note(self, text: str) -> None:
        """Show a sentence about the machine."""
        self.pages.publish("", as_json({"note": text}))

    def offered(self, wish: SettingsWish) -> PageSettings:
        """Return the settings for pages; a change is told in the terminal and on every open page."""

        def tell(text: str) -> None:
            wish.tell(text)
            self.note(text)

        return PageSettings(wish.where, tell, lambda: self._input is not None)

    def over(self) -> None:
        """Forget the session that ended."""
        self._input = None
        self.pages.forget()

    def _run(self, what: Literal["waiting", "running"]) -> None:
        self.pages.publish("run", as_json({"run": what}))

    def on_event(self, event: Event) -> None:
        """Show an event."""
        if self._input is not None and isinstance(event, (Failed, Recovered)):
            self._input.noticed(event)
            if isinstance(event, Failed) and event.room == "ear":
                self._input.ear_lost()
        self._observer.on_event(event)

    def on_effect(self, at_s: float, effect: Effect, text: str) -> None:
        """Show an effect."""
        self._observer.on_effect(at_s, effect, text)

    def on_state(self, at_s: float, state: State) -> None:
        """Show a state."""
        self._observer.on_state(at_s, state)

    # --- the server's thread -----------------------------------------------------------------------------------------

    def pressed(self, message: FromPage) -> None:
        """Pass a line on to the session, or the wish for one."""
        if message.begin is not None:
            self._begins.put(message.begin)
        elif message.say is not None and self._input is not None:
            is_taken = self._input.typed(message.say)
            if not is_taken and self._floods.take(time.monotonic()):
                self.pages.publish("note", as_json({"note": FLOODED}))

    def level_dbfs(self) -> float | None:
        """Return the level of the session's microphone since the last call; None where there is none."""
        devices = self._input
        self.pulse(self._is_open, devices is not None)
        return devices.level_dbfs() if devices is not None else None

    def opened(self) -> None:
        """Tell a session that missed its page."""
        self._is_open = True
        if self._input is not None:
            self._input.found()

    def closed(self) -> None:
        """Tell a session that has lost its last page, unless the page is only loaded again."""
        self._is_open = False
        asyncio.get_running_loop().call_later(RELOAD_S, self._lost)

    def _lost(self) -> None:
        if not self._is_open and self._input is not None:
            self._input.lost()


@contextmanager
def opened(
    found: LoadedFiles,
    journal: Path | Callable[[], Journal],
    port: int | Door,
    *,
    lan: LanWish | None = None,
    sounds: bool = False,
    settings: SettingsWish | None = None,
) -> Iterator[ScreenPage]:
    """Serve a page until the block ends, over the network too where that is wished, on the next port.

    `journal`: the file of the history that pages show, or what opens it. `port`: a number, or a door that is open
    already. `sounds`: a page may be the microphone and the loudspeaker. `settings`: pages change them.
    Raises MissingExtra without the packages, TuinaError for a port in use or an address that is none.
    """
    from assistant.web.server import PageServer
    from assistant.web.sound_socket import SoundSocket

    page = ScreenPage(found, sounds=sounds)
    if lan is not None:
        from assistant.web.lan import Lan

        number = port if isinstance(port, int) else port.port
        beside = number + 1 if 0 < number < MOST_PORT else 0
        page.lan = Lan(lan.folder, lan.addresses, beside, lan.tell, devices=lan.devices, host=lan.host)
    sound = SoundSocket(page.sound) if page.sound is not None else None
    with ExitStack() as closing:
        if page.lan is not None:
            closing.callback(page.lan.close)
        told = partial(history, journal)
        offered = page.offered(settings) if settings is not None else None
        server = PageServer(page.pages, lambda: page.contents, told, port, lan=page.lan, sound=sound, settings=offered)
        page.address = server.address
        closing.callback(server.stop)
        server.start()
        yield page
