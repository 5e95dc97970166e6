from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.errors import BadFiles, DeviceError, EngineError, Problem, VoiceError
from assistant.messages import MOUTH_RATE_HZ, Clip, Heard, Intent, Phrase
from assistant.speak.silent_voice import SilentVoice
from assistant.store.models.installed import load_manifest, manifest_path
from assistant.store.settings import Folders, Settings
from assistant.terminal.acoustics.room import MeasuredEcho
from assistant.terminal.doctor.checks import (
    Finding,
    can_run,
    check_echo,
    check_engine,
    check_files,
    check_microphone,
    check_models,
    check_python,
    check_rehearsed,
    check_speaker,
    check_voice,
    level_dbfs,
)
from assistant.wire.build import load_files

TEXT = "how many left"
PHRASES = (Phrase(text=TEXT, intent=Intent.HOW_MANY_LEFT), Phrase(text="next", intent=Intent.NEXT))
HISS = np.full(4_800, 33, np.int16)  # -60 dBFS


def raising(error):
    def call(*_args):
        raise error

    return call


class Ear:
    """Hears at the end what it was told to hear, if any sound arrived."""

    def __init__(self, text, *, is_sure=True):
        self.text = text
        self.is_sure = is_sure
        self.loudest = 0

    def learn(self, phrases):
        if not phrases:
            raise EngineError("no phrases")

    def expect(self, intents): ...

    def feed(self, block):
        assert len(block.pcm) == 320
        self.loudest = max(self.loudest, int(np.abs(block.pcm).max()))
        return ()

    def finish(self):
        if not self.loudest:
            return ()
        return (Heard(text=self.text, is_final=True, is_sure=self.is_sure, score=1.0, at_s=0.5, end_s=1.0),)

    def reset(self): ...

    def unknown_words(self, phrases):
        return ()


class Mouth:
    """Says everything as one second of hiss."""

    name = "hiss"

    def synthesise(self, text, *, speed=1.0):
        return Clip(pcm=np.full(MOUTH_RATE_HZ, 3_277, np.int16), rate_hz=MOUTH_RATE_HZ)


CLIP = Mouth().synthesise(TEXT)


@pytest.mark.parametrize(("version", "verdict"), [((3, 10, 0), "good"), ((3, 14, 2), "good"), ((3, 9, 18), "broken")])
def test_an_old_python_is_named(version, verdict):
    """Only a Python that we support is good."""
    assert check_python(version).verdict == verdict


def test_a_microphone_that_hears_something_is_good():
    """The name and the level are told."""
    finding = check_microphone(lambda: "Jabra", lambda: HISS)

    assert finding == Finding(part="microphone", verdict="good", what="Jabra, -60 dBFS now")


def test_no_microphone_is_missing_not_broken():
    """The report repeats the device list's error, with the way to continue without."""
    error = DeviceError("no microphone found", where="sound", remedy="plug one in")

    finding = check_microphone(raising(error), lambda: HISS)

    assert finding.verdict == "missing"
    assert finding.what == "sound: no microphone found"
    assert finding.remedy == "plug one in; without one: tuina start --typed"


@pytest.mark.parametrize(
    ("listen", "told"),
    [
        (raising(DeviceError("cannot be opened", where="Jabra", remedy="close other programs")), "cannot be opened"),
        (lambda: np.zeros(0, np.int16), "gives no sound"),
        (lambda: np.zeros(4_800, np.int16), "pure silence"),
    ],
    ids=["refuses", "gives nothing", "muted"],
)
def test_a_microphone_that_does_not_hear_is_broken(listen, told):
    """A device that is there but deaf says in which way, and what to do."""
    finding = check_microphone(lambda: "Jabra", listen)

    assert finding.verdict == "broken"
    assert told in finding.what
    assert finding.remedy


@pytest.mark.parametrize(
    ("find", "play", "verdict"),
    [
        (lambda: "Built-in", lambda: 4_800, "good"),
        (lambda: "Built-in", lambda: 0, "broken"),
        (lambda: "Built-in", raising(DeviceError("refused")), "broken"),
        (raising(DeviceError("no speaker found")), lambda: 4_800, "missing"),
    ],
)
def test_a_speaker_is_good_when_it_takes_sound(find, play, verdict):
    """Finding, opening and taking samples are three different things."""
    assert check_speaker(find, play).verdict == verdict


def test_a_voice_that_speaks_gives_its_clip():
    """The clip goes on to the ear."""
    finding, clip = check_voice(lambda _tell: Mouth(), TEXT)

    assert finding.verdict == "good"
    assert "-20 dBFS" in finding.what
    assert clip is not None


def test_a_voice_that_fails_is_broken():
    """A voice that cannot be loaded leaves text on the screen."""
    finding, clip = check_voice(raising(VoiceError("gone", where="hibari", remedy="install it")), TEXT)

    assert (finding.verdict, clip) == ("broken", None)
    assert finding.remedy == "install it; without one: text on the screen"


def test_a_voice_that_stands_in_is_used_but_the_failure_is_told():
    """The session would speak; still something is broken."""

    def make(tell):
        tell("hibari: gone")
        return Mouth()

    finding, clip = check_voice(make, TEXT)

    assert (finding.verdict, finding.what) == ("broken", "hibari: gone; hiss stands in")
    assert clip is not None


