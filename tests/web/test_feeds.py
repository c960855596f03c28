"""Feeds on the web: made after a warning, shown once, fetched without log-in, revoked; and no secret anywhere else."""

import html
import logging
import re
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from shared.byte_lint import parse
from shared.paper import run_node
from shared.web_ward import COOKIE, HOST, ORIGIN, ZONE, open_ward

from schedule.model.acts import Note
from schedule.model.text import sha256
from schedule.service.acts import perform
from schedule.service.create import Meta
from schedule.service.export import export
from schedule.service.feeds import all_feeds
from schedule.service.revisions import newest
from schedule.web import feeds
from schedule.web.calendars import CLIENTS
from schedule.web.subscribers import MOST_MISSES
from schedule.words.feeds import ENDED

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "private, no-cache",
}  # fmt: skip
NOT_FOUND = {**HEADERS, "Content-Type": "text/plain; charset=utf-8", "Content-Length": "11"}


@pytest.fixture
def ward(tmp_path):
    """The ward on a ledger of its own."""
    with open_ward(tmp_path) as ward:
        yield ward


@pytest.fixture
def behind_proxy(tmp_path):
    with open_ward(
        tmp_path, proxy_header="X-Remote-User", hosts=frozenset({"dayzero.hospital.example"}),
        origins=frozenset({"https://dayzero.hospital.example"}),
    ) as ward:  # fmt: skip
        ward.client.set_cookie("__Host-dayzero", COOKIE, domain="dayzero.hospital.example")
        yield ward


def once(ward):
    return re.search(r'name="once" value="([^"]+)"', ward.get("/feeds/new").text)[1]


def form(ward, **more):
    return {"once": once(ward), "label": "Nurse Kim, tablet", "scope": "SLIP-1", "level": "minimal", "read": "yes", **more}


def make(ward, **more):
    """A feed, made as a nurse does: the path of its address, and of the page that shows it."""
    answer = ward.post("/feeds/new", form(ward, **more))
    assert answer.status_code == 303, answer.text
    page = ward.get(answer.location)
    return re.search(r"(/feed/[A-Za-z0-9_-]{43}/[a-z0-9-]+\.ics)<", page.text)[1], answer.location


def secret_of(path):
    return path.split("/")[2]


def fetch(ward, path, method="get", **headers):
    """What a calendar program gets: no cookie, no user."""
    client = ward.app.test_client()
    answer = getattr(client, method)(path, headers={"Host": next(iter(ward.settings.hosts)), **headers})
    assert "Set-Cookie" not in answer.headers
    return answer


def act(ward, code="SLIP-1", hour="08:00"):
    """Somebody does something to a patient that changes the newest revision."""
    with ward.store() as store:
        wall = datetime.fromisoformat(f"2026-06-12 {hour}")
        row = perform(store, code, Note(text="x"), Meta(by="n", at=ward.clock(), as_of=wall, site_time=wall)).row
    return row.act.at


class Texts(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.ids = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))


# the pages


def test_there_is_no_feed_until_somebody_makes_one(ward):
    assert "A feed exists only once somebody has made it." in ward.get("/feeds").text
    with ward.store() as store:
        assert all_feeds(store) == ()


def test_the_warning_comes_before_the_form_and_must_be_ticked(ward):
    page = ward.get("/feeds/new").text
    assert page.index("Dates tied to a patient are health information") < page.index("<form")
    assert "from outside the hospital" in page
    answer = ward.post("/feeds/new", {**form(ward), "read": ""})
    assert answer.status_code == 422
    assert '<a href="#read">Tick that you have read the warning</a>' in answer.text
    with ward.store() as store:
        assert all_feeds(store) == ()


