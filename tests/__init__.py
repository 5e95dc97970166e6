"""Tests mirror the rooms; rigs/ holds what tests and benchmarks both drive."""
