"""Feeds: their secrets, how long they are answered, what they show on each level, and that they outlive a restore.

The days of the patient in `test_change.Ward` are worked out by hand: fludarabine 10 to 12-Jun, collection 14-Jun, day 0 on
Mon 15-Jun-2026, IL-2 every second day from 16 to 28-Jun, marrow and end of observation 13-Jul (+28), inhibitors the day
after, contraception until 28-Jun + 4 months.
"""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace
from shared.byte_lint import faults, parse
from shared.calendar_readers import as_midnight, icalendar_events, icaljs_events, libical_complaints, libical_events
from shared.failures import not_done, told
from shared.slip_once import CODE as EXAMPLE
from shared.slip_once import create_patient, meta
from shared.slip_once import slip as slip_example
from shared.stores import address_of, forced
from shared.ward import Ward

from schedule.commands import main
from schedule.ledger.opening import open_store
from schedule.model.acts import Amend, Cancel
from schedule.model.errors import NotThere
from schedule.model.ids import entry_uid
from schedule.model.kept import LEVELS, FeedAct
from schedule.model.text import sha256
from schedule.pages.sheets import day_sheets
from schedule.service.acts import perform
from schedule.service.export import export
from schedule.service.feeds import (
    all_feeds,
    default_expiry,
    feed_called,
    latest_expiry,
    make_feed,
    revoke_feed,
    token_of,
)
from schedule.service.published import Published, day_entries
from schedule.service.restore import JUMP, restore
from schedule.service.revisions import calendar_entries, newest, plan_of
from schedule.service.verify import verify
from schedule.words.feeds import ENDED
from schedule.words.plan import frame

CODE = "CASE-1"
AT = datetime(2026, 6, 11, 16, 0, tzinfo=UTC)
TODAY = date(2026, 6, 11)
UNTIL = date(2026, 7, 1)

BEFORE = {
    "D−5": "2026-06-10", "D−4": "2026-06-11", "D−3": "2026-06-12", "D−1": "2026-06-14", "D0": "2026-06-15",
    "D+1": "2026-06-16", "D+3": "2026-06-18", "D+5": "2026-06-20", "D+7": "2026-06-22", "D+9": "2026-06-24",
    "D+11": "2026-06-26", "D+13": "2026-06-28", "D+28": "2026-07-13", "D+29": "2026-07-14", "D+135": "2026-10-28",
}  # fmt: skip
AFTER = {
    "(D−5)": "2026-06-10", "(D−4)": "2026-06-11", "(D−3)": "2026-06-12", "D−1": "2026-06-15", "D0": "2026-06-16",
    "D+1": "2026-06-17", "D+3": "2026-06-19", "D+5": "2026-06-21", "D+7": "2026-06-23", "D+9": "2026-06-25",
    "D+11": "2026-06-27", "D+13": "2026-06-29", "D+28": "2026-07-14", "D+29": "2026-07-15", "D+135": "2026-10-29",
}  # fmt: skip
"""Slipped by a day on the morning of 12-Jun: lymphodepletion stays, its days in brackets; the rest is a day later."""
NOON = timedelta(hours=16)
"""From the start of a date in UTC to noon in New York, where the site is."""


@pytest.fixture
def store(place):
    with open_store(place) as store:
        yield store


@pytest.fixture
def ward(store):
    return Ward(store)


def slipped(ward):
    ward.slip("2026-06-16 10:00", "2026-06-12 08:00", cause="illness", reason="fever")
    return ward


def made(store, code=CODE, level="minimal", label="Nurse A", expires=UNTIL):
    """A new feed's secret."""
    return make_feed(store, label=label, code=code, level=level, expires=expires, by="nurse", at=AT)[0]


def shown(store, secret, today=TODAY):
    """The bytes that a feed shows now, or None."""
    found = Published().answer(store, secret, at_noon(today))
    return found[1].body if found else None


def at_noon(today=TODAY):
    return datetime(today.year, today.month, today.day, tzinfo=UTC) + NOON


def has_ended(data):
    """Whether a feed's bytes say that it is no longer updated, and nothing else."""
    found = parse(data).all("VEVENT") if data is not None else ()
    return [event.text("SUMMARY") for event in found] == [ENDED]


def days_in(data):
    """Name of a day -> its date, of the entries that stand."""
    found = {}
    for event in parse(data).all("VEVENT"):
        if event.one("STATUS") == "CONFIRMED":
            name = event.text("SUMMARY").split(" ")[-1]
            assert name not in found, name
            found[name] = date.fromisoformat(event.one("DTSTART")).isoformat()
    return found


