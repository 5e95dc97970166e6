"""One walk through the whole dialogue, for every test that looks at what can be reached: it takes about a minute."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from assistant.language import LanguagePack
from assistant.respond.places import place_of
from assistant.respond.states import Opening, State
from assistant.routine import Library
from assistant.terminal.documents.reachable_states import Change, Step, changes, steps

FLAGS = ("does", "goes_on", "trouble", "is_open", "is_in_count")


@dataclass(frozen=True, kw_only=True)
class Walk:
    changes: frozenset[Change]
    states: tuple[State, ...]
    """One state of each kind that was met, with what is behind it, its pains and its flags."""


def walk(library: Library, pack: LanguagePack) -> Walk:
    states: dict[Hashable, State] = {}

    def seen() -> Iterator[Step]:
        for step in steps(library, pack):
            for state in (step[0].state, step[2].state):
                if not isinstance(state, Opening):
                    states.setdefault(_kind(state), state)
            yield step

    return Walk(changes=changes(library, seen()), states=tuple(states.values()))


def _kind(state: State) -> Hashable:
    inner = getattr(state, "back", None) or getattr(state, "before", None)
    pains = getattr(place_of(state), "pains", None)
    return type(state), type(inner), pains, *(getattr(state, flag, None) for flag in FLAGS)
