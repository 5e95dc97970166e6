"""A scene that was starved is played again, three times at most; one that had time enough has failed at once."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from tests.card import conftest as card_conftest
from tests.rigs import starvation

CALM = [starvation.Lateness(1.0, 2.0)] * 20
BUSY = [*CALM, *[starvation.Lateness(2 * starvation.STARVED_MS, 40.0)] * starvation.SECONDS]


class Played:
    """A scene that does one thing after the other: what it raises, and how it was meanwhile."""

    def __init__(self, *tries):
        self.tries, self.begun, self.cleared = tries, 0, 0

    def scene(self):
        self.begun += 1
        if (error := self.tries[self.begun - 1][0]) is not None:
            raise error

    def seconds(self):
        return self.tries[self.begun - 1][1]

    def clear(self):
        self.cleared += 1

    def play(self):
        starvation.play(self.scene, self.seconds, self.clear)


def test_a_scene_that_was_starved_twice_passes_at_the_third_try(capsys):
    """Each try begins anew, and the two that were starved are told with their figures."""
    played = Played((AssertionError("late"), BUSY), (OSError("gone"), BUSY), (None, BUSY))

    played.play()

    assert (played.begun, played.cleared) == (3, 2)
    told = capsys.readouterr().out
    assert "try 1 of 3 starved: " in told
    assert "try 2 of 3 starved: " in told
    assert "OSError: gone" in told


@pytest.mark.parametrize("seconds", [CALM, []])
def test_a_scene_that_fails_with_time_enough_is_not_played_again(seconds):
    """Its own error is what is told."""
    played = Played((ValueError("heard itself"), seconds))

    with pytest.raises(ValueError, match="heard itself"):
        played.play()

    assert played.begun == 1


def test_a_scene_that_fails_with_time_enough_after_one_that_was_starved_has_failed():
    """That it was starved before excuses nothing."""
    played = Played((AssertionError("late"), BUSY), (ValueError("heard itself"), CALM))

    with pytest.raises(ValueError, match="heard itself"):
        played.play()

    assert played.begun == 2


def test_a_scene_that_was_starved_three_times_says_so():
    """It is named as that, with the figures of each try and the last error as its cause."""
    last = AssertionError("the last")
    played = Played(*[(AssertionError("late"), BUSY)] * 2, (last, BUSY))

    with pytest.raises(starvation.Starved) as told:
        played.play()

    assert str(told.value).count("starved: ") == 3
    assert told.value.__cause__ is last
    assert played.cleared == 3


def test_a_scene_that_passes_is_played_once_however_it_was():
    """Starvation by itself is no failure."""
    played = Played((None, BUSY))

    played.play()

    assert (played.begun, played.cleared) == (1, 0)


def test_one_busy_second_is_not_starvation_but_some_in_a_row_are():
    """A machine is busy for a moment when models load."""
    moment = [*CALM, starvation.Lateness(1.9 * starvation.STARVED_MS, 300.0), *CALM]

    assert starvation.starved(moment) == ""
    assert "40 ms" in starvation.starved(BUSY)


def test_time_that_was_lost_is_measured(tmp_path):
    """The watching program is stopped for half a second, as if it had not been its turn."""
    vigil = starvation.Vigil(tmp_path / "lateness.txt")
    vigil.begin()
    try:
        until_s = time.monotonic() + 60.0
        while not vigil.seconds and time.monotonic() < until_s:
            time.sleep(0.05)
        os.kill(vigil._process.pid, signal.SIGSTOP)
        time.sleep(0.5)
        os.kill(vigil._process.pid, signal.SIGCONT)
        seen = len(vigil.seconds)
        while len(vigil.seconds) < seen + 2 and time.monotonic() < until_s:
            time.sleep(0.05)
    finally:
        vigil.end()

    assert max(each.longest_ms for each in vigil.seconds) >= 480
    assert max(each.lost_ms for each in vigil.seconds) >= 200


class FakeCards:
    """Cards that know how starved the machine was, one after the other."""

    def __init__(self, *seconds):
        self.left, self.folders, self.ended = list(seconds), [], []

    @contextmanager
    def virtual_card(self, folder):
        self.folders.append(folder)
        yield SimpleNamespace(vigil=SimpleNamespace(seconds=self.left.pop(0)))
        self.ended.append(folder)


@pytest.fixture
def staged(tmp_path):
    """Play a test as pytest does, on a stage with these cards."""

    def play(cards, scene):
        stage = card_conftest.Stage(SimpleNamespace(card=cards, starvation=starvation), tmp_path)
        item = SimpleNamespace(funcargs={"stage": stage}, obj=scene)
        around = card_conftest.pytest_pyfunc_call(item)
        next(around)
        item.obj(stage=stage)

    return play


def test_each_try_has_cards_of_its_own(staged):
    """Those of the try before have ended, with all that was begun on them, when the next one begins."""
    cards, closed = FakeCards(BUSY, BUSY, CALM), []

    def scene(stage):
        stage.card()
        stage.closes(lambda: closed.append(len(cards.folders)))
        assert len(cards.ended) == len(closed) == len(cards.folders) - 1
        assert len(cards.folders) == 3

    staged(cards, scene)

    assert len(set(cards.folders)) == 3


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_what_was_starved_each_time_is_skipped_and_in_continuous_integration_it_fails(staged, monkeypatch, ci, outcome):
    """Either says that it was starved; it never passes."""
    monkeypatch.setenv("CI", ci)

    def scene(stage):
        stage.card()
        raise AssertionError("late")

    with pytest.raises(outcome, match="starved: ") as told:
        staged(FakeCards(BUSY, BUSY, BUSY), scene)

    assert type(told.value) is outcome


def test_a_failure_with_time_enough_passes_through_the_stage(staged):
    """It is the test's own error, after one try."""
    cards = FakeCards(CALM, CALM)

    def scene(stage):
        stage.card()
        raise ValueError("heard itself")

    with pytest.raises(ValueError, match="heard itself"):
        staged(cards, scene)

    assert len(cards.folders) == 1
