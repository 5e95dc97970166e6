"""Somebody else's grammar in hassil's YAML, as Home Assistant writes it: values with their lines, nothing expanded.

`language`, `intents`, `lists`, `expansion_rules`, `skip_words`. Features that a spoken grammar cannot have (wildcards,
contexts) become problems with their lines. Numbers become words here, since only words are spoken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from hassil.numbers import get_rbnf_engine
from hassil.util import is_template

from assistant.errors import BadFiles, BadTemplate, Problem
from assistant.language import ListValue
from assistant.messages import SlotValue
from assistant.store.library.yaml_file import Document, Limits, Loc, Value, read, shown
from assistant.template import Walker, parsed

LIMITS = Limits(kilobytes=2_048, depth=12, items=20_000)  # forty times the largest file of Home Assistant's English
MOST_NUMBERS = 2_000  # in one range
MOST_NUMBER = 10**9  # each of the 88 languages of unicode-rbnf has words up to there, and some no further
MOST_TEXTS = 200  # texts of one value of a list without `out`
INLINE_RANGE = re.compile(r"\{(\d+)\.\.(\d+)(?:,(\d+))?(?=[:}])")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")  # becomes a part of a file's name in a library
_NUMBER = re.compile(r"[{<][^}>]*[}>]|\d+")  # "{brightness_2}" is a name
_KNOWN = {
    "file": {"language", "intents", "lists", "expansion_rules", "skip_words"},
    "intent": {"data"},
    "block": {"sentences", "slots", "lists", "expansion_rules"},
    "list": {"values", "range"},
    "value": {"in", "out"},
    "range": {"from", "to", "step"},
}
_OF_NO_CONCERN = {
    "file": {"responses", "settings"},
    "intent": {"description", "supported", "domain"},
    "block": {"response", "metadata", "settings"},
    "list": {"metadata"},
    "value": {"metadata"},
    "range": {"type", "digits", "words"},
}
"""Keys about answers and about matching typed text: they change neither what is said nor what it means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignSentence:
    """One template, with its place in the file."""

    template: str
    document: Document
    loc: Loc


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One entry of an intent's `data`."""

    intent: str
    sentences: tuple[ForeignSentence, ...]
    slots: dict[str, SlotValue]
    """Slots that are set unless a sentence says them itself."""
    lists: dict[str, tuple[ListValue, ...]]
    rules: dict[str, str]


@dataclass(slots=True, kw_only=True)
class ForeignFiles:
    """The content of all files together."""

    language: str = ""
    blocks: list[Block] = field(default_factory=list)
    lists: dict[str, tuple[ListValue, ...]] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    skip_words: list[str] = field(default_factory=list)


def read_foreign(path: Path) -> ForeignFiles:
    """Read a file, or every .yaml and .yml file of a folder. Raises BadFiles with every problem."""
    paths = [path]
    if path.is_dir():
        paths = sorted(each for each in path.iterdir() if each.suffix in (".yaml", ".yml"))
        if not paths:
            remedy = "Put the intents there as .yaml files"
            raise BadFiles([Problem(path=shown(path), line=0, what="the folder holds no grammar", remedy=remedy)])
    documents: list[Document] = []
    problems: list[Problem] = []
    for each in paths:
        try:
            documents.append(read(each, root=each.parent, limits=LIMITS))
        except BadFiles as error:
            problems += error.problems
    found = ForeignFiles()
    for document in documents:
        reader = _Reader(found, document)
        reader.take_names()
        problems += reader.problems
    for document in documents:
        reader = _Reader(found, document)
        reader.take_lists_and_intents()
        problems += reader.problems
    if not problems and not any(block.sentences for block in found.blocks):
        what = "there is no sentence in this grammar"
        problems = [Problem(path=shown(path), line=0, what=what, remedy="Add intents: Name: data: - sentences: [...]")]
    if problems:
        raise BadFiles(list(dict.fromkeys(problems)))
    return found


