"""One function for each thing a person or program can do: check access, load, decide, append, answer."""
