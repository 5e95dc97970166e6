"""tuina check: finds what is wrong in routines, grammars and words, with file and line."""
