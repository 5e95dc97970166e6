"""Fakes and fixtures that many tests share."""
