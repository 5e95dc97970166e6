"""Weighs what a sentence may want: bars of confidence, cries against the meaning of the whole, two parts. Pure.

The numbers were read off the development texts (docs/recognition.md, "Meaning"), unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from assistant.interpret.early import NEVER_AFTER
from assistant.interpret.safety import Spotted
from assistant.messages import (
    ASKED_BACK,
    AT_ONCE,
    SAFETY,
    Heard,
    Intent,
    NotNow,
    Perhaps,
    Refusal,
    Said,
    Shortfall,
    Unsure,
)

CALM = frozenset({Intent.NEXT, Intent.LIGHTER, Intent.END_SESSION, Intent.WAIT_FOR, Intent.PAUSE, Intent.SLEEP})
"""Wishes that may be done right after words of safety: each leaves, lessens or holds what hurt."""
HOW_TO_REPEAT = {Intent.SLOWER: Intent.SPEAK_SLOWER, Intent.FASTER: Intent.SPEAK_FASTER}
WHEN_DONE = {Intent.HOW_MANY_LEFT: Intent.STEPS_LEFT}
SAID_BY_ONE: Mapping[tuple[Intent, ...], Intent] = {
    (Intent.DONE, Intent.NEXT): Intent.DONE,
    (Intent.YES, Intent.DONE): Intent.DONE,
    (Intent.CANCEL, Intent.NEXT): Intent.NEXT,
    (Intent.DONE, Intent.RESUME): Intent.DONE,
    (Intent.DONE, Intent.SWITCH_SIDES): Intent.SWITCH_SIDES,
    (Intent.WAIT_FOR, Intent.RESUME): Intent.WAIT_FOR,
    (Intent.WAIT_FOR, Intent.READY): Intent.WAIT_FOR,
    (Intent.PAUSE, Intent.WAIT_FOR): Intent.WAIT_FOR,
    (Intent.RESUME_LAST, Intent.RESUME): Intent.RESUME_LAST,
    (Intent.READY, Intent.RESUME): Intent.READY,
    (Intent.RESUME, Intent.START_ROUTINE): Intent.START_ROUTINE,
    (Intent.RESUME, Intent.START_USUAL): Intent.START_USUAL,
    (Intent.REPEAT, Intent.RESTART_STEP): Intent.RESTART_STEP,
    (Intent.WHATS_NEXT, Intent.NEXT): Intent.WHATS_NEXT,
    (Intent.HELP, Intent.ASK): Intent.HELP,
    (Intent.ASK, Intent.HELP): Intent.HELP,
    (Intent.SPEAK_FASTER, Intent.FASTER): Intent.SPEAK_FASTER,
    (Intent.SPEAK_SLOWER, Intent.SLOWER): Intent.SPEAK_SLOWER,
    (Intent.NO, Intent.UNDO): Intent.UNDO,
    (Intent.NO, Intent.END_SESSION): Intent.END_SESSION,
    (Intent.YES, Intent.READY): Intent.READY,
    (Intent.WAIT_FOR, Intent.PAUSE): Intent.WAIT_FOR,
    (Intent.PAUSE, Intent.RESET_COUNT): Intent.RESET_COUNT,
    (Intent.PAUSE, Intent.RESTART_STEP): Intent.RESTART_STEP,
}
"""Two wishes of which one does both: who is done is led on, and a wait ends by itself. Both would go too far. "In
position, carry on", "go on then, let's have the legs" are one wish said twice."""
OPPOSITES = (
    {Intent.FASTER, Intent.SLOWER},
    {Intent.SPEAK_FASTER, Intent.SPEAK_SLOWER},
    {Intent.LOUDER, Intent.QUIETER},
    {Intent.TALK_LESS, Intent.TALK_MORE},
    {Intent.MORE_REPS, Intent.FEWER_REPS},
    {Intent.OWN_PACE, Intent.COUNT_ALOUD},
    {Intent.NEXT, Intent.PREVIOUS},
    {Intent.SLEEP, Intent.WAKE},
)
DENIABLE = frozenset(intent for pair in OPPOSITES for intent in pair) | {
    Intent.REPEAT,
    Intent.GO_TO,
    Intent.SWITCH_SIDES,
    Intent.RESTART_STEP,
    Intent.RESUME,
    Intent.START_ROUTINE,
}
"""Wishes that are none right behind a negation: "not louder", "you can't skip it"."""
ANSWERS = frozenset({Intent.YES, Intent.NO})
EASILY_MISHEARD = frozenset({Intent.NO, Intent.DONE})  # "go", "now", "down", "gone"
SETS_GOING = NEVER_AFTER | {
    Intent.NEXT,
    Intent.DONE,
    Intent.PREVIOUS,
    Intent.GO_TO,
    Intent.RESTART_STEP,
    Intent.MORE_REPS,
    Intent.WAIT_FOR,
    Intent.SWITCH_SIDES,
    Intent.START_ROUTINE,
    Intent.START_USUAL,
    Intent.RESUME_LAST,
    Intent.END_SESSION,
    Intent.FORGET_ME,
    Intent.UNDO,
}
"""Intents that move a person on, start something or end it: not done in a sentence that denies it or puts it off."""
AFTER_STOP = frozenset(Intent) - SETS_GOING - SAFETY - {Intent.REPEAT}
"""Wishes that may be done right after a mere "stop"; what would be repeated then is only its own answer."""
QUESTIONS = frozenset(
    {Intent.ASK, Intent.WHERE_IS, Intent.HOW_HARD, Intent.WHICH_SIDE, Intent.MORE_DETAIL, Intent.EXPERT_ADVICE}
)
"""Questions about a technique: between two of them a doubt is none about being asked."""
INFORMS = QUESTIONS | {
    Intent.HOW_MANY_LEFT,
    Intent.WHAT_COUNT,
    Intent.STEPS_LEFT,
    Intent.TIME_LEFT,
    Intent.WHERE_AM_I,
    Intent.WHATS_NEXT,
    Intent.WHATS_IN_IT,
}
"""Everything that only asks for something to be told: of one question two are made sooner than somebody asks two."""
IDLE = frozenset({Intent.ASK, Intent.EXPERT_ADVICE})
"""Questions that half a sentence is easily taken for: "could we do this (with less pressure)"."""
COSTLY = ASKED_BACK | {Intent.FORGET_ME}
TOLD_BY_TOPIC = QUESTIONS - {Intent.WHICH_SIDE}
"""Questions about a technique that a doubt does not ask back: the answer to a neighbour is nearly as good."""
ACT_COSTLY, ASK_COSTLY = 0.9, 0.6  # chosen: a session that ends by mistake costs more than a repetition
OTHER = 0.9  # chosen: confidence from which such a command is meant, or a calm one by doubtful words
ACT = 0.8
RIVAL, RIVAL_OPPOSITE = 0.25, 0.2
"""Confidence from which a meaning is done unasked, and below which the next one must lie; its opposite sooner (chosen).
Of 620 development wordings 485 are done right so, 18 wrong, and 6 of 252 others (folds); from 0.75 489, 18 and 9."""
ASK, ASK_SAFETY, ASK_SAFETY_BY_EAR = 0.5, 0.12, 0.30
"""Confidences from which a meaning is asked about, and a cry, where a question that was not needed costs less than a
pain that nobody answered. From 0.35, 0.45, 0.5 and 0.6 on 23, 17, 16 and 15 of 252 other texts are asked about, and
79, 76, 72 and 61 of 620 wordings rightly (folds, a little earlier). A cry from 0.3, 0.2, 0.12 and 0.08 on: 34, 29, 20
and 19 of 390 unread cries are missed, and 12, 14, 17 and 23 of 340 texts that ask for nothing are asked about."""
BESIDE, LEAD = 0.6, 0.25
"""Confidence of a part of a sentence from which it is done beside another one that is sure, and its distance to the
next meaning: "start the evening routine, and talk quietly". Chosen on the double wishes."""
ACT_ASKED = 0.5
"""The same for a question that is answered by its topic: of 143 development questions 135 reach it, of 252 other texts
1 while it counts (folds). It is never asked back: an answer that nobody needed costs no more than the question."""
ACT_UNASKED = 0.75
"""The same for words that are no question by their form: "knees locked", "nose only". Of a stranger's 80 unread
questions 22 got nothing at 0.9, 10 at 0.7 and 7 at 0.6, where one more of 252 other texts is answered (folds)."""
NAMED_QUESTION = 0.15
"""Confidence from which a question that has a command of its own ("which side", "what comes next") is asked back where
the words would be answered as a question about the massage, and it is the likelier one. Read off the texts of five
strangers (1 December) by what was learned without them."""
LEAST_ASKED = 0.1  # chosen: confidence from which such a question may be what another one means
ACT_BY_EAR = 0.9  # chosen: the same for sound, where a word in nine of unseen texts is misread
DENIED, DENIED_FROM = 0.6, 0.85
"""Chosen: confidence of a cry that its words deny, which is asked about at most, and from which it is one at all."""
EMERGENCY_DENIED_FROM = 0.3  # chosen: the same for an emergency, where one part may deny and another call for help
MAY = 0.4  # chosen: confidence that a phrase which is near in letters must have too
MOST_WORDS, MOST_TYPED = 24, 36
"""Words of the longest sentence that is read for its meaning (chosen): longer speech is talk, a typed line is none."""
MISFIT = 0.9  # nats a letter up to which open words act; chosen on the readings of 215 clips of cries
FITS = 0.7  # nats a letter up to which other words contradict a phrase; of 84 commands as many are right as at 0.2
LOOSE = 0.9
"""Nats a letter of the best open reading from which a phrase that it does not hold is nothing, unless it holds or is a
cry: of 1,340 sentences of 67 learners seven less act, three of them from 1.2 on. Of 1,235 commands two are lost at
0.8, and none at 1.2."""
FITS_ONE_WORD = 1.2  # the same for EASILY_MISHEARD, which the reading holds: of 78 people's "no" none fits worse
HOLDS = AT_ONCE | {Intent.WAIT_FOR, Intent.LIGHTER, Intent.SLOWER, Intent.END_SESSION}  # believed though no words fit
Wanted: TypeAlias = Said | NotNow | Perhaps | Unsure
NOTHING = (Unsure, NotNow)
"""Events of words that ask for nothing that can be done."""


