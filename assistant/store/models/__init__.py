"""models: which recognition models are installed, and how one is fetched and unpacked."""
