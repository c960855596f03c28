"""From an act to the page that asks for it, and what a patient's page calls the way there."""

from typing import Literal, assert_never, get_args

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

FormSection = Literal[
    "day", "record", "book", "slip", "re-date", "fact", "attest", "rule", "choose", "note", "amend",
    "ward", "cancel",
]  # fmt: skip
"""The last part of an address below the patient's: a page that asks for an act."""
SECTIONS: tuple[FormSection, ...] = get_args(FormSection)
AFTER_ALL: tuple[FormSection, ...] = ("note",)
"""What a cancelled plan still takes."""
HOUR = "planned-day-zero"
"""What the hour of planned day 0 is called among the known dates."""


def path_of(deed: Deed) -> str | None:
    """The address, below the patient's, of the page that asks for such a deed; None for what no page of a patient asks
    for."""
    match deed:
        case RecordEvent():
            return f"record/{deed.event}"
        case RecordDay():
            return f"day/{deed.on.isoformat()}"
        case Book():
            return f"book/{deed.event}"
        case Fact():
            return f"fact/{deed.name}"
        case PlannedHour():
            return f"fact/{HOUR}"
        case Attest():
            return f"attest/{deed.name}"
        case Choose():
            return f"choose/{deed.name}"
        case GiveRuling():
            return f"rule/{deed.ruling.rule}"
        case Move():
            return "slip"
        case ReDate():
            return f"re-date/{deed.course}"
        case Amend():
            return "amend"
        case ChangeWard():
            return "ward"
        case Note():
            return "note"
        case Cancel():
            return "cancel"
        case Create() | Restore() | SetClock():
            return None
        case _:
            assert_never(deed)


def link_words(place: FormSection, zero: str) -> str:
    """What the link to a page is called; `zero` is the anchor's name."""
    match place:
        case "day":
            return "Record today"
        case "record":
            return "Record or correct one item"
        case "book":
            return "Book another day or hour"
        case "slip":
            return f"Move {zero}"
        case "re-date":
            return "Give a course new dates"
        case "fact":
            return "Enter a date"
        case "attest":
            return "Record a statement"
        case "rule":
            return "Enter a decision"
        case "choose":
            return "Choose an option"
        case "note":
            return "Add a note"
        case "ward":
            return "Move to another ward"
        case "amend":
            return "Amend protocol or site"
        case "cancel":
            return "Cancel the plan"
        case _:
            assert_never(place)
