"""Understands what somebody says in their own words: safety, wishes, phrases, names, and a classifier. Pure.

One part of a sentence at a time: the exact phrase, then words of safety, then a technique or routine by its name, then
the likeliest meaning. Sure: it is done. Likely: it is asked back. Else it is nothing. docs/recognition.md, "Meaning".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

from assistant.interpret.early import NEVER_AFTER
from assistant.interpret.match import Matcher
from assistant.interpret.meaning import ASK, ASK_SAFETY, Guess, Meaning
from assistant.interpret.safety import SafetySpotter, Spotted
from assistant.interpret.slots import SlotReader
from assistant.interpret.wishes import WishWords, bare, is_negated, split
from assistant.language import LanguagePack
from assistant.messages import (
    ASKED_BACK,
    SAFETY,
    Heard,
    Intent,
    NotNow,
    Perhaps,
    Refusal,
    Said,
    Shortfall,
    SlotValue,
    Unsure,
)

CALM = frozenset({Intent.NEXT, Intent.LIGHTER, Intent.END_SESSION, Intent.WAIT_FOR, Intent.PAUSE, Intent.SLEEP})
"""Wishes that may be done right after words of safety: each leaves, lessens or holds what hurt."""
COSTLY = ASKED_BACK | {Intent.FORGET_ME}
ACT_COSTLY, ASK_COSTLY = (
    0.9,
    0.6,
)  # chosen: a session that ends by mistake costs more than a repetition
DOUBTED, NOBODY = 0.7, 0.9
"""Confidences of "nothing for us" from which sure words of safety are asked about, and from which doubtful ones are
nothing. The first from 0.97 to 0.5: 3, 2, 1 and 1 of 30 negated texts act that were set aside, all of 40 cries are held
or asked about, and 14 of 252 development texts are asked about."""
OTHER = 0.9  # confidence from which another command that holds such words is meant: "the left one hurts more"
ACT = 0.8
RIVAL = 0.2
"""Confidence from which a meaning is done unasked, and below which the next one must lie. By the whole interpreter 449
of 620 development wordings are right so, 14 wrong, and 4 of 252 other texts acted on (folds: nothing of a fold was
learned); at 0.6 and 0.3, with fewer texts learned, 496, 18 and 7."""
ACT_BY_EAR = 0.9  # chosen: the same for sound, where a word in nine of unseen texts is misread
DENIED = 0.6  # chosen: confidence of a cry that its words deny; less is none
MAY = 0.4  # chosen: confidence that a phrase which is near in letters must have too
MOST_WORDS = 24  # of the longest sentence that is read for its meaning; longer speech is talk

MISFIT = 0.9  # nats a letter up to which open words act: of 355 clips of commands 3 lie above it
FITS = 0.7  # nats a letter up to which other words contradict a phrase that the ear believed
Wanted: TypeAlias = Said | Perhaps | Unsure


class Decided(NamedTuple):
    """The events of a text, and the reason why they are not done at once."""

    events: tuple[Wanted, ...]
    doubt: Refusal | None


class OpenWords:
    """Everything that is known of one language's words. Keeps no state between calls."""

    def __init__(self, matcher: Matcher, pack: LanguagePack, words: WishWords, meaning: Meaning | None) -> None:
        """Take the session's phrases, the language, and what was learned of its wordings, if it has any."""
        self._matcher = matcher
        self._safety = SafetySpotter(pack.safety) if pack.safety is not None else None
        self._slots = SlotReader(pack, words)
        self._words = words
        self._meaning = meaning
        self._may_be_stop = frozenset(pack.safety.may_be_stop if pack.safety is not None else ())

    def decide(self, text: str, legal: Collection[Intent], at_s: float, score: float, *, act: float = ACT) -> Decided:
        """Return the events of a whole utterance, at `at_s` seconds of the session; `score` is the ear's.

        `act`: confidence from which a meaning is done unasked.
        """

        @cache
        def read(part: str) -> Decided:
            return self._one(part, legal, at_s, score, act)

        plain = self._matcher.spelled(text)
        whole = read(plain)
        is_one = isinstance(whole.events[0], Said) and whole.events[0].intent not in SAFETY
        is_denied = not self._spot(plain)  # "no real pain so far" is not "no", and then "real pain"

        def is_wanted(part: str) -> bool:
            event = read(part).events[0]
            return isinstance(event, Said) and not (is_denied and event.intent in SAFETY)

        parts = split(plain, is_wanted, self._words, is_one=is_one)
        if isinstance(whole.events[0], Said) and whole.events[0].intent in SAFETY:
            return _with_calm(whole, [read(part) for part in parts[1:]])
        if len(parts) > 1 and not _is_twice_one(*map(read, parts)):
            return _joined(*map(read, parts))
        return read(parts[-1]) if parts and not is_one else whole

    def _cry(self, text: str, at_s: float, score: float) -> Decided | None:
        """Return the sure words of safety in a sentence."""
        spotted = self._spot(text)
        return _of_safety(spotted, text, at_s, score) if spotted and not spotted[0].is_doubtful else None

    def early_cry(self, text: str, at_s: float, score: float) -> Decided | None:
        """The same of what was said so far: a "stop", and other words of safety with a word behind them.

        What follows may still give the last words another sense: "a pain", "a pain au chocolat".
        """
        spotted = [one for one in self._spot(text) if one.intent is Intent.STOP or not one.is_last]
        return _of_safety(spotted, text, at_s, score) if spotted and not spotted[0].is_doubtful else None

    def asks_for_help(self, text: str) -> bool:
        """True where the whole sentence is doubtful words of safety: "help me" may mean the program."""
        return any(one.is_all and one.is_doubtful for one in self._spot(text))

    def contradicted(self, event: Said | NotNow | Perhaps, heard: Heard, at_s: float) -> Decided | None:
        """Return what the words say against the phrase that the ear took them for; None where nothing does.

        The safer one counts: a cry, a "stop" that would be a start, a negation, another number, other words that fit.
        """
        text = heard.transcripts[0]
        if self.asks_for_help(text):
            return _of_safety(self._spot(text), text, at_s, round(heard.score, 2))
        phrase = self._matcher.exact(text)
        if phrase is not None and phrase.intent in SAFETY:
            spotted = Spotted(phrase.intent, text, is_doubtful=event.intent not in NEVER_AFTER)
            return _of_safety((spotted,), text, at_s, round(heard.score, 2))
        cry = self._cry(text, at_s, round(heard.score, 2)) if phrase is None else None
        is_same = phrase is not None and phrase.intent is event.intent
        return cry or self._denied(event, heard, at_s, is_same=is_same) or self._with_another_number(event, text, at_s)

    def _denied(self, event: Said | NotNow | Perhaps, heard: Heard, at_s: float, *, is_same: bool) -> Decided | None:
        """Nothing is done where the words hold a negation that the phrase lacks, or fit and mean something else."""
        text = heard.transcripts[0]
        short = None
        if is_negated(text, self._words) != is_negated(event.text, self._words):
            short = Shortfall(rule="negation")
        elif heard.misfit <= FITS and not is_same and not self.may_mean(text, event.intent, frozenset(Intent)):
            short = Shortfall(rule="meaning", needs=100 * MAY, had=0.0)
        doubt = Refusal(text=event.text, shortfalls=(short,)) if short else None
        return Decided((Unsure(at_s=at_s, best=event.text),), doubt) if doubt else None

    def _with_another_number(self, event: Said | NotNow | Perhaps, text: str, at_s: float) -> Decided | None:
        slots = self._slots.read(event.intent, text) if isinstance(event, Said) else None
        if not slots or not isinstance(event, Said) or all(event.slots.get(name) == slots[name] for name in slots):
            return None
        doubt = Refusal(text=event.text, shortfalls=(Shortfall(rule="another_number", word=text),))
        kept = slots if self._slots.is_possible(event.intent, slots) else {}
        return Decided((Perhaps(at_s=at_s, intent=event.intent, slots=kept, text=text),), doubt)

    def may_mean(self, text: str, intent: Intent, legal: Collection[Intent]) -> bool:
        """False where a phrase is near in letters only: "it tickles" is no "it tingles"."""
        guesses = self._guesses(text, legal)
        return not guesses or any(one.intent is intent and one.confidence >= MAY for one in guesses)

    def of_sound(self, heard: Heard, legal: Collection[Intent], at_s: float) -> Decided | None:
        """Return the events of sound that no phrase fits; None for none.

        One word alone is left to the phrases: a recorded "cat" or "nine" reads like many a word, and 20 of 237 acted.
        What was read badly, or as the phrase that was refused, is asked about if it is a cry, and is nothing otherwise;
        where two readings mean different things, the safer one is asked about.
        """
        texts = [text for text in heard.transcripts[:2] if " " in text]
        read = [self.decide(text, legal, at_s, round(heard.score, 2), act=ACT_BY_EAR) for text in texts]
        if not read:
            return None
        first = read[0]
        is_start = any(isinstance(event, Said) and event.intent in NEVER_AFTER for event in first.events)
        if is_start and self._may_be_stop & set(texts[0].split()):
            return Decided((Perhaps(at_s=at_s, intent=Intent.STOP, text=texts[0]),), first.doubt)
        is_bad = heard.misfit > MISFIT or heard.text == texts[0]
        if not is_bad and _intents(first) == _intents(read[-1]):
            return None if isinstance(first.events[0], Unsure) else first
        wanted = [event for one in read for event in one.events if not isinstance(event, Unsure)]
        cries = [event for event in wanted if event.intent in SAFETY]
        asked = next(iter(cries or ([] if is_bad else wanted)), None)
        return Decided((_asked(asked),), first.doubt or heard.refusal) if asked else None

    def _spot(self, text: str) -> tuple[Spotted, ...]:
        return self._safety.spot(self._matcher.spelled(text)) if self._safety else ()

    def _one(self, text: str, legal: Collection[Intent], at_s: float, score: float, act: float) -> Decided:
        """Decide about one wish."""
        if self.asks_for_help(text):
            return _of_safety(self._spot(text), text, at_s, score)
        phrase = self._matcher.exact(text)
        if phrase is not None and phrase.intent in legal:
            slots = phrase.slots if self._slots.is_possible(phrase.intent, phrase.slots) else {}
            return Decided((Said(at_s=at_s, intent=phrase.intent, slots=slots, text=text, score=score),), None)
        guesses = self._guesses(text, legal)
        spotted = _told(self._spot(text), guesses)
        if spotted:
            return _of_safety(spotted, text, at_s, score)
        for intent, slots in self._slots.named(text):
            if intent in legal:
                return Decided((Said(at_s=at_s, intent=intent, slots=slots, text=text, score=score),), None)
        return self._of_guesses(guesses, text, at_s, score, act)

    def _guesses(self, text: str, legal: Collection[Intent]) -> tuple[Guess, ...]:
        if self._meaning is None or len(text.split()) > MOST_WORDS:
            return ()
        return self._meaning.guesses(bare(text, self._words), legal)

    def _of_guesses(self, guesses: Sequence[Guess], text: str, at_s: float, score: float, act: float) -> Decided:
        """Do, ask or leave what is likeliest; a number that is missing or cannot be done is never replaced."""
        best, rival = _ranked(guesses, is_denied=self._safety is not None and self._safety.is_denied(text))
        short = Shortfall(rule="meaning", needs=100 * ACT, had=100 * best.confidence)
        doubt = Refusal(text=best.intent.value if best.intent else "", shortfalls=(short,))
        nothing = Decided((Unsure(at_s=at_s, best=text),), doubt)
        if best.intent is None:
            return nothing
        slots: Mapping[str, SlotValue] | None = self._slots.read(best.intent, text)
        is_clear = slots is not None and self._slots.is_possible(best.intent, slots)
        is_costly = best.intent in COSTLY
        if best.confidence >= (max(act, ACT_COSTLY) if is_costly else act) and rival < RIVAL and is_clear:
            said = Said(at_s=at_s, intent=best.intent, slots=slots or {}, text=text, score=score)
            return Decided((said,), None)
        asks_from = ASK_SAFETY if best.intent in SAFETY else ASK_COSTLY if is_costly else ASK
        if best.confidence < asks_from or (slots is None and best.intent is not Intent.WAIT_FOR):
            return nothing
        kept = slots if slots and is_clear else {}
        return Decided((Perhaps(at_s=at_s, intent=best.intent, slots=kept, text=text),), doubt)


