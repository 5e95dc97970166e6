import ctypes
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import EngineError, VoiceError
from assistant.messages import AudioBlock, Clip, Heard, Intent, Phrase
from assistant.wire.child import BATCH, ChildRecogniser, ChildVoice
from assistant.wire.child_process import Child

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")


class Unpicklable:
    """Breaks on arrival."""

    def __reduce__(self):
        return (int, ("not a number",))


class Odd:
    """Everything that an object in a child may do wrong."""

    def __init__(self, mood="fine"):
        self.calls = 0
        if mood == "refuses":
            raise EngineError("no model", where="here", remedy="fetch it")
        if mood == "breaks":
            raise RuntimeError("what a surprise")
        if mood == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if mood == "hangs":
            time.sleep(60)

    def echo(self, value, *, twice=False):
        self.calls += 1
        return [value, value] if twice else value

    def count(self):
        return self.calls

    def refuse(self):
        raise EngineError("not that", where="there", remedy="something else")

    def break_(self):
        return 1 / 0

    def hang(self):
        time.sleep(60)

    def leave(self):
        os._exit(3)

    def abort(self):
        os.abort()

    def crash(self):
        ctypes.string_at(0)

    def lock(self):
        return __import__("threading").Lock()

    def garbage(self):
        return Unpicklable()

    def chatter(self):
        os.write(1, b"LOG out\n")
        os.write(2, b"LOG err\n")
        sys.stdout.write("print\n")

    def core_limit(self):
        import resource

        return resource.getrlimit(resource.RLIMIT_CORE)


@pytest.fixture(scope="module")
def shared():
    """One child for the tests; started again by those that break it."""
    child = Child(Odd, name="the odd engine", start_s=30)
    child.start()
    yield child
    child.close()


@pytest.fixture
def child(shared):
    if not shared.is_alive:
        shared.restart()
    return shared


def test_a_call_gives_what_the_method_gives(child):
    """Arguments go there, the answer comes back, the object keeps its state."""
    before = child.call("count", timeout_s=30)

    assert child.call("echo", {"a": [1, "ü"]}, timeout_s=30) == {"a": [1, "ü"]}
    assert child.call("echo", 7, timeout_s=30, twice=True) == [7, 7]
    assert child.call("count", timeout_s=30) == before + 2


def test_sound_survives_the_way(child):
    """Clips go both ways, sample for sample."""
    pcm = np.random.default_rng(1).integers(-32_768, 32_768, 240_000).astype(np.int16)

    clip = child.call("echo", Clip(pcm=pcm, rate_hz=24_000), timeout_s=30)

    assert np.array_equal(clip.pcm, pcm)
    assert clip.rate_hz == 24_000


def test_an_error_of_our_family_comes_through_whole_and_the_child_lives(child):
    """What, where and remedy arrive as they were raised."""
    pid = child.pid

    with pytest.raises(EngineError) as told:
        child.call("refuse", timeout_s=30)

    assert (told.value.what, told.value.where, told.value.remedy) == ("not that", "there", "something else")
    assert (child.is_alive, child.pid) == (True, pid)


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("break_", r"a fault in 'break_' \(ZeroDivisionError"),
        ("no_such_method", "AttributeError"),
        ("lock", "cannot be sent"),
        ("garbage", "cannot be read"),
        ("leave", "it ended with code 3"),
        pytest.param("abort", "it was ended by SIGABRT", marks=posix),
        pytest.param("crash", "it was ended by SIGSEGV", marks=posix),
    ],
)
def test_every_kind_of_failure_is_a_clear_error_and_the_next_child_works(child, method, said):
    """A fault, an unreadable answer or a death is told with the engine's name; after a restart it goes on."""
    with pytest.raises(EngineError, match=f"the odd engine: .*{said}"):
        child.call(method, timeout_s=30)

    assert not child.is_alive
    child.restart()
    assert child.call("echo", 1, timeout_s=30) == 1


def test_a_hang_costs_its_deadline_and_the_process_is_gone(child):
    """A call that takes too long is given up and the process killed."""
    pid = child.pid

    with pytest.raises(EngineError, match=r"no answer to 'hang' in 0\.2 s"):
        child.call("hang", timeout_s=0.2)

    assert not is_running(pid)


def test_a_child_killed_between_calls_is_noticed(child):
    """A new child never takes the place of a dead one unasked: it would not know what the old one had learned."""
    os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(EngineError, match="SIGKILL"):
        child.call("echo", 1, timeout_s=30)
    with pytest.raises(EngineError, match="not running"):
        child.call("echo", 1, timeout_s=30)


def test_restarts_are_counted(child):
    """Each restart counts one."""
    before = child.restarts

    child.restart()

    assert child.restarts == before + 1


