"""What a web server writes where nobody is logged in: no name."""

import re

NOBODY = {"(null)", "null", "<null>", "nil", "none", "-", "--", "anonymous", "unknown", "undefined", "nobody", "guest"}
"""In lower case."""
UNFILLED = re.compile(r"\$\w+.*|%[A-Z_]+%|.*(?:\$\{[^}]*\}|%\{[^}]*\}|%\[[^\]]*\]|\{\{.*\}\}).*", re.DOTALL)
"""A variable of a proxy's configuration that stands there as it was written: `$remote_user`, `%{REMOTE_USER}e`."""


def is_nobody(name: str) -> bool:
    """Whether a name, or the name of a group, names nobody."""
    return not name.strip() or name.strip().casefold() in NOBODY or UNFILLED.fullmatch(name) is not None
