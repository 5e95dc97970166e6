"""Matches heard text to one intent with slots, "not now", "did you say …?", or an honest "unsure". Pure.

Phrases from the phonetic engine are exact by construction. Text (Vosk, the keyboard) is compared with `fuzz.ratio`,
never `WRatio` (docs/recognition.md, "Text matching").
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

from rapidfuzz import fuzz, process

from assistant.interpret.plain import words_of
from assistant.interpret.wishes import WishWords, is_negated, stripped
from assistant.messages import (
    ASKED_BACK,
    SAFETY,
    Heard,
    Intent,
    NotNow,
    Perhaps,
    Phrase,
    Refusal,
    Said,
    Shortfall,
    Slots,
    Unsure,
)

Understood: TypeAlias = Said | NotNow | Perhaps | Unsure

ACCEPT = 80.0  # 411 of 445 commands right, 0 wrong (docs/recognition.md, "Text matching")
MARGIN = 4.0  # points over the best phrase of another intent; a tie decides nothing; chosen on the near misses
WORD = 70.0  # each word must be near one of the phrase: "i feel fine" is not "i feel faint" (67); chosen on near misses
GREY = 1.2  # nats: enough for any other command (8.6), but not for ending the session (9.8; the ear's rules.py). Of
# 70 development clips, in quiet and noise, 45 end it, 5 are asked about; none of 650 clips that are no command (to 1.6)
GREY_SAFETY = 3.2  # the same for a cry: 8 of 26 refused cries are asked about, 1 of 110 others, 0 of 115 of talk
MOST_DIGITS = 2  # of a number that is no telephone number
LONGEST_CHARS = 80  # the longest phrase has about 40; longer text is talk

_EXACT_ONLY = frozenset({Intent.YES, Intent.NO})
"""A wrong yes costs more than a question asked twice (docs/voice-ui.md, "Yes and no")."""


class Matcher:
    """All phrases of a session, prepared for matching. Keeps no state between calls."""

    def __init__(
        self,
        phrases: Sequence[Phrase],
        skip_words: Collection[str],
        numbers: Mapping[int, str],
        words: WishWords | None = None,
    ) -> None:
        """Take every phrase that may become legal; of phrases with the same text the safety phrase wins.

        `words`: what stands around a wish, and what turns a meaning round; without them no text is stripped of either.
        """
        self._words = words
        self._by_text: dict[str, Phrase] = {}
        for phrase in phrases:
            if phrase.text not in self._by_text or phrase.intent in SAFETY:
                self._by_text[phrase.text] = phrase
        self._texts = tuple(self._by_text)
        self._named = words.named if words else frozenset()
        self._skip = frozenset(skip_words)
        self._skip_phrases = sorted((words for words in skip_words if " " in words), key=len, reverse=True)
        self._numbers = {str(number): words for number, words in numbers.items()}

    def understand(self, heard: Heard, legal: Collection[Intent], at_s: float) -> Understood:
        """Return the event of one utterance, at `at_s` seconds of the session."""
        return self.judge(heard, legal, at_s)[0]

    def judge(self, heard: Heard, legal: Collection[Intent], at_s: float) -> tuple[Understood, Refusal | None]:
        """The same, and why it is not obeyed; None where it is, and where an engine that cannot tell is not sure."""
        if not heard.is_sure:
            return self._unsure(heard, legal, at_s), heard.refusal
        phrase = self._find(heard.text)
        if isinstance(phrase, Refusal):
            return Unsure(at_s=at_s, best=heard.text), phrase
        if phrase.intent not in legal:
            refusal = Refusal(text=phrase.text, shortfalls=(Shortfall(rule="not_legal"),))
            return NotNow(at_s=at_s, intent=phrase.intent, text=phrase.text), refusal
        score = round(heard.score, 2)
        return Said(at_s=at_s, intent=phrase.intent, slots=self._possible(phrase), text=phrase.text, score=score), None

    def _possible(self, phrase: Phrase) -> Slots:
        """Return the slots; without any where a number cannot be done, so that the dialogue asks for one that can."""
        is_possible = self._words is None or self._words.quantities.allow(phrase.intent, phrase.slots)
        return phrase.slots if is_possible else {}

    def _unsure(self, heard: Heard, legal: Collection[Intent], at_s: float) -> Perhaps | Unsure:
        nearly = self._by_text.get(heard.text)
        if nearly is None or nearly.intent not in legal:
            return Unsure(at_s=at_s, best=heard.text)
        grey = GREY_SAFETY if nearly.intent in SAFETY else GREY if nearly.intent in ASKED_BACK else 0.0
        if -grey <= heard.spare < 0:
            return Perhaps(at_s=at_s, intent=nearly.intent, slots=nearly.slots, text=nearly.text)
        return Unsure(at_s=at_s, best=heard.text)

    def is_phrase(self, text: str) -> bool:
        """True if the words are a phrase by themselves, with nothing around it."""
        return self.plain(text) in self._by_text

    def exact(self, text: str) -> Phrase | None:
        """Return the phrase that the words are, perhaps with words around it that carry no meaning."""
        plain = self.plain(text)
        for candidate in (plain, self._without_skip_words(plain)):
            if candidate in self._by_text:
                return self._by_text[candidate]
        for candidate in stripped(plain, self._words) if self._words else ():
            found = self._by_text.get(self._without_skip_words(candidate))
            if found is not None and found.intent not in _EXACT_ONLY:
                return found
        return None

    def _find(self, text: str) -> Phrase | Refusal:
        return self.exact(text) or self._nearest(self._without_skip_words(self.plain(text)))

    def _nearest(self, text: str) -> Phrase | Refusal:
        if len(text) > LONGEST_CHARS:
            return _refused("", Shortfall(rule="too_many_letters", needs=LONGEST_CHARS, had=len(text)))
        if " " not in text:
            nearest, _ = self._most_like(text)
            return _refused(nearest, Shortfall(rule="single_word", word=text))
        ranked = process.extract(text, self._texts, scorer=fuzz.ratio, score_cutoff=ACCEPT - MARGIN, limit=20)
        if not ranked or ranked[0][1] < ACCEPT:
            nearest, likeness = self._most_like(text)
            return _refused(nearest, Shortfall(rule="likeness", needs=ACCEPT, had=likeness))
        best = self._by_text[ranked[0][0]]
        return self._contradicted(text, best) or self._first_of([(text, score) for text, score, _ in ranked])

    def _most_like(self, text: str) -> tuple[str, float]:
        """The phrase nearest in letters, however far it is, for people who ask; and its likeness, 0 to 100."""
        nearest, likeness, _ = process.extractOne(text, self._texts, scorer=fuzz.ratio)
        return nearest, likeness

    def _contradicted(self, text: str, best: Phrase) -> Refusal | None:
        """Return the reason against the nearest phrase, for all its likeness; None if there is none."""
        if best.intent in _EXACT_ONLY:
            return _refused(best.text, Shortfall(rule="exact_only"))
        if self._words and is_negated(text, self._words) != is_negated(best.text, self._words):
            return _refused(best.text, Shortfall(rule="negation"))
        strange, likeness = _strangest_word(text, best.text, self._named)
        if strange:
            return _refused(best.text, Shortfall(rule="strange_word", needs=WORD, had=likeness, word=strange))
        number = _another_number(text, best, self._numbers.values())
        return _refused(best.text, Shortfall(rule="another_number", word=number)) if number else None

    def _first_of(self, ranked: Sequence[tuple[str, float]]) -> Phrase | Refusal:
        """The first where no other meaning is as near; of several, one for safety."""
        best, best_score = self._by_text[ranked[0][0]], ranked[0][1]
        rivals = [(other, score) for other, score in ranked[1:] if not _same_meaning(self._by_text[other], best)]
        if not rivals or best_score - rivals[0][1] >= MARGIN:
            return best
        near = [self._by_text[other] for other, score in ranked if best_score - score < MARGIN]
        short = Shortfall(rule="likeness_ahead", needs=MARGIN, had=best_score - rivals[0][1])
        refused = Refusal(text=best.text, shortfalls=(short,), rival=rivals[0][0])
        return next((phrase for phrase in near if phrase.intent in SAFETY), refused)

    def plain(self, text: str) -> str:
        """Return lower-case words of any script, single spaces, numbers as words."""
        return " ".join(self._numbers.get(word, word).replace("-", " ") for word in words_of(text))

    def spelled(self, text: str) -> str:
        """The same; a number of three digits and more as it is dialled: "112" is "one one two"."""
        digits = (" ".join(word) if word.isdecimal() and len(word) > MOST_DIGITS else word for word in words_of(text))
        return self.plain(" ".join(digits))

    def _without_skip_words(self, text: str) -> str:
        kept = f" {text} "
        for phrase in self._skip_phrases:
            kept = kept.replace(f" {phrase} ", " ")
        words = [word for word in kept.split() if word not in self._skip] or text.split()
        once = [word for i, word in enumerate(words) if i == 0 or word != words[i - 1]]
        return " ".join(once)


def _same_meaning(one: Phrase, other: Phrase) -> bool:
    return one.intent is other.intent and dict(one.slots) == dict(other.slots)


def _refused(text: str, short: Shortfall) -> Refusal:
    return Refusal(text=text, shortfalls=(short,))


def _strangest_word(text: str, phrase: str, named: Collection[str]) -> tuple[str, float]:
    """The first word that the phrase has nothing like, and its likeness to the nearest of its words; else nothing.

    "how much pressure" is near "too much pressure" in letters only, and "the fists one" is not "the first one".
    """
    known = phrase.split()
    for word in text.split():
        likeness, nearest = max((fuzz.ratio(word, one), one) for one in known)
        is_another = word in named and nearest not in named  # "leg" may be "legs"
        if word not in known and (likeness < WORD or is_another):
            return word, likeness
    return "", 100.0


def _another_number(text: str, phrase: Phrase, numbers: Collection[str]) -> str:
    """The number that was said and is not meant, or meant and not said; else nothing.

    "go to step nine" is near "go to step five" in letters, and far from it in meaning.
    """
    words = {word for number in numbers for word in number.replace("-", " ").split()}
    said, meant = words.intersection(text.split()), words.intersection(phrase.text.split())
    counts = any(isinstance(value, int) for value in phrase.slots.values())
    other = (said - meant or meant - said) if counts else said - meant  # the "one" of "skip this one" is no number
    return min(other, default="")
