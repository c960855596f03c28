"""What a status is called where people read it; files, JSON and CSV keep the status itself."""

from schedule.model.plan import Status, Verdict


def status_in_words(status: Status | Verdict) -> str:
    """`to be decided` for `boundary`, `not recorded` for `unconfirmed`; the others are called as they are."""
    match status:
        case "boundary":
            return "to be decided"
        case "unconfirmed":
            return "not recorded"
        case _:
            return status
