"""Sentence templates are walked in one place, for all who read them."""

from __future__ import annotations

from itertools import islice

import pytest

from assistant.errors import BadTemplate
from assistant.language import ListValue
from assistant.template import Walker, parsed

LISTS = {
    "side": (ListValue(say="left", value="l"), ListValue(say="right", value="r")),
    "room": (ListValue(say="(bed|bath)room", value="room"),),
    "round": (ListValue(say="{round}", value=1),),
}
RULES = {"go": "go [back]", "loop": "a <loop>"}


def texts(template, **how):
    walker = Walker(LISTS, RULES, **how)
    walker.template = template
    return [(" ".join(text.split()), slots) for text, slots in walker.texts(parsed(template))]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("stop [now]", ["stop now", "stop"]),
        ("(one|two)", ["one", "two"]),
        ("<go> home", ["go back home", "go home"]),
        ("(a;b)", ["a b", "b a"]),
    ],
)
def test_every_form_is_written_out_in_order(template, expected):
    """Options, alternatives, rules and words in any order."""
    assert [text for text, _ in texts(template)] == expected


def test_a_list_fills_its_slot():
    """By its own name, or by the one that the template gives; several in the order in which they are said."""
    assert texts("the {side} one") == [("the left one", (("side", "l"),)), ("the right one", (("side", "r"),))]
    assert texts("{side:first} {side:second}")[1] == ("left right", (("first", "l"), ("second", "r")))


def test_what_a_list_says_is_a_template_only_where_that_is_asked_for():
    """Other people's grammars write them so; ours hold plain words."""
    assert [text for text, _ in texts("{room}", says_templates=True)] == ["bedroom", "bathroom"]
    assert [text for text, _ in texts("{room}")] == ["(bed|bath)room"]


@pytest.mark.parametrize(
    ("template", "what"),
    [
        ("{nothing}", "the list 'nothing', which is not known"),
        ("<nothing>", "the rule <nothing>, which is not known"),
        ("<loop>", "the rule <loop> holds itself: loop > loop"),
        ("{side:@side}", "captures text"),
    ],
)
def test_what_cannot_be_written_out_is_refused(template, what):
    """With the name that is wrong."""
    with pytest.raises(BadTemplate, match=what):
        texts(template)


@pytest.mark.parametrize("template", ["open ( ) now", "[]", "{}", "<>", "(one|two", "one)"])
def test_what_cannot_be_read_is_refused(template):
    """Empty and open brackets, which hassil meets with an assertion."""
    with pytest.raises(BadTemplate):
        parsed(template)


def test_a_list_that_holds_itself_ends_at_the_deepest():
    """It would go on for ever."""
    with pytest.raises(BadTemplate, match="nests too deep"):
        texts("{round}", says_templates=True, deepest=24)


def test_a_template_that_explodes_is_walked_lazily():
    """The first texts of a thousand million cost nothing."""
    walker = Walker({}, {})

    assert len([*islice(walker.texts(parsed(" ".join(["(a|b|c|d|e|f|g|h|i|j)"] * 9))), 3)]) == 3
