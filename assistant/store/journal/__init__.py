"""Keeps what must outlive a session, in SQLite: a place, facts with a date, numbers. No audio, no words, no answers.

The only writer of the file. What a call returned from is on disk: a word that depends on it may be spoken.
"""

from assistant.store.journal.book import Journal
from assistant.store.journal.rows import NoteRecord, SessionRecord

__all__ = ["Journal", "NoteRecord", "SessionRecord"]
