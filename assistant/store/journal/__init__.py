"""The journal: stores in SQLite what must outlive a session: a place, dated facts, numbers. No audio, words or answers.

The only writer of the file. Once a call has returned, its data is on disk, and a sentence that depends on it may be
spoken.
"""

from assistant.store.journal.history_rows import HistoryRow, history_row, history_rows, local_time
from assistant.store.journal.queries import Journal
from assistant.store.journal.rows import NoteRecord, SessionRecord

__all__ = ["HistoryRow", "Journal", "NoteRecord", "SessionRecord", "history_row", "history_rows", "local_time"]
