"""Why something is as it is, as values: each a small record of a closed union, turned into English by `words` alone."""

from msgspec import Struct


class Reason(Struct, frozen=True, tag=True):
    """The mark of every reason: one of a closed union, told from the others by its class."""
