"""Somebody else's grammar from files: what it means, what is refused and where, and what hears it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hassil.intents import Intents
from hassil.recognize import recognize

from assistant.errors import BadFiles, EngineError
from assistant.terminal.bench.grammars import load_grammar

GRAMMARS = Path(__file__).parents[2] / "data" / "grammars"
HOUSE = Path(__file__).parents[3]
COFFEE_BREAK = 2_000  # sentences


@pytest.fixture
def written(tmp_path):
    """A function that writes one grammar file and gives its path."""

    def write(text: str, name: str = "grammar.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        (
            "can i get a large dark roast double shot latte with a little bit of milk and two sugars please",
            {"size": "large", "roast": "dark roast", "shots": "double shot", "beverage": "latte", "milk": "little milk",
             "sweetener": "two sugars"},
        ),
        (
            "two sugars no milk an eight ounce americano",
            {"sweetener": "two sugars", "milk": "no milk", "size": "eight ounce", "beverage": "americano"},
        ),
        (
            "i'd like espresso with honey triple shot cream medium light roast",
            {"beverage": "espresso", "sweetener": "honey", "shots": "triple shot", "milk": "cream", "size": "medium",
             "roast": "light roast"},
        ),
    ],
)  # fmt: skip
def test_order_is_understood_in_any_word_order(text, slots):
    """Every slot is exact, wherever in the sentence it is said."""
    meaning = load_grammar(GRAMMARS / "coffee.yaml").meaning(text)

    assert meaning == ("orderBeverage", slots)


def test_folder_is_one_grammar():
    """The files of a folder are merged: lists and rules of one serve the sentences of another."""
    grammar = load_grammar(GRAMMARS / "home")

    assert grammar.intents == ("LightOn", "LightSet")
    assert grammar.language == "en"
    assert grammar.meaning("switch on the lounge lights") == ("LightOn", {"area": "living_room", "domain": "light"})
    assert grammar.meaning("lights on") == ("LightOn", {"area": "everywhere", "domain": "light"})
    assert grammar.meaning("set kitchen light to thirty five percent") == (
        "LightSet",
        {"area": "kitchen", "brightness": 35},
    )
    assert grammar.meaning("bedroom two") == ("LightSet", {"area": "bedroom", "level": 2})


@pytest.mark.parametrize(
    "text", ["set kitchen light to thirty six percent", "switch on", "lightson", "", "bedroom four"]
)
def test_what_is_not_in_the_grammar_means_nothing(text):
    """Only whole sentences have a meaning."""
    assert load_grammar(GRAMMARS / "home").meaning(text) is None


def test_skip_words_may_stand_anywhere():
    """A skip word changes nothing."""
    grammar = load_grammar(GRAMMARS / "home")

    said = "please turn on please the kitchen light please"
    assert grammar.meaning(said) == grammar.meaning("turn on the kitchen light")
    assert grammar.sentences(COFFEE_BREAK) is None


def test_meanings_are_those_of_hassil(written):
    """Every sentence of a grammar with all features means what hassil itself makes of it."""
    path = written(
        """
language: en
intents:
  Play:
    data:
      - sentences: ["(play|put on) [the] {what}[ now]", "({what};{when};[in the] <room>)"]
        slots: {kind: sound}
  Count:
    data:
      - sentences: ["count (to|up to) {n:to} [by {2..4:step}]", "{n}"]
        lists: {n: {range: {from: 19, to: 23}}}
lists:
  what: {values: [{in: "song[s]", out: song}, radio, "(loud|soft) music"]}
  when: {values: [today, tomorrow]}
