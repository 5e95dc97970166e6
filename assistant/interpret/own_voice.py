"""Is this our own sentence coming back from the loudspeaker? Pure.

The last of the layers against echo (voice-ui.md section 2, row 1): what was heard while we spoke, and stands word for
word in what we said, is not a command. Safety words pass, whoever said them; our own prompts avoid them instead.
"""

from __future__ import annotations

import re

from assistant.messages import SAFETY, Intent


def is_own_voice(text: str, intent: Intent, spoken: str) -> bool:
    """True if `text` stands as whole words in `spoken`, the sentence sounding now or just before."""
    if intent in SAFETY or not text:
        return False
    return f" {_plain(text)} " in f" {_plain(spoken)} "


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower().replace("-", " ")))
