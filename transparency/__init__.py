"""Proof that the ledger is whole: one Merkle tree over all events, signed checkpoints, and proofs."""
