"""What is kept: acts in a chain of hashes, and beside them what they gave."""
