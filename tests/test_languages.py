"""Every folder of grammars/ is a whole language: valid files, words for everything, and the same replies as English."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.speak.wording import placeholders
from assistant.store.library import load
from assistant.terminal.check.files import check_all

LANGUAGES = sorted(path.name for path in (Path(__file__).parents[1] / "grammars").iterdir() if path.is_dir())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_languages_files_are_valid_and_fit_each_other(language, tmp_path):
    """Nothing is found by `tuina check --language`."""
    assert [str(problem) for problem in check_all(language=language, user_folder=tmp_path).problems] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_all_that_english_says(language):
    """Each reply of the code has its sentence, and the sentence has the same values to name."""
    ours, english = load(language).pack.replies, load("en").pack.replies

    assert ours.keys() == english.keys()
    assert {key for key, text in ours.items() if placeholders(text) != placeholders(english[key])} == set()
