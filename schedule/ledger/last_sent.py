"""What was last sent to each channel from where a ledger lies, kept in a file beside it: an older ledger copied over
this one has the same path and the same number on the disk, and does not know of that message.

It is written after the ledger is, so the ledger knows at least as much; where it is gone or cannot be read, it says
nothing. No patient can be read out of it.
"""

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path


def last_sent(ledger: Path, channel: int) -> str:
    """The message that was last sent to a channel; empty where nothing is known."""
    return _all_sent(ledger).get(str(channel), "")


def note_sent(ledger: Path, channel: int, message: str) -> None:
    """Remember that this message is the last; an empty one is forgotten. What cannot be written is left as it was: an
    older note is as true."""
    known = _all_sent(ledger) | {str(channel): message}
    with suppress(OSError), tempfile.TemporaryDirectory(dir=ledger.parent) as aside:
        written = Path(aside) / "sent"
        written.write_text(json.dumps(known), encoding="ascii")
        written.chmod(0o600)
        os.replace(written, _beside(ledger))


def _beside(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}.sent")


def _all_sent(ledger: Path) -> dict[str, str]:
    try:
        found = json.loads(_beside(ledger).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(message) for name, message in found.items()} if isinstance(found, dict) else {}
