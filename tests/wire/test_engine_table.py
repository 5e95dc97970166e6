"""An engine is one row of a table, and everything that names engines reads it there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from assistant.errors import BadFiles, EngineError, UnknownName
from assistant.messages import EAR_RATE_HZ, Heard
from assistant.store.settings import Folders, Settings
from assistant.terminal.app import app
from assistant.terminal.bench.ears import EarSpec, about_engines, check_language, make_ear
from assistant.terminal.check.engines import ears
from assistant.terminal.choices import EngineChoice, VoiceChoice
from assistant.wire import build, engine_table
from assistant.wire.engine_table import ENGINES, Engine, Wanted, chosen, engine_names
from assistant.wire.preferences import resolve
from assistant.wire.voice_table import VOICES, VoiceRow, voice_chain, voice_names

LOUD = 1_000


class TinyEngine:
    """Hears "stop" wherever a block is loud."""

    def learn(self, phrases):
        self.phrases = phrases

    def expect(self, intents):
        pass

    def feed(self, block):
        if np.abs(block.pcm).max() < LOUD:
            return ()
        return (Heard(text="stop", is_final=True, is_sure=True, score=1.0, at_s=block.at_s, end_s=block.at_s + 0.02),)

    def finish(self):
        return ()

    def reset(self):
        pass

    def unknown_words(self, phrases):
        return ("ow",) if phrases else ()


@pytest.fixture
def tiny(monkeypatch):
    """A new engine, by one row."""
    row = Engine(
        name="tiny", title="Tiny", about="hears stop", make=lambda _: TinyEngine(), languages=frozenset({"en"})
    )
    monkeypatch.setitem(ENGINES, "tiny", row)
    return row


@pytest.fixture
def click(tmp_path):
    """A recording with one loud block."""
    path = tmp_path / "click.wav"
    pcm = np.zeros(EAR_RATE_HZ, np.int16)
    pcm[8_000:8_010] = 20_000
    soundfile.write(path, pcm, EAR_RATE_HZ)
    return path


def of(language="en", **more):
    return Wanted(language=language, models=Path("nowhere"), **more)


def test_a_session_hears_with_an_engine_that_is_one_row(tiny, click, tmp_path):
    """`TUINA_ENGINE` takes its name, and what it hears is acted on."""
    env = {"TUINA_HOME": str(tmp_path), "TUINA_ENGINE": "tiny", "TUINA_VOICE": "silent"}
    trace = tmp_path / "trace.jsonl"

    done = CliRunner().invoke(app, ["start", "--mic", str(click), "--pace", "max", "--trace", str(trace)], env=env)

    records = [json.loads(line) for line in trace.read_text("utf-8").splitlines()]
    assert done.exit_code == 0
    assert [one["intent"] for one in records if one.get("event") == "said"] == ["stop"]


def test_the_bench_and_the_check_know_the_row(tiny, tmp_path):
    """Its name and half a sentence in the help, an ear to be measured, and its unknown words."""
    assert about_engines()["tiny"] == "hears stop"
    assert isinstance(make_ear(EarSpec(engine="tiny")).recogniser, TinyEngine)
    with pytest.raises(EngineError, match="'tiny' does not hear 'de'"):
        check_language(EarSpec(engine="tiny", language="de"))
    with ears("en", tmp_path) as (found, _):
        assert [one.name for one in found] == [one.title for one in ENGINES.values() if "en" in one.languages]


def test_a_name_that_is_in_no_table_is_refused_with_those_there_are(tiny):
    """In the settings, and where an ear is made."""
    nowhere = Folders(config=Path("nowhere"), data=Path("nowhere"), cache=Path("nowhere"))

    with pytest.raises(BadFiles, match="Input should be 'auto', .*or 'tiny'"):
        resolve(nowhere, {}, {"TUINA_ENGINE": "ears"})
    with pytest.raises(UnknownName, match="no engine 'ears'.*auto, .*tiny"):
        build.engine_maker("ears", "en", Path("nowhere"))


def test_the_command_line_offers_what_is_in_the_tables():
    """Its choices are made of the same rows."""
    assert get_args(EngineChoice) == engine_names() == ("auto", *ENGINES)
    assert get_args(VoiceChoice) == voice_names() == ("auto", *VOICES)
    assert Settings().engine in engine_names()


@pytest.mark.parametrize(
    ("language", "installed", "name"),
    [("en", None, "phonetic"), ("en", Path("small"), "vosk"), ("ko", Path("small"), "vosk"), ("ko", None, "vosk")],
)
def test_auto_takes_a_fetched_model_first_and_then_what_hears_the_language(monkeypatch, language, installed, name):
    """Without either it is the one that a model would make hear."""
    monkeypatch.setattr(engine_table, "installed_model", lambda *_: installed)

    assert chosen("auto", of(language)).name == name


def test_a_missing_model_is_told_before_the_engine_is_loaded():
    """With what to do."""
    with pytest.raises(EngineError, match="no Vosk model for 'ko' is installed.*tuina models list"):
        build.engine_maker("vosk", "ko", Path("nowhere"))


def test_only_an_engine_that_says_so_learns_pronunciations(monkeypatch):
    """The rehearsal and the doctor ask the row."""
    where = Folders(config=Path("nowhere"), data=Path("nowhere"), cache=Path("nowhere"))
    assert build.learns_pronunciations(Settings(), where)
    monkeypatch.setitem(ENGINES, "phonetic", replace(ENGINES["phonetic"], learns_pronunciations=False))

    assert not build.learns_pronunciations(Settings(), where)


def test_voices_step_in_for_each_other_in_the_order_of_the_table(monkeypatch):
    """One that was asked for, and then those below it; `auto` leaves out what does not speak the language."""
    made = []
    for name, row in [*VOICES.items()]:
        monkeypatch.setitem(
            VOICES, name, VoiceRow(make=lambda _, name=name: made.append(name), languages=row.languages)
        )

    orders = []
    for name, language in [("auto", "en"), ("auto", "ko"), ("hibari", "ko"), ("pyttsx3", "en"), ("silent", "en")]:
        made.clear()
        chain = voice_chain(name, language, pytest.fail)
        for make in chain._makers:
            make()
        orders.append(tuple(made))

    assert orders == [
        ("hibari", "pyttsx3", "silent"),
        ("pyttsx3", "silent"),
        ("hibari", "pyttsx3", "silent"),
        ("pyttsx3", "silent"),
        ("silent",),
    ]
