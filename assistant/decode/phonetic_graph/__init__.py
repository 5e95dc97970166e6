"""phonetic_graph: the phonetic ear for grammars with slots, as a weighted graph of words."""
