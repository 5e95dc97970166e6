"""The embedded ear for English: scores phoneme posteriors against every phrase at once."""
