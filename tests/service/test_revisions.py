"""The ledger's own behaviour: created once, stale acts refused, revisions that come out again, calendars that move."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from shared.failures import not_done, said, told
from shared.refused import said as told_why
from shared.stores import EITHER, every_row, forced, place_of
from shared.ward import CODE, PARAMETERS, PROTOCOL, START, Ward

from schedule.ledger.codec import to_plain
from schedule.ledger.opening import open_store
from schedule.model.acts import Cancel, Note, Restore
from schedule.model.errors import NotAllowed, NotThere, Refused, Stale
from schedule.model.projection import projection_of
from schedule.output.ics import calendar
from schedule.pages.calendar import title_of, worded
from schedule.service import rebuild as derived
from schedule.service.acts import perform
from schedule.service.create import Meta, create
from schedule.service.export import export, file_of
from schedule.service.restore import JUMP, restore
from schedule.service.revisions import calendar_entries, newest, plan_of, revision_of, shown_plan
from schedule.service.verify import verify
from schedule.words.alerts import banner


@pytest.fixture(params=EITHER)
def ward(request, tmp_path, monkeypatch):
    """Makes patients, each in a ledger of its own unless it is given one: two of them at most."""
    monkeypatch.setenv("DAYZERO_STORE", str(tmp_path / "no-ledger-here.sqlite"))
    monkeypatch.chdir(tmp_path)
    stores = []

    def make(store=None, **keys):
        if store is None:
            name = ("emptied", "filled")[len(stores)]
            place = tmp_path / f"{name}.sqlite" if request.param == "sqlite" else request.getfixturevalue(name)()
            stores.append(store := open_store(place).__enter__())
        return Ward(store, **keys)

    yield make
    for store in stores:
        store.__exit__()


def restored(ward, backup, by="PI"):
    """Put a backup in the ledger's place, as the command does it: with the ledger closed."""
    ward.store.__exit__()
    made = restore(place_of(ward.store), backup, ward.meta("2026-06-02 08:00", by=by, reason="disk failed"))
    ward.store.__enter__()
    return list(made.made)


def rows(ward):
    return ward.store.history(ward.code)


def entries(ward, revision=None):
    row = revision_of(ward.store, ward.code, revision)
    return {entry.id: entry for entry in calendar_entries(ward.store, row)}


def calendar_bytes(ward, entry):
    one = calendar(worded([entry]), schedule_id=ward.plan.schedule_id, name="n", description="d")
    return one.partition(b"BEGIN:VEVENT")[2]


# create --------------------------------------------------------------------------------------------------------------


def test_the_same_files_again_change_nothing_even_after_other_acts(ward):
    one = ward()
    one.do(Note(text="x"), "2026-06-01 08:00")
    done = create(one.store, *one.inputs(), one.meta("2026-06-02 08:00"))
    assert not done.saved and done.after.revision == 2
    assert len(rows(one)) == 2


@pytest.mark.parametrize("what", ["case", "site", "protocol"])
def test_other_files_for_a_stored_code_are_refused_and_the_right_act_is_named(ward, what):
    one = ward()
    if what == "case":
        one.case_text += "# another\n"
    elif what == "site":
        one.site_text += "# another\n"
    else:
        one.protocol_text += "# another\n"
    with pytest.raises(Refused) as refused:
        create(one.store, *one.inputs(), one.meta("2026-06-02 08:00"))
    assert "amend" in told_why(refused.value)
    assert len(rows(one)) == 1


def test_two_patients_of_one_ledger_have_identities_of_their_own(ward):
    one = ward()
    two = ward(store=one.store, code="CASE-2")
    assert one.store.codes() == ["CASE-1", "CASE-2"]
    assert one.plan.schedule_id != two.plan.schedule_id
    uids = [
        {line for line in calendar(worded(entries(w).values()), schedule_id=w.plan.schedule_id, name="n", description="d").split(b"\r\n") if line[:4] == b"UID:"}
        for w in (one, two)
    ]  # fmt: skip
    assert uids[0] and not uids[0] & uids[1]


def test_a_first_plan_tried_out_is_not_kept(ward, tmp_path):
    one = ward()
    with open_store(tmp_path / "other.sqlite") as other:
        done = create(other, *one.inputs(), one.meta("2026-06-01 08:00"), dry_run=True)
        assert not done.saved and done.after.events
        assert other.codes() == []


# perform -------------------------------------------------------------------------------------------------------------


