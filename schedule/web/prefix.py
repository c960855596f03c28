"""Pages below a path of a host that has other applications: `https://intranet.hospital.example/dayzero/`.

Every page writes its links from `/`, as if the host were its own; the path is put before them here, where an answer
leaves, so that no page can forget it; and so is the path of a ward. What people typed is never taken for a link: its
quotes are escaped.
"""

import re

from flask import Flask, Response

from schedule.web.settings import Settings
from schedule.web.ward_asked import address_of_ward, asked_ward

LINK = re.compile(r'((?:href|action|formaction|src)="|content="\d+; *url=)/(?!/)(w/)?')


def put_below_the_prefix(app: Flask, settings: Settings) -> None:
    """Let every link, form and redirect of the application lead below its prefix."""

    @app.after_request
    def put(response: Response) -> Response:
        ward = asked_ward()
        below = settings.prefix + (address_of_ward(ward) if ward is not None else "")
        if not below:
            return response
        if response.location is not None and response.location.startswith("/"):
            response.location = below + response.location
        if response.mimetype == "text/html":

            def lead(link: re.Match[str]) -> str:
                return f"{link[1]}{settings.prefix}/w/" if link[2] else f"{link[1]}{below}/"

            response.set_data(LINK.sub(lead, response.get_data(as_text=True)))
        return response
