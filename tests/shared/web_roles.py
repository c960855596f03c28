"""Two wards behind a proxy that names groups, for the tests of who may do what."""

from schedule.model.roles import ROLES, Grant
from schedule.web.settings import Groups
from shared.web_ward import Book

HOST = "dayzero.hospital.example"
OWN, OTHER = "BMT", "Haematology & co"
GRANTS = {
    **{f"cn={role},ou=bmt": frozenset({Grant(role=role, ward=OWN)}) for role in ROLES},
    **{f"all {role}": frozenset({Grant(role=role, ward=None)}) for role in ROLES},
}
PROXY = {
    "proxy_header": "X-Remote-User", "hosts": frozenset({HOST}), "origins": frozenset({f"https://{HOST}"}),
    "groups": Groups(header="X-Remote-Groups", separator=";", grants=GRANTS),
}  # fmt: skip


class OnWard(Book):
    """A patient on the ward that the site file names."""

    def __init__(self, name, *args, **more):
        self.name = name
        super().__init__(*args, **more)

    def site(self, **parameters):
        return super().site(**parameters).replace("\n", f'\nname = "{self.name}"\n', 1)
