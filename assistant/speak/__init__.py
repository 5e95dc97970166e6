"""Sentences → sound."""
