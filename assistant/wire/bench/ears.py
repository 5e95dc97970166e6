"""Which ears can be measured, and what their words mean. Makes them; never feeds them.

Besides the ears of a session there are plain baselines, which show what the rules of the real ones buy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, get_args

from assistant.decode.recogniser import Recogniser
from assistant.errors import EngineError, UnknownName
from assistant.interpret.match import Matcher
from assistant.messages import Heard, Intent, Phrase, Said, SlotValue
from assistant.wire import build
from assistant.wire.bench.word_match import WordMatch
from assistant.wire.hear import legal_for
from assistant.wire.models import installed_model, load_manifest, manifest_path
from assistant.wire.settings import Folders, Settings

if TYPE_CHECKING:
    from assistant.wire.foreign import Foreign

EngineName: TypeAlias = Literal["phonetic", "vosk", "top1", "wratio", "vosk-wratio"]
Meaning: TypeAlias = tuple[str, dict[str, SlotValue]]

ENGINES: Mapping[EngineName, str] = {
    "phonetic": "the ear of a session, with all its rules",
    "vosk": "the other ear of a session, with all its rules (needs a model)",
    "top1": "baseline: the phonemes' best phrase, always taken",
    "wratio": "baseline: words read freely from the phonemes, and the phrase nearest by WRatio, always taken",
    "vosk-wratio": "baseline: Vosk's words, and the phrase nearest by WRatio, always taken (needs a model)",
}
VOSK = frozenset({"vosk", "vosk-wratio"})
MOST_COMPARED = 20_000  # sentences of a foreign grammar that a baseline compares one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class EarSpec:
    """What a worker process needs to make one ear."""

    engine: EngineName
    language: str = "en"
    grammar: Path | None = None
    """None: the phrases of a session."""
    model: Path | None = None
    """Folder of a Vosk model; None: the one that is installed for the language."""
    written: Mapping[str, Meaning] | None = None
    """Every sentence of the grammar and what it means, made by `written_out`."""
    models: Path = Path("models")
    """Where installed models are."""
    name: str = ""
    """For people and JSON: the engine, with the language where there are several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchEar:
    """An ear that has learned its phrases, and what its words mean."""

    recogniser: Recogniser
    meaning: Callable[[str], Meaning | None]
    is_foreign: bool

    def expect(self, state: str | None) -> frozenset[str] | None:
        """Make this state's intents the legal ones; gives their names, or None for all (a foreign grammar)."""
        if self.is_foreign:
            return None
        legal = legal_for(state)
        self.recogniser.expect(legal)
        return frozenset(intent.value for intent in legal)


def engine_named(name: str) -> EngineName:
    """The engine. Raises UnknownName with those there are."""
    if name not in ENGINES:
        raise UnknownName(f"there is no engine '{name}'", remedy=f"Known engines: {', '.join(get_args(EngineName))}")
    return cast("EngineName", name)


def make_ear(spec: EarSpec) -> BenchEar:
    """Load and teach it. Raises EngineError or BadFiles with what to do."""
    if spec.written is not None:
        return _written_ear(spec, spec.written)
    if spec.grammar is not None:
        from assistant.wire.foreign import load_grammar  # loads kaldi

        return _foreign_ear(spec, load_grammar(spec.grammar))
    nowhere = Path("nowhere")  # without anybody's own files: figures of two machines can be compared
    settings = Settings(language=spec.language)
    shelf = build.shelf(settings, Folders(config=nowhere, data=nowhere, cache=nowhere))
    recogniser = _own(spec, shelf.phrases)
    recogniser.learn(shelf.phrases)
    matcher = Matcher(shelf.phrases, shelf.pack.skip_words, shelf.pack.numbers)
    return BenchEar(recogniser=recogniser, meaning=lambda text: _understood(matcher, text), is_foreign=False)


def written_out(spec: EarSpec) -> EarSpec:
    """The same with the grammar's sentences, where Vosk will hear them.

    Vosk hangs or dies in a process that has loaded kaldi, and grammars are read with kaldi: call this in another one.
    Raises EngineError where there are too many.
    """
    if spec.engine not in VOSK or spec.grammar is None:
        return spec
    from assistant.wire.foreign import MOST_FOR_VOSK, load_grammar

    grammar = load_grammar(spec.grammar)
    texts = grammar.sentences(MOST_FOR_VOSK)
    if texts is None:
        what = f"Vosk needs every sentence written out, and there are more than {MOST_FOR_VOSK:,}"
        raise EngineError(what, where=str(spec.grammar), remedy="Use --engine phonetic, or give a smaller grammar")
    meanings = {text: meaning for text in texts if (meaning := grammar.meaning(text)) is not None}
    return replace(spec, written=meanings)


def vosk_model(spec: EarSpec) -> Path:
    """The folder of the model. Raises EngineError where there is none."""
    found = spec.model or installed_model(spec.language, spec.models, load_manifest(manifest_path()))
    if found is None:
        raise EngineError(
            f"no Vosk model for '{spec.language}' is installed",
            where=str(spec.models),
            remedy="Fetch one (tuina models list), name its folder with --model, or leave this engine out",
        )
    return found


def _own(spec: EarSpec, phrases: tuple[Phrase, ...]) -> Recogniser:
    """A recogniser for the session's phrases, not taught yet."""
    if spec.engine in VOSK:
        return _vosk(spec) if spec.engine == "vosk" else WordMatch(_vosk(spec), phrases)
    from assistant.wire.bench.baselines import FreeWords, TopOne  # load hama, which Vosk does without

    real = build.engine_maker("phonetic", spec.language, spec.models)
    if spec.engine == "phonetic":
        return real()
    if spec.engine == "top1":
        return TopOne()
    return WordMatch(FreeWords(spec.language), phrases)


def _vosk(spec: EarSpec) -> Recogniser:
    """In this process, which is a child already: its processor time and memory are counted."""
    from assistant.decode.vosk_engine import VoskEngine  # only where it is used

    return VoskEngine(vosk_model(spec), spec.language)


def _written_ear(spec: EarSpec, meanings: Mapping[str, Meaning]) -> BenchEar:
    """Vosk for somebody else's grammar. The intent of a foreign phrase is never read: only its text is compared."""
    phrases = tuple(Phrase(text=text, intent=Intent.HELP) for text in meanings)
    recogniser = _vosk(spec) if spec.engine == "vosk" else WordMatch(_vosk(spec), phrases)
    recogniser.learn(phrases)
    return BenchEar(recogniser=recogniser, meaning=meanings.get, is_foreign=True)


def _foreign_ear(spec: EarSpec, grammar: Foreign) -> BenchEar:
    from assistant.wire.bench.baselines import Anyhow, FreeWords

    recogniser: Recogniser
    if spec.engine == "phonetic":
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
    return BenchEar(recogniser=recogniser, meaning=grammar.meaning, is_foreign=True)


def _understood(matcher: Matcher, text: str) -> Meaning | None:
    """What the words would mean if they were believed."""
    heard = Heard(text=text, is_final=True, is_sure=True, score=0.0, at_s=0.0, end_s=0.0)
    event = matcher.understand(heard, frozenset(Intent), 0.0)
    return (event.intent.value, dict(event.slots)) if isinstance(event, Said) else None
