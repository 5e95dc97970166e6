"""Sound → blocks."""