def by_uid(data):
    return {event.one("UID"): event for event in parse(data).all("VEVENT")}


# secrets


def test_a_secret_has_256_random_bits_and_only_its_hash_is_kept(store, ward, place, request):
    """Looked for in every file in which the ledger lies: a file's, or all of the server's."""
    secrets = [made(store) for _ in range(20)]
    assert len(set(secrets)) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", secret) for secret in secrets)
    assert [feed.token for feed in all_feeds(store)] == [sha256(secret) for secret in secrets]
    if isinstance(place, Path):
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        files = [*place.parent.iterdir()]
    else:
        server = request.getfixturevalue("postgres")
        server.sql("CHECKPOINT")
        files = [one for name in ("base", "pg_wal") for one in (server.data / name).rglob("*") if one.is_file()]
    held = b"".join(one.read_bytes() for one in files)
    assert all(feed.token.encode() in held for feed in all_feeds(store)[:3])
    assert not [secret for secret in secrets if secret.encode() in held]
    assert secrets[0] not in repr(all_feeds(store))


def test_no_feed_exists_until_somebody_makes_one(store, ward):
    assert all_feeds(store) == ()
    assert Published().answer(store, "", AT) is None


def test_a_feed_keeps_who_made_it_for_whom_and_until_when(store, ward):
    made(store, label="Nurse A, tablet", level="steps")
    (feed,) = all_feeds(store)
    assert (feed.made.label, feed.made.code, feed.made.level, feed.made.expires) == ("Nurse A, tablet", CODE, "steps", UNTIL)
    assert (feed.made.by, feed.made.at, feed.fetched, feed.revoked) == ("nurse", AT, None, None)


def test_a_feed_for_an_unknown_patient_is_not_made_and_the_near_code_is_offered(store, ward):
    with pytest.raises(NotThere, match="CASE-1"):
        made(store, code="CASE-2")
    assert all_feeds(store) == ()


@pytest.mark.parametrize(
    "wrong",
    ["", "x", "/", "..", "a" * 43, "a" * 100_000, "\ud800", "%00", "é" * 43, "' OR 1=1 --"],
    ids=["empty", "short", "slash", "dots", "right length", "long", "surrogate", "percent", "accents", "sql"],
)
def test_a_wrong_secret_finds_nothing(wrong, store, ward):
    made(store)
    assert shown(store, wrong) is None


def test_a_secret_that_differs_in_its_last_letter_or_in_case_finds_nothing(store, ward):
    secret = made(store)
    assert shown(store, secret) is not None
    other = "A" if secret[-1] != "A" else "B"
    assert shown(store, secret[:-1] + other) is None
    assert shown(store, secret.swapcase()) is None
    assert shown(store, secret + " ") is None
    assert shown(store, token_of(secret)) is None


@pytest.mark.parametrize(
    ("at", "answered"),
    [("2026-06-30T16:00", True), ("2026-07-02T03:59", True), ("2026-07-02T04:00", False), ("2026-07-03T16:00", False)],
    ids=["the day before", "the last minute", "midnight in New York", "later"],
)
def test_a_feed_is_answered_up_to_the_sites_midnight_after_its_last_day(at, answered, store, ward):
    """The page "A feed": the last day counts in the site's zone. 1-Jul ends in New York at 04:00 UTC of 2-Jul."""
    found = Published().answer(store, made(store), datetime.fromisoformat(f"{at}:00+00:00"))[1].body
    assert has_ended(found) is not answered


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "Pacific/Kiritimati"])
def test_the_zone_is_that_of_the_feeds_own_patient(zone, store):
    """At 08:00 UTC of 1-Jul it is still 30-Jun in Pago Pago (UTC-11); at 12:00 UTC of 1-Jul it is 2-Jul in Kiritimati (UTC+14)."""
    Ward(store, zone=zone)
    early, late = datetime(2026, 7, 2, 8, tzinfo=UTC), datetime(2026, 7, 1, 12, tzinfo=UTC)
    west = zone == "Pacific/Pago_Pago"
    assert has_ended(Published().answer(store, made(store), early if west else late)[1].body) is not west