class _Reader:
    """Adds one document to the content found so far."""

    def __init__(self, found: ForeignFiles, document: Document) -> None:
        self.found, self.document = found, document
        self.problems: list[Problem] = []

    def take_names(self) -> None:
        """Read the language, without which numbers have no words; check the top-level keys."""
        top = self._mapping(self.document.value, (), "file")
        language = top.get("language")
        if not isinstance(language, str):
            self._add(("language",) if "language" in top else (), "'language' is missing", "Add a line 'language: en'")
        elif not LANGUAGE.fullmatch(language):
            self._add(("language",), "this is no code of a language", "Write two letters, like 'language: en'")
        elif self.found.language not in ("", language):
            what = f"this file is in '{language}', another in '{self.found.language}'"
            self._add(("language",), what, "Measure one language at a time")
        else:
            self.found.language = language

    def take_lists_and_intents(self) -> None:
        """Read everything else."""
        value = self.document.value
        top = value if isinstance(value, dict) else {}
        for name, values in self._lists(top.get("lists", {}), ("lists",)).items():
            self.found.lists[name] = (*self.found.lists.get(name, ()), *values)
        for name, body in self._rules(top.get("expansion_rules", {}), ("expansion_rules",)).items():
            if self.found.rules.setdefault(name, body) != body:
                self._add(("expansion_rules", name), f"the rule <{name}> stands in two files", "Remove one")
        for n, word in enumerate(self._items(top.get("skip_words", ()), ("skip_words",))):
            self.found.skip_words += self._said(word, ("skip_words", n))
        for intent, held in self._mapping(top.get("intents", {}), ("intents",), None).items():
            data = self._mapping(held, ("intents", intent), "intent").get("data", ())
            for n, block in enumerate(self._items(data, ("intents", intent, "data"))):
                self.found.blocks.append(self._block(str(intent), block, ("intents", intent, "data", n)))

    def _block(self, intent: str, value: Value, loc: Loc) -> Block:
        block = self._mapping(value, loc, "block")
        templates = self._items(block.get("sentences", ()), (*loc, "sentences"))
        sentences = [
            ForeignSentence(template=said, document=self.document, loc=(*loc, "sentences", n))
            for n, template in enumerate(templates)
            for said in self._said(template, (*loc, "sentences", n))
        ]
        slots = self._mapping(block.get("slots", {}), (*loc, "slots"), None)
        kept = {str(name): self._slot(given, (*loc, "slots", name)) for name, given in slots.items()}
        lists = self._lists(block.get("lists", {}), (*loc, "lists"))
        rules = self._rules(block.get("expansion_rules", {}), (*loc, "expansion_rules"))
        return Block(intent=intent, sentences=tuple(sentences), slots=kept, lists=lists, rules=rules)

    def _rules(self, value: Value, loc: Loc) -> dict[str, str]:
        rules = self._mapping(value, loc, None)
        return {str(name): said for name, body in rules.items() for said in self._said(body, (*loc, name))}

    def _lists(self, value: Value, loc: Loc) -> dict[str, tuple[ListValue, ...]]:
        found = {}
        for name, given in self._mapping(value, loc, None).items():
            there = (*loc, name)
            if isinstance(given, dict) and given.get("wildcard"):
                remedy = "Write down the words that may be said here, as 'values', or leave the list out"
                self._add(there, f"the list '{name}' is a wildcard: any words at all", remedy)
                continue
            one = self._mapping(given, there, "list")
            entries = self._items(one.get("values") or (), (*there, "values"))
            values = [self._value(each, (*there, "values", n)) for n, each in enumerate(entries)]
            numbers = self._range(one["range"], (*there, "range")) if "range" in one else []
            found[str(name)] = tuple(each for some in [*values, numbers] for each in some)
            if not found[str(name)] and not self.problems:
                self._add(there, f"the list '{name}' is empty", "Add 'values' or a 'range'")
        return found

    def _value(self, value: Value, loc: Loc) -> list[ListValue]:
        """Return one entry's values; a template without `out` gives one value for each of its texts."""
        entry = self._mapping(value, loc, "value") if isinstance(value, dict) else {"in": value}
        if "in" not in entry:
            self._add(loc, "'in' is missing: what is said", "Add a line 'in: ...'")
            return []
        given, there = entry["in"], (*loc, "in") if isinstance(value, dict) else loc
        said = self._said(given, there)
        if "out" in entry:
            return [ListValue(say=each, value=self._slot(entry["out"], (*loc, "out"))) for each in said]
        if not isinstance(given, str):
            return [ListValue(say=each, value=self._slot(given, there)) for each in said]
        if not is_template(given):
            return [ListValue(say=each, value=given) for each in said]
        try:
            texts = [text for text, _ in islice(Walker({}, {}).texts(parsed(given)), MOST_TEXTS + 1)]
        except BadTemplate:
            texts = [given]  # the reader of the template reports its fault
        if len(texts) > MOST_TEXTS:
            self._add(there, f"'{given}' stands for more than {MOST_TEXTS} texts", "Give it an 'out'")
        plain = dict.fromkeys(" ".join(text.split()) for text in texts)
        return [ListValue(say=said_so, value=text) for text in plain for said_so in self._said(text, there)]

    def _range(self, value: Value, loc: Loc) -> list[ListValue]:
        held = self._mapping(value, loc, "range")
        numbers = {key: held.get(key, 1) for key in ("from", "to", "step")}
        if "from" not in held or "to" not in held or any(type(n) is not int for n in numbers.values()):
            self._add(loc, "a range needs 'from' and 'to' as whole numbers", "Write: range: {from: 1, to: 10}")
            return []
        return self._numbers(int(str(numbers["from"])), int(str(numbers["to"])), int(str(numbers["step"])), loc)

    def _numbers(self, first: int, last: int, step: int, loc: Loc) -> list[ListValue]:
        if step < 1 or first > last or (last - first) // step >= MOST_NUMBERS:
            what = f"the range from {first} to {last} in steps of {step} cannot be said"
            self._add(loc, what, f"Count upwards, at most {MOST_NUMBERS} numbers")
            return []
        numbers = range(first, last + 1, step)
        return [ListValue(say=text, value=n) for n in numbers for text in self._words_for(n, loc)]

    def _inline_ranges(self, template: str, loc: Loc) -> None:
        """Add lists for {1..10:slot}, under that name."""
        for match in INLINE_RANGE.finditer(template):
            first, last, step = int(match[1]), int(match[2]), int(match[3] or 1)
            self.found.lists[match[0][1:]] = tuple(self._numbers(first, last, step, loc))

    def _said(self, value: Value, loc: Loc) -> list[str]:
        """Return the template with its digits as words; empty, with a problem, where it is no text."""
        if not isinstance(value, str | int) or isinstance(value, bool) or not str(value).strip():
            self._add(loc, "words are expected here", "Write what is said; put yes, no, on and off in quotes")
            return []

        def spell(match: re.Match[str]) -> str:
            return match[0] if match[0][0] in "{<" else next(iter(self._words_for(int(match[0]), loc)), match[0])

        self._inline_ranges(str(value), loc)
        return [_NUMBER.sub(spell, str(value))]

    def _words_for(self, number: int, loc: Loc) -> list[str]:
        """Return the language's words for a number."""
        if number > MOST_NUMBER:
            self._add(loc, f"there are no words for the number {number}", "Take a smaller one, or write it as words")
            return []
        try:
            held = get_rbnf_engine(self.found.language or "en").format_number(number).text_by_ruleset
        except ValueError:
            self._add(loc, f"numbers of the language '{self.found.language}' are not known", "Write them as words")
            return []
        return list(dict.fromkeys(text.replace("\N{SOFT HYPHEN}", "") for text in held.values()))

    def _slot(self, value: Value, loc: Loc) -> SlotValue:
        if isinstance(value, bool):
            return str(value).lower()
        if not isinstance(value, str | int):
            self._add(loc, "a slot holds one text or one whole number", "Write one value")
            return ""
        return value

    def _items(self, value: Value, loc: Loc) -> tuple[Value, ...]:
        if isinstance(value, tuple):
            return value
        self._add(loc, f"'{loc[-1]}' must be a list", "Begin each entry with '- '")
        return ()

    def _mapping(self, value: Value, loc: Loc, kind: str | None) -> Mapping[str | int, Any]:
        """Return the mapping; with a kind, unknown keys are problems."""
        if not isinstance(value, dict):
            self._add(loc, f"'{loc[-1] if loc else 'the file'}' must be a mapping", "Write keys and values: 'key: ...'")
            return {}
        for key in value if kind else ():
            if kind and str(key) not in _KNOWN[kind] | _OF_NO_CONCERN[kind]:
                self._add((*loc, key), *_strange(str(key), sorted(_KNOWN[kind])))
        return value

    def _add(self, loc: Loc, what: str, remedy: str) -> None:
        self.problems.append(self.document.problem(loc, what, remedy))


def _strange(key: str, known: list[str]) -> tuple[str, str]:
    """Return the fault of a key, and its remedy."""
    if key in ("requires_context", "excludes_context", "context"):
        return f"'{key}' asks for what goes on around the sentence: speech alone decides here", "Remove it"
    return f"the key '{key}' does nothing here", f"Known keys: {', '.join(known)}"
