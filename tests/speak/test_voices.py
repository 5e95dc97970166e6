"""The real voices: hibari as installed, pyttsx3 with the machine's espeak-ng, and the silent one."""

from __future__ import annotations

import pickle
import shutil
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from assistant.errors import VoiceError
from assistant.messages import MOUTH_RATE_HZ
from assistant.speak.hibari_voice import OWN_RATE, HibariVoice
from assistant.speak.loudness import lufs
from assistant.speak.paced_voice import PacedVoice
from assistant.speak.pyttsx3_voice import Pyttsx3Voice, choose_voice
from assistant.speak.silent_voice import SilentVoice

needs_espeak = pytest.mark.skipif(
    sys.platform.startswith("linux") and not shutil.which("espeak-ng"),
    reason="espeak-ng is not installed: pyttsx3 has no voice on this machine (apt install espeak-ng)",
)
SENTENCE = "Put your thumbs on your spine."


@pytest.fixture(scope="module")
def hibari():
    """One hibari for all tests: its model takes half a second to load."""
    return HibariVoice()


@pytest.fixture(scope="module")
def pyttsx3():
    """One engine for all tests: espeak-ng can be initialised only once in a process."""
    return Pyttsx3Voice("en")


@pytest.fixture(params=["hibari", pytest.param("pyttsx3", marks=needs_espeak)])
def voice(request):
    """Each real voice in turn."""
    return request.getfixturevalue(request.param)


def db(pcm):
    """RMS in dB under full scale."""
    return 20 * np.log10(np.sqrt(np.mean((pcm / 32_767.0) ** 2)))


@pytest.mark.parametrize("text", ["six", "thirty-six", "Slower.", SENTENCE])
def test_a_clip_is_trimmed_and_level(voice, text):
    """It is at the mouth's rate, begins with its first audible sample, and lies at -17 LUFS."""
    clip = voice.synthesise(text)

    edge = np.abs(clip.pcm).max() * 10 ** (-46 / 20)
    assert clip.rate_hz == MOUTH_RATE_HZ
    assert clip.pcm.dtype == np.int16
    assert abs(clip.pcm[0]) > 0.8 * edge
    assert (np.abs(clip.pcm[-480:]) > edge / 2).any()
    assert lufs((clip.pcm / 32_767).astype(np.float32), MOUTH_RATE_HZ) == pytest.approx(-17, abs=0.2)


def test_speed_changes_the_length_and_comes_back(voice):
    """1.5 speaks in about two thirds of the time, and 1.0 afterwards is as before: no rate is left over or lost."""
    plain, fast, again = (voice.synthesise(SENTENCE, speed=speed).seconds for speed in (1.0, 1.5, 1.0))

    assert 0.55 < fast / plain < 0.8
    assert again == pytest.approx(plain, abs=0.02)


@needs_espeak
def test_espeak_has_the_voice_and_the_rate_before_a_sentence_begins(pyttsx3, monkeypatch):
    """Nothing waits in pyttsx3's queue, where the call that cancels would come right behind it and drop it."""
    seen = []
    run_and_wait = pyttsx3._engine.runAndWait
    espeak = sys.modules["pyttsx3.drivers._espeak"]

    def look():
        seen.append((pyttsx3._engine.getProperty("voice"), espeak.dll.espeak_GetParameter(espeak.RATE, 1)))
        run_and_wait()

    monkeypatch.setattr(pyttsx3._engine, "runAndWait", look)
    for speed in (1.0, 1.5, 1.0):
        pyttsx3.synthesise(SENTENCE, speed=speed)

    assert seen == [(pyttsx3.voice_id, 165), (pyttsx3.voice_id, 248), (pyttsx3.voice_id, 165)]


@needs_espeak
def test_a_setting_that_the_driver_refuses_is_told(pyttsx3, monkeypatch):
    """No sentence is spoken in another voice or at another pace instead."""

    def refuse(*_):
        raise ValueError("EE_BUFFER_FULL")

    pyttsx3.synthesise(SENTENCE)
    monkeypatch.setattr(pyttsx3._engine.proxy._driver, "setProperty", refuse)

    with pytest.raises(VoiceError, match=r"took no rate 248 \(EE_BUFFER_FULL\)"):
        pyttsx3.synthesise(SENTENCE, speed=1.5)


@pytest.mark.parametrize("text", ["", "  ", "...", "[[", "<speak/>", "\x01"])
def test_text_without_words_is_refused(voice, text):
    """A clear error, not silence and not an assertion of the driver."""
    with pytest.raises(VoiceError, match="nothing to speak"):
        voice.synthesise(text)


def test_a_text_that_mutes_espeak_is_heard(voice):
    """The byte that sets espeak-ng's volume to zero does not reach it, nor does it mute the next sentence."""
    assert db(voice.synthesise("\x010A thirty six").pcm) > -22
    assert db(voice.synthesise("thirty six").pcm) > -22


def test_hibari_is_repeatable(hibari):
    """The same text gives the same samples, so that a replayed session sounds the same."""
    assert np.array_equal(hibari.synthesise(SENTENCE).pcm, hibari.synthesise(SENTENCE).pcm)


def test_hibari_loads_nothing_until_it_speaks():
    """A session with another voice does not pay for it."""
    assert "_engine" not in vars(HibariVoice())


