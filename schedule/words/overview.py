"""What the overview says beside its grids: the picture in words."""


def limit_of_a_delay(moment: str) -> str:
    """How late the infusion may start."""
    return f"Limit of a delay: {moment}."
