"""Templates become phrases: every sentence that a template stands for, with its slots."""

from __future__ import annotations

import pytest

from assistant.errors import BadTemplate
from assistant.interpret import phrases
from assistant.interpret.phrases import MOST_A_TEMPLATE, expand, expand_template, names_in
from assistant.language import Command, LanguagePack, ListValue
from assistant.messages import Intent

LISTS = {
    "count": (ListValue(say="one", value=1), ListValue(say="two", value=2)),
    "side": (ListValue(say="left", value="left"), ListValue(say="right", value="right")),
}
RULES = {"it_is": "(it is|it's)", "wish": "[i want] <more>", "more": "{count:number} more"}


def texts(template: str) -> list[str]:
    return [text for text, _ in expand_template(template, LISTS, RULES)]


def pack(**sentences: list[str]) -> LanguagePack:
    commands = {
        Intent(name): Command(intent=Intent(name), sentences=tuple(lines), examples=({"say": "x"},), near_misses=("y",))  # type: ignore[arg-type]
        for name, lines in sentences.items()
    }
    return LanguagePack(
        code="en", name="English", commands=commands, lists=LISTS, rules=RULES, numbers={}, skip_words=(), replies={}
    )


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("next", ["next"]),
        ("Next  Step ", ["next step"]),
        ("next [step]", ["next step", "next"]),
        ("[the] next [step|one]", ["the next step", "the next one", "the next", "next step", "next one", "next"]),
        ("(go|move) on", ["go on", "move on"]),
        ("go|move on", ["go", "move on"]),
        ("(red;green)", ["red green", "green red"]),
        ("<it_is> fine", ["it is fine", "it's fine"]),
        ("[not] [so] fast", ["not so fast", "not fast", "so fast", "fast"]),
        ("side[s] now", ["sides now", "side now"]),
    ],
)
def test_a_template_stands_for_these_sentences(template: str, expected: list[str]) -> None:
    """Optional parts, alternatives, permutations and rules give every sentence, in the order they are written."""
    assert texts(template) == expected


def test_three_parts_in_any_order_give_six_sentences() -> None:
    """A permutation of three has every order once."""
    assert sorted(set(texts("(a;b;c)"))) == ["a b c", "a c b", "b a c", "b c a", "c a b", "c b a"]


def test_a_list_fills_the_slot_of_its_name_or_the_one_that_is_named() -> None:
    """The slot holds the value, not what was said."""
    found = list(expand_template("{side} {count:number}", LISTS, RULES))

    assert found[0] == ("left one", {"side": "left", "number": 1})
    assert found[-1] == ("right two", {"side": "right", "number": 2})
    assert len(found) == 4


def test_rules_may_hold_rules_and_lists() -> None:
    """Slots come out of nested rules."""
    assert next(expand_template("<wish>", LISTS, RULES)) == ("i want one more", {"number": 1})


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("", "is not a sentence template"),
        ("(a", "is not a sentence template"),
        ("a)", "is not a sentence template"),
        ("a [b", "is not a sentence template"),
        ("a ()", "empty brackets"),
        ("{}", "empty brackets"),
        ("[a]", "can be nothing at all"),
        ("{what}", "the list 'what', which is not known"),
        ("<what>", "the rule <what>, which is not known"),
        ("{count} {count}", "the slot 'count' twice"),
        ("step 5", "something else than words"),
        ("stop!", "something else than words"),
        ("a" * 301, "has 301 characters"),
        ("[" * 140 + "a" + "]" * 140, "can be nothing at all"),
        ("(a;b;c;d;e;f;g;h;i;j;k;l)", f"more than {MOST_A_TEMPLATE:,} sentences"),
        (" ".join(["(a|b)"] * 40), f"more than {MOST_A_TEMPLATE:,} sentences"),
    ],
)
def test_a_bad_template_is_refused_with_its_reason(template: str, reason: str) -> None:
    """A template that cannot be read, cannot be said or explodes is an error with a remedy."""
    with pytest.raises(BadTemplate) as caught:
        texts(template)

    assert reason in caught.value.what
    assert caught.value.remedy


def test_a_rule_that_holds_itself_is_refused() -> None:
    """A circle of rules is named, not walked."""
    with pytest.raises(BadTemplate, match="a > b > a"):
        list(expand_template("<a>", {}, {"a": "x <b>", "b": "y [<a>]"}))


def test_a_pack_expands_in_the_order_of_intents_without_doubles() -> None:
    """The same pack gives the same phrases; a text with one meaning comes once."""
    made = pack(next=["next [step]", "next"], stop=["stop", "[please] stop"])

    found = expand(made)

    assert [(phrase.intent.value, phrase.text) for phrase in found] == [
        ("stop", "stop"),
        ("stop", "please stop"),
        ("next", "next step"),
        ("next", "next"),
    ]
    assert expand(made) == found


def test_some_intents_may_be_expanded_alone() -> None:
    """A state asks for what is legal in it."""
    made = pack(next=["next"], stop=["stop"], help=["help"])

    assert {phrase.intent for phrase in expand(made, {Intent.STOP, Intent.HELP})} == {Intent.STOP, Intent.HELP}


def test_two_meanings_of_one_text_are_both_kept() -> None:
    """The check refuses them; nothing is lost on the way."""
    assert len(expand(pack(next=["on"], resume=["on"], go_to=["{count}", "{count:number}"]))) == 2 + 4


def test_too_many_phrases_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack beyond the limit names the intent where it was reached."""
    monkeypatch.setattr(phrases, "MOST_PHRASES", 3)

    with pytest.raises(BadTemplate, match="counted up to next"):
        expand(pack(stop=["stop"], next=["(a|b|c)"]))


def test_the_names_in_a_template_are_found() -> None:
    """Lists and rules at any depth of the template itself."""
    assert names_in("[{side:x}] (a|<it_is> (b|{count}))") == ({"side", "count"}, {"it_is"})


def test_a_name_alone_gives_way_to_a_command_that_is_said_alike() -> None:
    """Somebody's technique called "stop" is gone to with more words; another name may stand alone."""
    names = (ListValue(say="stop", value="stop"), ListValue(say="calf push", value="calf push"))
    one = pack(stop=["stop"], go_to=["go to {technique}", "{technique}"]).model_copy(
        update={"lists": {"technique": names}}
    )

    found = [(phrase.text, phrase.intent) for phrase in expand(one)]

    assert found == [
        ("stop", Intent.STOP),
        ("go to stop", Intent.GO_TO),
        ("go to calf push", Intent.GO_TO),
        ("calf push", Intent.GO_TO),
    ]
