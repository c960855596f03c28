"""The plan: pure, and silent."""
