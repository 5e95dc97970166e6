"""The one door of interpret/: an utterance, or what is heard of it so far, becomes at most one event. Pure.

Order inside: what may be meant now (early.py), the phrase and its intent (match.py), our own sentence coming back
(own_voice.py), and what an early action leaves to do (early.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from assistant.interpret.early import Meant, Speaking
from assistant.interpret.match import Matcher
from assistant.interpret.own_voice import Sounding, is_own_voice
from assistant.messages import Drowned, Heard, Intent, Phrase, Refusal, Shortfall, Unsure


class Interpreter:
    """Understands what one person says in one session. Holds the utterance that was acted on before its end."""

    def __init__(self, phrases: Sequence[Phrase], skip_words: Collection[str], numbers: Mapping[int, str]) -> None:
        """Take every phrase that may become legal, the words that carry no meaning, and the words of numbers."""
        self._matcher = Matcher(phrases, skip_words, numbers)
        self._speaking = Speaking()

    def understand(
        self, heard: Heard, legal: frozenset[Intent], at_s: float, sounding: Sounding | None = None
    ) -> Meant | None:
        """The event to tell the dialogue, stamped `at_s` seconds of the session; None where there is nothing to tell.

        `legal` is what the dialogue takes now. `sounding` is our own sentence where the microphone may hear it.
        """
        return self.judge(heard, legal, at_s, sounding)[0]

    def judge(
        self, heard: Heard, legal: frozenset[Intent], at_s: float, sounding: Sounding | None = None
    ) -> tuple[Meant | None, Refusal | None]:
        """The same event, and why what was heard is not obeyed.

        There is no refusal where it is obeyed, where it was obeyed before it ended, and while it is still being spoken.
        """
        if heard.refusal is not None and heard.refusal.shortfalls[0].rule == "drowned":
            return Drowned(at_s=at_s), None
        event, refusal = self._matcher.judge(heard, self._speaking.legal(heard, legal), at_s)
        if sounding is not None and not isinstance(event, Unsure) and is_own_voice(event.text, event.intent, sounding):
            return None, Refusal(text=event.text, shortfalls=(Shortfall(rule="own_voice", word=sounding.text),))
        told = self._speaking.decide(heard, event, legal)
        if isinstance(told, Refusal):
            return None, told
        return told, refusal if heard.is_final else None
