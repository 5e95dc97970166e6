"""The embedded ear for English: phoneme posteriors against every phrase at once."""
