"""Makes the ears that can be measured, and maps their words to meanings. Never feeds them.

Besides the ears of a session there are baselines, which show the benefit of the real ones' rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.decode.recogniser import Recogniser
from assistant.errors import EngineError, UnknownName
from assistant.messages import Intent, Phrase
from assistant.store.settings import Folders, Settings
from assistant.terminal.bench.manifest import Meaning
from assistant.terminal.bench.moments import legal_of
from assistant.terminal.bench.told import Meanings, Understanding, believing, meanings, understanding
from assistant.terminal.bench.word_match import WordMatch
from assistant.wire import build
from assistant.wire.engine_table import ENGINES, Engine, Wanted

if TYPE_CHECKING:
    from assistant.terminal.bench.grammars import Foreign


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A plain way to decide, which shows how much the rules of an engine buy."""

    about: str
    on: str
    """The engine whose model it uses."""


BASELINES: Mapping[str, Baseline] = {
    "top1": Baseline(about="baseline: the phonemes' best phrase, always taken", on="phonetic"),
    "wratio": Baseline(
        about="baseline: words read freely from the phonemes, and the phrase nearest by WRatio, always taken",
        on="phonetic",
    ),
    "vosk-wratio": Baseline(
        about="baseline: Vosk's words, and the phrase nearest by WRatio, always taken (needs a model)", on="vosk"
    ),
}
BY_GRAPH = frozenset({"phonetic"})
"""Engines that have an ear for grammars with slots (decode/phonetic_graph); others take every sentence written out."""
TYPED = "typed"
MOST_COMPARED = 20_000  # sentences of a foreign grammar that a baseline compares one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class EarSpec:
    """The values from which a worker process makes one ear."""

    engine: str
    """An engine of wire/engine_table.py, or a baseline."""
    language: str = "en"
    grammar: Path | None = None
    """The grammar's path; None: the phrases of a session."""
    model: Path | None = None
    """Folder of a Vosk model; None: the one that is installed for the language."""
    written: Mapping[str, Meaning] | None = None
    """Every sentence of the grammar with its meaning, made by `written_out`."""
    models: Path = Path("models")
    """Folder of installed models."""
    name: str = ""
    """Name for people and JSON: the engine, with the language where there are several."""
    is_typed: bool = False
    """True where nothing is heard: every line is typed, and no engine is loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchEar:
    """An ear that has learned its phrases, with the meanings of its words."""

    recogniser: Recogniser | None
    """None: the lines are typed."""
    understand: Understanding
    """Decides what is done."""
    meaning: Meanings
    """Tells what words would mean if they were believed."""
    is_foreign: bool

    def expect(self, state: str | None) -> frozenset[Intent]:
        """Make this state's intents the legal ones, and return them; in a foreign grammar everything is legal."""
        if self.is_foreign:
            return frozenset(Intent)
        legal = legal_of(state)
        if self.recogniser is not None:
            self.recogniser.expect(legal)
        return legal


def about_engines() -> dict[str, str]:
    """Everything that can be measured, with half a sentence about it."""
    return {
        **{name: engine.about for name, engine in ENGINES.items()},
        **{name: baseline.about for name, baseline in BASELINES.items()},
    }


def about(spec: EarSpec) -> str:
    """Half a sentence about what this spec measures."""
    return "typed lines: no ear, only what the words mean" if spec.is_typed else about_engines()[spec.engine]


def engine_named(name: str) -> str:
    """The name, if it is one. Raises UnknownName with those there are."""
    known = about_engines()
    if name not in known:
        raise UnknownName(f"there is no engine '{name}'", remedy=f"Known engines: {', '.join(known)}")
    return name


def engine_of(spec: EarSpec) -> Engine:
    """The engine that is measured, or on which the baseline stands."""
    return ENGINES[BASELINES[spec.engine].on if spec.engine in BASELINES else spec.engine]


def wanted_of(spec: EarSpec) -> Wanted:
    """Return the purpose that the engine is made for."""
    return Wanted(language=spec.language, models=spec.models, model=spec.model)


def make_ear(spec: EarSpec) -> BenchEar:
    """Load an ear and teach it. Raises EngineError or BadFiles, with a remedy."""
    if spec.written is not None:
        return _written_ear(spec, spec.written)
    if spec.grammar is not None:
        from assistant.terminal.bench.grammars import load_grammar  # loads kaldi

        return _foreign_ear(spec, load_grammar(spec.grammar))
    nowhere = Path("nowhere")  # without anybody's own files, so that figures of two machines are comparable
    settings = Settings(language=spec.language)
    loaded = build.load_files(settings, Folders(config=nowhere, data=nowhere, cache=nowhere))
    recogniser = None if spec.is_typed else _own(spec, loaded.phrases)
    if recogniser is not None:
        recogniser.learn(loaded.phrases)
    understand = understanding(build.interpreter(loaded))
    return BenchEar(recogniser=recogniser, understand=understand, meaning=meanings(understand), is_foreign=False)


