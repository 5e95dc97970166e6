"""The one door of interpret/: an utterance, or what is heard of it so far, becomes the events it means. Pure.

Order inside: what may be meant now (early.py), the phrase and its intent (match.py), words of safety anywhere
(safety.py), our own sentence coming back (own_voice.py), and what an early action leaves to do (early.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.interpret.early import Meant, Speaking
from assistant.interpret.match import Matcher
from assistant.interpret.own_voice import Sounding, is_all_own_voice, is_own_voice
from assistant.interpret.safety import SafetySpotter, Spotted
from assistant.language import LanguagePack
from assistant.messages import SAFETY, Heard, Intent, Perhaps, Phrase, Refusal, Said, Shortfall, Unsure


class Interpreter:
    """Understands what one person says in one session. Holds the utterance that was acted on before its end."""

    def __init__(self, phrases: Sequence[Phrase], pack: LanguagePack) -> None:
        """Take every phrase that may become legal, and the language: numbers, words of safety, words without meaning.

        Where a language has no words of safety, only whole phrases ask for it.
        """
        self._matcher = Matcher(phrases, pack.skip_words, pack.numbers)
        self._safety = SafetySpotter(pack.safety) if pack.safety is not None else None
        self._speaking = Speaking()

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
        event, refusal = self._matcher.judge(heard, self._speaking.legal(heard, legal), at_s)
        if sounding is not None and not isinstance(event, Unsure) and is_own_voice(event.text, event.intent, sounding):
            return (), _own_voice(event.text, sounding)
        events: tuple[Meant, ...] = (event,)
        spotted = self._spotted(heard, event)
        if spotted:
            if sounding is not None and is_all_own_voice(heard.transcripts[0], sounding):
                return (), _own_voice(heard.transcripts[0], sounding)
            events, refusal = _of_safety(heard, spotted, at_s)
        told = self._speaking.decide(heard, events, legal)
        if isinstance(told, Refusal):
            return (), told
        return told, refusal if heard.is_final else None

    def _spotted(self, heard: Heard, event: Meant) -> tuple[Spotted, ...]:
        """Words of safety in the open transcript, unless a phrase says the same or the whole sentence is a command."""
        if self._safety is None or not heard.transcripts:
            return ()
        open_words = heard.transcripts[0]
        if not isinstance(event, Unsure) and (event.intent in SAFETY or event.text == open_words):
            return ()
        return self._safety.spot(self._matcher.spelled(open_words))


def _of_safety(heard: Heard, spotted: Sequence[Spotted], at_s: float) -> tuple[tuple[Meant, ...], Refusal | None]:
    """The events of these words, and the doubt that makes them a question."""
    if spotted[0].is_doubtful:
        one = spotted[-1]
        doubt = Refusal(text=heard.text, shortfalls=(Shortfall(rule="another_sense", word=one.text),))
        return (Perhaps(at_s=at_s, intent=one.intent, text=one.text),), doubt
    score = round(heard.score, 2)
    return tuple(Said(at_s=at_s, intent=one.intent, text=one.text, score=score) for one in spotted), None


def _own_voice(text: str, sounding: Sounding) -> Refusal:
    return Refusal(text=text, shortfalls=(Shortfall(rule="own_voice", word=sounding.text),))
