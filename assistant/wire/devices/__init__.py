"""devices: the loudspeaker, files instead of it, and the health of every device."""
