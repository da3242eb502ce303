"""The ledger on PostgreSQL: sealed events in feeds, appended in one round trip and read in order."""
