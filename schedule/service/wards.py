"""Which patient is on which ward. A ledger of one ward, or of none that is named, is as if there were no wards."""

from schedule.files.case_file import WARD_REMEDY, why_no_ward
from schedule.ledger.store import Store
from schedule.model.acts import ChangeWard
from schedule.model.errors import InputError, Mistake, Where
from schedule.model.text import printable


def all_wards(store: Store) -> tuple[str, ...]:
    """The names of all wards that have a patient, in order."""
    return tuple(sorted(store.wards(), key=str.casefold))


def codes_on(store: Store, ward: str | None) -> tuple[str, ...]:
    """The codes of the patients of a ward, in order; None is every ward."""
    return tuple(store.heads(ward))


def change_of_ward(name: str) -> ChangeWard:
    """The act that puts a patient on another ward. InputError for what is no name of one."""
    text = printable(name).strip()
    wrong = why_no_ward(text)
    if wrong:
        raise InputError(Mistake(place=Where(file="ward"), message=wrong, remedy=WARD_REMEDY))
    return ChangeWard(ward=text)
