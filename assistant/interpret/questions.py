"""Reads what a question is about: its topic, the technique that it names, and the word that it asks for. Pure."""

from __future__ import annotations

from typing import TypeAlias

from assistant.interpret.meaning import Meaning
from assistant.interpret.names import Names
from assistant.interpret.phrases import written_out
from assistant.interpret.plain import Sequences, words_of
from assistant.language import LanguagePack
from assistant.messages import Slots

Forms: TypeAlias = "dict[tuple[str, ...], str]"

TOPIC, SURE_TOPIC = 0.2, 0.6
"""Share from which a topic counts; below it nobody knows what is asked. And up to which the next one counts too. Of
1,962 learned questions (folds) 1,377 have the right topic; of the 877 with a share from 0.2 to 0.6 57 % have it, and
78 % one of the first two."""
SECOND = 0.1  # chosen: share from which the next one counts
UNKNOWN = "unknown"
MEANING = "what_is"
"""The topic of questions about a word."""


class QuestionReader:
    """The questions of one language. Keeps no state between calls."""

    def __init__(self, pack: LanguagePack, meaning: Meaning | None) -> None:
        """Take the pack, with the lists that the library fills, and what was learned of its wordings."""
        nouns, described = pack.quantities.names, pack.lists.get("technique_described", ())
        spoken = {one.say for one in pack.lists.get("technique", ())}
        self._meaning = meaning
        self._names = Names(described, pack.lists.get("technique", ()), nouns, Sequences(pack.quantities.dismissed))
        named: Forms = {}
        for one in described:
            forms = [f"{one.say} {noun}" for noun in nouns]
            if " " in one.say:
                forms += [one.say] if one.say in spoken else [f"{word} {one.say}" for word in pack.answers.within]
            named |= dict.fromkeys((tuple(words_of(form)) for form in forms), str(one.value))
        self._named = _Forms(named)
        answers = pack.answers
        terms: Forms = {tuple(words_of(say)): key for key, term in answers.terms.items() for say in term.say}
        explained: Forms = {
            (*words_of(opener), *words_of(article), *say): key
            for opener in answers.explains
            for article in ("", *answers.articles)
            for say, key in terms.items()
        }
        self._terms, self._explained = _Forms(terms), _Forms(explained)

        self._opens, self._before = Sequences(answers.opens), Sequences(answers.before)
        self._inside, self._goes_on = Sequences(answers.inside), Sequences(answers.goes_on)
        self._others = Sequences(answers.others)
        self._about_us = Sequences(written_out(answers.about_us, pack)) | Sequences(
            (*(one.say for one in described), *(say for term in answers.terms.values() for say in term.say))
        )
        self._cues = {topic: Sequences(written_out(texts, pack)) for topic, texts in answers.cues.items()}

    def is_for_us(self, text: str, *, has_topic: bool) -> bool:
        """True if the text is a question about this massage by its words; `has_topic`: they must tell its topic."""
        words = words_of(text)
        is_ours = self.is_one(text) and bool(self._about_us.spans(words)) and not self._others.spans(words)
        return is_ours and (not has_topic or self._cued(words) is not None)

    def is_one(self, text: str) -> bool:
        """True if the text begins as a question, or holds the first words of one."""
        return self.opens(text) or bool(self._inside.spans(words_of(text)))

    def opens(self, text: str) -> bool:
        """True if the text begins as a question."""
        return self._begins(text, self._opens)

    def has_topic(self, text: str) -> bool:
        """True if the text begins as a question, and something is known of what it asks about."""
        return self.opens(text) and self.read(text)["topic"] != UNKNOWN

    def goes_on(self, text: str) -> bool:
        """True if the text begins as a question that is one to its end."""
        return self._begins(text, self._goes_on)

    def _begins(self, text: str, how: Sequences) -> bool:
        words = words_of(text)
        at = 0
        while length := self._before.starts(words, at):
            at += length
        return bool(how.starts(words, at))

    def _cued(self, words: list[str]) -> str | None:
        return next((topic for topic, some in self._cues.items() if some.spans(words)), None)

    def asks_for_a_word(self, text: str) -> bool:
        """True if the whole text asks what a known word means: "what is qi"."""
        return self._explained.is_one(words_of(text))

    def _topics(self, words: list[str], cued: str | None) -> tuple[str, ...]:
        """The topic, and a second one where the first is in doubt."""
        found = self._meaning.topics(" ".join(words)) if self._meaning and not cued else ()
        if not found:
            return (cued or UNKNOWN,)
        topic, share = found[0]
        if share < TOPIC:
            return (UNKNOWN,)
        others = [name for name, other in found[1:] if other >= SECOND and name != UNKNOWN]
        return (topic, *others) if share < SURE_TOPIC else (topic,)

    def read(self, text: str) -> Slots:
        """Return `topic`, where that is in doubt `second`, and where the text says so `technique` and `term`.

        `likely` is a technique that is described, perhaps by words that mean something else while another one is done:
        "can I pinch my thumb", while it is about the pounding.
        """
        words = words_of(text)
        cued = self._cued(words)
        topics = self._topics(words, cued)
        topic = topics[0]
        found = {
            "topic": topic,
            "second": topics[1] if topics[1:] else None,
            "technique": self._named.first(words),
            "likely": self._names.find(words),
            "term": (self._terms if topic == MEANING else self._explained).first(words),
        }
        return {key: value for key, value in found.items() if value is not None}


class _Forms:
    """Forms of words, each with what it stands for."""

    def __init__(self, meanings: Forms) -> None:
        self._meanings = meanings
        self._sequences = Sequences(" ".join(form) for form in meanings)

    def first(self, words: list[str]) -> str | None:
        """Return what the first of the forms in the words stands for."""
        start, end = next(iter(self._sequences.spans(words)), (0, 0))
        return self._meanings.get(tuple(words[start:end]))

    def is_one(self, words: list[str]) -> bool:
        """True if the words are one of the forms."""
        return words in self._sequences
