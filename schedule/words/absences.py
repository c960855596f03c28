"""What is not in the ledger, in words."""

from typing import assert_never

from schedule.model.notation import nearest
from schedule.model.reasons.absences import (
    Absence,
    ActAbsent,
    FeedAbsent,
    FirstActAbsent,
    NobodyStored,
    NoPlanStored,
    RevisionAbsent,
    SheetAbsent,
)


def absence_in_words(absence: Absence) -> tuple[str, str, str]:
    """What was asked for, that it is not there, and what to do."""
    match absence:
        case NoPlanStored():
            near = nearest(absence.code, absence.known)
            return f'"{absence.code[:40]}"', "no plan is stored under this code", near
        case ActAbsent():
            remedy = "look at the whole ledger, without --since"
            if absence.hash is None:
                return "--since last", "nothing says up to which act the ledger was whole", remedy
            return f'"{absence.hash[:64]}"', "no act of the ledger has this hash", remedy
        case RevisionAbsent():
            return f"{absence.code}, revision {absence.revision}", "there is none", f"the newest is {absence.newest}"
        case SheetAbsent():
            remedy = "read it again: XXXX-XXXX, no letter I, L, O or U"
            return f'"{absence.typed[:20]}"', "no sheet of the ledger has this code", remedy
        case FeedAbsent():
            return "feed", "there is none with that name", "look at the list of feeds"
        case NobodyStored():
            return absence.path, "no patient is stored", "name a list or a folder: dayzero cases CASES"
        case FirstActAbsent():
            return absence.code, "its first act is missing", "restore a backup"
        case _:
            assert_never(absence)
