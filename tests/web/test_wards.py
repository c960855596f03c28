"""Several wards in one ledger: each page, sheet and feed is of one, and who moves leaves the old one. One ward is none."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from shared.elements import Elements
from shared.stores import address_of, forced
from shared.web_forms import Page, save
from shared.web_roles import OTHER, OWN, PROXY, OnWard
from shared.web_ward import CODES, COOKIE, Book, moment_at, open_ward

from schedule.commands.listed import dayzero
from schedule.model.acts import Note
from schedule.model.errors import InputError, NotAllowed, NotDone
from schedule.model.roles import Grant
from schedule.service.feeds import make_feed
from schedule.service.published import Published
from schedule.service.verify import verify
from schedule.service.wards import all_wards, change_of_ward, codes_on
from schedule.web.settings import Groups
from schedule.web.ward_asked import address_of_ward

WARDS = {"BMT-1": OWN, "BMT-2": OWN, "HEM-1": OTHER}


def patients(store, clock):
    return {code: OnWard(name, clock, store, code=code) for code, name in WARDS.items()}


@pytest.fixture
def wards(tmp_path, either):
    with open_ward(tmp_path, patients=patients, store=either) as found:
        found.at("2026-06-11 08:00")
        yield found


def codes_in(text):
    return {code for code in (*WARDS, *CODES) if re.search(rf"\b{code}\b", text)}


def below(name):
    return address_of_ward(name)


PAGES = ("/", "/board", "/sheets/today.html", "/sheets/tomorrow.html", "/feeds/new")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_ward_shows_its_own_patients_alone(wards, path):
    assert codes_in(wards.get(f"{below(OWN)}{path}").text) == {"BMT-1", "BMT-2"}
    assert codes_in(wards.get(f"{below(OTHER)}{path}").text) == {"HEM-1"}


@pytest.mark.parametrize("path", PAGES)
def test_where_there_are_several_and_none_is_named_she_is_asked(wards, path):
    answer = wards.get(path)
    assert (answer.status_code, answer.location) == (303, "/wards")
    page = wards.get("/wards")
    assert f'<a href="{below(OWN)}/">{OWN}</a>' in page.text and "Haematology &amp; co" in page.text
    assert codes_in(page.text) == set()


def test_every_link_of_a_wards_page_stays_on_the_ward_but_those_that_choose_one(wards):
    for path in ("/", "/board", "/p/BMT-1", "/p/BMT-1/note", "/feeds", "/wards"):
        text = wards.get(f"{below(OWN)}{path}").text
        led = re.findall(r'(?:href|action)="(/[^"]*)"', text)
        assert led and [one for one in led if not one.startswith(("/w/BMT/", "/w/Haematology%20%26%20co/"))] == [], path
        assert f"<b>{OWN}</b>" in text and "/w/BMT/w/" not in text


def test_a_patients_page_leads_back_to_the_patients_own_ward(wards):
    """Below whichever ward's address it was opened: the name at the top is that of the ward where the patient lies."""
    for address in ("/p/HEM-1", f"{below(OWN)}/p/HEM-1", "/w/Nowhere/p/HEM-1"):
        text = wards.get(address).text
        assert 'href="/w/Haematology%20%26%20co/board"' in text and "<b>Haematology &amp; co</b>" in text and "/w/BMT/" not in text


def test_below_a_prefix_the_ward_stands_behind_it(tmp_path):
    with open_ward(tmp_path, patients=patients, prefix="/dayzero") as ward:
        text = ward.get(f"{below(OWN)}/wards").text
        assert 'href="/dayzero/w/BMT/board"' in text and f'href="/dayzero{below(OTHER)}/"' in text


@pytest.mark.parametrize("name", ["Nowhere", "bmt", "BMT2", "~", "%00", "<b>"])
def test_a_ward_that_there_is_not_is_not_found(wards, name):
    assert wards.get(f"/w/{name}/").status_code == 404


@pytest.mark.parametrize("name", ["BMT", "Haematology & co", "4/B", "a~b", "", "Ärzte?x=1#y", "..", "%2F", 'a"b', "w"])
def test_a_ward_of_any_name_has_an_address(tmp_path, name):
    def two(store, clock):
        other = OnWard("X", clock, store, code="HEM-1")
        mine = OnWard(name.replace('"', '\\"'), clock, store, code="BMT-1") if name else Book(clock, store, code="BMT-1")
        return {"HEM-1": other, "BMT-1": mine}

    with open_ward(tmp_path, patients=two) as ward:
        page = ward.get("/wards").text
        (address,) = [one for one in re.findall(r'href="(/w/[^"]*)"', page) if one != "/w/X/" and "/w/X" not in one]
        answer = ward.get(f"{address}board")
        assert (answer.status_code, codes_in(answer.text)) == (200, {"BMT-1"})


