"""Where a ledger lies: in a file, or in a database on a server."""

from pathlib import Path

from schedule.model.server_address import ServerAddress, server_address

LedgerPlace = Path | ServerAddress


def ledger_place(text: str) -> LedgerPlace:
    """The place that was typed."""
    return server_address(text) or Path(text)
