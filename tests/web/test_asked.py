"""Where an act is asked for: on the command line, and on a page."""

from datetime import UTC, date, datetime
from typing import get_args

import pytest
from shared.web_ward import open_ward

from schedule.commands.asked import command_of
from schedule.commands.listed import COMMANDS
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
from schedule.model.case import Attested, Ruling
from schedule.model.moment import Moment
from schedule.model.plan import Record
from schedule.web.asked import SECTIONS, path_of

DAY, MOMENT = date(2026, 6, 15), datetime(2026, 6, 15, 10, tzinfo=UTC)
WHERE = {
    Create(protocol="p", site=None, case="c"): ("plan", None),
    RecordEvent(event="nk-infusion-1", record=Record(outcome="given", at=datetime(2026, 6, 15), timed=False, reason="")): (
        "record", "record/nk-infusion-1",
    ),
    RecordDay(on=DAY, records=()): ("record", "day/2026-06-15"),
    Book(event="response-marrow-1", at=Moment(on=DAY)): ("book", "book/response-marrow-1"),
    Fact(name="marrow", dates=(DAY,), instead=False): ("fact", "fact/marrow"),
    PlannedHour(moment=MOMENT): ("fact", "fact/planned-day-zero"),
    Attest(name="age-eligible", attested=Attested(on=DAY, by="PI")): ("attest", "attest/age-eligible"),
    Choose(name="part", option="part-2"): ("choose", "choose/part"),
    GiveRuling(ruling=Ruling(rule="T14", outcome="allowed", by="PI", on=DAY, reason="x", day_zero=DAY)): ("rule", "rule/T14"),
    Move(to=Moment(on=DAY), cause="other"): ("slip", "slip"),
    ReDate(course="il2", by="PI"): ("re-date", "re-date/il2"),
    Amend(protocol="p", site=None): ("amend", "amend"),
    ChangeWard(ward="North 4"): ("ward", "ward"),
    SetClock(): ("clock", None),
    Note(text="told"): ("note", "note"),
    Cancel(): ("cancel", "cancel"),
    Restore(lost=0): ("restore", None),
}  # fmt: skip


def test_every_act_there_is_has_a_command_and_a_page():
    assert {type(deed) for deed in WHERE} == set(get_args(Deed))


@pytest.mark.parametrize(("deed", "where"), WHERE.items(), ids=lambda one: type(one).__name__)
def test_an_act_is_asked_for_by_a_command_and_on_a_page_that_there_are(deed, where):
    assert (command_of(deed), path_of(deed)) == where
    assert command_of(deed) in COMMANDS


def test_every_page_that_asks_for_an_act_of_the_patients_protocol_is_there(tmp_path):
    with open_ward(tmp_path) as ward:
        ward.at("2026-06-12 08:00")
        paths = [path for _, path in WHERE.values() if path not in (None, "choose/part", "fact/planned-day-zero")]
        assert {path: ward.get(f"/p/PLAN-1/{path}").status_code for path in paths} == dict.fromkeys(paths, 200)
        links = ward.get("/p/PLAN-1").get_data(as_text=True)
        assert [name for name in SECTIONS if f'href="/p/PLAN-1/{name}"' not in links] == ["choose", "ward"]
