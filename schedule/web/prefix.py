"""Pages below a path of a host that has other applications: `https://intranet.hospital.example/dayzero/`.

Every page writes its links from `/`, as if the host were its own; the path is put before them here, where an answer
leaves, so that no page can forget it. What people typed is never taken for a link: its quotes are escaped.
"""

import re

from flask import Flask, Response

from schedule.web.settings import Settings

LINK = re.compile(r'((?:href|action|formaction|src)="|content="\d+; *url=)/(?!/)')


def put_below_the_prefix(app: Flask, settings: Settings) -> None:
    """Let every link, form and redirect of the application lead below its prefix."""

    @app.after_request
    def lead(response: Response) -> Response:
        if not settings.prefix:
            return response
        if response.location is not None and response.location.startswith("/"):
            response.location = settings.prefix + response.location
        if response.mimetype == "text/html":
            response.set_data(LINK.sub(rf"\g<1>{settings.prefix}/", response.get_data(as_text=True)))
        return response
