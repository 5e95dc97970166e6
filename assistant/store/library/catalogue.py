"""routines/ and the person's own folder become a Library. Ours must be valid; invalid files of theirs are left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from assistant.errors import BadFiles, Problem, UnknownName
from assistant.language import LanguagePack, ListValue
from assistant.routine import Library, Routine, RoutineWords, Technique, TechniqueWords, misfits
from assistant.screening import SafetyCheck
from assistant.store.library.grammars import read_grammar
from assistant.store.library.schema import build, problem_at
from assistant.store.library.yaml_file import Document, read, shown

MOST_FILES = 200  # in one folder of the person's; more is a mistake, not a collection of routines. Our figure
MOST_NAMES = 300  # spoken names of a person's files: each becomes seven phrases, and phrases are limited
NOT_ROUTINES = frozenset({"settings.yaml"})  # may stand beside them in the person's folder

_PACKAGE = Path(__file__).resolve().parents[2]
_CODE = re.compile(r"[a-z]{2}")
LibraryItem = TypeVar("LibraryItem", Technique, Routine)
Made = TypeVar("Made", Technique, Routine, SafetyCheck)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Everything that was read and is valid, and the problems of what was left out."""

    library: Library
    pack: LanguagePack
    """The pack, with the lists `number`, `routine` and `technique` filled."""
    problems: tuple[Problem, ...]
    """Problems of the person's own files only; ours raise."""
    documents: Mapping[str, Document] = field(repr=False)
    """Each file by its kind and name: `language`, `lists`, `commands/<intent>`, `technique/<id>`, `routine/<id>`."""


def load(language: str = "en", *, user_folder: Path | None = None, home: Path | None = None) -> Loaded:
    """Read our files and the person's. `home` holds grammars/ and routines/; without it, the shipped ones are read.

    Raises UnknownName for an unknown language, and BadFiles where one of our own files is wrong.
    """
    home = home or home_folder()
    if not _CODE.fullmatch(language) or not (home / "grammars" / language).is_dir():
        known = sorted(path.name for path in (home / "grammars").glob("*") if _CODE.fullmatch(path.name))
        raise UnknownName(f"the language '{language}' is not there", remedy=f"Languages: {', '.join(known) or 'none'}")
    problems: list[Problem] = []
    try:
        grammar = read_grammar(home / "grammars" / language)
    except BadFiles as error:
        problems.extend(error.problems)
        grammar = None
    loaded = Catalogue(language, grammar.pack if grammar else None)
    loaded.put(home / "routines", (home / "routines",), is_users=False)
    screening = loaded.screening(home / "routines" / "safety" / "screening.yaml", home / "routines")
    problems.extend(loaded.problems)
    if problems or grammar is None or screening is None:
        raise BadFiles(problems)
    if user_folder is not None and user_folder.is_dir():
        loaded.put(user_folder, (user_folder, user_folder / "routines"), is_users=True)
    library = Library(
        language=language,
        techniques=loaded.techniques,
        routines=loaded.routines,
        screening=screening,
        answers=grammar.pack.answers,
    )
    return Loaded(
        library=library,
        pack=grammar.pack.model_copy(update={"lists": {**grammar.pack.lists, **_names(grammar.pack, library)}}),
        problems=tuple(loaded.problems),
        documents={**grammar.documents, **loaded.documents},
    )


def home_folder() -> Path:
    """Return the folder of our own files: inside the package of a wheel, beside the package in a checkout."""
    shipped = _PACKAGE / "shipped"
    return shipped if shipped.is_dir() else _PACKAGE.parent


def _names(pack: LanguagePack, library: Library) -> dict[str, tuple[ListValue, ...]]:
    """Return the lists that the library fills."""
    routines = [one.words[library.language] for one in library.routines.values()]
    techniques = [one.words[library.language] for one in library.techniques.values()]
    return {
        "number": tuple(ListValue(say=words, value=number) for number, words in sorted(pack.numbers.items())),
        "routine": _spoken(routines),
        "technique": _spoken(techniques),
        "routine_described": _described(routines),
        "technique_described": _described(techniques),
    }


