"""Everything on disk: the files that it reads, the journal that it writes, the models that it downloads."""
