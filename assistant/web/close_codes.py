"""The codes with which a page's socket is closed. Pages know them too (page/live.js, page/pair.js)."""

from __future__ import annotations

NO_PAGE = 1003  # RFC 6455, 7.4.1, "unsupported data": no page of ours sends that
NOT_OURS = TOO_MANY = 1008  # the same, "policy violation": a foreign page; more messages than a person can send
COME_AGAIN = 1013  # the registry of RFC 6455, "try again later"
UNPAIRED, CODE_SPENT, NO_ROOM = 4001, 4002, 4003  # our own: RFC 6455 leaves us 4000 to 4999