def test_a_revoked_feed_says_that_it_has_ended_and_never_shows_a_plan_again_and_the_others_do(store, ward):
    first, second = made(store), made(store, label="Nurse B")
    feed = all_feeds(store)[0]
    assert revoke_feed(store, feed, by="nurse", at=AT, reason="left")
    assert has_ended(shown(store, first))
    assert days_in(shown(store, second))
    assert not revoke_feed(store, feed, by="other", at=AT)
    found = feed_called(store, feed.id)
    assert (found.state(TODAY), found.revoked.by, found.revoked.reason) == ("revoked", "nurse", "left")


@pytest.mark.parametrize("way", ["revoked", "expired"])
@pytest.mark.parametrize("scope", [CODE, None], ids=["patient", "ward"])
def test_a_feed_that_has_ended_is_for_a_year_one_entry_without_a_name_a_code_or_a_date_of_the_patient(way, scope, store, ward):
    """Revoked on 11-Jun-2026, or its last day 1-Jul-2026: an entry from that day to the same day a year later, included."""
    secret = made(store, code=scope, level="steps")
    last = TODAY if way == "revoked" else UNTIL
    if way == "revoked":
        revoke_feed(store, all_feeds(store)[0], by="nurse", at=AT)
    end = last.replace(year=last.year + 1)
    bodies = {shown(store, secret, last + timedelta(days=days)) for days in ((0, 1, 200, 365) if way == "revoked" else (1, 200, 365))}
    (body,) = bodies
    assert faults(body) == []
    (event,) = parse(body).all("VEVENT")
    assert (event.one("DTSTART"), event.one("DTEND")) == (f"{last:%Y%m%d}", f"{end + timedelta(days=1):%Y%m%d}")
    assert event.text("SUMMARY") == "This calendar is no longer updated. Ask who gave you its address, then delete it."
    assert not [name for name in parse(body).names if name.startswith("X-")]
    assert CODE.encode() not in body
    assert shown(store, secret, end + timedelta(days=1)) is None


def test_who_asks_by_date_is_told_that_a_feed_has_ended(store, ward):
    """What it says changed last when it ended, later than any act that it had shown."""
    secret, published = made(store), Published()
    before = published.answer(store, secret, AT)[1].changed
    revoke_feed(store, all_feeds(store)[0], by="nurse", at=AT)
    assert published.answer(store, secret, AT)[1].changed == AT > before


def test_a_token_that_never_lived_finds_nothing_whatever_has_ended(store, ward):
    made(store)
    revoke_feed(store, all_feeds(store)[0], by="nurse", at=AT)
    assert shown(store, "A" * 43) is None


def test_a_feed_that_was_never_made_cannot_be_revoked(store, ward):
    act = FeedAct(token="0" * 64, kind="revoked", label="x", code=None, level="minimal", expires=UNTIL, by="x", at=AT)
    with not_done("there is no such feed"):
        store.append_feed_act(act)


def test_a_feed_lasts_30_days_beyond_the_last_planned_event_and_the_wards_90_days(store, ward):
    """Contraception ends on 28-Oct-2026; 30 days later is 27-Nov-2026. 11-Jun + 90 days: 19 in June, 31, 31, 9 in September."""
    assert default_expiry(store, CODE, TODAY) == date(2026, 11, 27)
    assert default_expiry(store, None, TODAY) == date(2026, 9, 9)
    assert default_expiry(store, CODE, date(2027, 3, 1)) == date(2027, 3, 31)
    assert latest_expiry(store, CODE, TODAY) == date(2027, 6, 12)
    with pytest.raises(NotThere):
        default_expiry(store, "CASE-2", TODAY)


# the acts on feeds in the ledger


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE feed_acts SET who = 'x'", "UPDATE feed_acts SET expires = '2099-01-01'", "DELETE FROM feed_acts",
        "INSERT INTO feed_acts SELECT id, token, kind, 'x', code, ward, level, expires, who, at, reason, previous, hash FROM feed_acts "
        "WHERE true ON CONFLICT (id) DO UPDATE SET label = excluded.label",
    ],
)  # fmt: skip
def test_what_was_done_to_feeds_is_never_changed(statement, store, ward):
    made(store)
    before = store.connection.execute("SELECT * FROM feed_acts").fetchall()
    with pytest.raises(store.connection.Error, match="append-only"):
        store.connection.execute(statement)
    assert store.connection.execute("SELECT * FROM feed_acts").fetchall() == before


@pytest.mark.parametrize("column", ["token", "kind", "label", "code", "level", "expires", "who", "at", "reason", "hash"])
def test_verify_tells_an_act_on_a_feed_that_was_changed(column, place, store, ward):
    made(store)
    made(store, label="Nurse B")
    assert verify(store).faults == []
    with forced(place) as connection:
        connection.execute(f"UPDATE feed_acts SET {column} = {column} || '1' WHERE id = 1")
    assert any("changed after it was written" in line for line in told(verify(store).faults))


