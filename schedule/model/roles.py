"""What a person may do: roles, each for one ward or for all.

Nobody has a role by having another, but that whoever may do something may look.
"""

from typing import Literal, get_args

from msgspec import Struct

Role = Literal["view", "record", "move", "decide", "set-up"]
"""`view`: look and print. `record`: what was given, dates, statements, choices, bookings, notes. `move`: a new patient,
a new day 0, cancelling. `decide`: for the principal investigator. `set-up`: feeds, amendments, wards."""
ROLES: tuple[Role, ...] = get_args(Role)


class Grant(Struct, frozen=True, kw_only=True):
    """One role, on one ward; None is every ward."""

    role: Role
    ward: str | None


class Rights(Struct, frozen=True):
    """What one person may do."""

    grants: frozenset[Grant]

    def may(self, role: Role, ward: str) -> bool:
        """Whether she has the role on that ward."""
        return any(one.ward in (None, ward) and role in ("view", one.role) for one in self.grants)

    def anywhere(self, role: Role) -> bool:
        """Whether she has the role on any ward."""
        return any(role in ("view", one.role) for one in self.grants)

    def on(self, ward: str) -> tuple[Role, ...]:
        """The roles that she has on that ward, in the order of all roles."""
        return tuple(role for role in ROLES if self.may(role, ward))


EVERYTHING = Rights(frozenset(Grant(role=role, ward=None) for role in ROLES))
"""Of the computer's own user, and of everybody where no groups are asked for."""
