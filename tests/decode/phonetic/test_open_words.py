"""Open decoding: the best words of a tiny model by brute force, real speech, and the shipped data."""

from __future__ import annotations

import itertools
import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from assistant.decode.phonetic import word_table
from assistant.decode.phonetic.lexicon import Lexicon, Sounds
from assistant.decode.phonetic.open_words import OpenWords
from assistant.decode.phonetic.posteriors import Frames, Posteriors
from assistant.decode.phonetic.sentences import Sentences
from assistant.decode.phonetic.word_table import WordTable, read_word_table
from assistant.errors import EngineError
from assistant.wire.build import LoadedFiles

RECIPE = Path(__file__).parents[3] / "scripts" / "open_words.py"
QUIET = 3  # of the tiny model with the phones 0, 1, 2
SOUNDS: dict[str, tuple[Sounds, ...]] = {"a": ((0, 1), (0, 2, 0, 1)), "b": ((2,),), "c": ((0, 2, 1),)}
SCALE = 0.85


@pytest.fixture(scope="module")
def recipe() -> SimpleNamespace:
    """The script that makes the table."""
    return SimpleNamespace(**runpy.run_path(str(RECIPE)))


def tiny() -> WordTable:
    """Three words, of which "b" was seen behind "a" and before the end, and "c" at the beginning."""
    return WordTable(
        words=("", "a", "b", "c"),
        sounds=((1, (0, 1)), (1, (0, 2, 0, 1)), (2, (2,)), (3, (0, 2, 1))),
        cost=np.array([1.5, 1.0, 3.0, 4.0], np.float32),
        backoff=np.array([0.5, 0.4, 0.6, 0.0], np.float32),
        begin=np.array([0, 1, 2, 3, 3]),
        follower=np.array([3, 2, 0]),
        follower_cost=np.array([0.7, 0.2, 0.3], np.float32),
    )


def cost(table: WordTable, words: tuple[str, ...]) -> float:
    """Return what the language model takes for a whole sentence."""
    numbers = [0, *(table.words.index(word) for word in words), 0]
    return SCALE * sum(table.follow(*pair) for pair in itertools.pairwise(numbers))


@pytest.mark.parametrize("seed", range(8))
def test_the_words_are_the_best_of_all_sequences(seed: int) -> None:
    """The search finds the sentence that scoring every sequence of up to four words finds, less what the words cost."""
    x = np.log(np.random.default_rng(seed).dirichlet(np.full(QUIET + 1, 0.3), 8)).astype(np.float32)
    spoken = [words for n in range(1, 5) for words in itertools.product(SOUNDS, repeat=n)]
    texts = [" ".join(words) for words in spoken]
    scores = Sentences(texts, SOUNDS.__getitem__, blank=QUIET, edge=QUIET).scores(x)
    table = tiny()
    totals = scores - np.array([cost(table, words) for words in spoken])
    silence = float(x[:, QUIET].sum()) - SCALE * table.follow(0, 0)

    found = OpenWords(table, quiet=QUIET, scale=SCALE).read(x)

    best = texts[int(totals.argmax())] if totals.max() > silence else ""
    assert found.text == best


def test_no_frames_and_silence_hold_no_words() -> None:
    """Nothing was said, and nothing is below the unconstrained score."""
    words = OpenWords(tiny(), quiet=QUIET)
    silence = np.tile(np.log(np.array([0.01, 0.01, 0.01, 0.97], np.float32)), (20, 1))

    for frames in (silence[:0], silence):
        found = words.read(frames)
        assert (found.text, found.misfit, found.ends) == ("", 0.0, ())


@pytest.fixture(scope="module")
def shipped(posteriors: Posteriors) -> OpenWords:
    return OpenWords(read_word_table(posteriors.tokens), quiet=posteriors.edge)


def spoken(*parts: tuple[int, int], frames: int) -> Frames:
    """Frames of a model that is sure of a phone at each (frame, column), and of quiet everywhere else."""
    x = np.full((frames, max(column for _, column in parts) + 2), -12.0, np.float32)
    x[:, -1] = 0.0
    for frame, column in parts:
        x[frame] = -12.0
        x[frame, column] = 0.0
    return x


