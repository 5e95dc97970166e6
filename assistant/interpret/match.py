"""Matches heard text to one intent with slots, "not now", "did you say …?", or an honest "unsure". Pure.

Phrases from the phonetic engine are exact by construction. Text (Vosk, the keyboard) is compared with `fuzz.ratio`,
never `WRatio` (docs/recognition.md, "Text matching").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence

from rapidfuzz import fuzz, process

from assistant.messages import ASKED_BACK, SAFETY, Heard, Intent, NotNow, Perhaps, Phrase, Said, Unsure

ACCEPT = 80.0  # 411 of 445 commands right, 0 wrong (docs/recognition.md, "Text matching")
MARGIN = 4.0  # points over the best phrase of another intent; a tie decides nothing; chosen on the near misses
WORD = 70.0  # each word must be near one of the phrase: "i feel fine" is not "i feel faint" (67); chosen on near misses
GREY = 1.2  # nats: enough for any other command (8.6), but not for ending the session (9.8; the ear's rules.py). Of
# 70 development clips, in quiet and noise, 45 end it, 5 are asked about; none of 650 clips that are no command (to 1.6)
LONGEST_CHARS = 80  # the longest phrase has about 40; longer text is talk

_EXACT_ONLY = frozenset({Intent.YES, Intent.NO})
"""A wrong yes costs more than a question asked twice (docs/voice-ui.md, "Yes and no")."""


class Matcher:
    """All phrases of a session, prepared for matching. Keeps no state between calls."""

    def __init__(self, phrases: Sequence[Phrase], skip_words: Collection[str], numbers: Mapping[int, str]) -> None:
        """Take every phrase that may become legal; of phrases with the same text the safety phrase wins."""
        self._by_text: dict[str, Phrase] = {}
        for phrase in phrases:
            if phrase.text not in self._by_text or phrase.intent in SAFETY:
                self._by_text[phrase.text] = phrase
        self._texts = tuple(self._by_text)
        self._skip = frozenset(skip_words)
        self._skip_phrases = sorted((words for words in skip_words if " " in words), key=len, reverse=True)
        self._numbers = {str(number): words for number, words in numbers.items()}

    def understand(self, heard: Heard, legal: Collection[Intent], at_s: float) -> Said | NotNow | Perhaps | Unsure:
        """Return the event of one utterance, at `at_s` seconds of the session."""
        phrase = self._find(heard.text) if heard.is_sure else None
        if phrase is None:
            nearly = self._by_text.get(heard.text)
            if nearly is not None and nearly.intent in ASKED_BACK & set(legal) and -GREY <= heard.spare < 0:
                return Perhaps(at_s=at_s, intent=nearly.intent, slots=nearly.slots, text=nearly.text)
            return Unsure(at_s=at_s, best=heard.text)
        if phrase.intent not in legal:
            return NotNow(at_s=at_s, intent=phrase.intent, text=phrase.text)
        score = round(heard.score, 2)
        return Said(at_s=at_s, intent=phrase.intent, slots=phrase.slots, text=phrase.text, score=score)

    def _find(self, text: str) -> Phrase | None:
        plain = self._plain(text)
        for candidate in (plain, self._without_skip_words(plain)):
            if candidate in self._by_text:
                return self._by_text[candidate]
        return self._nearest(self._without_skip_words(plain))

    def _nearest(self, text: str) -> Phrase | None:
        if " " not in text or len(text) > LONGEST_CHARS:
            return None
        ranked = process.extract(text, self._texts, scorer=fuzz.ratio, score_cutoff=ACCEPT - MARGIN, limit=20)
        if not ranked or ranked[0][1] < ACCEPT:
            return None
        best, best_score = self._by_text[ranked[0][0]], ranked[0][1]
        if best.intent in _EXACT_ONLY or _has_strange_word(text, best.text):
            return None
        if _says_another_number(text, best, self._numbers.values()):
            return None
        rivals = [score for other, score, _ in ranked[1:] if not _same_meaning(self._by_text[other], best)]
        if rivals and best_score - rivals[0] < MARGIN:
            near = [self._by_text[other] for other, score, _ in ranked if best_score - score < MARGIN]
            return next((phrase for phrase in near if phrase.intent in SAFETY), None)
        return best

    def _plain(self, text: str) -> str:
        return " ".join(self._numbers.get(word, word).replace("-", " ") for word in _words(text))

    def _without_skip_words(self, text: str) -> str:
        kept = f" {text} "
        for phrase in self._skip_phrases:
            kept = kept.replace(f" {phrase} ", " ")
        words = [word for word in kept.split() if word not in self._skip] or text.split()
        once = [word for i, word in enumerate(words) if i == 0 or word != words[i - 1]]
        return " ".join(once)


def _words(text: str) -> list[str]:
    """Return lower-case words of any script: letters, marks, digits, apostrophes; composes decomposed characters."""
    whole = unicodedata.normalize("NFC", text).lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return "".join(one if one == "'" or unicodedata.category(one)[0] in "LMN" else " " for one in whole).split()


def _same_meaning(one: Phrase, other: Phrase) -> bool:
    return one.intent is other.intent and dict(one.slots) == dict(other.slots)


def _has_strange_word(text: str, phrase: str) -> bool:
    """True if a word resembles no word of the phrase: "how much pressure" only looks like "too much pressure"."""
    known = phrase.split()
    return any(word not in known and max(fuzz.ratio(word, one) for one in known) < WORD for word in text.split())


def _says_another_number(text: str, phrase: Phrase, numbers: Collection[str]) -> bool:
    """True if the numbers differ: "go to step nine" is near "go to step five" in letters, but means something else."""
    words = {word for number in numbers for word in number.replace("-", " ").split()}
    said, meant = words.intersection(text.split()), words.intersection(phrase.text.split())
    counts = any(isinstance(value, int) for value in phrase.slots.values())
    return said != meant if counts else not said <= meant  # the "one" of "skip this one" is no number
