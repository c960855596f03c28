"""An independent model of what engine.md asks for. It shares no code with the product."""
