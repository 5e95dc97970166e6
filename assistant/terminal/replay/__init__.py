"""tuina replay: compares a trace with what the same events give now."""
