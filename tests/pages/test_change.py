"""The change notice: what moves and stays, which paper is void, who is to be told, and words that cannot break its page."""

from datetime import date
from html.parser import HTMLParser

import pytest
from shared.ward import CODE, Ward

from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Cancel, GiveRuling, Note
from schedule.model.case import Ruling
from schedule.model.notation import NO_BREAK
from schedule.output.outputs import change_page, pages
from schedule.pages.change import notice, notice_values
from schedule.pages.sheets import day_sheets
from schedule.service.revisions import newest
from schedule.words.change import CALENDARS, IN_CALENDARS, NO_CHANGE, NO_OTHER_CHANGE, hours
from schedule.words.plan import frame

HOSTILE = "</p></style><script>alert('x')</script><img src=x onerror=alert(1)> & \"quoted\" 'single'"


@pytest.fixture
def ward(tmp_path, monkeypatch):
    """Makes patients, each in a ledger of its own."""
    monkeypatch.setenv("DAYZERO_STORE", str(tmp_path / "no-ledger-here.sqlite"))
    stores = []

    def make(**keys):
        store = SqliteStore(tmp_path / f"ledger-{len(stores)}.sqlite")
        stores.append(store.__enter__())
        return Ward(store, **keys)

    yield make
    for store in stores:
        store.__exit__()


def told(ward, done, by="", reason=""):
    """The notice of an act that was done, or of one that was not."""
    deed = done.row.act.deed if done.row else ward.tried
    return notice(
        done.before, done.after, deed, done.verdict, saved=done.saved, as_of=done.after.as_of, by=by,
        reason=reason,
    )  # fmt: skip


def page_of(ward, done, **words):
    return change_page(done.after, told(ward, done, **words), newest(ward.store, CODE).act.at)


