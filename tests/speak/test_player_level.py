"""Loudness: volume, saturation, signs, and what the player refuses."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from assistant.messages import MOUTH_RATE_HZ, Clip
from assistant.speak.earcons import NOTES, earcon, tick
from assistant.speak.gain_and_fade import to_pcm
from assistant.speak.loudness import BLOCK_S, LOUDNESS, lufs
from assistant.speak.player import Player

RATE = MOUTH_RATE_HZ
MINUS_1_DB = 32_767 * 10 ** (-1 / 20)


def steady(level, seconds=1.0):
    """A clip of one level."""
    return Clip(pcm=np.full(round(seconds * RATE), level, np.int16), rate_hz=RATE)


def test_at_full_volume_a_clip_passes_unchanged(stage):
    """100 percent means the clip's own samples."""
    pcm = np.random.default_rng(0).integers(-20_000, 20_000, 5_000).astype(np.int16)
    stage.player.queue_sentence(1, Clip(pcm=pcm, rate_hz=RATE))

    stream = stage.play(0.5)

    assert np.array_equal(stream[:5_000], pcm)


def test_volume_glides_to_its_new_value(stage):
    """Within 10 ms, in steps too small to click."""
    stage.player.queue_sentence(1, steady(10_000))

    stream = stage.play(1.0, [(0.5, lambda: stage.player.volume(50))]).astype(np.int32)

    assert stream[12_000 + 240] == 5_000
    assert np.abs(np.diff(stream[:24_000])).max() <= 5_000 / 240 + 1


def test_a_change_of_volume_during_a_change_does_not_click(stage):
    """The second glide begins where the first one is."""
    stage.player.queue_sentence(1, steady(10_000))
    orders = [(0.5, lambda: stage.player.volume(20)), (0.504, lambda: stage.player.volume(150))]

    stream = stage.play(0.9, orders, blocks=iter(lambda: 96, 0)).astype(np.int32)

    assert stream[13_000] == 15_000
    assert np.abs(np.diff(stream)).max() <= 13_000 / 240 + 1


def test_a_sum_that_is_too_loud_saturates(stage):
    """Sentence, number and sign together at 150 percent reach the ceiling, and never wrap round."""
    stage.player.volume(150)
    stage.player.queue_sentence(1, steady(30_000))
    stage.player.sound("finished")

    stream = stage.play(1.0)[480:]

    assert stream.min() > 28_000
    assert stream.max() <= MINUS_1_DB


def test_saturation_keeps_the_order_of_levels():
    """The bend is monotonic and symmetric, and leaves everything under the knee alone."""
    levels = np.linspace(-200_000, 200_000, 20_001, dtype=np.float32)

    bent = to_pcm(levels).astype(np.int32)

    assert (np.diff(bent) >= 0).all()
    assert np.array_equal(bent, -bent[::-1])
    quiet = np.abs(levels) < 23_000
    assert np.array_equal(bent[quiet], np.rint(levels[quiet]))


@pytest.mark.parametrize("name", NOTES)
def test_a_sign_is_short_and_begins_without_a_click(name):
    """Every sign lasts under a second, and starts and ends near zero."""
    clip = earcon(name, RATE)

    assert 0.05 < clip.seconds < 0.9
    assert np.abs(clip.pcm[[0, -1]]).max() < 100


@pytest.mark.parametrize("name", NOTES)
def test_a_sign_is_heard_from_a_laptop_two_metres_away(name):
    """Its energy lies where a small loudspeaker is loud, and its level within 6 dB of speech, over 0.4 s too."""
    clip = earcon(name, RATE)
    wave = (clip.pcm / 32_767).astype(np.float32)
    energy = np.square(np.abs(np.fft.rfft(wave)))
    hertz = np.fft.rfftfreq(len(wave), 1 / RATE)
    momentary = np.pad(wave, (0, max(0, round(BLOCK_S * RATE) - len(wave))))

    assert energy[(hertz > 500) & (hertz < 4_000)].sum() > 0.99 * energy.sum()
    for heard in (wave, momentary):
        assert lufs(heard, RATE) == pytest.approx(LOUDNESS, abs=6)


def test_signs_can_be_told_apart():
    """No two signs correlate over 0.5 at any shift: they differ in pitch and rhythm."""
    waves = {name: earcon(name, RATE).pcm.astype(float) for name in NOTES}

    for one, other in itertools.combinations(waves.values(), 2):
        best = np.abs(np.correlate(one, other, "full")).max() / np.sqrt((one @ one) * (other @ other))
        assert best < 0.5


def test_a_tick_is_26_db_under_speech_and_starts_at_its_first_sample():
    """Its peak is about 820 of 32767, its first sample is not zero, and it lasts 15 ms."""
    clip = tick(RATE)

    assert np.abs(clip.pcm).max() == round(32_767 * 0.5 * 10 ** (-26 / 20))
    assert clip.pcm[0] != 0
    assert len(clip.pcm) == 360


def test_a_sign_sounds_at_once_under_speech(stage):
    """It does not wait for its turn."""
    stage.player.queue_sentence(1, steady(5_000))

    stream = stage.play(1.0, [(0.5, lambda: stage.player.sound("heard"))]).astype(int)

    assert (stream[:12_000] == 5_000).all()
    assert np.abs(stream[12_000:14_000] - 5_000).max() > 1_000


@pytest.mark.parametrize(
    "clip",
    [
        Clip(pcm=np.zeros(100, np.int16), rate_hz=16_000),
        Clip(pcm=np.zeros(100, np.float32), rate_hz=RATE),
        Clip(pcm=np.zeros((100, 2), np.int16), rate_hz=RATE),
    ],
)
def test_a_clip_of_another_form_is_refused_where_it_is_given(clip):
    """The mistake is raised to the one who orders, never inside the sound card's callback."""
    player = Player()

    with pytest.raises(ValueError, match="not int16 mono at 24000 Hz"):
        player.queue_sentence(1, clip)

    assert player.is_idle


def test_an_idle_player_gives_silence_and_counts(stage):
    """Its clock goes on while nothing is said."""
    stream = stage.play(2.0)

    assert not stream.any()
    assert stage.player.now_s == 2.0
    assert stage.player.is_idle


def test_a_player_with_orders_is_not_idle():
    """An order that no block has seen yet counts as work."""
    player = Player()

    player.queue_sentence(1, steady(100, 0.01))

    assert not player.is_idle


@pytest.mark.parametrize(("percent", "part"), [(0, 0.0), (50, 0.5), (100, 1.0), (150, 1.5), (900, 1.5), (-3, 0.0)])
def test_signs_have_a_loudness_of_their_own(percent, part):
    """0 to 150 percent of their usual level; the voice keeps its own."""
    player = Player(sign_percent=percent)
    player.sound("finished")
    sign = player.render(RATE)
    player.queue_sentence(1, steady(5_000))

    assert np.abs(sign).max() == pytest.approx(part * np.abs(earcon("finished", RATE).pcm).max(), abs=1)
    assert player.render(100).max() == 5_000
