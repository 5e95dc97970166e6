"""tuina history: what was done, from the journal."""
