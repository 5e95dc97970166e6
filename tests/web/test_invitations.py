"""Pairing codes: good once, and for ten minutes; and how many connections the network's side takes."""

from __future__ import annotations

import socket

import pytest

from assistant.errors import TuinaError
from assistant.web import invitations as module
from assistant.web import lan_socket
from assistant.web.bucket import Bucket
from assistant.web.invitations import Invitations
from assistant.web.lan_socket import Connections, own_addresses


@pytest.fixture
def now_s(monkeypatch):
    """The time, moved by hand."""
    moved = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: moved[0])
    return moved


def test_a_code_lets_one_device_in(now_s):
    """Then it is spent; typed by hand it may have spaces and small letters."""
    codes = Invitations()
    first, second = codes.invite(), codes.invite()

    assert first != second
    assert len(first) == 14
    assert [codes.redeem(first), codes.redeem(first)] == [True, False]
    assert codes.redeem(f" {second.lower().replace('-', ' ')} ")
    assert not codes.redeem("")


@pytest.mark.parametrize(("later_s", "is_good"), [(599.0, True), (600.0, False)])
def test_a_code_ends_after_ten_minutes(now_s, later_s, is_good):
    """A photograph that is found later is worth nothing."""
    codes = Invitations()
    code = codes.invite()
    now_s[0] += later_s

    assert codes.redeem(code) is is_good


def test_a_new_code_ends_the_oldest_of_four(now_s):
    """Nobody fills the memory with codes."""
    codes = Invitations()
    made = [codes.invite() for _ in range(5)]

    assert [codes.redeem(one) for one in made] == [False, True, True, True, True]


@pytest.mark.parametrize("code", ["ABCD-EFGH-JKM", "ABCD-EFGH-JKMNP", "é", "\ud800", "ABCD-EFGH-JKM\u00b2"])
def test_what_is_no_code_is_refused(now_s, code):
    """Its letters do not matter."""
    codes = Invitations()
    codes.invite()

    assert not codes.redeem(code)


def test_a_bucket_is_empty_after_so_many_and_fills_again():
    """So many at once, then so many a second."""
    bucket = Bucket(3, 2, 0.0)

    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(1.0) for _ in range(3)] == [True, True, False]
    assert (bucket.is_full(1.4), bucket.is_full(2.5)) == (False, True)


def test_one_address_cannot_take_the_places_of_all(now_s):
    """It gets 24 at once; the others get the rest of 64; what is closed makes room."""
    connections = Connections()
    sockets = [socket.socket() for _ in range(80)]
    came = [connections.may_come(("10.0.0.1", n), one) for n, one in enumerate(sockets[:30])]
    now_s[0] += 60
    others = [connections.may_come((f"10.0.0.{n}", n), one) for n, one in enumerate(sockets[30:], start=100)]
    sockets[0].close()
    now_s[0] += 60
    again = [connections.may_come(("10.0.0.1", port), sockets[-1]) for port in (998, 999)]
    for one in sockets:
        one.close()

    assert came == [True] * 24 + [False] * 6
    assert others == [True] * 40 + [False] * 10
    assert again == [True, False]


def test_the_pace_of_many_addresses_is_forgotten_when_it_is_full(now_s, monkeypatch):
    """A flood from everywhere takes no more memory than a thousand addresses."""
    monkeypatch.setattr(lan_socket, "MOST_ADDRESSES", 10)
    connections = Connections()
    with socket.socket() as one:
        for n in range(50):
            now_s[0] += 60
            connections.may_come((f"10.0.0.{n}", 1), one)
    assert len(connections._buckets) <= 10


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("0.0.0.0", "no machine's address"),
        ("224.0.0.1", "no machine's address"),
        ("8.8.8.8", "the whole internet"),
        ("home", "no IPv4 address"),
        ("::1", "no IPv4 address"),
    ],
)
def test_an_address_that_must_not_be_listened_on_is_refused(address, reason):
    """Every address, the internet's, and what is none."""
    with pytest.raises(TuinaError, match=reason):
        own_addresses([address])


def test_the_chosen_addresses_are_taken_once_each():
    """Of a home, of a private overlay network, and this machine's own."""
    chosen = ["192.168.1.20", "100.64.0.7", "127.0.0.1", "192.168.1.20"]

    assert own_addresses(chosen) == ("192.168.1.20", "100.64.0.7", "127.0.0.1")


def test_without_a_network_it_says_what_to_do(monkeypatch):
    """The routing table knows no way out."""

    def unreachable(*_):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(lan_socket.socket.socket, "connect", unreachable)
    with pytest.raises(TuinaError, match="--address"):
        own_addresses(())
