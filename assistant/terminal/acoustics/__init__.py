"""Measurements of a room, a clip and our own echo, shared by `doctor` and `rehearse`."""