def test_an_act_on_an_older_revision_is_told_who_did_what_and_when_meanwhile(ward):
    one = ward()
    one.do(Note(text="told"), "2026-06-01 08:00", by="nurse 7", reason="cell lab called")
    with pytest.raises(Stale) as caught:
        one.slip("2026-06-22 10:00", "2026-06-01 09:00", based_on=1)
    words = said(caught.value)
    assert "revision 2" in words and "nurse 7" in words and "note" in words and "cell lab called" in words
    assert f"{rows(one)[-1].act.at:%Y-%m-%d %H:%M} UTC" in words
    assert caught.value.exit_code == 3 and len(rows(one)) == 2


def test_a_row_written_between_reading_and_writing_makes_the_act_stale(ward, monkeypatch):
    one = ward()
    appended = one.store.append

    def raced(*given):
        monkeypatch.setattr(one.store, "append", appended)
        one.do(Note(text="first"), "2026-06-01 08:00", by="the other")
        return appended(*given)

    monkeypatch.setattr(one.store, "append", raced)
    with not_done("the other", Stale):
        one.do(Note(text="second"), "2026-06-01 08:00")
    assert [row.act.deed for row in rows(one)[1:]] == [Note(text="first")]


def test_a_dry_run_gives_the_plan_of_the_act_and_saves_nothing(ward):
    one = ward()
    before = every_row(place_of(one.store))
    tried = one.slip("2026-06-22 10:00", "2026-06-01 09:00", dry_run=True)
    assert not tried.saved and tried.after.day_zero.isoformat() == "2026-06-22"
    assert every_row(place_of(one.store)) == before
    assert projection_of(one.slip("2026-06-22 10:00", "2026-06-01 09:00").after) == projection_of(tried.after)


def test_an_act_needs_a_patient_and_a_near_code_is_offered(ward):
    one = ward()
    one.code = "CASE-l"
    with pytest.raises(NotThere, match="CASE-1"):
        one.do(Note(text="x"), "2026-06-01 08:00")


