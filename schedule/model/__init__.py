"""Records, and the one date arithmetic."""
