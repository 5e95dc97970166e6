"""Tests of the page; a package, since they share a desk."""
