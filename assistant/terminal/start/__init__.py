"""tuina start: a session with what this machine has."""
