"""The one door of interpret/: an utterance, or what is heard of it so far, becomes the events it means. Pure.

Order inside: what may be meant now (early.py), the phrase and its intent (match.py), our own sentence coming back
(own_voice.py), what the words say beside any phrase (own_words.py), and what an early action leaves to do (early.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from assistant.interpret.by_ear import ByEar
from assistant.interpret.check_answers import CheckAnswers
from assistant.interpret.early import Meant, Speaking
from assistant.interpret.feelings import Feelings
from assistant.interpret.health import HealthFacts
from assistant.interpret.match import Matcher, Understood
from assistant.interpret.meaning import Meaning
from assistant.interpret.offers import unless_offered
from assistant.interpret.own_voice import Sounding, is_all_own_voice, is_own_voice
from assistant.interpret.own_words import OwnWords
from assistant.interpret.plain import Spelling
from assistant.interpret.sayings import Sayings
from assistant.interpret.talk_before import TalkBefore
from assistant.interpret.weighing import (
    EASILY_MISHEARD,
    FITS,
    FITS_ONE_WORD,
    MISFIT,
    SETS_GOING,
    Decided,
)
from assistant.interpret.wishes import wish_words
from assistant.language import LanguagePack
from assistant.messages import (
    AT_ONCE,
    SAFETY,
    Drowned,
    Heard,
    Intent,
    NotNow,
    Perhaps,
    Phrase,
    Refusal,
    Said,
    Shortfall,
    SlotValue,
    Unsure,
)

ANSWERS = frozenset({Intent.YES, Intent.NO, Intent.MAYBE, Intent.CHANGE_ANSWER, Intent.DOCTOR_AGREED})
"""Phrases that are read as answers in the safety check, where another reading of their words may be the safer one."""
NO_FACT = frozenset({"doctor", "explain", "back", "meant_no", "no", "no_change"})
"""Answers of the safety check in which a word of health tells no fact: "what is osteoporosis"."""
ON_THE_BODY = frozenset({"skin"})
"""Facts that may be a pain of this moment: "I burnt my back"."""
SAME_DAY = frozenset({"clot"})
"""Facts whose own words are no emergency: "my leg is swollen" is advice for today."""
SURE = 100.0  # the score of words that nobody had to guess: typed ones


class Interpreter:
    """Understands what one person says in one session. Holds the utterance that was acted on before its end."""

    def __init__(self, phrases: Sequence[Phrase], pack: LanguagePack, meaning: Meaning | None = None) -> None:
        """Take every phrase that may become legal, the language, and what was learned of its wordings.

        A language without any of it understands its phrases, and what its word files tell of safety and of wishes.
        """
        words = wish_words(pack)
        self._matcher = Matcher(phrases, pack.skip_words, pack.numbers, words)
        self._own_words = OwnWords(self._matcher, pack, words, meaning)
        self._by_ear = ByEar(self._own_words, pack, words)
        self._answers = CheckAnswers(pack)
        self._feelings = Feelings(pack)
        self._sayings = Sayings(pack, words)
        self._health = HealthFacts(pack)
        self._spelling = Spelling(pack.wishes.spellings)
        self._words = words
        self.begin()

    def for_another_session(self) -> Interpreter:
        """Return an interpreter that knows the same, and has heard nothing yet."""
        other = copy(self)
        other.begin()
        return other

    def begin(self) -> None:
        """Begin a session: nothing was heard yet."""
        self._speaking = Speaking()
        self._talk = TalkBefore(self._words)

    def understand(
        self, heard: Heard, legal: frozenset[Intent], at_s: float, sounding: Sounding | None = None
    ) -> tuple[Meant, ...]:
        """The events to tell the dialogue, in order, stamped `at_s` seconds of the session; mostly one or none.

        `legal` is what the dialogue takes now. `sounding` is our own sentence where the microphone may hear it.
        """
        return self.judge(heard, legal, at_s, sounding)[0]

    def judge(
        self, heard: Heard, legal: frozenset[Intent], at_s: float, sounding: Sounding | None = None
    ) -> tuple[tuple[Meant, ...], Refusal | None]:
        """The same events, and why what was heard is not obeyed.

        There is no refusal where it is obeyed, where it was obeyed before it ended, and while it is still being spoken.
        """
        if heard.refusal is not None and heard.refusal.shortfalls[0].rule == "drowned":
            return (Drowned(at_s=at_s),), None
        heard = self._spelling.of(heard)
        may_be = self._speaking.legal(heard, legal)
        event, refusal = self._matcher.judge(heard, may_be, at_s)
        if sounding is not None and not isinstance(event, Unsure) and is_own_voice(event.text, event.intent, sounding):
            return (), _own_voice(event.text, sounding)
        events: tuple[Meant, ...] = (event,)
        found = self._told_of_health(heard, event, may_be, at_s) or self._answer(heard, may_be, at_s)
        found = found or _misheard(heard, event, at_s) or self._saying(heard, may_be, at_s)
        found = found or self._in_own_words(heard, event, may_be, at_s)
        if found is not None:
            if sounding is not None and is_all_own_voice(heard.transcripts[0], sounding):
                return (), _own_voice(heard.transcripts[0], sounding)
            events, refusal = found.events, found.doubt
        words = heard.transcripts[0] if heard.transcripts else heard.text
        if offered := unless_offered(events, words, at_s, self._words):
            events, refusal = offered.events, offered.doubt
        if sounding is not None and sounding.is_early and all(isinstance(one, Unsure) for one in events):
            return (), _own_voice(words, sounding)
        if aches := self._own_words.aches:
            events = tuple(aches.read(one, words, may_be) for one in events)
        if sounding is None:
            events, refusal = self._amid_talk(heard, events, may_be, at_s) or (events, refusal)
        told = self._speaking.decide(heard, events, legal)
        if isinstance(told, Refusal):
            return (), told
        return told, refusal if heard.is_final else None

    def _amid_talk(
        self, heard: Heard, events: tuple[Meant, ...], legal: frozenset[Intent], at_s: float
    ) -> tuple[tuple[Meant, ...], Refusal | None] | None:
        """Return the command that a sentence with a pause in it is, or no command where it is the rest of talk.

        None where this is neither. Words of safety stay what they are. While our own voice sounds nothing is told: what
        is left of it is no talk.
        """
        joined = self._talk.joined(heard)
        found = self._with_what_was_before(joined, heard, events, legal, at_s) if joined else None
        left = tuple(one for one in events if self._talk.is_left(one) or _is_yes_of_check(one, legal))
        if found is None and left != events and self._talk.goes_on(heard):
            found = left or (Unsure(at_s=at_s, best=heard.text),), _rest_of(joined)
        self._talk.heard(heard, found[0] if found else events)
        return found

    def _with_what_was_before(
        self, joined: str, heard: Heard, events: tuple[Meant, ...], legal: frozenset[Intent], at_s: float
    ) -> tuple[tuple[Meant, ...], Refusal | None] | None:
        """Return what both halves of a sentence are together; None where that changes nothing.

        The safer one counts: a cry, or a negation before what would set something going. In the safety check nothing is
        joined to an answer, and what fits badly to no command.
        """
        if safer := self._safer_together(joined, heard, events, at_s):
            return safer
        whole = self._own_words.phrase(joined)
        is_fit = max(heard.misfit, self._talk.misfit) <= FITS
        if whole is None or whole.intent not in legal or not is_fit or _is_check(legal):
            return None
        own = {one.intent: self._talk.is_left(one) for one in events if isinstance(one, Said | Perhaps)}
        if any(own.values()):
            return None
        if whole.intent in own:
            return events, None  # by itself too: "go to ... step five", or said twice: "next ... next"
        if whole.intent in self._talk.done:
            return (), _rest_of(joined)
        score = round(heard.score, 2)
        return (Said(at_s=at_s, intent=whole.intent, slots=whole.slots, text=whole.text, score=score),), None

    def _safer_together(
        self, joined: str, heard: Heard, events: tuple[Meant, ...], at_s: float
    ) -> tuple[tuple[Meant, ...], Refusal | None] | None:
        """Return a cry, or nothing, in place of what would set something going: "can't ... go on", "not ... ready"."""
        if not any(isinstance(one, Said | NotNow) and one.intent in SETS_GOING for one in events):
            return None
        is_new = SAFETY.isdisjoint(self._talk.done)
        if is_new and (cry := self._own_words.cry(joined, at_s, round(heard.score, 2))):
            return cry.events, cry.doubt
        is_answer = self._talk.is_word and not ANSWERS.isdisjoint(self._talk.done)  # "no ... next"
        if is_answer or not self._own_words.turns_round(joined, heard.text):
            return None
        denied = Refusal(text=heard.text, shortfalls=(Shortfall(rule="negation"),))
        return (Unsure(at_s=at_s, best=heard.text),), denied

    def _answer(self, heard: Heard, legal: frozenset[Intent], at_s: float) -> Decided | None:
        """Return an answer of the safety check in any words, also late. Words of safety come first, but for a yes."""
        if not _is_check(legal) or not heard.is_final:
            return self._answers.taken_back(heard, at_s, legal)
        texts = heard.transcripts or (heard.text,)
        phrase = self._matcher.exact(heard.text) if heard.is_sure else None
        whole = phrase.intent if phrase is not None else None
        gravest = self._gravest(heard, texts[0])
        if whole in legal - ANSWERS or gravest in SAFETY - AT_ONCE | {Intent.STOP}:
            return None
        found = self._answers.decide(heard, at_s, legal, whole)
        is_yes = found is not None and isinstance(found.events[0], Said) and found.events[0].intent is Intent.YES
        return found if is_yes or gravest is None else None

    def _gravest(self, heard: Heard, text: str) -> Intent | None:
        """Return the gravest words in an answer; "no no no" is no stop in the check, "what is numbness" no cry."""
        spotted = self._own_words.spot(text)
        is_asked = any(self._answers.asks_for_meaning(heard.text, one.text) for one in spotted)
        is_calm = heard.is_sure and (is_asked or self._answers.read(heard.text) == "no")
        return spotted[-1].intent if spotted and not is_calm else None

    def _saying(self, heard: Heard, legal: frozenset[Intent], at_s: float) -> Decided | None:
        """Return what a whole sentence is for sure: an answer to how it feels, or a command in other words."""
        return self._feelings.decide(heard, legal, at_s) or self._sayings.decide(heard, legal, at_s)

    def _told_of_health(self, heard: Heard, event: Understood, legal: frozenset[Intent], at_s: float) -> Decided | None:
        """Return a fact of health that was told; an emergency, a stop or a pain in the same words comes first.

        By ear both readings must tell it. Outside of the safety check a doubtful one is left to what it may mean else.
        """
        is_asked = _is_check(legal)
        if Intent.HEALTH not in legal or not heard.is_final or self._answers.read(heard.text) in NO_FACT:
            return None
        texts = list(heard.transcripts[:2]) or [heard.text]
        facts = [self._health.find(self._matcher.spelled(text), is_asked=is_asked) for text in texts]
        fact = facts[0]
        if fact is None or (not heard.is_sure and heard.misfit > MISFIT) or (fact.is_doubtful and not is_asked):
            return None
        if any(other is None or other.about != fact.about for other in facts):
            return None
        gravest = self._surely(fact.rest if fact.about in SAME_DAY else texts[0])
        if gravest is Intent.STOP or (gravest and fact.about in ON_THE_BODY):
            return None
        if gravest in SAFETY - AT_ONCE:
            graver = self._in_own_words(heard, event, legal, at_s)
            if isinstance(event if graver is None else graver.events[0], Said):
                return graver
        slots: dict[str, SlotValue] = {"about": fact.about}
        if fact.is_doubtful:
            slots["doubt"] = 1
        said = Said(at_s=at_s, intent=Intent.HEALTH, slots=slots, text=texts[0], score=round(heard.score, 2))
        return Decided((said,), None)

    def _surely(self, text: str) -> Intent | None:
        """Return the gravest sure word of safety in a text."""
        spotted = self._own_words.spot(text)
        return spotted[-1].intent if spotted and not spotted[-1].is_doubtful else None

    def _in_own_words(self, heard: Heard, event: Understood, legal: frozenset[Intent], at_s: float) -> Decided | None:
        """Return what an open transcript says beside the phrase; None where the phrase says it all."""
        if not heard.transcripts:
            return None
        words = heard.transcripts[0]
        phrase = None if isinstance(event, Unsure) else event
        is_all = heard.text == words and self._own_words.phrase(words) is not None
        if phrase and (phrase.intent in SAFETY or is_all) and not self._own_words.asks_for_help(words):
            return self._own_words.near_danger(phrase, words, legal, is_typed=heard.text == words)
        if not heard.is_final:
            return self._by_ear.early(heard, at_s)
        if phrase and heard.text != words:
            return self._by_ear.contradicted(phrase, heard, at_s)
        if not heard.is_sure:
            return self._by_ear.of_sound(heard, legal, at_s)
        return self._of_text(words, phrase, legal, at_s)

    def _of_text(self, words: str, phrase: Meant | None, legal: frozenset[Intent], at_s: float) -> Decided | None:
        """Return what a line means beyond a phrase that is near to it in letters."""
        found = self._own_words.decide(words, legal, at_s, SURE)
        if not isinstance(found.events[0], Unsure):
            return found
        is_talk = isinstance(phrase, Said) and not self._own_words.may_mean(words, phrase.intent, legal)
        return Decided((Unsure(at_s=at_s, best=words),), found.doubt) if is_talk else None


def _is_yes_of_check(event: Meant, legal: frozenset[Intent]) -> bool:
    """True for a yes to a question of the safety check, which is the safer answer."""
    return isinstance(event, Said) and event.intent is Intent.YES and _is_check(legal)


def _rest_of(joined: str) -> Refusal:
    return Refusal(text=joined, shortfalls=(Shortfall(rule="amid_talk", word=joined),))


def _misheard(heard: Heard, event: Understood, at_s: float) -> Decided | None:
    """Return nothing in place of a word that sounds like many another one, where no words fit the sound."""
    if isinstance(event, Unsure) or event.intent not in EASILY_MISHEARD or heard.misfit <= FITS_ONE_WORD:
        return None
    short = Shortfall(rule="misfit", needs=FITS_ONE_WORD, had=heard.misfit)
    return Decided((Unsure(at_s=at_s, best=heard.text),), Refusal(text=heard.text, shortfalls=(short,)))


def _is_check(legal: frozenset[Intent]) -> bool:
    """True by the commands that are possible in the safety check only."""
    return Intent.CHANGE_ANSWER in legal and Intent.PREVIOUS not in legal


def _own_voice(text: str, sounding: Sounding) -> Refusal:
    return Refusal(text=text, shortfalls=(Shortfall(rule="own_voice", word=sounding.text),))
