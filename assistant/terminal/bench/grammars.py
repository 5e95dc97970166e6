"""Foreign grammars: somebody else's intents and slots, in hassil's syntax, from a file or a folder.

For measuring only: a session never meets a foreign intent. The files become a word graph here, with the
ear for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.decode.phonetic_graph.templates import TemplateReader, words_of
from assistant.decode.phonetic_graph.word_graph import WordGraph
from assistant.errors import BadFiles, BadTemplate, EngineError, Problem
from assistant.interpret import Interpreter, expand
from assistant.messages import Heard, Intent, Phrase, Said
from assistant.store.library import load
from assistant.store.library.foreign import ForeignFiles, ForeignSentence, read_foreign
from assistant.terminal.bench.manifest import Meaning
from assistant.wire.engine_table import ENGINES, Wanted

if TYPE_CHECKING:
    from assistant.decode.recogniser import Recogniser

MOST_FOR_VOSK = 5_000  # sentences; the limit of vosk_grammar.py
BLOCK = ""  # the tag that names a sentence's block of the files


class Foreign(Protocol):
    """The interface of a grammar: its ear, and the meanings of its sentences."""

    @property
    def language(self) -> str:
        """Return the code in the file, such as `en`."""

    @property
    def intents(self) -> tuple[str, ...]:
        """Return the intents' names, in the order of the files."""

    def make_ear(self, engine: str, model: Path | None = None) -> Recogniser:
        """Return an ear taught this grammar: "phonetic", or "vosk" with the folder of its model.

        Its `Heard.text` is always a sentence of the grammar or empty; one that it rejects has `is_sure=False`.
        Raises EngineError, with a remedy, where the engine cannot hear this grammar.
        """

    def meaning(self, text: str) -> Meaning | None:
        """Return the intent and slots of one sentence, None where the grammar does not contain it."""

    def sentences(self, most: int) -> tuple[str, ...] | None:
        """Return every sentence, None where there are more than `most`."""


def load_grammar(path: Path) -> Foreign:
    """Read a YAML file, or a folder of them merged, or the folder of a language of ours (`grammars/en`).

    Raises BadFiles with file and line of every fault.
    """
    if (path / "language.yaml").is_file() and (path / "commands").is_dir():
        return OurGrammar(path)
    return HassilGrammar(read_foreign(path))


class HassilGrammar:
    """A foreign grammar, as a word graph."""

    def __init__(self, files: ForeignFiles) -> None:
        """Take the content of the files. Raises BadFiles for templates that cannot be read or use unknown names."""
        self.language = files.language
        self.intents = tuple(dict.fromkeys(block.intent for block in files.blocks))
        self._blocks = files.blocks
        self._graph = WordGraph()
        sizes: dict[int, ForeignSentence] = {}
        problems = list(_add_all(self._graph, files, sizes))
        if problems:
            raise BadFiles(problems)
        for words in filter(None, map(words_of, files.skip_words)):
            self._graph.add_anywhere(words)
        try:
            self._words = self._graph.smallest()
        except EngineError as error:
            largest = sizes[max(sizes)]
            what = f"{error.what}; this sentence is its largest part"
            raise BadFiles([largest.document.problem(largest.loc, what, error.remedy)]) from error

    def make_ear(self, engine: str, model: Path | None = None) -> Recogniser:
        """Implement `Foreign.make_ear`."""
        if engine == "phonetic":
            _check_language(engine, self.language)
            from assistant.decode.phonetic_graph.grammar_engine import (
                GrammarEngine,  # loads the models
            )

            return GrammarEngine(self._graph, self._words)
        texts = self.sentences(MOST_FOR_VOSK)
        if texts is None:
            what = f"Vosk needs every sentence written out, and there are more than {MOST_FOR_VOSK:,}"
            raise EngineError(what, remedy="Use --engine phonetic, or give a smaller grammar")
        return _taught(engine, model, self.language, [Phrase(text=text, intent=Intent.HELP) for text in texts])

    def meaning(self, text: str) -> Meaning | None:
        """Implement `Foreign.meaning`."""
        reading = self._graph.read(text)
        if reading is None:
            return None
        block = self._blocks[int(reading.tags[0][1])]
        return block.intent, {**block.slots, **dict(reading.tags[1:])}

    def sentences(self, most: int) -> tuple[str, ...] | None:
        """Implement `Foreign.sentences`."""
        return self._words.sentences(most)


class OurGrammar:
    """A language's folder in our own format, with the ear of a session."""

    def __init__(self, folder: Path) -> None:
        """Read the folder, with the routines beside its `grammars` folder. Raises BadFiles."""
        folder = folder.resolve()
        self.language = folder.name
        pack = load(self.language, home=folder.parent.parent).pack
        self._phrases = expand(pack)
        self._interpreter = Interpreter(self._phrases, pack)
        self.intents = tuple(dict.fromkeys(phrase.intent.value for phrase in self._phrases))

    def make_ear(self, engine: str, model: Path | None = None) -> Recogniser:
        """Implement `Foreign.make_ear`."""
        return _taught(engine, model, self.language, self._phrases)

    def meaning(self, text: str) -> Meaning | None:
        """Implement `Foreign.meaning`."""
        heard = Heard(text=text, is_final=True, is_sure=True, score=0.0, at_s=0.0, end_s=0.0)
        events = self._interpreter.understand(heard, frozenset(Intent), 0.0)
        return next(((event.intent.value, dict(event.slots)) for event in events if isinstance(event, Said)), None)

    def sentences(self, most: int) -> tuple[str, ...] | None:
        """Implement `Foreign.sentences`."""
        texts = tuple(sorted({phrase.text for phrase in self._phrases}))
        return texts if len(texts) <= most else None


def _add_all(graph: WordGraph, files: ForeignFiles, sizes: dict[int, ForeignSentence]) -> Iterator[Problem]:
    """Add every sentence of every block, tagged with the block's number; yield the problems in them.

    `sizes` takes the number of states that a sentence added, and the sentence.
    """
    for n, block in enumerate(files.blocks):
        reader = TemplateReader(graph, {**files.lists, **block.lists}, {**files.rules, **block.rules})
        for sentence in block.sentences:
            before = len(graph.arcs)
            try:
                reader.add(sentence.template, (BLOCK, n))
                sizes[len(graph.arcs) - before] = sentence
            except (BadTemplate, EngineError) as error:
                yield sentence.document.problem(sentence.loc, error.what, error.remedy)
                if isinstance(error, EngineError):
                    return


def _taught(engine: str, model: Path | None, language: str, phrases: Sequence[Phrase]) -> Recogniser:
    """Return an engine for expanded phrases."""
    if engine not in ENGINES:
        what, remedy = f"there is no engine '{engine}' for a grammar from files", f"Engines: {', '.join(ENGINES)}"
        raise EngineError(what, remedy=remedy)
    _check_language(engine, language, model)
    # Vosk in a child: in this process kaldi was loaded, and Vosk hangs or dies beside it.
    made = ENGINES[engine].make(Wanted(language=language, models=Path("nowhere"), model=model))
    made.learn(phrases)
    return made


def _check_language(engine: str, language: str, model: Path | None = None) -> None:
    found = ENGINES[engine]
    if found.hears(Wanted(language=language, models=Path("nowhere"), model=model)):
        return
    what = f"{found.title} needs a model" if found.needs_model else f"{found.title} does not hear '{language}'"
    raise EngineError(what, remedy="Name its folder with --model" if found.needs_model else "Use --engine vosk")
