"""Blocks → what was heard."""
