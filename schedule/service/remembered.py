"""What was worked out once and is remembered while a process lives: never more of it than a given number."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """At most so many values by what they are made of, shared by threads: whoever asks for the same gets the very same.
    The one that nobody has asked for the longest is forgotten first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._known: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of that key, made if it is not remembered."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        made = make()
        with self._lock:
            found = self._known.setdefault(key, made)
            if len(self._known) > self.most:
                self._known.popitem(last=False)
            return found

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._known.clear()

    def __len__(self) -> int:
        return len(self._known)
