"""The audit log: append-only records, a Merkle tree over them, signed checkpoints, and their checks."""
