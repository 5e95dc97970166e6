"""Rigs: a virtual sound card, made sounds, a program that is killed. Tests and benchmarks drive them."""
