"""From an act to the command that asks for it."""

from typing import assert_never

from schedule.model.acts import (
    Amend,
    Attest,
    Book,
    Cancel,
    ChangeWard,
    Choose,
    Create,
    Deed,
    Fact,
    GiveRuling,
    Move,
    Note,
    PlannedHour,
    RecordDay,
    RecordEvent,
    ReDate,
    Restore,
    SetClock,
)


def command_of(deed: Deed) -> str:
    """The name of the command by which a deed is done: `slip` for a new day 0."""
    match deed:
        case Create():
            return "plan"
        case RecordEvent() | RecordDay():
            return "record"
        case Book():
            return "book"
        case Fact() | PlannedHour():
            return "fact"
        case Attest():
            return "attest"
        case Choose():
            return "choose"
        case GiveRuling():
            return "rule"
        case Move():
            return "slip"
        case ReDate():
            return "re-date"
        case Amend():
            return "amend"
        case ChangeWard():
            return "ward"
        case Note():
            return "note"
        case Cancel():
            return "cancel"
        case Restore():
            return "restore"
        case SetClock():
            return "clock"
        case _:
            assert_never(deed)
