"""State and decisions of each aggregate: pure functions, no clock, no input or output."""