class Decided(NamedTuple):
    """The events of a text, and the reason why they are not done at once."""

    events: tuple[Wanted, ...]
    doubt: Refusal | None
    is_likely: bool = False
    """True where it is sure enough to be done beside another wish that is sure."""
    confidence: float = 1.0
    """The probability that it is meant, 0 to 1, where that was guessed; words that nobody had to guess have 1."""


def are_two(one: Decided, other: Decided) -> bool:
    """Tell two wishes from one that is said twice ("it was seven, and now it is four"), or before an answer.

    An answer stands first: the "do it" of "undo it" is no yes. "No, forget it" is one wish, and nobody wishes a thing
    and its opposite: "you talk so fast, slow down".
    """
    first, second = ({event.intent for event in part.events if not isinstance(event, NOTHING)} for part in (one, other))
    if any(first | second == pair for pair in OPPOSITES):
        return False
    is_taken_back = first == {Intent.NO} and second == {Intent.CANCEL}
    return len(first | second) > 1 and second.isdisjoint(ANSWERS) and not is_taken_back


def joined(*parts: Decided) -> Decided:
    """Join what two parts want, in their order.

    What is said again "but slower" is spoken slower. Who has finished, and asks how many are left, means techniques.
    """
    events = [event for part in parts for event in part.events if not isinstance(event, NOTHING)]
    if events and events[0].intent is Intent.REPEAT:
        events = [replace(event, intent=HOW_TO_REPEAT.get(event.intent, event.intent)) for event in events]
    if events and events[0].intent in (Intent.DONE, Intent.NEXT):
        events = [replace(event, intent=WHEN_DONE.get(event.intent, event.intent)) for event in events]
    one = SAID_BY_ONE.get(tuple(event.intent for event in events[:2]))
    events = [event for event in events if one is None or event.intent is one]
    if not SAFETY.isdisjoint(event.intent for event in events):
        events = [event for event in events if event.intent in CALM or event.intent not in SETS_GOING]
    events[1:] = [replace(event, is_second=True) if isinstance(event, Said) else event for event in events[1:]]
    return Decided(tuple(events) or parts[0].events, next((part.doubt for part in parts if part.doubt), None))


