"""An independent model of what the specification of the engine asks for. It shares no code with the product."""
