"""Every sentence of ours nonsense: each function of `words/` that gives text is wrapped wherever it is used, so that what
still comes out the same is decided by values alone.
"""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from itertools import count
from typing import Any

from msgspec import Struct
from msgspec.structs import fields, replace

import schedule
import schedule.words

Garbler = Callable[[str], str]


def alike(_: str) -> str:
    """The same nonsense for every sentence: no two of them differ any more."""
    return "blah"


def ever_new() -> Garbler:
    """Another nonsense each time: no two of them are the same any more."""
    numbers = count(1)
    return lambda _: f"blah {next(numbers)}"


def _modules(package: Any) -> list[Any]:
    names = [one.name for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return [importlib.import_module(name) for name in names]


def speaking() -> dict[str, Any]:
    """Every function of `words/` that gives text, by module and name: text, several, or records that hold some."""
    found = {}
    for module in _modules(schedule.words):
        for name, function in vars(module).items():
            plain = inspect.unwrap(function) if callable(function) else None
            if not inspect.isfunction(plain) or plain.__module__ != module.__name__:
                continue
            given = str(inspect.signature(plain).return_annotation)
            own_records = [one for one, kind in vars(module).items() if isinstance(kind, type) and issubclass(kind, Struct) and kind.__module__ == module.__name__]
            if any(re.search(rf"\b{word}\b", given) for word in ("str", *own_records)):
                found[f"{module.__name__}.{name}"] = function
    return found


def garbled(value: Any, garble: Garbler) -> Any:
    """The value with nonsense for each of its texts; an empty one stays: it says nothing."""
    if isinstance(value, str):
        return garble(value) if value else value
    if isinstance(value, tuple | list):
        return type(value)([garbled(one, garble) for one in value])
    if isinstance(value, dict):
        return {key: garbled(one, garble) for key, one in value.items()}
    if isinstance(value, Struct) and type(value).__module__.startswith("schedule.words"):
        return replace(value, **{one.name: garbled(getattr(value, one.name), garble) for one in fields(value)})
    return value


@contextmanager
def nonsense(garble: Garbler) -> Iterator[None]:
    """Within it all that `words/` says is nonsense, wherever it is said."""
    _modules(schedule)
    true = {id(function): function for function in speaking().values()}

    def wrapper(function: Any) -> Any:
        @wraps(function)
        def wrapped(*given: Any, **named: Any) -> Any:
            return garbled(function(*given, **named), garble)

        return wrapped

    false = {key: wrapper(function) for key, function in true.items()}
    put = []
    for module in [one for name, one in sys.modules.items() if name.split(".")[0] == "schedule"]:
        for name, value in list(vars(module).items()):
            if id(value) in true:
                setattr(module, name, false[id(value)])
                put.append((module, name, value))
    try:
        yield
    finally:
        for module, name, value in put:
            setattr(module, name, value)
