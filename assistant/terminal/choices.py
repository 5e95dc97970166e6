"""The engines and voices that a command line may name, read off their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from assistant.wire.engine_table import engine_names
from assistant.wire.voice_table import voice_names

if TYPE_CHECKING:  # a type checker cannot know what is in a table
    EngineChoice: TypeAlias = str
    VoiceChoice: TypeAlias = str
else:
    EngineChoice = Literal[engine_names()]
    VoiceChoice = Literal[voice_names()]
