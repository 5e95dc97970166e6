"""The dialogue manager: intent → next state and effects. Pure."""
