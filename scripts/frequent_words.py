"""Makes assistant/decode/frequent_words.json.gz from wordfreq, which the application itself does not need.

Run it again when wordfreq changes:   python scripts/frequent_words.py
The words are wordfreq's and in its order; its data is under CC BY-SA 4.0.
"""

from __future__ import annotations

import gzip
import json
from itertools import accumulate
from pathlib import Path

import wordfreq

from assistant.decode import frequent_words
from assistant.decode.vosk_engine import DECOY_LETTERS, DECOYS

WHOLE = {"en": 20_000}
"""Languages of our own commands, in which `tuina check` looks for a name that can be heard; and how many words."""
SAME = {"bs": "sh", "hr": "sh", "in": "id", "iw": "he", "nn": "nb", "no": "nb", "sr": "sh", "tl": "fil"}
"""Other codes for what wordfreq counts as one language, or nearly one."""
OUT = Path(frequent_words.__file__).with_name(frequent_words.FILE)


def words() -> dict[str, list[str]]:
    """The words of every language that wordfreq counts."""
    counted = {code: _words(code) for code in wordfreq.available_languages()}
    return counted | {code: counted[same] for code, same in SAME.items()}


def _words(language: str) -> list[str]:
    if language in WHOLE:
        return wordfreq.top_n_list(language, WHOLE[language])
    ranked = wordfreq.top_n_list(language, 10 * DECOYS)
    long_enough = accumulate(len(word) >= DECOY_LETTERS for word in ranked)
    return [word for word, count in zip(ranked, [0, *long_enough], strict=False) if count < DECOYS]


def main() -> None:
    """Write the list beside the code that reads it."""
    joined = {code: " ".join(held) for code, held in sorted(words().items())}
    text = json.dumps(joined, ensure_ascii=False, indent=0)
    OUT.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
    print(f"{OUT}: {len(joined)} languages, {OUT.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
