"""A recogniser in a process of its own: it comes back from death knowing what it knew, or is given up."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import pytest

from assistant.errors import EngineError
from assistant.messages import AudioBlock, Heard, Intent, Phrase
from assistant.wire.processes.proxies import BATCH, ChildRecogniser

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")


class Parrot:
    """An engine that hears the value of a block's first sample: 1 is a word, 2 kills it, 3 hangs it, 4 refuses."""

    def __init__(self):
        self.words, self.intents = (), frozenset()

    def learn(self, phrases):
        if any(phrase.text == "boom" for phrase in phrases):
            os.kill(os.getpid(), signal.SIGKILL)
        self.words = tuple(phrase.text for phrase in phrases)

    def expect(self, intents):
        self.intents = intents

    def feed(self, block):
        order = int(block.pcm[0])
        if order == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        if order == 3:
            time.sleep(60)
        if order == 4:
            raise EngineError("a wrong rate")
        if order == 1:
            return (heard(f"{' '.join(self.words)}/{','.join(sorted(self.intents))}", block.at_s),)
        return ()

    def finish(self):
        return (heard("finished", 0.0),)

    def reset(self):
        pass

    def unknown_words(self, phrases):
        return ("xyzzy",)


def heard(text, at_s):
    """A sure result."""
    return Heard(text=text, is_final=True, is_sure=True, score=100.0, at_s=at_s, end_s=at_s)


def block(order=0, at_s=0.0):
    """A block that tells the parrot what to do."""
    return AudioBlock(pcm=np.full(320, order, np.int16), rate_hz=16_000, at_s=at_s)


PHRASES = (Phrase(text="stop", intent=Intent.STOP),)


@pytest.fixture
def ear():
    """A parrot that has learned one word and expects one intent."""
    told = []
    ear = ChildRecogniser(Parrot, name="the parrot", on_failure=told.append)
    ear.learn(PHRASES)
    ear.expect(frozenset({Intent.STOP}))
    ear.told = told
    yield ear
    ear.close()


def say(ear, *orders):
    """Feed a full batch that begins with the orders; the texts heard."""
    orders = orders + (0,) * (-len(orders) % BATCH)
    return [each.text for order in orders for each in ear.feed(block(order))]


def test_blocks_go_in_and_words_come_out(ear):
    """The engine's results arrive, once for each block."""
    assert say(ear, 1, 0, 0, 0, 1, 1) == ["stop/stop"] * 3
    assert ear.unknown_words(PHRASES) == ("xyzzy",)


def test_what_is_open_at_the_end_comes_out(ear):
    """Finish sends the last blocks too."""
    ear.feed(block(1))

    assert [each.text for each in ear.finish()] == ["stop/stop", "finished"]


def test_expect_in_the_middle_keeps_the_order(ear):
    """Blocks fed before count as before; what they gave comes with the next."""
    ear.feed(block(1))
    ear.expect(frozenset({Intent.PAUSE}))

    assert [each.text for each in ear.feed(block(1))] == ["stop/stop", "stop/pause"]


def test_reset_drops_what_was_waiting(ear):
    """Blocks that were not sent yet are forgotten."""
    ear.feed(block(1))
    ear.reset()

    assert say(ear, 0) == []


@posix
def test_after_death_the_engine_knows_everything_again(ear):
    """The utterance is lost, the failure told, the words and intents are learned again."""
    assert say(ear, 2) == []

    assert say(ear, 1) == ["stop/stop"]
    assert len(ear.failures) == 1
    assert "SIGKILL" in ear.failures[0]
    assert ear.told == ear.failures


@posix
def test_death_between_calls_is_recovered_too(ear):
    """A child killed from outside costs one batch."""
    os.kill(ear.pid, signal.SIGKILL)

    assert say(ear, 1) == []
    assert say(ear, 1) == ["stop/stop"]


def test_an_error_of_the_engine_itself_is_raised_and_nothing_restarts(ear):
    """A refusal is the caller's business."""
    with pytest.raises(EngineError, match="a wrong rate"):
        say(ear, 4)

    assert ear.failures == []


@posix
def test_an_engine_that_keeps_dying_is_given_up(ear):
    """Four deaths without a word between them raise."""
    for _ in range(3):
        say(ear, 2)

    with pytest.raises(EngineError, match="4 times in a row"):
        say(ear, 2)


@posix
def test_an_engine_that_dies_of_its_phrases_is_told():
    """Learning that kills is an error, not a loop."""
    ear = ChildRecogniser(Parrot, name="the parrot")

    with pytest.raises(EngineError, match="SIGKILL"):
        ear.learn((Phrase(text="boom", intent=Intent.STOP),))
    ear.close()