def test_a_cancelled_plan_takes_records_and_notes_and_nothing_else(ward):
    one = ward()
    one.do(Cancel(), "2026-06-01 08:00")
    for act in (
        lambda: one.fact("marrow", "2026-06-01", as_of="2026-06-02 08:00"),
        lambda: one.attest("age-eligible", "2026-06-01", "2026-06-02 08:00"),
        lambda: one.rule("T14", "allowed", "2026-06-15", "2026-06-02 08:00"),
        lambda: one.amend("2026-06-02 08:00", site=one.site(response_marrow=None)),
        lambda: one.do(Cancel(), "2026-06-02 08:00"),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert "cancelled" in told_why(refused.value)
    assert not one.slip("2026-06-16 10:00", "2026-06-02 08:00").saved
    assert len(rows(one)) == 2
    assert one.do(Note(text="withdrawn"), "2026-06-02 08:00").saved


def test_a_clock_that_went_back_is_refused(ward):
    one = ward()
    one.do(Note(text="x"), "2026-06-01 08:00")
    one.clock = -10
    with not_done("clock"):
        one.do(Note(text="y"), "2026-06-01 09:00")
    assert len(rows(one)) == 2


# amend ---------------------------------------------------------------------------------------------------------------


def test_an_amended_protocol_that_forgets_a_recorded_date_is_refused_by_its_name(ward):
    one = ward(dates={"virology": ""})
    start, end = PROTOCOL.index("[dates.venetoclax-last]"), PROTOCOL.index("[dates.bcl2-inhibitor-last]")
    text = PROTOCOL[:start] + PROTOCOL[end:]
    for rule, point in (("T25", "venetoclax-last"), ("T32", "venetoclax-last")):
        head, _, rest = text.partition(f"[rules.{rule}]")
        block, found, tail = rest.partition(f'[[rules.{rule}.bounds]]\npoint = "{point}"')
        assert found
        text = (
            f"{head}[rules.{rule}]{block}"
            + tail[min(i for i in (tail.find("\n[["), tail.find("\n[rules")) if i >= 0) :]
        )
    text = text.replace('only-if = ["count-control-last", "venetoclax-last"]', 'only-if = ["count-control-last"]')
    with pytest.raises(Refused) as refused:
        one.amend("2026-06-01 08:00", protocol=text)
    assert "venetoclax-last" in told_why(refused.value)
    assert len(rows(one)) == 1


def test_an_amendment_keeps_both_texts_and_the_old_revision_keeps_its_dates(ward):
    one = ward()
    was = projection_of(one.plan)
    one.amend("2026-06-01 08:00", protocol=PROTOCOL.replace('days = "-5, -4"', 'days = "-5"'))
    assert to_plain(projection_of(plan_of(one.store, rows(one)[0]))) == to_plain(was)
    old, new = (plan_of(one.store, row).protocol.sha256 for row in rows(one))
    assert old != new and one.store.text(old) == PROTOCOL
    assert verify(one.store).faults == []


def test_the_protocol_on_disk_may_change_the_stored_plan_does_not(ward):
    one = ward()
    one.protocol_text = PROTOCOL.replace('days = "-5, -4"', 'days = "-5"')
    done = one.slip("2026-06-22 10:00", "2026-06-01 09:00")
    assert [e.on.isoformat() for e in done.after.events if e.activity == "cyclophosphamide"] == [
        "2026-06-17",
        "2026-06-18",
    ]


# what was stored comes out again -------------------------------------------------------------------------------------


def a_life(one):
    """Six acts that touch everything: the plans as they were when each was made."""
    made = [one.plan]
    one.fact("organ-function", "2026-06-05", as_of="2026-06-05 12:00")
    made.append(one.plan)
    one.record("fludarabine-1", "given", "2026-06-10 09:00")
    made.append(one.plan)
    one.slip("2026-06-16 10:00", "2026-06-15 08:00", "illness")
    made.append(one.plan)
    one.record("nk-infusion-1", "given", "2026-06-16 10:20")
    made.append(one.plan)
    one.record("il2-1", "held", "2026-06-17")
    made.append(one.plan)
    return made


def test_every_revision_comes_out_as_it_was_made(ward):
    one = ward(times={"il2": "20:00", "fludarabine": "09:00"})
    made = a_life(one)
    assert [projection_of(plan_of(one.store, row)) for row in rows(one)] == [projection_of(plan) for plan in made]
    assert [to_plain(row.projection) for row in rows(one)] == [to_plain(projection_of(plan)) for plan in made]
    assert verify(one.store).faults == []


def test_a_ledger_closed_and_opened_again_says_the_same(ward):
    one = ward(times={"il2": "20:00"})
    last = a_life(one)[-1]
    one.store.__exit__()
    one.store.__enter__()
    assert projection_of(one.plan) == projection_of(last)
    assert one.plan.standing.day_zero.at.tzinfo is one.plan.site.zone


@pytest.mark.parametrize(
    ("planned", "moved", "last", "beyond"),
    [
        ("2026-10-29T10:00:00", "2026-10-31 10:00", "2026-11-02 09:00", "2026-11-02 09:01"),
        ("2026-03-05T10:00:00", "2026-03-07 10:00", "2026-03-09 10:00", "2026-03-09 10:01"),
    ],
)
def test_the_limit_across_a_clock_change_is_the_same_after_reading_the_ledger_back(ward, planned, moved, last, beyond):
    one = ward(planned=planned, as_of="2026-01-10 08:00")
    assert one.slip(moved, "2026-01-10 09:00").saved
    one.store.__exit__()
    one.store.__enter__()
    begun = f"{one.plan.standing.planned.on} 08:00"
    assert one.slip(beyond, begun, dry_run=True).verdict.refusals
    done = one.slip(last, begun)
    assert done.saved and done.verdict.limit.left == 0
    assert one.plan.standing.planned.at.tzinfo is one.plan.site.zone


@pytest.mark.parametrize(
    ("planned", "moved", "given"),
    [
        ("2026-10-29T10:00:00", "2026-10-31 10:00", "2026-11-02 09:30"),
        ("2026-03-05T10:00:00", "2026-03-07 10:00", "2026-03-09 10:30"),
    ],
)
def test_a_ledger_with_acts_across_a_clock_change_is_whole(ward, planned, moved, given):
    chained = {**PARAMETERS, "il2-days": "every 12 hours x 7 from 6 h after nk-infusion"}
    one = ward(planned=planned, as_of="2026-01-10 08:00", parameters=chained)
    one.slip(moved, "2026-01-10 09:00")
    one.record("nk-infusion-1", "given", given)
    assert verify(one.store).faults == []


def test_il2_that_is_settled_keeps_its_hour_across_the_autumn_change_after_reading_back(ward):
    one = ward(planned="2026-10-29T10:00:00", as_of="2026-01-10 08:00", times={"il2": "20:00"})
    one.record("nk-infusion-1", "given", "2026-10-29 10:00")
    one.do(Note(text="x"), "2026-10-31 08:00")
    hours = {event.start.strftime("%H:%M %Z") for event in one.plan.events if event.activity == "il2"}
    assert hours == {"20:00 EDT", "20:00 EST"}


# verify --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE projections SET content = upper(content) WHERE id = 1", "changed after"),
        ("UPDATE acts SET who = 'another' WHERE revision = 2", "CASE-1 revision 2"),
        ("DELETE FROM acts WHERE revision = 1", "chain"),
        ("UPDATE texts SET text = text || ' '", "text"),
    ],
)
def test_verify_says_in_a_sentence_what_was_tampered_with(ward, change, words):
    one = ward()
    one.do(Note(text="x"), "2026-06-01 08:00")
    with forced(place_of(one.store)) as connection:
        connection.execute(change)
    assert words in " ".join(told(verify(one.store).faults))


