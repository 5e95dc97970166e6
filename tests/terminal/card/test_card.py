from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant.errors import TuinaError, UnknownName
from assistant.interpret import Interpreter, expand
from assistant.language import LanguagePack
from assistant.messages import SAFETY, Heard, Intent, Said
from assistant.respond.transitions import STATE_NAMES, legal_in
from assistant.store.library import load
from assistant.terminal.card import command
from assistant.terminal.card.contents import SITUATIONS, Situation, card, card_for, firsts, shown
from assistant.terminal.card.page import as_html

WIDE, HIGH = 80, 40  # the usual terminal, and a little higher than the oldest one
MOST_CHARS = 25  # what fits a column of the printed page without a break; tried out by printing


@pytest.fixture(scope="module")
def pack() -> LanguagePack:
    return load().pack


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.title)
def test_everything_on_the_card_is_legal_in_its_situation(situation: Situation) -> None:
    """The table lets every chosen command through, at any time or in one of the situation's states."""
    assert shown(situation) == situation.intents


def test_a_command_that_is_not_legal_is_left_out() -> None:
    """The table decides, not the list."""
    wrong = Situation(title="", states=("counting",), intents=(Intent.SLOWER, Intent.RATE_PAIN))

    assert shown(wrong) == (Intent.SLOWER,)


def test_what_the_card_says_is_understood_as_its_command(pack: LanguagePack) -> None:
    """Each line, said as it is printed, means the command that it stands for."""
    interpreter = Interpreter(expand(pack), pack)
    lines = [
        (text, i)
        for one, part in zip(SITUATIONS, card(pack), strict=True)
        for text, i in zip(part.phrases, shown(one), strict=True)
    ]

    for text, intent in lines:
        heard = Heard(text=text, is_final=True, is_sure=True, score=100.0, at_s=0.0, end_s=1.0)
        (said,) = interpreter.understand(heard, frozenset(Intent), 1.0)

        assert isinstance(said, Said)
        assert said.intent is intent


def test_pain_comes_first(pack: LanguagePack) -> None:
    """The first block holds all that stops, in every state."""
    assert card(pack)[0].title == "When it hurts"
    assert set(shown(SITUATIONS[0])) >= SAFETY


def test_the_card_fits_the_screen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """80 columns, 40 lines."""
    monkeypatch.setenv("COLUMNS", str(WIDE))

    command.card()
    lines = printed(capsys).splitlines()

    assert "stop" in [line.strip().split("  ")[0] for line in lines]
    assert len(lines) <= HIGH
    assert max(map(len, lines)) <= WIDE


@pytest.mark.parametrize("state", sorted(STATE_NAMES))
def test_a_state_shows_a_phrase_for_each_legal_command(state: str, pack: LanguagePack) -> None:
    """No more, no less than the table."""
    assert len(card_for(pack, state)[0].phrases) == len(legal_in(state))


def test_an_unknown_state_is_an_error(pack: LanguagePack) -> None:
    """It names those that there are."""
    with pytest.raises(UnknownName, match="asleeep"):
        card_for(pack, "asleeep")


class Page(HTMLParser):
    """Gathers the items and every address that the page would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.items: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [str(value) for name, value in attrs if name in {"src", "href"}]
        if tag == "li":
            self.items.append("")

    def handle_data(self, data: str) -> None:
        if self.items and not self.items[-1]:
            self.items[-1] = data


def test_the_page_holds_the_card_and_fetches_nothing(pack: LanguagePack) -> None:
    """One file: no script, no picture, no font, no address."""
    text = as_html(card(pack), language="en")
    page = Page(text)

    assert page.items == [phrase for section in card(pack) for phrase in section.phrases]
    assert page.fetched == []
    assert not re.search(r"https?:|@import|url\(|<script", text)


def test_the_page_stays_one_page_at_the_large_size(pack: LanguagePack) -> None:
    """The phrases are short enough, and few enough, for 20 points, as measured on paper."""
    assert "font: 20pt" in as_html(card(pack), language="en")
    assert max(len(phrase) for section in card(pack) for phrase in section.phrases) <= MOST_CHARS


def test_the_drawings_have_a_page_of_their_own(pack: LanguagePack) -> None:
    """The first page stays as it is, and the next one shows each technique once, with its name, in still colours."""
    drawn = firsts(load().library)
    plain, text = (as_html(card(pack), language="en", drawings=some) for some in ((), drawn))
    body = text.partition("<body>")[2]

    assert body.partition("<article>")[0] == plain.partition("<body>")[2].partition("</body>")[0]
    assert re.findall(r"<figcaption>([^<]+)<", body) == [one.title for one in drawn]
    assert len({one.name for one in drawn}) == 8
    assert "break-before: page" in text
    assert "not an anatomical plate" in " ".join(body.split())


def test_the_drawings_fetch_nothing(pack: LanguagePack) -> None:
    """They stand in the page itself: no address, no script, and every colour is set for paper."""
    text = as_html(card(pack), language="en", drawings=firsts(load().library))
    set_here = set(re.findall(r"(--tp-\w+): #", text))

    assert Page(text).fetched == []
    assert not re.search(r"https?:|@import|url\(|<script|style=", text)
    assert set_here == set(re.findall(r"var\((--tp-\w+)", text))


def test_a_state_has_no_page_of_drawings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever asks for one state wants phrases."""
    command.card(html=tmp_path / "card.html")
    command.card(html=tmp_path / "paused.html", state="paused")

    assert "<svg" in (tmp_path / "card.html").read_text("utf-8")
    assert "<svg" not in (tmp_path / "paused.html").read_text("utf-8")
    assert "two pages" in printed(capsys)


def test_what_is_written_is_escaped(pack: LanguagePack) -> None:
    """A title is text, never markup."""
    assert "<b>" not in as_html(card(pack), language="en", title="<b>mine</b>")


def test_the_page_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--html FILE` writes it and says so."""
    target = tmp_path / "card.html"

    command.card(html=target)

    assert target.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert "card.html" in "".join(printed(capsys).split())


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """It says which file, and what to do."""
    with pytest.raises(TuinaError, match="cannot be written"):
        command.card(html=tmp_path / "nowhere" / "card.html")
