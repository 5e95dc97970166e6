"""Weighs what the ear wrote down: a phrase against the open words beside it, and open words that no phrase fits. Pure.

A word in nine of unseen texts is misread (docs/recognition.md, "Open words"): two readings must agree, and fit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.interpret.early import NEVER_AFTER
from assistant.interpret.own_words import OwnWords
from assistant.interpret.questions import UNKNOWN
from assistant.interpret.safety import Spotted
from assistant.interpret.slots import SlotReader
from assistant.interpret.weighing import (
    ACT_BY_EAR,
    ANSWERS,
    FITS,
    HOLDS,
    LOOSE,
    MAY,
    MISFIT,
    NOTHING,
    Decided,
    Wanted,
    intents,
    lone_cry,
    of_safety,
    question,
)
from assistant.interpret.wishes import WishWords, is_negated
from assistant.language import LanguagePack
from assistant.messages import AT_ONCE, SAFETY, Heard, Intent, NotNow, Perhaps, Phrase, Refusal, Said, Shortfall, Unsure

FITS_TO_ACT = 0.6
"""Nats a letter up to which a wish in own words is done by ear. Of 670 sentences that 67 learners read 29 did something
beside words of safety, and 24 from 0.6 on, 18 from 0.4; of 156 spoken commands 104, 104 and 102 are right."""
FITS_TO_ASK, ASK_BY_EAR = 0.3, 60.0
"""Nats a letter up to which such a wish is asked about, and points of 100 that its meaning needs. Of 47 questions about
500 read sentences and 160 with pauses inside 21 are left, of 12 right ones about 160 spoken commands all."""
WORDS_AROUND_A_CRY = 4  # chosen: words of the longest sentence in which a cry such as "basta" is one by ear
STANDS_OUT = 10.0  # chosen: nats above its bar from which a phrase is believed against a negation in one reading
FITS_A_CRY, LONG_CRY, SHARE_OF_CRY = 0.5, 6, 0.15
"""Nats a letter up to which a doubtful cry in a sentence of so many words is asked about, and the least share of its
words where only the second reading holds it: "it hurts my knee a lot", not "cease and the laptop before the back on".
With both 52 of 670 read sentences are asked about, 68 without, and of 22 questions about 240 spoken cries all are
left."""


class ByEar:
    """Open words of sound. Keeps no state between calls."""

    def __init__(self, own_words: OwnWords, pack: LanguagePack, words: WishWords) -> None:
        """Take what is known of the language's words."""
        self._own_words = own_words
        self._slots = SlotReader(pack, words)
        self._words = words
        self._alone = frozenset(pack.safety.alone if pack.safety is not None else ())
        self._may_be_stop = frozenset(pack.safety.may_be_stop if pack.safety is not None else ())

    def contradicted(self, event: Said | NotNow | Perhaps, heard: Heard, at_s: float) -> Decided | None:
        """Return what the words say against the phrase that the ear took them for; None where nothing does.

        The safer one counts: a cry, a "stop" that would be a start, a negation, another number, other words that fit.
        """
        text = heard.transcripts[0]
        if self._own_words.asks_for_help(text):
            return of_safety(self._own_words.spot(text), text, at_s, round(heard.score, 2))
        phrase = self._own_words.phrase(text)
        if phrase is not None and phrase.intent in SAFETY:
            spotted = Spotted(phrase.intent, text, is_doubtful=event.intent not in NEVER_AFTER)
            return of_safety((spotted,), text, at_s, round(heard.score, 2))
        cry = self._own_words.cry(text, at_s, round(heard.score, 2)) if phrase is None else None
        is_same = self._own_words.may_be(text, event.intent) or self._is_second(event, phrase, heard)
        return cry or self._denied(event, heard, at_s, is_same=is_same) or self._with_another_number(event, text, at_s)

    def _is_second(self, event: Said | NotNow | Perhaps, phrase: Phrase | None, heard: Heard) -> bool:
        """True where another reading holds it, and the first has no phrase or it starts nothing that was held."""
        if phrase is not None and event.intent in NEVER_AFTER:
            return False
        return event.text in heard.transcripts or any(
            self._own_words.may_be(text, event.intent) for text in heard.transcripts[1:2]
        )

    def _denied(self, event: Said | NotNow | Perhaps, heard: Heard, at_s: float, *, is_same: bool) -> Decided | None:
        """Nothing is done where the words hold a negation that the phrase lacks, mean something else, or fit badly."""
        text = heard.transcripts[0]
        is_far = heard.misfit <= FITS and not self._own_words.may_mean(text, event.intent, frozenset(Intent))
        is_unfit = heard.misfit > LOOSE and event.intent not in SAFETY | HOLDS
        is_other = is_negated(text, self._words) != is_negated(event.text, self._words)
        if is_other and not self._is_surely_plain(event, heard):
            short = Shortfall(rule="negation")
        elif (is_far or is_unfit) and not is_same:
            short = Shortfall(rule="meaning", needs=100 * MAY, had=0.0)
        else:
            return None
        return Decided((Unsure(at_s=at_s, best=event.text),), Refusal(text=event.text, shortfalls=(short,)))

    def _is_surely_plain(self, event: Said | NotNow | Perhaps, heard: Heard) -> bool:
        """True where the second reading is the phrase, which stands out and starts nothing: "don't back", "go back"."""
        is_clear = event.text in heard.transcripts[1:2] and heard.spare >= STANDS_OUT
        return is_clear and event.intent not in NEVER_AFTER

    def _with_another_number(self, event: Said | NotNow | Perhaps, text: str, at_s: float) -> Decided | None:
        slots = self._slots.read(event.intent, text) if isinstance(event, Said) else None
        if not slots or not isinstance(event, Said) or all(event.slots.get(name) == slots[name] for name in slots):
            return None
        doubt = Refusal(text=event.text, shortfalls=(Shortfall(rule="another_number", word=text),))
        kept = slots if self._slots.is_possible(event.intent, slots) else {}
        return Decided((Perhaps(at_s=at_s, intent=event.intent, slots=kept, text=text),), doubt)

    def of_sound(self, heard: Heard, legal: Collection[Intent], at_s: float) -> Decided | None:
        """Return the events of sound that no phrase fits; None for none.

        One word alone is left to the phrases: a recorded "cat" or "nine" reads like many a word. Of 345 recordings that
        ask for nothing 47 acted or were asked about, and 18 so. But a cry is asked about ("hurting").
        What was read badly, as the phrase that was refused, or in two ways that mean different things, is asked about
        if it is a cry, and is nothing otherwise; a wish is nothing too where a reading is one word: "gone", "go on".
        """
        texts = [text for text in heard.transcripts[:2] if " " in text]
        found = [self._own_words.decide(text, legal, at_s, round(heard.score, 2), act=ACT_BY_EAR) for text in texts]
        read = [self._but_stray(one, text, at_s) for one, text in zip(found, texts, strict=True)]
        if not read:
            return lone_cry(self._own_words.spot(heard.transcripts[0]), heard, at_s) if heard.transcripts else None
        first = read[0]
        is_start = any(not isinstance(event, NOTHING) and event.intent in NEVER_AFTER for event in first.events)
        if is_start and self._may_be_stop & set(texts[0].split()):
            return Decided((Perhaps(at_s=at_s, intent=Intent.STOP, text=texts[0]),), first.doubt)
        is_bad = heard.misfit > MISFIT or heard.text == texts[0]
        if not is_bad and intents(first) == intents(read[-1]):
            is_loose = self._is_loose(first, heard, legal)
            return None if is_loose or isinstance(first.events[0], Unsure) else first
        cry = self._cry_in(texts, read, heard)
        if isinstance(cry, Perhaps) and _is_far_cry(heard):
            return None
        return Decided((question(cry),), first.doubt or heard.refusal) if cry else None

    def early(self, heard: Heard, at_s: float) -> Decided | None:
        """Return the sure words of safety in what was said so far."""
        text = heard.transcripts[0]
        found = self._own_words.early_cry(text, at_s, round(heard.score, 2))
        return None if found is None or self._is_stray(found, text) else found

    def _but_stray(self, found: Decided, text: str, at_s: float) -> Decided:
        return Decided((Unsure(at_s=at_s, best=text),), found.doubt) if self._is_stray(found, text) else found

    def _is_stray(self, found: Decided, text: str) -> bool:
        """True for cries of other languages and the like in a sentence of more words than stand around them."""
        wanted = [event for event in found.events if not isinstance(event, NOTHING)]
        is_long = len(text.split()) > WORDS_AROUND_A_CRY
        return bool(wanted) and is_long and all(set(event.text.split()) <= self._alone for event in wanted)

    def _is_loose(self, found: Decided, heard: Heard, legal: Collection[Intent]) -> bool:
        """True for a wish whose words fit too badly, or that is too unlikely: neither a cry nor a pause is one."""
        event = found.events[0]
        if isinstance(event, Perhaps) and event.intent in SAFETY:
            return _is_far_cry(heard)
        if isinstance(event, NOTHING) or event.intent in SAFETY | AT_ONCE:
            return False
        if isinstance(event, Perhaps):
            short = found.doubt.shortfalls[0] if found.doubt else None
            is_unlikely = short is not None and short.rule == "meaning" and (short.had or 0.0) < ASK_BY_EAR
            is_answer = event.intent in ANSWERS and Intent.READY in legal
            return is_unlikely or is_answer or heard.misfit > FITS_TO_ASK
        is_one_word = not all(" " in text for text in heard.transcripts[:2])
        return is_one_word or heard.misfit > FITS_TO_ACT or self._is_idle(found.events, heard.transcripts[0], legal)

    def _is_idle(self, events: Sequence[Wanted], text: str, legal: Collection[Intent]) -> bool:
        """True for what talk is taken for sooner than it is meant: an answer in own words, a question about nothing.

        An answer counts where a question of ours is open: "do you need help" has no word that goes on.
        """
        only = events[0]
        if len(events) > 1 or not isinstance(only, Said):
            return False
        is_answer = only.intent in ANSWERS and Intent.READY in legal and not self._own_words.is_phrase(text)
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
            spotted = self._own_words.spot(text)
            is_sure = bool(spotted) and not spotted[0].is_doubtful and heard.misfit <= FITS
            if cry and spotted and (text is texts[0] or (is_sure and _share(spotted[-1].text, text) >= SHARE_OF_CRY)):
                return cry
        return None


def _is_far_cry(heard: Heard) -> bool:
    """True for a long sentence that fits badly: a doubtful word of safety in it is talk that was misread."""
    return heard.misfit > FITS_A_CRY and len(heard.transcripts[0].split()) >= LONG_CRY


def _share(part: str, text: str) -> float:
    return len(part.split()) / len(text.split())