def test_where_there_is_one_ward_nobody_sees_the_word(tmp_path):
    with open_ward(tmp_path) as ward:
        for path in ("/", "/board", "/p/SLIP-1", "/feeds"):
            answer = ward.get(path)
            assert answer.status_code == 200 and "/wards" not in answer.text and "/w/" not in answer.text
            assert "another ward" not in Elements(answer.text).said
        assert "The whole ward" in ward.get("/feeds/new").text


# who moves ---------------------------------------------------------------------------------------------------------


def entries_of(store, secret):
    body = Published().answer(store, secret, datetime(2026, 6, 11, 12, tzinfo=UTC))[1].body.decode()
    return {line for line in re.findall(r"SUMMARY:([A-Z]+-\d)", body.replace("\r\n ", ""))}


@pytest.mark.parametrize("level", ["minimal", "steps"])
def test_who_moves_leaves_the_old_wards_feed_and_is_in_the_new_ones(wards, level):
    with wards.store() as store:
        more = {"code": None, "level": level, "expires": date(2026, 12, 31), "by": "x", "at": datetime(2026, 6, 11, tzinfo=UTC)}
        own, other = (make_feed(store, label="x", ward=name, **more)[0] for name in (OWN, OTHER))
        published = SimpleNamespace(own=Published())
        now = datetime(2026, 6, 11, 12, tzinfo=UTC)

        def shown(secret):
            body = published.own.answer(store, secret, now)[1].body.decode().replace("\r\n ", "")
            return codes_in(body)

        assert (shown(own), shown(other)) == ({"BMT-1", "BMT-2"}, {"HEM-1"})
        with wards.book("BMT-1") as book:
            book.do(change_of_ward(OTHER), "2026-06-11 09:00", reason="isolation")
        assert (shown(own), shown(other)) == ({"BMT-2"}, {"BMT-1", "HEM-1"})


WHOLE = {"code": None, "level": "minimal", "expires": date(2026, 12, 31), "by": "x", "at": datetime(2026, 6, 11, 11, tzinfo=UTC)}
KOLKATA = "Asia/Kolkata"


def two_zones(store, clock):
    return {"BMT-1": OnWard(OWN, clock, store, code="BMT-1"), "HEM-1": OnWard(OTHER, clock, store, code="HEM-1", zone=KOLKATA)}


def listed_feeds(ward):
    """What is said of each feed, by its label."""
    found = [part.split("</li>")[0] for part in ward.get("/feeds").text.split("<li>\n<h3>")[1:]]
    return {part.split("<")[0]: Elements(part).said for part in found}


def test_the_times_about_a_wards_feed_are_by_its_own_sites_clock(tmp_path):
    with open_ward(tmp_path, patients=two_zones) as ward:
        with ward.store() as store:
            for name in (OWN, OTHER, OWN):
                make_feed(store, label=f"Of {name}".replace("&", "and"), ward=name, **WHOLE)
        ward.at("2026-12-31 14:00")  # in Kolkata it is the first of January
        listed = listed_feeds(ward)
        assert "Thu 11-Jun-2026 07:00" in listed["Of BMT"] and "Thu 11-Jun-2026 16:30" in listed["Of Haematology and co"]
        assert "Works until Thu 31-Dec-2026" in listed["Of BMT"] and "Ended Thu 31-Dec-2026" in listed["Of Haematology and co"]


def test_a_wards_feed_is_out_of_date_when_somebody_on_it_or_who_has_left_it_changed_and_nobody_else(wards):
    with wards.store() as store:
        made = {name: make_feed(store, label=f"Of {name}".replace("&", "and"), ward=name, **WHOLE)[1] for name in (OWN, OTHER)}

    def behind(code, deed, on):
        with wards.store() as store:
            for act in made.values():
                store.note_fetch(act.token, moment_at(f"2026-06-{on} 08:00"))
        with wards.book(code) as book:
            book.do(deed, f"2026-06-{on} 09:00", reason="x")
        wards.at(f"2026-06-{on} 10:00")
        return {label for label, said in listed_feeds(wards).items() if "Not fetched since the plan changed" in said}

    assert behind("HEM-1", Note(text="x"), 11) == {"Of Haematology and co"}
    assert behind("BMT-1", Note(text="x"), 12) == {"Of BMT"}
    assert behind("BMT-1", change_of_ward(OTHER), 13) == {"Of BMT", "Of Haematology and co"}
    assert behind("BMT-1", Note(text="y"), 14) == {"Of Haematology and co"}