def with_calm(cry: Decided, after: Sequence[Decided]) -> Decided:
    """Add a wish that stands after words of safety, where it sets nothing going: "too hard, let's skip it".

    After a mere "stop" that is more: "stop, how many are left".
    """
    allowed = CALM | AFTER_STOP if intents(cry) == [Intent.STOP] else CALM
    calm = [event for one in after for event in one.events if isinstance(event, Said) and event.intent in allowed]
    return cry._replace(events=(*cry.events, *(replace(event, is_second=True) for event in calm)))


def intents(decided: Decided) -> list[Intent | None]:
    """The intents of the events, in order; None for words that mean nothing."""
    return [None if isinstance(event, NOTHING) else event.intent for event in decided.events]


def as_done(found: Decided) -> Decided:
    """The same, done where it is likely: beside another wish that is sure."""
    event = found.events[0]
    if not found.is_likely or not isinstance(event, Perhaps):
        return found
    said = Said(at_s=event.at_s, intent=event.intent, slots=event.slots, text=event.text, score=0.0)
    return found._replace(events=(said,), doubt=None)


def question(event: Said | Perhaps) -> Perhaps:
    """The same wish, asked back."""
    return Perhaps(at_s=event.at_s, intent=event.intent, slots=event.slots, text=event.text)


def of_safety(spotted: Sequence[Spotted], text: str, at_s: float, score: float) -> Decided:
    """The events of these words, and the doubt that makes them a question."""
    if spotted[0].is_doubtful:
        one = spotted[-1]
        doubt = Refusal(text=text, shortfalls=(Shortfall(rule="another_sense", word=one.text),))
        return Decided((Perhaps(at_s=at_s, intent=one.intent, text=one.text),), doubt)
    return Decided(tuple(Said(at_s=at_s, intent=one.intent, text=one.text, score=score) for one in spotted), None)


def lone_cry(spotted: Sequence[Spotted], heard: Heard, at_s: float) -> Decided | None:
    """Ask about a single word that is a sure cry, fits, and is all that any reading has: "hurting"."""
    is_one = len(heard.transcripts) == 1 and heard.misfit <= FITS
    if not is_one or not spotted or spotted[0].is_doubtful or not spotted[0].is_all:
        return None
    return of_safety((spotted[0]._replace(is_doubtful=True),), spotted[0].text, at_s, round(heard.score, 2))
