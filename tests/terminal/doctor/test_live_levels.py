"""The moving line of the doctor: levels, speech and commands as blocks of sound come in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from assistant.capture.wav_file import WavFile
from assistant.messages import EAR_RATE_HZ, AudioBlock, Heard
from assistant.terminal.acoustics.room import judge
from assistant.terminal.doctor.level_bar import WIDTH, picture, show
from assistant.terminal.doctor.live_levels import LevelMeter

STOP = Path(__file__).parents[2] / "data" / "speech" / "audio" / "gsc" / "stop_8fe67225_nohash_1.flac"


class Ear:
    """Hears a command in the tenth block, and speech that is none in the twentieth."""

    def __init__(self) -> None:
        self.count = 0

    def feed(self, block: AudioBlock) -> tuple[Heard, ...]:
        self.count += 1
        if self.count not in (10, 20):
            return ()
        is_sure = self.count == 10
        return (Heard(text="stop", is_final=True, is_sure=is_sure, score=1.0, at_s=block.at_s, end_s=block.at_s),)


def hiss(dbfs: float, seconds: float) -> list[AudioBlock]:
    wave = np.random.default_rng(2).standard_normal(round(seconds * 50) * 320) * 10 ** (dbfs / 20)
    return blocks(np.clip(wave * 32_768, -32_768, 32_767).astype(np.int16).reshape(-1, 320))


def blocks(pieces) -> list[AudioBlock]:
    return [AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=n * 0.02) for n, pcm in enumerate(pieces)]


@pytest.mark.parametrize("dbfs", [-20.0, -40.0, -60.0])
def test_level_and_noise_are_those_of_the_sound(dbfs):
    """Steady noise is its own floor, and no speech."""
    levels = LevelMeter()
    for block in hiss(dbfs, 4.0):
        levels.hear(block)

    assert levels.level_dbfs == pytest.approx(dbfs, abs=1.0)
    assert levels.noise_dbfs == pytest.approx(dbfs, abs=1.0)
    assert not levels.is_speech


def test_somebody_who_speaks_is_seen_and_measured():
    """While it sounds; afterwards the room is judged by it."""
    levels = LevelMeter()
    quiet = [block.pcm for block in hiss(-65.0, 1.0)]
    seen = []
    for block in blocks([*quiet, *(block.pcm for block in WavFile(STOP).blocks()), *quiet]):
        levels.hear(block)
        seen.append(levels.is_speech)

    assert any(seen)
    assert not seen[0]
    assert not seen[-1]
    assert judge(levels.room()) == ("room_good",)


def test_the_line_shows_what_was_heard():
    """Commands by name; speech that is no command as such."""
    levels = LevelMeter(Ear())
    console = Console(file=None, record=True, width=150, force_terminal=False)

    show(levels, hiss(-40.0, 1.0), console)
    line = picture(levels).plain

    assert "-40 dBFS" in line
    assert line.endswith("“stop”  (no command)")


@pytest.mark.parametrize("dbfs", [-100.0, -30.0, 20.0])
def test_the_bar_has_one_width(dbfs):
    """However soft or loud it is."""
    levels = LevelMeter()
    for block in hiss(dbfs, 0.4):
        levels.hear(block)

    assert set(picture(levels).plain[:WIDTH]) <= set("█·|")
    assert picture(levels).plain[WIDTH] == " "
    assert picture(levels).plain.count("|") == 1


def test_who_has_seen_enough_may_go():
    """Ctrl-C ends the showing; what was measured is kept."""
    levels = LevelMeter()

    def until_bored():
        yield from hiss(-50.0, 0.5)
        raise KeyboardInterrupt

    show(levels, until_bored(), Console(width=150))

    assert levels.room().noise_dbfs == pytest.approx(-50, abs=1)
