"""The read side: what people look at, folded from the events in batches and rebuilt at any time."""
