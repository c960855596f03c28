"""What was worked out once and is remembered while a process lives: never more of it than a given number."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """At most so many values by what they are made of, shared by threads: whoever asks for the same gets the very same.
    The one that nobody has asked for the longest is forgotten first. Where values differ much in size, `weigh` says how
    much of `most` one takes; the newest stays, however much it is."""

    def __init__(self, most: int, weigh: Callable[[V], int] = lambda _: 1) -> None:
        self.most, self.weigh = most, weigh
        self.weight = 0
        self._known: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of that key, made if it is not remembered."""
        found = self.find(key)
        if found is not None:
            return found
        made = make()
        with self._lock:
            if key not in self._known:
                self._put(key, made)
            return self._known.get(key, made)

    def find(self, key: K) -> V | None:
        """The value of that key, None if it is not remembered."""
        with self._lock:
            if key not in self._known:
                return None
            self._known.move_to_end(key)
            return self._known[key]

    def keep(self, key: K, value: V) -> None:
        """Remember that value from now on, in the place of another of that key."""
        with self._lock:
            self._drop(key)
            self._put(key, value)

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._known.clear()
            self.weight = 0

    def __len__(self) -> int:
        return len(self._known)

    def _put(self, key: K, value: V) -> None:
        self._known[key] = value
        self.weight += self.weigh(value)
        while self.weight > self.most and len(self._known) > 1:
            self._drop(next(iter(self._known)))

    def _drop(self, key: K) -> None:
        if key in self._known:
            self.weight -= self.weigh(self._known.pop(key))
