import numpy as np
import pytest

from assistant.capture.microphone import Microphone
from assistant.clock import ManualClock
from assistant.errors import DeviceError


def started(sound, device=None, clock=None):
    """A microphone that fills a list, and the list."""
    given = []
    mic = Microphone(device, lambda frames, at_s: given.append((frames, at_s)), clock=clock, sound=sound)
    mic.start()
    return mic, given


def test_the_callback_only_hands_on_the_bytes(machine, no_problem):
    """The sink gets what the device gave, stamped with the frames before it."""
    sound = machine("Mic")
    mic, given = started(sound)
    frames = np.arange(320, dtype=np.int16).tobytes()

    sound.opened[0].callback(frames, 320, None, no_problem)
    sound.opened[0].callback(bytearray(frames), 320, None, no_problem)

    assert given == [(frames, 0.0), (frames, 0.02)]
    assert mic.frames == 640


def test_blocks_at_16_khz_are_the_bytes(machine):
    """A device that gives 16 kHz mono is not changed."""
    mic, _ = started(machine("Mic"))
    pcm = np.arange(-160, 160, dtype=np.int16)

    (block,) = mic.blocks_of(pcm.tobytes(), 0.0)

    assert np.array_equal(block.pcm, pcm)
    assert block.at_s == 0.0


@pytest.mark.parametrize(("rate_hz", "channels"), [(44_100, 1), (48_000, 2)])
def test_another_rate_becomes_16_khz_blocks(machine, rate_hz, channels):
    """A second of a device's own rate and channels is a second of blocks, with the pitch it had."""
    sound = machine("Mic", rates=(rate_hz,), channels=(channels,))
    sound.devices[0]["default_samplerate"] = float(rate_hz)
    mic, _ = started(sound)
    tone = (np.sin(2 * np.pi * 440 * np.arange(rate_hz) / rate_hz) * 9_000).astype(np.int16)
    frames = np.repeat(tone[:, None], channels, axis=1)
    step = rate_hz // 50

    blocks = [
        block
        for i in range(50)
        for block in mic.blocks_of(frames[i * step : (i + 1) * step].tobytes(), i * step / rate_hz)
    ]

    pcm = np.concatenate([block.pcm for block in blocks])
    assert 47 <= len(blocks) <= 50
    assert [block.at_s for block in blocks] == [i / 50 for i in range(len(blocks))]
    assert np.argmax(np.abs(np.fft.rfft(pcm))) * 16_000 / len(pcm) == pytest.approx(440, abs=2)


def test_sound_that_a_full_queue_dropped_moves_the_time_on(machine):
    """A block after a gap carries the time at which it was spoken."""
    mic, _ = started(machine("Mic"))
    piece = bytes(640)

    times = [next(mic.blocks_of(piece, at_s)).at_s for at_s in (0.0, 0.02, 0.08, 0.10)]

    assert times == pytest.approx([0.0, 0.02, 0.08, 0.10])


def test_frames_that_wait_while_the_microphone_is_opened_anew_keep_their_rate(machine, no_problem):
    """Frames of a stream of 48 000 Hz are cut as such, also after the next stream began at 16 000 Hz."""
    sound = machine("Mic", rates=(48_000,))
    waiting = []
    mic = Microphone(None, lambda frames, at_s: waiting.append((mic.cutter, frames, at_s)), sound=sound)
    mic.start()
    for _ in range(50):
        sound.opened[0].callback(bytes(1_920), 960, None, no_problem)
    mic.stop()
    sound.rates = (16_000,)
    mic.start()

    blocks = [block for cutter, frames, at_s in waiting for block in cutter.blocks_of(frames, at_s)]

    assert mic.rate_hz == 16_000
    assert 47 <= len(blocks) <= 50


