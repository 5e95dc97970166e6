"""Decides about one wish by what was learned: done, asked back, a question with an answer, or nothing. Pure.

Words of safety, phrases and names come before it (own_words.py). docs/recognition.md, "Meaning".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.interpret.meaning import Guess, Meaning
from assistant.interpret.questions import QuestionReader
from assistant.interpret.ranking import or_asked, ranked, with_one_cry, with_one_question
from assistant.interpret.safety import SafetySpotter
from assistant.interpret.slots import SlotReader
from assistant.interpret.weighing import (
    ACT,
    ACT_ASKED,
    ACT_COSTLY,
    ACT_UNASKED,
    ASK,
    ASK_COSTLY,
    ASK_SAFETY,
    ASK_SAFETY_BY_EAR,
    BESIDE,
    COSTLY,
    INFORMS,
    LEAD,
    MOST_TYPED,
    MOST_WORDS,
    NAMED_QUESTION,
    QUESTIONS,
    RIVAL,
    TOLD_BY_TOPIC,
    Decided,
)
from assistant.interpret.wishes import WishWords, bare, is_cut_off
from assistant.messages import AT_ONCE, SAFETY, Intent, NotNow, Perhaps, Refusal, Said, Shortfall, Unsure

NEVER = 2.0  # no confidence


class Guesser:
    """The guesses about one language's wishes. Keeps no state between calls."""

    def __init__(
        self,
        meaning: Meaning | None,
        slots: SlotReader,
        questions: QuestionReader,
        safety: SafetySpotter | None,
        words: WishWords,
    ) -> None:
        """Take what was learned, if anything, and the readers of numbers, questions, denials and words around it."""
        self._meaning = meaning
        self._slots = slots
        self._questions = questions
        self._safety = safety
        self._words = words

    def or_a_question(
        self, found: Decided, text: str, guesses: Sequence[Guess], at_s: float, score: float, *, has_topic: bool
    ) -> Decided:
        """Return a question with its topic in it, if it would be asked back or nothing; else one about the massage.

        One that has a command of its own is asked back where it is the likelier one: "which hip are we at now".
        """
        first = found.events[0]
        is_open = isinstance(first, Unsure) or (has_topic and isinstance(first, Perhaps) and first.intent not in SAFETY)
        if not is_open or not self._questions.is_for_us(text, has_topic=has_topic):
            return found
        named = next((one for one in guesses if one.intent in INFORMS), None)
        if named is None or not named.intent or named.intent in TOLD_BY_TOPIC or named.confidence < NAMED_QUESTION:
            return Decided((self.question(text, at_s, score),), None)
        asked = Perhaps(at_s=at_s, intent=named.intent, text=text) if isinstance(first, Unsure) else first
        return Decided((asked,), found.doubt)

    def question(self, text: str, at_s: float, score: float) -> Said:
        """Return the question that a text is, with its topic."""
        return Said(at_s=at_s, intent=Intent.ASK, slots=self._questions.read(text), text=text, score=score)

    def elsewhere(self, text: str, legal: Collection[Intent], at_s: float, act: float) -> Decided | None:
        """Return what the text surely means that is not legal now; None for anything else."""
        best, rival = ranked(self.guesses(text, frozenset(Intent), act), is_denied=False, cries_from=ASK_SAFETY_BY_EAR)
        if best.intent is None or best.intent in legal or best.confidence < act or rival >= RIVAL:
            return None
        doubt = Refusal(text=best.intent.value, shortfalls=(Shortfall(rule="not_legal"),))
        return Decided((NotNow(at_s=at_s, intent=best.intent, text=text, is_guess=True),), doubt)

    def guesses(self, text: str, legal: Collection[Intent], act: float = ACT) -> tuple[Guess, ...]:
        """Return the likeliest meanings, best first; none where nothing was learned, and of long speech."""
        most = MOST_TYPED if act <= ACT else MOST_WORDS
        if self._meaning is None or len(text.split()) > most:
            return ()
        core = bare(text, self._words)
        found = self._meaning.guesses(core, legal)
        if core != text and Intent.ASK in legal:
            found = or_asked(found, self._meaning.guesses(text, legal))
        return with_one_cry(with_one_question(found))

    def decide(self, guesses: Sequence[Guess], text: str, at_s: float, score: float, act: float) -> Decided:
        """Do, ask or leave what is likeliest; a number that is missing or cannot be done is never replaced.

        Words that end where a sentence cannot ("where's my") are nothing yet.
        """
        cries_from = ASK_SAFETY if act <= ACT else ASK_SAFETY_BY_EAR
        is_denied = self._safety is not None and self._safety.is_denied(text)
        best, rival = ranked(guesses, is_denied=is_denied, cries_from=cries_from)
        short = Shortfall(rule="meaning", needs=100 * ACT, had=100 * best.confidence)
        doubt = Refusal(text=best.intent.value if best.intent else "", shortfalls=(short,))
        nothing = Decided((Unsure(at_s=at_s, best=text),), doubt)
        if best.intent is None or (is_cut_off(text, self._words) and best.intent not in SAFETY):
            return nothing
        if best.intent is Intent.ASK:
            answered = Decided((self.question(text, at_s, score),), None, confidence=best.confidence)
            return answered if best.confidence >= self._bar_of_question(text, act) else nothing
        slots = self._slots.read(best.intent, text)
        is_clear = slots is not None and self._slots.is_possible(best.intent, slots)
        is_costly = best.intent in COSTLY
        ends_it = best.intent in SAFETY - AT_ONCE  # no word takes that back: without words of danger it is asked
        bar = ACT_ASKED + act - ACT if best.intent in QUESTIONS else max(act, ACT_COSTLY if is_costly else 0.0)
        if best.confidence >= bar and rival < RIVAL and is_clear and not ends_it:
            said = Said(at_s=at_s, intent=best.intent, slots=slots or {}, text=text, score=score)
            return Decided((said,), None, confidence=best.confidence)
        asks_from = cries_from if best.intent in SAFETY else ASK_COSTLY if is_costly else ASK
        if best.confidence < asks_from or (slots is None and best.intent is not Intent.WAIT_FOR):
            return nothing
        kept = slots if slots and is_clear else {}
        is_ahead = best.confidence >= max(BESIDE + act - ACT, rival + LEAD)
        is_likely = is_ahead and is_clear and not is_costly and best.intent not in SAFETY | QUESTIONS
        perhaps = Perhaps(at_s=at_s, intent=best.intent, slots=kept, text=text)
        return Decided((perhaps,), doubt, is_likely, best.confidence)

    def _bar_of_question(self, text: str, act: float) -> float:
        """The confidence from which a question is answered: by ear, and where the words are none, it must be sure."""
        if self._questions.is_one(text):
            return ACT_ASKED if act <= ACT else act
        return ACT_UNASKED if act <= ACT else NEVER
