"""A session as lines on a terminal."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from assistant.messages import (
    Beat,
    Cue,
    Due,
    Failed,
    Intent,
    NotNow,
    Perhaps,
    Said,
    Say,
    Sound,
    Unsure,
    VoiceBegan,
)
from assistant.terminal.screen import Conversation, printable


@pytest.fixture
def page():
    return StringIO()


@pytest.fixture
def conversation(page):
    return Conversation(Console(file=page, width=500))


def count(conversation, numbers, first_s=1.0):
    for n in numbers:
        at_s = first_s + n
        conversation.on_effect(at_s, Beat(at_s=at_s, n=n, of=99, period_s=1.0), f"n{n}")
        conversation.on_event(Due(at_s=at_s, tag="beat"))


def test_a_sentence_is_shown_when_it_sounds_and_not_when_it_was_ordered(conversation, page):
    """With the time at which it began."""
    conversation.on_effect(1.0, Say(utterance=1, reply="hello"), "Hello.")
    before = page.getvalue()
    conversation.on_event(VoiceBegan(at_s=65.25, utterance=1))

    assert before == ""
    assert page.getvalue() == "  1:05.2   it: Hello.\n"


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Said(at_s=0.0, intent=Intent.NEXT, text="next"), "you: next"),
        (NotNow(at_s=0.0, intent=Intent.YES, text="yes"), "you: yes  (not now)"),
        (Perhaps(at_s=0.0, intent=Intent.END_SESSION, text="quit"), "you: ?  (perhaps: quit)"),
        (Unsure(at_s=0.0, best="next one"), "you: ?  (nearest: next one)"),
        (Unsure(at_s=0.0), "you: ?"),
        (Failed(at_s=0.0, room="decode", reason="it broke"), "  !: decode: it broke"),
    ],
)
def test_what_happened_is_shown(conversation, page, event, line):
    """In the words of a conversation."""
    conversation.on_event(event)

    assert page.getvalue() == f"  0:00.0  {line}\n"


def test_numbers_share_a_line_until_somebody_speaks(conversation, page):
    """They are shown before the sentence that interrupts them, with the time of the first."""
    count(conversation, [1, 2, 3])
    conversation.on_event(Said(at_s=4.5, intent=Intent.SLOWER, text="slower"))
    count(conversation, [4])
    conversation.close()

    assert page.getvalue() == "  0:02.0   it: n1. n2. n3.\n  0:04.5  you: slower\n  0:05.0   it: n4.\n"


def test_a_long_count_is_shown_twelve_a_line(conversation, page):
    """So that somebody who watches sees that it goes on."""
    count(conversation, range(1, 26))

    assert [line.count("n") for line in page.getvalue().splitlines()] == [12, 12]


def test_a_sign_is_shown(conversation, page):
    """In brackets, since it is no word."""
    conversation.on_effect(0.0, Sound(earcon="switch_side"), "")

    assert page.getvalue() == "  0:00.0   it: (switch side sign)\n"


def test_a_text_cannot_steer_the_terminal(conversation, page):
    """Neither by escape sequences nor by markup, whoever wrote the file it comes from."""
    conversation.on_event(Unsure(at_s=0.0, best="\x1b[31mred\x1b[0m [bold]loud[/bold] \u202eback"))

    assert page.getvalue() == "  0:00.0  you: ?  (nearest: [31mred[0m [bold]loud[/bold] back)\n"
    assert printable("plain ünïcode ✓") == "plain ünïcode ✓"


def test_the_words_of_a_count_stand_beside_their_numbers(conversation, page):
    """Right and left of one repetition with its number; "half-way" for itself, in its place."""
    beats = [Beat(at_s=n, n=n, of=9, period_s=6.0, cue="right") for n in (1, 2)]
    for beat in beats:
        conversation.on_effect(0.0, beat, f"n{beat.n}, right")
        conversation.on_effect(0.0, Cue(at_s=beat.at_s + 0.5, word="left"), "left")
        conversation.on_event(Due(at_s=beat.at_s, tag="beat"))
        if beat.n == 1:
            conversation.on_effect(0.0, Cue(at_s=1.7, reply="half_way"), "Half-way.")
    conversation.close()

    assert page.getvalue().endswith("it: n1, right, left. half-way. n2, right, left.\n")
