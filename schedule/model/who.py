"""What a web server writes where nobody is logged in: no name."""

import re

NOBODY = {
    *("null", "nil", "none", "empty", "n/a", "anonymous", "anonymous user", "unknown", "undefined", "nobody", "guest"),
    *("anonymous logon", "iusr"),  # of Windows
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
    return not any(map(str.isalnum, user)) or user in NOBODY or UNFILLED.fullmatch(name) is not None
