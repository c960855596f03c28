"""A constant reply by bare WSGI on the server that Dayzero has: `python -m benchmarks.constant PORT`."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from waitress import serve

from schedule.web.server import CONNECTIONS, LOOKED_AT_EVERY, MOST_HEADER, SECONDS, THREADS


def reply(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """304, whoever asks for whatever, with the tag that was sent."""
    start_response(
        "304 Not Modified", [("ETag", environ.get("HTTP_IF_NONE_MATCH", '"0"')), ("Cache-Control", "no-cache")]
    )
    return ()


if __name__ == "__main__":
    serve(
        reply, host="127.0.0.1", port=int(sys.argv[1]), threads=THREADS, connection_limit=CONNECTIONS, ident="",
        max_request_header_size=MOST_HEADER, channel_timeout=SECONDS, cleanup_interval=LOOKED_AT_EVERY,
        asyncore_use_poll=True, _quiet=True,
    )  # fmt: skip
