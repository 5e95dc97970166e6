"""The options that command lines of sessions share: engines and voices, read off their tables, and the speaker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import typer

from assistant.wire.engine_table import engine_names
from assistant.wire.voice_table import voice_names

if TYPE_CHECKING:  # a type checker cannot know what is in a table
    EngineChoice: TypeAlias = str
    VoiceChoice: TypeAlias = str
else:
    EngineChoice = Literal[engine_names()]
    VoiceChoice = Literal[voice_names()]

SPEAKER_OPTION = typer.Option(help="Speaker: part of its name, its number, a FILE.wav to write, or none.")