def test_on_the_page_the_code_is_typed_again_no_date_changes_and_the_history_says_it(wards):
    with wards.store() as store:
        before = store.newest("BMT-1")
    asked = Page(wards.get("/p/BMT-1/ward").text).text
    assert "No date changes." in asked and "Ward now BMT" in asked
    saved = save(wards, "/p/BMT-1/ward", {"ward": OTHER, "reason": "isolation"}, confirm="BMT-1")
    assert (saved.status_code, saved.location) == (303, "/p/BMT-1/change/2")
    with wards.store() as store:
        after = store.newest("BMT-1")
        assert (after.act.deed.kind, after.projection.case.ward) == ("ward", OTHER)
        dates = [[(one.id, one.on, one.start, one.planned) for one in row.projection.events] for row in (before, after)]
        assert dates[0] == dates[1] and len(dates[0]) > 10
        assert after.lasting == before.lasting
        assert codes_on(store, OWN) == ("BMT-2",) and all_wards(store) == (OWN, OTHER)
        assert verify(store).faults == []
    said = Page(wards.get("/p/BMT-1/history").text).text
    assert "On the ward Haematology & co from now on, no longer on BMT. No date changes." in said
    assert codes_in(wards.get(f"{below(OWN)}/board").text) == {"BMT-2"}


def test_the_same_ward_again_changes_nothing_and_a_cancelled_plan_stays_where_it_is(wards):
    page = save(wards, "/p/BMT-1/ward", {"ward": "*", "name": OWN, "reason": "x"}, confirm="BMT-1")
    assert page.status_code == 200 and wards.revisions("BMT-1") == [1]
    with wards.book("BMT-1") as book:
        from schedule.model.acts import Cancel

        book.do(Cancel(), "2026-06-11 09:00", reason="x")
        with pytest.raises(NotAllowed):
            book.do(change_of_ward(OTHER), "2026-06-11 09:10", reason="x")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("", "the name is empty"), ("  ", "the name is empty"), ("all", '"all" means every ward'), ("ALL", '"ALL" means every ward'),
        ("x" * 61, "the name has 61 letters, and 60 are the most"),
    ],
)  # fmt: skip
def test_what_is_no_name_of_a_ward_is_refused(name, wrong):
    with pytest.raises(InputError) as told:
        change_of_ward(name)
    assert str(told.value.mistakes[0]) == f'ward: {wrong} - write the name of a ward as your lists have it, such as "BMT"'


def test_a_row_of_another_ward_that_was_changed_stops_no_check_of_a_sheet_of_this_one(wards):
    check = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", wards.get("/p/HEM-1/rev-1/sheets.html").text)[0]
    with forced(wards.settings.store) as connection:
        connection.execute("UPDATE projections SET content = 'nonsense' WHERE ward = ?", (OWN,))
    found = wards.get(f"{below(OTHER)}/sheet?check={check}")
    assert found.status_code == 200 and "HEM-1" in Elements(found.text).said
    with wards.store() as store, pytest.raises(NotDone):
        store.history("BMT-1")[0].projection  # noqa: B018


# with roles --------------------------------------------------------------------------------------------------------


@pytest.fixture
def guarded(tmp_path, either):
    grants = {
        "nurses": frozenset(Grant(role=role, ward=OWN) for role in ("record", "set-up")),
        "heads": frozenset({Grant(role="view", ward=None), Grant(role="set-up", ward=OWN)}),
    }
    groups = Groups(header="X-Remote-Groups", separator=";", grants=grants)
    with open_ward(tmp_path, patients=patients, store=either, **{**PROXY, "groups": groups}) as found:
        found.client.set_cookie("__Host-dayzero", COOKIE, domain="dayzero.hospital.example", secure=True)
        found.at("2026-06-11 08:00")
        yield found