def test_hibari_speaks_the_same_after_a_rest():
    """A rest lets go of the engine; the next sentence loads it again and sounds the same."""
    voice = HibariVoice()
    before = voice.synthesise("seven")

    voice.rest()

    assert "_engine" not in vars(voice)
    assert np.array_equal(voice.synthesise("seven").pcm, before.pcm)


@needs_espeak
def test_pyttsx3_speaks_many_texts_in_a_row(pyttsx3):
    """Fifty saves with changing rates: none is silent, none has another's length."""
    lengths: dict[tuple[str, float], set[float]] = {}
    for turn in range(50):
        text, speed = ("one", SENTENCE)[turn % 2], (1.0, 1.0, 1.5)[turn % 3]
        lengths.setdefault((text, speed), set()).add(pyttsx3.synthesise(text, speed=speed).seconds)

    assert all(max(seconds) - min(seconds) < 0.03 for seconds in lengths.values())


@needs_espeak
def test_pyttsx3_prints_nothing(pyttsx3, capfd):
    """Its "Audio saved to ..." would spoil what a command prints."""
    pyttsx3.synthesise("one")

    assert capfd.readouterr() == ("", "")


def test_a_pyttsx3_voice_can_be_sent_to_a_child_process():
    """It is plain values until it speaks."""
    sent = pickle.loads(pickle.dumps(Pyttsx3Voice("fr", "roa/fr")))

    assert (sent.language, sent.voice_id, sent.version) == ("fr", "roa/fr", Pyttsx3Voice("fr", "roa/fr").version)


class Listed:
    def __init__(self, voice_id, *languages):
        self.id = voice_id
        self.languages = languages


MACHINE = [
    Listed("gmw/en-029", "en-029"),
    Listed("mb/mb-de1", "de"),
    Listed("gmw/en", "en-gb"),
    Listed("gmw/en-us", "en-us"),
    Listed("com.apple.voice.Anna", "de_DE"),
    Listed("roa/pt-br", b"\x05pt-br"),
    Listed("HKEY_VOICES/none"),
]


@pytest.mark.parametrize(
    ("language", "voice_id"),
    [("en", "gmw/en"), ("en-US", "gmw/en-us"), ("de", "com.apple.voice.Anna"), ("pt_BR", "roa/pt-br")],
)
def test_the_voice_of_the_language_is_chosen(language, voice_id):
    """The language itself first, then a regional kind of it; never an mbrola voice, whose data is often missing."""
    assert choose_voice(MACHINE, language) == voice_id


def test_a_language_without_a_voice_is_named():
    """The error lists what the machine can speak."""
    with pytest.raises(VoiceError, match=r"no voice of this machine speaks 'ko'.*de, en, pt"):
        choose_voice(MACHINE, "ko")


def test_a_voice_that_is_not_there_is_refused():
    """The driver would go on with another voice and say nothing."""
    with pytest.raises(VoiceError, match="no voice 'gmw/xx'"):
        choose_voice(MACHINE, "en", "gmw/xx")


class Driver:
    """An engine of pyttsx3 that cuts its first sentences short, as the real one did once under load."""

    def __init__(self, times):
        self.proxy = SimpleNamespace(setBusy=lambda busy: None)
        self.times = times
        self.saved = 0
        self.finished = None

    def connect(self, topic, callback):
        if topic == "finished-utterance":
            self.finished = callback

    def getProperty(self, _):
        return MACHINE

    def setProperty(self, *_):
        """Any rate and voice."""

    def save_to_file(self, _, path):
        self.saved += 1
        is_whole = self.saved > self.times
        tone = 0.3 * np.sin(np.arange(22_050 if is_whole else 2_205) / 20)
        soundfile.write(path, tone, 22_050, format="WAV")
        self.finished(name=None, completed=is_whole)

    def runAndWait(self):
        """It is written already."""


@pytest.fixture
def driver(monkeypatch, request):
    """A driver in the place of the machine's."""
    made = Driver(request.param)
    monkeypatch.setitem(sys.modules, "pyttsx3", SimpleNamespace(init=lambda: made))
    return made


@pytest.mark.parametrize("driver", [1], indirect=True)
def test_a_sentence_that_was_cut_short_is_said_again(driver):
    """The second try is whole, and it is the second that is given."""
    assert Pyttsx3Voice("en").synthesise("one").seconds == pytest.approx(1.0, abs=0.1)

    assert driver.saved == 2


@pytest.mark.parametrize("driver", [9], indirect=True)
def test_a_voice_that_cuts_everything_short_is_told(driver):
    """Two tries, and then the next voice's turn."""
    with pytest.raises(VoiceError, match="it was cut short"):
        Pyttsx3Voice("en").synthesise("one")

    assert driver.saved == 2


@pytest.mark.parametrize("speed", [0.8, 1.0, 1.3])
@pytest.mark.parametrize("text", ["Say ready.", "Go on when you like.", SENTENCE, "twenty seven"])
def test_the_silent_voice_lasts_as_long_as_speech(hibari, text, speed):
    """Within a quarter of hibari at the guide's rate, and it holds nothing."""
    clip = SilentVoice().synthesise(text, speed=speed)

    spoken = PacedVoice(hibari, OWN_RATE).synthesise(text, speed=speed)
    assert not clip.pcm.any()
    assert clip.seconds == pytest.approx(spoken.seconds, rel=0.25)