def test_verify_tells_a_revocation_that_was_taken_out(place, store, ward):
    made(store)
    revoke_feed(store, all_feeds(store)[0], by="nurse", at=AT)
    made(store, label="Nurse B")
    with forced(place) as connection:
        connection.execute("DELETE FROM feed_acts WHERE kind = 'revoked'")
    assert told(verify(store).faults) == [
        "Feed “Nurse B”: the chain of hashes is broken before it; an act was taken out or put in."
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "value"), [("sqlite", "nonsense"), ("postgres", "nonsense"), ("sqlite", b"\x00\xff")], indirect=["place"]
)
@pytest.mark.parametrize("column", ["kind", "level", "expires", "at"])
def test_acts_on_feeds_that_cannot_be_read_are_told_in_words(column, value, place, store, ward):
    made(store)
    with forced(place) as connection:
        connection.execute(f"UPDATE feed_acts SET {column} = ?", (value,))
    with not_done("the feeds cannot be read"):
        all_feeds(store)
    assert verify(store).faults


def test_the_last_fetch_is_remembered_and_never_goes_back(store, ward):
    token = token_of(made(store))
    for minutes, kept in ((5, 5), (7, 7), (3, 7)):
        store.note_fetch(token, AT + timedelta(minutes=minutes))
        assert all_feeds(store)[0].fetched == AT + timedelta(minutes=kept)
    assert store.connection.execute("SELECT COUNT(*) FROM fetches").fetchone() == (1,)
    assert verify(store).faults == []


# the minimal level


def test_the_minimal_level_shows_each_day_once_by_its_code_and_name(store, ward):
    data = shown(store, made(store))
    assert days_in(data) == BEFORE
    assert {event.text("SUMMARY").partition(" ")[0] for event in parse(data).all("VEVENT")} == {CODE}
    assert parse(data).one("X-WR-CALNAME") == "Dayzero CASE-1"


def dates_of(data):
    """Date -> (identity, title) of every entry."""
    found = {event.one("DTSTART"): (event.one("UID"), event.text("SUMMARY")) for event in parse(data).all("VEVENT")}
    assert len(found) == len(parse(data).all("VEVENT")), "two entries on one date"
    return found


def test_a_date_keeps_its_identity_whatever_it_is_called_and_what_has_begun_keeps_its_name(store, ward):
    secret = made(store)
    first = dates_of(shown(store, secret))
    slipped(ward)
    second = dates_of(shown(store, secret))
    assert days_in(shown(store, secret)) == AFTER
    assert set(first) <= set(second)
    assert all(second[day][0] == uid for day, (uid, _) in first.items())
    assert [second[f"202606{day}"][1] for day in (10, 11, 12)] == ["CASE-1 (D−5)", "CASE-1 (D−4)", "? CASE-1 (D−3)"]
    assert second["20260614"][1] == "CANCELLED: CASE-1 (D−1)"
    ward.do(Cancel(), "2026-06-12 10:00", reason="withdrawn")
    third = dates_of(shown(store, secret))
    assert set(third) == set(second), "a cancel renames no date and doubles none"
    for day, (uid, title) in second.items():
        name = title.removeprefix("CANCELLED: ").removeprefix("? ")
        assert third[day][0] == uid
        assert third[day][1] in (name, f"CANCELLED: {name}"), day


def test_a_day_without_brackets_stands_on_one_date(store, ward):
    secret = made(store)
    for change in (lambda: None, lambda: slipped(ward), lambda: ward.slip("2026-06-18 10:00", "2026-06-12 09:00", cause="illness", reason="fever")):
        change()
        names = [title.removeprefix("CANCELLED: ").split(" ")[-1] for _, title in dates_of(shown(store, secret)).values()]
        bare = [name for name in names if not name.startswith("(")]
        assert len(bare) == len(set(bare))


def test_a_slip_and_a_slip_back_give_the_first_days_again_under_higher_numbers(store, ward):
    secret = made(store)
    first = by_uid(shown(store, secret))
    slipped(ward)
    second = by_uid(shown(store, secret))
    ward.slip("2026-06-15 10:00", "2026-06-12 09:00", cause="illness", reason="well again")
    third = by_uid(shown(store, secret))
    assert days_in(shown(store, secret)) == BEFORE
    assert set(third) == set(second) > set(first)
    renamed = [uid for uid in first if second[uid].one("SUMMARY") != first[uid].one("SUMMARY")]
    assert renamed
    for uid in first:
        assert third[uid].one("SEQUENCE") == ("2" if uid in renamed else "0")
        assert third[uid].one("SUMMARY") == first[uid].one("SUMMARY")


