"""The pages that are read: board, patient, history, files, protocols, sheet check; what they say, and that anyone can read them."""

import csv
import io
import json
import re
from functools import cache

import icalendar
import pytest
from msgspec.structs import replace
from shared.browser import chromium, served  # noqa: F401
from shared.elements import Elements
from shared.paper import run_node, text_of, tool
from shared.ward import PROTOCOL
from shared.web_ward import HOST, open_ward

from schedule.files.table import tables_of
from schedule.model.errors import InputError, Mistake, PathStep, Where, counted_step, key_step, named_step, table_step
from schedule.service.export import export
from schedule.service.protocol_check import told_of
from schedule.service.revisions import revision_of
from schedule.service.sheet_check import find_sheet
from schedule.web.app import make_app
from schedule.web.protocols import _line_of

BROKEN = PROTOCOL.replace('days = "-5 to -3"', 'days = "-5 till -3"').replace('kind = "test"', 'kind = "tset"', 1)
DOUBTFUL = PROTOCOL.replace('title = "follow-up visit"', 'title = "follow-up visit & blood test"')


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    with open_ward(tmp_path_factory.mktemp("ward")) as found:
        yield found


def said(text):
    """The words of a page, as a person reads them."""
    return " ".join(Elements(text).said.replace("\u00ad", "").replace("\u2060", "").replace("\u00a0", " ").split())


def upload(ward, text, name="trial.toml"):
    data = text if isinstance(text, bytes) else text.encode()
    return ward.post("/protocols/check", {"file": (io.BytesIO(data), name)})


# everybody can read them ---------------------------------------------------------------------------------------------


def states(ward, folder):
    """Every page of this module in every state: name -> text."""
    found = {path: ward.get(path) for path in ("/", "/board", "/board?from=2026-07-10", "/board?from=x", "/board?wall", "/protocols", "/protocols/NCT04024761")}
    found |= {f"/p/{code}": ward.get(f"/p/{code}") for code in ("DONE-1", "GIVEN-1", "GONE-1", "SLIP-1", "WRONG-1")}
    found |= {path: ward.get(path) for path in ("/p/SLIP-1/history", "/sheet", "/sheet?check=x", "/nothing")}
    found |= {f"{name}.html": ward.get(f"/p/SLIP-1/rev-4/{name}.html") for name in ("everything", "today")}
    found |= {"superseded": ward.get("/p/SLIP-1/rev-2/index.html")}
    found |= {f"sheet {state}": ward.get(f"/sheet?check={check}") for state, check in sheets_of(ward).items()}
    found |= {"broken": upload(ward, BROKEN), "doubtful": upload(ward, DOUBTFUL), "no TOML": upload(ward, "x = [")}
    found |= {"no file": ward.post("/protocols/check", {}), "no text": upload(ward, b"\xff\xfe\x00")}
    with open_ward(folder, patients=None) as empty:
        found |= {"empty": empty.get("/"), "empty board": empty.get("/board")}
    for path, more in (("/p/SLIP-1", {"read_only": True}), ("/protocols", {"read_only": True}), ("/", {"store": folder / "gone"})):
        client = make_app(replace(ward.settings, **more)).test_client()
        found[f"{path} {more}"] = client.get(path, headers={"Host": HOST})
    found["421"] = ward.client.get("/", headers={"Host": "evil.example"})
    return {name: answer.text for name, answer in found.items()}


@cache
def sheets_of(ward):
    """A sheet that is current, one that must be replaced, and one of a day past: state -> check code."""
    found = {}
    for revision in (1, 4):
        text = ward.get(f"/p/SLIP-1/rev-{revision}/sheets.html").text
        checks = re.findall(r'Check code <b class="fixed">([0-9A-Z-]{9})</b>', text)
        for check in (checks[0], checks[-1]):
            with ward.store() as store:
                one = find_sheet(store, check, ward.settings.now(), store.codes())
            found.setdefault(one.state, check)
    assert set(found) == {"current", "replace", "leave"}
    return found


