"""A process for what may crash or hang: every failure is an error of ours, and nothing is left behind."""

from __future__ import annotations

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
from assistant.messages import Clip
from assistant.wire.processes.child_process import Child

ROOT = Path(__file__).parents[3]
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
    """The error's what, where and remedy arrive as they were raised."""
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


@pytest.mark.parametrize(
    ("mood", "said"), [("refuses", "here: no model"), ("breaks", "what a surprise"), ("dies", "SIGKILL")]
)
def test_an_object_that_cannot_be_made_is_told(mood, said):
    """An error of the factory, or its death, is raised by start."""
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
        from assistant.wire.processes.child_process import Child
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