def test_every_day_that_has_a_sheet_is_there_once(store):
    create_patient(store)
    for second in (1, 2, 3):
        slip_example(store, second)
        row = newest(store, EXAMPLE)
        plan = plan_of(store, row)
        sheets = day_sheets(plan, frame(plan, row.act.at))
        due = {finding.latest for finding in plan.findings if finding.status == "due"}
        printed = {sheet.anchor[-10:] for sheet in sheets if date.fromisoformat(sheet.anchor[-10:]) not in due}
        ours = [entry.first.isoformat() for entry in day_entries(row)]
        assert printed <= set(ours)
        assert len(ours) == len(set(ours))


def test_the_minimal_level_says_nothing_of_the_treatment(store, ward):
    slipped(ward)
    data = shown(store, made(store)).replace(b"\r\n ", b"").decode()
    plan = ward.plan
    told = {word for activity in plan.protocol.activities.values() for word in re.findall(r"\w{4,}", f"{activity.id} {activity.title}")}
    told |= {plan.protocol.id, "NCT", "NK", "IL-2", "infusion", "dose", "donor", "leukaemia", "leukemia", "Treatment", "T36"}
    told -= {"after", "with", "first", "last", "from", "this"}
    told |= {"GIVEN", "HELD", "flu"}
    assert {word for word in told if re.search(rf"\b{re.escape(word)}\b", data, re.IGNORECASE)} == set()
    assert {event.text("CATEGORIES") for event in parse(shown(store, made(store))).all("VEVENT")} == {"Day"}


def test_what_is_recorded_never_shows_in_a_calendar_of_days(store, ward):
    secret = made(store)
    before = shown(store, secret).partition(b"BEGIN:VEVENT")[2]
    ward.record("fludarabine-1", "held", "2026-06-10")
    assert shown(store, secret).partition(b"BEGIN:VEVENT")[2] == before


def test_a_slip_that_the_investigator_must_decide_marks_each_day_to_come_and_names_no_rule(store, ward):
    ward.slip("2026-06-16 10:00", "2026-06-12 08:00", cause="donor", reason="late")
    events = parse(shown(store, made(store))).all("VEVENT")
    titles = {event.one("DTSTART"): event.text("SUMMARY") for event in events}
    assert titles["20260616"] == "? CASE-1 D0"
    assert [titles[f"202606{day}"] for day in (10, 11, 12)] == ["CASE-1 (D−5)", "CASE-1 (D−4)", "? CASE-1 (D−3)"]
    assert not any("T36" in title or "48" in title for title in titles.values())
    texts = [event.text("DESCRIPTION") for event in events]
    assert all("sk the ward" in text for text in texts)


def test_every_text_names_the_revision_in_which_it_changed_last_and_never_that_there_may_be_a_newer_one(store, ward):
    slipped(ward)
    for level in LEVELS:
        for event in parse(shown(store, made(store, level=level))).all("VEVENT"):
            text = event.text("DESCRIPTION")
            assert f"Changed last in revision {int(event.one('SEQUENCE')) + 1} of " in text or "Cancelled in revision" in text
            assert "superseded" not in text
            assert "Schedule aid, not an order." in text


@pytest.mark.parametrize("level", LEVELS)
def test_only_the_calendars_description_says_as_of_when_it_is(level, store, ward):
    secret = made(store, level=level)
    slipped(ward)
    data = parse(shown(store, secret))
    assert data.text("X-WR-CALDESC").startswith("As of Sat 03-Jan-2026 00:00 UTC: this calendar is current while it is updated. ")
    assert not [event for event in data.all("VEVENT") if "As of" in event.text("DESCRIPTION")]
    assert data.one("X-WR-CALNAME") == "Dayzero CASE-1"


