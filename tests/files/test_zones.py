"""Zones by the names of the IANA database alone: none that another computer has otherwise, none without summer time by mistake."""

import pytest

from schedule.files.site_file import read_site
from schedule.model.dates import zone
from schedule.model.errors import InputError

REMEDY = 'write an IANA name such as "America/New_York"'


def zone_of(name, protocol):
    return read_site(f'format = 1\nzone = "{name}"\n', "site.toml", protocol).zone


@pytest.mark.parametrize("name", ["America/New_York", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "UTC", "Etc/GMT+5", "America/Port-au-Prince", "EST5EDT"])
def test_a_name_of_the_database_is_taken(name, protocol):
    assert zone_of(name, protocol).key == name


@pytest.mark.parametrize(
    "name",
    ["localtime", "posixrules", "posix/America/New_York", "right/America/New_York", "Factory", "leapseconds", "../localtime", "/etc/localtime", "zone.tab", "America/New York", "", ".", "x" * 65, "é"],
)  # fmt: skip
def test_what_is_a_file_of_one_computer_or_no_name_is_no_zone(name):
    with pytest.raises(ValueError):
        zone(name)


@pytest.mark.parametrize(("name", "meant"), [("EST", "America/New_York"), ("MST", "America/Denver"), ("HST", "Pacific/Honolulu")])
def test_a_name_without_summer_time_is_no_place(name, meant, protocol):
    with pytest.raises(InputError) as told:
        zone_of(name, protocol)
    assert str(told.value.mistakes[0]) == f'site.toml, zone: {name} has no summer time and names no place - write the place, such as "{meant}"'


def test_a_long_name_is_shown_short(protocol):
    with pytest.raises(InputError) as told:
        zone_of("x" * 9_000, protocol)
    assert str(told.value.mistakes[0]) == f"site.toml, zone: there is no time zone '{'x' * 60}…' - {REMEDY}"
