"""Finds what people mean in their own words, and tells it from talk that is not for us. Pure."""

from assistant.interpret.meaning.meaning import ACT, ASK, ASK_SAFETY, Guess, Meaning, decide

__all__ = ["ACT", "ASK", "ASK_SAFETY", "Guess", "Meaning", "decide"]
