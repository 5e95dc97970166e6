"""The person's settings, held against the engines and voices that there are."""

from __future__ import annotations

import os
from collections.abc import Mapping

from assistant.errors import Problem
from assistant.store import settings
from assistant.store.settings import Folders, Settings
from assistant.wire.engine_table import engine_names
from assistant.wire.voice_table import voice_names


def resolve(
    where: Folders, given: Mapping[str, object], environment: Mapping[str, str] = os.environ
) -> tuple[Settings, tuple[Problem, ...]]:
    """As store/settings.py resolves them; a name that is in no table is refused there, with those there are."""
    return settings.resolve(where, given, environment, names=known())


def known() -> settings.KnownValues:
    """Return the engines and voices that there are."""
    return {"engine": engine_names(), "voice": voice_names()}
