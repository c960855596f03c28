"""What a status is called where people read it; files, JSON and CSV keep the status itself."""

from typing import assert_never

from schedule.model.plan import Status, Verdict


def status_in_words(status: Status | Verdict) -> str:
    """`to be decided` for `boundary`, `not recorded` for `unconfirmed`; the others are called as they are."""
    match status:
        case "boundary":
            return "to be decided"
        case "unconfirmed":
            return "not recorded"
        case "planned" | "given" | "done" | "held" | "cancelled":
            return status
        case "met" | "violated" | "due" | "not stated" | "not applicable" | "ruled":
            return status
        case _:
            assert_never(status)
