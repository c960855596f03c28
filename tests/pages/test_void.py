"""Printed sheets that are void: of every revision, in three groups by day."""

from datetime import date, datetime

import pytest
from shared.notices import CODE, Example
from shared.paper_plans import WHEN

from schedule.commands.typed import moment
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Cancel
from schedule.output.outputs import everything, files_beside, pages
from schedule.pages.sheets import day_sheets
from schedule.pages.void import OfDay, printed_revision, void_sheets
from schedule.service.acts import perform, record_of
from schedule.service.export import change_of
from schedule.service.printed import printed_before
from schedule.service.revisions import newest, plan_of
from schedule.service.sheet_check import find_sheet
from schedule.words.acts import deed_in_words
from schedule.words.alerts import banner
from schedule.words.plan import frame


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """Revision 1; dose 1 recorded on its day; day 0 moved on the day after, at noon."""
    with SqliteStore(tmp_path_factory.mktemp("void") / "ledger.sqlite") as store:
        one = Example(store)
        one.record("fludarabine-1", "given", "2026-06-10 09:05")
        one.move("2026-06-16 10:00", "2026-06-11 12:00", "fever")
        yield one


def codes_of(one, revision):
    """Date and whose -> the code on the sheet that was printed from a revision."""
    plan = plan_of(one.store, one.store.at(CODE, revision))
    return {OfDay(sheet.of_day, sheet.donor): sheet.check for sheet in day_sheets(plan, frame(plan, WHEN))}


def void_after(one, revision):
    row = one.store.at(CODE, revision)
    return change_of(one.store, row).notice.void


def test_the_sheets_of_every_revision_are_on_the_notice_not_those_of_the_last_alone(ledger):
    """All that was printed from revision 1 or 2 of yesterday or later: the move has changed every day."""
    void = {sheet.check for sheet in void_after(ledger, 3).sheets}
    wanted = {code for revision in (1, 2) for day, code in codes_of(ledger, revision).items() if day.on >= date(2026, 6, 10)}
    assert void == wanted and len(wanted) >= 50


def test_void_sheets_are_dealt_with_in_three_ways_by_their_day(ledger):
    groups = {group.fate: group for group in void_after(ledger, 3).groups}
    assert list(groups) == ["replace", "cross-through", "leave"]
    assert [day for day, _ in groups["cross-through"].days] == ["Thu 11-Jun-2026"]
    assert [day for day, _ in groups["leave"].days] == ["Wed 10-Jun-2026"]
    first, second = codes_of(ledger, 1), codes_of(ledger, 2)
    today = OfDay(date(2026, 6, 11), False)
    assert groups["cross-through"].days[0].checks == (second[today], first[today])
    assert groups["replace"].days[-1].day == "donor, Sun 14-Jun-2026, no new sheet"


def test_a_record_of_today_orders_no_sheet_taken_away(ledger):
    """Dose 1, recorded on its own day: the sheet on which it was ticked is crossed through and kept."""
    (group,) = void_after(ledger, 2).groups
    assert (group.fate, group.title, group.span) == ("cross-through", "Cross through and keep", "Wed 10-Jun-2026")
    assert group.days[0].checks == (codes_of(ledger, 1)[OfDay(date(2026, 6, 10), False)],)


def test_no_sentence_says_destroy(ledger):
    for group in void_after(ledger, 3).groups:
        assert "destroy" not in f"{group.title} {group.about}".lower()


def test_a_sheet_that_would_print_alike_is_not_void_in_whatever_revision(ledger):
    printed = [*printed_before(ledger.store, CODE, 3), printed_revision(ledger.plan)]
    assert void_sheets(printed[2:], ledger.plan, datetime(2026, 6, 11)) is None
    before = plan_of(ledger.store, ledger.store.at(CODE, 2))
    void = void_sheets(printed[:1], before, datetime(2026, 5, 26))
    assert {sheet.on for sheet in void.sheets} == {date(2026, 6, 10)}