@pytest.mark.parametrize(
    ("field", "typed", "anchor", "message"),
    [
        ("label", "", "label", "Enter the person, and the calendar"),
        ("label", "x" * 61, "label", "Person, and the calendar must have 60 characters at most; it has 61"),
        ("scope", "", "scope", "Choose the patients that it shows"),
        ("scope", "NOBODY-1", "scope", "Choose the patients that it shows"),
        ("level", "", "level-1", "Choose the words that it shows"),
        ("level", "everything", "level-1", "Choose the words that it shows"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_in_the_summary_and_nothing_typed_is_lost(field, typed, anchor, message, ward):
    answer = ward.post("/feeds/new", {**form(ward, label="Kim & <b>Co</b>"), field: typed})
    assert answer.status_code == 422
    assert f'<a href="#{anchor}">{message}</a>' in answer.text
    assert answer.text.count(message) == 2
    if field != "label":
        assert "Kim &amp; &lt;b&gt;Co&lt;/b&gt;" in answer.text
    ids = [attributes.get("id") for _, attributes in Texts(answer.text).tags]
    assert anchor in ids
    with ward.store() as store:
        assert all_feeds(store) == ()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("Night shift", "The name at the end of the address is small letters, digits and hyphens, such as night-shift"),
        ("a/b", "The name at the end of the address is small letters, digits and hyphens, such as night-shift"),
        ("slip-1", "The name at the end of the address must not hold a study code"),
        ("slip1", "The name at the end of the address must not hold a study code"),
        ("my-slip-1-calendar", "The name at the end of the address must not hold a study code"),
        ("x" * 41, "Name at the end of the address must have 40 characters at most; it has 41"),
    ],
)
def test_a_name_at_the_end_of_the_address_that_cannot_be_or_gives_a_patient_away_is_told(typed, message, ward):
    answer = ward.post("/feeds/new", form(ward, ending=typed))
    assert answer.status_code == 422
    assert f'<a href="#ending">{message}</a>' in answer.text


@pytest.mark.parametrize(
    ("code", "ending", "gives"),
    [("A", "ward-a", True), ("A", "ward", False), ("7", "night-7", True), ("7", "dayzero-17", False), ("B2-", "b2-x", True), ("NK-305", "xnk305x", True)],
)
def test_a_short_code_gives_a_patient_away_as_a_part_of_its_own_alone(code, ending, gives):
    """Else who has a patient called A could call no calendar “ward”."""
    assert feeds.gives_away(code, ending) == gives


def test_an_address_ends_in_the_name_that_was_typed_else_in_the_feeds_number_and_the_secret_alone_decides(ward):
    """The page "A feed": clients name the calendar by the last part, which was the secret; no code is in a proxy's log."""
    first, _ = make(ward)
    second, _ = make(ward, ending="night-shift")
    third, _ = make(ward)
    assert [path.rpartition("/")[2] for path in (first, second, third)] == ["dayzero-1.ics", "night-shift.ics", "dayzero-3.ics"]
    assert not [path for path in (first, second, third) if "slip" in path.lower()]
    other = f"/feed/{secret_of(second)}/another-name.ics"
    assert fetch(ward, other).data == fetch(ward, second).data


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("31 Feb 2027", "“31 Feb 2027” is not a real date"),
        ("11 Jun 2026", "must be from today, <span class=\"fixed\">Fri 12-Jun-2026</span>, to"),
        ("14 Jun 2027", "to <span class=\"fixed\">Sun 13-Jun-2027</span>"),
    ],
)  # fmt: skip
def test_a_last_day_that_cannot_be_is_told_with_what_to_write(typed, message, ward):
    """A year from Fri 12-Jun-2026 is 366 days: Sun 13-Jun-2027."""
    answer = ward.post("/feeds/new", form(ward, expires=typed))
    assert answer.status_code == 422
    assert message in answer.text


@pytest.mark.parametrize(("typed", "until"), [("1 Sept 2026", "2026-09-01"), ("", "2026-11-28")])
def test_a_last_day_that_was_typed_counts_else_30_days_after_the_last_event(typed, until, ward):
    """SLIP-1: day 0 on 16-Jun, IL-2 until 29-Jun, contraception until 29-Oct, and 30 days."""
    make(ward, expires=typed)
    with ward.store() as store:
        assert all_feeds(store)[0].made.expires.isoformat() == until


def test_the_address_is_shown_once_to_who_made_it_and_never_again(ward):
    answer = ward.post("/feeds/new", form(ward))
    page = ward.get(answer.location)
    assert "Copy the address now" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    secret = re.search(r"/feed/([A-Za-z0-9_-]{43})/", page.text)[1]
    assert f"{ORIGIN}/feed/{secret}/dayzero-1.ics" in page.text
    again = ward.get(answer.location)
    assert again.status_code == 200
    assert secret not in again.text
    assert "<svg" not in again.text
    assert "revoke this feed and make another" in again.text


def test_the_square_code_is_there_without_a_style_or_a_script(ward):
    page = ward.get(ward.post("/feeds/new", form(ward)).location).text
    assert re.search(r'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 (\d+) \1"><path ', page)
    assert "style=" not in page
    assert "<script" not in page