def written_out(spec: EarSpec) -> EarSpec:
    """Return the spec with the grammar's sentences, where Vosk will hear them.

    Vosk hangs or dies in a process that has loaded kaldi, and grammars are read with kaldi: call this in another one.
    Raises EngineError where there are too many.
    """
    if engine_of(spec).name in BY_GRAPH or spec.grammar is None or spec.is_typed:
        return spec
    from assistant.terminal.bench.grammars import MOST_FOR_VOSK, load_grammar

    grammar = load_grammar(spec.grammar)
    texts = grammar.sentences(MOST_FOR_VOSK)
    if texts is None:
        what = f"{engine_of(spec).title} needs every sentence written out, and there are more than {MOST_FOR_VOSK:,}"
        raise EngineError(what, where=str(spec.grammar), remedy="Use --engine phonetic, or give a smaller grammar")
    written = {text: meaning for text in texts if (meaning := grammar.meaning(text)) is not None}
    return replace(spec, written=written)


def check_language(spec: EarSpec) -> None:
    """Raise EngineError where the engine cannot hear this language."""
    engine, wanted = engine_of(spec), wanted_of(spec)
    if spec.is_typed or engine.hears(wanted):
        return
    if engine.needs_model:
        raise EngineError(
            f"no {engine.title} model for '{spec.language}' is installed",
            where=str(spec.models),
            remedy="Fetch one (tuina models list), name its folder with --model, or leave this engine out",
        )
    raise EngineError(
        f"the engine '{spec.engine}' does not hear '{spec.language}'", remedy="Use --engine vosk with --model"
    )


def _own(spec: EarSpec, phrases: tuple[Phrase, ...]) -> Recogniser:
    """Return a recogniser for the session's phrases, not taught yet."""
    if spec.engine in ENGINES:
        return _measured(spec)
    if spec.engine == "vosk-wratio":
        return WordMatch(_measured(spec), phrases)
    from assistant.terminal.bench.baselines import FreeWords, TopOne  # loads kaldi, beside which Vosk hangs

    return TopOne() if spec.engine == "top1" else WordMatch(FreeWords(spec.language), phrases)


def _measured(spec: EarSpec) -> Recogniser:
    """In this process, which is a child already: its processor time and memory are counted. Raises EngineError."""
    engine, wanted = engine_of(spec), wanted_of(spec)
    check_language(spec)
    engine.check(wanted)
    return (engine.measured or engine.make)(wanted)


def _written_ear(spec: EarSpec, written: Mapping[str, Meaning]) -> BenchEar:
    """An ear for the written-out sentences of somebody else's grammar.

    The intent of a foreign phrase is never read: only its text is compared.
    """
    phrases = tuple(Phrase(text=text, intent=Intent.HELP) for text in written)
    recogniser = _measured(spec) if spec.engine in ENGINES else WordMatch(_measured(spec), phrases)
    recogniser.learn(phrases)
    return _believed(recogniser, written.get)


def _foreign_ear(spec: EarSpec, grammar: Foreign) -> BenchEar:
    from assistant.terminal.bench.baselines import Anyhow, FreeWords  # as above

    recogniser: Recogniser | None
    if spec.is_typed:
        recogniser = None
    elif spec.engine == "phonetic":
        recogniser = grammar.make_ear("phonetic")
    elif spec.engine == "top1":
        recogniser = Anyhow(grammar.make_ear("phonetic"))
    else:
        texts = grammar.sentences(MOST_COMPARED)
        if texts is None:
            raise EngineError(
                f"the baseline '{spec.engine}' compares every sentence, and this grammar has over {MOST_COMPARED:,}",
                where=str(spec.grammar),
                remedy="Leave this engine out, or give a smaller grammar",
            )
        # The intent of a foreign phrase is never read: only its text is compared.
        phrases = tuple(Phrase(text=text, intent=Intent.HELP) for text in texts)
        recogniser = WordMatch(FreeWords(spec.language), phrases)
        recogniser.learn(phrases)
    return _believed(recogniser, grammar.meaning)


def _believed(recogniser: Recogniser | None, meaning: Meanings) -> BenchEar:
    return BenchEar(recogniser=recogniser, understand=believing(meaning), meaning=meaning, is_foreign=True)
