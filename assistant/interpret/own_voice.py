"""Tells whether a text is our own sentence, heard from the loudspeaker. Pure.

The last of the layers against echo (voice-ui.md section 2, row 1): what was heard while we spoke, and stands word for
word in what we said, is not a command. Safety words always pass; our own prompts avoid them instead. The exception is
a second "stop" during the answer to the first: all is held already, and "Stopped" sounds much like it.
"""

from __future__ import annotations

import re

from assistant.messages import SAFETY, Intent

ANSWERS = {
    Intent.STOP: frozenset({"stopped", "stopped_at"}),
    Intent.PAUSE: frozenset({"paused", "paused_at"}),
}
"""Replies that begin with the command that they answer; repeating it over them changes nothing. After the delay of the
loudspeaker had jumped, "Stopped" was obeyed as "stop" and said again four times (a virtual sound card)."""


def is_own_voice(text: str, intent: Intent, spoken: str, reply: str = "") -> bool:
    """True if `text` occurs as whole words in `spoken` (the sentence sounding now or just before), or only repeats it.

    `reply` is the key of that sentence in replies.yaml, if it has one.
    """
    words, sentence = _plain(text), _plain(spoken)
    if words and reply in ANSWERS.get(intent, ()) and sentence.startswith(words):
        return True
    if intent in SAFETY or not text:
        return False
    return f" {words} " in f" {sentence} "


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower().replace("-", " ")))