def test_nothing_in_the_ledger_can_be_changed_or_deleted_by_accident(ward):
    one = ward()
    for statement in (
        "UPDATE acts SET who = 'x'",
        "DELETE FROM acts",
        "UPDATE texts SET text = ''",
        "DELETE FROM texts",
    ):
        with pytest.raises(one.store.connection.Error, match="append-only"):
            one.store.connection.execute(statement)


def test_a_plan_that_no_longer_follows_from_its_acts_is_named(ward, monkeypatch):
    one = ward()
    monkeypatch.setattr(derived, "projection_of", lambda plan: replace(projection_of(plan), events=()))
    found = told(verify(one.store).faults)
    assert len(found) == 1 and found[0].startswith("CASE-1 revision 1:")


@pytest.mark.parametrize("harm", ["changed", "gone", "foreign", "manifest"])
def test_verify_names_the_file_that_is_not_as_it_was_written(ward, tmp_path, harm):
    one = ward()
    path = export(one.store, newest(one.store, CODE), tmp_path / "out")
    assert verify(one.store, tmp_path / "out").faults == []
    if harm == "changed":
        (path / "plan.csv").write_bytes(b"x")
    elif harm == "gone":
        (path / "plan.csv").unlink()
    elif harm == "foreign":
        (path / "extra.txt").write_bytes(b"x")
    else:
        (path / "manifest.json").write_text("{")
    name = {"foreign": "extra.txt", "manifest": "rev-1"}.get(harm, "plan.csv")
    assert name in " ".join(told(verify(one.store, tmp_path / "out").faults))


# backup and restore --------------------------------------------------------------------------------------------------


def test_a_restored_backup_jumps_by_a_hundred_beyond_what_was_lost(ward, tmp_path):
    one = ward()
    one.store.backup(tmp_path / "backup.sqlite")
    for number in range(3):
        one.do(Note(text=str(number)), "2026-06-01 08:00")
    assert restored(one, tmp_path / "backup.sqlite") == [(CODE, 4 + JUMP)]
    last = newest(one.store, CODE).act
    assert last.deed == Restore(lost=3) and (last.by, last.reason) == ("PI", "disk failed")
    assert [row.act.revision for row in rows(one)] == [1, 4 + JUMP]
    assert verify(one.store).faults == []


def test_after_a_restore_every_sequence_number_is_higher_than_any_sent_out(ward, tmp_path):
    one = ward()
    one.store.backup(tmp_path / "backup.sqlite")
    one.slip("2026-06-22 10:00", "2026-06-01 09:00")
    sent = max(entry.since for entry in entries(one).values())
    restored(one, tmp_path / "backup.sqlite")
    assert {entry.since for entry in entries(one).values()} == {2 + JUMP} and sent < 2 + JUMP
    assert one.on("nk-infusion-1") == "2026-06-15"


def test_a_restore_says_what_the_backup_did_not_have_and_how_each_kind_of_calendar_is_put_right(ward, tmp_path):
    one = ward()
    one.store.backup(tmp_path / "backup.sqlite")
    one.do(Note(text="a"), "2026-05-27 08:00")
    one.do(Note(text="b"), "2026-05-27 09:00")
    restored(one, tmp_path / "backup.sqlite")
    page = file_of(one.store, newest(one.store, CODE), "change.html").decode()
    page = re.sub(r"<[^>]+>", "", page)
    for words in (
        "The backup ended with revision 1; revisions 2 to 3 are not in it.", "take away every sheet printed from there",
        "What revisions 2 to 3 first put into a calendar is not cancelled by the new files.",
        "a calendar of its own: delete it, open the new calendar.ics", "Where it was imported: delete every entry of CASE-1 by hand",
        "Feeds put it right by themselves",
    ):  # fmt: skip
        assert words in page, words


