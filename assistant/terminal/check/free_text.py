"""Finds names and descriptions that free text cannot tell apart, and examples that ask for more than can be done."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.errors import Problem
from assistant.interpret import SlotReader
from assistant.messages import Intent
from assistant.routine import Routine, Technique
from assistant.store.library import Loaded


def not_told_apart(loaded: Loaded, reader: SlotReader) -> Iterator[Problem]:
    """Every name or description of a technique or a routine that does not lead to it.

    A description that is another thing's too, as in a person's copy of ours, was given to one of the two.
    """
    library = loaded.library
    techniques, routines = library.techniques, library.routines
    for kind, intent, things, called in (
        ("technique", Intent.GO_TO, techniques, library.technique_called),
        ("routine", Intent.START_ROUTINE, routines, library.routine_called),
    ):
        for one in things.values():
            given = {
                value.say for value in loaded.pack.lists[f"{kind}_described"] if called(str(value.value)) == one.id
            }
            for key, i, said in _asked_for_by(one, library.language):
                if said not in given:
                    continue
                found = (reader.read(intent, said) or {}).get(kind)
                if found is None or called(str(found)) != one.id:
                    what = f"'{said}' means {f'the {kind} {found!r}' if found else 'nothing'} in a sentence"
                    place = ("words", library.language, key, i)
                    yield loaded.documents[f"{kind}/{one.id}"].problem(place, what, "Use words that no other has")


def not_possible(loaded: Loaded, reader: SlotReader) -> Iterator[Problem]:
    """Every example of a command whose number is beyond the limits in quantities.yaml."""
    for intent, command in loaded.pack.commands.items():
        for i, example in enumerate(command.examples):
            if not reader.is_possible(intent, example.slots):
                document = loaded.documents[f"commands/{intent.value}"]
                what = f"the example '{example.say}' is more than can be done"
                yield document.problem(("examples", i), what, "Change it, or 'limits' in quantities.yaml")


def _asked_for_by(one: Technique | Routine, language: str) -> Iterator[tuple[str, int, str]]:
    words = one.words[language]
    for key, said in (("spoken_names", words.spoken_names), ("descriptions", words.descriptions)):
        yield from ((key, i, text) for i, text in enumerate(said))