def test_who_may_see_one_ward_of_two_sees_it_at_once_and_the_other_nowhere(guarded):
    who = {"X-Remote-User": "anna", "X-Remote-Groups": "nurses"}
    for path in PAGES:
        answer = guarded.get(path, **who)
        assert (answer.status_code, codes_in(answer.text)) == (200, {"BMT-1", "BMT-2"}), path
        assert "Haematology" not in answer.text and "/wards" not in answer.text
    for path in ("/", "/board", "/sheets/today.html"):
        assert guarded.get(f"{below(OTHER)}{path}", **who).status_code == 404
    check = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", guarded.get("/p/HEM-1/rev-1/sheets.html", **{**who, "X-Remote-Groups": "heads"}).text)
    assert check is not None
    unknown = guarded.get(f"/sheet?check={check[0]}", **who)
    assert (unknown.status_code, "HEM-1" in unknown.text) == (422, False)
    assert "HEM-1" in guarded.get(f"/sheet?check={check[0]}", **{**who, "X-Remote-Groups": "heads"}).text


def test_a_feed_is_made_seen_and_revoked_on_ones_own_ward_alone(guarded):
    with guarded.store() as store:
        more = {"level": "minimal", "expires": date(2026, 12, 31), "by": "x", "at": datetime(2026, 6, 11, tzinfo=UTC)}
        theirs = make_feed(store, label="Kept away", code=None, ward=OTHER, **more)[1]
        make_feed(store, label="Kept away, too", code="HEM-1", **more)
        make_feed(store, label="Mine", code=None, ward=OWN, **more)
    for groups in ("nurses", "heads"):
        who = {"X-Remote-User": "anna", "X-Remote-Groups": groups}
        listed = guarded.get("/feeds", **who).text
        assert "Mine" in listed and "Kept away" not in listed
        assert guarded.get(f"/feeds/{theirs.token[:16]}/revoke", **who).status_code == 404
        fields = Page(guarded.get("/feeds/new", **who).text).fields
        for scope in ("HEM-1", f"*{OTHER}"):
            answer = guarded.post("/feeds/new", {**fields, "label": "x", "scope": scope, "read": "yes"}, user="anna", **who)
            assert answer.status_code == 422
        made = guarded.post("/feeds/new", {**fields, "label": "x", "scope": "*", "read": "yes"}, user="anna", **who)
        assert made.status_code == 303
    with guarded.store() as store:
        assert store.feed_acts()[-1].ward == OWN


# on the command line and in files -------------------------------------------------------------------------------------


def run(*arguments):
    done = CliRunner().invoke(dayzero, [*arguments], env={"COLUMNS": "300"})
    return done.exit_code, done.output


def test_on_the_command_line_too(wards, tmp_path):
    store = ("--store", address_of(wards.settings.store))
    code, said = run("ward", "BMT-1", OTHER, "--reason", "isolation", "--out", str(tmp_path / "out"), *store)
    assert code == 0 and "revision 2" in said, said
    assert [set(re.findall(r"\b(?:BMT|HEM)-\d\b", run("today", "--ward", name, *store)[1])) for name in (OWN, OTHER)] == [
        {"BMT-2"}, {"BMT-1", "HEM-1"},
    ]  # fmt: skip
    code, said = run("today", "--ward", "bmt", *store)
    assert code == 2 and "--ward bmt: there is no such ward. There is BMT, Haematology & co." in said


# decisions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "kept"), [("", "anna"), ("PI", "PI, entered by anna")])
def test_a_decision_bears_the_name_of_who_is_logged_in_and_the_role_on_whose_behalf(tmp_path, typed, kept):
    grants = {"investigators": frozenset({Grant(role="decide", ward=OWN)}), "nurses": frozenset({Grant(role="move", ward=OWN)})}
    groups = Groups(header="X-Remote-Groups", separator=";", grants=grants)
    with open_ward(tmp_path, patients=patients, **{**PROXY, "groups": groups}) as ward:
        ward.client.set_cookie("__Host-dayzero", COOKIE, domain="dayzero.hospital.example", secure=True)
        ward.at("2026-06-09 08:00")
        who = {"X-Remote-User": "anna", "X-Remote-Groups": "investigators"}
        path = "/p/BMT-1/rule/T36"
        fields = Page(ward.get(path, **who).text).fields
        sent = {**fields, "outcome": "allowed", "by": typed, "reason": "cells will keep", "do": "check"}
        checked = Page(ward.post(path, sent, user="anna", **who).text)
        assert f"ruled by {kept}." in checked.text
        saved = ward.post(path, {**checked.fields, "do": "save", "confirm": "BMT-1"}, user="anna", **who)
        assert saved.status_code == 303
        assert ward.last("BMT-1").deed.ruling.by == kept
        nurse = {**who, "X-Remote-Groups": "nurses"}
        assert ward.post(path, {**checked.fields, "do": "save", "confirm": "BMT-1"}, user="anna", **nurse).status_code == 403
