"""A virtual sound card for each scene, and the application that hears and speaks through it.

The card is tests/rigs/virtual_card.py. Where PulseAudio cannot be had the scenes are skipped, and say so; in continuous
integration (CI is set) that is a failure: a missing card is never "passed".

A scene that failed while the machine had no time for it is played again with a card and an application of its own,
three times at most (tests/rigs/starvation.py). If it was starved each time it was not tested, and the same holds: on a
person's machine, where other work goes on, it is skipped and says so; in continuous integration it fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.store.settings import folders
from assistant.wire import build
from tests.rigs import application, card_scene, starvation, virtual_card
from tests.rigs.not_tested import not_tested


@pytest.fixture(scope="session")
def rig():
    """The virtual card and its scenes, which the benchmarks share."""
    if lacks := virtual_card.missing():
        not_tested(f"no virtual sound card: {', '.join(lacks)} missing (apt install pulseaudio pulseaudio-utils)")
    return SimpleNamespace(application=application, scene=card_scene, card=virtual_card, starvation=starvation)


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """One home for all scenes: what was rendered once is kept there."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def clips(rig, home):
    """The application's own voice, to know what to look for in a recording."""
    where = folders({"TUINA_HOME": str(home)})
    return build.clips(build.voice("auto", "en", pytest.fail), where)


class Stage:
    """The cards of one scene, and what is done on them. All has ended after `clear`, and it can begin anew."""

    def __init__(self, rig, folder: Path) -> None:
        self._rig = rig
        self._folder = folder
        self._tries = 0
        self._begun = ExitStack()
        self.cards: list[object] = []

    def card(self, **how: bool):
        """A card that has started."""
        folder = self._folder / f"{self._tries}-{len(self.cards)}"
        folder.mkdir()
        self.cards.append(self._begun.enter_context(self._rig.card.virtual_card(folder / "card", **how)))
        return self.cards[-1]

    def closes(self, end: Callable[[], None]) -> None:
        """End this as well."""
        self._begun.callback(end)

    def clear(self) -> None:
        """End all; the figures of the last cards are kept until there are others."""
        self._begun.close()
        self._tries += 1

    def play(self, scene: Callable[[], None]) -> None:
        """The scene, and again where it was starved."""

        def anew() -> None:
            self.cards = []
            scene()

        watched = self._rig.starvation
        try:
            watched.play(anew, lambda: [second for card in self.cards[:1] for second in card.vigil.seconds], self.clear)
        except watched.Starved as error:
            not_tested(str(error))


@pytest.fixture
def stage(rig, tmp_path) -> Iterator[Stage]:
    """The stage of a scene; a test that takes it is repeated where it was starved."""
    made = Stage(rig, tmp_path)
    yield made
    made.clear()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    """Play a test that has a stage as often as it takes."""
    if (its_stage := pyfuncitem.funcargs.get("stage")) is not None:
        scene = pyfuncitem.obj
        pyfuncitem.obj = lambda **given: its_stage.play(partial(scene, **given))
    return (yield)


@pytest.fixture
def scene(rig, stage, home, clips) -> Callable[..., object]:
    """Make a session on a card of its own; both have ended afterwards, whatever happened."""

    def make(**how: bool):
        made = rig.scene.Scene(stage.card(**how), home, clips)
        stage.closes(made.close)
        return made

    return make
