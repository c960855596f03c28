"""TOML and lists <-> the model, or every mistake with its place."""
