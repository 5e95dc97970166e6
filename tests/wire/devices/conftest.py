"""A microphone and the watch over it, on a clock that is moved by hand."""

from __future__ import annotations

import pytest

from assistant.clock import ManualClock
from assistant.speak.player import Player
from assistant.wire.devices.device_watch import Watch
from tests.fakes.fake_device import FakeDevice


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def device(clock):
    return FakeDevice(clock)


@pytest.fixture
def watch(device, clock):
    return Watch(device, None, clock, Player())
