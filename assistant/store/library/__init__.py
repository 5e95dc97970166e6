"""Reads routines and grammars from disk; no other module does. `routine` and `language` define what is valid.

- yaml_file: one file becomes plain values with line numbers, within limits
- schema: values become a model; every mismatch becomes a problem with its line
- grammars: grammars/<lang>/ becomes a LanguagePack
- meaning: what was learned from the language's wordings, as arrays
- loaded: routines/ and the person's own folder become a Library
"""

from assistant.store.library.catalogue import Loaded, load
from assistant.store.library.meaning import meaning_arrays
from assistant.store.library.yaml_file import Document

__all__ = ["Document", "Loaded", "load", "meaning_arrays"]
