"""Finds words of safety wherever they stand in what somebody says, in any state. Pure.

A command is a whole phrase; a cry for help is not. So the words of stop, pain, pressure, danger and emergency
(`safety.yaml` of a language) are looked for anywhere, with what turns their sense round: a negation before or after
them, a neighbour that gives them another sense ("bus stop"), somebody else whom the sentence is about.
Doubt is told: the dialogue then holds and asks. docs/safety.md, "Safety words anywhere".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple, TypeAlias

from assistant.interpret.phrases import expand_template
from assistant.language import ListValue
from assistant.messages import Intent
from assistant.safety_templates import SafetySense, SafetyWords

Words: TypeAlias = "tuple[str, ...]"

GRAVEST = (Intent.EMERGENCY, Intent.RED_FLAG, Intent.PAIN, Intent.TOO_HARD, Intent.STOP)
"""The gravest first: of several in one sentence it is obeyed, after a "stop" that was said before it."""
LONGEST_SURE = 14  # words; chosen: the longest of 48 development wordings with such words has 10
BEFORE = 5  # words before them in which a negation turns them round: "i don't really have any pain"
AFTER = 3  # words after them that may say it is over: "the pain is all gone"
THOUGHT = 4  # words before a new clause with a verb that denies it: "i can't say that it hurts"
PART = "bodypart"
"""Stands in a compiled phrase for any part of the body."""


class Spotted(NamedTuple):
    """Words of safety in a sentence."""

    intent: Intent
    text: str
    """The words that were found."""
    is_doubtful: bool
    """True if they may have another sense: somebody else is hurt, or they stand in a long sentence."""
    is_last: bool = False
    """True if nothing was said behind them yet, which could still give them another sense."""
    is_all: bool = False
    """True if nothing else was said."""
    is_first: bool = False
    """True if nothing was said before them."""
    at: int = 0
    """The number of words before them."""


class _Hit(NamedTuple):
    intent: Intent
    words: Words
    """The sentence, read in the way in which the phrase stands in it."""
    begin: int
    end: int
    at: int
    """The place of its first word in what was said."""
    is_doubtful: bool


class _Way(NamedTuple):
    """A way to read a sentence: with parts of the body by name, with words that carry no meaning."""

    keeps_parts: bool
    keeps_fillers: bool


WAYS = tuple(_Way(keeps_parts=parts, keeps_fillers=fillers) for parts in (False, True) for fillers in (False, True))
"""In the order in which a phrase is tried: "my heart is racing" names a part, "still biting" begins with a filler."""


class SafetySpotter:
    """The safety words of a language, compiled. Keeps no state between calls."""

    def __init__(self, words: SafetyWords) -> None:
        """Take the words of `safety.yaml`. Raises BadTemplate for a template that cannot be read."""
        self._words = words
        self._parts = _PhraseSet((*words.parts, *(f"{side} {part}" for side in words.sides for part in words.parts)))
        self._apart = {f"{noun}'s": f"{noun} is" for noun in words.nouns}
        self._negators = _PhraseSet(words.negators)
        self._doubters = _PhraseSet(words.doubters)
        self._after = _PhraseSet(words.denied_after)
        self._unending = _PhraseSet(words.unending)
        self._goes_on, self._ongoing = _PhraseSet(words.goes_on), _PhraseSet(words.ongoing)
        self._compared, self._compared_by = _PhraseSet(words.compared), _PhraseSet(words.compared_by)
        self._so_now = _PhraseSet(words.so_now)
        self._left_out = _PhraseSet((*words.polite_negations, *words.fillers))
        self._senses = {intent: _Sense(sense) for intent, sense in words.intents.items()}
        self._by_first: dict[_Way, dict[str, list[tuple[Words, Intent, bool]]]] = {way: {} for way in WAYS}
        for tokens, intent, is_sure in dict.fromkeys(_compiled(words)):
            way = next((way for way in WAYS if self._read(" ".join(tokens), way)[0] == tokens), WAYS[-1])
            self._by_first[way].setdefault(tokens[0], []).append((tokens, intent, is_sure))

    def spot(self, text: str) -> tuple[Spotted, ...]:
        """Return what the sentence says of safety: nothing, the gravest words, or a "stop" and then graver words.

        `text`: lower-case words, single spaces. Sure words hide doubtful ones.
        """
        hits = [hit for hit in self._hits(text) if not self._is_denied(hit.words, hit)]
        found = [hit for hit in hits if not hit.is_doubtful] or hits
        if not found:
            return ()
        gravest = min(found, key=lambda hit: (GRAVEST.index(hit.intent), hit.at))
        first = min(found, key=lambda hit: hit.at)
        is_stop_first = first.intent is Intent.STOP and gravest.intent is not Intent.STOP
        told = (first, gravest) if is_stop_first else (gravest,)
        return tuple(map(_spotted, told))

    def is_denied(self, text: str) -> bool:
        """True if there are such words, and the sentence says the opposite of all of them."""
        hits = list(self._hits(text))
        return bool(hits) and all(self._is_denied(hit.words, hit) for hit in hits)

    def _read(self, text: str, way: _Way) -> tuple[Words, tuple[int, ...]]:
        """Return the words, with one word for every part of the body, and without what carries no meaning; and places.

        A denial of anything like it ("never had pain like this") carries none: it is left out too.
        """
        words = tuple(" ".join(self._apart.get(word, word) for word in text.split()).split())
        out: list[str] = []
        places: list[int] = []
        at = 0
        while at < len(words):
            empty = 0 if way.keeps_fillers else self._empty_at(words, at)
            part = 0 if way.keeps_parts else self._parts.longest_at(words, at)
            if not empty:
                out.append(PART if part else words[at])
                places.append(at)
            at += empty or part or 1
        return tuple(out), tuple(places)

    def _empty_at(self, words: Words, at: int) -> int:
        by = self._compared_by.longest_at(words, at)
        is_compared = by and self._compared.stands_after(words, at + by)
        return max(self._left_out.longest_at(words, at), by if is_compared else 0)

    def _hits(self, text: str) -> Iterator[_Hit]:
        read: set[Words] = set()
        for said, way in product(dict.fromkeys((text, self._as_it_is(text))), WAYS):
            words, places = self._read(said, way)
            if words not in read:  # a phrase of a later way holds words that an earlier one replaces or leaves out
                yield from self._hits_in(words, places, self._by_first[way])
            read.add(words)

    def _as_it_is(self, text: str) -> str:
        """Return the text with "is" for what says that something goes on: "my heart won't stop racing"."""
        words = tuple(text.split())
        for at in range(len(words)):
            length = self._goes_on.longest_at(words, at)
            if length and self._ongoing.longest_at(words, at + length):
                return " ".join((*words[:at], "is", *words[at + length :]))
        return text

    def _hits_in(
        self, words: Words, places: tuple[int, ...], by_first: dict[str, list[tuple[Words, Intent, bool]]]
    ) -> Iterator[_Hit]:
        is_long = len(words) > LONGEST_SURE
        for begin, word in enumerate(words):
            for tokens, intent, is_sure in by_first.get(word, ()):
                end = begin + len(tokens)
                sense = self._senses[intent]
                if words[begin:end] != tokens or self._is_another(sense, words, begin, end):
                    continue
                doubtful = (
                    not is_sure or is_long or sense.is_doubtful(words, end) or self._is_told(words[:begin], intent)
                )
                yield _Hit(intent, words, begin, end, places[begin], is_doubtful=doubtful)

    def _is_another(self, sense: _Sense, words: Words, begin: int, end: int) -> bool:
        """True if a neighbour gives the words another sense; "the faint light" does, "the numbness" does not."""
        is_named = words[begin] in self._words.nouns and words[max(0, begin - 1)] in self._words.determiners
        return sense.is_another(words, begin, end, is_named=is_named)

    def _is_told(self, before: Words, intent: Intent) -> bool:
        """True if the sentence asks, supposes or tells of somebody else, whom no word for the speaker follows."""
        if any(self._doubters.ends_at(before, at) for at in range(len(before))):
            return True
        others = self._words.others if intent is Intent.STOP else (*self._words.others, *self._words.addressed)
        named = [word in others for word in before if word in (*others, *self._words.ours)]
        return bool(named) and named[-1]

    def _is_denied(self, words: Words, hit: _Hit) -> bool:
        """True if the sentence says the opposite: "it doesn't hurt", "the pain is gone"."""
        if self._is_over(words, hit):
            return hit.intent is not Intent.STOP
        if hit.intent is Intent.STOP:
            return self._is_stop_denied(words, hit)
        if self._after.stands_after(words, hit.end):
            return True
        return not self._so_now.ends_at(words, len(words) - 1) and self._is_turned_round(words, hit)

    def _is_over(self, words: Words, hit: _Hit) -> bool:
        """True for "the pain is gone" and "it stopped hurting", and not for "the pain isn't gone"."""
        before = words[hit.begin - 1] if hit.begin else ""
        if before in self._words.gone and before in self._words.unending:
            return not any(self._negators.ends_at(words, at) for at in range(hit.begin - 1))
        over = (at for at in range(hit.end, hit.end + AFTER) if words[at : at + 1] and words[at] in self._words.gone)
        return any(not any(self._negators.ends_at(words[hit.end :], n) for n in range(at - hit.end)) for at in over)

    def _is_turned_round(self, words: Words, hit: _Hit) -> bool:
        """True if a negation before the words reaches them: up to a new clause, and beyond it by its verb only."""
        is_noun = words[hit.begin] in self._words.nouns
        for at in range(hit.begin - 1, max(-1, hit.begin - 1 - BEFORE), -1):
            if self._negators.ends_at(words, at):
                return not self._is_unending(words, at, hit)
            if words[at] in self._words.noun_negators:
                is_next = at == hit.begin - 1 and words[hit.begin] not in self._words.no_nouns
                return is_next or self._is_noun(words, at, hit)
            if words[at] in self._words.new_clause and not is_noun:
                return self._is_only_thought(words[:at])
        return False

    def _is_unending(self, words: Words, at: int, hit: _Hit) -> bool:
        """True if the negation at this index denies an end of what the words say: "won't stop hurting"."""
        return self._unending.longest_at(words, at + 1) == hit.begin - at - 1 > 0

    def _is_noun(self, words: Words, at: int, hit: _Hit) -> bool:
        return any(word in self._words.nouns for word in words[at + 1 : hit.end])

    def _is_only_thought(self, before: Words) -> bool:
        """True if what follows is denied by a verb: "i don't think (that) it hurts"."""
        near = before[-THOUGHT:]
        at = next((i for i, word in enumerate(near) if word in self._words.thought), None)
        return at is not None and any(self._negators.ends_at(near, i) for i in range(at + 1))

    def _is_stop_denied(self, words: Words, hit: _Hit) -> bool:
        at = hit.begin - 1
        while at >= 0 and words[at] in self._words.may_stand_before_stop:
            at -= 1
        return at >= 0 and self._negators.ends_at(words, at)


class _Sense:
    """The neighbours of one intent's words."""

    def __init__(self, sense: SafetySense) -> None:
        self._after = _PhraseSet(sense.unless_after)
        self._before = _PhraseSet(sense.unless_before)
        self._doubt = _PhraseSet(sense.doubt_before)

    def is_another(self, words: Words, begin: int, end: int, *, is_named: bool) -> bool:
        return (not is_named and self._after.ends_at(words, begin - 1)) or bool(self._before.longest_at(words, end))

    def is_doubtful(self, words: Words, end: int) -> bool:
        return bool(self._doubt.longest_at(words, end))