def test_a_day_that_is_no_more_stays_as_cancelled(store):
    """IL-2 every third day: +1, +4, +7, +10, +13, +16, +19. The days +3, +5, +9 and +11 go; +4, +10, +16 and +19 come.
    Contraception ends 4 months after 4-Jul, on 4-Nov-2026, which is day +142 in the place of +135."""
    ward = Ward(store)
    site = ward.site(il2_days="+1 to +19 every 3 days")
    texts = {sha256(site): site}
    deed = Amend(protocol=newest(store, CODE).projection.protocol, site=sha256(site))
    perform(store, CODE, deed, ward.meta("2026-06-01 08:00", reason="amended"), texts=texts)
    events = parse(shown(store, made(store))).all("VEVENT")
    gone = {event.text("SUMMARY") for event in events if event.one("STATUS") == "CANCELLED"}
    assert gone == {*(f"CANCELLED: CASE-1 D+{n}" for n in (3, 5, 9, 11)), "CANCELLED: CASE-1 (D+135)"}
    assert {event.one("SEQUENCE") for event in events if event.one("STATUS") == "CANCELLED"} == {"1"}
    standing = days_in(shown(store, made(store)))
    assert set(standing) - set(BEFORE) == {"D+4", "D+10", "D+16", "D+19", "D+142"}
    assert standing["D+142"] == "2026-11-04"


# both levels


@pytest.mark.parametrize("scope", [CODE, None], ids=["patient", "ward"])
@pytest.mark.parametrize("level", LEVELS)
def test_a_cancelled_patient_stays_in_the_feed_as_cancelled(level, scope, store, ward):
    secret = made(store, code=scope, level=level)
    before = by_uid(shown(store, secret))
    ward.do(Cancel(), "2026-06-09 08:00", reason="withdrawn")
    after = by_uid(shown(store, secret))
    assert set(before) <= set(after)
    assert {event.one("STATUS") for event in after.values()} == {"CANCELLED"}
    assert all(event.text("SUMMARY").removeprefix("CASE-1 ").startswith("CANCELLED: ") for event in after.values())
    assert all(event.one("TRANSP") == "TRANSPARENT" for event in after.values())
    assert {event.one("SEQUENCE") for event in after.values()} == {"1"}


def test_the_steps_of_a_patient_are_the_entries_of_the_calendar_file_of_the_newest_revision(store, ward, tmp_path):
    secret = made(store, level="steps")
    for change in (lambda: None, lambda: slipped(ward)):
        change()
        path = export(store, newest(store, CODE), tmp_path / "out")
        feed, file = shown(store, secret), (path / "calendar.ics").read_bytes()
        assert feed.partition(b"BEGIN:VEVENT")[2] == file.partition(b"BEGIN:VEVENT")[2]


def test_the_wards_feed_holds_every_patients_entries_with_the_code_first(store):
    first, second = Ward(store), Ward(store, planned="2026-07-20T10:00:00", code="CASE-2")
    slipped(first)
    for level in LEVELS:
        whole = parse(shown(store, made(store, code=None, level=level)))
        alone = [parse(shown(store, made(store, code=code, level=level))) for code in (CODE, "CASE-2")]
        theirs = [event for one in alone for event in one.all("VEVENT")]
        assert [event.one("UID") for event in whole.all("VEVENT")] == [event.one("UID") for event in theirs]
        assert [event.one("DTSTART") for event in whole.all("VEVENT")] == [event.one("DTSTART") for event in theirs]
        assert all(re.match(r"CASE-[12] ", event.text("SUMMARY")) for event in whole.all("VEVENT"))
        assert whole.text("X-WR-CALNAME") == "Dayzero ward"
        assert whole.text("X-WR-CALDESC").endswith(" CASE-1 revision 2; CASE-2 revision 1")
        assert not whole.raw("X-WR-RELCALID")
    assert second.plan.revision == 1


def test_a_ward_without_patients_has_an_empty_calendar(store):
    found = Published().answer(store, made(store, code=None), AT)
    assert found is not None
    assert found[1].changed is None
    assert faults(found[1].body) == []
    assert parse(found[1].body).all("VEVENT") == []


@pytest.mark.parametrize("scope", [CODE, None], ids=["patient", "ward"])
@pytest.mark.parametrize("level", LEVELS)
def test_every_feed_is_read_alike_by_three_programs_before_and_after_a_slip_and_back(level, scope, store, tmp_path):
    ward = Ward(store, times={"fludarabine": "09:00", "il2": "20:00"})
    Ward(store, planned="2026-07-20T10:00:00", code="CASE-2")
    secret, files = made(store, code=scope, level=level), []
    for number, change in enumerate(
        (
            lambda: None,
            lambda: ward.slip("2026-06-16 10:00", "2026-06-12 08:00", cause="donor", reason="late"),
            lambda: ward.slip("2026-06-15 10:00", "2026-06-12 09:00", cause="donor", reason="came"),
            lambda: ward.do(Cancel(), "2026-06-12 10:00", reason="withdrawn"),
        )
    ):
        change()
        data = shown(store, secret)
        assert faults(data) == []
        path = tmp_path / f"{number}.ics"
        path.write_bytes(data)
        files.append(path)
    assert libical_complaints(tmp_path) == []
    theirs = icaljs_events(files)
    for path in files:
        data = path.read_bytes()
        ours = icalendar_events(data)
        assert libical_events(data) == ours
        here, theirs = theirs[: len(ours)], theirs[len(ours) :]
        assert here == [(uid, as_midnight(start), as_midnight(end or start), number) for uid, start, end, number in ours]
    assert theirs == []