def _spoken(all_words: Iterable[RoutineWords | TechniqueWords]) -> tuple[ListValue, ...]:
    """Return each spoken name with the first one as its value: one thing has one value, however it is called."""
    return tuple(ListValue(say=name, value=one.spoken_names[0]) for one in all_words for name in one.spoken_names)


def _described(all_words: Sequence[RoutineWords | TechniqueWords]) -> tuple[ListValue, ...]:
    """Return each name and description once, with the first spoken name as its value; of two alike a name wins."""
    known: dict[str, str] = {}
    for said in (
        lambda words: words.spoken_names,
        lambda words: (words.title if isinstance(words, RoutineWords) else words.name,),
        lambda words: words.descriptions,
    ):
        for words in all_words:
            for one in said(words):
                known.setdefault(one, words.spoken_names[0])
    return tuple(ListValue(say=say, value=value) for say, value in known.items())


def _asked_for_by(words: RoutineWords | TechniqueWords) -> Iterable[tuple[tuple[str, int], str]]:
    """Yield each name and description with its key and its number there."""
    for key in ("spoken_names", "descriptions"):
        yield from (((key, i), name) for i, name in enumerate(getattr(words, key)))


class Catalogue:
    """Collects techniques and routines; a file with a problem is left out, and its problems are kept."""

    def __init__(self, language: str, pack: LanguagePack | None) -> None:
        """Take the pack; without one (because it is broken itself) the wording is not checked."""
        self.language = language
        self.pack = pack
        self.techniques: dict[str, Technique] = {}
        self.routines: dict[str, Routine] = {}
        self.documents: dict[str, Document] = {}
        self.problems: list[Problem] = []
        self.names = 0

    def put(self, root: Path, routine_folders: Iterable[Path], *, is_users: bool) -> None:
        """Add `root`/techniques/*.yaml, and the routines directly in these folders."""
        for path in self._files(root / "techniques"):
            self.technique(path, root, is_users=is_users)
        for folder in routine_folders:
            for path in self._files(folder):
                self.routine(path, root, is_users=is_users)

    def technique(self, path: Path, root: Path, *, is_users: bool) -> None:
        """Add one technique, or its problems."""
        made = self._made(path, root, Technique)
        if made is None:
            return
        technique, document = made
        found = self._about(technique, document, self.techniques, is_users=is_users)
        for code, words in technique.words.items():
            found += self._wording(document, {f"words.{code}.{at}": text for at, text in words.texts().items()}, code)
        found += self._picture(document, technique)
        if self._keep(found):
            self.techniques[technique.id] = technique
            self.documents[f"technique/{technique.id}"] = document

    def _picture(self, document: Document, technique: Technique) -> list[Problem]:
        """Return the faults between a technique and its picture, and in the picture's words."""
        if (picture := technique.picture) is None:
            return []
        directions = 1 if technique.turns_at == "never" else 2
        wrong = picture.misfits(set(technique.words), directions, has_sides=technique.sides != "none")
        found = [problem_at(document, message, "Change it, or the technique") for message in wrong]
        for code in technique.words:
            found += self._wording(document, picture.texts(code), code)
        return found

    def routine(self, path: Path, root: Path, *, is_users: bool) -> None:
        """Add one routine, or its problems."""
        made = self._made(path, root, Routine)
        if made is None:
            return
        routine, document = made
        found = self._about(routine, document, self.routines, is_users=is_users)
        for code, words in routine.words.items():
            found += self._wording(document, {f"words.{code}.title": words.title}, code)
        for message in misfits(routine, self.techniques):
            found.append(problem_at(document, message, "Change it, or the technique"))
        if ("is_users",) in document.lines:
            found.append(document.problem(("is_users",), "'is_users' is not for files", "Remove the line"))
        if self._keep(found):
            self.routines[routine.id] = routine.model_copy(update={"is_users": is_users})
            self.documents[f"routine/{routine.id}"] = document

    def screening(self, path: Path, root: Path) -> SafetyCheck | None:
        """Read the safety questions; only ours are ever read."""
        made = self._made(path, root, SafetyCheck)
        if made is None:
            return None
        questions, document = made
        found = []
        places: list[tuple[str | int, ...]] = [("questions", i) for i in range(len(questions.questions))]
        for place, question in zip((*places, ("since",)), (*questions.questions, questions.since), strict=True):
            if self.language not in question.words or self.language not in question.explained:
                what = f"words for the language '{self.language}' are missing"
                remedy = f"Add '{self.language}:' under 'words' and 'explained'"
                found.append(document.problem(place, what, remedy))
        self.documents["safety/screening"] = document
        return questions if self._keep(found) else None

    def _files(self, folder: Path) -> list[Path]:
        """Return the YAML files directly in a folder, sorted by name."""
        found = sorted(path for path in folder.glob("*.y*ml") if path.name not in NOT_ROUTINES)
        for path in found:
            if path.suffix != ".yaml":
                self._note(path, "only files that end in .yaml are read", f"Rename it to {path.stem}.yaml")
        if len(found) > MOST_FILES:
            self._note(folder, f"the folder holds {len(found)} files, {MOST_FILES} are read", "Move some elsewhere")
        return [path for path in found if path.suffix == ".yaml"][:MOST_FILES]

    def _note(self, path: Path, what: str, remedy: str) -> None:
        self.problems.append(Problem(path=shown(path), line=0, what=what, remedy=remedy))

    def _keep(self, found: list[Problem]) -> bool:
        self.problems.extend(found)
        return not found

    def _made(self, path: Path, root: Path, model: type[Made]) -> tuple[Made, Document] | None:
        try:
            document = read(path, root=root)
            return build(document, model), document
        except BadFiles as error:
            self.problems.extend(error.problems)
            return None

    def _about(
        self, item: Technique | Routine, document: Document, others: Mapping[str, LibraryItem], *, is_users: bool
    ) -> list[Problem]:
        """Check id, file name, language and spoken names for conflicts with the items already there."""
        found: list[Problem] = []
        stem = Path(document.path).stem
        if item.id != stem:
            what = f"the id is '{item.id}', the file's name is '{stem}'"
            found.append(document.problem(("id",), what, "Make them equal"))
        if item.id in others:
            remedy = "Choose another id: what is already there cannot be replaced"
            found.append(document.problem(("id",), f"the id '{item.id}' is already taken", remedy))
        if self.language not in item.words:
            what = f"words for the language '{self.language}' are missing"
            found.append(document.problem(("words",), what, f"Add '{self.language}:' under 'words'"))
            return found
        self.names += len(item.words[self.language].spoken_names) if is_users else 0
        if self.names > MOST_NAMES:
            what = f"your files have more than {MOST_NAMES} spoken names"
            found.append(document.problem(("words", self.language), what, "Give fewer names, or move files elsewhere"))
        return [*found, *self._taken(item, document, others, is_users=is_users)]

    def _taken(
        self, item: Technique | Routine, document: Document, others: Mapping[str, LibraryItem], *, is_users: bool
    ) -> Iterable[Problem]:
        """Report names and descriptions that mean something else already, or stand twice.

        A description of ours in a person's file, which may begin as a copy, goes on meaning ours.
        """
        taken = {name: one.id for one in others.values() for _, name in _asked_for_by(one.words[self.language])}
        mine = list(_asked_for_by(item.words[self.language]))
        for i, ((key, at), name) in enumerate(mine):
            kind = "spoken name" if key == "spoken_names" else "description"
            place = ("words", self.language, key, at)
            if taken.get(name, item.id) != item.id and (key == "spoken_names" or not is_users):
                yield document.problem(place, f"the {kind} '{name}' already means '{taken[name]}'", "Choose another")
            if name in (earlier for _, earlier in mine[:i]):
                yield document.problem(place, f"the {kind} '{name}' stands here twice", "Remove one")

    def _wording(self, document: Document, texts: Mapping[str, str], code: str) -> list[Problem]:
        """Return problems for words that are never said, in texts of the pack's language."""
        if self.pack is None or code != self.pack.code:
            return []
        found = []
        for place, text in texts.items():
            words = self.pack.forbidden_in(text)
            if words is not None:
                remedy = "Promise nothing, name no illness, push nobody: say what to do"
                found.append(problem_at(document, f"{place} says '{words}'", remedy))
        return found
