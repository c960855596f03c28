"""Who is needed first, and what was due and has no record: wards made by hand.

Every patient: lymphodepletion on days -5 (fludarabine 09:00, cyclophosphamide 11:00), -4 (the same), -3 (fludarabine), the
cells on day 0 at 10:00, IL-2 at 20:00 on days +1, +3 … +13. Nothing is on days -2; the donor's collection on day -1.
"""

from contextlib import ExitStack
from datetime import date, datetime

import pytest
from shared.ward import Ward

from schedule.engine.need import need, not_recorded, sheets_on_day
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Cancel
from schedule.service.revisions import newest, plan_of

TIMES = {"fludarabine": "09:00", "cyclophosphamide": "11:00", "il2": "20:00"}
TASK = '[[tasks]]\nid = "weight"\ntitle = "weigh the patient"\ndays = "-6 to +1"\nat = "06:00"\n'


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    """Each with its day 0, by what is on Wed 10-Jun-2026, in a ledger of its own."""
    folder = tmp_path_factory.mktemp("need")
    with ExitStack() as opened:
        made = {}

        def patient(code, zero, *given, more=""):
            store = opened.enter_context(SqliteStore(folder / code))
            made[code] = one = Ward(store, planned=f"{zero}T10:00:00", times=TIMES, code=code, as_of="2026-04-20 08:00", more=more)
            for event, when in given:
                one.record(event, "given", when)

        before = [(f"{name}-{n}", f"2026-06-{day:02} {TIMES[name]}") for n, day in ((1, 5), (2, 6), (3, 7)) for name in ("fludarabine", "cyclophosphamide") if (name, n) != ("cyclophosphamide", 3)]
        patient("CELLS", "2026-06-10", *before, ("donor-collection-1", "2026-06-09 08:00"))  # the cells at 10:00
        patient("DOSES", "2026-06-15")  # fludarabine at 09:00
        patient("LATER", "2026-06-16")  # fludarabine tomorrow
        patient("WEEKS", "2026-07-20")
        patient("TASKS", "2026-06-16", more=TASK)  # day -6: weighed at 06:00; fludarabine tomorrow
        patient("IL2", "2026-06-07", *[(event, f"2026-06-{int(when[8:10]) - 3:02}{when[10:]}") for event, when in before],
                ("donor-collection-1", "2026-06-06 08:00"), ("nk-infusion-1", "2026-06-07 10:00"), ("il2-1", "2026-06-08 20:00"))  # IL-2 at 20:00 today
        patient("MISSED", "2026-06-14", ("fludarabine-1", "2026-06-09 09:00"))  # day -5 was yesterday: cyclophosphamide
        patient("GONE", "2026-06-14")
        made["GONE"].do(Cancel(), "2026-06-09 12:00", reason="withdrawn")
        yield made


def seen(one, now):
    return plan_of(one.store, newest(one.store, one.code), as_of=datetime.fromisoformat(now))


def order(ward, now, day=None):
    plans = [seen(one, now) for one in ward.values() if one.code != "GONE"]
    return [code for *_, code in sorted(need(plan, date.fromisoformat(day) if day else None) for plan in plans)]


def test_not_recorded_comes_first_then_cells_doses_by_their_hour_and_what_is_next(ward):
    """07:00: of TASKS the weight of 06:00 is not recorded, of MISSED yesterday's cyclophosphamide, which is older; then the
    cells; then doses, at 09:00 and 20:00; then who has a dose tomorrow, and in July."""
    assert order(ward, "2026-06-10 07:00") == ["MISSED", "TASKS", "CELLS", "DOSES", "IL2", "LATER", "WEEKS"]


def test_what_becomes_due_and_is_not_recorded_goes_up(ward):
    """09:30: the fludarabine of DOSES (09:00) and of MISSED (09:00, but yesterday's is older) are due; TASKS since 06:00."""
    assert order(ward, "2026-06-10 09:30")[:3] == ["MISSED", "TASKS", "DOSES"]


def test_of_tomorrow_what_is_not_recorded_today_does_not_count(ward):
    """Thu 11-Jun: fludarabine at 09:00 for DOSES, LATER, TASKS, MISSED (day 0 14, 15, 16, 16-Jun), then what comes after: IL-2
    of CELLS is at 20:00, of IL2 on 12-Jun."""
    assert order(ward, "2026-06-10 09:30", "2026-06-11") == ["MISSED", "DOSES", "LATER", "TASKS", "CELLS", "IL2", "WEEKS"]


def missing(one, now):
    return [event.id for event in not_recorded(seen(one, now))]


def test_what_was_due_and_has_no_record_is_told_oldest_first(ward):
    assert missing(ward["MISSED"], "2026-06-10 08:59") == ["cyclophosphamide-1"]
    assert missing(ward["MISSED"], "2026-06-10 11:00") == ["cyclophosphamide-1", "fludarabine-2", "cyclophosphamide-2"]


def test_a_task_of_the_sites_is_told_today_and_tomorrow_and_a_dose_until_it_is_recorded(ward):
    """Midnight: the task of 10-Jun is told to the end of 11-Jun, those of 11-Jun to the end of 12-Jun."""
    tasks = [name for name in missing(ward["TASKS"], "2026-06-11 23:59") if name.startswith("weight")]
    assert tasks == ["weight-1", "weight-2"]
    after = missing(ward["TASKS"], "2026-06-12 00:00")
    assert after == ["fludarabine-1", "cyclophosphamide-1", "weight-2"] or after == ["weight-2", "fludarabine-1", "cyclophosphamide-1"]
    assert "fludarabine-1" in missing(ward["TASKS"], "2026-06-30 12:00")


def test_of_a_cancelled_plan_nothing_is_missing_and_no_day_has_a_sheet(ward):
    gone = seen(ward["GONE"], "2026-06-10 12:00")
    assert (not_recorded(gone), sheets_on_day(gone, date(2026, 6, 10))) == ((), 0)


@pytest.mark.parametrize(
    ("code", "day", "sheets"),
    [
        ("DOSES", "2026-06-10", 1), ("DOSES", "2026-06-13", 0), ("DOSES", "2026-06-14", 1),  # the donor's alone
        ("WEEKS", "2026-06-10", 0), ("CELLS", "2026-06-10", 1), ("CELLS", "2026-06-09", 1),
    ],
)  # fmt: skip
def test_a_day_has_the_patients_sheet_and_the_donors(ward, code, day, sheets):
    assert sheets_on_day(seen(ward[code], "2026-06-10 07:00"), date.fromisoformat(day)) == sheets
