"""Every error says what is wrong, where, and what to do."""

from __future__ import annotations

import inspect

import pytest

from assistant import errors
from assistant.errors import BadFiles, EngineError, Problem, TuinaError

FAMILY = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, TuinaError) and kind not in {TuinaError, BadFiles}
]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TuinaError("the model is missing"), "the model is missing."),
        (TuinaError("it is empty.", where="x.wav"), "x.wav: it is empty."),
        (
            TuinaError("it is empty", where="x.wav:3", remedy="record it again."),
            "x.wav:3: it is empty. Record it again.",
        ),
        (TuinaError("no sound", remedy="run: tuina doctor"), "no sound. Run: tuina doctor."),
    ],
)
def test_the_parts_make_one_line(error, words):
    """Place, what, remedy; each sentence ends once."""
    assert str(error) == words


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_each_is_caught_as_one_of_ours(kind):
    """Whoever shows errors needs to know one name."""
    with pytest.raises(TuinaError) as caught:
        raise kind("what", where="where", remedy="remedy")

    assert (caught.value.what, caught.value.where, caught.value.remedy) == ("what", "where", "remedy")


def test_an_error_keeps_its_parts_and_its_message():
    """Also for whoever prints `args`."""
    error = EngineError("no model", where="models/", remedy="get one")

    assert error.args == ("no model",)


def test_problems_of_files_are_told_together_in_order():
    """One line each, as `path:line: what. remedy.`; a line of 0 means the whole file."""
    problems = [
        Problem(path="b.yaml", line=2, what="two.", remedy="Mend two."),
        Problem(path="a.yaml", line=9, what="nine", remedy="Mend nine"),
        Problem(path="a.yaml", line=0, what="all", remedy="Mend all"),
    ]

    error = BadFiles(problems)

    assert str(error).splitlines() == [
        "a.yaml: all. Mend all.",
        "a.yaml:9: nine. Mend nine.",
        "b.yaml:2: two. Mend two.",
    ]
    assert error.what == "3 problems in the files"
    assert BadFiles(problems[:1]).what == "1 problem in the files"
