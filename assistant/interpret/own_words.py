"""Understands what somebody says in their own words: safety, wishes, phrases, names, and a classifier. Pure.

One part of a sentence at a time: the exact phrase, then words of safety, then a technique or routine by its name, then
the likeliest meaning. Sure: it is done. Likely: it is asked back. Else it is nothing. docs/recognition.md, "Meaning".
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cache, partial

from assistant.interpret.aches import Aches
from assistant.interpret.agreeing import cry_behind_a_join, outweighs, told
from assistant.interpret.choices import BETWEEN
from assistant.interpret.dividing import Divider, around, moves_on, one_after_the_other
from assistant.interpret.guessing import Guesser
from assistant.interpret.match import Matcher
from assistant.interpret.meaning import Meaning
from assistant.interpret.questions import QuestionReader
from assistant.interpret.renumbering import with_last_number
from assistant.interpret.safety import SafetySpotter, Spotted
from assistant.interpret.slots import SlotReader
from assistant.interpret.weighing import (
    ACT,
    ACT_BY_EAR,
    ANSWERS,
    DENIABLE,
    HOLDS,
    HOW_TO_REPEAT,
    MAY,
    MOST_WORDS,
    NOTHING,
    OTHER,
    SETS_GOING,
    Decided,
    Wanted,
    intents,
    of_safety,
    question,
)
from assistant.interpret.wishes import WishWords, is_negated, is_put_off, stripped
from assistant.language import LanguagePack
from assistant.messages import (
    AT_ONCE,
    SAFETY,
    Intent,
    NotNow,
    Perhaps,
    Phrase,
    Refusal,
    Said,
    Shortfall,
    Unsure,
)

TYPED = 100.0  # the score of words that nobody had to guess


class OwnWords:
    """Everything that is known of one language's words. Keeps no state between calls."""

    def __init__(self, matcher: Matcher, pack: LanguagePack, words: WishWords, meaning: Meaning | None) -> None:
        """Take the session's phrases, the language, and what was learned of its wordings, if it has any."""
        self._matcher = matcher
        self._safety = SafetySpotter(pack.safety) if pack.safety is not None else None
        self.aches = Aches(pack.safety, self.spot) if pack.safety is not None else None
        self._slots = SlotReader(pack, words)
        self._questions = QuestionReader(pack, meaning)
        self._words = words
        self._misread = pack.wishes.misread
        self._guesser = Guesser(meaning, self._slots, self._questions, self._safety, words)

    def decide(self, text: str, legal: Collection[Intent], at_s: float, score: float, *, act: float = ACT) -> Decided:
        """Return the events of a whole utterance, at `at_s` seconds of the session; `score` is the ear's.

        `act`: confidence from which a meaning is done unasked.
        """

        @cache
        def read(part: str) -> Decided:
            return self._one(part, legal, at_s, score, act)

        plain = with_last_number(self._matcher.plain(text), self._words)
        is_denied = not self.spot(plain)  # "no real pain so far" is not "no", and then "real pain"
        dialled = self.cry(text, at_s, score) if is_denied else None
        if dialled is not None:
            return dialled  # "call 112" is no number of times
        if not is_denied and self._is_doubted(plain, read(plain), legal, act):
            return read(plain)
        guesses = partial(self._guesser.guesses, legal=legal, act=act)
        divider = Divider(self._words, self._matcher.is_phrase, read, self._questions.has_topic, is_denied, guesses)
        chosen = self._chosen(divider.corrected(plain), legal, at_s, score) if is_denied else None
        if chosen is not None and divider.are_others(plain):
            chosen = None
        found = chosen or one_after_the_other(divider.decide(plain))
        if intents(found) == [Intent.ASK] and not self._questions.is_one(plain):
            found = read(plain)  # "i want to do the pounding" asks nothing, though "do the pounding" seems to
        if Intent.ASK in legal and moves_on(found) and self._questions.goes_on(plain):
            held = tuple(event for event in found.events if not isinstance(event, NOTHING) and event.intent in HOLDS)
            found = Decided(held or (self._guesser.question(plain, at_s, score),), None)
        if intents(found) == [Intent.ASK]:
            cry = partial(self.cry, at_s=at_s, score=score)
            found = cry_behind_a_join(plain, cry, self._questions.opens, self._words) or found
        events = (
            self._unless_put_off(_of_the_count(event, legal), around(event, found.events, plain, self._words), legal)
            for event in found.events
        )
        return found._replace(events=tuple(events))

    def _is_doubted(self, text: str, whole: Decided, legal: Collection[Intent], act: float) -> bool:
        """True where a cry is asked about by the whole sentence, and no part of it makes it sure.

        It asks about a danger ("is it normal that it tingles"), or surely wishes something beside a mild cry.
        """
        first = whole.events[0]
        if not isinstance(first, Perhaps) or first.intent not in SAFETY:
            return False
        if first.intent in SAFETY - AT_ONCE and self._questions.opens(text):
            return True
        cries = self.spot(text)
        is_command = self._matcher.is_phrase(cries[-1].text)
        is_typed = act < ACT_BY_EAR
        guesses = self._guesser.guesses(text, legal, act)
        is_wish = outweighs(guesses, cries[-1], is_command=is_command, is_typed=is_typed)
        return is_wish and not cries[0].is_doubtful

    def _chosen(self, text: str, legal: Collection[Intent], at_s: float, score: float) -> Decided | None:
        """Return the choice of techniques that the whole sentence is; no "and" divides it, no "not" denies it."""
        if Intent.CHOOSE not in legal:
            return None
        slots = next(filter(None, map(self._slots.chosen, stripped(text, self._words))), None)
        if slots is None or (BETWEEN in str(slots.get("only", "")) and self._goes_to(text, legal)):
            return None
        return Decided((Said(at_s=at_s, intent=Intent.CHOOSE, slots=slots, text=text, score=score),), None)

    def _goes_to(self, text: str, legal: Collection[Intent]) -> bool:
        """True where two names that nothing joins may describe one technique: "jump to the calf pinching one"."""
        best = next(iter(self._guesser.guesses(text, legal)), None)
        is_sure = best is not None and best.intent is Intent.GO_TO and best.confidence >= OTHER
        return is_sure and not self._words.joins.spans(text.split())

    def _unless_put_off(self, event: Wanted, text: str, legal: Collection[Intent]) -> Wanted:
        """Ask about what would set something going in a sentence that denies it, puts it off, or asks about it.

        A yes or no in own words is none where no word takes an answer back or goes on: in the safety check.
        """
        if isinstance(event, Said | Perhaps) and self._denies(text, event.intent):
            return Unsure(at_s=event.at_s, best=event.text)
        if not isinstance(event, Said) or event.intent not in SETS_GOING or self._matcher.is_phrase(text):
            return event
        if event.intent in ANSWERS:
            is_free = not {Intent.CANCEL, Intent.READY}.isdisjoint(legal)
            return event if is_free else Unsure(at_s=event.at_s, best=event.text)
        return question(event) if is_put_off(event.text, text, self._words) else event

    def _denies(self, text: str, intent: Intent) -> bool:
        """True where a phrase of that intent stands right behind a negation: "I can't go faster", "not louder".

        An answer before a wish denies nothing ("no, louder"), nor does what is a phrase as a whole.
        """
        if intent not in DENIABLE or self._matcher.exact(text) is not None:
            return False
        said = text.split()
        places = (at for at, word in enumerate(said) if word in self._words.negations)
        rests = (" ".join(said[at + 1 :]) for at in places if not self._words.answers.starts(said, at))
        phrases = map(self._matcher.exact, rests)
        return any(phrase is not None and phrase.intent is intent for phrase in phrases)

    def cry(self, text: str, at_s: float, score: float) -> Decided | None:
        """Return the sure words of safety in a sentence."""
        spotted = self.spot(text)
        return of_safety(spotted, text, at_s, score) if spotted and not spotted[0].is_doubtful else None

    def early_cry(self, text: str, at_s: float, score: float) -> Decided | None:
        """The same of what was said so far: a "stop", and other words of safety with a word behind them.

        What follows may still give the last words another sense: "a pain", "a pain au chocolat"; and a whole command
        may hold them: "sore enough". Where it may be a command misread ("skip this stop"), its end tells.
        """
        if any(map(self._is_calm, self._other_readings(text))):
            return None
        is_calm = self._is_calm(text)
        spotted = [one for one in self.spot(text) if one.intent is Intent.STOP or not (one.is_last or is_calm)]
        return of_safety(spotted, text, at_s, score) if spotted and not spotted[0].is_doubtful else None

    def may_be(self, text: str, intent: Intent) -> bool:
        """True where the words, or some that the ear writes for them, are a phrase of that intent."""
        phrases = map(self.phrase, (text, *self._other_readings(text)))
        return any(phrase is not None and phrase.intent is intent for phrase in phrases)

    def _other_readings(self, text: str) -> tuple[str, ...]:
        said = text.split()
        return tuple(
            " ".join((*said[:at], other, *said[at + 1 :]))
            for at, word in enumerate(said)
            for other in self._misread.get(word, ())
        )

    def _is_calm(self, text: str) -> bool:
        phrase = self._matcher.exact(text)
        return phrase is not None and phrase.intent not in SAFETY

    def turns_round(self, whole: str, part: str) -> bool:
        """True where the whole sentence holds a negation that this part of it lacks."""
        return is_negated(whole, self._words) and not is_negated(part, self._words)

    def is_phrase(self, text: str) -> bool:
        """True where the words are a phrase of the list, word for word."""
        return self._matcher.is_phrase(text)

    def asks_for_help(self, text: str) -> bool:
        """True where the whole sentence is doubtful words of safety: "help me" may mean the program."""
        return any(one.is_all and one.is_doubtful for one in self.spot(text))

    def phrase(self, text: str) -> Phrase | None:
        """Return the phrase that the words are; None for one that they are only without a cry: "help help"."""
        phrase = self._matcher.exact(text)
        if phrase is None or phrase.intent in SAFETY or self._matcher.is_phrase(text) or self.spot(phrase.text):
            return phrase
        return None if any(not one.is_doubtful for one in self.spot(text)) else phrase

    def may_mean(self, text: str, intent: Intent, legal: Collection[Intent]) -> bool:
        """False where a phrase is near in letters only: "it tickles" is no "it tingles"."""
        guesses = self._guesser.guesses(text, legal, ACT_BY_EAR)
        return not guesses or any(one.intent is intent and one.confidence >= MAY for one in guesses)

    def near_danger(
        self, phrase: Said | NotNow | Perhaps, text: str, legal: Collection[Intent], *, is_typed: bool
    ) -> Decided | None:
        """Ask about a phrase of danger that typed words are near to in letters only: "it tickles", "it tingles".

        What is another cry by its own words is that one: "it stings".
        """
        cries = self.spot(text) if is_typed and self.phrase(text) is None else ()
        if cries and not cries[-1].is_doubtful and cries[-1].intent is not phrase.intent:
            return of_safety(cries, text, phrase.at_s, TYPED)
        is_far = phrase.intent in SAFETY - AT_ONCE and self.phrase(text) is None and not self.spot(text)
        if not is_far or self.may_mean(text, phrase.intent, legal):
            return None
        doubt = Refusal(text=phrase.text, shortfalls=(Shortfall(rule="meaning", needs=100 * MAY, had=0.0),))
        return Decided((Perhaps(at_s=phrase.at_s, intent=phrase.intent, text=phrase.text),), doubt)

    def spot(self, text: str) -> tuple[Spotted, ...]:
        """Return the words of safety in a sentence, the gravest last."""
        return self._safety.spot(self._matcher.spelled(text)) if self._safety else ()

    def _behind_a_yes(self, text: str) -> str:
        """Return what follows a yes; empty where none begins the text."""
        words = text.split()
        for length in (2, 1):
            phrase = self._matcher.exact(" ".join(words[:length]))
            if phrase is not None and phrase.intent is Intent.YES:
                return " ".join(words[length:])
        return ""

    def _one(self, text: str, legal: Collection[Intent], at_s: float, score: float, act: float) -> Decided:
        """Decide about one wish."""
        if self.asks_for_help(text):
            return of_safety(self.spot(text), text, at_s, score)
        phrase = self.phrase(text)
        if phrase is not None and phrase.intent in legal:
            slots = phrase.slots if self._slots.is_possible(phrase.intent, phrase.slots) else {}
            return Decided((Said(at_s=at_s, intent=phrase.intent, slots=slots, text=text, score=score),), None)
        guesses = self._guesser.guesses(text, legal, act)
        weighed = guesses if len(text.split()) <= MOST_WORDS else ()  # talk does not hide a cry at its end
        cries = self.spot(text)
        is_command = bool(cries) and self._matcher.is_phrase(cries[-1].text)
        spotted = told(
            cries, weighed, is_asked=self._questions.opens(text), is_command=is_command, is_typed=act < ACT_BY_EAR
        )
        if act > ACT and spotted and cries[-1].is_doubtful:
            spotted = (spotted[-1]._replace(is_doubtful=True),)  # "isn't it painful" is heard as "is it painful"
        if spotted:
            return of_safety(spotted, text, at_s, score)
        for intent, slots in self._slots.named(text):
            if intent in legal:
                return Decided((Said(at_s=at_s, intent=intent, slots=slots, text=text, score=score),), None)
        can_ask = Intent.ASK in legal
        if can_ask and self._questions.asks_for_a_word(text):
            return Decided((self._guesser.question(text, at_s, score),), None)
        found = self._guesser.decide(guesses, text, at_s, score, act)
        or_question = partial(self._guesser.or_a_question, guesses=guesses, at_s=at_s, score=score)
        found = or_question(found, text, has_topic=True) if can_ask else found
        if isinstance(found.events[0], Unsure):
            rest = self._behind_a_yes(text) if Intent.YES not in legal else ""
            behind = self._one(rest, legal, at_s, score, act) if rest else found
            is_behind = isinstance(behind.events[0], Said)  # "yes, go on" where nothing is asked
            found = behind if is_behind else self._guesser.elsewhere(text, legal, at_s, act) or found
        is_typed = act < ACT_BY_EAR
        return or_question(found, text, has_topic=False) if can_ask and is_typed else found


def _of_the_count(event: Wanted, legal: Collection[Intent]) -> Wanted:
    """Return "slower" behind "repeat that" as slower counting, where nobody can ask for slower speech."""
    if not isinstance(event, Said) or event.intent in legal:
        return event
    count = next((one for one, speech in HOW_TO_REPEAT.items() if speech is event.intent), event.intent)
    return replace(event, intent=count) if count in legal else event
