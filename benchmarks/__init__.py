"""Measurements that take longer than a test. Run one with: python -m benchmarks.NAME."""
