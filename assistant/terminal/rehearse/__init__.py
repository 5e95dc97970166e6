"""tuina rehearse: the ear learns one person's pronunciations of the commands."""
