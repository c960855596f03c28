"""A revision's folder on disk: `DIR/<code>/rev-<n>/`, written aside and renamed whole, never overwritten.

Beside the outputs lies `manifest.json`: the hashes of the texts that the plan was made from, as-of, the revision's
time, the hash of every file, and the calendar entries with the revision each dates from. So the next revision knows
what a calendar already shows, and a mixed folder can be told.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from schedule.entries import Entry, entry_from_json, entry_to_json
from schedule.errors import NotDone
from schedule.tables import to_json

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a revision was made from and what it wrote. `when` is UTC; `as_of` a wall time of the site."""

    revision: int
    when: datetime
    as_of: datetime
    inputs: Mapping[str, str | None]
    entries: tuple[Entry, ...]


def latest(patient: Path) -> Manifest | None:
    """The newest revision in a patient's folder, or None. NotDone if its manifest cannot be read."""
    numbers = [int(p.name[4:]) for p in patient.glob("rev-*") if p.name[4:].isdecimal()] if patient.is_dir() else []
    if not numbers:
        return None
    path = patient / f"rev-{max(numbers)}" / MANIFEST
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(
            revision=data["revision"], when=datetime.fromisoformat(data["time"]),
            as_of=datetime.fromisoformat(data["as_of"]), inputs=data["inputs"],
            entries=tuple(entry_from_json(entry) for entry in data["entries"]),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotDone(
            f"{path}: the newest revision cannot be read. Move that folder away, or write to another --out."
        ) from error


def write(patient: Path, manifest: Manifest, files: Mapping[str, bytes]) -> Path:
    """Write a revision whole, and give its folder. NotDone, with nothing left behind, if the disk does not do it,
    or if somebody else has written that revision meanwhile."""
    folder = patient / f"rev-{manifest.revision}"
    aside = patient / f".rev-{manifest.revision}-{os.getpid()}"
    values = {
        "format": 1, "revision": manifest.revision, "time": manifest.when.isoformat(), "as_of": manifest.as_of.isoformat(),
        "inputs": dict(manifest.inputs),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
        "entries": [entry_to_json(entry) for entry in manifest.entries],
    }  # fmt: skip
    try:
        aside.mkdir(parents=True)
        for name, data in {**files, MANIFEST: to_json(values).encode()}.items():
            (aside / name).write_bytes(data)
        aside.rename(folder)
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        if folder.exists():
            raise NotDone(
                f"{folder}: somebody else has just written this revision. Look at it, then try again."
            ) from error
        raise NotDone(f"{folder}: could not be written ({error.strerror}). Nothing was changed.") from error
    return folder