def _ranked(guesses: Sequence[Guess], *, is_denied: bool) -> tuple[Guess, float]:
    """Return the meaning to decide about, and the confidence of the next one.

    Where none is sure, a likely cry comes first; one that the words deny ("I don't feel faint") is asked about at most.
    """
    kept = [one for one in guesses if one.intent is not None]
    if is_denied:
        kept = [one._replace(confidence=min(one.confidence, DENIED)) if one.intent in SAFETY else one for one in kept]
        kept = [one for one in kept if one.intent not in SAFETY or one.confidence == DENIED]
    if not kept:
        return Guess(None, 1.0), 0.0
    rival = kept[1].confidence if len(kept) > 1 else 0.0
    cries = [one for one in kept if one.intent in SAFETY and one.confidence >= ASK_SAFETY]
    is_sure = kept[0].confidence >= ACT and rival < RIVAL
    return (kept[0] if is_sure or not cries else cries[0]), rival


def _is_twice_one(one: Decided, other: Decided) -> bool:
    """Tell one wish that is said in two sentences: "it was seven, and now it is four" is one rating."""
    intents = {event.intent for part in (one, other) for event in part.events if not isinstance(event, Unsure)}
    return len(intents) == 1


def _joined(*parts: Decided) -> Decided:
    """Join what two parts want, in their order."""
    events = tuple(event for part in parts for event in part.events if not isinstance(event, Unsure))
    return Decided(events or parts[0].events, next((part.doubt for part in parts if part.doubt), None))


