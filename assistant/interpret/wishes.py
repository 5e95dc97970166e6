"""Splits what a person says into at most two wishes, and takes off the words around them. Pure.

All words are data (grammars/<lang>/wishes.yaml). The caller says what has a meaning: a sentence is divided only where
both parts have one, and a correction counts only where what follows it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from assistant.interpret.numbers import Numbers
from assistant.interpret.phrases import written_out
from assistant.interpret.plain import Sequences, words_of
from assistant.language import LanguagePack, Quantities

IsMeant: TypeAlias = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class WishWords:
    """The words around wishes, ready to be looked for. Made once of a pack."""

    openers: Sequences
    tails: Sequences
    joins: Sequences
    starters: Sequences
    answers: Sequences
    corrections: Sequences
    renumbers: Sequences
    named: frozenset[str]
    """Words of names and descriptions: none is another word with a typing error."""
    together: Sequences
    unfinished: Sequences
    cut_off: frozenset[str]
    negations: frozenset[str]
    conditions: frozenset[str]
    offers: Sequences
    wished: Sequences
    numbers: Numbers
    quantities: Quantities


def wish_words(pack: LanguagePack) -> WishWords:
    """Return the pack's words. Raises BadTemplate."""

    def sequences(templates: Sequence[str]) -> Sequences:
        return Sequences(written_out(templates, pack))

    wishes = pack.wishes
    names = [one.say for key in ("technique_described", "routine_described") for one in pack.lists.get(key, ())]
    return WishWords(
        openers=sequences(wishes.openers),
        tails=sequences(wishes.tails),
        joins=sequences(wishes.joins),
        starters=sequences(wishes.starters),
        answers=sequences(wishes.answers),
        corrections=sequences(wishes.corrections),
        renumbers=sequences(wishes.renumbers),
        named=frozenset(word for name in names for word in words_of(name)),
        together=sequences(wishes.together) | Sequences(names),
        unfinished=sequences(wishes.unfinished),
        cut_off=frozenset(wishes.cut_off),
        negations=frozenset(wishes.negations),
        conditions=frozenset(wishes.conditions),
        offers=sequences(wishes.offers),
        wished=sequences(wishes.wished),
        numbers=Numbers(pack.numbers, pack.quantities),
        quantities=pack.quantities,
    )


def split(text: str, is_meant: IsMeant, words: WishWords, *, is_one: bool = False) -> tuple[str, ...]:
    """Return the one or two wishes of a text, in their order, with as little taken off as gives them a meaning.

    `is_meant` is asked about parts only; it must be False for words that mean nothing by themselves. What was said
    before a correction is left out. A text that cannot be divided comes back as one part, with its correction words:
    it may still hold a corrected number ("two, no, three minutes"). Empty for a text without words.

    `is_one`: the whole text has a sure meaning of its own, so only an answer or a join ("and") may divide it.
    """
    said = _corrected(words_of(text), is_meant, words)
    two = next(_pairs(said, is_meant, words, is_one=is_one), None)
    return two or ((_wish(said, is_meant, words) or bare(" ".join(said), words),) if said else ())


def halved(text: str, words: WishWords) -> Iterator[tuple[str, str]]:
    """The text before and behind each of its joins ("and", "then"), which stands inside no number and no name."""
    said = words_of(text)
    inside = _kept_together(said, words)
    for start, end in words.joins.spans(said):
        if start > 0 and end < len(said) and not inside & {start, end}:
            yield " ".join(said[:start]), " ".join(said[end:])


def corrected(text: str, is_meant: IsMeant, words: WishWords) -> str:
    """Return what was said after the last correction that holds; the whole text where none does."""
    return " ".join(_corrected(words_of(text), is_meant, words))


def bare(text: str, words: WishWords) -> str:
    """Return the words of a text without openers and tails; everything where it is nothing else."""
    said = words_of(text)
    return " ".join(_cores(said, words)[-1] or said)


def stripped(text: str, words: WishWords) -> tuple[str, ...]:
    """Return the text with ever less of the openers and tails around it, the whole text first; none is empty."""
    return tuple(" ".join(core) for core in _cores(words_of(text), words) if core)


