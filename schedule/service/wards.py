"""Which patient is on which ward. A ledger of one ward, or of none that is named, is as if there were no wards."""

from collections.abc import Mapping
from contextlib import suppress

from schedule.files.case_file import WARD_REMEDY, why_no_ward
from schedule.ledger.packed import case_in
from schedule.ledger.store import Store
from schedule.model.acts import ChangeWard
from schedule.model.case import Case
from schedule.model.errors import InputError, Mistake, Where
from schedule.model.kept import Row
from schedule.model.text import printable
from schedule.service.revisions import inputs_of, newest

_WARDS: dict[str, tuple[str, str]] = {}
"""The hash of an act of each patient, and the ward after it: worked out once, since it never changes."""


def ward_of_row(store: Store, row: Row) -> str:
    """The ward that a patient is on after an act; empty where none is named."""
    known = _WARDS.get(row.act.code)
    if known is None or known[0] != row.hash:
        protocol, site, case = _case_of(row)
        known = _WARDS[row.act.code] = row.hash, case.ward_at(inputs_of(store, protocol, site)[1])
    return known[1]


def _case_of(row: Row) -> tuple[str, str | None, Case]:
    """The hashes of the texts, and the patient's case, after an act: read alone, since every page asks of everybody."""
    if row.content is not None:
        with suppress(KeyError, TypeError, ValueError):
            return case_in(row.content)
    state = row.projection  # which says why it cannot be read
    return state.protocol, state.site, state.case


def wards_by_code(store: Store) -> Mapping[str, str]:
    """The ward of every patient, by code."""
    found = {}
    for code, head in store.heads().items():
        known = _WARDS.get(code)
        found[code] = known[1] if known and known[0] == head else ward_of_row(store, newest(store, code))
    return found


def all_wards(store: Store) -> tuple[str, ...]:
    """The names of all wards that have a patient, in order."""
    return tuple(sorted(set(wards_by_code(store).values()), key=str.casefold))


def codes_on(store: Store, ward: str | None) -> tuple[str, ...]:
    """The codes of the patients of a ward, in order; None is every ward."""
    return tuple(code for code, on in wards_by_code(store).items() if ward in (None, on))


def change_of_ward(name: str) -> ChangeWard:
    """The act that puts a patient on another ward. InputError for what is no name of one."""
    text = printable(name).strip()
    wrong = why_no_ward(text)
    if wrong:
        raise InputError(Mistake(place=Where(file="ward"), message=wrong, remedy=WARD_REMEDY))
    return ChangeWard(ward=text)
