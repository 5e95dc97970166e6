"""`grammars/<lang>/` becomes a LanguagePack: it reads every file before it raises the first problem."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, RootModel

from assistant.check_templates import CheckTemplates
from assistant.errors import BadFiles, Problem
from assistant.language import (
    Command,
    LanguageFile,
    LanguagePack,
    ListValue,
    Quantities,
    WishTemplates,
    WordList,
)
from assistant.messages import Intent
from assistant.questions import Answers
from assistant.safety_templates import SafetyWords
from assistant.sayings import SayingsFile
from assistant.store.library.schema import build
from assistant.store.library.yaml_file import Document, read, shown

MOST_NUMBER = 120  # the highest number that is ever spoken: minutes, repetitions, percent

Model = TypeVar("Model", bound=BaseModel)


class ListsFile(RootModel[dict[str, WordList]]):
    """The content of lists.yaml."""


class Numbers(RootModel[dict[int, str]]):
    """The content of numbers.yaml."""

    model_config = ConfigDict(strict=True)


class Replies(RootModel[dict[str, str]]):
    """The content of replies.yaml."""

    model_config = ConfigDict(strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFiles:
    """A language as its files give it, still without the lists that the library fills."""

    pack: LanguagePack
    documents: dict[str, Document]
    """`language`, `lists`, `numbers`, `replies`, and one `commands/<intent>` for each intent."""


def read_grammar(folder: Path) -> LanguageFiles:
    """Read one language's folder. Raises BadFiles with every problem of every file."""
    reader = _Reader(folder)
    language = reader.file("language", LanguageFile)
    lists = reader.file("lists", ListsFile)
    numbers = reader.file("numbers", Numbers)
    replies = reader.file("replies", Replies)
    safety = reader.file("safety", SafetyWords) if (folder / "safety.yaml").exists() else None
    answers = reader.file_or("answers", Answers())
    check_answers = reader.file_or("check_answers", CheckTemplates())
    sayings = reader.file_or("sayings", SayingsFile())
    quantities, wishes = reader.file("quantities", Quantities), reader.file("wishes", WishTemplates)
    commands = [reader.file(f"commands/{intent.value}", Command) for intent in Intent]
    reader.refuse_strangers()
    if numbers is not None:
        reader.check_numbers(numbers.root)
    if reader.problems or not (answers and check_answers and sayings):
        raise BadFiles(reader.problems)
    if not (language and lists and numbers and replies and quantities and wishes):
        raise BadFiles(reader.problems)
    pack = LanguagePack(
        code=language.code,
        name=language.name,
        commands={command.intent: command for command in commands if command},
        lists={name: _values(one, numbers.root) for name, one in lists.root.items()},
        rules=language.rules,
        numbers=numbers.root,
        quantities=quantities,
        wishes=wishes,
        answers=answers,
        check_answers=check_answers,
        sayings=sayings,
        skip_words=language.skip_words,
        never_say=language.never_say,
        safety=safety,
        replies=replies.root,
    )
    return LanguageFiles(pack=pack, documents=reader.documents)


def _values(one: WordList, numbers: dict[int, str]) -> tuple[ListValue, ...]:
    """Return the ways to say a list's values, with their slots."""
    said = [ListValue(say=numbers[number], value=number) for number in one.numbers]
    said += [ListValue(say=word, value=word) for word in one.words]
    said += [ListValue(say=say, value=value) for say, value in one.values.items()]
    return tuple(said)


class _Reader:
    """Reads the files of one folder and collects their problems."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.documents: dict[str, Document] = {}

    def file(self, name: str, model: type[Model]) -> Model | None:
        """Return one file as its model, or None after adding a problem."""
        path = self.folder / f"{name}.yaml"
        if model is Command and not path.exists():
            what = f"the intent '{Path(name).name}' has no sentence in this language"
            remedy = f"Write {name}.yaml, with the keys of commands/next.yaml"
            self.problems.append(Problem(path=shown(path), line=0, what=what, remedy=remedy))
            return None
        try:
            document = read(path, root=self.folder)
            self.documents[name] = document
            built = build(document, model)
        except BadFiles as error:
            self.problems.extend(error.problems)
            return None
        if isinstance(built, Command) and f"commands/{built.intent.value}" != name:
            what = f"the intent '{built.intent.value}' stands in the file of another one"
            self.problems.append(document.problem(("intent",), what, f"Write 'intent: {Path(name).name}'"))
        if isinstance(built, LanguageFile) and built.code != self.folder.name:
            what = f"the code '{built.code}' stands in the folder '{self.folder.name}'"
            self.problems.append(document.problem(("code",), what, "Rename one of the two"))
        return built

    def file_or(self, name: str, empty: Model) -> Model | None:
        """Return one file as its model, the empty one where a language has no such file."""
        return self.file(name, type(empty)) if (self.folder / f"{name}.yaml").exists() else empty

    def refuse_strangers(self) -> None:
        """Report a file without an intent of its name: a spelling mistake."""
        known = {intent.value for intent in Intent}
        for path in sorted((self.folder / "commands").glob("*")):
            if path.stem not in known or path.suffix != ".yaml":
                what, remedy = "there is no such intent", "Rename the file to <intent>.yaml, or remove it"
                self.problems.append(Problem(path=shown(path), line=0, what=what, remedy=remedy))

    def check_numbers(self, numbers: dict[int, str]) -> None:
        """Check that every number is there, also those in lists."""
        missing = [number for number in range(MOST_NUMBER + 1) if number not in numbers]
        if missing:
            what = f"{len(missing)} of the numbers 0 to {MOST_NUMBER} are missing, first {missing[0]}"
            self.problems.append(self.documents["numbers"].problem((), what, "Add them in words"))
        lists = self.documents["lists"].value if "lists" in self.documents else {}
        for name, one in lists.items() if isinstance(lists, dict) else ():
            wanted = one.get("numbers") if isinstance(one, dict) else ()
            for i, number in enumerate(wanted if isinstance(wanted, tuple) else ()):
                if isinstance(number, int) and number not in numbers:
                    what = f"the number {number} is not in numbers.yaml"
                    place = (str(name), "numbers", i)
                    self.problems.append(self.documents["lists"].problem(place, what, "Add it there"))
