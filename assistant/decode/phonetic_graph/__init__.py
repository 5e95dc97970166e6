"""The phonetic ear for grammars with slots: a search over a weighted graph of words."""
