"""store: everything on disk: files that are read, the journal that is written, models that are fetched."""
