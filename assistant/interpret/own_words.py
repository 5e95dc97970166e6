"""Understands what somebody says in their own words: safety, wishes, phrases, names, and a classifier. Pure.

One part of a sentence at a time: the exact phrase, then words of safety, then a technique or routine by its name, then
the likeliest meaning. Sure: it is done. Likely: it is asked back. Else it is nothing. docs/recognition.md, "Meaning".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

from assistant.interpret.aches import Aches
from assistant.interpret.dividing import Divider
from assistant.interpret.early import NEVER_AFTER
from assistant.interpret.guessing import Guesser
from assistant.interpret.match import Matcher
from assistant.interpret.meaning import Meaning
from assistant.interpret.questions import UNKNOWN, QuestionReader
from assistant.interpret.safety import SafetySpotter, Spotted
from assistant.interpret.slots import SlotReader
from assistant.interpret.weighing import (
    ACT,
    ACT_BY_EAR,
    ANSWERS,
    FITS,
    FITS_TO_ACT,
    HOLDS,
    LOOSE,
    MAY,
    MISFIT,
    MOST_WORDS,
    NOTHING,
    SETS_GOING,
    Decided,
    Wanted,
    intents,
    lone_cry,
    of_safety,
    question,
    told,
)
from assistant.interpret.wishes import WishWords, is_negated, is_put_off, stripped
from assistant.language import LanguagePack
from assistant.messages import (
    AT_ONCE,
    SAFETY,
    Heard,
    Intent,
    NotNow,
    Perhaps,
    Phrase,
    Refusal,
    Said,
    Shortfall,
    Unsure,
)


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
        self._guesser = Guesser(meaning, self._slots, self._questions, self._safety, words)
        self._may_be_stop = frozenset(pack.safety.may_be_stop if pack.safety is not None else ())

    def decide(self, text: str, legal: Collection[Intent], at_s: float, score: float, *, act: float = ACT) -> Decided:
        """Return the events of a whole utterance, at `at_s` seconds of the session; `score` is the ear's.

        `act`: confidence from which a meaning is done unasked.
        """

        @cache
        def read(part: str) -> Decided:
            return self._one(part, legal, at_s, score, act)

        plain = self._matcher.plain(text)
        is_denied = not self.spot(plain)  # "no real pain so far" is not "no", and then "real pain"
        dialled = self._cry(text, at_s, score) if is_denied else None
        if dialled is not None:
            return dialled  # "call 112" is no number of times
        if not is_denied and self._questions.opens(plain) and _is_doubt_of_danger(whole := read(plain)):
            return whole
        divider = Divider(self._words, self._matcher.is_phrase, read, is_denied=is_denied)
        chosen = self._chosen(divider.corrected(plain), legal, at_s, score) if is_denied else None
        if chosen is not None and divider.are_others(plain):
            chosen = None
        found = chosen or divider.decide(plain)
        if Intent.ASK in legal and _moves_on(found) and self._questions.goes_on(plain):
            held = tuple(event for event in found.events if not isinstance(event, NOTHING) and event.intent in HOLDS)
            found = Decided(held or (self._guesser.question(plain, at_s, score),), None)
        return found._replace(events=tuple(self._unless_put_off(event, plain, legal) for event in found.events))

    def _chosen(self, text: str, legal: Collection[Intent], at_s: float, score: float) -> Decided | None:
        """Return the choice of techniques that the whole sentence is; no "and" divides it, no "not" denies it."""
        if Intent.CHOOSE not in legal:
            return None
        slots = next(filter(None, map(self._slots.chosen, stripped(text, self._words))), None)
        if slots is None:
            return None
        return Decided((Said(at_s=at_s, intent=Intent.CHOOSE, slots=slots, text=text, score=score),), None)

    def _unless_put_off(self, event: Wanted, text: str, legal: Collection[Intent]) -> Wanted:
        """Ask about what would set something going in a sentence that denies it, puts it off, or asks about it.

        A yes or no in own words is none where no word takes an answer back or goes on: in the safety check.
        """
        if not isinstance(event, Said) or event.intent not in SETS_GOING or self._matcher.is_phrase(text):
            return event
        if event.intent in ANSWERS:
            is_free = not {Intent.CANCEL, Intent.READY}.isdisjoint(legal)
            return event if is_free else Unsure(at_s=event.at_s, best=event.text)
        return question(event) if is_put_off(event.text, text, self._words) else event

    def _cry(self, text: str, at_s: float, score: float) -> Decided | None:
        """Return the sure words of safety in a sentence."""
        spotted = self.spot(text)
        return of_safety(spotted, text, at_s, score) if spotted and not spotted[0].is_doubtful else None

    def early_cry(self, text: str, at_s: float, score: float) -> Decided | None:
        """The same of what was said so far: a "stop", and other words of safety with a word behind them.

        What follows may still give the last words another sense: "a pain", "a pain au chocolat"; and a whole command
        may hold them: "sore enough".
        """
        phrase = self._matcher.exact(text)
        is_calm = phrase is not None and phrase.intent not in SAFETY
        spotted = [one for one in self.spot(text) if one.intent is Intent.STOP or not (one.is_last or is_calm)]
        return of_safety(spotted, text, at_s, score) if spotted and not spotted[0].is_doubtful else None

    def asks_for_help(self, text: str) -> bool:
        """True where the whole sentence is doubtful words of safety: "help me" may mean the program."""
        return any(one.is_all and one.is_doubtful for one in self.spot(text))

    def phrase(self, text: str) -> Phrase | None:
        """Return the phrase that the words are; None for one that they are only without a cry: "help help"."""
        phrase = self._matcher.exact(text)
        if phrase is None or phrase.intent in SAFETY or self._matcher.is_phrase(text) or self.spot(phrase.text):
            return phrase
        return None if any(not one.is_doubtful for one in self.spot(text)) else phrase

    def contradicted(self, event: Said | NotNow | Perhaps, heard: Heard, at_s: float) -> Decided | None:
        """Return what the words say against the phrase that the ear took them for; None where nothing does.

        The safer one counts: a cry, a "stop" that would be a start, a negation, another number, other words that fit.
        """
        text = heard.transcripts[0]
        if self.asks_for_help(text):
            return of_safety(self.spot(text), text, at_s, round(heard.score, 2))
        phrase = self.phrase(text)
        if phrase is not None and phrase.intent in SAFETY:
            spotted = Spotted(phrase.intent, text, is_doubtful=event.intent not in NEVER_AFTER)
            return of_safety((spotted,), text, at_s, round(heard.score, 2))
        cry = self._cry(text, at_s, round(heard.score, 2)) if phrase is None else None
        is_same = event.text in heard.transcripts if phrase is None else phrase.intent is event.intent
        return cry or self._denied(event, heard, at_s, is_same=is_same) or self._with_another_number(event, text, at_s)

    def _denied(self, event: Said | NotNow | Perhaps, heard: Heard, at_s: float, *, is_same: bool) -> Decided | None:
        """Nothing is done where the words hold a negation that the phrase lacks, mean something else, or fit badly."""
        text = heard.transcripts[0]
        is_far = heard.misfit <= FITS and not self.may_mean(text, event.intent, frozenset(Intent))
        is_unfit = heard.misfit > LOOSE and event.intent not in SAFETY | HOLDS
        if is_negated(text, self._words) != is_negated(event.text, self._words):
            short = Shortfall(rule="negation")
        elif (is_far or is_unfit) and not is_same:
            short = Shortfall(rule="meaning", needs=100 * MAY, had=0.0)
        else:
            return None
        return Decided((Unsure(at_s=at_s, best=event.text),), Refusal(text=event.text, shortfalls=(short,)))

    def _with_another_number(self, event: Said | NotNow | Perhaps, text: str, at_s: float) -> Decided | None:
        slots = self._slots.read(event.intent, text) if isinstance(event, Said) else None
        if not slots or not isinstance(event, Said) or all(event.slots.get(name) == slots[name] for name in slots):
            return None
        doubt = Refusal(text=event.text, shortfalls=(Shortfall(rule="another_number", word=text),))
        kept = slots if self._slots.is_possible(event.intent, slots) else {}
        return Decided((Perhaps(at_s=at_s, intent=event.intent, slots=kept, text=text),), doubt)

    def may_mean(self, text: str, intent: Intent, legal: Collection[Intent]) -> bool:
        """False where a phrase is near in letters only: "it tickles" is no "it tingles"."""
        guesses = self._guesser.guesses(text, legal, ACT_BY_EAR)
        return not guesses or any(one.intent is intent and one.confidence >= MAY for one in guesses)

    def near_danger(self, phrase: Said | NotNow | Perhaps, text: str, legal: Collection[Intent]) -> Decided | None:
        """Ask about a phrase of danger that typed words are near to in letters only: "it tickles", "it tingles"."""
        is_far = phrase.intent in SAFETY - AT_ONCE and self.phrase(text) is None and not self.spot(text)
        if not is_far or self.may_mean(text, phrase.intent, legal):
            return None
        doubt = Refusal(text=phrase.text, shortfalls=(Shortfall(rule="meaning", needs=100 * MAY, had=0.0),))
        return Decided((Perhaps(at_s=phrase.at_s, intent=phrase.intent, text=phrase.text),), doubt)

    def of_sound(self, heard: Heard, legal: Collection[Intent], at_s: float) -> Decided | None:
        """Return the events of sound that no phrase fits; None for none.

        One word alone is left to the phrases: a recorded "cat" or "nine" reads like many a word. Of 345 recordings that
        ask for nothing 47 acted or were asked about, and 18 so. But a cry is asked about ("hurting").
        What was read badly, as the phrase that was refused, or in two ways that mean different things, is asked about
        if it is a cry, and is nothing otherwise; a wish is nothing too where a reading is one word: "gone", "go on".
        """
        texts = [text for text in heard.transcripts[:2] if " " in text]
        read = [self.decide(text, legal, at_s, round(heard.score, 2), act=ACT_BY_EAR) for text in texts]
        if not read:
            return lone_cry(self.spot(heard.transcripts[0]), heard, at_s) if heard.transcripts else None
        first = read[0]
        is_one_word = len(texts) < len(heard.transcripts[:2])
        is_start = any(not isinstance(event, NOTHING) and event.intent in NEVER_AFTER for event in first.events)
        if is_start and self._may_be_stop & set(texts[0].split()):
            return Decided((Perhaps(at_s=at_s, intent=Intent.STOP, text=texts[0]),), first.doubt)
        is_bad = heard.misfit > MISFIT or heard.text == texts[0]
        if not is_bad and intents(first) == intents(read[-1]):
            event = first.events[0]
            is_wish = isinstance(event, Said) and event.intent not in SAFETY | AT_ONCE
            is_loose = is_wish and (
                is_one_word or heard.misfit > FITS_TO_ACT or self._is_idle(first.events, texts[0], legal)
            )
            return None if is_loose or isinstance(event, Unsure) else first
        cry = self._cry_in(texts, read, heard)
        return Decided((question(cry),), first.doubt or heard.refusal) if cry else None

    def _is_idle(self, events: Sequence[Wanted], text: str, legal: Collection[Intent]) -> bool:
        """True for what talk is taken for sooner than it is meant: an answer in own words, a question about nothing.

        An answer counts where a question of ours is open: "do you need help" has no word that goes on.
        """
        only = events[0]
        if len(events) > 1 or not isinstance(only, Said):
            return False
        is_answer = only.intent in ANSWERS and Intent.READY in legal and not self._matcher.is_phrase(text)
        return is_answer or (only.intent is Intent.ASK and only.slots.get("topic") == UNKNOWN)

    def _cry_in(self, texts: Sequence[str], read: Sequence[Decided], heard: Heard) -> Said | Perhaps | None:
        """Return the cry that all readings have, or one by its words: in the first, or surely in another that fits."""
        cries = [
            next((event for event in one.events if isinstance(event, Said | Perhaps) and event.intent in SAFETY), None)
            for one in read
        ]
        if all(cries):
            return cries[0]
        for cry, text in zip(cries, texts, strict=True):
            spotted = self.spot(text)
            is_sure = bool(spotted) and not spotted[0].is_doubtful and heard.misfit <= FITS
            if cry and spotted and (text is texts[0] or is_sure):
                return cry
        return None

    def spot(self, text: str) -> tuple[Spotted, ...]:
        """Return the words of safety in a sentence, the gravest last."""
        return self._safety.spot(self._matcher.spelled(text)) if self._safety else ()

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
        spotted = told(cries := self.spot(text), weighed, is_asked=self._questions.opens(text))
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
        found = self._guesser.or_a_question(found, text, at_s, score, has_topic=True) if can_ask else found
        if isinstance(found.events[0], Unsure):
            found = self._guesser.elsewhere(text, legal, at_s, act) or found
        is_typed = act < ACT_BY_EAR
        asked = self._guesser.or_a_question(found, text, at_s, score, has_topic=False) if can_ask and is_typed else None
        return asked or found


def _moves_on(found: Decided) -> bool:
    """True for two wishes, of which the second sets something going."""
    return not SETS_GOING.isdisjoint(intents(found)[1:]) and SAFETY.isdisjoint(intents(found))


def _is_doubt_of_danger(found: Decided) -> bool:
    return isinstance(found.events[0], Perhaps) and found.events[0].intent in SAFETY - AT_ONCE
