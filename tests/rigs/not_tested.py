"""Skips a test that this machine cannot run; where every test has to run, it fails."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import pytest


def not_tested(reason: str, *, only_on_linux: bool = False) -> NoReturn:
    """Skip and say why; fail in continuous integration, or there on Linux only."""
    if os.environ.get("CI") and (sys.platform == "linux" or not only_on_linux):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
