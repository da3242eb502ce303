"""How long what is kept is kept, what is due, and how it is destroyed: schedules, items, the purge, certificates."""
