"""The word that must never fail, said by people, among all shipped phrases."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.decode.phonetic.early import HEARD_WHOLE, Early
from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.decode.phonetic.phrasebook import Verdict
from assistant.decode.phonetic.rules import Evidence
from assistant.interpret import Interpreter
from assistant.messages import AT_ONCE, Intent, Phrase
from assistant.store.settings import Folders, Settings
from assistant.wire import build
from assistant.wire.hear_recording import hear_file, legal_for

DATA = Path(__file__).parents[2] / "data"
STOPS = sorted([*DATA.glob("speech/audio/gsc/stop_*.flac"), *DATA.glob("spoken/gsc-*/stop.flac")])


@pytest.fixture(scope="module")
def ear() -> tuple[PhoneticEngine, Interpreter]:
    nowhere = Path("nowhere")
    loaded = build.load_files(Settings(engine="phonetic"), Folders(config=nowhere, data=nowhere, cache=nowhere))
    engine = PhoneticEngine()
    engine.learn(loaded.phrases)
    return engine, Interpreter(loaded.phrases, loaded.pack)


@pytest.mark.parametrize("path", STOPS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_stop_is_never_start(path: Path, ear: tuple[PhoneticEngine, Interpreter]) -> None:
    """People's "stop" stops, also where its p opens long after the voice; what is still open after a look is heard."""
    found, _ = hear_file(path, *ear, legal_for(None))

    assert [one.intent for one in found if one.accepted] == [Intent.STOP]


def test_no_look_decides_that_it_starts() -> None:
    """However sure a look is of "start", the p of "stop" may follow; "next" has no such double."""
    early = Early((Phrase(text="start", intent=Intent.READY), Phrase(text="next", intent=Intent.NEXT)))
    evidence = Evidence(over_loop=20.0, margin=8.0, misfit=0.0, phones=5, speech=0.9)

    decided = [
        early.is_clear(Verdict(text=text, rival="", evidence=evidence, spare=10.0, may_go_on=False))
        for text in ("start", "next")
    ]

    assert decided == [False, True]
    assert not HEARD_WHOLE & AT_ONCE
