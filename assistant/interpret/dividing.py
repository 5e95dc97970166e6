"""Decides whether a sentence is one wish, two in one breath, or one that takes the place of another. Pure.

The words around and between wishes are those of wishes.py; what a part means, and how surely, is told by the caller.
A part that is only likely counts beside one that is sure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.interpret.agreeing import agreed, is_sure_wish
from assistant.interpret.meaning import Guess
from assistant.interpret.weighing import (
    ANSWERS,
    IDLE,
    INFORMS,
    NOTHING,
    QUESTIONS,
    SETS_GOING,
    Decided,
    Wanted,
    are_two,
    as_done,
    intents,
    joined,
    with_calm,
)
from assistant.interpret.wishes import WishWords, corrected, halved, split
from assistant.messages import SAFETY, Intent, Said

AFTER_A_DOSE = frozenset({Intent.NEXT, Intent.DONE, Intent.SWITCH_SIDES})
"""Wishes that come by themselves once a dose is done."""


@dataclass(frozen=True, slots=True)
class Divider:
    """One utterance, with what its parts mean."""

    words: WishWords
    is_phrase: Callable[[str], bool]
    read: Callable[[str], Decided]
    """The meaning of a part as one wish."""
    is_question: Callable[[str], bool]
    """True for a part that asks something by its form: "I'd love to do it all" beside a wish asks nothing."""
    is_denied: bool
    """True where no words of safety are spotted in the whole: then a part has none either."""
    guesses: Callable[[str], Sequence[Guess]]
    """The guesses of a text as one wish, the likeliest first."""

    def decide(self, text: str) -> Decided:
        """Return what the whole text wants, with as few parts as say it all."""
        whole = self.read(text)
        if is_done(whole) and set(intents(whole)) & SAFETY:
            return with_calm(whole, [self.read(part) for part in split(text, self._is_sure, self.words)[1:]])
        if held := self._held(text):
            return held
        rest = self.corrected(text)
        last = as_done(self.read(rest)) if rest != text else whole
        if two := self._two(rest, is_one=is_done(last)) or self._beside(rest, last) or self._by_meaning(rest):
            is_added = are_added([event for part in two for event in part.events], rest, self.words)
            return joined(*agreed(two, self.guesses(rest), last, is_added=is_added))
        if is_done(last) and (not is_done(whole) or self._takes_back(text, rest)):
            return last
        if is_done(whole):
            return whole
        (only,) = split(rest, self._is_sure, self.words)[:1] or (rest,)
        return self.read(only) if is_done(self.read(only)) else last

    def _takes_back(self, text: str, rest: str) -> bool:
        """True where a sure wish stands before the correction that `rest` follows: "next, no, just go on"."""
        said = text.split()
        before = said[: len(said) - len(rest.split())]
        marker = self.words.corrections.ends(before)
        return bool(marker) and self._is_sure(" ".join(before[: len(before) - marker]))

    def corrected(self, text: str) -> str:
        """Return what is left of the text after a correction: first by sure meanings, then by likely ones."""
        rest = corrected(text, self._is_sure, self.words)
        return rest if rest != text else corrected(text, self._is_likely, self.words)

    def are_others(self, text: str) -> bool:
        """True where the text is two wishes, none of which chooses techniques: "skip this and go to the pounding"."""
        two = self._two(text, is_one=True)
        wanted = {one for part in two for one in intents(part)}
        return bool(two) and Intent.CHOOSE not in wanted and wanted != {Intent.GO_TO}

    def _two(self, text: str, *, is_one: bool) -> tuple[Decided, ...]:
        """Return two wishes; empty where the text is not divided."""
        parts = tuple(map(self.read, split(text, self._is_sure, self.words, is_one=is_one)))
        if not parts[1:]:
            return self._likely(text, is_one=is_one)
        return parts if are_two(*parts) else ()

    def _likely(self, text: str, *, is_one: bool) -> tuple[Decided, ...]:
        """Return a sure wish, which is no mere answer, and a likely one; not where the whole surely means a third."""
        parts = tuple(map(self.read, split(text, self._is_likely, self.words, is_one=is_one)))
        sure = [one for one in parts if is_done(one) and ANSWERS.isdisjoint(intents(one))]
        done = tuple(map(as_done, parts))
        whole = self.read(text)
        is_known = not is_done(whole) or intents(whole) in map(intents, parts)
        return done if parts[1:] and sure and is_known and are_two(*done) else ()

    def _beside(self, text: str, whole: Decided) -> tuple[Decided, ...]:
        """Return two wishes of which the whole seems to hold only one: "hold on, which leg was that".

        The other one sets nothing going, unless it is a phrase: "you count, I'm ready".
        """
        if not is_done(whole) or self.is_phrase(text):
            return ()
        parts = split(text, self._is_sure, self.words)
        if not parts[1:]:
            return ()
        one, other = map(self.read, parts)
        wanted = intents(whole)
        added, said = (other, parts[1]) if intents(one) == wanted else (one, parts[0])
        is_known = wanted in (intents(one), intents(other)) or (
            not QUESTIONS.isdisjoint(wanted) and QUESTIONS.isdisjoint((*intents(one), *intents(other)))
        )
        may_be_added = SETS_GOING.isdisjoint(set(intents(added)) - {Intent.DONE}) or self.is_phrase(said)
        both = (*intents(one), *intents(other))
        if not IDLE.isdisjoint(intents(added)) or INFORMS.issuperset(both):
            return ()  # a question with something said beside it: "where is this muscle, I can't find it"
        return (one, other) if is_known and may_be_added and are_two(one, other) else ()

    def _by_meaning(self, text: str) -> tuple[Decided, ...]:
        """Return the two wishes around a join that are the surest by themselves, whatever words they end with."""
        if not self.is_denied or self.is_phrase(text):
            return ()
        pairs = (tuple(map(self.read, halves)) for halves in halved(text, self.words) if self._are_long(halves))
        sure = [pair for pair in pairs if all(map(is_sure_wish, pair)) and are_two(*pair)]
        return max(sure, key=lambda pair: min(part.confidence for part in pair), default=())

    def _are_long(self, halves: Sequence[str]) -> bool:
        return all(" " in half or self.is_phrase(half) for half in halves)

    def _held(self, text: str) -> Decided | None:
        """Return the hold that ends the text and takes back what stands before it: "resume, no, hold on"."""
        said = text.split()
        for start, end in self.words.corrections.spans(said):
            last = self.read(" ".join(said[start + 1 :])) if end == len(said) and start else None
            if last and is_done(last) and intents(last) == [Intent.PAUSE]:
                return last
        return None

    def _is_sure(self, part: str) -> bool:
        return self._is_allowed(self.read(part), part)

    def _is_likely(self, part: str) -> bool:
        return self._is_allowed(as_done(self.read(part)), part)

    def _is_allowed(self, found: Decided, part: str) -> bool:
        if not is_done(found) or (self.is_denied and set(intents(found)) & SAFETY):
            return False
        return Intent.ASK not in intents(found) or self.is_question(part)


def is_done(found: Decided) -> bool:
    """True for what is done unasked."""
    return isinstance(found.events[0], Said)


def one_after_the_other(found: Decided) -> Decided:
    """Leave out what follows a dose by itself: "just ten, then the next one" leaves nothing before the ten."""
    first, *others = intents(found) or (None,)
    is_dose = first in {Intent.FEWER_REPS, Intent.MORE_REPS}
    return found._replace(events=found.events[:1]) if is_dose and set(others) & AFTER_A_DOSE else found


def moves_on(found: Decided) -> bool:
    """True for two wishes, of which the second sets something going."""
    return not SETS_GOING.isdisjoint(intents(found)[1:]) and SAFETY.isdisjoint(intents(found))


def are_added(events: Sequence[Wanted], text: str, words: WishWords) -> bool:
    """True where "and" stands between the first two wishes of a text."""
    first, *others = [event.text for event in events if not isinstance(event, NOTHING)] or [""]
    before = text.split(others[0], maxsplit=1)[0] if others and others[0] else ""
    return bool(set(before.removeprefix(first).split()) & set(words.quantities.and_words))


def around(event: Wanted, events: Sequence[Wanted], text: str, words: WishWords) -> str:
    """Return the text without another wish that "and" adds: "if you please" behind it puts off no first one."""
    others = [one.text for one in events if one is not event and not isinstance(one, NOTHING)]
    for other in others if are_added(events, text, words) else ():
        text = text.replace(other, "", 1)
    return " ".join(text.split())
