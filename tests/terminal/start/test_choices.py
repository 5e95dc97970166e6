"""What `tuina start` offers is what the settings know, and all of it can be made."""

from __future__ import annotations

from typing import get_args

import pytest

from assistant.store.settings import EchoName, EngineName, VoiceName
from assistant.terminal.start.command import Echo, Engine, VoiceChoice
from assistant.wire import build


@pytest.mark.parametrize(
    ("choice", "known"),
    [(Engine, EngineName), (VoiceChoice, VoiceName), (Echo, EchoName)],
    ids=["engine", "voice", "echo"],
)
def test_the_command_offers_what_the_settings_know(choice, known):
    """The names on the command line, and those of settings.yaml."""
    assert {one.value for one in choice} == set(get_args(known))


@pytest.mark.parametrize("name", get_args(VoiceName))
@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_voice_that_the_settings_know_can_be_made(name, language):
    """Making one loads nothing yet; with "auto" it depends on the language."""
    failures = []

    build.voice(name, language, failures.append)

    assert failures == []
