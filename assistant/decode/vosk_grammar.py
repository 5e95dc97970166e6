"""Makes the grammar string that Vosk takes from phrases. Pure; the only place that writes one.

Vosk does not check its grammar, so nothing odd gets in here (docs/faults.md, "Grammar that kills the process").
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.decode.safety_words import safety_words
from assistant.errors import EngineError
from assistant.messages import SAFETY, Intent, Phrase

UNKNOWN = "[unk]"
MOST_PHRASES = 5_000  # 1,000 take 2 ms; an in-session grammar has hundreds
LONGEST_PHRASE = 200  # characters; nobody says more in one breath
LONGEST_WORD = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class VoskGrammar:
    """The content of Vosk's search."""

    text: str
    """JSON: a list of strings, never empty."""
    meanings: Mapping[str, frozenset[Intent]]
    """Every phrase that can be heard, and its possible meanings; without the decoys."""
    urgent: frozenset[str]
    """Words of safety, each of which can be heard by itself amid anything else."""
    begins: Mapping[str, frozenset[Intent]]
    """Proper beginnings of phrases, and their possible meanings: after one of these the person may go on."""


def build_grammar(
    phrases: Sequence[Phrase],
    knows: Callable[[str], bool],
    decoys: Iterable[str] = (),
    common: Collection[str] = (),
) -> VoskGrammar:
    """Return the grammar of all phrases whose words the model knows, with `[unk]` where it has that, else the decoys.

    It also holds every word of safety by itself; `common` are the language's most frequent words, which are none.

    Raises EngineError if no phrase is left, if there are too many, or if a safety intent has lost all its phrases.
    """
    if len(phrases) > MOST_PHRASES:
        raise EngineError(f"{len(phrases)} phrases are more than {MOST_PHRASES}", remedy="make the grammar smaller")
    meanings: dict[str, frozenset[Intent]] = {}
    for phrase in phrases:
        if is_sayable(phrase.text) and not missing_words(phrase.text, knows):
            meanings[phrase.text] = meanings.get(phrase.text, frozenset()) | {phrase.intent}
    heard = frozenset().union(*meanings.values())
    lost = sorted({phrase.intent.value for phrase in phrases if phrase.intent in SAFETY} - {i.value for i in heard})
    if not meanings or lost:
        what = f"every phrase for {', '.join(lost)}" if lost else "every phrase" if phrases else "the list of phrases"
        raise EngineError(
            f"{what} {'has words that this model does not know' if phrases else 'is empty'}",
            remedy="add other words for it to grammars/, or use another model",
        )
    urgent = frozenset(filter(knows, safety_words([p for p in phrases if p.text in meanings], common)))
    used = {word for text in meanings for word in text.split()}
    others = (
        [UNKNOWN] if knows(UNKNOWN) else [word for word in decoys if is_word(word) and knows(word) and word not in used]
    )
    begins: dict[str, frozenset[Intent]] = {}
    for text, intents in meanings.items():
        words = text.split()
        for start in (" ".join(words[:n]) for n in range(1, len(words))):
            begins[start] = begins.get(start, frozenset()) | intents
    return VoskGrammar(
        text=json.dumps([*meanings, *sorted(urgent - meanings.keys()), *others], ensure_ascii=False),
        meanings=meanings,
        urgent=urgent,
        begins=begins,
    )


def missing_words(text: str, knows: Callable[[str], bool]) -> list[str]:
    """Return the words of a phrase that the model does not know, or that are no words."""
    return [word for word in text.split() if not is_word(word) or not knows(word)]


def is_sayable(text: str) -> bool:
    """True if a phrase is as `Phrase` promises: words with single spaces between them, not too long."""
    return 0 < len(text) <= LONGEST_PHRASE and text == " ".join(text.split()) and all(map(is_word, text.split()))


def is_word(word: str) -> bool:
    r"""True for letters, marks and digits of any script, with ' and - inside.

    Vosk knows "<eps>", "#0" and "!SIL" as words too, and reads "stop\0anything" as "stop".
    """
    letters = word.replace("'", "").replace("-", "")
    return 0 < len(word) <= LONGEST_WORD and bool(letters) and all(unicodedata.category(c)[0] in "LMN" for c in letters)
