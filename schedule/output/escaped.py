"""What stands in a page of a value: its text, escaped."""

from collections.abc import Callable
from datetime import date

import markupsafe
from markupsafe import Markup, escape

_escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape)
"""In C, without a Markup made of each. Before MarkupSafe 3 `escape` itself is in C."""

HARMLESS = frozenset({int, date})
"""Of whose text nothing is to be escaped."""


def escaped(value: object) -> str:
    """The text of a value as HTML shows it; of what is HTML already, that. It is a piece of a page, to be joined: no
    Markup is made of it."""
    if type(value) is str:
        return _escaped(value)
    if type(value) in HARMLESS:
        return str(value)
    return value if type(value) is Markup else escape(value)