def _with_calm(cry: Decided, after: Sequence[Decided]) -> Decided:
    """Add a wish that stands after words of safety, where it sets nothing going: "too hard, let's skip it"."""
    calm = [event for one in after for event in one.events if isinstance(event, Said) and event.intent in CALM]
    return cry._replace(events=(*cry.events, *calm))


def _told(spotted: Sequence[Spotted], guesses: Sequence[Guess]) -> tuple[Spotted, ...]:
    """Weigh words of safety against the meaning of the whole: it makes them sure, doubtful, or nothing."""
    if not spotted or not guesses:
        return tuple(spotted)
    best = guesses[0]
    gravest = spotted[-1]
    if gravest.is_doubtful:
        if best.intent in SAFETY and best.confidence >= ACT:
            return (Spotted(best.intent, gravest.text, is_doubtful=False),)
        bar = OTHER if best.intent in CALM else NOBODY
        return () if best.intent is not gravest.intent and best.confidence >= bar else tuple(spotted)
    if best.intent is None and best.confidence >= DOUBTED:
        return (gravest._replace(is_doubtful=True),)
    is_other = best.intent is not None and best.intent not in SAFETY | CALM and best.confidence >= OTHER
    return () if is_other else tuple(spotted)


def _intents(decided: Decided) -> list[Intent | None]:
    return [None if isinstance(event, Unsure) else event.intent for event in decided.events]


def _asked(event: Said | Perhaps) -> Perhaps:
    return Perhaps(at_s=event.at_s, intent=event.intent, slots=event.slots, text=event.text)


def _of_safety(spotted: Sequence[Spotted], text: str, at_s: float, score: float) -> Decided:
    """The events of these words, and the doubt that makes them a question."""
    if spotted[0].is_doubtful:
        one = spotted[-1]
        doubt = Refusal(text=text, shortfalls=(Shortfall(rule="another_sense", word=one.text),))
        return Decided((Perhaps(at_s=at_s, intent=one.intent, text=one.text),), doubt)
    return Decided(tuple(Said(at_s=at_s, intent=one.intent, text=one.text, score=score) for one in spotted), None)
