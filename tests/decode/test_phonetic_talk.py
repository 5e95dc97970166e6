"""Talk between people: what counts as talk, how long it counts, and that sentences and laughs are not obeyed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.decode.phonetic.phrasebook import Verdict
from assistant.decode.phonetic.rules import Evidence
from assistant.decode.phonetic.talk import LOUDER, TALK, WINDOW_S, Talk
from assistant.decode.segment import Utterance
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock
from assistant.wire import build
from assistant.wire.settings import Folders, Settings

DATA = Path(__file__).parent.parent / "data"
BLOCK = round(BLOCK_S * EAR_RATE_HZ)


def utterance(at_s: float, level: float = 1_000.0) -> Utterance:
    pcm = np.full(EAR_RATE_HZ, level, np.int16)
    return Utterance(pcm=pcm, at_s=at_s, end_s=at_s + 1.0, speech=0.9, is_over=True)


def verdict(whole_misfit: float, spare: float = -20.0) -> Verdict:
    evidence = Evidence(over_loop=12.0, margin=5.0, misfit=whole_misfit / 10, phones=10, speech=0.9)
    return Verdict(text="go back", rival="", evidence=evidence, spare=spare, may_go_on=False)


@pytest.mark.parametrize(
    ("said", "is_talk"),
    [(verdict(TALK + 1), True), (verdict(TALK - 1), False), (verdict(TALK + 1, spare=1.0), False), (None, True)],
)
def test_what_is_near_no_phrase_is_talk(*, said: Verdict | None, is_talk: bool) -> None:
    """A command that was mumbled, or obeyed, is no talk; what is too long for a command is."""
    talk = Talk()

    talk.heard(utterance(1.0), said)

    assert talk.is_around(utterance(3.0)) is is_talk


def test_talk_is_forgotten() -> None:
    """A pause after talk, or a new session, and a command stands alone again."""
    talk = Talk()
    talk.heard(utterance(1.0), verdict(TALK))

    assert talk.is_around(utterance(2.0 + WINDOW_S))
    assert not talk.is_around(utterance(2.1 + WINDOW_S))
    talk.reset()
    assert not talk.is_around(utterance(3.0))


def test_who_is_much_louder_is_not_part_of_the_talk() -> None:
    """A television in the next room does not make the person in this one harder to hear."""
    talk = Talk()
    talk.heard(utterance(1.0, level=1_000.0), verdict(TALK))

    assert talk.is_around(utterance(3.0, level=900.0 * LOUDER))
    assert not talk.is_around(utterance(3.0, level=1_100.0 * LOUDER))


@pytest.fixture(scope="module")
def ear() -> PhoneticEngine:
    nowhere = Path("nowhere")
    engine = PhoneticEngine()
    engine.learn(build.shelf(Settings(engine="phonetic"), Folders(config=nowhere, data=nowhere, cache=nowhere)).phrases)
    return engine


def obeyed(ear: PhoneticEngine, *names: str) -> list[str]:
    """What would be done after each other in one sound, whole or early."""
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


def test_more_is_asked_amid_talk(ear: PhoneticEngine) -> None:
    """A phrase that is believed alone though it fits badly might be a piece of what people say to each other."""
    sloppy = "speech/audio/kokoro-af_bella/cmd068.flac"

    assert obeyed(ear, sloppy) == ["start the evening routine"]
    assert obeyed(ear, "talk/i-shall-not-stop.flac", sloppy) == []
    assert obeyed(ear, "talk/i-shall-not-stop.flac", "talk/said-she.flac") == []


def test_stop_is_obeyed_amid_talk(ear: PhoneticEngine) -> None:
    """Nothing more is asked of "stop" where people talk."""
    stops = sorted(path.relative_to(DATA).as_posix() for path in DATA.glob("speech/audio/gsc/stop_*.flac"))

    assert [obeyed(ear, "talk/i-shall-not-stop.flac", stop) for stop in stops] == [["stop"]] * len(stops)