@pytest.mark.parametrize("seed", range(8))
def test_in_any_chain_of_moves_no_identity_multiplies_and_numbers_rise_only_with_a_change(seed, store):
    chance, ward = Random(seed), Ward(store)
    secret, published = made(store), Published()
    clock, before = datetime(2026, 6, 1, 8, 0), {}
    for _ in range(7):
        clock += timedelta(hours=chance.choice((3, 20, 40)))
        hour = chance.choice(("09:00", "10:00"))
        to = f"2026-06-{chance.choice((14, 15, 16, 17)):02d} {hour}"
        ward.slip(to, f"{clock:%Y-%m-%d %H:%M}", cause=chance.choice(("illness", "donor")), reason="x")
        data = published.answer(store, secret, AT)[1].body
        after = by_uid(data)
        assert faults(data) == []
        standing = [event.one("DTSTART") for event in after.values()]
        assert len(standing) == len(set(standing)), "two entries on one day"
        assert set(before) <= set(after)
        for uid, event in after.items():
            if uid in before:
                changed = [event.one(name) for name in ("DTSTART", "SUMMARY", "STATUS")] != [before[uid].one(name) for name in ("DTSTART", "SUMMARY", "STATUS")]  # fmt: skip
                risen = int(event.one("SEQUENCE")) > int(before[uid].one("SEQUENCE")) and event.one("DTSTAMP") > before[uid].one("DTSTAMP")  # fmt: skip
                assert risen is changed
                assert changed or event.properties == before[uid].properties
        before = after


# what is worked out once


def test_nothing_out_of_date_is_ever_given_and_what_has_not_changed_is_not_worked_out_again(place, store, ward):
    published, secret, whole = Published(), made(store), made(store, code=None)
    first, ward_first = (published.answer(store, one, AT)[1] for one in (secret, whole))
    assert published.answer(store, secret, AT)[1] is first
    with open_store(place) as colleague:
        Ward(colleague, planned="2026-07-20T10:00:00", code="CASE-2")
    assert published.answer(store, secret, AT)[1] is first, "another patient's act"
    assert published.answer(store, whole, AT)[1].etag != ward_first.etag
    with open_store(place) as colleague:
        other = Ward.__new__(Ward)
        other.__dict__ |= {**ward.__dict__, "store": colleague, "clock": 5000}
        slipped(other)
    second = published.answer(store, secret, AT)[1]
    assert second.etag != first.etag
    assert second.changed > first.changed
    with open_store(place) as colleague:
        revoke_feed(colleague, all_feeds(colleague)[0], by="x", at=AT)
    assert has_ended(published.answer(store, secret, AT)[1].body)


def test_the_tag_is_strong_and_the_same_in_another_process(store, ward):
    secret = made(store)
    tags = {Published().answer(store, secret, AT)[1].etag for _ in range(2)}
    assert len(tags) == 1
    assert re.fullmatch(r'"[0-9a-f]{32}"', tags.pop())


# restoring a backup


@pytest.fixture
def backed_up(place, tmp_path, monkeypatch):
    """A ledger that goes on after its backup: of three feeds one was revoked before it, one after, and a fourth made."""
    monkeypatch.chdir(tmp_path)
    path, backup = place, tmp_path / "backup.sqlite"
    secrets = {}
    with open_store(path) as store:
        create_patient(store)
        for name in ("stays", "revoked before", "revoked after"):
            secrets[name] = made(store, code=EXAMPLE, label=name)
        revoke_feed(store, all_feeds(store)[1], by="nurse", at=AT)
        store.backup(backup)
        slip_example(store, 5)
        revoke_feed(store, all_feeds(store)[2], by="nurse", at=AT + timedelta(hours=1), reason="lost")
        secrets["made after"] = made(store, code=EXAMPLE, label="made after")
        store.note_fetch(token_of(secrets["stays"]), AT + timedelta(hours=2))
    return path, backup, secrets