expansion_rules: {room: "{where}", where: "(bath|bed)room|hall"}
""".replace("{where}", "<where>")
    )
    grammar = load_grammar(path)
    intents = Intents.from_files([path])
    texts = grammar.sentences(COFFEE_BREAK)

    assert texts is not None
    assert len(texts) > 100
    for text in texts:
        found = recognize(text, intents)
        assert found is not None, text
        assert grammar.meaning(text) == (found.intent.name, {one.name: one.value for one in found.entities_list}), text


WRONG = [
    ("- sentences:\n          - turn on\n          - go {nowhere}", 7, "nowhere"),
    ("- sentences: ['go <home>']", 5, "<home>"),
    ("- sentences: ['go (home']", 5, "not a sentence template"),
    ("- sentences: ['say {x}']\nlists:\n  x:\n    wildcard: true", 7, "wildcard"),
    ("- sentences: [go]\n        requires_context:\n          domain: light", 6, "requires_context"),
    ("- sentences: ['{n}']\nlists:\n  n:\n    range: {from: 3, to: 1}", 8, "range"),
    ("- sentence: [go]", 5, "sentence"),
    ("- sentences: ['<r>']\nexpansion_rules:\n  r: a <r>", 5, "holds itself"),
    ("- sentences: [go]\nlists: 3", 6, "mapping"),
    ("- sentences: 3", 5, "list"),
    ("- sentences: [", 6, "not YAML"),
    ("- sentences: ['{n}']\nlists:\n  n:\n    values: true", 8, "list"),
    ("- sentences: [go to 99999999999999999999]", 5, "no words for the number"),
]


@pytest.mark.parametrize(("text", "line", "what"), WRONG)
def test_what_is_wrong_is_said_with_its_line(written, text, line, what):
    """A sentence that cannot be heard gives a problem with file and line, never a traceback."""
    path = written(f"language: en\nintents:\n  A:\n    data:\n      {text}\n")
    with pytest.raises(BadFiles) as caught:
        load_grammar(path)

    problems = [(problem.line, problem.what) for problem in caught.value.problems]
    assert any(at == line and what in said for at, said in problems), problems


@pytest.mark.parametrize(
    "text",
    [
        "intents:\n  A:\n    data:\n      - sentences: [go]\n",
        "language: en\n",
        "language: ../../en\nintents:\n  A:\n    data:\n      - sentences: [go]\n",
        f"language: {'x' * 5000}\nintents:\n  A:\n    data:\n      - sentences: [go]\n",
    ],
)
def test_language_and_sentences_must_be_there(written, text):
    """A file without one of them is no grammar, and a path is no language."""
    with pytest.raises(BadFiles):
        load_grammar(written(text))


def test_missing_and_empty_folders_are_told(tmp_path):
    """A missing or an empty folder is a problem."""
    for path in (tmp_path, tmp_path / "nothing.yaml"):
        with pytest.raises(BadFiles):
            load_grammar(path)


def test_huge_grammar_is_refused_in_words(written):
    """A grammar that would fill the memory is a problem of its line."""
    parts = ";".join("{x}" for _ in range(8))
    values = ", ".join(f"w{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(600))
    block = f"- sentences: ['({parts})']\n        lists: {{x: {{values: [{values}]}}}}"
    text = f"language: en\nintents:\n  A:\n    data:\n      {block}\n"
    with pytest.raises(BadFiles, match="larger than"):
        load_grammar(written(text))


def test_a_grammar_that_never_ends_is_refused_with_its_line(written):
    """Any of twenty words may be the "a", and each doubles what must be remembered."""
    endless = f"'{'[a|b] ' * 20}a{' (a|b)' * 20}'"
    lines = ("language: en", "intents:", "  A:", "    data:", "      - sentences:", "        - tea")
    path = written("\n".join([*lines, f"        - {endless}"]))

    with pytest.raises(BadFiles, match="takes too long") as caught:
        load_grammar(path)

    (problem,) = caught.value.problems
    assert (problem.line, "fewer optional parts" in problem.remedy) == (7, True)


def test_our_own_folder_is_a_grammar_too():
    """`--grammar grammars/en` hears what a session hears."""
    grammar = load_grammar(HOUSE / "grammars" / "en")

    assert grammar.meaning("go to step five") == ("go_to", {"number": 5})
    assert len(grammar.sentences(100_000) or ()) > 1_000


def test_vosk_is_told_that_the_grammar_is_too_large():
    """Vosk needs every sentence written out."""
    with pytest.raises(EngineError, match="written out"):
        load_grammar(GRAMMARS / "orders.yaml").make_ear("vosk", Path("nowhere"))


def test_other_languages_are_refused_by_the_phonetic_engine(written):
    """The acoustic model knows English only."""
    path = written("language: de\nintents:\n  A:\n    data:\n      - sentences: ['schritt {1..3:n}']\n")
    grammar = load_grammar(path)

    assert grammar.meaning("schritt zwei") == ("A", {"n": 2})
    with pytest.raises(EngineError, match="does not hear 'de'"):
        grammar.make_ear("phonetic")


def test_words_without_sound_are_named(written):
    """A word in another script is refused when the ear is made."""
    grammar = load_grammar(written("language: en\nintents:\n  A:\n    data:\n      - sentences: [open Ω now]\n"))

    with pytest.raises(EngineError, match="ω"):
        grammar.make_ear("phonetic")


def test_reading_a_grammar_leaves_kaldi_alone():
    """Vosk waits for ever when it is loaded after kaldifst: only the phonetic ear loads it."""
    code = (
        "import json, sys; from pathlib import Path; from assistant.terminal.bench.grammars import load_grammar;"
        f"load_grammar(Path({str(GRAMMARS / 'home')!r}));"
        "print(json.dumps([name for name in sys.modules if name in ('kaldifst', 'kaldi_decoder', 'vosk')]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == []
