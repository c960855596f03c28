"""The address of a ledger that lies in a database on a server."""

from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from msgspec import Struct

SCHEMES = ("postgresql", "postgres")
SECRETS = ("password", "sslpassword")
TELLING = ("service", "host", "hostaddr", "port", "dbname")
"""What of the parameters of an address says which database it is."""


class ServerAddress(Struct, frozen=True):
    """A database on a server. As text it is its name in messages: host, port and database, without user and options."""

    url: str

    @property
    def holds_password(self) -> bool:
        """Whether a secret stands in it, which everybody who sees the processes of the computer could read."""
        parts = urlsplit(self.url)
        user = parts.netloc.rpartition("@")[0]
        return ":" in user or any(name in SECRETS for name, _ in parse_qsl(parts.query, keep_blank_values=True))

    @property
    def database(self) -> str:
        """The name of the database, or of the service that names it."""
        parts = urlsplit(self.url)
        named = dict(parse_qsl(parts.query))
        return named.get("dbname") or unquote(parts.path.lstrip("/")) or named.get("service", "")

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        told = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] in TELLING], safe="/:")
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}{f'?{told}' if told else ''}"


def server_address(text: str) -> ServerAddress | None:
    """The address that was typed; None for what is none, but the path of a file."""
    scheme, apart, _ = text.partition("://")
    return ServerAddress(text) if apart and scheme in SCHEMES else None
