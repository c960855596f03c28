"""What a web server writes where nobody is logged in: no name."""

import re

NOBODY = {
    *("null", "nil", "nan", "none", "empty", "n/a", "false", "undefined", "unset"),
    *("anonymous", "anonymoususer", "anon", "unauthenticated", "unknown", "nobody", "guest"),
    "iusr",  # of Windows, whose other one is ANONYMOUS LOGON
}
"""In lower case, without brackets or quotes around it."""
UNFILLED = re.compile(
    r"(.*[^\w])?\$\w+.*|%%?\w+(\([^)]*\))?%%?|%?((https?|x)[_-])*(remote|auth|logon|forwarded)[_-]user"
    r"|.*(?:\$\([^)]*\)|\$\{[^}]*\}|%\{[^}]*\}|%\[[^\]]*\]|<%.*%>|\{\{.*\}\}|\{>?[A-Za-z_][\w.-]*\}).*",
    re.DOTALL | re.IGNORECASE,
)
"""A variable of a proxy's configuration that stands there as it was written: `$remote_user`, `%{REMOTE_USER}e`,
`%REQ(X-USER)%`, `{http.auth.user.id}`; or its bare name."""
_NAMED = re.compile(r"(?:cn|uid)=((?:\\.|[^,\\])*)", re.IGNORECASE)
"""A person in a directory: `CN=Müller\\, Anna,OU=Ward 3`, whose own comma has a backslash before it."""
_AROUND = "()<>[]'\""


def is_nobody(name: str) -> bool:
    """Whether a name, or the name of a group, names nobody: whatever realm or domain was put beside it, and also where
    two headers that name nobody were made into one."""
    of = _NAMED.match(name)
    own = re.sub(r'\\([,+"<>;=# ])', r"\1", of[1]) if of else name
    user = re.split(r"[\\:]", own)[-1].partition("@")[0].strip().strip(_AROUND).casefold()
    is_none = user in NOBODY or user.startswith("anonymous ")
    words = [word.strip(_AROUND) for word in re.split(r"[\s,;/|-]+", user)]
    said = [word for word in words if any(map(str.isalnum, word))]
    return is_none or all(word in NOBODY for word in said) or UNFILLED.fullmatch(name[:500]) is not None