@pytest.fixture(scope="module")
def read(ward, tmp_path_factory):
    """What html-validate and axe-core say of every page, with its style sheets put into it."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "more").mkdir()
    pages = states(ward, folder / "more")

    def inlined(text):
        return re.sub(
            r'<link rel="stylesheet" href="(/css/\w+\.css)">', lambda found: f"<style>\n{ward.get(found[1]).text}</style>", text
        )  # fmt: skip

    for number, text in enumerate(pages.values()):
        (folder / f"{number}.html").write_text(inlined(text), encoding="utf-8")
    answers = run_node("check_pages.mjs", files=[str(folder / f"{number}.html") for number in range(len(pages))])
    return dict(zip(pages, answers, strict=True))


def test_every_page_in_every_state_is_valid_html(read):
    assert len(read) >= 27
    assert {name: answer["errors"] for name, answer in read.items() if answer["errors"]} == {}


def test_every_page_in_every_state_is_accessible(read):
    assert {name: answer["violations"] for name, answer in read.items() if answer["violations"]} == {}


def test_no_page_scrolls_sideways_at_320_pixels(read):
    assert {name: answer["sideways"] for name, answer in read.items() if answer["sideways"]} == {}


def test_every_page_has_a_title_a_language_one_heading_and_a_way_past_the_navigation(ward):
    for path in ("/", "/board", "/p/SLIP-1", "/p/SLIP-1/history", "/protocols", "/protocols/NCT04024761", "/sheet", "/nothing"):
        text = ward.get(path).text
        tags = [tag for tag, _ in Elements(text).found]
        assert (tags.count("h1"), tags.count("main"), '<html lang="en">' in text) == (1, 1, True), path
        assert re.search(r"<title>[^<]+ - Dayzero</title>", text)
        assert '<a class="skip" href="#main">' in text
        for words in ("Shift", "Board", "New patient", "Protocols", "Calendar feeds", "Check a sheet", "You are nurse1", "Schedule aid, not an order"):
            assert words in said(text), path


@pytest.mark.parametrize("path", ["/p/SLIP-1", "/p/SLIP-1/history", "/p/SLIP-1/note", "/p/SLIP-1/slip"])
def test_the_banner_is_the_same_on_every_page_of_a_patient(ward, path):
    banner = re.search(r'<section class="who".*?</section>', ward.get(path).text, re.S)[0]
    banner = re.sub(r'<p class="do screen">.*?</p>', "", banner, flags=re.S)  # the patient's page alone has its buttons there
    assert said(banner) == (
        "SLIP-1 Day 0 Tue 16-Jun-2026 10:00 Revision 4 since Thu 11-Jun-2026 16:00 Protocol NCT04024761, registry record of "
        "2026-01-02 PI decides T36 Cells within 48 hours of the planned day 0"
    )


# a patient -----------------------------------------------------------------------------------------------------------


def test_a_patients_page_says_what_is_next_open_possible_and_done(ward):
    ward.at("2026-06-12 08:00")
    text = said(ward.get("/p/SLIP-1").text)
    for words in (
        "Fri 12-Jun-2026 09:00 fludarabine, intravenous infusion (dose 3 of 3) (planned Day −3)",
        "Today, Fri 12-Jun-2026 08:00, planned Day −3", "09:00 fludarabine, intravenous infusion (dose 3 of 3) due Record",
        "Day 0 moved yesterday 16:00, Mon 15-Jun to Tue 16-Jun, by nurse1 It is now Tue 16-Jun-2026 10:00. What it changed",
        "not recorded fludarabine, intravenous infusion (dose 2 of 3) Was due Thu 11-Jun-2026 09:00, planned Day −4. Record it",
        "PI decides Cells within 48 hours of the planned day 0 No later than Wed 17-Jun-2026. As it stands: Tue 16-Jun-2026. A ruling by the "
        "principal investigator for this day 0: allowed or not allowed.", "Enter the decision",
        "Which days 0 are possible", "June 2026", "Day 0 to Tue 16-Jun-2026 10:00, because of the donor. Why: collection late",
        "First plan, day 0 Mon 15-Jun-2026 10:00.", "Print today's sheet",
    ):  # fmt: skip
        assert words in text, words


def test_what_is_wrong_or_open_comes_before_today_and_today_before_what_is_next(ward):
    ward.at("2026-06-12 08:00")
    text = said(ward.get("/p/SLIP-1").text)
    order = [text.index(part) for part in ("PI decides", "Day 0 moved", "Wrong or open", "not recorded", "At least 12 years old", "Today,", "Next", "Timeline")]
    assert order == sorted(order)
    assert re.search(r'<h1 class="code-of">SLIP-1</h1>', ward.get("/p/SLIP-1").text)


def test_what_is_wrong_stands_once_worst_first_each_with_the_form_that_settles_it(ward):
    ward.at("2026-06-12 08:00")
    section = re.search(r'<section aria-labelledby="wrong">.*?</section>', ward.get("/p/WRONG-1").text, re.S)[0]
    stands = re.findall(r"</svg> ([^<]+)</span></p>", section)
    order = ("not allowed", "PI decides", "not recorded", "repeat", "overdue", "due")
    assert stands == sorted(stands, key=order.index) and set(stands) == {"not allowed", "not recorded", "due"}
    assert f">{len(stands)}</p>" in section, "how many there are stands beside the heading"
    forms = [said.partition("/")[0] for said in re.findall(r'class="button small" href="/p/WRONG-1/([^"]+)"', section)]
    assert forms == ["slip"] * 2 + ["record"] * 4 + ["attest"] * 8, "the taper's rule, in both its bounds; four doses; eight statements"
    assert 'href="/p/OLD-1/fact/organ-function"' in ward.get("/p/OLD-1").text


def test_a_cancelled_plan_says_who_cancelled_it_and_why_and_shows_nothing_as_due(ward):
    text = said(ward.get("/p/GONE-1").text)
    assert "The plan was cancelled by nurse1 on Mon 01-Jun-2026 09:00: withdrawn" in text
    for words in ("Next", "Wrong or open", "overdue", "Go or no-go", "Print today's sheet", "Which days 0"):
        assert words not in text, words


def test_a_finding_leads_to_the_form_that_settles_it(ward):
    text = ward.get("/p/SLIP-1").text
    for path in ("rule/T36", "attest/", "record/"):
        assert f'href="/p/SLIP-1/{path}' in text, path
    assert all(ward.get(path).status_code == 200 for path in set(re.findall(r'href="(/p/SLIP-1/(?:rule|attest|fact|record)/[^"]+)"', text)))


def test_the_basis_of_a_finding_is_one_click_away(ward):
    [basis] = re.findall(r"<details><summary>Why<span class=\"hidden\"> T36</span></summary>(.*?)</details>", ward.get("/p/SLIP-1").text, re.S)
    assert "no later than Wed 17-Jun-2026 10:00: 48 hours" in said(basis) and "“" in said(basis)


def test_the_acts_that_are_offered_are_all_there_and_a_cancelled_plan_takes_notes_alone(ward):
    def offered(code):
        return re.findall(rf'<li><a href="/p/{code}/([a-z-]+)">', ward.get(f"/p/{code}").text)

    assert offered("SLIP-1") == ["day", "record", "book", "slip", "re-date", "fact", "attest", "rule", "note", "amend", "cancel"]
    assert ward.get("/p/SLIP-1/day").headers["Location"].endswith("/p/SLIP-1/day/2026-06-12")
    assert {ward.get(f"/p/SLIP-1/{name}").status_code for name in offered("SLIP-1")[1:]} == {200}
    assert offered("GONE-1") == ["note"]
    assert "slip" not in offered("GIVEN-1"), "a recorded infusion is corrected by its record"


def test_the_history_has_every_act_newest_first_and_says_what_is_superseded(ward):
    text = ward.get("/p/GIVEN-1/history").text
    assert re.findall(r'<tr><th scope="row"><span class="narrow">Revision </span>(\d)', text) == list("7654321")
    assert said(text).count("superseded") == 6
    assert said(text).count("newest") == 2  # the caption, and revision 7
    assert 'All 7 revisions' in ward.get("/p/GIVEN-1").text


def test_nobodys_page_is_not_found(ward):
    for path in ("/p/NOBODY-1", "/p/slip-1", "/p/NOBODY-1/history", "/p/SLIP-1/rev-9/index.html", "/p/SLIP-1/rev-0/plan.csv", "/p/SLIP-1/rev-4/x"):
        assert ward.get(path).status_code == 404, path
    assert "under the code AB." in ward.get("/p/A%00B%1b").text


@pytest.mark.parametrize("script", [False, True], ids=["no-script", "script"])
def test_the_keyboard_alone_passes_the_navigation_opens_a_basis_and_checks_a_file(tmp_path, chromium, script):
    where = "() => { const e = document.activeElement, s = getComputedStyle(e); return [e.tagName, e.textContent.trim(), s.outlineStyle] }"
    (tmp_path / "bad.toml").write_text(BROKEN, encoding="utf-8")
    with served(tmp_path) as (address, _):
        tab = chromium.new_context(java_script_enabled=script).new_page()
        tab.goto(f"{address}/p/SLIP-1")
        tab.keyboard.press("Tab")
        assert tab.evaluate(where) == ["A", "Skip to the page", "solid"]
        assert tab.locator(".skip").bounding_box()["x"] >= 0
        tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")
        assert tab.evaluate(where)[1].startswith(("What it changed", "Record it"))
        reached = []
        while not (reached and reached[-1][1] == "Why T36"):
            assert len(reached) < 40, "the keyboard does not reach the basis"
            tab.keyboard.press("Tab")
            reached.append(tab.evaluate(where))
        assert {style for _, _, style in reached} == {"solid"}
        tab.keyboard.press("Enter")
        assert tab.locator("details[open]").get_by_text("48 hours, as elapsed time and by the clock").first.is_visible()
        tab.goto(f"{address}/protocols")
        tab.set_input_files("#file", tmp_path / "bad.toml")
        tab.get_by_role("button", name="Check it").click()
        assert tab.locator(".summary a").all_inner_texts()[0].startswith("Line 112: ")
        tab.locator(".summary a").first.click()
        assert tab.locator("#line-99").bounding_box()["y"] < 700
        tab.context.close()


# files ---------------------------------------------------------------------------------------------------------------


def test_every_file_is_the_one_that_export_writes(ward, tmp_path):
    for code, revision in (("SLIP-1", 4), ("SLIP-1", 2), ("SLIP-1", 1), ("GONE-1", 2)):
        with ward.store() as store:
            folder = export(store, revision_of(store, code, revision), tmp_path)
        names = {path.name for path in folder.iterdir()} - {"manifest.json"}
        assert ("change.html" in names) == (revision > 1)
        for name in names:
            answer = ward.get(f"/p/{code}/rev-{revision}/{name}")
            written = (folder / name).read_bytes()
            if name.endswith(".html"):
                head, rest = written.decode().split("<style>")
                linked = answer.text.partition("<link")
                assert linked[0] == head, name
                assert answer.text.partition("</head>")[2] == rest.partition("</head>")[2], name
            else:
                assert answer.data == written, name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("calendar.ics", "text/calendar; charset=utf-8"), ("changes.ics", "text/calendar; charset=utf-8"),
        ("plan.csv", "text/csv; charset=utf-8"), ("plan.json", "application/json"), ("change.json", "application/json"),
    ],
)  # fmt: skip
def test_a_file_of_data_is_kept_not_shown_under_a_name_that_says_whose_it_is(ward, name, kind):
    answer = ward.get(f"/p/SLIP-1/rev-4/{name}")
    assert answer.content_type == kind
    assert answer.headers["Content-Disposition"] == f'attachment; filename="SLIP-1-rev-4-{name}"'


def test_calendar_table_and_json_of_a_revision_say_the_same_dates(ward):
    plan = json.loads(ward.get("/p/SLIP-1/rev-4/plan.json").data)
    rows = list(csv.DictReader(io.StringIO(ward.get("/p/SLIP-1/rev-4/plan.csv").data.decode("utf-8-sig"))))
    assert [(row["id"], row["date"]) for row in rows] == [(event["id"], event["date"]) for event in plan["events"]]
    entries = icalendar.Calendar.from_ical(ward.get("/p/SLIP-1/rev-4/calendar.ics").data).events
    assert len(entries) >= len(rows)


def test_a_superseded_revision_says_so_on_every_page_and_in_its_calendar(ward):
    for name in ("sheets", "go", "overview", "deadlines", "patient", "index", "everything"):
        assert "SUPERSEDED" in ward.get(f"/p/SLIP-1/rev-2/{name}.html").text, name
    assert b"SUPERSEDED" in ward.get("/p/SLIP-1/rev-2/calendar.ics").data
    assert "SUPERSEDED" not in ward.get("/p/SLIP-1/rev-4/index.html").text


def test_todays_sheet_is_todays_alone_and_the_donors_with_it(ward):
    ward.at("2026-06-12 08:00")
    text = ward.get("/p/SLIP-1/rev-4/today.html").text
    assert re.findall(r'<table class="page sheet" id="([\w-]+)">', text) == ["patient-2026-06-12"]
    ward.at("2026-06-15 08:00")
    assert re.findall(r'id="(donor-[\w-]+)">', ward.get("/p/SLIP-1/rev-4/today.html").text) == ["donor-2026-06-15"]
    ward.at("2026-06-13 08:00")
    assert ward.get("/p/SLIP-1/rev-4/today.html").status_code == 404
    assert "No sheet today: nothing is planned." in said(ward.get("/p/SLIP-1").text)
    ward.at("2026-06-12 08:00")


def test_print_all_has_every_page_of_every_printed_file_once(ward):
    text = ward.get("/p/SLIP-1/rev-4/everything.html").text
    for name in ("sheets", "go", "overview", "deadlines", "patient"):
        body = ward.get(f"/p/SLIP-1/rev-4/{name}.html").text.partition("<main>")[2].partition("</main>")[0].strip()
        assert body in text, name
    assert text.count("<main>") == 1


def test_print_all_comes_as_pdf_through_the_browser_with_the_same_pages(ward, tmp_path):
    tool("chromium"), tool("pdftotext")
    pages = {}
    for name in ("everything", "sheets", "go", "overview", "deadlines", "patient"):
        answer = ward.get(f"/p/SLIP-1/rev-4/{name}.pdf")
        assert (answer.status_code, answer.content_type) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"] == f'inline; filename="SLIP-1-rev-4-{name}.pdf"'
        (tmp_path / f"{name}.pdf").write_bytes(answer.data)
        texts = text_of(str(tmp_path / f"{name}.pdf"))  # which of two words beside each other in a picture comes first varies
        pages[name] = [sorted(re.sub(r"Printed page \d+ of \d+", "", page).split()) for page in texts]
    assert pages["everything"] == [page for name in list(pages)[1:] for page in pages[name]]


def test_without_a_browser_there_is_no_pdf_and_no_link_to_one(ward, monkeypatch):
    from schedule.web import files, patient

    monkeypatch.setattr(files, "browser", lambda: None)
    monkeypatch.setattr(patient, "browser", lambda: None)
    assert ward.get("/p/SLIP-1/rev-4/sheets.pdf").status_code == 404
    assert ".pdf" not in ward.get("/p/SLIP-1").text


# protocols -----------------------------------------------------------------------------------------------------------


def test_a_protocol_is_read_with_its_rules_its_words_and_an_examples_timeline(ward):
    assert "NCT04024761" in said(ward.get("/protocols").text)
    text = said(ward.get("/protocols/NCT04024761").text)
    for words in (
        "Day −5, Day −4, Day −3", "“Fludarabine will" , "site parameter il2-days", "Day 0 on Mon 03-Aug-2026", "Cells within 48 hours of the planned day 0",
        "required", "planned-day-zero at most 28 days after disease-assessment", "Sources", "cyclophosphamide, intravenous infusion: Wed 29-Jul-2026, Thu 30-Jul-2026",
    ):  # fmt: skip
        assert words.replace("“", "") in text, words
    cycles = said(ward.get("/protocols/NCT03349502").text)
    assert "Day 3, in cycle 1 " in cycles and "Day 18, in cycles 1, 2 " in cycles


def test_each_mistake_of_a_file_stands_beside_its_line_and_in_the_summary(ward):
    answer = upload(ward, BROKEN, "bad.toml")
    assert answer.status_code == 422
    lines = BROKEN.split("\n")
    wrong = [lines.index('kind = "tset"') + 1, lines.index('days = "-5 till -3"') + 1]
    assert re.findall(r'<a href="#line-(\d+)">', answer.text) == [str(number) for number in wrong]
    for number, words in zip(wrong, ('date "disease-assessment", kind: "tset" is not known', 'activity "fludarabine", days'), strict=True):
        [line] = re.findall(rf'<li id="line-{number}" class="marked">(.*?)</li>', answer.text, re.S)
        assert words in said(line)
    assert answer.text.count('class="marked"') == 2
    assert len(re.findall(r'<li id="line-\d+"', answer.text)) == len(BROKEN.rstrip("\n").split("\n"))


def test_a_file_without_mistakes_is_shown_as_it_is_read_with_what_is_doubtful(ward):
    good = upload(ward, PROTOCOL)
    assert (good.status_code, "No mistakes. This is NCT04024761" in said(good.text)) == (200, True)
    doubtful = upload(ward, DOUBTFUL)
    assert "No mistakes, 1 to look at." in said(doubtful.text)
    number = DOUBTFUL.split("\n").index('title = "follow-up visit & blood test"') + 1
    [line] = re.findall(rf'<li id="line-{number}" class="marked">(.*?)</li>', doubtful.text, re.S)
    assert '"&" is easily misread' in said(line)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Choose the protocol file to be checked"), (b"\xff\xfe", "byte 1 is not UTF-8 text"), (b"   \n", "the file is empty"),
        (b"x" * 262_145, "the file is larger than 256 KB"), (b"x = [", "this is not TOML"), (b"format = 2", '2 is not a format I can read'),
        (b"x = " + b"[" * 5000, "brackets are nested too deeply"), (b"a" + b".a" * 5000 + b" = 1", "the key has too many parts"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_protocol_gets_one_plain_message(ward, data, words):
    answer = upload(ward, data)
    assert (answer.status_code, words in said(answer.text)) == (422, True)


PLACES = """format = 1
id = "X"
[dates.marrow]
kind = "test"
[activities.a]
days = "0"
[activities."b"]
unit = "dose"
[rules.T1]
title = "one"
[[rules.T1.bounds]]
point = "a"
[[rules.T1.bounds]]
point = "b"
[rules.T2]
title = "two"
[[rules.T2.bounds]]
point = "c"
[courses]
c = { title = "x" }
[activity.z]
days = "1"
"""


def line_in(text, place):
    return _line_of(*told_of([Mistake(place=place, message="m", remedy="r")], text))


def steps(*path):
    """The steps that `x.toml, rule "T1", bound 2, point` is made of."""
    made = {
        "date": lambda name: named_step("dates", "date", name), "activity": lambda name: named_step("activities", "activity", name),
        "course": lambda name: named_step("courses", "course", name), "rule": lambda name: named_step("rules", "rule", name),
        "bound": lambda number: counted_step("bounds", "bound", int(number)), "[]": table_step,
    }  # fmt: skip
    return Where(file="x.toml", path=tuple(key_step(part) if isinstance(part, str) else made[part[0]](part[1]) for part in path))


A_B, T1, T2 = ("activity", "b"), ("rule", "T1"), ("rule", "T2")


@pytest.mark.parametrize(
    ("place", "printed", "line"),
    [
        (steps(), "x.toml", None), (steps("id"), "x.toml, id", 2), (steps("days"), "x.toml, days", None),
        (steps(("date", "marrow")), 'x.toml, date "marrow"', 3), (steps(("date", "marrow"), "kind"), 'x.toml, date "marrow", kind', 4),
        (steps(("activity", "a"), "days"), 'x.toml, activity "a", days', 6), (steps(A_B, "days"), 'x.toml, activity "b", days', 7),
        (replace(steps(A_B, "unit"), file=""), 'activity "b", unit', 8), (steps(T1, "title"), 'x.toml, rule "T1", title', 10),
        (steps(T1, ("bound", 2), "point"), 'x.toml, rule "T1", bound 2, point', 14), (steps(T1, ("bound", 1)), 'x.toml, rule "T1", bound 1', 11),
        (steps(T2, ("bound", 1), "point"), 'x.toml, rule "T2", bound 1, point', 18), (steps(T1, ("bound", 3)), 'x.toml, rule "T1", bound 3', 9),
        (steps(("course", "c"), "title"), 'x.toml, course "c", title', 20), (steps(("[]", "courses"), "c"), "x.toml, [courses], c", 20),
        (steps("activity"), "x.toml, activity", None), (steps(("rule", "T9"), "title"), 'x.toml, rule "T9", title', None),
        (Where(file="x.toml", path=(PathStep("line 7"),), line=7), "x.toml, line 7", 7), (Where(file=""), "", None),
    ],
)  # fmt: skip
def test_the_line_of_a_place_is_found(place, printed, line):
    assert str(place) == printed
    assert line_in(PLACES, place) == line


def test_a_line_that_the_message_names_is_taken():
    def at(text):
        with pytest.raises(InputError) as raised:
            tables_of(text, "x.toml")
        (mistake,) = raised.value.mistakes
        return str(mistake).partition(" - ")[0], _line_of(*told_of([mistake], text))

    assert at("a = 1\nb 2\n") == ("x.toml: this is not TOML: Expected '=' after a key in a key/value pair (at line 2, column 3)", 2)
    assert at('a = 1\nb = 2\nc = """\n') == ("x.toml: this is not TOML: Unterminated string (at end of document)", 3)
    assert at("a = 1\nb = 2\n" + "k." * 201 + "k = 1\n") == ("x.toml, line 3: the key has too many parts", 3)
    assert line_in("a = 1\n", Where(file="x.toml")) is None


