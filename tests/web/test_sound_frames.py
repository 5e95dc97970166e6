"""The frames of a page, and nothing else, are taken: lengths, order, counts, and how many."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.sound_frames import A_SECOND, AT_ONCE, HIGHEST_HZ, MAY_LEAD_S, Frames, PageMic, Up, down, read_state
from tests.web.sound_page import BLOCK, MIC, frame, sent, state

MOST = 10_000_000  # of samples sent: no bound where a test is about something else


def test_a_frame_holds_the_counts_and_the_sound():
    """The first one's lack is where counting begins; later ones tell what is new."""
    frames = Frames(100, 0.0)

    assert frames.read(frame(0, 100, 7), MIC.block, MOST, 0.02) == Up(100, 0, BLOCK)
    assert frames.read(frame(1, 580, 10), MIC.block, MOST, 0.04) == Up(580, 3, BLOCK)
    assert frames.read(frame(2, 580, 10, b""), MIC.block, MOST, 0.06) == Up(580, 0, b"")


@pytest.mark.parametrize("length", [0, 4, 11, 13, 12 + 2 * MIC.block - 2, 12 + 2 * MIC.block + 2, 4096])
def test_a_frame_of_another_length_is_refused(length):
    """Neither less nor more than 20 ms of what the page declared."""
    assert Frames(0, 0.0).read(bytes(length), MIC.block, MOST, 0.0) is None


def test_sound_of_a_page_without_a_microphone_is_refused():
    """It may only tell its counts."""
    assert Frames(0, 0.0).read(frame(0), 0, MOST, 0.0) is None
    assert Frames(0, 0.0).read(frame(0, pcm=b""), 0, MOST, 0.0) == Up(0, 0, b"")


@pytest.mark.parametrize("second", [frame(0), frame(2), frame(1, 99), frame(1, 100, 4), frame(1, 4_901)])
def test_frames_in_a_wrong_order_are_refused(second):
    """The same again, one left out, a count that goes back, and a sample that was never sent."""
    frames = Frames(100, 0.0)
    assert frames.read(frame(0, 100, 5), MIC.block, 4_900, 1.0) is not None

    assert frames.read(second, MIC.block, 4_900, 1.0) is None


@pytest.mark.parametrize("counts", [(24_000 * 10, 0), (0, 24_000 * 10), (24_000 * 5, 24_000 * 5)])
def test_a_page_cannot_hurry_the_session(counts):
    """Ten seconds played or lacked within seven are no loudspeaker's; the same in ten are."""
    for passed_s, is_taken in ((7.0, False), (10.0, True)):
        frames = Frames(0, 0.0)
        assert frames.read(frame(0), MIC.block, MOST, 0.0) is not None
        assert (frames.read(frame(1, *counts), MIC.block, MOST, passed_s) is not None) == is_taken
    assert MAY_LEAD_S < 3.0


def test_a_flood_is_refused_and_a_page_is_not():
    """A page's hundred frames a second go on for ever; of a thousand at once the first ones arrive."""
    frames = Frames(0, 0.0)
    assert all(frames.may_send(n / 100) for n in range(6_000))

    flooded = Frames(0, 0.0)
    assert sum(flooded.may_send(0.0) for _ in range(1_000)) == AT_ONCE
    assert A_SECOND > 100


@given(st.binary(max_size=3_000))
def test_any_bytes_are_taken_or_refused(data):
    """Nothing raises."""
    up = Frames(0, 0.0).read(data, MIC.block, MOST, 0.0)

    assert up is None or (len(up.pcm) in {0, len(BLOCK)} and struct.unpack_from("<I", data)[0] == 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        state().model_dump_json().replace("48000", "7999"),
        state().model_dump_json().replace("48000", "192000"),
        state().model_dump_json().replace("48000", "48000.5"),
        state().model_dump_json().replace('"one"', '""'),
        state().model_dump_json().replace('"problem":""', '"problem":"<b>"'),
        state().model_dump_json().replace("Headset", "x" * 101),
        state().model_dump_json().replace("}", ',"more":1}'),
    ],
)
def test_only_a_pages_state_is_read(text):
    """Everything has its bounds, and nothing else is there."""
    assert read_state(text) is None
    assert read_state(state().model_dump_json()) == state()


def test_a_frame_of_the_highest_rate_fits_into_a_message():
    """The server reads 4,096 bytes."""
    most = PageMic(name="", rate_hz=HIGHEST_HZ, cancels_echo=False)

    assert len(frame(0, pcm=bytes(2 * most.block))) <= 4_096


@pytest.mark.parametrize(("rate_hz", "samples"), [(11_025, 221), (22_050, 441), (44_100, 882), (48_000, 960)])
def test_a_frame_is_as_long_as_the_page_makes_it(rate_hz, samples):
    """JavaScript rounds halves up, Python rounds them to even numbers; the page's rounding counts."""
    assert PageMic(name="", rate_hz=rate_hz, cancels_echo=False).block == samples


def test_sound_goes_down_with_its_position():
    """Four bytes, then the samples."""
    wanted = np.arange(-240, 240, dtype=np.int16)
    at, samples = sent(down(4_800, wanted))

    assert at == 4_800
    assert (samples == wanted).all()
