"""The words that a language uses most, commonest first. Shipped data; scripts/frequent_words.py makes it.

English has 20,000 words; another language has as many as hold 60 of two letters or more, which is what a recogniser
needs as decoys.
"""

from __future__ import annotations

import gzip
import json
import zlib
from importlib import resources

from assistant.errors import EngineError

FILE = "frequent_words.json.gz"
"""An object of languages, by their two or three letters, to their words, joined by spaces."""


def most_frequent(language: str, count: int) -> list[str]:
    """At most `count` words of a language ("en", "pt-br"), commonest first; none where nobody has counted them.

    Takes 10 ms. Raises EngineError where the file is damaged.
    """
    try:
        packed = resources.files(__package__).joinpath(FILE).read_bytes()
        held = json.loads(gzip.decompress(packed))
        return str(held.get(language.lower().partition("-")[0], "")).split()[:count]
    except (OSError, EOFError, ValueError, AttributeError, zlib.error) as error:
        raise EngineError("the list of words is damaged", where=FILE, remedy="Install tuina again") from error
