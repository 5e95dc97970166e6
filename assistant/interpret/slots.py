"""Reads the slots of an intent from free text: times, counts, places, names, sides, ratings. Pure.

What was said is never changed into something that can be done: "wait forty minutes" is 2,400 seconds, and
`is_possible` says that nobody can. Where two values stand in a text, the last one counts, unless a word dismisses it
("fifteen instead of twenty"). The names of slots are those of the templates in `grammars/<lang>/commands/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias, TypeVar

from assistant.interpret.choices import Choices
from assistant.interpret.names import Names
from assistant.interpret.numbers import Numbers, Quantity
from assistant.interpret.phrases import written_out
from assistant.interpret.plain import Sequences, words_of
from assistant.interpret.wishes import WishWords, wish_words
from assistant.language import LanguagePack
from assistant.messages import Intent, SlotValue

Read: TypeAlias = Mapping[str, SlotValue]
Value = TypeVar("Value", bound=SlotValue)
MINUTE_S = 60

_COUNTED = frozenset({Intent.MORE_REPS, Intent.FEWER_REPS})


class SlotReader:
    """Reads slots of one language. Keeps no state between calls."""

    def __init__(self, pack: LanguagePack, words: WishWords | None = None) -> None:
        """Take the pack, with the lists that the library fills; `words`: its wish words, where they are made already.

        Raises BadTemplate for a template of the pack that cannot be read.
        """
        said = pack.quantities
        self._words = words or wish_words(pack)
        self._numbers = Numbers(pack.numbers, said)
        self._quantities = said
        self._dismissed, self._idioms = Sequences(said.dismissed), Sequences(said.idioms)
        self._adds, self._takes, self._totals = Sequences(said.adds), Sequences(said.takes), Sequences(said.totals)
        self._vague, self._place_words = Sequences(said.vague), Sequences(said.place_words)
        self._ordinals = {tuple(words_of(text)): place for text, place in said.ordinals.items()}
        self._ratings = {tuple(words_of(text)): number for text, number in said.ratings.items()}
        self._sides = {tuple(words_of(text)): side for side, texts in said.sides.items() for text in texts}
        self._not_sides, self._fine = Sequences(said.sides_dismissed), Sequences(said.fine)
        self._gap = frozenset((*said.articles, *said.adjectives, *said.name_fillers))
        self._senses_of = {
            intent: {slot: Sequences(texts) for slot, texts in slots.items()} for intent, slots in said.senses.items()
        }
        self._minutes_after = Sequences(said.minutes_after)
        self._fillers = Sequences(said.name_fillers)
        lists = pack.lists
        self._techniques, self._routines = (
            Names(lists.get(f"{kind}_described", ()), lists.get(kind, ()), said.names, self._dismissed)
            for kind in ("technique", "routine")
        )
        self._choices = Choices(self._techniques, self._routines, self._numbers, said)
        self._about = {intent: Sequences(texts) for intent, texts in said.about.items()}
        self._contents = Sequences(written_out(said.contents_asked, pack))
        self._other_questions = Sequences(written_out(said.contents_unasked, pack))
        self._readers: Mapping[Intent, Callable[[Sequence[str]], Read | None]] = {
            Intent.WAIT_FOR: self._wait,
            Intent.SHORT_SESSION: self._short,
            Intent.MORE_REPS: self._more,
            Intent.FEWER_REPS: self._fewer,
            Intent.GO_TO: self._place,
            Intent.START_ROUTINE: self._routine,
            Intent.PICK_SIDE: self._picked,
            Intent.SORER_SIDE: self._sorer,
            Intent.RATE_PAIN: self._rating,
            Intent.CHOOSE: lambda words: self._choices.read(words, is_all=False),
            Intent.WHATS_IN_IT: self._asked_about,
            Intent.TIME_LEFT: self._asked_about,
        }

    def read(self, intent: Intent, text: str) -> Read | None:
        """Return the slots of the intent, empty where it needs none or may go without; None: it needs one, unclear.

        `number` (more_reps: to add; fewer_reps: in all; go_to: place, -1 the last; rate_pain: 0 to 10, -1 none),
        `total` (more_reps), `fewer` (fewer_reps: to take away), `duration` in seconds (wait_for, short_session),
        `technique`, `routine` (a spoken name), `side` (left, right; sorer_side: both too), those of a choice
        (choices.py), and what tells two senses apart (`senses` in quantities.yaml).
        """
        senses, slots = self._senses(intent, text), self._valued(intent, text)
        if slots is None:
            return senses or None if intent in _COUNTED else None  # "half" is no number, but it can be done
        has_number = any(isinstance(value, int) for value in slots.values())
        return slots if has_number else {**slots, **senses}

    def _valued(self, intent: Intent, text: str) -> Read | None:
        reader = self._readers.get(intent)
        if reader is None:
            return {}
        words = [word.removesuffix("'s") for word in words_of(text)]
        for _, end in reversed(self._words.corrections.spans(words)):
            if found := reader(self._idioms.without(words[end:])):
                return found
        return reader(self._idioms.without(words))

    def _senses(self, intent: Intent, text: str) -> Read:
        """The slots that tell one sense of a command from another: "next clue", "what did you say"."""
        words = words_of(text)
        return {slot: 1 for slot, said in self._senses_of.get(intent, {}).items() if said.spans(words)}

    def is_possible(self, intent: Intent, slots: Read) -> bool:
        """False for a number that was understood and cannot be done: a rating of fourteen, a wait of an hour."""
        return self._quantities.allow(intent, slots)

    def named(self, text: str) -> tuple[tuple[Intent, Read], ...]:
        """The technique and the routine that the text names or describes and nothing else, and what it asks about."""
        words = self._idioms.without(words_of(text))
        held = self._asked_what_it_holds(text)
        found: list[tuple[Intent, Read]] = [] if held is None else [(Intent.WHATS_IN_IT, {"routine": held})]
        for intent, begins in self._about.items():
            rest = words[begins.starts(words) :]
            name = self._routines.find(rest) if len(rest) < len(words) else None
            if name is not None and self._routines.is_only(rest, name, self._fillers):
                found.append((intent, {"routine": name}))
        around = self._fillers | self._choices.around_one
        for intent, slot, names in (
            (Intent.GO_TO, "technique", self._techniques),
            (Intent.START_ROUTINE, "routine", self._routines),
        ):
            name = names.find(words)
            if name is not None and names.is_only(words, name, around):
                found.append((intent, {slot: name}))
        return tuple(found)

    def _asked_what_it_holds(self, text: str) -> str | None:
        """The routine of which the text asks what it holds: "what parts does the legs routine have"."""
        words = [word.removesuffix("'s") for word in words_of(text)]
        if not self._contents.starts(words_of(text)) or self._other_questions.spans(words):
            return None
        name = self._routines.find(words)
        return name if name is not None and self._routines.has_noun(words, name) else None

    def chosen(self, text: str) -> Read | None:
        """The techniques that the text chooses, where every word of it belongs to the choice."""
        return self._choices.read([word.removesuffix("'s") for word in words_of(text)])

    def _wait(self, words: Sequence[str]) -> Read | None:
        times = [one.whole for one in self._said(words) if one.has_unit]
        return {"duration": times[-1]} if times and times[-1] is not None else None

    def _short(self, words: Sequence[str]) -> Read | None:
        """Return the time; "in ten" is minutes, and no time leaves the choice to us."""
        if found := self._wait(words):
            return found
        numbers = [one.whole for one in self._said(words) if self._minutes_after.ends(words, one.start)]
        if not numbers:
            return {}
        return {"duration": numbers[-1] * MINUTE_S} if numbers[-1] is not None else None

    def _more(self, words: Sequence[str]) -> Read | None:
        one = self._count(words)
        if not isinstance(one, Quantity) or one.whole is None:
            return {} if one is None else None
        is_added = any(self._adds.starts(words, at) for at in (one.end, one.end + 1))
        is_total = self._totals.ends(words, one.start)
        is_more = is_added or (not is_total and self._adds.spans(words))
        return {"number" if is_more else "total": one.whole}

    def _fewer(self, words: Sequence[str]) -> Read | None:
        one = self._count(words)
        if not isinstance(one, Quantity) or one.whole is None:
            return {} if one is None else None
        is_less = any(self._takes.starts(words, at) for at in (one.end, one.end + 1))
        is_less = is_less or bool(self._takes.ends(words, one.start) and not self._totals.ends(words, one.start))
        return {"fewer" if is_less else "number": one.whole}

    def _count(self, words: Sequence[str]) -> Quantity | str | None:
        """Return the last number of repetitions; None where none is said, a word where it is said unclearly."""
        all_said = [one for one in self._numbers.read(words) if not one.has_unit and self._is_count(words, one)]
        said = [one for one in all_said if not self._is_dismissed(words, one)]
        vague = self._vague.spans(words)
        if vague and not (said and said[-1].start >= vague[-1][0]):  # "half a dozen"
            return "vague"
        if said:
            return said[-1]
        return "dismissed" if all_said else None

    def _is_count(self, words: Sequence[str], one: Quantity) -> bool:
        """Tell the "one" of "one more" from the one of "the short one"."""
        after = self._adds.starts(words, one.end) or self._takes.starts(words, one.end)
        return not _is_bare_one(one) or bool(after or self._totals.ends(words, one.start))

    def _place(self, words: Sequence[str]) -> Read | None:
        numbers = [one for one in self._numbers.read(words) if not one.has_unit]
        placed = [one.whole for one in numbers if self._place_words.ends(words, one.start)]
        if placed:
            return {"number": placed[-1]} if placed[-1] is not None else None
        name = self._techniques.find(words)
        if name is not None:
            return {"technique": name}
        places = [value for _, value in _found(self._ordinals, words)]
        if places:
            return {"number": places[-1]}
        alone = [one.whole for one in numbers if self._is_count(words, one) and not self._is_dismissed(words, one)]
        return {"number": alone[-1]} if alone and alone[-1] is not None else None

    def _routine(self, words: Sequence[str]) -> Read | None:
        name = self._routines.find(words)
        return None if name is None else {"routine": name}

    def _asked_about(self, words: Sequence[str]) -> Read:
        """Return the routine that a question names; none asks about the present one."""
        name = self._routines.find(words)
        return {"routine": name} if name is not None and self._routines.has_noun(words, name) else {}

    def _picked(self, words: Sequence[str]) -> Read | None:
        sides = [side for side in self._sides_said(words) if side != "both"]
        return {"side": sides[-1]} if sides else None

    def _sorer(self, words: Sequence[str]) -> Read | None:
        sides = self._sides_said(words)
        return {"side": sides[-1]} if sides else None

    def _sides_said(self, words: Sequence[str]) -> list[str]:
        return [
            side
            for (start, end), side in _found(self._sides, words)
            if not self._fine.starts(words, end) and not self._is_after(self._not_sides, words, start)
        ]

    def _rating(self, words: Sequence[str]) -> Read | None:
        """The last number; none of several that follow one another: "two, three" is said by who counts along."""
        numbers = [((one.start, one.end), one.whole) for one in self._said(words) if not one.has_unit]
        if any(one[0][1] == other[0][0] for one, other in pairwise(numbers)):
            return None
        said = sorted([*numbers, *_found(self._ratings, words)], key=lambda one: one[0])
        return {"number": said[-1][1]} if said and said[-1][1] is not None else None

    def _said(self, words: Sequence[str]) -> list[Quantity]:
        return [one for one in self._numbers.read(words) if not self._is_dismissed(words, one)]

    def _is_dismissed(self, words: Sequence[str], one: Quantity) -> bool:
        return self._is_after(self._dismissed, words, one.start)

    def _is_after(self, some: Sequences, words: Sequence[str], at: int) -> bool:
        """Tell whether one of `some` ends before `at`, with articles and the like between."""
        while at > 0 and not some.ends(words, at) and words[at - 1] in self._gap:
            at -= 1
        return bool(some.ends(words, at))


def _found(known: Mapping[tuple[str, ...], Value], words: Sequence[str]) -> list[tuple[tuple[int, int], Value]]:
    """Each of the known sequences in the words, longest first, with its value."""
    spans = Sequences(" ".join(one) for one in known).spans(words)
    return [((start, end), known[tuple(words[start:end])]) for start, end in spans]


def _is_bare_one(one: Quantity) -> bool:
    return one.whole == 1 and one.end - one.start == 1 and not one.has_unit