def _spotted(hit: _Hit) -> Spotted:
    return Spotted(
        intent=hit.intent,
        text=" ".join(hit.words[hit.begin : hit.end]),
        is_doubtful=hit.is_doubtful,
        is_last=hit.end == len(hit.words),
        is_all=hit.end - hit.begin == len(hit.words),
        is_first=hit.begin == 0,
        at=hit.at,
    )


def _compiled(words: SafetyWords) -> Iterator[tuple[Words, Intent, bool]]:
    """Yield every phrase with its intent, and if it is sure."""
    lists = {"part": (ListValue(say=PART, value=PART),)}
    for intent, sense in words.intents.items():
        for template in (*sense.say, *sense.ask):
            for text, _ in expand_template(template, lists, words.rules):
                yield tuple(text.split()), intent, template not in sense.ask


class _PhraseSet:
    """Phrases to look for at a place in a sentence. "*ing" is any word with this ending."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._endings = tuple(text[1:] for text in texts if text.startswith("*"))
        self._phrases = frozenset(tuple(text.split()) for text in texts if not text.startswith("*"))
        self._lengths = sorted({len(one) for one in self._phrases}, reverse=True)

    def longest_at(self, words: Words, at: int) -> int:
        """The number of words of the longest phrase that begins there; 0 if none does."""
        longest = next((n for n in self._lengths if words[at : at + n] in self._phrases), 0)
        return longest or int(at < len(words) and bool(self._endings) and words[at].endswith(self._endings))

    def stands_after(self, words: Words, since: int) -> bool:
        """True if one of the phrases begins at this index or behind it."""
        return any(self.longest_at(words, at) for at in range(since, len(words)))

    def ends_at(self, words: Words, at: int) -> bool:
        """True if one of the phrases ends with the word at this index."""
        return any(n <= at + 1 and words[at + 1 - n : at + 1] in self._phrases for n in self._lengths)
