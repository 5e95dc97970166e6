"""Tells whether a text is our own sentence, heard from the loudspeaker. Pure.

The last of the layers against echo (docs/voice-ui.md, "Hearing itself"): what was heard while we spoke, and stands word
for word in what we said, is not a command. Safety words pass, whoever said them; our own prompts avoid them instead.
Only over the answer to a "stop" another one asks for nothing: all is held already, and "Stopped" sounds much like it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.messages import SAFETY, Intent

ANSWERS = {
    Intent.STOP: frozenset({"stopped", "stopped_at"}),
    Intent.PAUSE: frozenset({"paused", "paused_at"}),
}
"""Replies that begin with the command that they answer; repeating it over them changes nothing. After the delay of the
loudspeaker had jumped, "Stopped" was obeyed as "stop" and said again four times (a virtual sound card)."""


class Sounding(NamedTuple):
    """Our sentence that sounds, or did a moment ago."""

    text: str = ""
    reply: str = ""
    """Its key in replies.yaml, if it has one."""
    is_early: bool = False
    """True while the echo canceller has heard too little of us to know the room: what is left of our own sentence may
    be speech without known words then, which is told to nobody."""


def is_own_voice(text: str, intent: Intent, sounding: Sounding) -> bool:
    """True if `text` stands as whole words in the sentence that sounds, or is answered by it."""
    words, sentence = _plain(text), _plain(sounding.text)
    if words and sounding.reply in ANSWERS.get(intent, ()) and sentence.startswith(words):
        return True
    if intent in SAFETY or not text:
        return False
    return f" {words} " in f" {sentence} "


def is_all_own_voice(transcript: str, sounding: Sounding) -> bool:
    """True if every word of an open transcript stands in the sentence that sounds: its safety words are ours."""
    sentence = _plain(sounding.text).split()
    return bool(sentence) and all(word in sentence for word in _plain(transcript).split())


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower().replace("-", " ")))