def answered(path, secrets):
    with open_store(path) as store:
        assert verify(store).faults == []
        found = {name: shown(store, secret) for name, secret in secrets.items()}
        return {name for name, data in found.items() if data is not None and not has_ended(data)}


def test_feeds_survive_a_restore_and_what_was_revoked_or_made_since_the_backup_is_carried_over(backed_up):
    path, backup, secrets = backed_up
    done = restore(path, backup, meta(7200, reason="disk"))
    assert done.doubtful == ()
    assert answered(path, secrets) == {"stays", "made after"}
    with open_store(path) as store:
        found = {feed.made.label: feed for feed in all_feeds(store)}
    assert found["revoked after"].revoked.reason == "lost"
    assert found["stays"].fetched == AT + timedelta(hours=2)


@pytest.mark.parametrize(("harm", "place"), [("gone", "sqlite"), ("unreadable", "sqlite"), ("gone", "postgres")], indirect=["place"])
def test_where_nobody_knows_what_was_revoked_each_feed_that_comes_back_is_named_and_marked(harm, backed_up, capsys, monkeypatch, request):
    path, backup, secrets = backed_up
    if harm == "gone" and not isinstance(path, Path):
        request.getfixturevalue("emptied")()
    elif harm == "gone":
        path.unlink()
    else:
        path.write_text("The disk has failed.\n" * 1000, encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int((AT + timedelta(hours=3)).timestamp())))
    with pytest.raises(SystemExit) as ended:
        main(["restore", str(backup), "--reason", "disk", "--confirm", "RESTORE", "--store", address_of(path), "--by", "Kim"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    for name in ("stays", "revoked after"):
        assert (
            f"  Feed “{name}”, CIML-017: answered again. Whether it was revoked since the backup is not known; if it was, "
            "revoke it again on the page Calendar feeds."
        ) in told
    assert "revoked before" not in told
    assert answered(path, secrets) == {"stays", "revoked after"}
    with open_store(path) as store:
        found = {feed.made.label: feed for feed in all_feeds(store)}
        assert (found["stays"].back.by, found["stays"].back.reason) == ("Kim", "disk")
        assert found["revoked before"].back is None
        revoke_feed(store, found["revoked after"], by="Kim", at=AT)
    assert answered(path, secrets) == {"stays"}


def test_on_the_evening_of_its_last_day_a_feed_that_comes_back_is_marked(tmp_path):
    """New York, Mon 15-Jun-2026 at 22:00, when it is the 16th in UTC: the feed whose last day is the 15th is answered for
    two hours more, that of the 14th is not."""
    path, backup = tmp_path / "ledger.sqlite", tmp_path / "backup.sqlite"
    with open_store(path) as store:
        create_patient(store)
        for day in (14, 15):
            made(store, code=EXAMPLE, label=f"until {day}-Jun", expires=date(2026, 6, day))
        store.backup(backup)
    path.unlink()
    done = restore(path, backup, replace(meta(7200, reason="disk"), at=datetime(2026, 6, 16, 2, tzinfo=UTC)))
    assert [feed.label for feed in done.doubtful] == ["until 15-Jun"]


def test_after_a_restore_every_day_is_higher_than_any_sent_out(backed_up):
    path, backup, secrets = backed_up
    with open_store(path) as store:
        sent = {event.one("UID"): int(event.one("SEQUENCE")) for event in parse(shown(store, secrets["stays"])).all("VEVENT")}
    restore(path, backup, meta(7200, reason="disk"))
    with open_store(path) as store:
        after = {event.one("UID"): int(event.one("SEQUENCE")) for event in parse(shown(store, secrets["stays"])).all("VEVENT")}
        assert newest(store, EXAMPLE).act.revision == 2 + JUMP
    assert {uid for uid in after if after[uid] <= sent.get(uid, 0)} == set()


def test_a_backup_of_the_ledger_holds_its_feeds(backed_up):
    _, backup, secrets = backed_up
    assert answered(backup, secrets) == {"stays", "revoked after"}


def test_the_entries_of_a_minimal_feed_have_other_identities_than_those_of_the_whole_calendar(store, ward):
    """They can stand side by side in one program, and the whole one's identity cannot be guessed from them."""
    steps = {entry_uid(newest(store, CODE).lasting.schedule_id, entry.id) for entry in calendar_entries(store, newest(store, CODE))}
    assert not steps & set(by_uid(shown(store, made(store))))
