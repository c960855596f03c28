"""The file that says what each group of the directory may do: what is read, and every mistake with its place."""

import pytest

from schedule.files.groups_file import read_groups
from schedule.model.errors import InputError
from schedule.model.roles import Grant

GOOD = """format = 1

[[groups]]
name = "CN=Dayzero Nurses,OU=BMT,DC=hospital,DC=example"
roles = ["record", "view"]
wards = ["BMT", "Ward 4B, day clinic"]

[[groups]]
name = "Dayzero Administrators"
roles = "set-up"
wards = "all"

[[groups]]
name = "cn=dayzero nurses,ou=bmt,dc=hospital,dc=example"
roles = ["view"]
wards = ["Haematology"]
"""


def test_each_group_has_its_roles_on_its_wards():
    nurses = "cn=dayzero nurses,ou=bmt,dc=hospital,dc=example"
    assert read_groups(GOOD, "groups.toml") == {
        nurses: {
            Grant(role="record", ward="BMT"), Grant(role="view", ward="BMT"), Grant(role="view", ward="Haematology"),
            Grant(role="record", ward="Ward 4B, day clinic"), Grant(role="view", ward="Ward 4B, day clinic"),
        },
        "dayzero administrators": {Grant(role="set-up", ward=None)},
    }  # fmt: skip


def test_a_letter_with_its_accent_beside_it_is_the_same_letter():
    """An editor may write ü as u and two dots; the proxy's name is read as one letter."""
    text = GOOD.replace("Dayzero Administrators", "Pru\u0308fung")
    assert "pr\u00fcfung" in read_groups(text, "groups.toml")


def group(name='"Nurses"', roles='["record"]', wards='["BMT"]', more=""):
    keys = (("name", name), ("roles", roles), ("wards", wards))
    return "format = 1\n[[groups]]\n" + "".join(f"{key} = {value}\n" for key, value in keys if value) + more


ROLES = 'write roles = ["record"]; there are view, record, move, decide, set-up'
WARDS = 'write wards = ["BMT"], or wards = "all"'


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("format = 1\n", ['groups.toml, groups: is missing - write [[groups]], with name = "…", roles and wards']),
        (group().replace("format = 1\n", ""), ["groups.toml, format: is missing - the file begins with format = 1"]),
        (group(name=""), ['groups.toml, group 1, name: is missing - add name = "…"']),
        (group(name="7"), ['groups.toml, group 1, name: 7 is not a text - write name = "…"']),
        (group(name='"(null)"'), ['groups.toml, group 1, name: "(null)" is what a proxy writes for nobody - write a group of the directory']),
        (group(name='"%{GROUPS}e"'), ['groups.toml, group 1, name: "%{GROUPS}e" is what a proxy writes for nobody - write a group of the directory']),
        (group(roles=""), [f"groups.toml, group 1, roles: is missing - {ROLES}"]),
        (group(roles="[]"), [f"groups.toml, group 1, roles: the list is empty - {ROLES}"]),
        (group(roles='["recrod"]'), ['groups.toml, group 1, roles: "recrod" is no role - did you mean "record"?']),
        (group(roles="[1]"), ['groups.toml, group 1, roles: 1 is not a text - write roles = ["…"]']),
        (group(wards=""), [f"groups.toml, group 1, wards: is missing - {WARDS}"]),
        (group(wards="[]"), [f"groups.toml, group 1, wards: the list is empty - {WARDS}"]),
        (group(wards='["all"]'), [f'groups.toml, group 1, wards: "all" stands among names of wards - {WARDS}']),
        (group(wards='[" "]'), [f"groups.toml, group 1, wards: the name of a ward is empty - {WARDS}"]),
        (group(more="ward = 1\n"), ['groups.toml, group 1, ward: I don\'t know this key - did you mean "wards"?']),
        (group() + group().removeprefix("format = 1\n").replace("Nurses", "NURSES"), ['groups.toml, group 2, name: "nurses" is there already for this ward - put its roles together']),
        (
            group(name='"-"', roles='["x"]', wards="[]"),
            [
                'groups.toml, group 1, name: "-" is what a proxy writes for nobody - write a group of the directory',
                'groups.toml, group 1, roles: "x" is no role - known here: decide, move, record, set-up, view',
                f"groups.toml, group 1, wards: the list is empty - {WARDS}",
            ],
        ),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_every_mistake_is_told_with_its_place(text, mistakes):
    with pytest.raises(InputError) as told:
        read_groups(text, "groups.toml")
    assert [str(mistake) for mistake in told.value.mistakes] == mistakes
