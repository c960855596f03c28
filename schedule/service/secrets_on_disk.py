"""Passwords: each in a file of its own that nobody else can read; none in the ledger, in an option or in a log."""

import os
import stat
from pathlib import Path

from schedule.model.errors import NotDelivered
from schedule.model.reasons.deliveries import SecretUnusable


def secret_in(path: str) -> str:
    """The first line of the file. NotDelivered if it is not there, is empty, or others on this computer can read it."""
    place = Path(path).expanduser()
    try:
        if os.name == "posix" and stat.S_IMODE(place.stat().st_mode) & 0o077:
            raise NotDelivered(SecretUnusable(path=path, why="open"))
        lines = place.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotDelivered(SecretUnusable(path=path, why="missing")) from error
    if not lines or not lines[0].strip():
        raise NotDelivered(SecretUnusable(path=path, why="empty"))
    return lines[0].strip()
