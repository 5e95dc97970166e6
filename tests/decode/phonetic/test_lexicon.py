from __future__ import annotations

from pathlib import Path

import pytest

from assistant.decode.phonetic import dictionary
from assistant.decode.phonetic.lexicon import IPA, Lexicon
from assistant.decode.phonetic.phone_loop import Tables
from assistant.decode.phonetic.posteriors import Posteriors
from assistant.store.library.catalogue import Catalogue
from assistant.store.settings import Folders, Settings
from assistant.wire import build


@pytest.fixture(scope="module")
def loaded() -> Catalogue:
    nowhere = Path("nowhere")
    return build.load_files(Settings(engine="phonetic"), Folders(config=nowhere, data=nowhere, cache=nowhere))


def spelled(lexicon: Lexicon, posteriors: Posteriors, word: str) -> list[str]:
    return [" ".join(posteriors.tokens[p] for p in sounds) for sounds in lexicon.pronunciations(word)]


def test_every_word_has_both_pronunciations(lexicon: Lexicon, posteriors: Posteriors) -> None:
    """The dictionary's "yes" and the model's own are both there; with the first alone it can never match."""
    assert {"j ɛ s", "ɟ ͡ ʝ e s"} <= set(spelled(lexicon, posteriors, "yes"))


def test_shipped_words_have_both_pronunciations(
    lexicon: Lexicon, posteriors: Posteriors, tables: Tables, loaded: Catalogue
) -> None:
    """Every word of every shipped phrase is said as cmudict has it and as hama spells it."""
    words = {word for phrase in loaded.phrases for word in phrase.text.split()}
    said_by_cmu = dictionary.pronunciations(words)

    lexicon.learn(words)

    for word in words:
        said = set(spelled(lexicon, posteriors, word))
        assert tables.spelled[word] in said
        for arpa in said_by_cmu.get(word, []):
            assert " ".join(IPA[phone] for phone in arpa) in said


def test_numbers_to_a_hundred_can_be_said(lexicon: Lexicon, loaded: Catalogue) -> None:
    """Each number from zero to a hundred has a pronunciation for each of its words, and no two sound the same."""
    numbers = loaded.pack.numbers
    said = {n: tuple(lexicon.pronunciations(word) for word in numbers[n].split()) for n in range(101)}

    assert all(all(words) for words in said.values())
    assert len(set(said.values())) == 101


def test_a_word_outside_every_table_is_asked_for(posteriors: Posteriors, tables: Tables) -> None:
    """A made-up name in somebody's routine still gets a pronunciation."""
    lexicon = Lexicon(posteriors.tokens, tables.spelled)

    assert "zorbling" not in tables.spelled
    assert lexicon.pronunciations("zorbling")


def test_the_table_says_what_the_model_says(posteriors: Posteriors, tables: Tables) -> None:
    """The shipped table is what hama itself answers: it saves time and changes nothing."""
    words = ["stop", "kidney", "again", "pressure"]
    asked = Lexicon(posteriors.tokens, {})
    looked_up = Lexicon(posteriors.tokens, tables.spelled)

    assert [asked.pronunciations(word) for word in words] == [looked_up.pronunciations(word) for word in words]


def test_recorded_variants_are_there(lexicon: Lexicon, posteriors: Posteriors) -> None:
    """Pronunciations from recordings are added to those of the dictionaries."""
    assert "s l eɪ ɝ" in spelled(lexicon, posteriors, "slower")


def test_a_recorded_variant_may_cost(lexicon: Lexicon, posteriors: Posteriors) -> None:
    """A pronunciation near another command costs something; those of the dictionaries are free."""
    costs = {sounds: lexicon.cost("yeah", sounds) for sounds in lexicon.pronunciations("yeah")}
    heard = tuple(posteriors.tokens.index(token) for token in ("j", "oʊ"))

    assert costs[heard] > 0
    assert {cost for sounds, cost in costs.items() if sounds != heard} == {0.0}


def test_own_pronunciation_is_free(posteriors: Posteriors, tables: Tables) -> None:
    """A person's own pronunciation costs that person nothing."""
    lexicon = Lexicon(posteriors.tokens, tables.spelled, {"yeah": ["j oʊ"]})

    assert {lexicon.cost("yeah", sounds) for sounds in lexicon.pronunciations("yeah")} == {0.0}


@pytest.mark.parametrize("word", ["日本", "12", "", "'"])
def test_what_cannot_be_said_has_no_pronunciation(lexicon: Lexicon, word: str) -> None:
    """Digits and foreign scripts have no pronunciation instead of a wrong one."""
    assert lexicon.pronunciations(word) == ()


def test_accents_are_ignored(lexicon: Lexicon) -> None:
    """A word with an accent sounds like the word without it."""
    assert lexicon.pronunciations("café") == lexicon.pronunciations("cafe")
