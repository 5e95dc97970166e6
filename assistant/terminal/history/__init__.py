"""tuina history: the sessions in the journal."""
