"""What the bytes of a plan depend on besides the patient's texts: this Dayzero, the programs that it uses, and how this
computer's clocks change. Two computers that agree in it write the same files."""

import hashlib
import platform
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from schedule.model.dates import zone
from schedule.model.reasons.cluster_failures import SetupDifference
from schedule.model.sizes import FEW
from schedule.output.compiled import FOLDER
from schedule.output.html import template_folder

PROGRAMS = ("icalendar", "jinja2", "markupsafe", "msgspec", "python-dateutil")
FIRST_HOUR, LAST_HOUR = 438_288, 613_608
"""1-Jan-2020 to 1-Jan-2040, in hours since 1970: as far as the changes of the clocks are compared."""

Setup = Mapping[str, str]


@lru_cache(maxsize=FEW)
def setup_of(zone_name: str | None) -> Setup:
    """What a plan made in this process depends on; `hours` where it has a zone."""
    found = {"files": _digest(_own_files()), "Python": ".".join(platform.python_version_tuple()[:2])}
    found |= {name: metadata.version(name) for name in PROGRAMS}
    return found if zone_name is None else {**found, "hours": _digest(_changes(zone_name))}


def differences(there: Setup, here: Setup) -> tuple[SetupDifference, ...]:
    """In what two of them differ."""
    return tuple(
        SetupDifference(what=what, there=there.get(what, ""), here=here.get(what, ""))
        for what in {**here, **there}
        if there.get(what) != here.get(what)
    )


def _own_files() -> Iterator[bytes]:
    package = Path(__file__).parents[1]
    templates = template_folder()
    for folder, pattern in ((package, "*.py"), (templates, "*.html"), (templates, "*.css")):
        for path in sorted(folder.rglob(pattern)):
            name = path.relative_to(folder)
            if FOLDER not in name.parts:  # which is made of the templates, by whoever comes first
                yield name.as_posix().encode()
                yield path.read_bytes()


def _changes(name: str) -> Iterator[bytes]:
    """From which hour on the clocks of a zone are how far from UTC."""
    try:
        where = zone(name)
    except ValueError:
        return
    before = None
    for hour in range(FIRST_HOUR, LAST_HOUR):
        offset = datetime.fromtimestamp(hour * 3600, where).utcoffset()
        if offset != before:
            yield f"{hour} {offset}".encode()
        before = offset


def _digest(parts: Iterator[bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8) + part)
    return found.hexdigest()
