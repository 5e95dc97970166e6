"""The ear for whole grammars on spoken orders: every slot, pauses to think, and what is no order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import yaml

from assistant.decode.phonetic_graph.denoise import WhenNeeded
from assistant.decode.phonetic_graph.grammar_engine import GrammarEngine
from assistant.decode.phonetic_graph.templates import TemplateReader
from assistant.decode.phonetic_graph.word_graph import WordGraph
from assistant.errors import EngineError
from assistant.language import ListValue
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Heard, Pcm

DATA = Path(__file__).parents[2] / "data"
ORDERS = DATA / "speech" / "orders"
SPOKEN = dict(line.split("\t") for line in (ORDERS / "orders.txt").read_text(encoding="utf-8").splitlines())
STEP = round(BLOCK_S * EAR_RATE_HZ)


def order_graph() -> WordGraph:
    held = yaml.safe_load((DATA / "grammars" / "orders.yaml").read_text(encoding="utf-8"))
    lists = {}
    for name, given in held["lists"].items():
        pairs = [(v["in"], v["out"]) if isinstance(v, dict) else (v, v) for v in given["values"]]
        lists[name] = [ListValue(say=say, value=value) for say, value in pairs]
    graph = WordGraph()
    reader = TemplateReader(graph, lists, held["expansion_rules"])
    reader.add(held["intents"]["Order"]["data"][0]["sentences"][0], ("", 0))
    return graph


@pytest.fixture(scope="module")
def graph() -> WordGraph:
    return order_graph()


@pytest.fixture(scope="module")
def ear(graph: WordGraph) -> GrammarEngine:
    return GrammarEngine(graph)


def sound(name: str) -> Pcm:
    return np.asarray(soundfile.read(ORDERS / name, dtype="int16")[0])


def quiet(seconds: float) -> Pcm:
    return np.random.default_rng(0).integers(-1, 2, round(seconds * EAR_RATE_HZ)).astype(np.int16)


def heard_in(ear: GrammarEngine, *pieces: Pcm) -> list[Heard]:
    ear.reset()
    pcm = np.concatenate([quiet(0.5), *pieces, quiet(1.2)])
    blocks = (pcm[i : i + STEP] for i in range(0, len(pcm) // STEP * STEP, STEP))
    fed = [ear.feed(AudioBlock(pcm=block, rate_hz=EAR_RATE_HZ, at_s=n * BLOCK_S)) for n, block in enumerate(blocks)]
    return [one for some in [*fed, ear.finish()] for one in some]


@pytest.mark.parametrize("name", SPOKEN)
def test_order_is_heard_with_every_slot(ear: GrammarEngine, graph: WordGraph, name: str) -> None:
    """An order in any word order is believed, and read with the values that were said."""
    heard = heard_in(ear, sound(name))

    assert [(one.text, one.is_sure) for one in heard] == [(SPOKEN[name], True)]
    reading = graph.read(heard[0].text)
    assert reading is not None
    assert {slot for slot, _ in reading.tags[1:]} == {"size", "drink", "milk", "sugar", "place"}
    assert heard[0].spare > 0
    assert heard[0].runner_up != heard[0].text


def test_pause_to_think_does_not_end_the_order(ear: GrammarEngine) -> None:
    """A pause of 0.7 s in the middle does not split an order."""
    pcm = sound("order3.flac")
    loud = np.abs(pcm.astype(np.int32))
    middle = (
        len(pcm) // 3 + int(np.argmin(np.convolve(loud[len(pcm) // 3 : len(pcm) // 2], np.ones(800), "valid"))) + 400
    )

    heard = heard_in(ear, pcm[:middle], quiet(0.7), pcm[middle:])

    assert [one.text for one in heard if one.is_sure] == [SPOKEN["order3.flac"]]


def test_half_an_order_is_not_believed(ear: GrammarEngine) -> None:
    """The ear never completes an unfinished order."""
    pcm = sound("order0.flac")

    heard = heard_in(ear, pcm[: len(pcm) // 2])

    assert not any(one.is_sure for one in heard)


def test_other_speech_is_not_believed(ear: GrammarEngine) -> None:
    """Commands and talk that are not in the grammar are refused."""
    for path in sorted((DATA / "speech" / "audio").rglob("*.flac"))[::12]:
        heard = heard_in(ear, np.asarray(soundfile.read(path, dtype="int16")[0]))
        assert not any(one.is_sure for one in heard), path


def test_same_sound_gives_the_same_answer(ear: GrammarEngine) -> None:
    """After a reset the ear remembers nothing."""
    assert heard_in(ear, sound("order1.flac")) == heard_in(ear, sound("order1.flac"))


def test_denoising_waits_until_both_weights_leave_doubt(ear: GrammarEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """An order in noise needs a second reading, and none of denoised sound, which takes two fifths of its time."""
    read: list[str] = []
    again, less = ear._in_noise, WhenNeeded.__call__
    monkeypatch.setattr(ear, "_in_noise", lambda pcm: read.append("in noise") or again(pcm))
    monkeypatch.setattr(WhenNeeded, "__call__", lambda self, pcm: read.append("denoised") or less(self, pcm))
    pcm = sound("order0.flac")
    noise = np.random.default_rng(1).normal(0, 1.2 * pcm.astype(np.float64).std(), len(pcm))
    heard = heard_in(ear, (pcm + noise).astype(np.int16))

    assert [(one.text, one.is_sure) for one in heard] == [(SPOKEN["order0.flac"], True)]
    assert set(read) == {"in noise"}


def test_noise_is_answered_with_silence_or_no_words(ear: GrammarEngine) -> None:
    """Noise is never believed."""
    noise = (np.random.default_rng(1).standard_normal(3 * EAR_RATE_HZ) * 3_000).astype(np.int16)

    assert not any(one.is_sure for one in heard_in(ear, noise))


def test_word_that_nobody_can_say_is_named() -> None:
    """A grammar with a word in another script is refused when the ear is made."""
    graph = WordGraph()
    TemplateReader(graph, {}, {}).add("open ω now")

    with pytest.raises(EngineError, match="ω"):
        GrammarEngine(graph)
