"""Finds the sound server's source for us in the output of `pactl`."""

from __future__ import annotations

import pytest

from assistant.wire.devices.pulse_source import PulseSource, ask_pactl, our_sources

OUTPUTS = """Source Output #4
\tDriver: protocol-native.c
\tOwner Module: 7
\tClient: 12
\tSource: 1
\tProperties:
\t\tmedia.name = "ALSA Capture"
\t\tapplication.process.id = "4711"
\t\tapplication.process.binary = "python3"

Source Output #9
\tDriver: protocol-native.c
\tSource: 2
\tProperties:
\t\tapplication.process.id = "99"
"""
SOURCES = """0\tspk.monitor\tmodule-null-sink.c\ts16le 2ch 48000Hz\tIDLE
1\tmic\tmodule-remap-source.c\ts16le 1ch 48000Hz\tRUNNING
2\tmicfeed.monitor\tmodule-null-sink.c\ts16le 1ch 48000Hz\tRUNNING
"""
INFO = "Server Name: pulseaudio\nDefault Sink: spk\nDefault Source: {source}\nCookie: 1\n"


def server(outputs=OUTPUTS, sources=SOURCES, source="mic"):
    """Return a server's output."""
    answers = {"list source-outputs": outputs, "list short sources": sources, "info": INFO.format(source=source)}
    return lambda words: answers[" ".join(words)]


@pytest.mark.parametrize(("pid", "names"), [(4711, ["mic"]), (99, ["micfeed.monitor"]), (1, [])])
def test_our_own_stream_is_found_by_its_process(pid, names):
    """Others record, too."""
    assert our_sources(OUTPUTS, SOURCES, pid) == names


@pytest.mark.parametrize(("pid", "is_monitor"), [(4711, False), (99, True), (1, False)])
def test_a_monitor_is_told_by_its_name(pid, is_monitor):
    """A process that records nothing has no monitor."""
    source = PulseSource(server(), pid)
    source.look()

    assert source.is_monitor is is_monitor


@pytest.mark.parametrize(("default", "has"), [("mic", True), ("spk.monitor", False)])
def test_a_server_with_nothing_but_monitors_has_no_microphone(default, has):
    """The default is a monitor only where there is nothing else."""
    assert PulseSource(server(source=default)).has_microphone() is has


def test_a_server_that_does_not_answer_claims_nothing():
    """No news is no fault."""
    source = PulseSource(lambda words: "")
    source.look()

    assert source.has_microphone()
    assert not source.is_monitor


def test_without_pactl_nothing_is_asked(monkeypatch, tmp_path):
    """MacOS and Windows have none."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert ask_pactl(["info"]) == ""
