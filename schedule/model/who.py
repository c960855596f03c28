"""What a web server writes where nobody is logged in: no name."""

import re

NOBODY = {
    *("null", "nil", "none", "empty", "n/a", "anonymous", "unknown", "undefined", "nobody", "guest"),
    "iusr",  # of Windows, whose other one is ANONYMOUS LOGON
}
"""In lower case, without brackets or quotes around it."""
UNFILLED = re.compile(
    r"\$\w+.*|%[A-Z_]+%|.*(?:\$\{[^}]*\}|%\{[^}]*\}|%\[[^\]]*\]|\{\{.*\}\}|\{[A-Za-z_][\w.]*\}).*", re.DOTALL
)
"""A variable of a proxy's configuration that stands there as it was written: `$remote_user`, `%{REMOTE_USER}e`,
`{http.auth.user.id}`."""


def is_nobody(name: str) -> bool:
    """Whether a name, or the name of a group, names nobody: whatever realm or domain was put beside it."""
    user = name.rpartition("\\")[2].partition("@")[0].strip().strip("()<>[]'\"").casefold()
    is_none = user in NOBODY or user.startswith("anonymous ")
    return is_none or not any(map(str.isalnum, user)) or UNFILLED.fullmatch(name[:500]) is not None
