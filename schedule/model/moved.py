"""The mark of a ledger that was carried to another place."""

from datetime import datetime

from msgspec import Struct


class MovedLedger(Struct, frozen=True, kw_only=True):
    """The other place, as messages call it, without any secret; who moved the ledger, and when (UTC). `arriving`: it is
    coming from there, and is not whole yet; else it went there, and is closed here."""

    place: str
    by: str
    at: datetime
    arriving: bool