def test_a_day_that_has_nothing_any_more_has_no_new_sheet_and_nobody_is_told_to_print_one(ledger):
    """Day 0 on Tue 16-Jun: the donor comes on Mon 15-Jun, and not on Sun 14-Jun; Mon 13-Jul, 28 days after 15-Jun, is
    Tue 14-Jul; from 15 to 28-Jun each day has its weight."""
    (replaced,) = (group for group in void_after(ledger, 3).groups if group.fate == "replace")
    days = [day for day, _ in replaced.days]
    assert days[-1] == "donor, Sun 14-Jun-2026, no new sheet"
    assert {"Mon 13-Jul-2026, no new sheet", "Mon 15-Jun-2026", "Sun 28-Jun-2026"} <= {*days}
    assert replaced.about.startswith("Days to come: print them anew.")


@pytest.fixture(scope="module")
def cancelled(tmp_path_factory):
    """Dose 1 recorded; day 0 three days after its plan, which the principal investigator must decide; then cancelled."""
    with SqliteStore(tmp_path_factory.mktemp("cancelled") / "ledger.sqlite") as store:
        one = Example(store)
        one.record("fludarabine-1", "given", "2026-06-10 09:05")
        one.move("2026-06-16 10:00", "2026-06-10 20:00", "fever")
        assert banner(one.plan).startswith("PRINCIPAL INVESTIGATOR MUST DECIDE")
        perform(store, CODE, Cancel(), one.meta("2026-06-11 08:00", reason="withdrew"))
        yield one


def test_nothing_of_a_cancelled_plan_is_asked_for(cancelled):
    """No decision, no signature under go or no-go, no deadline, and no calendar for the patient with a day 0 on it."""
    plan = cancelled.plan
    assert banner(plan) == "CANCELLED"
    assert not {"go.html", "deadlines.html", "patient.html"} & {*pages(plan, WHEN), *files_beside(plan)}
    text = "".join(pages(plan, WHEN).values()) + everything(plan, WHEN)
    assert "must decide" not in text.lower() and "go.html" not in text and "Your calendar" not in text
    assert "<h2>Next" not in text and 'class="box"' not in text, "a task without a record has no box to tick"
    first = day_sheets(plan, frame(plan, WHEN))[0].head.title.replace("\u00a0", " ")
    assert first == "Lymphodepletion day 1 of 3", "fludarabine on Wed, Thu and Fri, as it was printed"


def test_todays_sheet_of_a_plan_that_is_cancelled_today_has_no_new_one(tmp_path):
    """The dose of 09:05 is recorded: its sheet is a record, and nothing more is to be ticked on another."""
    with SqliteStore(tmp_path / "ledger.sqlite") as store:
        one = Example(store)
        one.record("fludarabine-1", "given", "2026-06-10 09:05")
        perform(store, CODE, Cancel(), one.meta("2026-06-10 12:00", reason="withdrew"))
        groups = {group.fate: group.about for group in change_of(store, newest(store, CODE)).notice.void.groups}
        assert groups["cross-through"] == "Today's: it is a record of what was done. There is no new one: nothing more is planned for today."
        sheet = codes_of(one, 1)[OfDay(date(2026, 6, 10), False)]
        found = find_sheet(store, sheet, datetime.fromisoformat("2026-06-10T13:00-04:00"), [CODE])
        assert "Cross it through and keep it: it is a record. There is no new one: " in found.told("page")


def test_nobody_is_told_to_print_the_sheets_of_a_cancelled_plan_anew(cancelled):
    row = newest(cancelled.store, CODE)
    told = change_of(cancelled.store, row).notice
    assert [group.title for group in told.void.groups] == ["Take away", "Cross through and keep", "Leave in the chart"]
    assert not any("new one" in f"{group.about}" and "no new one" not in group.about for group in told.void.groups)
    il2 = next(row for row in told.gone if "IL-2" in row.what)  # Wed 17-Jun and every second day, at 20:00
    days = "Wed 17, Fri 19, Sun 21, Tue 23, Thu 25, Sat 27, Mon 29-Jun-2026, 20:00"
    assert (il2.detail.replace("\u00a0", " "), il2.now.replace("\u00a0", " ")) == ("dose 1 to 7", days) and len(told.gone) < len(told.vanished) / 2
    assert not any("To day 0" in line or "to day 0" in line for line in told.summary)
    sheet = codes_of(cancelled, 1)[OfDay(date(2026, 6, 12), False)]
    found = find_sheet(cancelled.store, sheet, datetime.fromisoformat("2026-06-11T13:00-04:00"), [CODE])
    assert "There is no new one: nothing is planned on that day any more. If anything is written" in found.told("page")


