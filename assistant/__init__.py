"""Tuina: a hands-free voice guide for self-massage. The folders, in alphabetical order, are the journey of a sound."""
