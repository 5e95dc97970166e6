"""Sentence templates as an automaton of words, for grammars that stand for too many sentences to be written out.

A coffee order with five slots in any order is 32 states here and a million sentences there. Words only, no sounds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import kaldifst
from hassil.expression import Alternative, Expression, Group, ListReference, Permutation, RuleReference, TextChunk
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from assistant.errors import EngineError

MOST_IN_ANY_ORDER = 8  # parts of one (a;b;...): the automaton has a state for each set of them, 256 for eight
DEEPEST = 20  # rules inside rules


GLUED = re.compile(r"[\w'][\[({<]|[\])}>][\w'\[({<]")  # "turn[ing]": pieces of words are not in any lexicon


class WordGraph:
    """An automaton whose arcs are words; the empty word is a step for free. State 0 is the start."""

    def __init__(self) -> None:
        """Nothing can be said yet."""
        self.arcs: list[list[tuple[str, int]]] = [[]]
        self.finals: set[int] = set()
        self._tree: dict[tuple[int, str], int] = {}

    def add_phrase(self, text: str) -> None:
        """Let one sentence be said."""
        self.finals.add(self._say(0, text))

    def add_template(
        self, template: str, lists: Mapping[str, Sequence[str]], rules: Mapping[str, str] | None = None
    ) -> None:
        """Let every sentence of a hassil template be said; `lists` holds what each {list} may be, as templates.

        Raises EngineError for a template that cannot be read, an unknown name, or pieces glued into one word.
        """
        start = self.new_state()
        self.arcs[0].append(("", start))
        self.finals.add(_Reader(self, template, lists, rules or {}).add(_parsed(template), start, 0))

    def new_state(self) -> int:
        """Add a state that nothing leads to yet."""
        self.arcs.append([])
        return len(self.arcs) - 1

    def _say(self, state: int, text: str) -> int:
        for word in text.split():
            follow = self._tree.get((state, word))
            if follow is None:
                follow = self._tree[state, word] = self.new_state()
                self.arcs[state].append((word, follow))
            state = follow
        return state

    def words(self) -> frozenset[str]:
        """Every word that occurs."""
        return frozenset(word for arcs in self.arcs for word, _ in arcs if word)

    def leads(self) -> tuple[list[dict[str, int]], set[int]]:
        """The smallest automaton that says the same: each state's words and where they lead, and the final states."""
        names = sorted(self.words())
        number = {word: n + 1 for n, word in enumerate(names)} | {"": 0}
        fst = kaldifst.StdVectorFst()
        for _ in self.arcs:
            fst.add_state()
        fst.start = 0
        for state, arcs in enumerate(self.arcs):
            for word, to in arcs:
                fst.add_arc(state, kaldifst.StdArc(number[word], number[word], 0.0, to))
        for state in self.finals:
            fst.set_final(state, 0.0)
        kaldifst.rmepsilon(fst)
        fst = kaldifst.determinize(fst)
        kaldifst.minimize(fst)
        # Numbered anew so that 0 stays the start.
        order = [fst.start, *(state for state in range(fst.num_states) if state != fst.start)]
        place = {state: n for n, state in enumerate(order)}
        out = [{names[a.ilabel - 1]: place[a.nextstate] for a in kaldifst.ArcIterator(fst, state)} for state in order]
        return out, {place[state] for state in order if fst.final(state).value < math.inf}


class _Reader:
    """Walks one template's tree and adds its arcs."""

    def __init__(
        self, graph: WordGraph, template: str, lists: Mapping[str, Sequence[str]], rules: Mapping[str, str]
    ) -> None:
        self.graph, self.template, self.lists, self.rules = graph, template, lists, rules

    def add(self, expression: Expression, start: int, depth: int) -> int:
        """Add what the expression says from `start` on; give where it ends."""
        if depth > DEEPEST:
            raise self._wrong("nests too deep, or a rule holds itself")
        if isinstance(expression, TextChunk):
            return self._add_words(expression.text, start)
        if isinstance(expression, Permutation):
            return self._add_in_any_order(expression.items, start, depth)
        if isinstance(expression, Alternative):
            return self._add_one_of(expression.items, start, depth)
        if isinstance(expression, Group):
            for item in expression.items:
                start = self.add(item, start, depth + 1)
            return start
        if isinstance(expression, ListReference):
            values = self.lists.get(expression.list_name)
            if not values:
                raise self._wrong(f"uses the list '{expression.list_name}', which is not known")
            return self._add_one_of([_parsed(value) for value in values], start, depth)
        if isinstance(expression, RuleReference) and expression.rule_name in self.rules:
            return self.add(_parsed(self.rules[expression.rule_name]), start, depth + 1)
        raise self._wrong("uses a rule that is not known")

    def _add_words(self, text: str, start: int) -> int:
        for word in text.lower().split():
            end = self.graph.new_state()
            self.graph.arcs[start].append((word, end))
            start = end
        return start

    def _add_one_of(self, items: Sequence[Expression], start: int, depth: int) -> int:
        end = self.graph.new_state()
        for item in items:
            before = self.graph.new_state()
            self.graph.arcs[start].append(("", before))
            self.graph.arcs[self.add(item, before, depth + 1)].append(("", end))
        return end

    def _add_in_any_order(self, items: Sequence[Expression], start: int, depth: int) -> int:
        """One state for each set of parts that have been said: 2^n states instead of n! sentences."""
        if len(items) > MOST_IN_ANY_ORDER:
            raise self._wrong(f"has {len(items)} parts in any order, the most is {MOST_IN_ANY_ORDER}")
        everything = 2 ** len(items) - 1
        after = {0: start} | {said: self.graph.new_state() for said in range(1, everything + 1)}
        for said in range(everything):
            for i, item in enumerate(items):
                if not said & (1 << i):
                    before = self.graph.new_state()
                    self.graph.arcs[after[said]].append(("", before))
                    self.graph.arcs[self.add(item, before, depth + 1)].append(("", after[said | (1 << i)]))
        return after[everything]

    def _wrong(self, what: str) -> EngineError:
        return EngineError(f"'{self.template}' {what}", remedy="Check the command files with: tuina check")


def _parsed(template: str) -> Expression:
    if GLUED.search(template):
        raise EngineError(f"'{template}' glues pieces into one word", remedy="Write the words out: (turn|turning)")
    try:
        return parse_sentence(template).expression
    except (ParseError, AssertionError) as error:  # hassil asserts on empty brackets
        raise EngineError(
            f"'{template}' is not a sentence template",
            remedy="Close every bracket: [optional] (one|another) (any;order) {list} <rule>",
        ) from error