def test_a_form_that_is_sent_twice_makes_one_feed_and_leads_to_its_address(ward):
    sent = form(ward)
    first, second = ward.post("/feeds/new", sent), ward.post("/feeds/new", sent)
    assert first.location == second.location
    assert "/feed/" in ward.get(second.location).text
    with ward.store() as store:
        assert len(all_feeds(store)) == 1


KIM = {"X-Remote-User": "kim"}


def test_nobody_else_is_shown_the_address(behind_proxy):
    sent = form_of(behind_proxy.get("/feeds/new", **KIM).text)
    answer = behind_proxy.post("/feeds/new", sent, user="kim", **KIM)
    assert answer.status_code == 303
    other = behind_proxy.get(answer.location, **{"X-Remote-User": "lee"})
    assert "/feed/" not in other.text
    own = behind_proxy.get(answer.location, **KIM)
    assert "https://dayzero.hospital.example/feed/" in own.text
    with behind_proxy.store() as store:
        assert all_feeds(store)[0].made.by == "kim"


def form_of(page):
    found = re.search(r'name="once" value="([^"]+)"', page)[1]
    return {"once": found, "label": "Nurse Kim", "scope": "SLIP-1", "level": "minimal", "read": "yes"}


def test_an_address_that_nobody_looked_at_is_forgotten(ward):
    answer = ward.post("/feeds/new", form(ward))
    ward.clock.moment += timedelta(minutes=11)
    assert "/feed/" not in ward.get(answer.location).text.replace("/feeds", "")


def test_the_list_says_for_whom_what_who_when_until_when_and_when_it_was_last_fetched(ward):
    path, _ = make(ward)
    make(ward, label="Night shift", scope="*", level="steps")
    fetch(ward, path)
    ward.clock.moment += timedelta(hours=2, minutes=30)
    page = re.sub(r"<[^>]+>", " ", ward.get("/feeds").text)
    words = " ".join(page.split()).replace(" ,", ",")
    assert (
        "Nurse Kim, tablet Shows SLIP-1, days only Works until Sat 28-Nov-2026 "
        "Last fetched Fri 12-Jun-2026 08:00, 2 hours ago Made by nurse1, Fri 12-Jun-2026 08:00"
    ) in words
    assert (
        "Night shift Shows Whole ward, every step Works until Thu 10-Sep-2026 Last fetched Never Made by nurse1"
    ) in words


def test_the_list_says_which_calendars_have_not_fetched_since_the_plan_changed(ward):
    path, _ = make(ward)
    fetch(ward, path)
    assert "out of date" not in ward.get("/feeds").text
    act(ward)
    assert "Not fetched since the plan changed" in ward.get("/feeds").text
    fetch(ward, path)
    assert "out of date" not in ward.get("/feeds").text


def test_the_list_says_which_feed_ends_before_its_patients_plan(ward):
    make(ward, expires="30 Jun 2026")
    assert "Ends before the patient's plan does." in ward.get("/feeds").text.replace("&#39;", "'")


