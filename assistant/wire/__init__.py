"""One live session: the only room with threads, processes and devices at work."""
