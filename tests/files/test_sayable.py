"""What authors write, and what comes of it: small files of tests/faults with their right values, worked out by hand."""

from datetime import datetime

import pytest
from shared import TESTS

from schedule.engine.layout import lay_out_events
from schedule.engine.plan import first_standing
from schedule.files.case_file import read_case
from schedule.files.lint import warnings
from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.model.errors import InputError

AS_OF = datetime(2026, 6, 1, 9, 0)


def read(reader, fault, name, *more):
    return reader((TESTS / "faults" / fault / name).read_text(encoding="utf-8"), name, *more)


def laid_out(fault, trial="trial.toml", site="site.toml", case="case.toml"):
    """The events of a fault's patient."""
    protocol = read(read_protocol, fault, trial)
    where = read(read_site, fault, site, protocol)
    patient = read(read_case, fault, case, protocol, where)
    return lay_out_events(protocol, where, first_standing(patient), AS_OF, patient.dates).events


def starts(events, activity):
    """`10-Jun 11:00`, or the date alone."""
    found = [event for event in events if event.activity == activity]
    return [f"{event.start:%d-%b %H:%M}" if event.start else f"{event.on:%d-%b}" for event in found]


def mistakes(fault, name, *more, reader=read_protocol):
    """What is said of a file that is refused."""
    with pytest.raises(InputError) as raised:
        read(reader, fault, name, *more)
    return [str(mistake) for mistake in raised.value.mistakes]


def test_every_day_for_5_days_is_five_days_and_every_8_hours_for_24_hours_three_doses():
    """Day 0 is Mon 15-Jun 10:00. Drug A begins a day after it; drug B an hour after it, and a fourth dose of it would
    begin a second day; the weight is taken on days -5 to -1."""
    events = laid_out("29-for-five-days-gives-six")
    assert starts(events, "drug-a") == ["16-Jun", "17-Jun", "18-Jun", "19-Jun", "20-Jun"]
    assert starts(events, "drug-b") == ["15-Jun 11:00", "15-Jun 19:00", "16-Jun 03:00"]
    assert starts(events, "weight") == ["10-Jun", "11-Jun", "12-Jun", "13-Jun", "14-Jun"]


def test_the_linter_says_how_many_a_for_gives():
    found = warnings(read(read_protocol, "29-for-five-days-gives-six", "trial.toml"), "trial.toml")
    rest = "it is counted from the start, the end not included"
    assert [(str(one.place), one.message) for one in found] == [
        ('trial.toml, activity "drug-a", days', f'"for 5 days" gives 5: {rest}'),
        ('trial.toml, activity "drug-b", days', f'"for 24 hours" gives 3: {rest}'),
    ]