def test_a_restore_of_the_newest_backup_has_nothing_to_put_right(ward, tmp_path):
    one = ward()
    one.store.backup(tmp_path / "backup.sqlite")
    restored(one, tmp_path / "backup.sqlite")
    page = file_of(one.store, newest(one.store, CODE), "change.html").decode()
    assert "The backup ended with revision 1; no later one was found." in page and "is not struck" not in page


def test_acts_go_on_after_a_restore(ward, tmp_path):
    one = ward()
    one.store.backup(tmp_path / "backup.sqlite")
    restored(one, tmp_path / "backup.sqlite")
    done = one.do(Note(text="x"), "2026-06-03 08:00")
    assert done.after.revision == 2 + JUMP and verify(one.store).faults == []


def test_a_file_that_is_no_backup_is_refused_and_nothing_of_it_stays(ward, tmp_path):
    one = ward()
    bad = tmp_path / "bad.sqlite"
    bad.write_bytes(b"no ledger" * 500)
    one.store.__exit__()
    before = {path.name for path in tmp_path.iterdir()}
    with not_done(r"bad\.sqlite"):
        restore(place_of(one.store), bad, one.meta("2026-06-02 08:00"))
    assert {path.name for path in tmp_path.iterdir() if not path.name.endswith(("-wal", "-shm"))} == {
        name for name in before if not name.endswith(("-wal", "-shm"))
    }
    one.store.__enter__()
    assert len(rows(one)) == 1


def test_the_ledger_that_was_replaced_is_kept_beside_the_new_one(ward, tmp_path):
    one = ward()
    one.store.backup(tmp_path / "backup.sqlite")
    one.do(Note(text="after the backup"), "2026-06-01 08:00")
    restored(one, tmp_path / "backup.sqlite")
    kept = [
        path
        for path in tmp_path.iterdir()
        if "before-restore" in path.name and not path.name.endswith(("-wal", "-shm"))
    ]
    assert len(kept) == 1
    with open_store(kept[0]) as old:
        assert old.history(CODE)[-1].act.deed == Note(text="after the backup")


def test_a_backup_never_overwrites_a_file(ward, tmp_path):
    one = ward()
    (tmp_path / "there").write_text("precious")
    with not_done("there already"):
        one.store.backup(tmp_path / "there")
    assert (tmp_path / "there").read_text() == "precious"


# calendars that move, not multiply -----------------------------------------------------------------------------------


def test_unchanged_entries_keep_their_bytes_and_changed_ones_rise(ward):
    one = ward()
    was = entries(one)
    one.slip("2026-06-16 10:00", "2026-06-12 08:00", "product")
    one.rule("T36", "allowed", "2026-06-16", "2026-06-12 08:30")
    one.do(Note(text="x"), "2026-06-12 09:00")
    now = entries(one)
    kept, moved = was["response-marrow-1"], now["response-marrow-1"]
    assert (kept.since, moved.since > 1) == (1, True) and moved.first == kept.first + timedelta(days=1)
    noted = entries(one, 3)
    assert [calendar_bytes(one, noted[key]) for key in noted] == [calendar_bytes(one, now[key]) for key in noted]


def test_a_note_leaves_every_byte_of_every_entry(ward):
    one = ward()
    was = entries(one)
    one.do(Note(text="x"), "2026-05-26 09:00")
    assert entries(one) == was


def test_a_known_date_changes_its_own_entry_alone(ward):
    one = ward(dates={"organ-function": ""})
    was = entries(one)
    assert "due/organ-function" in was
    one.fact("organ-function", "2026-06-05", as_of="2026-06-05 12:00")
    now = entries(one)
    done = now.pop("due/organ-function")
    assert (done.cancelled, done.subject.mark, done.since) == (False, "done", 2)
    was.pop("due/organ-function")
    assert now == was