def test_a_feed_is_revoked_after_a_question_and_a_second_time_harms_nothing(ward):
    path, shown = make(ward)
    page = shown.replace("address", "revoke")
    asked = ward.get(page)
    assert "Revoke this feed?" in asked.text
    assert fetch(ward, path).status_code == 200
    for _ in range(2):
        answer = ward.post(page, {"reason": "tablet lost"})
        assert (answer.status_code, answer.location) == (303, "/feeds")
    ended = fetch(ward, path)
    assert (ended.status_code, ended.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert [event.text("SUMMARY") for event in parse(ended.data).all("VEVENT")] == [ENDED]
    with ward.store() as store:
        (feed,) = all_feeds(store)
        assert (feed.revoked.by, feed.revoked.reason) == ("nurse1", "tablet lost")
        assert len(store.feed_acts()) == 2
    listed = ward.get("/feeds").text
    assert "Revoked by nurse1" in listed
    assert "/revoke" not in listed


@pytest.mark.parametrize("path", ["/feeds/0123456789abcdef/revoke", "/feeds/0123456789abcdef/address", "/feeds/x/revoke"])
def test_a_feed_that_there_is_not_has_no_page(path, ward):
    assert ward.get(path).status_code == 404


def test_read_only_makes_and_revokes_nothing_and_answers_feeds(ward, tmp_path):
    path, shown = make(ward)
    with open_ward(tmp_path, patients=None, read_only=True) as ward:
        assert "<form" not in ward.get("/feeds/new").text
        assert "/feeds/new" not in ward.get("/feeds").text
        assert ward.post("/feeds/new", {"label": "x"}).status_code == 403
        assert ward.post(shown.replace("address", "revoke"), {}).status_code == 403
        assert fetch(ward, path).status_code == 200


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", "a\r\nATTENDEE:mailto:x", '"><img src=x>', "=1+1", "\u202eabc"])
def test_a_hostile_label_stays_words_and_reaches_no_calendar(label, ward):
    path, _ = make(ward, label=label)
    plain, _ = make(ward, label="plain")
    hostile, quiet = Texts(ward.get("/feeds").text), None
    assert not [tag for tag, _ in hostile.tags if tag in ("script", "img")]
    assert quiet is None
    assert fetch(ward, path).data == fetch(ward, plain).data


# what a calendar program gets


@pytest.mark.parametrize(("scope", "level"), [("SLIP-1", "minimal"), ("SLIP-1", "steps"), ("*", "minimal"), ("*", "steps")])
def test_a_feed_is_answered_with_exactly_these_headers(scope, level, ward):
    path, _ = make(ward, scope=scope, level=level)
    answer = fetch(ward, path)
    assert answer.status_code == 200
    found = dict(answer.headers)
    assert re.fullmatch(r'"[0-9a-f]{32}"', found.pop("ETag"))
    assert found.pop("Last-Modified").endswith(" GMT")
    assert found == {**HEADERS, "Content-Type": "text/calendar; charset=utf-8", "Content-Length": str(len(answer.data))}
    assert parse(answer.data).all("VEVENT")


def test_the_last_modified_is_the_time_of_the_newest_act_that_the_feed_shows(ward):
    one, _ = make(ward)
    whole, _ = make(ward, scope="*")
    at = act(ward, "PLAN-1")
    ward.clock.moment += timedelta(minutes=1)
    with ward.store() as store:
        own = newest(store, "SLIP-1").act.at
    assert fetch(ward, one).last_modified == own
    assert fetch(ward, whole).last_modified == at


def test_the_steps_are_the_entries_of_the_calendar_file(ward, tmp_path):
    path, _ = make(ward, level="steps")
    with ward.store() as store:
        there = export(store, newest(store, "SLIP-1"), tmp_path / "out")
    file = (there / "calendar.ics").read_bytes()
    assert fetch(ward, path).data.partition(b"BEGIN:VEVENT")[2] == file.partition(b"BEGIN:VEVENT")[2]


def test_head_says_what_get_would_and_gives_no_body(ward):
    path, _ = make(ward)
    full, head = fetch(ward, path), fetch(ward, path, "head")
    assert head.data == b""
    assert dict(head.headers) == dict(full.headers)


def test_compression_is_never_used_and_nothing_is_an_attachment(ward):
    path, _ = make(ward)
    answer = fetch(ward, path, **{"Accept-Encoding": "gzip, deflate, br"})
    assert "Content-Encoding" not in answer.headers
    assert "Content-Disposition" not in answer.headers
    assert answer.data.startswith(b"BEGIN:VCALENDAR\r\n")


@pytest.mark.parametrize(
    ("tag", "status"),
    [("{etag}", 304), ("W/{etag}", 304), ('"other", {etag}', 304), ("*", 304), ('"other"', 200), ("", 200), ("nonsense", 200)],
)
def test_a_tag_that_the_program_has_gets_304(tag, status, ward):
    path, _ = make(ward)
    etag = fetch(ward, path).headers["ETag"]
    answer = fetch(ward, path, **{"If-None-Match": tag.format(etag=etag)})
    assert answer.status_code == status
    if status == 304:
        assert answer.data == b""
        assert dict(answer.headers) == {**HEADERS, "ETag": etag}


@pytest.mark.parametrize(("seconds", "status"), [(0, 304), (1, 304), (-1, 200)])
def test_a_date_that_the_program_has_gets_304_unless_something_is_newer(seconds, status, ward):
    path, _ = make(ward)
    since = fetch(ward, path).last_modified + timedelta(seconds=seconds)
    asked = {"If-Modified-Since": f"{since:%a, %d %b %Y %H:%M:%S} GMT"}
    assert fetch(ward, path, **asked).status_code == status
    assert fetch(ward, path, **asked, **{"If-None-Match": '"other"'}).status_code == 200, "the tag counts, not the date"
    assert fetch(ward, path, **{"If-Modified-Since": "yesterday"}).status_code == 200


def test_two_acts_within_a_second_are_told_apart_even_by_a_program_that_asks_by_date(ward):
    path, _ = make(ward)
    first = act(ward)
    ward.clock.moment = first - timedelta(seconds=1)
    young = fetch(ward, path)
    assert "Last-Modified" not in young.headers
    assert fetch(ward, path, **{"If-Modified-Since": f"{first:%a, %d %b %Y %H:%M:%S} GMT"}).status_code == 200
    ward.clock.moment = first + timedelta(seconds=5)
    assert fetch(ward, path).last_modified == first


def test_a_changed_plan_gets_new_bytes_at_once_and_a_slip_moves_day_0(ward):
    path, _ = make(ward)
    before = fetch(ward, path)
    with ward.store() as store:
        book = ward.books["SLIP-1"]
        book.store = store
        book.slip("2026-06-17 10:00", "2026-06-12 08:30", cause="donor", reason="later")
    after = fetch(ward, path, **{"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200

    def zero(data):
        (event,) = [event for event in parse(data).all("VEVENT") if event.text("SUMMARY").endswith(" D0")]
        return event.one("DTSTART")

    assert (zero(before.data), zero(after.data)) == ("20260616", "20260617")


def wrong_addresses(ward):
    """Every kind of wrong address: never made, ended more than a year ago, malformed."""
    revoked, shown = make(ward)
    ward.post(shown.replace("address", "revoke"), {})
    ward.at("2027-06-14 08:00")
    right, _ = make(ward, expires="20 Jun 2027")
    assert fetch(ward, right).status_code == 200
    secret = secret_of(right)
    return [
        "/feed/" + "A" * 43 + "/x.ics", revoked, f"/feed/{secret}.ics", right[:-4], right[:-1], f"/feed/{secret}/.ics", f"/feed/{secret}/",
        f"/feed/{secret}/a/b.ics", f"/feed/{secret[:-1]}/x.ics", f"/feed/{secret}x/x.ics", "/feed/" + right[6:].upper(),
        "/feed", "/feed/", "/feed/.ics", "/feed/x", "/feed/x.ics", "/feed/a/b.ics", f"/feed/{sha256(secret)}/x.ics", "/feed/%00/x.ics",
        "/feed/..%2fx.ics", "/feed/" + "A" * 3000 + "/x.ics", "/feed/\u00e9/x.ics", f"/feed/x/x.ics?token={secret}", "/feed//" + right[6:],
    ]  # fmt: skip


def test_unknown_and_malformed_addresses_and_those_that_ended_over_a_year_ago_are_answered_alike_to_the_byte(ward):
    wrong = wrong_addresses(ward)
    for method, body in (("get", b"Not found.\n"), ("head", b"")):
        answers = {(a.status_code, a.data, tuple(sorted(a.headers.items()))) for a in (fetch(ward, p, method) for p in wrong)}
        assert answers == {(404, body, tuple(sorted(NOT_FOUND.items())))}


@pytest.mark.parametrize("way", ["revoked", "expired"])
def test_a_feed_that_has_ended_says_so_for_a_year_to_every_way_of_asking(way, ward):
    """Only who had the address can learn that it lived. Of a program's old tag and old date nothing is left."""
    path, shown = make(ward, level="steps", expires="20 Jun 2026")
    before = fetch(ward, path)
    if way == "revoked":
        ward.post(shown.replace("address", "revoke"), {})
    else:
        ward.at("2026-06-21 08:00")
    old = {"If-None-Match": before.headers["ETag"]}, {"If-Modified-Since": before.headers.get("Last-Modified", "")}
    for asked in ({}, *old):
        answer = fetch(ward, path, **asked)
        assert answer.status_code == 200
        assert [event.text("SUMMARY") for event in parse(answer.data).all("VEVENT")] == [ENDED]
        assert b"SLIP-1" not in answer.data and b"X-WR" not in answer.data
    tag = fetch(ward, path).headers["ETag"]
    assert fetch(ward, path, **{"If-None-Match": tag}).status_code == 304


def test_the_last_day_is_asked_for_and_shown_by_the_sites_clock(ward):
    """At 02:00 UTC of 13-Jun it is 22:00 of Fri 12-Jun in New York: the 12th is still today, the 11th is over."""
    ward.at("2026-06-12 22:00")
    for day, status in ((11, 422), (12, 303)):
        assert ward.post("/feeds/new", form(ward, expires=f"{day} Jun 2026")).status_code == status, day
    assert "Ended" not in ward.get("/feeds").text
    ward.at("2026-06-13 00:01")
    assert "Ended" in ward.get("/feeds").text


def test_a_conditional_request_to_a_wrong_address_is_answered_alike_as_well(ward):
    for asked in ({"If-None-Match": "*"}, {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, {"Range": "bytes=0-1"}):
        assert fetch(ward, "/feed/x.ics", **asked).status_code == 404


def test_a_feed_needs_no_user_behind_the_proxy_and_pages_do(behind_proxy):
    sent = form_of(behind_proxy.get("/feeds/new", **KIM).text)
    location = behind_proxy.post("/feeds/new", sent, user="kim", **KIM).location
    path = re.search(r"/feed/\S+?\.ics", behind_proxy.get(location, **KIM).text)[0]
    assert fetch(behind_proxy, path).status_code == 200
    assert fetch(behind_proxy, path).headers["Strict-Transport-Security"] == "max-age=31536000"
    etag = fetch(behind_proxy, path).headers["ETag"]
    unchanged = [fetch(behind_proxy, path, **{"If-None-Match": tag}) for tag in (etag, f"W/{etag}")]
    assert [answer.status_code for answer in unchanged] == [304, 304]
    assert dict(unchanged[0].headers) == dict(unchanged[1].headers)
    assert unchanged[0].headers["Strict-Transport-Security"] == "max-age=31536000"
    assert fetch(behind_proxy, "/feed/x.ics").status_code == 404
    for page in ("/feeds", "/feeds/new", location, "/calendars"):
        assert fetch(behind_proxy, page).status_code == 401, page


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:8001", "localhost:8000.evil.example", ""])
def test_a_feed_under_another_host_is_not_answered(host, ward):
    path, _ = make(ward)
    for asked in (path, "/feed/x.ics"):
        assert ward.app.test_client().get(asked, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_a_feed_takes_no_other_method(method, ward):
    path, _ = make(ward)
    assert fetch(ward, path, method).status_code == 405
    assert fetch(ward, "/feed/x.ics", method).status_code == 405


def content(ward):
    with closing(sqlite3.connect(ward.settings.store)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}


def test_a_fetch_changes_nothing_but_when_the_feed_was_last_fetched(ward):
    path, _ = make(ward)
    before = content(ward)
    for method in ("get", "head"):
        fetch(ward, path, method)
        fetch(ward, "/feed/x.ics", method)
    after = content(ward)
    (row,) = after.pop("fetches")
    assert before.pop("fetches") == []
    assert after == before
    assert row[0] == sha256(secret_of(path))


def test_a_fetch_is_noted_once_a_minute_and_at_once_for_a_newer_revision_and_head_is_none(ward):
    path, _ = make(ward)

    def noted():
        with ward.store() as store:
            found = all_feeds(store)[0].fetched
        return None if found is None else f"{found:%H:%M:%S}"

    fetch(ward, path, "head")
    assert noted() is None
    for second, expected in ((0, "12:00:00"), (30, "12:00:00"), (59, "12:00:00"), (60, "12:01:00"), (90, "12:01:00")):
        ward.clock.moment = datetime(2026, 6, 12, 12, 0, tzinfo=UTC) + timedelta(seconds=second - 1)
        fetch(ward, path)
        assert noted() == expected, second
    act(ward)
    fetch(ward, path)
    assert noted() > "12:01:00"


def test_a_fetch_that_cannot_be_noted_is_answered_all_the_same(ward):
    path, _ = make(ward)
    with ward.store() as other:
        other.connection.execute("BEGIN IMMEDIATE")
        assert fetch(ward, path).status_code == 200
        other.connection.execute("ROLLBACK")
    with ward.store() as store:
        assert all_feeds(store)[0].fetched is None


def test_too_many_wrong_addresses_are_told_to_wait_and_a_right_one_is_always_answered(ward):
    path, _ = make(ward)
    ward.clock.moment = datetime(2026, 6, 12, 12, 0, tzinfo=UTC)
    start = ward.clock.moment

    def status(asked, place="127.0.0.1"):
        ward.clock.moment = start
        client = ward.app.test_client()
        return client.get(asked, headers={"Host": HOST}, environ_base={"REMOTE_ADDR": place}).status_code

    assert [status("/feed/x.ics") for _ in range(MOST_MISSES)] == [404] * MOST_MISSES
    assert status("/feed/x.ics") == 429
    assert status(path) == 200
    assert status("/feed/x.ics", "10.0.0.9") == 404
    start += timedelta(minutes=1)
    assert status("/feed/x.ics") == 404


def test_the_counting_of_wrong_addresses_needs_no_more_room_than_it_has(ward):
    from schedule.web.subscribers import MOST_PLACES, Subscribers

    counted = Subscribers(ward.settings.store)
    at = datetime(2026, 6, 12, 12, 0, tzinfo=UTC)
    for number in range(3 * MOST_PLACES):
        counted.too_many(str(number), at)
    assert len(counted._misses) <= MOST_PLACES + 1


def test_a_ledger_that_is_gone_gets_503_and_is_not_made_anew_and_one_put_in_its_place_is_read(ward):
    path, _ = make(ward)
    assert fetch(ward, path).status_code == 200
    place = ward.settings.store
    aside = place.with_name("aside")
    place.rename(aside)
    answer = fetch(ward, path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
    assert answer.data == b"The calendar cannot be read now. What you have stays as it is.\n"
    assert not place.exists()
    place.write_bytes(b"This is a letter.")
    assert fetch(ward, path).status_code == 503
    place.unlink()
    aside.rename(place)
    assert fetch(ward, path).status_code == 200


def test_threads_get_the_newest_revision_while_somebody_acts(ward):
    """Each answer is at least as new as the newest act that was saved before it was asked for."""
    path, _ = make(ward, level="steps")
    whole, _ = make(ward, scope="*")
    saved, wrong, stop = [4], [], threading.Event()

    def poll(asked, named):
        while not stop.is_set():
            least = saved[-1]
            answer = fetch(ward, asked)
            found = re.search(named, answer.data.replace(b"\r\n ", b"").decode())
            if answer.status_code != 200 or int(found[1]) < least:
                wrong.append((answer.status_code, found, least))

    threads = [
        threading.Thread(target=poll, args=args)
        for args in ((path, r"SLIP-1: revision (\d+)"), (whole, r"SLIP-1 revision (\d+)")) for _ in range(2)
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for _ in range(8):
        act(ward)
        saved.append(ward.last("SLIP-1").revision)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert saved[-1] == 12


def test_what_is_answered_in_front_of_the_pages_is_noted_logged_and_checked_like_the_rest(ward, caplog):
    """A right tag alone opens nothing: the address, its last day, the Host and the method count as ever."""
    path, shown = make(ward)
    etag = {"If-None-Match": fetch(ward, path).headers["ETag"]}
    ward.clock.moment += timedelta(hours=1)
    caplog.set_level(logging.INFO)
    assert fetch(ward, path, **etag).status_code == 304
    with ward.store() as store:
        feed = all_feeds(store)[0]
        assert feed.fetched >= ward.clock.moment - timedelta(seconds=5)
    (line,) = [record.getMessage() for record in caplog.records]
    assert re.fullmatch(rf"GET /feed/<anything:asked> 304 \d+ ms feed {sha256(secret_of(path))[:6]}", line)
    for other, status in ((path.replace("/feed/", "/feed/x"), 404), (path[:-4], 404), ("/feeds", 200)):
        assert fetch(ward, other, **etag).status_code == status
    assert ward.app.test_client().get(path, headers={"Host": "evil.example", **etag}).status_code == 421
    assert fetch(ward, path, "post", **etag).status_code == 405
    before, ward.clock.moment = ward.clock.moment, feed.ended(ZONE) - timedelta(seconds=2)
    assert fetch(ward, path, **etag).status_code == 304, "a second before it ends"
    assert fetch(ward, path, **etag).status_code == 200, "that it has ended"
    ward.clock.moment = before
    act(ward)
    assert fetch(ward, path, **etag).status_code == 200
    ward.post(shown.replace("address", "revoke"), {})
    assert fetch(ward, path, **etag).status_code == 200, "that it has ended"


# secrets


def test_a_secret_is_in_no_log_no_page_after_the_first_no_address_and_not_in_the_ledger(ward, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    answer = ward.post("/feeds/new", form(ward))
    first = ward.get(answer.location)
    secret = re.search(r"/feed/([A-Za-z0-9_-]{43})/", first.text)[1]
    assert first.text.count(secret) == 1
    assert secret not in str(answer.headers) + answer.text + str(first.headers)
    for method in ("get", "head", "post", "put"):
        for path in (f"/feed/{secret}/x.ics", f"/feed/{secret}.ics", f"/feed/{secret}", f"/feed/{secret}/x.ics?x=1", f"/feed/x/{secret}.ics"):
            got = fetch(ward, path, method)
            assert secret not in got.text + str(got.headers)
    ward.settings.store.rename(ward.settings.store.with_name("aside"))
    assert fetch(ward, f"/feed/{secret}/x.ics").status_code == 503
    ward.settings.store.with_name("aside").rename(ward.settings.store)
    for page in ("/feeds", "/feeds/new", "/", "/p/SLIP-1", answer.location, answer.location.replace("address", "revoke"), "/calendars"):
        got = ward.get(page)
        assert got.headers["Referrer-Policy"] == "same-origin"
        assert secret not in got.text + str(got.headers)
    ward.post(answer.location.replace("address", "revoke"), {"reason": "x"})
    with ward.store() as store:
        store.backup(ward.settings.store.with_name("backup"))
    held = b"".join(one.read_bytes() for one in ward.settings.store.parent.iterdir())
    assert secret.encode() not in held
    said = capsys.readouterr()
    assert secret not in caplog.text + said.out + said.err
    assert sha256(secret) not in caplog.text
    assert f"feed {sha256(secret)[:6]}" in caplog.text
    assert not [record for record in caplog.records if "SLIP-1" in record.getMessage()]


def test_the_referrer_of_the_page_with_the_address_holds_no_secret(ward):
    """Its own address does not, and even that goes to no other site."""
    _, shown = make(ward)
    assert re.fullmatch(r"/feeds/[0-9a-f]{16}/address", shown)
    assert ward.get(shown).headers["Referrer-Policy"] == "same-origin"


# the pages about calendar programs


def test_there_is_a_page_for_each_calendar_program(ward):
    listed = ward.get("/calendars").text
    for path in ("outlook-classic", "outlook", "google", "apple", "thunderbird"):
        assert f'href="/calendars/{path}"' in listed
        page = ward.get(f"/calendars/{path}")
        assert page.status_code == 200
        for heading in ("When day 0 has moved", "Subscribe", "Why it is late", "Stop", "Where the figures come from"):
            assert f"<h2>{heading}</h2>" in page.text
    assert ward.get("/calendars/lotus-notes").status_code == 404


def test_every_page_says_how_late_and_tells_not_to_wait_for_the_calendar(ward):
    for client in CLIENTS:
        page = ward.get(f"/calendars/{client.path}").text
        assert f"How late: <b>{client.late}</b>" in html.unescape(page)
        assert page.index("Do not wait for the calendar.") < page.index("<h2>Subscribe</h2>")


def test_programs_that_fetch_from_outside_say_so_first(ward):
    for path in ("outlook", "google"):
        page = ward.get(f"/calendars/{path}").text
        assert page.index("outside the hospital") < page.index("<h2>")


def test_the_figures_are_those_of_the_manual():
    from test_docs import tables_under

    rows = {row["Program"]: row for row in tables_under("calendars.md")["How late"][0]}
    assert len(rows) == len(CLIENTS)
    for client, row in zip(CLIENTS, rows.values(), strict=True):
        named = set(re.findall(r"https://[^)\s]+", row["Where that comes from"]))
        assert named <= {address for _, address in client.sources}
        assert set(re.findall(r"\d+", client.late)) <= set(re.findall(r"\d+", row["How late"])), client.name


# seen by a browser and by a validator


def test_the_pages_are_valid_accessible_and_never_scroll_sideways(ward, tmp_path):
    pages = {"none": ward.get("/feeds"), "new": ward.get("/feeds/new?code=SLIP-1"), "wrong": ward.post("/feeds/new", {"label": ""})}
    answer = ward.post("/feeds/new", form(ward, label="x" * 60))
    pages |= {"address": ward.get(answer.location), "again": ward.get(answer.location)}
    make(ward, label="Night shift", scope="*", expires="20 Jun 2026")
    act(ward)
    revoke = answer.location.replace("address", "revoke")
    pages["revoke"] = ward.get(revoke)
    pages["list"] = ward.get("/feeds")
    ward.post(revoke, {"reason": "lost"})
    pages["ended"] = ward.get("/feeds")
    pages["programs"] = ward.get("/calendars")
    pages |= {client.path: ward.get(f"/calendars/{client.path}") for client in CLIENTS}
    style = ward.get("/css/web.css").text
    for name, page in pages.items():
        text = page.text.replace('<link rel="stylesheet" href="/css/web.css">', f"<style>{style}</style>")
        assert "<style>" in text
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
    answers = run_node("check_pages.mjs", files=[str(tmp_path / f"{name}.html") for name in pages])
    assert [(one["file"], one["errors"], one["violations"], one["sideways"]) for one in answers if one["errors"] or one["violations"] or one["sideways"]] == []  # fmt: skip