def is_negated(text: str, words: WishWords) -> bool:
    """True where a word turns the meaning round, beside openers and tails such as "if you don't mind"."""
    return bool(words.negations & set(bare(text, words).split()))


def is_cut_off(text: str, words: WishWords) -> bool:
    """True where the last word cannot end a sentence: "where's my"."""
    said = words_of(text)
    return bool(said) and said[-1] in words.cut_off


def is_put_off(wish: str, text: str, words: WishWords) -> bool:
    """True where a wish is denied, or the text around it puts it off or asks about it.

    A word that is an answer too ("no") denies nothing here: it stands before another wish, or corrects one.
    """
    denied = (word for word in words_of(wish) if word in words.negations and not words.answers.starts((word,)))
    return any(denied) or bool(words.conditions & set(words_of(text)))


def is_offered(text: str, words: WishWords) -> bool:
    """True where somebody is offered what follows, or told how to ask for it: "do you want to", "you can say"."""
    cores = _cores(words_of(text), words)
    return any(map(words.offers.starts, cores)) and not any(map(words.wished.starts, cores))


def _corrected(said: Sequence[str], is_meant: IsMeant, words: WishWords) -> Sequence[str]:
    inside = _kept_together(said, words)
    markers = [(0, 0), *words.corrections.spans(said)]
    for (_, before), (start, end) in reversed(list(pairwise(markers))):
        if not inside & {start, end} and _corrects(said[before:start], said[start:end], said[end:], is_meant, words):
            return said[end:]
    return said


def _cores(said: Sequence[str], words: WishWords) -> list[Sequence[str]]:
    """Every way to take openers and tails off, what takes least first; the last one may be empty."""
    starts, ends = [0], [len(said)]
    while length := words.openers.starts(said, starts[-1]):
        starts.append(starts[-1] + length)
    while length := words.tails.ends(said, ends[-1]):
        ends.append(ends[-1] - length)
    spans = {(start, max(start, end)) for start in starts for end in ends}
    return [said[start:end] for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0]))]


def _wish(part: Sequence[str], is_meant: IsMeant, words: WishWords) -> str | None:
    """Return the part with the least taken off that has a meaning; None where it has none, or is openers only."""
    cores = [" ".join(core) for core in _cores(part, words)]
    if not cores[-1] or words.unfinished.ends(part):
        return None
    return next((core for core in cores if core and is_meant(core)), None)


def _corrects(
    before: Sequence[str], marker: Sequence[str], after: Sequence[str], is_meant: IsMeant, words: WishWords
) -> bool:
    """Tell whether what comes after the marker takes the place of what came before it.

    A marker that is also an answer ("no") needs two wishes around it: "there is no next one" has none before it. One
    that begins with an answer corrects nothing where it begins the text and a wish: "no, let's skip it".
    """
    if _wish(after, is_meant, words) is None:
        return False
    answer = words.answers.starts(marker)
    if not before and answer and _wish((*marker[answer:], *after), is_meant, words) is not None:
        return False
    return marker not in words.answers or _wish(before, is_meant, words) is not None


def _pairs(said: Sequence[str], is_meant: IsMeant, words: WishWords, *, is_one: bool) -> Iterator[tuple[str, str]]:
    """Every way to divide the words into two wishes, the surest first: an answer, a join, a beginning."""
    inside = _kept_together(said, words)
    answer = words.answers.starts(said)
    joins = words.joins.spans(said)
    places = () if is_one else range(1, len(said) - 1)
    starters = [(at, at) for at in places if words.starters.starts(said, at)]
    for start, end in (*((answer, answer),) * bool(answer), *joins, *starters):
        if inside & {start, end}:
            continue
        one, other = _wish(said[:start], is_meant, words), _wish(said[end:], is_meant, words)
        if one is not None and other is not None:
            yield one, other


def _kept_together(said: Sequence[str], words: WishWords) -> set[int]:
    """Return the places inside numbers ("a minute and a half") and inside words that stay together."""
    spans = [*words.together.spans(said), *((one.start, one.end) for one in words.numbers.read(said))]
    return {at for start, end in spans for at in range(start + 1, end)}
