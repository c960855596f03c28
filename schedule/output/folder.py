"""A revision's folder on disk: `DIR/<code>/rev-<n>/`, written aside and renamed whole, never overwritten.

Beside the outputs lies `manifest.json`: the hashes of the texts that the plan was made from, as-of, the revision's
time, the hash of every file, and the calendar entries with the revision each dates from. So the next revision knows
what a calendar already shows, and a mixed folder can be told.
"""

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from msgspec import Struct

from schedule.ledger.codec import each_to_plain, from_plain, moment_from_text, to_plain
from schedule.model import reasons
from schedule.model.entries import Entry
from schedule.model.errors import NotDone
from schedule.model.text import sha256, to_json

MANIFEST, END = "manifest.json", "\n}\n"


UNFINISHED = ".rev-"
"""How the folder of a revision begins while it is written; one that a kill has left says nothing."""


class Manifest(Struct, frozen=True, kw_only=True):
    """What a revision was made from and what it wrote. `when` is UTC; `as_of` a wall time of the site; `ledger` is the
    hash of its act where it comes from a ledger."""

    revision: int
    when: datetime
    as_of: datetime
    inputs: Mapping[str, str | None]
    entries: tuple[Entry, ...]
    ledger: str | None = None


def latest(patient: Path) -> Manifest | None:
    """The newest revision in a patient's folder, or None. NotDone if its manifest cannot be read."""
    numbers = revisions_in(patient)
    return read_manifest(patient / f"rev-{max(numbers)}") if numbers else None


def revisions_in(patient: Path) -> list[int]:
    """The revisions that have a folder in a patient's. NotDone if that cannot be looked at."""
    try:
        return [int(name[4:]) for name in os.listdir(patient) if name.startswith("rev-") and name[4:].isdecimal()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise NotDone(reasons.file_failures.FileNotRead(path=str(patient), cause=str(error.strerror))) from error


def put_aside(revision: Path) -> None:
    """Take a revision's folder out of the way, under a name that says that it is damaged: nothing is deleted. NotDone
    if the disk does not do it."""
    try:
        for number in count(1):
            aside = revision.with_name(f"damaged-{revision.name}" + (f"-{number}" if number > 1 else ""))
            if not is_there(aside):
                revision.rename(aside)
                return
    except OSError as error:
        raise NotDone(reasons.file_failures.FileNotWritten(path=str(revision), cause=str(error.strerror))) from error


def is_there(path: Path) -> bool:
    """Whether there is something at `path`. NotDone if that cannot even be looked at."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise NotDone(reasons.file_failures.FileNotRead(path=str(path), cause=str(error.strerror))) from error
    return True


def read_manifest(revision: Path) -> Manifest:
    """What is known of a revision's folder. NotDone if its manifest cannot be read."""
    path = revision / MANIFEST
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(
            revision=data["revision"],
            when=datetime.fromisoformat(data["time"]),
            as_of=moment_from_text(data["as_of"]),
            inputs=data["inputs"],
            entries=tuple(from_plain(Entry, entry) for entry in data["entries"]),
            ledger=data["ledger"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotDone(reasons.file_failures.RevisionNotRead(path=str(path))) from error


def write(patient: Path, manifest: Manifest, files: Mapping[str, bytes]) -> Path:
    """Write a revision whole, and give its folder. NotDone, with nothing left behind, if the disk does not do it,
    or if somebody else has written that revision meanwhile."""
    folder = patient / f"rev-{manifest.revision}"
    values: dict[str, Any] = {
        "format": 1, "revision": manifest.revision, "time": manifest.when.isoformat(),
        "as_of": to_plain(manifest.as_of),
        "inputs": dict(manifest.inputs), "ledger": manifest.ledger,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
        "entries": each_to_plain(manifest.entries),
    }  # fmt: skip
    aside = None
    try:
        patient.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f"{UNFINISHED}{manifest.revision}-", dir=patient))
        aside.chmod(0o755)
        for name, data in {**files, MANIFEST: _with_own_hash(to_json(values)).encode()}.items():
            (aside / name).write_bytes(data)
        aside.rename(folder)
    except OSError as error:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY) and aside is not None:
            raise NotDone(reasons.file_failures.RevisionTaken(path=str(folder))) from error
        raise NotDone(reasons.file_failures.FileNotWritten(path=str(folder), cause=str(error.strerror))) from error
    return folder


def _with_own_hash(manifest: str) -> str:
    """A manifest's text, with its hash as the last of its values, "self"."""
    return f'{manifest.removesuffix(END)},\n  "self": "{sha256(manifest)}"{END}'


def _hash_of(values: Mapping[str, Any]) -> str:
    """The hash that a manifest which was read back ought to hold."""
    return sha256(to_json({key: value for key, value in values.items() if key != "self"}))


def faults(revision: Path) -> "list[reasons.faults.FolderFault]":
    """Which files of a revision's folder are not as they were written."""
    try:
        manifest = json.loads((revision / MANIFEST).read_text(encoding="utf-8"))
        written = manifest["files"]
        there = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            for path in revision.iterdir()
        }
        is_whole = manifest["self"] == _hash_of(manifest)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [reasons.faults.ManifestNotRead(path=str(revision / MANIFEST), cause=str(error))]
    there.pop(MANIFEST, None)
    found: list[reasons.faults.FolderFault] = (
        [] if is_whole else [reasons.faults.FileChanged(path=str(revision / MANIFEST))]
    )
    found += [reasons.faults.FileMissing(path=str(revision / name)) for name in written if name not in there]
    found += [
        reasons.faults.FileChanged(path=str(revision / name))
        for name in written
        if there.get(name, written[name]) != written[name]
    ]
    return found + [reasons.faults.FileStray(path=str(revision / name)) for name in there if name not in written]
