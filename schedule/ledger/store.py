"""What every ledger does alike, whatever keeps it."""

FIRST_HASH = "0" * 64
"""What stands before the first act in the chain of hashes."""