def test_a_protocol_of_the_sites_own_takes_the_place_of_a_shipped_one_of_its_name(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(PROTOCOL.replace('version = "registry record of 2026-01-02"', 'version = "our amendment 3"'), encoding="utf-8")
    with open_ward(tmp_path, protocols=(own,)) as ward:
        assert "our amendment 3" in said(ward.get("/protocols/NCT04024761").text)
        own.write_text("id =", encoding="utf-8")
        broken = ward.get("/new")
        assert broken.status_code == 422 and "Those who look after Dayzero can mend it: own.toml: this is not TOML" in said(broken.text)
        assert "The browser sent" not in broken.text


# printed sheets ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["current", "replace", "leave"])
def test_a_printed_sheet_is_found_by_its_code_however_it_is_typed(ward, state):
    check = sheets_of(ward)[state]
    words = {"current": "CURRENT: SLIP-1", "replace": "cross it through and keep it.", "leave": "OF A DAY PAST: SLIP-1"}[state]
    for typed in (check, check.lower(), check.replace("-", " "), f" {check} "):
        answer = ward.client.get("/sheet", query_string={"check": typed}, headers={"Host": HOST})
        assert (answer.status_code, words in said(answer.text)) == (200, True), typed


def test_a_code_of_no_sheet_is_told(ward):
    answer = ward.get("/sheet?check=AAAA-AAAA")
    assert (answer.status_code, "no sheet of the ledger has this code" in answer.text) == (422, True)
