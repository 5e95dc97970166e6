"""Reads which techniques a person chooses: "the kidney point and the pounding, ten each", "all but the legs". Pure.

Every word must be a name, a number, or one of the words that stand around a choice, so that talk chooses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.interpret.names import Names
from assistant.interpret.numbers import Numbers, Quantity
from assistant.interpret.plain import Sequences, words_of
from assistant.language import Quantities
from assistant.messages import SlotValue

BETWEEN = ", "  # between the names in a slot


@dataclass(slots=True)
class _Said:
    """The part of a text that was read so far."""

    chosen: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    routines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    is_only: bool = False
    is_leaving: bool = False
    """True after "without": the names that follow are left out."""

    def name(self, name: str) -> None:
        """Add a technique to what is chosen, or to what is left out."""
        kept = self.left_out if self.is_leaving else self.chosen
        if name not in kept:
            kept.append(name)

    def slots(self) -> dict[str, SlotValue] | None:
        """Return what was chosen; None for a bare name, which is another command, and for two doses or routines."""
        if len(self.routines) > 1 or len(set(self.numbers)) > 1 or set(self.chosen) & set(self.left_out):
            return None
        is_several = self.is_only or len(self.chosen) > 1
        if not (self.left_out or (self.numbers and (self.chosen or self.routines)) or (self.chosen and is_several)):
            return None
        found: dict[str, SlotValue] = {}
        for key, names in (("only", self.chosen), ("without", self.left_out), ("routine", self.routines)):
            if names:
                found[key] = BETWEEN.join(names)
        return {**found, "number": self.numbers[0]} if self.numbers else found


class Choices:
    """The words of choosing in one language. Keeps no state between calls."""

    def __init__(self, techniques: Names, routines: Names, numbers: Numbers, words: Quantities) -> None:
        """Take the names, and the words that stand around them."""
        said = words.choosing
        self._techniques, self._routines, self._numbers = techniques, routines, numbers
        self._only, self._without, self._without_next = map(Sequences, (said.only, said.without, said.without_next))
        self._toward = Sequences(said.toward)
        self._parts = {tuple(words_of(text)): part for part, texts in said.parts.items() for text in texts}
        self._part_names = Sequences(" ".join(one) for one in self._parts)
        self._fillers = Sequences((*said.fillers, *words.names, *words.name_fillers))
        self._place_words = Sequences(words.place_words)
        self._ordinals = {tuple(words_of(text)): place for text, place in words.ordinals.items()}
        self._ordinal_words = Sequences(words.ordinals)
        self._nouns, self._joins = Sequences(words.names), Sequences(words.and_words)

    @property
    def around_one(self) -> Sequences:
        """Words that may stand around a single name and change nothing: "just the legs routine"."""
        return self._only

    def read(self, words: Sequence[str], *, is_all: bool = True) -> dict[str, SlotValue] | None:
        """Return what is chosen: `only`, `without` (names), `routine`, `number` (each); None for no choice.

        `is_all`: every word must belong to it; else other words are passed over.
        """
        said = _Said()
        numbers = {one.start: one for one in self._numbers.read(words) if not one.has_unit and one.whole}
        at = 0
        while at < len(words):
            end = self._marked(words, at, said) or self._named(words, at, said)
            end = end or self._placed(words, at, said, numbers) or self._counted(words, at, said, numbers)
            end = end or at + self._fillers.starts(words, at)
            if end == at:
                if is_all:
                    return None
                end = at + 1
            at = end
        return said.slots()

    def _marked(self, words: Sequence[str], at: int, said: _Said) -> int:
        """Return the place after "only" or "without"; 0 where neither stands here."""
        if length := self._without.starts(words, at):
            if self._toward.starts(words, at + length):
                return 0  # "skip to the pounding" goes there
            said.is_leaving = True
            return at + length
        if length := self._only.starts(words, at):
            said.is_only, said.is_leaving = True, False
            return at + length
        length = self._without_next.starts(words, at)
        if length and (self._part_names.starts(words, at + length) or self._techniques.at(words, at + length)):
            said.is_leaving = True
            return at + length
        return 0

    def _named(self, words: Sequence[str], at: int, said: _Said) -> int:
        """Return the place after the longest name that stands here; 0 for none, and for a doubt between two."""
        technique, routine = self._techniques.at(words, at), self._routines.at(words, at)
        part = at + self._part_names.starts(words, at) if said.is_leaving else 0
        if technique is not None and technique.end >= max(part, routine.end if routine else 0):
            said.name(technique.value)
            return technique.end
        if part > at:
            said.name(self._parts[tuple(words[at:part])])
            return part
        if routine is not None and not said.is_leaving:
            said.routines.append(routine.value)
            return routine.end
        return 0

    def _placed(self, words: Sequence[str], at: int, said: _Said, numbers: dict[int, Quantity]) -> int:
        """Return the place after "number four", "the third one", "the first three"; an order ("first the") is none."""
        length = self._place_words.starts(words, at)
        if length and (number := numbers.get(at + length)) is not None:
            said.name(str(number.whole))
            return number.end
        end = at + self._ordinal_words.starts(words, at)
        place = self._ordinals.get(tuple(words[at:end]))
        if place is None:
            return 0
        number = numbers.get(end)
        if number is not None and number.whole and number.whole > 1:
            first = place if place > 0 else -number.whole
            for one in range(first, first + number.whole):
                said.name(str(one))
            return number.end
        if end == len(words) or self._nouns.starts(words, end) or self._joins.starts(words, end):
            said.name(str(place))
        return end

    def _counted(self, words: Sequence[str], at: int, said: _Said, numbers: dict[int, Quantity]) -> int:
        """Return the place after a number of repetitions, the dose of each; the "one" of "the kidney one" is none."""
        number = numbers.get(at)
        if number is None or number.whole is None or (number.whole == 1 and self._fillers.starts(words, at)):
            return 0
        said.numbers.append(number.whole)
        return number.end