@pytest.mark.parametrize(
    ("mood", "said"), [("refuses", "here: no model"), ("breaks", "what a surprise"), ("dies", "SIGKILL")]
)
def test_an_object_that_cannot_be_made_is_told(mood, said):
    """What the factory raises, or its death, comes out of start."""
    child = Child(Odd, mood, name="the odd engine", start_s=30)

    with pytest.raises(EngineError, match=said):
        child.start()

    assert child.pid is None


def test_an_object_that_never_gets_ready_is_given_up():
    """A factory that hangs costs the start deadline; the error is of the caller's kind."""
    child = Child(Odd, "hangs", name="the voice", error=VoiceError, start_s=0.1)

    with pytest.raises(VoiceError, match="no answer to 'starting'"):
        child.start()


def test_native_chatter_stays_off_the_terminal(child, capfd):
    """Nothing that the child writes reaches our output."""
    child.restart()  # a child has the output of the moment in which it was born
    child.call("chatter", timeout_s=30)

    assert capfd.readouterr() == ("", "")


@posix
def test_a_child_leaves_no_core_file(child):
    """Core dumps hold sound; they are switched off."""
    assert child.call("core_limit", timeout_s=30) == (0, 0)


@posix
def test_ctrl_c_does_not_end_the_child(child):
    """The person's Ctrl-C is ours to handle."""
    os.kill(child.pid, signal.SIGINT)

    assert child.call("echo", 1, timeout_s=30) == 1


def test_close_ends_the_process():
    """After close there is no process; a second close does nothing."""
    child = Child(Odd, name="the odd engine")
    child.start()
    pid = child.pid

    child.close()
    child.close()

    assert not is_running(pid)


@posix
@pytest.mark.parametrize("is_busy", [False, True])
def test_a_child_does_not_outlive_a_parent_that_was_killed(tmp_path, is_busy):
    """After kill -9 of the parent the child is gone, even if it hangs in a call."""
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(f"""
        import sys, threading, time
        sys.path.insert(0, {str(ROOT)!r})
        from assistant.wire.child_process import Child
        if __name__ == "__main__":
            child = Child(time.sleep, 0, name="x") if not {is_busy} else Child(time.sleep, 600, name="x", start_s=600)
            threading.Thread(target=child.start, daemon=True).start()
            while child.pid is None:
                time.sleep(0.01)
            print(child.pid, flush=True)
            time.sleep(600)
        """)
    )
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())

    time.sleep(1.0 if is_busy else 0.0)  # into the call
    parent.kill()
    parent.wait()
    parent.stdout.close()

    assert gone(pid)


def is_running(pid):
    """The process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid):
    """Wait, generously, for a process to end."""
    for _ in range(600):
        if not is_running(pid):
            return True
        time.sleep(0.05)
    return False


# --- a recogniser in a child -----------------------------------------------------------------------------------------


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
    """What the engine hears arrives, once for each block."""
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


# --- a voice in a child ----------------------------------------------------------------------------------------------


class Singer:
    """A voice that hangs, dies or gives rubbish when told to."""

    name = "singer"
    version = "7"

    def __init__(self, memory):
        self.memory = Path(memory)

    def synthesise(self, text, *, speed=1.0):
        if text == "refuse":
            raise VoiceError("not that")
        if text == "rubbish":
            return 7
        if text == "die" or (text == "die once" and not self.memory.exists()):
            self.memory.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if text == "hang":
            time.sleep(60)
        return Clip(pcm=np.full(int(100 / speed), 5, np.int16), rate_hz=24_000)


@pytest.fixture
def voice(tmp_path):
    voice = ChildVoice(Singer, str(tmp_path / "memory"))
    yield voice
    voice.close()


def test_a_voice_in_a_child_gives_clips(voice):
    """Text and speed go there, sound comes back."""
    assert len(voice.synthesise("hello", speed=2.0).pcm) == 50
    assert (voice.name, voice.version) == ("singer", "7")


@posix
def test_a_voice_that_dies_once_is_tried_again(voice):
    """The sentence is spoken by the next child; the failure is kept."""
    assert len(voice.synthesise("die once").pcm) == 100
    assert len(voice.failures) == 1


@posix
def test_a_voice_that_dies_twice_is_told_and_the_next_sentence_works(voice):
    """Two deaths of one sentence are a VoiceError."""
    with pytest.raises(VoiceError, match="the voice: .*SIGKILL"):
        voice.synthesise("die")

    assert len(voice.synthesise("hello").pcm) == 100


def test_a_voice_that_hangs_is_given_up(voice):
    """Twice the deadline of 2 s + 0.15 s a character, then a VoiceError."""
    with pytest.raises(VoiceError, match=r"no answer to 'synthesise' in 2\.6 s"):
        voice.synthesise("hang")


@pytest.mark.parametrize(("text", "said"), [("refuse", "not that"), ("rubbish", "gave no sound")])
def test_a_voice_that_refuses_is_not_asked_twice(voice, text, said):
    """Its own refusal comes through, and it lives on."""
    with pytest.raises(VoiceError, match=said):
        voice.synthesise(text)

    assert voice.failures == []