def test_a_voice_without_sound_is_missing():
    """The silent voice keeps the time of a session, but nobody would hear it."""
    finding, clip = check_voice(lambda _tell: SilentVoice(), TEXT)

    assert (finding.verdict, clip) == ("missing", None)


@pytest.mark.parametrize(
    ("ear", "verdict"),
    [(Ear(TEXT), "good"), (Ear("next"), "broken"), (Ear(TEXT, is_sure=False), "broken"), (Ear(""), "broken")],
    ids=["right", "wrong", "unsure", "nothing"],
)
def test_an_ear_is_good_when_it_hears_what_was_said(ear, verdict):
    """Another sentence, or one that the ear itself does not believe, is a broken ear."""
    assert check_engine(lambda: ear, PHRASES, TEXT, CLIP).verdict == verdict


def test_an_ear_without_a_voice_is_loaded_but_not_tried():
    """The finding owns up to what was not tried."""
    assert "not tried" in check_engine(lambda: Ear(TEXT), PHRASES, TEXT, None).what


def test_an_ear_that_cannot_be_loaded_is_broken():
    """Its own words are passed on."""
    finding = check_engine(raising(EngineError("no model", remedy="fetch it")), PHRASES, TEXT, CLIP)

    assert (finding.verdict, finding.what) == ("broken", "no model")


def test_broken_files_are_counted_and_the_first_is_shown():
    """The whole list is one command away."""
    problems = [Problem(path=f"routines/{name}.yaml", line=3, what="bad", remedy="mend") for name in "ba"]

    finding, loaded = check_files(raising(BadFiles(problems)))

    assert loaded is None
    assert finding.verdict == "broken"
    assert finding.what == "2 problems in the files; the first: routines/a.yaml:3: bad. mend."
    assert finding.remedy == "see them all with: tuina check"


def test_the_shipped_files_are_good(tmp_path):
    """The shipped files are counted."""
    where = Folders(config=tmp_path, data=tmp_path, cache=tmp_path)

    finding, found = check_files(lambda: load_files(Settings(), where))

    assert finding.verdict == "good"
    assert "8 techniques" in finding.what
    assert found is not None


def test_a_damaged_model_is_named(tmp_path):
    """A model folder without its list of files is not trusted."""
    models = load_manifest(manifest_path())
    (tmp_path / models[0].name).mkdir()

    finding = check_models(tmp_path, models)

    assert finding.verdict == "broken"
    assert f"tuina models get {models[0].name}" in finding.remedy


def test_no_model_at_all_is_good(tmp_path):
    """English needs no download."""
    assert check_models(tmp_path, load_manifest(manifest_path())).verdict == "good"


@pytest.mark.parametrize(
    ("part", "runs"), [("microphone", True), ("engine", True), ("voice", True), ("python", False), ("files", False)]
)
def test_a_session_runs_without_sound_but_not_without_files(part, runs):
    """Typed commands and text are a session too."""
    findings = [Finding(part=each, verdict="good", what="") for each in ("python", "files", "microphone")]
    findings.append(Finding(part=part, verdict="broken", what=""))

    assert can_run(findings) is runs


def test_a_level_is_measured_from_full_scale():
    """A square wave at full scale is 0 dBFS; digital silence is minus infinity."""
    assert level_dbfs(np.array([-32_768, -32_768], np.int16)) == 0.0
    assert level_dbfs(np.zeros(10, np.int16)) == float("-inf")


ECHO = MeasuredEcho(delay_s=0.182, sharpness=8.0, level_dbfs=-30.0, left_dbfs=-58.0)


@pytest.mark.parametrize(
    ("listen", "verdict", "what"),
    [
        (lambda: ECHO, "good", "-30 dBFS, 182 ms after it is played, 28 dB of it taken out"),
        (lambda: replace(ECHO, left_dbfs=-35.0), "broken", "5 dB of it taken out"),
        (lambda: replace(ECHO, left_dbfs=None), "good", "-30 dBFS, 182 ms after it is played"),
        (lambda: None, "good", "I do not hear myself"),
        (None, "good", "not tried"),
        (raising(DeviceError("gone", where="USB")), "broken", "USB: gone"),
    ],
)
def test_the_echo_is_told_with_its_delay_and_level(listen, verdict, what):
    """A canceller that takes too little out is broken, and it is said what helps."""
    finding = check_echo(lambda: None, listen)

    assert finding.verdict == verdict
    assert what in finding.what
    assert verdict != "broken" or finding.remedy or "gone" in finding.what


def test_a_missing_canceller_is_told():
    """With what its own error says."""
    finding = check_echo(raising(EngineError("the library is missing", remedy="install it")), lambda: ECHO)

    assert (finding.part, finding.verdict, finding.remedy) == ("echo", "missing", "install it")


def test_it_is_told_for_whom_pronunciations_are_on_file():
    """And whose a session would take."""
    problem = Problem(path="x", line=0, what="anna, bert have rehearsed, and nobody is chosen", remedy="choose")

    assert check_rehearsed((), None, ()).what == "nobody, and nobody needs to"
    assert check_rehearsed(("anna", "bert"), "bert", ()).what == "anna, bert; a session takes those of bert"
    assert check_rehearsed(("anna", "bert"), None, (problem,)).remedy == "choose"
