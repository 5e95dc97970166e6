"""Finds what people mean in their own words, and tells it from talk that is not for us. Pure."""

from assistant.interpret.meaning.meaning import Guess, Meaning

__all__ = ["Guess", "Meaning"]
