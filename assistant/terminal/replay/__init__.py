"""tuina replay: compares a trace with the effects of the same events now."""
