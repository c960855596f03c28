"""Where a message is read: what it tells the reader to do is said by what is at hand there."""

from typing import Literal

Edge = Literal["terminal", "page"]
