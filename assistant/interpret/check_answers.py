"""Reads an answer to a safety question in any words. Pure: only what is nothing but a no is a no.

All words are data (grammars/<lang>/check_answers.yaml). A doubt is the safer of the two: what holds a yes and a no, or
a "maybe", is no clear answer. Of sound the readings must agree, and fit, before an answer is believed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, TypeAlias

from assistant.interpret.denial import Denial
from assistant.interpret.phrases import written_out
from assistant.interpret.plain import Sequences, Words, words_of
from assistant.interpret.weighing import FITS, FITS_ONE_WORD, MISFIT, Decided
from assistant.language import LanguagePack
from assistant.messages import Heard, Intent, Perhaps, Refusal, Said, Shortfall, Slots

Answer: TypeAlias = Literal[
    "no", "no_change", "yes", "maybe", "meant_no", "meant_yes", "back", "doctor", "not_doctor", "explain", "unclear"
]
"""`unclear`: an answer begins, and something else follows ("no wait", "none but the last one")."""

MEANS: dict[Answer, tuple[Intent, Slots]] = {
    "no": (Intent.NO, {"answer": "no"}),
    "no_change": (Intent.NO, {"answer": "no_change"}),
    "yes": (Intent.YES, {"answer": "yes"}),
    "maybe": (Intent.MAYBE, {}),
    "meant_no": (Intent.CHANGE_ANSWER, {"answer": "no"}),
    "meant_yes": (Intent.CHANGE_ANSWER, {"answer": "yes"}),
    "back": (Intent.CHANGE_ANSWER, {}),
    "doctor": (Intent.DOCTOR_AGREED, {}),
    "explain": (Intent.MORE_DETAIL, {}),
}
MOST_WORDS = 12  # chosen: a longer answer is talk; the longest of 200 written ones has ten
MARGIN = 4.0
"""Nats by which a no by ear must be ahead of every other meaning, but for the bare "no", whose bar is measured (the
ear's rules.py): "none" is a phone from "numb", and "none of these" one from "one of these". Chosen near LONG_DONE."""
FITS_ALONE = 0.3
"""Nats a letter up to which one reading is believed where the other is none. Of 147 clips of a yes or a doubt, by three
voices that no weights heard, none is read as a no of several words; 4 of 87 noes more are believed."""
_LEADS_ON = frozenset({"no", "no_change", "meant_no", "doctor"})
MOST_WORDS_UNSURE = 7  # the same of a "maybe", which talk holds more often: "i think so too, she said"
"""Both are chosen."""


class CheckAnswers:
    """The words of one language for the answers, ready to be looked for. Keeps no state between calls."""

    def __init__(self, pack: LanguagePack) -> None:
        """Take the language. Raises BadTemplate."""
        words = pack.check_answers

        def sequences(templates: Sequence[str]) -> Sequences:
            return Sequences(written_out(templates, pack, words.rules))

        self._plain_no = words.no[0] if words.no else ""
        self._no, self._no_change = sequences(words.no), sequences(words.no_change)
        self._denial = Denial(words, sequences)
        self._polite = sequences(words.polite)
        self._yes, self._yes_alone = sequences(words.yes), sequences(words.yes_alone)
        self._maybe = sequences(words.maybe)
        self._meant, self._wait = sequences(words.meant), sequences(words.late)
        self._former, self._linking = sequences(words.former), sequences(words.linking)
        self._relatives = frozenset(words.relatives)
        self._back, self._doctor = sequences(words.back), sequences(words.doctor)
        self._doctor_not, self._doctor_named = sequences(words.doctor_not), sequences(words.doctor_named)
        self._named, self._wrong = sequences(words.answer_named), sequences(words.was_wrong)
        self._explain, self._unclear = sequences(words.explain), sequences(words.unclear)
        self._negations = frozenset(pack.wishes.negations)

    def read(self, text: str) -> Answer | None:
        """Return what a text answers; None for what is no answer at all."""
        words = words_of(text)
        if not words or len(words) > MOST_WORDS:
            return None
        whole = self._whole(words)
        if whole in {"no", "no_change"}:
            return whole
        return self._about_answers(words) or self._open(words, whole)

    def asks_for_meaning(self, text: str, named: str) -> bool:
        """True where the text asks what these words mean, and says no more."""
        said = words_of(text)
        lead = self._explain.starts(said)
        return lead > 0 and tuple(said[lead:]) == tuple(words_of(named))

    def _whole(self, words: Words) -> Answer | None:
        """Return the answer that every word belongs to."""
        if words in self._yes or words in self._yes_alone:
            return "yes"
        core = self._core(words)
        if core is not None and (core in self._yes or core in self._yes_alone):
            return "yes"
        nos, changes = 0, 0
        at = 0
        while at < len(words):
            no, change = self._no.starts(words, at), self._no_change.starts(words, at)
            denied = self._denial.starts(words, at)
            if denied > max(no, change):
                nos, at = nos + 1, at + denied
                continue
            length = max(no, change) or self._polite.starts(words, at)
            last = words[at + no - 1 : at + no]
            denies = no > 0 and last[0] in self._negations and last not in self._no
            if not length or (denies and self._no.starts(words, at + no) > 1):
                return None  # "i'm not none of these"
            nos, changes = nos + (no > 0 and no >= change), changes + (change > no)
            at += length
        return "no" if nos else "no_change" if changes else None

    def _core(self, words: Words) -> Words | None:
        """Return the words without what is polite around them."""
        start, end = 0, len(words)
        while start < end and (length := self._polite.starts(words, start)):
            start += length
        while start < end and (length := self._polite.ends(words, end)):
            end -= length
        return words[start:end] or None

    def _about_answers(self, words: Words) -> Answer | None:
        """Return what is said about an answer, a doctor, or the question."""
        for start, end in reversed(self._meant.spans(words)):
            meant = self._whole(words[end:])
            if meant in {"no", "yes"} and self._is_preamble(words[:start]):
                return "meant_yes" if meant == "yes" else "meant_no"
        if self._is_late_yes(words) or self._is_former_yes(words):
            return "meant_yes"
        core = self._core(words)
        if core is not None and (core in self._back or self._after_a_no(core) in self._back):
            return "back"
        if spans := self._doctor.spans(words):
            around = [word for i, word in enumerate(words) if not any(start <= i < end for start, end in spans)]
            is_not = bool((self._negations | self._relatives) & set(around)) or bool(self._doctor_not.spans(around))
            return "not_doctor" if is_not else "doctor"
        if self._explain.spans(words):
            return "explain"
        return "not_doctor" if self._doctor_named.spans(words) else None

    def _is_late_yes(self, words: Words) -> bool:
        """True for a yes behind nothing but what takes an answer back: "wait, actually yes"."""
        at = 0
        while length := self._wait.starts(words, at):
            at += length
        return at > 0 and self._whole(words[at:]) == "yes"

    def _is_former_yes(self, words: Words) -> bool:
        """True for a yes to an earlier question: "oh, and the one before is a yes"."""
        return self._links(words, {"former": self._former, "yes": self._yes}, self._wait, self._back, self._meant)

    def _links(self, words: Words, needed: Mapping[str, Sequences], *others: Sequences) -> bool:
        """True where all that is needed is there, and only linking words, polite ones and the others beside it."""
        at, found = 0, set[str]()
        while at < len(words):
            lengths = {name: one.starts(words, at) for name, one in needed.items()}
            length = max(*lengths.values(), *(one.starts(words, at) for one in (self._linking, self._polite, *others)))
            if not length:
                return False
            found |= {next((name for name, one in lengths.items() if one == length), "")}
            at += length
        return found >= needed.keys()

    def _is_preamble(self, words: Words) -> bool:
        """True for what may stand before "i meant": answers, hesitations, and that it was wrong."""
        at = 0
        while at < len(words):
            sets = (self._no, self._yes, self._wait, self._polite, self._back)
            length = max(one.starts(words, at) for one in sets)
            if not length:
                return False
            at += length
        return True

    def _after_a_no(self, words: Words) -> Words:
        """Return the words behind a no: "no, that was wrong"."""
        return words[self._no.starts(words) :]

    def _open(self, words: Words, whole: Answer | None) -> Answer | None:
        """Return a yes with whatever follows it, or what is no clear answer."""
        if self._maybe.spans(words) and whole is None:
            return "maybe" if len(words) <= MOST_WORDS_UNSURE else None
        core = self._core(words) or words
        yes, no = self._yes.starts(core), self._no.starts(core)
        negated = bool(self._negations & set(core[yes:])) if yes else False
        if core in self._unclear:
            return "unclear"
        if yes and yes >= no:
            return "maybe" if negated else "yes"
        if whole is not None:
            return whole
        if no and self._yes.spans(core[no:]):
            return "maybe"  # "no, yes": nobody can tell which
        return "unclear" if no else None

    def decide(self, heard: Heard, at_s: float, legal: Collection[Intent], phrase: Intent | None) -> Decided | None:
        """Return the event of an answer; None where it is none, or where the state does not take it.

        `phrase`: the command that the words are in full, where they are one.
        """
        answer = self._believed(heard, phrase)
        if answer is None:
            return None
        if answer in {"unclear", "not_doctor"}:
            asked = Intent.NO if Intent.NO in legal else Intent.DOCTOR_AGREED if answer == "not_doctor" else None
            return _asked_again(heard, at_s, asked) if asked in legal and asked is not None else None
        intent, slots = MEANS[answer]
        if intent not in legal:
            return None
        return Decided((Said(at_s=at_s, intent=intent, slots=slots, text=_text(heard), score=heard.score),), None)

    def taken_back(self, heard: Heard, at_s: float, legal: Collection[Intent]) -> Decided | None:
        """Return a change of an answer behind the check: "I meant yes"; `doubt` where it is only spoken of.

        None for anything else, and for what may take back something else than an answer: "that was wrong".
        """
        if Intent.CHANGE_ANSWER not in legal or not heard.is_final:
            return None
        found = self.decide(heard, at_s, {Intent.CHANGE_ANSWER}, None)
        if found and isinstance(found.events[0], Said) and found.events[0].slots:
            return found
        texts = [heard.text] if heard.is_sure else heard.transcripts[:2] if heard.misfit <= MISFIT else []
        answers = [self._late(words_of(text)) for text in texts]
        if not answers or None in answers or len(set(answers)) > 1:
            return None
        slots: Slots = {"answer": "yes"} if answers[0] == "meant_yes" else {"doubt": 1}
        said = Said(at_s=at_s, intent=Intent.CHANGE_ANSWER, slots=slots, text=_text(heard), score=heard.score)
        return Decided((said,), None)

    def _late(self, words: Words) -> Answer | None:
        """Return what a sentence takes back behind the check: "actually, that was a yes", "I answered wrong"."""
        if len(words) > MOST_WORDS:
            return None
        if self._links(words, {"late": self._wait | self._back, "yes": self._yes}):
            return "meant_yes"
        return "back" if self._named.spans(words) and self._wrong.spans(words) else None

    def _believed(self, heard: Heard, phrase: Intent | None) -> Answer | None:
        """Return the answer that was surely given. A phrase that the open words contradict is asked about again.

        A plain "no" needs both readings, and words that fit: "go" and "now" are near to it.
        """
        if not heard.is_sure:
            return self._of_sound(heard)
        said = self.read(heard.text)
        is_plain = self._plain_no in {heard.text, *(heard.transcripts[:1] if heard.misfit <= FITS else ())}
        if said in _LEADS_ON and not is_plain and heard.runner_up and heard.margin < MARGIN:
            return "unclear"
        if said is None and phrase in {Intent.YES, Intent.NO}:
            said = "unclear"  # "okay", "not now": no answer to this question
        words = heard.transcripts[0] if heard.transcripts else heard.text
        if said in _LEADS_ON and heard.transcripts:
            others = heard.transcripts[: 2 if heard.text == self._plain_no else 1]
            is_same = all(self.read(other) == said for other in others)  # "not all of them" fits "none of them"
            return said if is_same and heard.misfit <= FITS_ONE_WORD else "unclear"
        other = self.read(words)
        return said if other in {said, None} or heard.misfit > FITS else "unclear"

    def _of_sound(self, heard: Heard) -> Answer | None:
        """Return the answer of sound that no phrase fits: where its readings agree, and fit; a no needs a better fit.

        Where they differ, the first counts if it fits and the other is no other answer. One word alone is left to the
        phrases, as everywhere, but for a doubt: "sometimes", "one".
        """
        texts = [text for text in heard.transcripts[:2] if " " in text]
        if not texts:
            doubt = self.read(heard.transcripts[0]) if heard.transcripts and heard.misfit <= FITS_ALONE else None
            return "unclear" if doubt == "yes" else doubt if doubt == "maybe" else None
        first, *others = map(self.read, texts)
        is_no = first in _LEADS_ON
        if others and others[0] != first:
            is_clear = others[0] is None or (is_no and others[0] == "unclear")
            return first if is_clear and heard.misfit <= (FITS_ALONE if is_no else FITS) else None
        return first if heard.misfit <= (FITS if is_no else MISFIT) else None


def _text(heard: Heard) -> str:
    return heard.text if heard.is_sure else heard.transcripts[0]


def _asked_again(heard: Heard, at_s: float, intent: Intent) -> Decided:
    text = _text(heard)
    doubt = Refusal(text=text, shortfalls=(Shortfall(rule="exact_only"),))
    return Decided((Perhaps(at_s=at_s, intent=intent, text=text),), doubt)