def test_a_task_that_was_not_done_is_called_so_everywhere_and_asks_nobody_who_looks_after_the_trial(tmp_path):
    """Held is said of a dose: nobody holds a weight. A task of the site's own is no question to the investigator."""
    with SqliteStore(tmp_path / "ledger.sqlite") as store:
        one = Example(store)
        one.record("cyclophosphamide-1", "held", "2026-06-10 11:00", "fever")
        one.record("weight-1", "held", "2026-06-10 11:05", "scale broken")
        row, plan = newest(store, CODE), one.plan
        told = change_of(store, row).notice
        (sheet,) = (sheet for sheet in day_sheets(plan, frame(plan, WHEN)) if sheet.of_day == date(2026, 6, 10))
        states = {task.name: task.state for page in sheet.pages for block in page.blocks for task in block.rows}
        assert (states["cyclophosphamide"], states["weigh the patient"]) == ("HELD", "NOT DONE")
        assert "<b>NOT<br>DONE</b>" in pages(plan, WHEN)["sheets.html"]  # in one line it would lie over the hour beside it
        assert told.queries == told.tell == ()
        assert "weigh the patient: not done, Wed 10-Jun-2026 11:05" in deed_in_words(plan, row.act.deed)
        assert any("HELD (fever)" in line for line in change_of(store, store.at(CODE, 2)).notice.queries)
        again = record_of("cyclophosphamide-1", "given", moment(plan, "2026-06-10 11:00", "--at"), "")
        assert "HELD" not in deed_in_words(plan, again)  # it says what is recorded now


# The check of a sheet in the hand


def told(one, check, now):
    found = find_sheet(one.store, check, datetime.fromisoformat(f"{now}-04:00"), one.store.codes())
    return found.state, found.told("terminal")


def test_the_check_names_the_act_that_changed_the_day_not_the_first_after_printing(ledger):
    codes = codes_of(ledger, 1)
    state, said = told(ledger, codes[OfDay(date(2026, 6, 14), False)], "2026-06-11T13:00")
    assert state == "replace"
    assert "Revision 3 (move by nurse 7) changed that day." in said
    assert "If anything is written on this one, cross it through and keep it." in said


@pytest.mark.parametrize(
    ("now", "state", "says"),
    [
        ("2026-06-11T13:00", "replace", "Print anew: dayzero print CIML-017 --pdf."),
        ("2026-06-14T07:00", "cross-through", "Cross it through and keep it: it is a record."),
        ("2026-06-15T07:00", "leave", "OF A DAY PAST: CIML-017, Sun 14-Jun-2026, revision 2."),
    ],
)
def test_what_is_to_be_done_goes_by_the_day_on_which_it_is_asked(ledger, now, state, says):
    found = told(ledger, codes_of(ledger, 2)[OfDay(date(2026, 6, 14), False)], now)
    assert found[0] == state and says in found[1]


def test_a_current_sheet_says_so_and_the_donors_is_told_apart(ledger):
    codes = codes_of(ledger, 3)
    assert told(ledger, codes[OfDay(date(2026, 6, 16), False)], "2026-06-11T13:00")[1] == "CURRENT: CIML-017, Tue 16-Jun-2026, revision 3."
    donor = next(code for day, code in codes.items() if day.donor)
    assert told(ledger, donor, "2026-06-11T13:00")[1] == "CURRENT: donor of CIML-017, Mon 15-Jun-2026, revision 3."
    assert newest(ledger.store, CODE).act.revision == 3
