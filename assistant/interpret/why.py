"""Words of a refusal for a person, and its values for a trace or another program. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.messages import Refusal, Rule, Shortfall

NATS: Mapping[Rule, str] = {
    "over_loop": "the bar over any other speech",
    "over_loop_exact": "the bar over any other speech, for sounds that fit exactly",
    "over_loop_long": "the bar over any other speech, for a phrase of its length",
    "over_loop_amid_talk": "the bar over any other speech, while people talk",
    "ahead": "the lead that it needs over every other command",
    "common_words": "the lead that it needs over ordinary words",
    "piece_ahead": "the lead that a short command needs over pieces of other commands",
}
"""Bars of sound that ask for at least so many nats."""
POINTS: Mapping[Rule, str] = {
    "confidence": "the confidence that its words need",
    "likeness": "the likeness that words need to a command",
    "meaning": "the confidence that this is what was meant",
    "likeness_ahead": "the lead in likeness that it needs over every other command",
}
"""Bars that ask for at least so many points of 100."""
PLAIN: Mapping[Rule, str] = {
    "piece": "it is only a piece of commands, or means nothing now",
    "no_phrase": "these words are no command",
    "too_long": "the speech was longer than any command",
    "drowned": "others talk without a pause, and no command stands out of it",
    "no_words": "there were no words",
    "single_word": "one word alone must be a command exactly, and '{word}' is none",
    "exact_only": "an answer to a question must be said exactly",
    "another_number": "the number '{word}' stands in only one of the two",
    "another_sense": "'{word}' may have another sense in it, so I ask",
    "negation": "only one of the two says 'not'",
    "not_legal": "it cannot be obeyed in this state",
    "own_voice": "it is what I was saying myself: '{word}'",
    "amid_talk": "it goes on what was said just before: '{word}'",
    "offered": "it offers somebody a wish, or tells how to ask for one: '{word}'",
    "was_held": "it would set going what '{word}' held a moment before",
}
"""Rules without a number."""

LEAST_SHOWN = 0.05  # what one decimal can still show


def explain(refusal: Refusal) -> str:
    """One sentence: what would have been heard, every bar that it fell short of, and the rival."""
    what = f"'{refusal.text}'" if refusal.text else "speech"
    reasons = "; ".join(_reason(one) for one in refusal.shortfalls)
    label = "the nearest command" if refusal.shortfalls[0].rule == "piece" else "the rival"
    rival = f"; {label} was '{refusal.rival}'" if refusal.rival else ""
    return f"{what} was refused: {reasons}{rival}"


def refusal_values(refusal: Refusal) -> dict[str, object]:
    """The same for JSON: `text`, `rival`, and `bars`: `rule`, and `needs`, `had`, `lacks`, `word` where there are such.

    Numbers are rounded to a hundredth.
    """
    return {"text": refusal.text, "rival": refusal.rival, "bars": [_bar(one) for one in refusal.shortfalls]}


def _reason(one: Shortfall) -> str:
    lacks = f"{one.lacks:.1f}" if one.lacks >= LEAST_SHOWN else "less than 0.1"
    numbers = {"lacks": lacks, "needs": one.needs or 0.0, "had": one.had or 0.0, "word": one.word}
    if one.rule in NATS:
        shape = f"it fell {{lacks}} nats short of {NATS[one.rule]} (needs {{needs:.1f}}, had {{had:.1f}})"
    elif one.rule in POINTS:
        shape = f"it fell {{lacks}} points of 100 short of {POINTS[one.rule]} (needs {{needs:.0f}}, had {{had:.0f}})"
    elif one.rule == "misfit":
        shape = "its sounds were {lacks} nats too far off (at most {needs:.1f}, were {had:.1f})"
    elif one.rule == "speech":
        shape = "it is hardly speech (probability {had:.2f}, needs {needs:.2f})"
    elif one.rule == "strange_word":
        shape = "it has no word like '{word}' (likeness {had:.0f} of 100, needs {needs:.0f})"
    elif one.rule == "too_many_letters":
        shape = "with {had:.0f} letters or more it is longer than any command (at most {needs:.0f})"
    else:
        shape = PLAIN[one.rule]
    return shape.format(**numbers)


def _bar(one: Shortfall) -> dict[str, object]:
    bar: dict[str, object] = {"rule": one.rule}
    if one.needs is not None and one.had is not None:
        bar |= {"needs": round(one.needs, 2), "had": round(one.had, 2), "lacks": round(one.lacks, 2)}
    if one.word:
        bar["word"] = one.word
    return bar
