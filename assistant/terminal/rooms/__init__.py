"""tuina serve --rooms: many rooms on one machine, a process each."""
