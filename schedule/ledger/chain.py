"""The chain of hashes, whatever keeps it: each row's hash is of its columns and of the hash of the row before."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FIRST_HASH = "0" * 64
"""What stands before the first row."""
ACT_COLUMNS = (
    "code", "revision", "based_on", "kind", "deed", "who", "at", "site_time", "as_of", "reason", "lasting", "previous",
)  # fmt: skip
FEED_COLUMNS = ("token", "kind", "label", "code", "ward", "level", "expires", "who", "at", "reason", "previous")
PROJECTED = ("form", "ward", "content", "hash")
"""What is kept of what an act gave, outside the chain."""

_ONE_TEXT = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def to_text(value: Any) -> str:
    """Plain values as the one JSON text that they have."""
    return _ONE_TEXT.encode(value)


def row_hash(values: Mapping[str, Any], columns: tuple[str, ...] = ACT_COLUMNS) -> str:
    """The hash of a row of that chain."""
    return hashlib.sha256(to_text({column: values[column] for column in columns}).encode()).hexdigest()


def projection_hash(form: int, ward: str, content: str, act_hash: str) -> str:
    """The hash of what an act gave: of the act's as well, so that none can stand beside another act."""
    return hashlib.sha256(f"{form}\n{act_hash}\n{ward}\n{content}".encode()).hexdigest()
