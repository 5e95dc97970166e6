"""Grammars too large to be written out, up to real speech: an order with five slots in any order."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import soundfile

from assistant.decode.phonetic.lexicon import Lexicon
from assistant.decode.phonetic.posteriors import Frames, Posteriors
from assistant.decode.phonetic.sentences import Sentences
from assistant.decode.phonetic_graph.graph import GraphDecoder
from assistant.decode.phonetic_graph.templates import TemplateReader
from assistant.decode.phonetic_graph.word_graph import WordGraph
from assistant.errors import BadTemplate
from assistant.language import ListValue

ORDERS = Path(__file__).parents[2] / "data" / "speech" / "orders"
SPOKEN = dict(line.split("\t") for line in (ORDERS / "orders.txt").read_text(encoding="utf-8").splitlines())
ORDER = "[i would like|can i have] ([a] {size};{drink};[with] {milk} milk;[and] {sugar};{place})"
LISTS = {
    "size": ["small", "medium", "large"],
    "drink": ["latte", "cappuccino", "espresso", "mocha", "americano", "flat white", "tea"],
    "milk": ["oat", "soy", "whole", "almond"],
    "sugar": ["no sugar", "one sugar", "(two|three|four) sugars"],
    "place": ["to go", "for here"],
}


def graph_of(words: WordGraph, posteriors: Posteriors, lexicon: Lexicon) -> GraphDecoder:
    lexicon.learn(words.words())
    return GraphDecoder(words.smallest(), lexicon.pronunciations, blank=posteriors.blank, edge=posteriors.edge)


def add(words: WordGraph, template: str, lists: Mapping[str, Sequence[str]], rules: Mapping[str, str]) -> None:
    """A template whose lists hold the same as they say."""
    values = {name: [ListValue(say=text, value=text) for text in texts] for name, texts in lists.items()}
    TemplateReader(words, values, rules).add(template)


def said_by(words: WordGraph) -> set[str]:
    """Every sentence of a small automaton."""
    return set(words.smallest().sentences(1_000) or ())


def test_template_says_what_it_should() -> None:
    """Optional parts, alternatives, lists and rules give exactly their sentences."""
    words = WordGraph()

    add(words, "[please] (turn|<move>) {way}", {"way": ["left", "to the right"]}, {"move": "go [on]"})

    expected = {
        " ".join(part for part in (please, verb, way) if part)
        for please in ("", "please")
        for verb in ("turn", "go", "go on")
        for way in ("left", "to the right")
    }
    assert said_by(words) == expected


def test_any_order_is_any_order() -> None:
    """Parts in any order give every order once."""
    words = WordGraph()

    add(words, "now (a b;c;[d])", {}, {})

    orders = itertools.permutations(["a b", "c", "d"])
    assert said_by(words) == {f"now {' '.join(o)}" for o in orders} | {"now a b c", "now c a b"}


@pytest.mark.parametrize("template", ["go ()", "go {nowhere}", "go <nowhere>", "(a|b", "<loop>", "(a;b;c;d;e;f;g;h;i)"])
def test_wrong_template_is_an_error(template: str) -> None:
    """A template that cannot be heard is refused with a reason."""
    with pytest.raises(BadTemplate):
        add(WordGraph(), template, {}, {"loop": "go <loop>"})


def test_graph_and_sentences_give_the_same_score(
    posteriors: Posteriors, lexicon: Lexicon, spoken: Callable[[str], Frames]
) -> None:
    """The beam search and the exact pass agree, also where a phone meets itself at a word's edge."""
    texts = ("stop", "stop please", "go back", "go back to step one", "step one", "go go", "ow")
    words = WordGraph()
    for text in texts:
        add(words, text, {}, {})
    graph = graph_of(words, posteriors, lexicon)
    sentences = Sentences(texts, lexicon.pronunciations, blank=posteriors.blank, edge=posteriors.edge)

    for text in texts:
        x = spoken(text)
        path = graph.search(x).best
        assert path is not None
        assert path.text == text
        assert path.score == pytest.approx(float(sentences.scores(x).max()), abs=1e-2)


def test_too_few_frames_are_no_sentence(
    posteriors: Posteriors, lexicon: Lexicon, spoken: Callable[[str], Frames]
) -> None:
    """A sound shorter than every sentence has no path."""
    words = WordGraph()
    add(words, "go back to step one", {}, {})

    assert graph_of(words, posteriors, lexicon).search(spoken("ow")).best is None


def test_orders_in_any_order_are_understood(posteriors: Posteriors, lexicon: Lexicon) -> None:
    """Six spoken orders, each in another order of its five slots, out of over a million possible sentences."""
    words = WordGraph()
    add(words, ORDER, LISTS, {})
    graph = graph_of(words, posteriors, lexicon)

    heard = {}
    for name in SPOKEN:
        path = graph.search(posteriors(soundfile.read(ORDERS / name, dtype="int16")[0])).best
        heard[name] = path.text if path else ""

    assert heard == SPOKEN
    assert len(graph) < 20_000
