"""tuina card: the cue card, as text and as a page."""
