import os
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.capture.wav_file import WavFile
from assistant.errors import BadAudio

TONE_HZ = 440


def tone(rate_hz: int, seconds: float = 1.0) -> np.ndarray:
    """A quiet sine, float."""
    return 0.3 * np.sin(2 * np.pi * TONE_HZ * np.arange(int(rate_hz * seconds)) / rate_hz)


def heard(path: Path) -> np.ndarray:
    """Everything a file gives, in one piece."""
    return np.concatenate([block.pcm for block in WavFile(path).blocks()])


def loudest_hz(pcm: np.ndarray) -> float:
    """Return the frequency of the spectrum's peak."""
    return float(np.argmax(np.abs(np.fft.rfft(pcm))) * 16_000 / len(pcm))


def test_16_khz_mono_comes_back_bit_for_bit(tmp_path):
    """A recording that already is what the ear takes is not touched, only padded to whole blocks."""
    pcm = np.random.default_rng(1).integers(-32_768, 32_768, 16_001).astype(np.int16)
    soundfile.write(tmp_path / "a.wav", pcm, 16_000)

    out = heard(tmp_path / "a.wav")

    assert np.array_equal(out[:16_001], pcm)
    assert not out[16_001:].any()


@pytest.mark.parametrize("samples", [1, 319, 320, 321, 50_000])
def test_every_block_has_320_samples_and_its_own_time(tmp_path, samples):
    """Blocks are whole and stamped with the samples before them, whatever the length of the file."""
    soundfile.write(tmp_path / "a.wav", np.ones(samples, np.int16), 16_000)

    blocks = list(WavFile(tmp_path / "a.wav").blocks())

    assert len(blocks) == -(-samples // 320)
    assert {block.pcm.shape for block in blocks} == {(320,)}
    assert {block.pcm.dtype for block in blocks} == {np.dtype(np.int16)}
    assert [block.at_s for block in blocks] == [320 * i / 16_000 for i in range(len(blocks))]


@pytest.mark.parametrize("rate_hz", [4_000, 8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_another_rate_is_resampled(tmp_path, rate_hz):
    """A tone keeps its pitch, its length and its level at every rate."""
    soundfile.write(tmp_path / "a.wav", tone(rate_hz), rate_hz)

    out = heard(tmp_path / "a.wav")

    assert loudest_hz(out[:16_000]) == pytest.approx(TONE_HZ, abs=1)
    assert abs(len(out) - 16_000) <= 320
    assert np.abs(out).max() / 32_768 == pytest.approx(0.3, rel=0.05)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"])
def test_every_sample_format_of_a_wav_is_read(tmp_path, subtype):
    """8, 16, 24 and 32 bit, float and telephone formats all give the same tone."""
    soundfile.write(tmp_path / "a.wav", tone(16_000), 16_000, subtype=subtype)

    assert loudest_hz(heard(tmp_path / "a.wav")[:16_000]) == pytest.approx(TONE_HZ, abs=1)


@pytest.mark.parametrize("channels", [2, 6, 8])
def test_channels_are_mixed_to_one(tmp_path, channels):
    """The mean of the channels is heard."""
    soundfile.write(tmp_path / "a.wav", np.repeat(tone(16_000)[:, None], channels, axis=1), 16_000)

    assert np.abs(heard(tmp_path / "a.wav")).max() / 32_768 == pytest.approx(0.3, rel=0.01)


def test_flac_is_read(tmp_path):
    """FLAC gives the samples that were put in."""
    pcm = (tone(16_000) * 32_767).astype(np.int16)
    soundfile.write(tmp_path / "a.flac", pcm, 16_000)

    assert np.array_equal(heard(tmp_path / "a.flac")[:16_000], pcm)


def test_nan_and_overload_in_a_float_file_are_tamed(tmp_path):
    """NaN becomes silence, and overload is clipped."""
    soundfile.write(tmp_path / "a.wav", np.array([np.nan, np.inf, -np.inf, 5.0, 0.5]), 16_000, subtype="FLOAT")

    assert heard(tmp_path / "a.wav")[:5].tolist() == [0, 32_767, -32_768, 32_767, 16_384]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("rate_hz", [16_000, 44_100])
def test_damaged_floats_overflow_nowhere(tmp_path, rate_hz):
    """Numbers of 1e38 in both channels: their mean, their samples and their resampling are finite."""
    frames = np.full((rate_hz, 2), 3e38, np.float32)
    soundfile.write(tmp_path / "a.wav", frames, rate_hz, subtype="FLOAT")

    assert heard(tmp_path / "a.wav")[8_000] == 32_767


def test_the_same_file_gives_the_same_blocks_again(tmp_path):
    """Reading is repeatable, resampler included."""
    soundfile.write(tmp_path / "a.wav", tone(44_100), 44_100)
    source = WavFile(tmp_path / "a.wav")

    first = [block.pcm.tobytes() for block in source.blocks()]

    assert [block.pcm.tobytes() for block in source.blocks()] == first


def test_the_pieces_read_do_not_show_in_the_sound(tmp_path):
    """A long resampled tone has no click at the seams: its spectrum stays one line."""
    soundfile.write(tmp_path / "a.wav", tone(44_100, 4.0), 44_100, subtype="FLOAT")

    spectrum = np.abs(np.fft.rfft(heard(tmp_path / "a.wav")[3_200:48_000] * np.hanning(44_800)))
    away = np.abs(np.arange(len(spectrum)) * 16_000 / 44_800 - TONE_HZ) > 50

    assert 20 * np.log10(spectrum[away].max() / spectrum.max()) < -80


def test_a_file_cut_short_is_read_to_its_end_and_says_so(tmp_path):
    """A truncated recording gives what it has and names what is missing."""
    soundfile.write(tmp_path / "a.wav", tone(16_000, 2.0), 16_000)
    (tmp_path / "cut.wav").write_bytes((tmp_path / "a.wav").read_bytes()[: 44 + 32_001])

    source = WavFile(tmp_path / "cut.wav")
    out = np.concatenate([block.pcm for block in source.blocks()])

    assert len(out) == 16_000
    assert "1.0 s of the 2.0 s" in source.problem


def test_a_flac_cut_short_is_read_to_the_damage_and_says_so(tmp_path):
    """A truncated FLAC gives the frames before the damage."""
    noise = np.random.default_rng(1).integers(-9_000, 9_000, 32_000).astype(np.int16)
    soundfile.write(tmp_path / "a.flac", noise, 16_000)
    whole = (tmp_path / "a.flac").read_bytes()
    (tmp_path / "cut.flac").write_bytes(whole[: len(whole) * 3 // 4])

    source = WavFile(tmp_path / "cut.flac")
    out = np.concatenate([block.pcm for block in source.blocks()])

    assert 8_000 < len(out) < 32_000
    assert source.problem


@pytest.mark.parametrize("length", [0xFFFF_FFFF, 0x7FFF_F000])
def test_the_made_up_length_of_a_streamed_wav_is_no_fault(tmp_path, length):
    """Programs that write to a pipe cannot know the length; their files are whole."""
    soundfile.write(tmp_path / "a.wav", tone(16_000), 16_000)
    data = bytearray((tmp_path / "a.wav").read_bytes())
    data[40:44] = struct.pack("<I", length)
    (tmp_path / "a.wav").write_bytes(data)

    source = WavFile(tmp_path / "a.wav")

    assert sum(1 for _ in source.blocks()) == 50
    assert source.problem == ""


def broken(folder: Path, kind: str) -> Path:
    """A file of a kind that cannot be used."""
    good = folder / "good.wav"
    soundfile.write(good, tone(16_000), 16_000)
    data = good.read_bytes()
    path = folder / f"{kind}.wav"
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    elif kind == "raw":
        path = folder / "sound.raw"
        path.write_bytes(b"\x00\x01" * 4_000)
    elif kind == "nine channels":
        soundfile.write(path, np.zeros((100, 9), np.int16), 16_000)
    elif kind == "slow":
        soundfile.write(path, np.zeros(100, np.int16), 1_000)
    elif kind == "fast":
        soundfile.write(path, np.zeros(100, np.int16), 384_000)
    elif kind != "missing":
        path.write_bytes(
            {
                "empty": b"",
                "not sound": b"routine: full\n" * 99,
                "half a header": data[:30],
                "no samples": data[:44],
                "three bytes": b"RIF",
                "no channels": data[:22] + b"\0\0" + data[24:],
                "no rate": data[:24] + b"\0\0\0\0" + data[28:],
                "flac magic only": b"fLaC" + b"\0" * 90,
                "mp3": b"ID3\x04" + b"\0" * 500,
            }[kind]
        )
    return path


KINDS = {
    "missing": "No such file",
    "a folder": "folder",
    "empty": "empty",
    "not sound": "neither a WAV nor a FLAC",
    "half a header": "damaged header",
    "no samples": "no sound",
    "three bytes": "neither",
    "no channels": "damaged header",
    "no rate": "damaged header",
    "flac magic only": "damaged header",
    "mp3": "neither",
    "raw": "neither",
    "nine channels": "9 channels",
    "slow": "1000 samples a second",
    "fast": "384000 samples a second",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_cannot_be_used_is_told_at_once(tmp_path, kind):
    """The error comes before any block, names the file and the fault, and says what to do."""
    path = broken(tmp_path, kind)

    with pytest.raises(BadAudio) as told:
        WavFile(path)

    assert KINDS[kind] in told.value.what
    assert told.value.where == str(path)
    assert told.value.remedy


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_refused_instead_of_waiting_for_it(tmp_path):
    """A pipe would block for ever; it is not opened."""
    with pytest.raises(BadAudio, match=r"not an ordinary file"):
        WavFile(broken(tmp_path, "a pipe"))


def test_any_cut_of_a_header_gives_blocks_or_a_clear_error(tmp_path):
    """Whatever byte a file ends at, nothing but BadAudio is raised."""
    soundfile.write(tmp_path / "a.wav", tone(16_000, 0.01), 16_000, subtype="PCM_24")
    data = (tmp_path / "a.wav").read_bytes()

    outcomes = set()
    for size in range(len(data)):
        (tmp_path / "cut.wav").write_bytes(data[:size])
        try:
            outcomes.add(sum(1 for _ in WavFile(tmp_path / "cut.wav").blocks()))
        except BadAudio:
            outcomes.add("told")

    assert outcomes == {1, "told"}