def test_frames_left_out_in_quiet_do_not_move_the_words() -> None:
    """A word after a second of quiet ends in the frame of its last phone."""
    found = OpenWords(tiny(), quiet=QUIET).read(spoken((50, 0), (52, 1), frames=80)[:, [0, 1, 1, -1]])

    assert found.text == "a"
    assert found.ends == (52,)


CLIPS = Path(__file__).parents[2] / "data" / "speech"


@pytest.mark.parametrize("text", ["stop", "go back", "how many left", "slower"])
def test_spoken_words_are_written(text: str, shipped: OpenWords, posteriors: Posteriors) -> None:
    """A command that a voice says is read without any list of commands."""
    rows = map(json.loads, (CLIPS / "manifest.jsonl").read_text(encoding="utf-8").splitlines())
    files = [row["file"] for row in rows if row["text"] == text]
    read = [shipped.read(posteriors(soundfile.read(CLIPS / file, dtype="int16")[0])) for file in files]

    assert any(found.text == text and found.misfit < 1 for found in read)


def test_the_shipped_table_is_made_of_the_texts(recipe: SimpleNamespace) -> None:
    """The wordings and commands are those that were counted; otherwise: python scripts/open_words.py."""
    with np.load(Path(word_table.__file__).with_name(word_table.FILE), allow_pickle=False) as held:
        digest = held["digest"].tobytes()

    assert digest == recipe.digest(recipe.texts())


def test_every_word_of_safety_is_held(recipe: SimpleNamespace, shipped: OpenWords, loaded: LoadedFiles) -> None:
    """The ear can write all that the interpreter looks for; but for ends of words that stand alone ("'s")."""
    wanted = {word for text in recipe.cries(loaded.pack.safety) for word in text.split()}

    assert {word for word in wanted if not word.startswith("'")} <= set(shipped.table.words)


def test_every_word_sounds_as_the_lexicon_says(shipped: OpenWords, lexicon: Lexicon) -> None:
    """The pronunciations in the file are those that the ear would look up: a draw of 50 words."""
    table = shipped.table
    numbers = np.random.default_rng(3).choice(len(table.words) - 1, 50, replace=False) + 1

    for number in numbers:
        held = {phones for word, phones in table.sounds if word == number}
        assert held == set(lexicon.usual(table.words[number])), table.words[number]


def test_what_follows_a_word_is_a_probability(shipped: OpenWords) -> None:
    """Behind "stop" all words and the end together have the probability 1, as far as sixteen bits tell."""
    table = shipped.table
    stop = table.words.index("stop")

    total = sum(np.exp(-table.follow(stop, after)) for after in range(len(table.words)))

    assert total == pytest.approx(1, abs=0.02)


def test_counts_become_costs(recipe: SimpleNamespace) -> None:
    """A pair that the texts have costs less than one that they never have."""
    counts = recipe.counted([("stop it", 1.0), ("stop now", 1.0), ("go now", 0.5)])
    held = recipe.costs(counts, {"go": 5.0, "it": 4.0, "now": 6.0, "stop": 8.0}, ["", "go", "it", "now", "stop"])

    assert counts.pairs["stop", "it"] == 1.0
    assert counts.single[""] == 2.5
    assert held["followers"].tolist() == [2, 1, 1, 1, 2]
    seen = held["follower_cost"][held["follower"].tolist().index(2)]
    assert seen < held["backoff"][4] + held["cost"][2]


@pytest.mark.parametrize("damaged", [b"", b"PK", b"no file of numpy"])
def test_a_damaged_table_is_told(damaged: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says to install again."""
    tmp_path.joinpath(word_table.FILE).write_bytes(damaged)
    monkeypatch.setattr(word_table.resources, "files", lambda _: tmp_path)

    with pytest.raises(EngineError, match="table of words is damaged"):
        read_word_table(("a", "b"))
