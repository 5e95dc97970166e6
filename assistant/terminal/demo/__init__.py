"""tuina demo: a recorded person has a session."""
