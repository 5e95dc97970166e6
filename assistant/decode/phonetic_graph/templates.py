"""Sentence templates (template.py) become arcs of a word graph; they are walked, never written out.

Only parts joined without a space ("light[s]", "{number}th") are expanded, since a word is the smallest arc.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, islice

from hassil.expression import Alternative, Expression, Group, ListReference, Permutation, RuleReference, TextChunk

from assistant.decode.phonetic_graph.word_graph import Tag, WordGraph
from assistant.template import Lists, Rules, Walker

MOST_IN_ANY_ORDER = 8  # parts of one (a;b;...): the automaton has a state for each set of them, 256 for eight
DEEPEST = 24  # nested rules and brackets; hassil's own bound for rules
MOST_GLUED = 2_000  # words that one joined part may stand for
MOST_NOTED = 10  # ways to say one value that are kept
_AROUND = ',.?!;:"()…'  # punctuation around words, which is not spoken
_SPACE = object()


def words_of(text: str) -> list[str]:
    """Return the words as spoken: lower case, no punctuation, low-fat in two words."""
    plain = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("-", " ").replace("_", " ")
    return [word for word in (each.strip(_AROUND) for each in plain.split()) if word]


class TemplateReader:
    """Adds templates to a graph, with the lists and rules that they use."""

    def __init__(self, graph: WordGraph, lists: Lists, rules: Rules) -> None:
        """Take the lists and rules; the values of both are templates themselves."""
        self._graph = graph
        self._walker = Walker(lists, rules, says_templates=True, deepest=DEEPEST)
        self._noted: set[tuple[str, int]] = set()

    def add(self, template: str, tag: Tag | None = None) -> None:
        """Add every sentence of the template; `tag` comes first in each one's reading.

        Raises BadTemplate for wrong syntax and unknown names, EngineError if the graph is full.
        """
        self._walker.template = template
        start = self._graph.add_word(0, "")
        if tag is not None:
            self._graph.tags[start] = tag
        self._graph.finals.add(self._add(self._walker.tree(template), start, 0))

    def _add(self, expression: Expression, start: int, depth: int) -> int:
        """Add the expression at `start`; return its end."""
        if depth > DEEPEST:
            raise self._walker.too_deep()
        if isinstance(expression, TextChunk):
            return self._add_words(expression.text, start)
        if isinstance(expression, Permutation):
            return self._add_in_any_order(expression.items, start, depth)
        if isinstance(expression, Alternative):
            return self._add_one_of(expression.items, start, depth)
        if isinstance(expression, Group):
            return self._add_in_turn(expression.items, start, depth)
        if isinstance(expression, ListReference):
            return self._add_list(expression, start, depth)
        name = expression.rule_name if isinstance(expression, RuleReference) else str(expression)
        return self._add(self._walker.rule(name), start, depth + 1)

    def _add_words(self, text: str, start: int) -> int:
        for word in words_of(text):
            start = self._graph.add_word(start, word)
        return start

    def _add_one_of(self, items: Sequence[Expression], start: int, depth: int) -> int:
        ends = [self._add(item, self._graph.add_word(start, ""), depth + 1) for item in items]
        return self._meet(ends)

    def _meet(self, ends: Sequence[int]) -> int:
        end = self._graph.add_word(ends[0], "")
        for other in ends[1:]:
            self._graph.join(other, end)
        return end

    def _add_in_turn(self, items: Sequence[Expression], start: int, depth: int) -> int:
        parts: list[object] = []
        for item in items:
            parts += _with_spaces(item)
        for is_space, held in groupby(parts, key=lambda part: part is _SPACE):
            run = [] if is_space else [part for part in held if isinstance(part, Expression)]
            if len(run) == 1:
                start = self._add(run[0], start, depth + 1)
            elif run:
                start = self._add_glued(run, start, depth)
        return start

    def _add_glued(self, run: Sequence[Expression], start: int, depth: int) -> int:
        pieces = list(dict.fromkeys(islice(self._walker.in_order(run, depth=depth), MOST_GLUED + 1)))
        if len(pieces) > MOST_GLUED:
            raise self._walker.wrong(f"glues pieces into more than {MOST_GLUED:,} words", "Put a space between them")
        ends = []
        for text, tags in pieces:
            end = self._graph.add_word(start, "")
            self._graph.begins.add(end)
            end = self._add_words(text, end)
            for tag in tags:
                end = self._graph.add_word(end, "")
                self._graph.tags[end] = tag
            ends.append(end)
        return self._meet(ends)

    def _add_list(self, reference: ListReference, start: int, depth: int) -> int:
        ends = []
        for value in self._walker.values(reference):
            tree = self._walker.tree(value.say)
            self._note(reference.slot_name, tree)
            end = self._graph.add_word(start, "")
            self._graph.begins.add(end)
            end = self._graph.add_word(self._add(tree, end, depth + 1), "")
            self._graph.tags[end] = (reference.slot_name, value.value)
            ends.append(end)
        return self._meet(ends)

    def _note(self, slot: str, tree: Expression) -> None:
        """Store the ways to say the slot's values, for comparing one value with another."""
        if (slot, id(tree)) not in self._noted:
            self._noted.add((slot, id(tree)))
            texts = (text for text, _ in islice(self._walker.texts(tree), MOST_NOTED))
            self._graph.said.setdefault(slot, {}).update(dict.fromkeys(" ".join(words_of(text)) for text in texts))

    def _add_in_any_order(self, items: Sequence[Expression], start: int, depth: int) -> int:
        """Add one state for each set of parts that have been said: 2^n states instead of n! sentences."""
        if len(items) > MOST_IN_ANY_ORDER:
            most = f"the most is {MOST_IN_ANY_ORDER}"
            raise self._walker.wrong(f"has {len(items)} parts in any order, {most}", "Join some of them")
        everything = 2 ** len(items) - 1
        after = {0: start} | {said: self._graph.add_state() for said in range(1, everything + 1)}
        for said in range(everything):
            for i, item in enumerate(items):
                if not said & (1 << i):
                    end = self._add(item, self._graph.add_word(after[said], ""), depth + 1)
                    self._graph.join(end, after[said | (1 << i)])
        return after[everything]


def _with_spaces(item: Expression) -> list[object]:
    """Split the item at its spaces: parts without a space between may be joined."""
    if isinstance(item, TextChunk):
        words = [TextChunk(text=word) for word in item.text.split()]
        inside: list[object] = [part for word in words for part in (_SPACE, word)][1:]
    else:
        inside = [item]
    return [*([_SPACE] if _has_space(item, 0) else []), *inside, *([_SPACE] if _has_space(item, -1) else [])]


def _has_space(item: Expression, end: int) -> bool:
    """True if the item certainly begins (0) or ends (-1) with a space."""
    if isinstance(item, TextChunk):
        return item.text[:1].isspace() if end == 0 else item.text[-1:].isspace()
    if isinstance(item, Permutation):
        return True
    if isinstance(item, Alternative):
        return all(_has_space(each, end) for each in item.items)
    return isinstance(item, Group) and bool(item.items) and _has_space(item.items[end], end)
