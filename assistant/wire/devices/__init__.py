"""The loudspeaker, its substitutes (files), and the health of every device."""
