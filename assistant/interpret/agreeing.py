"""Weighs what a rule proposes against what was learned of the whole sentence: do it, ask about it, or leave it. Pure.

A rule sees a part: words of safety, or a join. Where the whole surely means something else, one of these is done:

| proposed by                        | the whole surely means        | what is done                                  |
|------------------------------------|-------------------------------|-----------------------------------------------|
| words of stop that are no command  | a pause                       | the pause, which holds as well                |
| words of too hard, no command      | what leaves or lessens it     | that                                          |
| words of stop or too hard          | any other wish                | they are asked about, which holds the count   |
| graver words, late in the sentence | any other wish                | they are asked about, which holds the count   |
| words of pain or too hard          | the soreness that is wanted   | that; where it is not wanted, it eases off    |
| two wishes                         | one of them                   | that, and the other if it is sure by itself   |
| two wishes                         | nothing                       | both if both are likely, else one is asked    |

The first two lines, graver words and soreness are for typed ones. docs/recognition.md, "One table for the rules".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.interpret.meaning import Guess
from assistant.interpret.safety import Spotted
from assistant.interpret.weighing import ACT, CALM, OTHER, QUESTIONS, Decided, intents, question
from assistant.interpret.wishes import WishWords, halved
from assistant.messages import AT_ONCE, SAFETY, Intent, Said

PART_BESIDE_WHOLE, PART_ADDED = 0.95, 0.8
"""Confidence of a part by itself from which it is done beside the other one, which the whole surely means; and where
"and" stands between them. Of 25 single commands of 30 November that were divided, "but" or "so" divides ten."""
IN_THE_WHOLE = 0.1
"""Confidence in the whole from which such a part is seen in it too."""
LEAST_PART = 0.75
"""Confidence that each part needs by itself where the whole means nothing for sure."""
LATE = 3
"""Words before a graver cry from which it is asked about so: "that hurts, let's change" stays pain (chosen)."""
MILD = frozenset({Intent.STOP, Intent.TOO_HARD})
"""Cries that a whole sentence may be more than, wherever they stand: "this side's had enough, let's turn over"."""
ABOUT_PAIN = frozenset({Intent.SORER_SIDE, Intent.RATE_PAIN})
"""The only commands that may be meant by sure words of safety: "ow, my back, how many left" is pain first. And the
soreness that is wanted may be, by words of pain and of too hard: "it aches, but in a nice way" (interpret/aches.py)."""
DOUBTED, NOBODY = 0.7, 0.9
"""Confidences of "nothing for us" from which sure words of safety are asked about, and from which doubtful ones are
nothing. The first from 0.97 to 0.5: 3, 2, 1 and 1 of 30 negated texts act that were set aside, all of 40 cries are held
or asked about, and 14 of 252 development texts are asked about."""


def surely(guesses: Sequence[Guess]) -> Intent | None:
    """Return what the whole surely means, which is no cry; None for anything else."""
    best = next(iter(guesses), None)
    is_sure = best is not None and best.confidence >= OTHER and best.intent not in SAFETY
    return best.intent if best is not None and is_sure else None


def outweighs(guesses: Sequence[Guess], cry: Spotted, *, is_command: bool, is_typed: bool) -> bool:
    """True where the whole surely wishes something beside these sure words of safety: they are asked about then.

    `is_command`: the words of the cry are a command by themselves, "stop".
    """
    whole = surely(guesses)
    if whole is None:
        return False
    if cry.intent not in MILD:
        return is_typed and cry.at >= LATE and not _is_of_pain(whole, cry, is_typed=is_typed)
    is_calm = whole in CALM and not (cry.intent is Intent.STOP and whole in (Intent.END_SESSION, Intent.SLEEP))
    return not is_calm and not is_command


def told(
    spotted: Sequence[Spotted], guesses: Sequence[Guess], *, is_asked: bool, is_command: bool, is_typed: bool
) -> tuple[Spotted, ...]:
    """Weigh words of safety against the meaning of the whole: it makes them sure, doubtful, or nothing.

    `is_asked`: the words begin as a question: "is it too much to do this every day" says nothing of what is felt, and
    "do I go on till I'm half dead" may be no danger. `is_command`: they are the words of a command, "stop".
    """
    if not spotted or not guesses:
        return tuple(spotted)
    best, gravest = guesses[0], spotted[-1]
    if is_asked and best.intent in QUESTIONS and best.confidence >= OTHER:
        if gravest.intent is Intent.TOO_HARD and best.intent is Intent.ASK:
            return ()
        if gravest.intent in SAFETY - AT_ONCE:
            return (gravest._replace(is_doubtful=True),)
    return (
        _doubtful(spotted, best)
        if gravest.is_doubtful
        else _sure(spotted, guesses, is_command=is_command, is_typed=is_typed)
    )


def _doubtful(spotted: Sequence[Spotted], best: Guess) -> tuple[Spotted, ...]:
    gravest = spotted[-1]
    if best.intent is Intent.ASK and gravest.intent in SAFETY - AT_ONCE:
        return tuple(spotted)  # "is tingling normal": a question about danger may come from somebody in it
    if best.intent in SAFETY and best.confidence >= ACT:
        return (Spotted(best.intent, gravest.text, is_doubtful=False),)
    bar = OTHER if best.intent in CALM else NOBODY
    return () if best.intent is not gravest.intent and best.confidence >= bar else tuple(spotted)


def _sure(
    spotted: Sequence[Spotted], guesses: Sequence[Guess], *, is_command: bool, is_typed: bool
) -> tuple[Spotted, ...]:
    best, gravest = guesses[0], spotted[-1]
    whole = surely(guesses) if is_typed and not is_command else None
    if gravest.intent is Intent.STOP and whole is Intent.PAUSE:
        return (gravest._replace(intent=Intent.PAUSE),)
    if gravest.intent is Intent.TOO_HARD and whole in CALM:
        return ()
    is_order = gravest.intent is Intent.STOP and gravest.is_first  # "stop the timer": whoever is meant, it holds
    is_nothing = best.intent is None and best.confidence >= DOUBTED
    if outweighs(guesses, gravest, is_command=is_command, is_typed=is_typed) or (is_nothing and not is_order):
        return (gravest._replace(is_doubtful=True),)
    is_of_pain = best.confidence >= OTHER and _is_of_pain(best.intent, gravest, is_typed=is_typed)
    return () if is_of_pain else tuple(spotted)


def _is_of_pain(whole: Intent | None, cry: Spotted, *, is_typed: bool) -> bool:
    is_soreness = is_typed and whole is Intent.SORE and cry.intent in (Intent.PAIN, Intent.TOO_HARD)
    return is_soreness or whole in ABOUT_PAIN


def agreed(parts: Sequence[Decided], guesses: Sequence[Guess], one: Decided, *, is_added: bool) -> tuple[Decided, ...]:
    """Return of two wishes those that the whole and their own words bear out; `one` is the whole text as one wish.

    `is_added`: "and" stands between them, where "but" and "so" also join a reason to one wish.

    Where only one is left, it is done if it is what the whole means; else the whole is asked about.
    """
    if any(not SAFETY.isdisjoint(intents(part)) for part in parts):
        return tuple(parts)
    whole = surely(guesses)
    seen = {guess.intent: guess.confidence for guess in guesses}
    is_one_of_them = any(whole in intents(part) for part in parts)
    least = (PART_ADDED if is_added else PART_BESIDE_WHOLE) if is_one_of_them else LEAST_PART
    kept = [part for part in parts if part.confidence >= least or _is_in(part, whole, seen)]
    if len(kept) == len(parts):
        return tuple(parts)
    likeliest = next((guess.intent for guess in guesses if guess.intent is not None), None)
    bar = OTHER if is_one_of_them else PART_BESIDE_WHOLE
    if kept and likeliest in intents(kept[0]) and kept[0].confidence >= bar:
        return tuple(kept)
    return (_asked(one if likeliest in intents(one) else parts[0]),)


def cry_behind_a_join(
    text: str, cry: Callable[[str], Decided | None], is_question: Callable[[str], bool], words: WishWords
) -> Decided | None:
    """Ask about the sure cry behind a question, whatever the whole surely asks: "should I go on and it hurts".

    `cry` returns the sure words of safety in a text, and `is_question` tells if one begins as a question.
    """
    rests = (behind for _, behind in halved(text, words) if not is_question(behind))
    found = next(filter(None, map(cry, rests)), None)
    return _asked(found) if found is not None else None


def is_sure_wish(part: Decided) -> bool:
    """True for one half of a sentence that is surely a wish by itself; a question about the massage is easily none."""
    return isinstance(part.events[0], Said) and part.confidence >= OTHER and Intent.ASK not in intents(part)


def _is_in(part: Decided, whole: Intent | None, seen: Mapping[Intent | None, float]) -> bool:
    """True for what a whole that is sure means, first or beside that."""
    in_whole = max((seen.get(intent, 0.0) for intent in intents(part)), default=0.0)
    return whole is not None and (whole in intents(part) or in_whole >= IN_THE_WHOLE)


def _asked(part: Decided) -> Decided:
    return part._replace(events=tuple(question(event) if isinstance(event, Said) else event for event in part.events))