def test_a_cancelled_plans_entries_stay_struck(ward):
    one = ward()
    was = entries(one)
    one.do(Cancel(), "2026-06-01 08:00")
    now = entries(one)
    assert now.keys() == was.keys()
    for entry in now.values():
        assert entry.cancelled and title_of(entry).startswith("CANCELLED: ") and entry.since == 2
        lines = calendar_bytes(one, entry)
        assert b"STATUS:CANCELLED" in lines and b"TRANSP:TRANSPARENT" in lines and b"SEQUENCE:1\r\n" in lines


def test_an_event_that_an_amendment_removes_stays_struck_and_keeps_its_place(ward):
    one = ward()
    was = entries(one)["response-marrow-1"]
    one.amend("2026-06-01 08:00", site=one.site(response_marrow=None))
    gone = entries(one)["response-marrow-1"]
    assert gone.cancelled and gone.first == was.first and gone.since == 2
    assert title_of(gone) == f"CANCELLED: {title_of(was)}"


def test_entries_survive_five_revisions(ward):
    one = ward()
    first = set(entries(one))
    a_life(one)
    for revision in range(2, 7):
        found = entries(one, revision)
        assert first <= found.keys()
        assert all(entry.since <= revision for entry in found.values())
    assert {entry.since for entry in entries(one).values()} >= {4, 5, 6}


def test_an_entry_says_the_time_of_the_revision_it_dates_from(ward):
    one = ward()
    a_life(one)
    times = {row.act.revision: row.act.at for row in rows(one)}
    assert all(entry.changed == times[entry.since] for entry in entries(one).values())


# exports -------------------------------------------------------------------------------------------------------------


def files_of(path):
    return {file.name: file.read_bytes() for file in path.iterdir() if file.name != "manifest.json"}


def test_two_exports_of_a_revision_are_the_same_bytes(ward, tmp_path):
    one = ward()
    row = newest(one.store, CODE)
    assert files_of(export(one.store, row, tmp_path / "a")) == files_of(export(one.store, row, tmp_path / "b"))


def test_a_superseded_export_says_so_in_every_file_and_the_current_one_in_none(ward, tmp_path):
    one = ward()
    one.slip("2026-06-22 10:00", "2026-06-01 09:00")
    old, new = (files_of(export(one.store, row, tmp_path / str(row.act.revision))) for row in rows(one))
    assert new.keys() - old.keys() == {"change.html", "change.json", "changes.ics"}
    assert old.keys() <= new.keys()
    quiet = [name for name, data in old.items() if b"SUPERSEDED" not in data.replace(b"\r\n ", b"")]
    assert quiet == []
    assert [name for name, data in new.items() if b"SUPERSEDED" in data.replace(b"\r\n ", b"")] == []


def test_a_superseded_export_depends_on_what_superseded_it_and_on_nothing_later(ward, tmp_path):
    one = ward()
    one.slip("2026-06-22 10:00", "2026-06-01 09:00")
    was = files_of(export(one.store, rows(one)[0], tmp_path / "a"))
    one.do(Note(text="x"), "2026-06-01 10:00")
    assert files_of(export(one.store, rows(one)[0], tmp_path / "b")) == was


def test_an_export_into_a_folder_with_another_ledgers_revision_is_refused(ward, tmp_path):
    one, two = ward(), ward(planned="2026-06-16T10:00:00")
    export(one.store, newest(one.store, CODE), tmp_path / "out")
    with not_done("another"):
        export(two.store, newest(two.store, CODE), tmp_path / "out")


def test_the_shown_plan_says_since_when_each_event_stands(ward):
    one = ward()
    one.slip("2026-06-22 10:00", "2026-06-01 09:00")
    one.do(Note(text="x"), "2026-06-01 10:00")
    shown = shown_plan(one.store, newest(one.store, CODE))
    assert {event.since for event in shown.events} == {2}
    assert shown.alerts == ()
    older = shown_plan(one.store, rows(one)[0])
    assert "revision 2" in banner(older) and older.alerts[0].revision == 2


def test_meta_times_are_kept_as_they_were_given(ward):
    one = ward()
    at = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
    meta = Meta(by="PI", at=at, as_of=datetime(2026, 6, 1, 7, 0), site_time=datetime(2026, 6, 1, 8, 0), reason="why")
    act = perform(one.store, CODE, Note(text="x"), meta).row.act
    assert (act.by, act.at, act.as_of, act.site_time, act.reason) == ("PI", at, meta.as_of, meta.site_time, "why")
    assert act.at > START
