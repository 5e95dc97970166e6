import numpy as np
import pytest
import soundfile

from assistant.errors import DeviceError
from assistant.wire.devices.wav_sink import WavSink


def test_what_was_written_is_in_the_file(tmp_path):
    """Pieces of any size end up as one recording."""
    pcm = np.random.default_rng(1).integers(-32_768, 32_768, 50_000).astype(np.int16)
    sink = WavSink(tmp_path / "out" / "a.wav", 24_000)
    for start in range(0, len(pcm), 480):
        sink.write(pcm[start : start + 480])
    sink.close()
    sink.close()

    read, rate_hz = soundfile.read(tmp_path / "out" / "a.wav", dtype="int16")

    assert rate_hz == 24_000
    assert np.array_equal(read, pcm)
    assert sink.seconds == pytest.approx(50_000 / 24_000)


def test_a_file_that_was_never_closed_is_valid_up_to_its_last_second(tmp_path):
    """A program that dies loses at most the last second."""
    sink = WavSink(tmp_path / "a.wav", 24_000)
    for _ in range(125):  # 2.5 s
        sink.write(np.ones(480, np.int16))

    read, _ = soundfile.read(tmp_path / "a.wav", dtype="int16")
    sink.close()

    assert len(read) >= 36_000
    assert read.all()


def test_an_empty_recording_is_a_valid_file(tmp_path):
    """Nothing written is a WAV without samples."""
    WavSink(tmp_path / "a.wav", 24_000).close()

    assert soundfile.info(tmp_path / "a.wav").frames == 0


def test_a_folder_in_the_way_is_told(tmp_path):
    """A path that cannot be written is a clear error."""
    with pytest.raises(DeviceError, match="cannot be written"):
        WavSink(tmp_path, 24_000)


def test_a_file_as_folder_is_told(tmp_path):
    """A parent that is no folder is a clear error too."""
    (tmp_path / "a").write_text("")

    with pytest.raises(DeviceError, match="cannot be written"):
        WavSink(tmp_path / "a" / "b.wav", 24_000)