class Seen(HTMLParser):
    """The tags of a page and its words."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.words, self.hidden = [], [], 0
        self.feed(text)
        self.close()
        self.text = " ".join("".join(self.words).replace(NO_BREAK, " ").split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(attrs)))
        self.hidden += tag == "style"
        if tag not in ("span", "b", "s"):
            self.words.append(" ")

    def handle_endtag(self, tag):
        self.hidden -= tag == "style"

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


# what is said --------------------------------------------------------------------------------------------------------


def test_a_slip_says_from_and_to_the_limit_and_what_stays(ward):
    one = ward()
    found = told(one, one.slip("2026-06-16 10:00", "2026-06-12 08:00"))
    assert found.heading == f"Slip of {CODE}: day 0 from Mon 15-Jun-2026 10:00 to Tue 16-Jun-2026 10:00."
    assert found.summary[0] == (
        "Limit: 48 hours from planned day 0, until Wed 17-Jun-2026 10:00. Used 24 hours, left 24 hours."
    )
    assert found.summary[1] == "Planned day 0 stays Mon 15-Jun-2026 10:00."
    assert found.zero == ("Slip", "Mon 15-Jun-2026 10:00", "Tue 16-Jun-2026 10:00")
    assert [where for _, title, where in found.stays if title.startswith("fludarabine")] == [
        "Wed 10-Jun-2026, not recorded, now day −6", "Thu 11-Jun-2026, not recorded, now day −5",
        "Fri 12-Jun-2026, now day −4",  # without an hour it is past when its date is over
    ]  # fmt: skip
    assert {label for label, title, _ in found.stays if title.startswith("fludarabine")} == {
        f"planned{NO_BREAK}Day{NO_BREAK}\u2212{number}" for number in (5, 4, 3)
    }  # fmt: skip


def test_each_event_that_moves_is_told_once_with_old_and_new_date(ward):
    one = ward(times={"il2": "20:00"})
    done = one.slip("2026-06-16 10:00", "2026-06-12 08:00")
    moves = {title: (was, now) for _, title, was, now in told(one, done).moves}
    assert len(moves) == len(told(one, done).moves)
    assert moves["interleukin-2 (IL-2) (dose 1 of 7)"] == ("Tue 16-Jun-2026 20:00", "Wed 17-Jun-2026 20:00")
    assert moves["CIML NK cells, intravenous infusion"] == ("Mon 15-Jun-2026 10:00", "Tue 16-Jun-2026 10:00")
    assert moves["bone marrow examination for response"] == ("Mon 13-Jul-2026", "Tue 14-Jul-2026")


def test_the_gap_to_the_cells_is_shown_old_and_new_and_never_judged(ward):
    one = ward()
    found = told(one, one.slip("2026-06-17 10:00", "2026-06-12 08:00"))
    assert found.summary[2] == (
        "From the last lymphodepletion dose to day 0: 3 days before, 5 days now. No limit of that distance is stated."
    )


def test_a_re_plan_leaves_the_gap_as_it_is_and_says_nothing_of_it(ward):
    one = ward()
    found = told(one, one.slip("2026-06-22 10:00", "2026-06-01 08:00"))
    assert found.heading.startswith("Re-plan of CASE-1: day 0 from ") and found.summary == ()


def test_a_refused_slip_says_why_and_that_nothing_was_saved(ward):
    one = ward()
    one.tried = one.move("2026-06-18 10:00")
    found = told(one, one.do(one.tried, "2026-06-12 08:00"))
    assert found.heading == "Slip of CASE-1 to Thu 18-Jun-2026 10:00 is not allowed. Nothing was saved."
    assert found.refusals and found.refusals[0].startswith("T36: ")


def test_a_slip_to_where_day_0_stands_says_that_nothing_changed(ward):
    one = ward()
    one.tried = one.move("2026-06-15 10:00")
    found = told(one, one.do(one.tried, "2026-06-12 08:00"))
    assert found.heading == "Nothing changed: day 0 of CASE-1 is Mon 15-Jun-2026 10:00 already."
    assert (found.moves, found.void, found.tell, found.calendars) == ((), None, (), IN_CALENDARS["none"])


def test_a_slip_judged_by_date_says_that_an_hour_is_missing(ward):
    one = ward(planned="2026-06-15")
    found = told(one, one.slip("2026-06-16", "2026-06-12 08:00"))
    assert found.summary[0] == "Limit: 48 hours from planned day 0; judged by date, because an hour is not known."


def test_rules_that_change_are_named_with_old_and_new_verdict(ward):
    one = ward(dates={"organ-function": "2026-06-01"})
    found = told(one, one.slip("2026-06-16 10:00", "2026-06-12 08:00"))
    changes = {(ref, was, now) for ref, _, was, now in found.findings}
    assert {("T19", "met", "violated"), ("T36", "met", "to be decided")} <= changes
    assert found.repeats == ("organ function, Tue 02-Jun-2026 to Mon 15-Jun-2026",)


# void paper ----------------------------------------------------------------------------------------------------------


def test_a_slip_voids_the_sheets_from_yesterday_on_and_leaves_those_of_days_past(ward):
    one = ward()
    before = one.plan
    done = one.slip("2026-06-16 10:00", "2026-06-12 08:00")
    void = told(one, done).void
    printed = [s for s in day_sheets(before, frame(before, one.store.history(CODE)[0].act.at))]
    due = [sheet for sheet in printed if sheet.anchor[-10:] >= "2026-06-11"]
    assert 0 < len(due) < len(printed)
    assert [(sheet.revision, sheet.check) for sheet in void.sheets] == [(1, sheet.check) for sheet in due]
    assert any(sheet.donor for sheet in void.sheets)
    assert [group.fate for group in void.groups] == ["replace", "cross-through", "leave"]


def test_a_note_voids_no_sheet_tells_nobody_and_touches_no_calendar(ward):
    one = ward()
    found = told(one, one.do(Note(text="told the lab"), "2026-05-27 08:00"))
    assert (found.void, found.tell, found.moves, found.findings) == (None, (), (), ())
    assert (found.calendars, found.rest) == (IN_CALENDARS["none"], NO_CHANGE)
    assert "told the lab" in found.heading


def test_a_recorded_dose_asks_nobody_to_do_anything_about_calendars_and_a_move_does(ward):
    one = ward()
    found = told(one, one.record("fludarabine-1", "given", "2026-06-10 09:10"))
    assert (found.calendars, found.rest) == (IN_CALENDARS["recorded"], NO_OTHER_CHANGE)
    assert "Nothing to do" in found.calendars[0] and not any("delete" in line for line in found.calendars)
    moved = told(one, one.slip("2026-06-16 10:00", "2026-06-11 08:00"))
    assert (moved.calendars, moved.rest) == (CALENDARS, "")


def test_an_amendment_voids_the_changed_sheet_and_the_one_that_announces_it(ward):
    one = ward()
    void = told(one, one.amend("2026-05-27 08:00", site=one.site(response_marrow="+30"))).void
    days = {f"{sheet.on:%d-%b}" for sheet in void.sheets}
    assert "13-Jul" in days
    assert not {"10-Jun", "15-Jun", "16-Jun"} & days


def test_a_new_banner_voids_every_sheet_to_come(ward):
    one = ward()
    found = told(one, one.fact("marrow", "2026-05-01", as_of="2026-05-27 08:00", instead=True))
    before = day_sheets(one.plan, frame(one.plan, one.store.history(CODE)[0].act.at))
    assert "T14" in found.banner and len(found.void.sheets) == len(before)


# who is told, what is asked ------------------------------------------------------------------------------------------


def test_who_hangs_on_what_moves_is_told(ward):
    one = ward()
    tell = told(one, one.slip("2026-06-16 10:00", "2026-06-12 08:00")).tell
    for who in ("Principal investigator", "Nurses", "Pharmacy", "Cell laboratory", "Donor", "Laboratory", "Patient"):
        assert any(line.startswith(who) for line in tell), who


def test_a_visit_that_moves_alone_concerns_neither_pharmacy_nor_donor(ward):
    one = ward()
    tell = told(one, one.amend("2026-05-27 08:00", site=one.site(follow_up="+60"))).tell
    assert "Principal investigator" in tell
    assert not [line for line in tell if line.startswith(("Pharmacy", "Donor", "Cell lab", "Laboratory"))]


def test_a_test_to_be_repeated_concerns_the_laboratory(ward):
    one = ward(dates={"organ-function": "2026-06-01"})
    assert any("Laboratory" in who for who in told(one, one.slip("2026-06-16 10:00", "2026-06-12 08:00")).tell)


def test_doses_past_and_not_recorded_are_asked_about_until_they_are(ward):
    one = ward()
    one.record("fludarabine-1", "given", "2026-06-10 09:00")
    queries = told(one, one.slip("2026-06-16 10:00", "2026-06-11 08:00")).queries
    asked = [text for text in queries if "Was it done?" in text]
    assert [text.partition(": past")[0] for text in asked] == [
        "cyclophosphamide, intravenous infusion (dose 1 of 2), Wed 10-Jun-2026",
    ]  # those of Thu 11-Jun have no hour: they are past when that day is over


@pytest.mark.parametrize("recorded", [False, True])
def test_a_collected_product_is_older_after_a_slip_and_its_shelf_life_is_not_stated(ward, recorded):
    one = ward()
    if recorded:
        one.record("donor-collection-1", "done", "2026-06-14 09:00")
    found = told(one, one.slip("2026-06-16 10:00", "2026-06-15 08:00"))
    (asked,) = [text for text in found.queries if "collection" in text]
    assert "Sun 14-Jun-2026: 2 days before day 0 as it now stands" in asked and "Shelf life not stated" in asked
    assert not any("collection" in title for _, title, _, _ in found.moves)


def test_a_collection_still_to_come_moves_and_is_not_asked_about(ward):
    one = ward()
    found = told(one, one.slip("2026-06-16 10:00", "2026-06-12 08:00"))
    assert any("collection" in title and now == "Mon 15-Jun-2026" for _, title, _, now in found.moves)
    assert not any("collection" in text for text in found.queries)


def test_what_comes_to_lie_on_a_day_off_is_named(ward):
    patient = ward(planned="2026-06-17T10:00:00")
    found = told(patient, patient.slip("2026-06-19 10:00", "2026-06-15 08:00"))
    clashes = {title: (on, why) for title, on, why in found.clashes}
    assert clashes["interleukin-2 (IL-2) (dose 1 of 7)"] == ("Sat 20-Jun-2026", "Saturday")
    assert "CIML NK cells, intravenous infusion" not in clashes


def test_each_kind_of_calendar_is_told_how_it_gets_the_change(ward):
    one = ward()
    found = told(one, one.slip("2026-06-16 10:00", "2026-06-12 08:00"))
    assert found.calendars == CALENDARS
    words = " ".join(found.calendars).lower()
    for needed in ("doubles every entry", "calendar of its own", "delete", "feed", "hours", "importing it instead"):
        assert needed in words, needed


# the page ------------------------------------------------------------------------------------------------------------


def test_the_page_holds_everything_that_the_notice_says(ward):
    one = ward(dates={"organ-function": "2026-06-01"}, planned="2026-06-18T10:00:00")
    one.fact("organ-function", "2026-06-04", as_of="2026-06-05 08:00")
    one.record("fludarabine-1", "given", "2026-06-13 09:00")
    done = one.slip("2026-06-19 10:00", "2026-06-17 12:00", "donor")
    found = told(one, done, by="nurse 7", reason="donor ill")
    text = Seen(page_of(one, done, by="nurse 7", reason="donor ill")).text
    for said in (
        *found.zero, "nurse 7, donor ill", *found.summary, *found.tell, *found.repeats, *found.queries, *found.calendars,
        *(part for row in found.moved for part in (row.what, row.detail, row.was, row.now)), found.off,
        *(part for _, rows in found.stayed for row in rows for part in (row.what, row.detail, row.now)),
        *(part for how, names in found.verdicts for part in (f"{how[0].upper()}{how[1:]}", names)),
        *(f"{day}: {' '.join(checks)}" for group in found.void.groups for day, checks in group.days), found.banner,
        *found.past, *found.undone,
    ):  # fmt: skip
        assert " ".join(said.replace(NO_BREAK, " ").split()) in text, said
    assert found.clashes and found.queries and found.repeats and found.findings and found.stays


def test_the_page_has_a_box_for_each_who_is_told_and_each_thing_to_ask(ward):
    one = ward()
    done = one.slip("2026-06-16 10:00", "2026-06-12 08:00")
    found, tags = told(one, done), Seen(page_of(one, done)).tags
    boxes = sum(tag == "span" and ("class", "box") in attrs for tag, attrs in tags)
    assert boxes == len(found.tell) + len(found.repeats) + len(found.queries) + len(found.undone) >= 8


def test_hostile_words_do_not_break_out_of_the_page(ward):
    one = ward()
    done = one.do(Note(text=HOSTILE), "2026-05-27 08:00")
    tame = one.do(Note(text="x"), "2026-05-27 08:00")
    hostile = Seen(page_of(one, done, by=HOSTILE, reason=HOSTILE))
    plain = Seen(page_of(one, tame, by="a", reason="b"))
    assert hostile.tags == plain.tags
    assert hostile.text.count(HOSTILE) == 3


def test_a_hostile_reason_does_not_break_out_of_any_page_of_the_revision(ward):
    one = ward(dates={"marrow": "2026-05-18"})

    def ruled(words, hour="09"):
        ruling = Ruling(
            rule="T14", outcome="allowed", by=words, on=date(2026, 6, 12), reason=words, day_zero=date(2026, 6, 17)
        )
        one.do(GiveRuling(ruling=ruling), f"2026-06-12 {hour}:00")

    ruled("PI")
    one.slip("2026-06-17 10:00", "2026-06-12 10:00")
    when = newest(one.store, CODE).act.at
    tame = {name: Seen(text).tags for name, text in pages(one.plan, when).items()}
    ruled(HOSTILE, "11")
    hostile = {name: Seen(text) for name, text in pages(one.plan, when).items()}
    assert any(HOSTILE in page.text for page in hostile.values())
    for name, page in hostile.items():
        names = {tag for tag, _ in page.tags}
        assert "script" not in names and "img" not in names, name
        assert not [attrs for _, attrs in page.tags for key, _ in attrs if key.startswith("on")], name
        assert names <= {tag for tag, _ in tame[name]}, name


def test_every_sheet_of_a_silent_slip_says_that_the_investigator_must_confirm(ward):
    one = ward()
    one.slip("2026-06-16 10:00", "2026-06-12 08:00")
    plan = one.plan
    short = frame(plan, newest(one.store, CODE).act.at).banner_short
    assert "PRINCIPAL INVESTIGATOR" in short.upper() and "NOT ALLOWED AS PLANNED" not in short


def test_every_sheet_says_what_is_not_allowed_until_it_is_repeated(ward):
    one = ward(dates={"organ-function": "2026-06-01"})
    one.slip("2026-06-16 10:00", "2026-06-12 08:00")
    plan = one.plan
    assert "REPEATED" in frame(plan, newest(one.store, CODE).act.at).banner_short.upper()


def test_every_sheet_of_a_cancelled_plan_says_so_and_that_alone(ward):
    one = ward()
    one.do(Cancel(), "2026-06-01 08:00")
    plan = one.plan
    short = frame(plan, newest(one.store, CODE).act.at).banner_short
    assert short == "CANCELLED"


# values --------------------------------------------------------------------------------------------------------------


def test_the_values_name_the_revision_that_stands_saved_or_not(ward):
    one = ward()
    deed = one.move("2026-06-16 10:00")
    tried = one.do(deed, "2026-06-12 08:00", dry_run=True)
    done = one.do(deed, "2026-06-12 08:00")
    not_saved, saved = (notice_values(d.before, d.after, d.verdict, saved=d.saved) for d in (tried, done))
    assert (not_saved["revision"], not_saved["saved"], saved["revision"], saved["saved"]) == (1, False, 2, True)
    assert {**not_saved, "revision": 2, "saved": True} == saved


def test_added_and_vanished_events_are_listed_by_their_ids(ward):
    one = ward()
    site = one.site(response_marrow=None, follow_up="+60")
    deed, texts = one.amendment(site=site)
    done = one.do(deed, "2026-05-27 08:00", texts=texts)
    values = notice_values(done.before, done.after, None, saved=True)
    assert values["added"] == [{"id": "follow-up-1", "to": "2026-08-14"}]
    assert values["vanished"] == [{"id": "response-marrow-1", "from": "2026-07-13"}]
    assert (values["kind"], values["limit"], values["allowed"], values["moves"]) == (None, None, True, [])


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (48, "48 hours"), (1, "1 hour"), (0, "0 hours"), (47 + 59 / 60, f"47 hours{NO_BREAK}59 minutes"),
        (1 / 60, f"0 hours{NO_BREAK}1 minute"), (-1, "\u22121 hour"), (-0.5, f"\u22120 hours{NO_BREAK}30 minutes"),
        (24.99999, "25 hours"), (1 + 1 / 60, f"1 hour{NO_BREAK}1 minute"),
    ],
)  # fmt: skip
def test_hours_are_said_in_hours_and_minutes(count, words):
    assert hours(count) == words
