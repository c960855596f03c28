"""A file that says what each group of the hospital's directory may do -> grants, or every mistake in it at once."""

import unicodedata
from collections.abc import Mapping

from schedule.files.table import Table, shown, tables_of
from schedule.model.errors import InputError, Mistake, Where
from schedule.model.notation import nearest
from schedule.model.roles import ROLES, Grant, Role
from schedule.model.text import printable
from schedule.model.who import is_nobody

ALL = "all"
"""In the place of a list of wards: every ward."""
_WARDS_REMEDY = 'write wards = ["BMT"], or wards = "all"'
_ROLES_REMEDY = f'write roles = ["record"]; there are {", ".join(ROLES)}'


def read_groups(text: str, name: str) -> Mapping[str, frozenset[Grant]]:
    """What each group may do, by its name in lower case. InputError with every mistake there is."""
    mistakes: list[Mistake] = []
    top = Table(tables_of(text, name), Where(file=name), mistakes)
    top.has_format_1()
    found: dict[str, frozenset[Grant]] = {}
    for row in top.each_row("groups", "group"):
        group, grants = _group(row)
        row.close()
        before = found.get(group, frozenset())
        if {one.ward for one in before} & {one.ward for one in grants}:
            row.mistake("name", f"{shown(group)} is there already for this ward", "put its roles together")
        found[group] = before | grants
    if "groups" not in top:
        top.mistake("groups", "is missing", 'write [[groups]], with name = "…", roles and wards')
    top.close()
    if mistakes:
        raise InputError(*mistakes)
    return found


def _group(row: Table) -> tuple[str, frozenset[Grant]]:
    """One group's name in lower case, and what it may do."""
    name = row.text("name", required=True)
    if name and is_nobody(name):
        row.mistake("name", f"{shown(name)} is what a proxy writes for nobody", "write a group of the directory")
    roles, wards = _roles(row), _wards(row)
    grants = frozenset(Grant(role=role, ward=ward) for role in roles for ward in wards)
    return unicodedata.normalize("NFC", name).casefold(), grants


def _roles(row: Table) -> list[Role]:
    if not row.items("roles"):
        row.mistake("roles", "is missing" if "roles" not in row else "the list is empty", _ROLES_REMEDY)
    found: list[Role] = []
    for text in row.texts("roles"):
        known = next((role for role in ROLES if role == text), None)
        if known is None:
            row.mistake("roles", f"{shown(text)} is no role", nearest(text, ROLES))
        else:
            found.append(known)
    return found


def _wards(row: Table) -> list[str | None]:
    """The wards by name; None is every ward."""
    if row.get("wards") == ALL:
        return [None]
    if not row.items("wards"):
        row.mistake("wards", "is missing" if "wards" not in row else "the list is empty", _WARDS_REMEDY)
    names = [printable(name).strip() for name in row.texts("wards")]
    if any(name.casefold() == ALL for name in names):
        row.mistake("wards", f"{shown(names[0])} stands among names of wards", _WARDS_REMEDY)
    if "" in names:
        row.mistake("wards", "the name of a ward is empty", _WARDS_REMEDY)
    return [*names]
