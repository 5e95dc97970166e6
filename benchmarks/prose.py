"""Books in the public domain as sentences to be read aloud. Reads downloaded files; holds no text."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

LONGEST_WORDS = 40
R_STRING, R_MISSING = 9, -1  # of R's serialisation: the type of one string, the length of NA


def books(path: Path) -> list[str]:
    """Return the texts in a file: one, or each book of an R data file."""
    if path.suffix != ".rdb":
        return [path.read_text(encoding="utf-8")]
    data, found = path.read_bytes(), []
    while data:
        stream = zlib.decompressobj()
        raw = stream.decompress(data[4:])  # the first four bytes are the length
        data = stream.unused_data
        found.append("\n".join(_r_strings(raw)))
    return found


def _r_strings(raw: bytes) -> Iterator[str]:
    """Yield the lines of one character vector, as R writes it (XDR, version 3, encoding named in the head)."""
    at = 14
    at += 4 + int.from_bytes(raw[at : at + 4], "big") + 4  # the encoding's name; what follows is a vector of strings
    count = int.from_bytes(raw[at : at + 4], "big")
    at += 4
    for _ in range(count):
        kind, size = raw[at + 3], int.from_bytes(raw[at + 4 : at + 8], "big", signed=True)
        if kind != R_STRING or size == R_MISSING:
            sys.exit("this is no data file of r-cran-janeaustenr")
        yield raw[at + 8 : at + 8 + size].decode("utf-8")
        at += 8 + size


def sentences(text: str) -> Iterator[str]:
    """Yield sentences of at most 40 words without headings and underlines, in order."""
    flowing = re.sub(r"^(CHAPTER|VOLUME|Chapter|\w+ \d+$).*$|^\w+:\d+ |[_*\[\]]|--+", " ", text, flags=re.MULTILINE)
    flowing = re.sub(r"\b(Mrs?|Dr|St)\.", r"\1", " ".join(flowing.split()))
    for one in re.split(r"(?<=[.!?])[\"”’]?\s+", flowing):
        plain = one.strip(' "“”')
        if plain and len(plain.split()) <= LONGEST_WORDS and re.search("[a-zA-Z]", plain):
            yield plain


def direct_speech(text: str) -> Iterator[str]:
    """Yield sentences inside quotation marks; without any, the text after "said" or "saith" and a comma."""
    for quoted in re.findall(r"[\"“]([^\"“”]{2,400})[\"”]|\bsai(?:d|th)[^,.:]{0,40}, ([A-Z][^.!?]{2,200}[.!?])", text):
        yield from sentences(quoted[0] or quoted[1])
