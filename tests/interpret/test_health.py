"""Facts of health in own words: each belongs to the question of the check that holds it; what is denied is none."""

from __future__ import annotations

import pytest

from assistant.interpret.health import HealthFacts
from assistant.store.library import load

TOLD = {
    "nerves": "my legs are weak|i have trouble walking|i can't pee|my bottom is numb",
    "chest-accident": "my chest hurts|i have chest pain|i'm short of breath",
    "clot": "my left leg is swollen|i have a swollen calf|my ankle is puffy",
    "unwell": """i have a fever|i've got a temperature|i had cancer years ago|i've lost a lot of weight|i have the flu
i have a new lump|my back pain is worse at night|i think i have a fever""",
    "bones-blood": """i take blood thinners|i'm on warfarin|i bruise easily|my bones are brittle|i have osteoporosis
my immune system is weak|i am fifteen years old|i take prednisolone|my hip is broken""",
    "legs": """i'm pregnant|i'm six months pregnant|no but i'm pregnant|i gave birth two weeks ago
i had surgery last week|i had a blood clot when i was young|i was on a long flight|my leg is in plaster
i've been in bed for a week""",
    "skin": "i have eczema|i have a rash on my back|there's an open wound on my leg|i have varicose veins",
}
DOUBTFUL = {
    "chest-accident": "i had a bad fall|i had a car accident",
    "legs": "can i do this if i'm pregnant|i was pregnant last year|i have a long drive tomorrow|i might be pregnant",
    "skin": "i used to have eczema",
    "clot": "my leg feels warm",
}
NONE = """i'm not pregnant|no fever|i don't take blood thinners|i have no fever|neither pregnant nor on blood thinners
my wife is pregnant|my mother had cancer|she had surgery last week|he fell off the ladder|i never had a blood clot
my back is warm|only fourteen|i feel a burn in my leg|i want to lose weight|it's sore|slower|the count is at fifteen"""


def each(texts: str) -> list[str]:
    return [text.strip() for line in texts.splitlines() for text in line.split("|")]


@pytest.fixture(scope="module")
def health() -> HealthFacts:
    return HealthFacts(load().pack)


def test_every_fact_belongs_to_a_question(health: HealthFacts) -> None:
    """The words of the language name no question that is not asked."""
    ids = {one.id for one in load().library.screening.questions}

    assert set(TOLD) == ids
    assert set(load().pack.check_answers.facts) | set(load().pack.check_answers.doubtful_facts) == ids


@pytest.mark.parametrize("about", TOLD)
def test_a_fact_is_found_also_where_nobody_asked(about: str, health: HealthFacts) -> None:
    """In a count as in the check."""
    for text in each(TOLD[about]):
        for is_asked in (True, False):
            found = health.find(text, is_asked=is_asked)
            assert found is not None, text
            assert (found.about, found.is_doubtful) == (about, False), text


@pytest.mark.parametrize("about", DOUBTFUL)
def test_what_is_asked_supposed_or_long_ago_is_doubtful(about: str, health: HealthFacts) -> None:
    """So is what may be harmless."""
    for text in each(DOUBTFUL[about]):
        found = health.find(text, is_asked=True)
        assert found is not None, text
        assert (found.about, found.is_doubtful) == (about, True), text


def test_what_is_denied_or_about_somebody_else_is_none(health: HealthFacts) -> None:
    """Nor are words that only sound like one."""
    assert [text for text in each(NONE) if health.find(text, is_asked=False)] == []


def test_a_bare_word_counts_only_where_it_was_asked_about(health: HealthFacts) -> None:
    """A television says "fever" too."""
    for text in ("a fever", "yes, pregnant", "blood thinners"):
        assert health.find(text, is_asked=True) is not None
        assert health.find(text, is_asked=False) is None
