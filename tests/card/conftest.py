"""A virtual sound card for each scene, and the application that hears and speaks through it.

The card is tests/rigs/virtual_card.py. Where PulseAudio cannot be had the scenes are skipped, and say so; in continuous
integration (CI is set) that is a failure: a missing card is never "passed".
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.store.settings import folders
from assistant.wire import build
from tests.rigs import card_scene, virtual_card


@pytest.fixture(scope="session")
def rig():
    """The virtual card and its scenes, which the benchmarks share."""
    if lacks := virtual_card.missing():
        reason = f"no virtual sound card: {', '.join(lacks)} missing (apt install pulseaudio pulseaudio-utils)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return SimpleNamespace(scene=card_scene, card=virtual_card)


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """One home for all scenes: what was rendered once is kept there."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def clips(rig, home):
    """The application's own voice, to know what to look for in a recording."""
    where = folders({"TUINA_HOME": str(home)})
    return build.clips(build.voice("auto", "en", pytest.fail), where)


@pytest.fixture
def scene(rig, home, clips, tmp_path) -> Iterator[Callable[..., object]]:
    """Make a scene on a card of its own; both have ended afterwards, whatever happened."""
    with ExitStack() as stack:

        def make(**how: bool):
            card = stack.enter_context(rig.card.virtual_card(tmp_path / "card", **how))
            made = rig.scene.Scene(card, home, clips)
            stack.callback(made.close)
            return made

        yield make
