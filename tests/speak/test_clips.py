"""The clip cache: one rendering a text, and no disk that can stop a session."""

from __future__ import annotations

import os

import numpy as np
import pytest

from assistant.errors import VoiceError
from assistant.messages import MOUTH_RATE_HZ, Clip
from assistant.speak.clips import ClipCache
from assistant.speak.silent_voice import SilentVoice


class Hum:
    """A voice whose clips tell text and speed apart, as long as they are told."""

    name = "hum"
    version = "1"

    def __init__(self, seconds: float = 0.5):
        self.seconds = seconds
        self.asked: list[tuple[str, float]] = []

    def synthesise(self, text, *, speed=1.0):
        self.asked.append((text, speed))
        length = round(self.seconds / speed * MOUTH_RATE_HZ)
        return Clip(pcm=np.full(length, 1 + sum(map(ord, text)) % 20_000, np.int16), rate_hz=MOUTH_RATE_HZ)


def files(folder):
    """The clip files of a cache."""
    return sorted(folder.glob("*.clip"))


def test_a_text_is_rendered_once(tmp_path):
    """The second time it comes from memory, after a restart from the disk, sample for sample."""
    voice = Hum()
    cache = ClipCache(voice, tmp_path)
    first = cache.get("one")
    cache.get("one")
    later = Hum()

    again = ClipCache(later, tmp_path).get("one")

    assert voice.asked == [("one", 1.0)]
    assert later.asked == []
    assert np.array_equal(first.pcm, again.pcm)


@pytest.mark.parametrize("change", [{"name": "other"}, {"version": "2"}])
def test_another_voice_or_version_is_another_clip(tmp_path, change):
    """A clip of an old voice is never played for a new one."""
    ClipCache(Hum(), tmp_path).get("one")
    voice = Hum()
    for field, value in change.items():
        setattr(voice, field, value)

    ClipCache(voice, tmp_path).get("one")

    assert voice.asked == [("one", 1.0)]


def test_speed_and_text_are_part_of_the_key(tmp_path):
    """The same words at another speed are another clip."""
    voice = Hum()
    cache = ClipCache(voice, tmp_path)

    clips = [cache.get("one"), cache.get("one", 1.5), cache.get("two")]

    assert len({(len(clip.pcm), int(clip.pcm[0])) for clip in clips}) == 3
    assert len(files(tmp_path)) == 3


def test_no_damage_of_a_file_is_ever_played(tmp_path):
    """Cut at any length or with any byte changed, a file is rendered again and mended."""
    cache = ClipCache(Hum(0.06), tmp_path)
    good = cache.get("one").pcm.copy()
    (path,) = files(tmp_path)
    whole = path.read_bytes()
    damaged = [whole[:cut] for cut in (0, 1, 30, 80, 82, 83, len(whole) - 1)]
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in (0, 20, 79, 82, 500, len(whole) - 1)]
    for content in damaged:
        path.write_bytes(content)
        voice = Hum(0.06)

        clip = ClipCache(voice, tmp_path).get("one")

        assert np.array_equal(clip.pcm, good)
        assert len(voice.asked) == 1
        assert path.read_bytes() == whole


def test_a_clip_is_kept_under_the_voice_that_spoke_it(tmp_path):
    """A clip by a chain's next voice is not stored under the first voice."""

    class Chain(Hum):
        def synthesise(self, text, *, speed=1.0):
            self.name = "spare"
            return super().synthesise(text, speed=speed)

    ClipCache(Chain(), tmp_path).get("one")
    mended, spare = Hum(), Hum()
    spare.name = "spare"

    ClipCache(mended, tmp_path).get("one")
    ClipCache(spare, tmp_path).get("one")

    assert mended.asked == [("one", 1.0)]
    assert spare.asked == []


def test_the_disk_is_kept_under_its_cap(tmp_path):
    """The clips that were not used for the longest time go first, and so do parts that a crash left."""
    cache = ClipCache(Hum(), tmp_path, disk_bytes=75_000)
    (tmp_path / "crash.part").write_bytes(b"x" * 50_000)
    os.utime(tmp_path / "crash.part", (1, 1))
    for at, text in enumerate(["one", "two", "three", "four"]):
        before = set(files(tmp_path))
        cache.get(text)
        for path in set(files(tmp_path)) - before:
            os.utime(path, (100 + at, 100 + at))
    ClipCache(Hum(), tmp_path, disk_bytes=75_000).get("two")

    cache.get("five")

    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 75_000
    voice = Hum()
    ClipCache(voice, tmp_path).get("two")
    assert voice.asked == []


def test_memory_is_kept_under_its_cap():
    """The clip that was not used for the longest time is let go; the last one always stays."""
    voice = Hum()
    cache = ClipCache(voice, None, memory_bytes=50_000)
    for text in ("one", "two", "one", "three", "one", "two"):
        cache.get(text)

    assert [text for text, _ in voice.asked] == ["one", "two", "three", "two"]


def test_a_folder_that_cannot_be_written_is_reported_and_survived(tmp_path):
    """The session gets its clip; the owner can read what is wrong with the disk."""
    (tmp_path / "taken").write_text("a file where the folder should be")
    cache = ClipCache(Hum(), tmp_path / "taken" / "clips")

    clip = cache.get("one")

    assert clip.seconds == 0.5
    assert "taken" in cache.disk_error


def test_a_full_disk_leaves_no_parts(tmp_path, monkeypatch):
    """A file that cannot be moved into place leaves no partial file."""

    def no_room(self, target):
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr("pathlib.Path.replace", no_room)
    cache = ClipCache(Hum(), tmp_path)

    cache.get("one")

    assert list(tmp_path.iterdir()) == []
    assert "No space left" in cache.disk_error


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    """Memory only."""
    monkeypatch.chdir(tmp_path)

    ClipCache(Hum(), None).get("one")

    assert list(tmp_path.iterdir()) == []


def test_a_cached_clip_cannot_be_changed():
    """Its samples are shared, so they are read-only."""
    clip = ClipCache(Hum(), None).get("one")

    with pytest.raises(ValueError, match="read-only"):
        clip.pcm[0] = 0


def test_a_voice_that_fails_is_heard_of():
    """An error of the voice passes through, and is not cached."""
    cache = ClipCache(SilentVoice(), None)

    for _ in range(2):
        with pytest.raises(VoiceError, match="nothing to speak"):
            cache.get("...")


@pytest.mark.parametrize(("period_s", "speed"), [(2.0, 1.0), (0.55, 1.1), (0.5, 1.2), (0.45, 1.3), (0.4, 1.4)])
def test_a_number_is_spoken_as_fast_as_its_period_asks(period_s, speed):
    """The slowest speed at which a word of half a second fills at most nine tenths of the period."""
    clip = ClipCache(Hum(0.5), None).number("seven", period_s)

    assert clip.seconds == pytest.approx(0.5 / speed, abs=1e-4)
    assert clip.seconds <= 0.9 * period_s


def test_a_number_that_fits_at_no_speed_is_cut_with_a_fade():
    """It fills nine tenths of the period and ends in silence."""
    clip = ClipCache(Hum(0.9), None).number("seventy-seven", 0.4)

    assert clip.seconds == pytest.approx(0.36, abs=1e-4)
    assert clip.pcm[-1] == 0
    assert clip.pcm[-720] > clip.pcm[-360] > clip.pcm[-10]