def test_an_exception_in_the_sink_is_told_and_the_stream_lives(machine, no_problem):
    """A sink that raises does not end the stream."""
    sound = machine("Mic")
    mic = Microphone(None, lambda *_: 1 / 0, sound=sound)
    mic.start()

    for _ in range(3):
        sound.opened[0].callback(bytes(640), 320, None, no_problem)

    assert "ZeroDivisionError" in mic.last_error
    assert mic.frames == 960


def test_missing_sound_shows_against_the_clock(machine, no_problem):
    """Frames that never came are seen without any flag."""
    sound, clock = machine("Mic"), ManualClock()
    mic, _ = started(sound, clock=clock)

    for seconds in (0.02, 0.02, 0.52):
        clock.advance(seconds)
        sound.opened[0].callback(bytes(640), 320, None, no_problem)

    assert mic.missing_s == pytest.approx(0.5)
    assert mic.last_block_s == pytest.approx(0.56)


def test_a_stream_that_ends_by_itself_is_known(machine):
    """The sound server's death is told apart from our own stop."""
    sound = machine("Mic")
    mic, _ = started(sound)

    sound.opened[0].finished_callback()

    assert mic.has_ended


def test_our_own_stop_is_no_fault_and_it_starts_again(machine):
    """Stop closes the stream, start opens a new one and counts from zero."""
    sound = machine("Mic")
    mic, _ = started(sound)

    mic.stop()
    mic.stop()

    assert not mic.has_ended
    assert not sound.opened[0].is_open
    mic.start()
    assert sound.opened[1].is_open


def test_a_busy_device_is_told_and_others_are_named(machine):
    """The error says which device, why, and what else there is."""
    sound = machine("Mic", "Headset")
    sound.is_busy = True

    with pytest.raises(DeviceError, match=r'Mic: the microphone cannot be opened.*unavailable.*"Headset"'):
        started(sound)


def test_a_device_is_looked_up_by_name_again_at_each_start(machine):
    """After replugging, the number may have changed; the name is what counts."""
    sound = machine("Built-in", "USB Mic")
    mic, _ = started(sound, "USB")
    mic.stop()

    sound.devices.reverse()
    mic.start()

    assert [stream.settings["device"] for stream in sound.opened] == [1, 0]


def test_half_a_sample_at_the_end_is_dropped(machine):
    """An odd number of bytes is no error."""
    mic, _ = started(machine("Mic"))

    (block,) = mic.blocks_of(bytes(641), 0.0)

    assert len(block.pcm) == 320


def test_a_device_asked_for_by_number_is_found_again_by_its_name(machine):
    """After replugging, the number means another device."""
    sound = machine("Built-in", "USB Mic")
    mic, _ = started(sound, 1)
    mic.stop()

    sound.devices.reverse()
    mic.start()

    assert [stream.settings["device"] for stream in sound.opened] == [1, 0]
    assert mic.device_name == "USB Mic"


@pytest.mark.parametrize("channels", [1, 2])
def test_blocks_of_equal_samples_are_noted(machine, no_problem, channels):
    """Zeros and a constant voltage are what no microphone gives; one step of noise is enough to be one."""
    sound = machine("Mic", channels=(channels,))
    mic, _ = started(sound)
    noise = np.zeros((320, channels), np.int16)
    noise[17] = 1

    for block in (np.zeros((320, channels), np.int16), np.full((320, channels), 900, np.int16), noise):
        sound.opened[0].callback(block.tobytes(), 320, None, no_problem)

    assert list(mic.flats) == [True, True, False]


def test_blocks_under_suspicion_are_not_given(machine):
    """Sound that may be the speaker's own is measured, and reaches no ear."""
    mic, _ = started(machine("Mic"))
    loud = np.tile(np.array([32_767, -32_768], np.int16), 160).tobytes()
    mic.is_suspect = True

    blocks = [block for n in range(150) for block in mic.blocks_of(loud, n * 0.02)]
    mic.is_suspect = False
    (block,) = mic.blocks_of(loud, 3.0)

    assert blocks == []
    assert block.at_s == pytest.approx(3.0)
    assert list(mic.levels.advice) == ["clipped"]
