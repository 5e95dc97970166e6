"""Validates every file, ours and the person's: faults of one file (the reader's), and faults between files.

The reader (`store/library`) checks each file. This module compares files: templates become phrases, and phrases,
examples, near misses, replies and the ears' dictionaries are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant.errors import BadFiles, BadTemplate, Problem, UnknownName
from assistant.interpret import MOST_PHRASES, SlotReader, expand_template, names_in, without_names_of_commands
from assistant.language import LanguagePack
from assistant.messages import Intent, Phrase
from assistant.sentence import speakable
from assistant.store.library import Loaded, load
from assistant.store.library.catalogue import home_folder
from assistant.store.library.yaml_file import Document
from assistant.terminal.check.free_text import not_possible, not_told_apart
from assistant.terminal.check.intents import without_reply, without_row
from assistant.terminal.check.words import EarAnswers, Here, PlacedPhrase, Unheard, unheard

LEAST_PHRASES = 5  # of one intent: people do not all say the same (docs/voice-ui.md, "Commands")

_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_FILLED = frozenset({"number", "routine", "technique", "routine_described", "technique_described"})
"""Lists that come from the library: they may stay unused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The number of checked files, and all their problems."""

    problems: tuple[Problem, ...]
    """Sorted by path and line."""
    warnings: tuple[Problem, ...] = ()
    """Faults that do not matter, but could be heard better; in the same order."""
    techniques: int = 0
    routines: int = 0
    commands: int = 0
    phrases: int = 0

    def summary(self) -> str:
        """Return one line: "8 techniques, 4 routines, 32 commands, 1,309 phrases: all good"."""
        verdict = "all good" if not self.problems else _plural(len(self.problems), "problem")
        verdict += f", {_plural(len(self.warnings), 'warning')}" if self.warnings else ""
        counts = (self.techniques, "technique"), (self.routines, "routine"), (self.commands, "command")
        said = [_plural(count, noun) for count, noun in counts] if self.commands else []
        return f"{', '.join([*said, _plural(self.phrases, 'phrase')])}: {verdict}" if said else verdict


def check_all(
    *,
    language: str = "en",
    home: Path | None = None,
    user_folder: Path | None = None,
    ears: Sequence[EarAnswers] = (),
) -> Checked:
    """Check our files and the person's; the `ears` report the words that they cannot hear.

    Never raises for a file's content. Raises UnknownName for an unknown language.
    """
    try:
        loaded = load(language, user_folder=user_folder, home=home)
    except BadFiles as error:
        return Checked(problems=_sorted([*error.problems, *without_row()]))
    problems, words = check_pack(loaded, ears)
    return Checked(
        problems=_sorted([*loaded.problems, *problems, *words.problems]),
        warnings=_sorted(words.warnings),
        techniques=len(loaded.library.techniques),
        routines=len(loaded.library.routines),
        commands=len(loaded.pack.commands),
        phrases=len(_without_names_of_commands(loaded, [])),
    )


def check_path(path: Path, *, language: str = "en", ears: Sequence[EarAnswers] = ()) -> Checked:
    """Check one file or folder: ours, a folder with grammars/ and routines/, or a person's folder or file.

    Raises UnknownName where there is nothing.
    """
    if not path.exists():
        raise UnknownName("there is no such file or folder", where=str(path), remedy="Check its name")
    home = home_folder()
    if path.is_dir() and (path / "grammars").is_dir():
        return check_all(language=language, home=path, ears=ears)
    if any(path.resolve().is_relative_to(home / part) for part in ("grammars", "routines")):
        return _only(check_all(language=language, ears=ears), path)
    folder = path if path.is_dir() else path.parent
    if folder.name in ("techniques", "routines"):
        folder = folder.parent
    if path.is_file() and path.suffix != ".yaml":
        remedy = "Only files that end in .yaml are read"
        return Checked(problems=(Problem(path=str(path), line=0, what="this is not read", remedy=remedy),))
    return _only(check_all(language=language, user_folder=folder, ears=ears), path)


def check_pack(loaded: Loaded, ears: Sequence[EarAnswers] = ()) -> tuple[list[Problem], Unheard]:
    """Return the problems between commands, lists, replies and names of a language, and the words not heard."""
    problems: list[Problem] = []
    by_text: dict[str, Phrase] = {}
    count = dict.fromkeys(Intent, 0)
    placed = _without_names_of_commands(loaded, problems)
    for phrase, problem_here in placed:
        other = by_text.setdefault(phrase.text, phrase)
        count[phrase.intent] += 1
        if (other.intent, dict(other.slots)) != (phrase.intent, dict(phrase.slots)):
            what = f"'{phrase.text}' already means {_meaning(other)}, here {_meaning(phrase)}"
            problems.append(problem_here(what, "Take it out of one of the two"))
    problems += _examples(loaded, by_text, count)
    problems += _unused(loaded)
    problems += _replies(loaded)
    problems += _free_text(loaded)
    problems += [*without_row(), *without_reply(loaded)]
    if sum(count.values()) > MOST_PHRASES:
        what = f"there are {sum(count.values()):,} phrases, the most is {MOST_PHRASES:,}"
        problems.append(Problem(path="grammars", line=0, what=what, remedy="Use fewer alternatives, or shorter lists"))
    return problems, unheard(loaded, placed, ears)


def _phrases(loaded: Loaded, problems: list[Problem]) -> Iterator[PlacedPhrase]:
    """Yield each phrase once for each meaning, with a maker of problems at its template; report bad templates."""
    pack = loaded.pack
    seen = set()
    for intent, command in pack.commands.items():
        document = loaded.documents[f"commands/{intent.value}"]
        for i, template in enumerate(command.sentences):
            here = _at(document, i)
            try:
                for text, slots in expand_template(template, pack.lists, pack.rules):
                    key = (text, intent, tuple(sorted(slots.items())))
                    if key not in seen:
                        seen.add(key)
                        yield Phrase(text=text, intent=intent, slots=slots), here
            except BadTemplate as error:
                problems.append(here(error.what, error.remedy))


def _without_names_of_commands(loaded: Loaded, problems: list[Problem]) -> tuple[PlacedPhrase, ...]:
    """The phrases that a session has: a name alone gives way to a command that is said alike."""
    every = tuple(_phrases(loaded, problems))
    kept = set(map(id, without_names_of_commands((phrase for phrase, _ in every), loaded.pack)))
    return tuple(one for one in every if id(one[0]) in kept)


def _at(document: Document, i: int) -> Here:
    return partial(document.problem, ("sentences", i))


def _examples(loaded: Loaded, by_text: dict[str, Phrase], count: dict[Intent, int]) -> Iterator[Problem]:
    """Report examples and near misses that are understood wrongly, and intents with too few phrases."""
    for intent, command in loaded.pack.commands.items():
        document = loaded.documents[f"commands/{intent.value}"]
        for i, example in enumerate(command.examples):
            wanted = Phrase(text=example.say, intent=intent, slots=example.slots)
            found = by_text.get(example.say)
            if found is None or (found.intent, dict(found.slots)) != (intent, dict(example.slots)):
                means = _meaning(found) if found else "nothing"
                what = f"the example '{example.say}' means {means}, not {_meaning(wanted)}"
                yield document.problem(("examples", i), what, "Add a sentence for it, or mend its slots")
        for i, miss in enumerate(command.near_misses):
            if miss in by_text and by_text[miss].intent is intent:
                what = f"the near miss '{miss}' is understood as {intent.value}"
                yield document.problem(("near_misses", i), what, "Narrow the sentences, or remove it")
        if count[intent] < LEAST_PHRASES:
            what = f"{intent.value} can be said in {count[intent]} ways, the least is {LEAST_PHRASES}"
            yield document.problem(("sentences",), what, "Add how people say it")


def _unused(loaded: Loaded) -> Iterator[Problem]:
    """Report lists and rules that no template mentions: a misspelt or a forgotten name."""
    pack = loaded.pack
    lists: set[str] = set(_FILLED)
    rules: set[str] = set()
    for template in (*(one for command in pack.commands.values() for one in command.sentences), *pack.rules.values()):
        try:
            its_lists, its_rules = names_in(template)
        except BadTemplate:
            continue  # reported where the phrases are made
        lists |= its_lists
        rules |= its_rules
    for name in sorted(pack.lists.keys() - lists):
        yield loaded.documents["lists"].problem((name,), f"no sentence uses the list '{name}'", "Remove it")
    for name in sorted(pack.rules.keys() - rules):
        yield loaded.documents["language"].problem(("rules", name), f"no sentence uses the rule <{name}>", "Remove it")


def _free_text(loaded: Loaded) -> Iterator[Problem]:
    """Report what free text cannot tell apart; a template that cannot be read leaves it unchecked, and is told."""
    try:
        reader = SlotReader(loaded.pack)
    except BadTemplate as error:
        place = f"grammars/{loaded.pack.code}/wishes.yaml"
        yield Problem(path=place, line=0, what=error.what, remedy=error.remedy)
        return
    yield from not_told_apart(loaded, reader)
    yield from not_possible(loaded, reader)


def _replies(loaded: Loaded) -> Iterator[Problem]:
    """Report replies and answers that no voice can say, that promise too much, or that have odd placeholders."""
    document = loaded.documents["replies"]
    for key, text in loaded.pack.replies.items():
        for what, remedy in _unspeakable(loaded.pack, text):
            yield document.problem((key,), f"'{key}': {what}", remedy)
    for place, text in loaded.pack.answers.texts().items():
        for what, remedy in _unspeakable(loaded.pack, text):
            yield loaded.documents["answers"].problem(tuple(place.split(".")[:-1]), f"'{place}': {what}", remedy)


def _unspeakable(pack: LanguagePack, text: str) -> Iterator[tuple[str, str]]:
    """Yield what keeps a reply from being spoken, with a remedy."""
    if set("{}") & set(_PLACEHOLDER.sub("", text)):
        yield "a placeholder is not plain", "Write placeholders as {lower_case}"
        return
    try:
        speakable(text)
    except ValueError as error:
        what, _, remedy = str(error).partition(": ")
        yield what, remedy.capitalize()
    words = pack.forbidden_in(text)
    if words is not None:
        yield f"this says '{words}'", "Promise nothing, name no illness, push nobody: say what to do"


def _only(checked: Checked, path: Path) -> Checked:
    """Return the same with this file's or folder's problems only, and those that prevent checking it."""
    wanted = path.resolve()
    kept, warned = (
        tuple(one for one in found if Path(one.path).resolve().is_relative_to(wanted))
        for found in (checked.problems, checked.warnings)
    )
    return Checked(
        problems=kept if checked.commands else checked.problems,
        warnings=warned,
        techniques=checked.techniques,
        routines=checked.routines,
        commands=checked.commands,
        phrases=checked.phrases,
    )


def _sorted(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda one: (one.path, one.line, one.what)))


def _meaning(phrase: Phrase) -> str:
    slots = ", ".join(f"{name}: {value}" for name, value in phrase.slots.items())
    return f"{phrase.intent.value} {{{slots}}}" if slots else phrase.intent.value


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
