"""How fast Dayzero is, as ratios inside one run."""
