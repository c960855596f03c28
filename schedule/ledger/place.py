"""Where a ledger in a file cannot lie: its locks fail on network shares, and sync programs copy half-written files.
And who may read it."""

import os
from contextlib import suppress
from pathlib import Path, PurePath

from schedule.model import reasons

SYNC_FOLDERS = (
    "onedrive", "dropbox", "google drive", "googledrive", "my drive", "icloud", "icloud drive", "iclouddrive",
    "mobile documents", "cloudstorage", "box", "box sync", "nextcloud", "owncloud", "syncthing", "pcloud", "mega",
)  # fmt: skip
SYNC_BEGINNINGS = ("onedrive -", "dropbox (")
NETWORK_FILE_SYSTEMS = (
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "9p", "ncpfs", "fuse.sshfs", "fuse.gvfsd-fuse",
    "fuse.rclone", "fuse.s3fs", "fuse.davfs", "davfs", "glusterfs", "fuse.glusterfs", "ceph", "lustre",
)  # fmt: skip


def place_fault(path: Path, mounts: str) -> "reasons.failures.PlaceFault | None":
    """Why a ledger cannot lie at `path`, or None. `mounts` is the text of /proc/mounts, empty where there is none."""
    text = str(path)
    if text.startswith(("\\\\", "//")):
        return reasons.failures.OnNetworkShare()
    for part in PurePath(text.replace("\\", "/")).parts:
        name = part.lower()
        if name in SYNC_FOLDERS or name.startswith(SYNC_BEGINNINGS):
            return reasons.failures.InSynchronisedFolder(folder=part)
    best = ("", "")
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        if (text == point or text.startswith(point.rstrip("/") + "/")) and len(point) >= len(best[0]):
            best = point, fields[2]
    return reasons.failures.OnNetworkFileSystem(kind=best[1]) if best[1] in NETWORK_FILE_SYSTEMS else None


def may_be_written(path: Path) -> bool:
    """Whether the file and its folder may be written: neither on a medium that is only read, nor without the right."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def make_private(path: Path) -> None:
    """Make the file, where there is none, so that nobody but its owner may read it; SQLite's own files beside it have
    the same mode."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
