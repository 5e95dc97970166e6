"""A second door, over a socket: the same conversation gives the same trace as the command line, byte for byte."""

from __future__ import annotations

import socket
from threading import Thread

import assistant
from assistant.wire.trace import open_trace

NO = ("no",) * 6
LINES = (
    *("start the short one", *NO, "next", "where is that point", "ready", "how many left", "slower", "pause", "resume"),
    *("ten more", "that hurts", "yes", "undo that", "what did you hear", "help", "louder", "end session"),
)
TYPED = "".join(f"{line}\n" for line in LINES)


class SocketDoor:
    """Somebody at the other end of a socket types, and is sent what is said."""

    def __init__(self, connection, path, home):
        self.connection, self.path, self.home = connection, path, home

    def on_event(self, event):
        """Only what is said goes through this door."""

    def on_effect(self, at_s, effect, text):
        if text:
            self.connection.sendall(f"{text}\n".encode())

    def serve(self):
        library = assistant.load_library(home=self.home)
        trace = open_trace(self.path, library.library)
        how = {"home": self.home, "observers": (self, trace), "voice": "silent", "hears": False}
        with self.connection, assistant.start_session(library, **how) as session:
            for line in self.connection.makefile(encoding="utf-8"):
                session.wait_until_quiet()
                session.say(line)
            session.wait_until_quiet()
            self.connection.shutdown(socket.SHUT_RDWR)
        trace.close()


def test_a_socket_gives_the_trace_of_the_command_line(tmp_path, in_a_process):
    """A safety check, a technique, a count, pain and goodbye; both start as a first session."""
    here, there = socket.socketpair()
    here.settimeout(120.0)
    serving = Thread(target=SocketDoor(there, tmp_path / "door.jsonl", tmp_path / "door").serve)
    serving.start()
    here.sendall(TYPED.encode())
    here.shutdown(socket.SHUT_WR)
    said = here.makefile(encoding="utf-8").read()
    serving.join()
    here.close()
    words = ("start", "--typed", "--pace", "max", "--voice", "silent", "--trace", tmp_path / "line.jsonl")
    in_a_process(tmp_path, *words, stdin=TYPED)

    assert (tmp_path / "door.jsonl").read_bytes() == (tmp_path / "line.jsonl").read_bytes()
    assert "Goodbye." in said
