"""Talk between people: what counts as talk, how long it counts, and that sentences and laughs are not obeyed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.decode.phonetic.background_speech import LOUDER, MORE_TALK, TALK, TOO_LONG_S, WINDOW_S, BackgroundSpeech
from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.decode.phonetic.phrasebook import Verdict
from assistant.decode.phonetic.rules import (
    AMID_TALK,
    AMID_TALK_AHEAD,
    AMID_TALK_WHOLE,
    AMID_TALK_WORDS,
    SHORT,
    USUAL,
    Evidence,
    bar,
    is_believed,
)
from assistant.decode.segment import Utterance
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Intent
from assistant.store.settings import Folders, Settings
from assistant.wire import build

CLEAR = Evidence(over_loop=15.0, margin=4.0, misfit=0.5, phones=5, speech=1.0)
DATA = Path(__file__).parents[2] / "data"
BLOCK = round(BLOCK_S * EAR_RATE_HZ)


def utterance(at_s: float, level: float = 1_000.0) -> Utterance:
    pcm = np.full(EAR_RATE_HZ, level, np.int16)
    return Utterance(pcm=pcm, at_s=at_s, end_s=at_s + 1.0, speech=0.9, is_over=True)


def verdict(whole_misfit: float, spare: float = -20.0, *, is_amid_talk: bool = False) -> Verdict:
    evidence = Evidence(
        over_loop=12.0, margin=5.0, misfit=whole_misfit / 10, phones=10, speech=0.9, is_amid_talk=is_amid_talk
    )
    return Verdict(text="go back", rival="", evidence=evidence, spare=spare, may_go_on=False)


@pytest.mark.parametrize(
    ("said", "is_talk"),
    [(verdict(TALK + 1), True), (verdict(TALK - 1), False), (verdict(TALK + 1, spare=1.0), False), (None, True)],
)
def test_what_is_near_no_phrase_is_talk(*, said: Verdict | None, is_talk: bool) -> None:
    """A command that was mumbled, or obeyed, is no talk; what is too long for a command is."""
    talk = BackgroundSpeech()

    talk.heard(utterance(1.0), said)

    assert talk.is_around(utterance(3.0)) is is_talk


def test_talk_is_forgotten() -> None:
    """A pause after talk, or a new session, and a command stands alone again."""
    talk = BackgroundSpeech()
    talk.heard(utterance(1.0), verdict(TALK))

    assert talk.is_around(utterance(2.0 + WINDOW_S))
    assert not talk.is_around(utterance(2.1 + WINDOW_S))
    talk.reset()
    assert not talk.is_around(utterance(3.0))


@pytest.mark.parametrize(
    ("said", "goes_on"),
    [
        (verdict(MORE_TALK + 1, is_amid_talk=True), True),
        (verdict(MORE_TALK - 1, is_amid_talk=True), False),
        (verdict(MORE_TALK + 1, spare=1.0, is_amid_talk=True), False),
        (verdict(MORE_TALK + 1), False),
    ],
)
def test_talk_goes_on_with_what_alone_would_be_none(*, said: Verdict, goes_on: bool) -> None:
    """A short answer is near to some command by chance; after talk it is talk."""
    talk = BackgroundSpeech()
    talk.heard(utterance(1.0), verdict(TALK))

    talk.heard(utterance(4.0), said)

    assert talk.is_around(utterance(3.0 + WINDOW_S)) is goes_on


def test_what_was_too_long_went_on() -> None:
    """A sentence that was given up while it was spoken is talk for longer than one whose end was heard."""
    talk = BackgroundSpeech()
    talk.heard(utterance(1.0), None)

    assert talk.is_around(utterance(2.0 + TOO_LONG_S))
    assert not talk.is_around(utterance(2.1 + TOO_LONG_S))


def test_who_is_much_louder_is_not_part_of_the_talk() -> None:
    """A television in the next room does not make the person in this one harder to hear."""
    talk = BackgroundSpeech()
    talk.heard(utterance(1.0, level=1_000.0), verdict(TALK))

    assert talk.is_around(utterance(3.0, level=900.0 * LOUDER))
    assert not talk.is_around(utterance(3.0, level=1_100.0 * LOUDER))


def test_a_phrase_must_fit_better_amid_talk() -> None:
    """Among sentences a command must fit better, earn more, and be more than other words; "stop" is as easy as ever."""
    clear = replace(CLEAR, phones=SHORT, over_words=AMID_TALK_WORDS)
    most = AMID_TALK_WHOLE + AMID_TALK_AHEAD * AMID_TALK_WORDS
    vague = replace(clear, misfit=(most + 0.1) / SHORT)
    little = replace(clear, over_loop=AMID_TALK - 0.1)
    other_words = replace(clear, over_words=AMID_TALK_WORDS - 0.1)

    for weak in (vague, little, other_words):
        assert is_believed(weak, USUAL)
        assert not is_believed(replace(weak, is_amid_talk=True), USUAL)
        assert is_believed(replace(weak, is_amid_talk=True), bar([Intent.STOP], SHORT))
    assert is_believed(replace(clear, is_amid_talk=True), USUAL)


def test_a_longer_stop_is_asked_for_more_amid_talk() -> None:
    """The words "he stopped" are nearly "stop it", but not nearly "stop"."""
    weak = replace(CLEAR, phones=SHORT + 1, is_amid_talk=True, over_words=AMID_TALK_WORDS - 0.1)
    asked = bar([Intent.STOP], weak.phones)

    assert asked.is_urgent
    assert not is_believed(weak, asked)
    assert is_believed(replace(weak, is_amid_talk=False), asked)


def test_a_phrase_that_no_other_words_come_near_may_fit_worse_amid_talk() -> None:
    """Each nat above common words buys a part of one of fit."""
    far_ahead = replace(CLEAR, is_amid_talk=True, over_words=8.0)
    most = AMID_TALK_WHOLE + AMID_TALK_AHEAD * far_ahead.over_words

    assert is_believed(replace(far_ahead, misfit=(most - 0.1) / 5), USUAL)
    assert not is_believed(replace(far_ahead, misfit=(most + 0.1) / 5), USUAL)


@pytest.fixture(scope="module")
def ear() -> PhoneticEngine:
    nowhere = Path("nowhere")
    engine = PhoneticEngine()
    engine.learn(
        build.load_files(Settings(engine="phonetic"), Folders(config=nowhere, data=nowhere, cache=nowhere)).phrases
    )
    return engine


def obeyed(ear: PhoneticEngine, *names: str) -> list[str]:
    """Return the actions in one sound, in order, whole or early."""
    ear.reset()
    quiet = np.zeros(EAR_RATE_HZ // 2, np.int16)
    pcm = np.concatenate(
        [quiet, *(part for name in names for part in (soundfile.read(DATA / name, dtype="int16")[0], quiet))]
    )
    blocks = (
        AudioBlock(pcm=pcm[i : i + BLOCK], rate_hz=EAR_RATE_HZ, at_s=i / EAR_RATE_HZ)
        for i in range(0, len(pcm) - BLOCK + 1, BLOCK)
    )
    return [heard.text for block in blocks for heard in ear.feed(block) if heard.is_sure and heard.is_final] + [
        heard.text for heard in ear.finish() if heard.is_sure
    ]


@pytest.mark.parametrize("name", ["talk/i-shall-not-stop.flac", "talk/laugh-1.flac"])
def test_what_is_near_to_a_command_is_refused(name: str, ear: PhoneticEngine) -> None:
    """A sentence or a laugh near to a phrase does nothing, though it fits phone by phone on average."""
    assert obeyed(ear, name) == []


def test_other_words_than_a_command_are_heard_amid_talk(ear: PhoneticEngine) -> None:
    """The words "he stopped" are "stop it" if they are said alone, and a sentence among sentences."""
    assert obeyed(ear, "talk/he-stopped.flac") == ["stop it"]
    assert obeyed(ear, "talk/i-shall-not-stop.flac", "talk/he-stopped.flac") == []
    assert obeyed(ear, "talk/i-shall-not-stop.flac", "talk/said-she.flac") == []


def test_a_sloppy_command_is_obeyed_amid_talk(ear: PhoneticEngine) -> None:
    """It fits badly, but no other words come near."""
    sloppy = "speech/audio/kokoro-af_bella/cmd068.flac"

    assert obeyed(ear, sloppy) == ["start the evening routine"]
    assert obeyed(ear, "talk/i-shall-not-stop.flac", sloppy) == ["start the evening routine"]


def test_stop_is_obeyed_amid_talk(ear: PhoneticEngine) -> None:
    """Nothing more is asked of "stop" where people talk."""
    stops = sorted(path.relative_to(DATA).as_posix() for path in DATA.glob("speech/audio/gsc/stop_*.flac"))

    assert [obeyed(ear, "talk/i-shall-not-stop.flac", stop) for stop in stops] == [["stop"]] * len(stops)
