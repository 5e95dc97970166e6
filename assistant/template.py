"""Sentence templates in hassil's syntax: parsed by hassil, walked here, since its own sampler loses the slots. Pure.

`[optional]`, `(one|another)`, `(any;order)`, `{list}`, `{list:slot}`, `<rule>`. interpret/ writes every sentence out,
decode/phonetic_graph/ makes arcs of a graph of them, store/library/ reads the lists of somebody else's grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import TypeAlias

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from assistant.errors import BadTemplate
from assistant.language import ListValue
from assistant.messages import SlotValue

Lists: TypeAlias = Mapping[str, Sequence[ListValue]]
Rules: TypeAlias = Mapping[str, str]
Given: TypeAlias = "tuple[tuple[str, SlotValue], ...]"
"""Slots with their values, in the order in which they are said."""
Piece: TypeAlias = "tuple[str, Given]"

_EMPTY = re.compile(r"\(\s*\)|\[\s*\]|\{\s*\}|<\s*>")


def parsed(template: str) -> Expression:
    """Hassil's tree of a template. Raises BadTemplate.

    Its parser asserts on empty and odd brackets, and gives no reason with its own errors.
    """
    empty = _EMPTY.search(template)
    if empty:
        raise BadTemplate(f"'{template}' has empty brackets {empty[0]}", remedy="Remove them or fill them")
    try:
        return parse_sentence(template).expression
    except (ParseError, AssertionError) as error:
        raise BadTemplate(
            f"'{template}' is not a sentence template",
            remedy="Close every bracket: [optional] (one|another) (any;order) {list} <rule>",
        ) from error


class Walker:
    """Walks templates lazily: one that explodes is met by its reader's cap, not by the memory."""

    def __init__(self, lists: Lists, rules: Rules, *, says_templates: bool = False, deepest: int | None = None) -> None:
        """Take what templates may use; `says_templates`: what a list says is a template itself.

        `deepest` is how many rules, lists and brackets may stand inside each other; None: no limit but rules that hold
        themselves.
        """
        self._lists, self._rules, self._says_templates, self._deepest = lists, rules, says_templates, deepest
        self._trees: dict[str, Expression] = {}
        self.template = ""
        """The template that is being read, for messages."""

    def tree(self, template: str) -> Expression:
        """The tree, parsed once. Raises BadTemplate."""
        tree = self._trees.get(template)
        if tree is None:
            tree = self._trees[template] = parsed(template)
        return tree

    def texts(self, expression: Expression, inside: tuple[str, ...] = (), depth: int = 0) -> Iterator[Piece]:
        """Each text of an expression, spaces as written, with its slots; `inside` names the rules around it.

        Raises BadTemplate for an unknown list or rule, for a rule that holds itself, and beyond the deepest.
        """
        self._check(depth)
        if isinstance(expression, TextChunk):
            yield expression.text, ()
        elif isinstance(expression, Alternative):
            for item in expression.items:
                yield from self.texts(item, inside, depth + 1)
        elif isinstance(expression, Permutation):
            for order in permutations(expression.items):
                yield from self.in_order(order, inside, depth + 1)
        elif isinstance(expression, Group):
            yield from self.in_order(expression.items, inside, depth + 1)
        elif isinstance(expression, ListReference):
            for value in self.values(expression):
                said = self._said(value, inside, depth + 1)
                yield from ((text, ((expression.slot_name, value.value),)) for text in said)
        elif isinstance(expression, RuleReference):
            name = expression.rule_name
            yield from self.texts(self.rule(name, inside), (*inside, name), depth + 1)

    def in_order(self, items: Sequence[Expression], inside: tuple[str, ...] = (), depth: int = 0) -> Iterator[Piece]:
        """Every text that the items make together, with its slots."""
        if not items:
            yield "", ()
            return
        for text, slots in self.texts(items[0], inside, depth):
            for more, others in self.in_order(items[1:], inside, depth):
                yield text + more, slots + others

    def values(self, reference: ListReference) -> Sequence[ListValue]:
        """Return the values of the list. Raises BadTemplate."""
        if reference.is_capture:
            raise self.wrong(f"captures text in {{{reference.list_name}}}", "Name the words in a list")
        values = self._lists.get(reference.list_name)
        if not values:
            known = ", ".join(sorted(self._lists)) or "none"
            raise self.wrong(f"uses the list '{reference.list_name}', which is not known", f"Known lists: {known}")
        return values

    def rule(self, name: str, inside: tuple[str, ...] = ()) -> Expression:
        """The tree of a rule. Raises BadTemplate."""
        if name not in self._rules:
            known = ", ".join(sorted(self._rules)) or "none"
            raise self.wrong(f"uses the rule <{name}>, which is not known", f"Known rules: {known}")
        if name in inside:
            what = f"the rule <{name}> holds itself: {' > '.join((*inside, name))}"
            raise BadTemplate(what, remedy="Break the circle")
        return self.tree(self._rules[name])

    def wrong(self, what: str, remedy: str) -> BadTemplate:
        """Return an error about the template that is being read."""
        return BadTemplate(f"'{self.template}' {what}", remedy=remedy)

    def _check(self, depth: int) -> None:
        if self._deepest is not None and depth > self._deepest:
            raise self.too_deep()

    def too_deep(self) -> BadTemplate:
        """For whoever walks the tree in another way."""
        return self.wrong("nests too deep, or a rule holds itself", "Break the circle, or make it flatter")

    def _said(self, value: ListValue, inside: tuple[str, ...], depth: int) -> Iterator[str]:
        if self._says_templates:
            yield from (text for text, _ in self.texts(self.tree(value.say), inside, depth))
        else:
            yield value.say
