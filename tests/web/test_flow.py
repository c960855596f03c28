"""The pages in a real browser, as a new user meets them: with a mouse, with the keyboard alone, with and without JavaScript."""

import csv
import io
import re
from collections import Counter
from contextlib import suppress
from html.parser import HTMLParser

import pytest
from icalendar import Calendar
from shared.browser import (
    chromium,  # noqa: F401
    served,
)
from shared.paper import run_node
from shared.web_forms import GIVEN, NEW, PATIENT, RULING, SITE, SITE_TEXT, SLIP, Page, check, save, to, upload
from shared.web_ward import open_ward


@pytest.fixture(params=[False, True], ids=["no-script", "script"])
def tab(request, chromium):
    """A browser's tab, without JavaScript and with it; whatever it asks of another address fails the test."""
    context = chromium.new_context(java_script_enabled=request.param, viewport={"width": 1100, "height": 900})
    context.set_default_timeout(20_000)
    page, outside = context.new_page(), []
    page.on("request", lambda asked: asked.url.startswith("http://127.0.0.1:") or outside.append(asked.url))
    yield page
    context.close()
    assert outside == []


@pytest.fixture
def site(tmp_path):
    with served(tmp_path, site=SITE) as found:
        yield found


def press_check(tab):
    tab.click(".buttons button[value=check]")


def press_day(tab, day):
    tab.click(f"button[name=to][value='{day}']")


def press_save(tab):
    tab.click(".save button[value=save]")


def test_a_new_user_goes_from_a_new_patient_to_a_feed(tab, site):
    address, ward = site
    tab.goto(address)
    tab.click("nav >> text=New patient")
    tab.click(".choose a:has-text('NCT04024761')")
    tab.fill("#code", "ciml-018")
    tab.fill("#planned-day-zero", "31 june 2026 10:00")
    press_check(tab)
    assert "“31 june 2026” is not a real date" in tab.inner_text("main")
    assert tab.input_value("#planned-day-zero") == "31 june 2026 10:00"
    tab.click("section.summary a")
    assert tab.locator("#planned-day-zero").get_attribute("aria-invalid") == "true"
    tab.fill("#planned-day-zero", "15 june 2026 10:00")
    tab.fill("#date-transplant", "20 Jan 2026")
    tab.fill("#date-marrow", "25 May 2026")
    tab.fill("#date-dli-last", "never")
    press_check(tab)
    assert "CIML-018: day 0 Mon 15-Jun-2026 10:00" in tab.inner_text(".check").replace("\u00a0", " ")
    press_save(tab)
    assert tab.url == f"{address}/p/CIML-018"

    tab.click("text=Record or correct one item")
    tab.click(".choose a:has-text('fludarabine') >> nth=0")
    tab.check("#outcome-1")
    tab.fill("#when-date", "10 Jun 2026 09:05")
    press_check(tab)
    assert "given, Wed 10-Jun-2026 09:05" in tab.inner_text(".said").replace("\u00a0", " ")
    press_save(tab)
    assert tab.inner_text("h1") == "Revision 2 saved"

    tab.click("text=To CIML-018")
    tab.click("text=Move day 0 >> nth=0")
    tab.check("#cause-1")
    press_day(tab, "2026-06-19")
    assert "Not allowed" in tab.inner_text(".check") and tab.locator(".save").count() == 0
    press_day(tab, "2026-06-16")
    shown = tab.inner_text(".check").replace("\u00a0", " ")
    assert "Used 24 hours, left 24 hours" in shown and "Cell laboratory" in shown
    tab.fill("#reason", "fever")
    tab.fill("#confirm", "CIML-018")
    press_save(tab)
    done = tab.inner_text("main").replace("\u00a0", " ")
    assert tab.url.endswith("/p/CIML-018/change/3")
    assert "Printed sheets that are void" in done and "Tue 16-Jun-2026" in done and "Cell laboratory" in done
    assert "Tue 16-Jun-2026 10:00" in tab.inner_text("section.who")

    tab.click("text=To CIML-018")
    tab.click("a[href$='/everything.html']")
    tab.emulate_media(media="print")
    assert "Tue 16-Jun-2026 10:00" in tab.inner_text("body").replace("\u00a0", " ")
    assert len(tab.pdf(format="A4")) > 50_000
    tab.emulate_media(media="screen")

    tab.goto(f"{address}/feeds/new")
    tab.click("text=Example site")
    tab.goto(f"{tab.url}feeds/new")
    tab.check("#read")
    tab.fill("#label", "Nurse Kim, tablet")
    tab.check("input[name=scope][value=CIML-018]") if tab.locator("input[name=scope]").count() else tab.select_option("#scope", "CIML-018")
    tab.click("button:has-text('Make the feed')")
    feed = tab.inner_text(".address").strip()
    found = tab.request.get(feed)
    assert found.status == 200 and b"CIML-018 D0" in re.sub(rb"\xc2\xa0", b" ", found.body())
    with ward.store() as store:
        assert store.codes().count("CIML-018") == 1


def test_the_keyboard_alone_is_enough_and_shows_where_it_is(chromium, site):
    address, ward = site
    tab = chromium.new_context(viewport={"width": 1100, "height": 900}).new_page()
    tab.goto(f"{address}/p/SLIP-1/slip")

    def reach(wanted, most=60):
        for _ in range(most):
            tab.keyboard.press("Tab")
            here = tab.evaluate(
                "() => { const e = document.activeElement, s = getComputedStyle(e);"
                " return [e.id || e.value || e.textContent.trim(), s.outlineStyle, parseFloat(s.outlineWidth)] }"
            )
            assert here[1] != "none" and here[2] >= 2, f"{here[0]} does not show that it has the focus"
            if here[0] == wanted:
                return
        raise AssertionError(f"the keyboard does not reach {wanted}")

    reach("Skip to the page")
    reach("cause-1")
    tab.keyboard.press("Space")
    reach("2026-06-17")
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".check")
    reach("reason")
    tab.keyboard.type("fever")
    reach("confirm")
    tab.keyboard.type("slip-1")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"{address}/p/SLIP-1/change/5")
    assert ward.last("SLIP-1").reason == "fever"
    tab.context.close()


def test_enter_in_a_field_checks(tab, site):
    address, _ = site
    tab.goto(f"{address}/p/PLAN-1/fact/virology")
    tab.fill("#date", "20 May 2026")
    tab.press("#date", "Enter")
    tab.wait_for_selector(".check")
    assert "Checked. Nothing is saved yet" in tab.inner_text("main")


def tab_error():
    from playwright.sync_api import Error

    return Error


def at(tab, address):
    """Until the tab is there: the second click ends the first one's navigation, which `wait_for_url` takes for an error."""
    from playwright.sync_api import expect

    expect(tab).to_have_url(address, timeout=20_000)
    tab.wait_for_load_state()


def begin_slip(tab, address, time="09:30"):
    tab.goto(f"{address}/p/SLIP-1/slip")
    tab.check("#cause-1")
    tab.fill("#to-time", time)
    press_day(tab, "2026-06-17")
    tab.fill("#reason", "fever")
    tab.fill("#confirm", "SLIP-1")


def test_a_double_click_and_the_back_button_slip_once(tab, site):
    address, ward = site
    begin_slip(tab, address)
    tab.dblclick(".save button[value=save]")
    at(tab, f"{address}/p/SLIP-1/change/5")
    assert ward.revisions("SLIP-1") == [1, 2, 3, 4, 5]
    with suppress(tab_error()):  # a page that was a form's answer is kept nowhere: the browser asks whether to send it again
        tab.go_back(wait_until="commit")
    tab.wait_for_timeout(500)
    with suppress(tab_error()):
        tab.reload()
        tab.wait_for_load_state()
    if tab.locator(".save button[value=save]").count():
        tab.fill("#confirm", "SLIP-1")
        press_save(tab)
    assert ward.revisions("SLIP-1") == [1, 2, 3, 4, 5]
    assert ward.last("SLIP-1").deed.to.at.isoformat() == "2026-06-17T09:30:00-04:00"


def test_a_stale_tab_saves_nothing_and_says_who_was_quicker(tab, site):
    address, ward = site
    begin_slip(tab, address, "09:30")
    other = tab.context.new_page()
    begin_slip(other, address, "09:45")
    press_save(other)
    assert other.url == f"{address}/p/SLIP-1/change/5"
    press_save(tab)
    shown = tab.inner_text("main").replace("\u00a0", " ")
    assert "Nothing was saved: somebody was quicker" in shown and "Revision 5 was made by nurse1" in shown
    assert tab.input_value("#to-time") == "09:30" and tab.get_attribute("input[name=reason]", "value") == "fever"
    assert ward.revisions("SLIP-1") == [1, 2, 3, 4, 5]
    press_day(tab, "2026-06-17")
    tab.fill("#confirm", "SLIP-1")
    press_save(tab)
    assert tab.url == f"{address}/p/SLIP-1/change/6"


# every page in every state, as a validator and an accessibility checker see it -----------------------------------------

EMPTY = ["record/fludarabine-1", "fact/marrow", "attest/age-eligible", "rule/T36", "slip", "note", "cancel", "amend", "day/2026-06-10"]
DAY = {"cyclophosphamide-2-time": "1110", "fludarabine-3-outcome": "held", "fludarabine-3-reason": "fever"}


def states(ward, other):
    """Every page of the acts in each state: name -> HTML."""
    found = {}
    for path in ("record", "fact", "attest", "rule", *EMPTY):
        found[f"empty {path}"] = ward.get(f"/p/SLIP-1/{path}").text
    found["empty new"] = ward.get(NEW).text
    for path in EMPTY:
        found[f"mistakes {path}"] = check(ward, f"/p/SLIP-1/{path}", {})[0].text
    found["mistakes new"] = check(ward, NEW, {**PATIENT, "code": "x y", "planned-day-zero": "13/13/2026"})[0].text
    found["mistakes twice"] = check(
        ward, "/p/FRESH-1/slip", {**SLIP, **to("2026-11-01", "01:30")}
    )[0].text
    found["check new"] = check(ward, NEW, PATIENT)[0].text
    found["check new, no day 0"] = check(ward, NEW, {"code": "SLIP-2"})[0].text
    acts = {
        "record/fludarabine-2": GIVEN, "fact/marrow": {"date": "1 Jun 2026", "instead": "add"},
        "attest/not-breastfeeding": {"on-is": "2026-06-11", "by": "study physician"}, "rule/T36": RULING, "slip": SLIP,
        "day/2026-06-12": DAY, "note": {"text": "told"}, "cancel": {"reason": "withdrawn"},
    }  # fmt: skip
    for path, typed in acts.items():
        found[f"check {path}"] = check(ward, f"/p/SLIP-1/{path}", typed)[0].text
    found["check amend"] = upload(ward, "/p/FRESH-1/amend", {"based-on": "1", "reason": "why", "do": "check"}, site=SITE_TEXT).text
    found["mistakes day"] = check(ward, "/p/SLIP-1/day/2026-06-12", {**DAY, "cyclophosphamide-2-time": "9", "fludarabine-3-reason": ""})[0].text
    found["mistakes day, midnight"] = check(ward, "/p/GIVEN-1/day/2026-06-09", {"il2-1-time": "0015"})[0].text
    found["refused slip"] = check(ward, "/p/OLD-1/slip", {**SLIP, **to("2026-06-16", "10:00")})[0].text
    found["unchanged slip"] = check(ward, "/p/SLIP-1/slip", {**SLIP, **to("2026-06-16", "10:00")})[0].text
    found["days, not begun"] = ward.get("/p/FRESH-1/slip").text
    found["days, infused"] = ward.get("/p/GIVEN-1/slip").text
    found["days, later"] = ward.post("/p/FRESH-1/slip", {"based-on": "1", "cause": "donor", "do": "weeks-2026-08-10"}).text
    found["violated re-plan"] = check(ward, "/p/FRESH-1/slip", {**SLIP, **to("2026-07-28")})[0].text
    form = {**check(ward, "/p/SLIP-1/slip", SLIP)[1].fields, "do": "save"}
    found["unconfirmed slip"] = ward.post("/p/SLIP-1/slip", {**form, "confirm": "SLIP-2"}).text
    save(other, "/p/SLIP-1/note", {"text": "other"})
    found["stale slip"] = ward.post("/p/SLIP-1/slip", {**form, "confirm": "SLIP-1"}).text
    for path, typed in acts.items():
        done = save(ward, f"/p/SLIP-1/{path}", typed, confirm="SLIP-1")
        assert done.status_code == 303, path
        found[f"done {path}"] = ward.get(done.headers["Location"]).text
    return found


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """Every state with what html-validate and axe-core say of it."""
    from msgspec.structs import replace
    from shared.web_ward import WebWard

    folder = tmp_path_factory.mktemp("states")
    with open_ward(folder, site=SITE) as ward:
        pages = states(ward, WebWard(replace(ward.settings, user="nurse2"), ward.clock, {}))
        css = ward.get("/css/web.css").text
    files = []
    for number, html in enumerate(pages.values()):
        file = folder / f"{number}.html"
        file.write_text(html.replace('<link rel="stylesheet" href="/css/web.css">', f"<style>\n{css}</style>"), encoding="utf-8")
        files.append(str(file))
    return dict(zip(pages, run_node("check_pages.mjs", files=files), strict=True))


def test_there_are_all_states(seen):
    kinds = Counter(name.split()[0] for name in seen)
    assert kinds["empty"] == 14 and kinds["mistakes"] == 13 and kinds["check"] == 11 and kinds["done"] == 8


def test_every_page_in_every_state_is_valid_html(seen):
    assert {name: answer["errors"] for name, answer in seen.items() if answer["errors"]} == {}


def test_every_page_in_every_state_is_accessible(seen):
    assert {name: answer["violations"] for name, answer in seen.items() if answer["violations"]} == {}


def test_no_page_scrolls_sideways_at_320_pixels(seen):
    assert {name: answer["sideways"] for name, answer in seen.items() if answer["sideways"]} == {}


# harmful text ----------------------------------------------------------------------------------------------------------

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b autofocus onfocus=alert(3)>` &quot;</textarea></select></form><h1>x{{ 7*7 }}{% for x in y %}${7*7}<%= 7*7 %>"
HARMFUL = {
    "markup, quotes, template": MARKUP,
    "line ends, lone CR": "a\r\nDTSTART:19700101\r\nb\rATTENDEE:mailto:x@example.org\rc",
    "directions, control": "a\u202eb\u2066c\u200fd\x00e\x07f\x1bg\x7fh\u2028i",
    "formula": "=HYPERLINK(\"x\")",
    "long": "w" * 10_000,
}


class Tree(HTMLParser):
    """The elements of a page with the names of their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, tuple(sorted(name for name, _ in attributes))))

    def handle_data(self, data):
        self.text += data


FORMS = {
    "/p/SLIP-1/record/fludarabine-2": GIVEN,
    "/p/SLIP-1/fact/dli-last": {"date": "1 Jun 2026"},
    "/p/SLIP-1/fact/virology": {"date": "1 Jun 2026"},
    "/p/SLIP-1/attest/not-breastfeeding": {"on-is": "2026-06-11", "by": "x"},
    "/p/SLIP-1/rule/T36": RULING,
    "/p/SLIP-1/slip": SLIP,
    "/p/SLIP-1/day/2026-06-12": DAY,
    "/p/SLIP-1/note": {"text": "x"},
    "/p/SLIP-1/cancel": {"reason": "x"},
    NEW: PATIENT,
}


def typed_in(ward, path, name, text):
    """The page after a form with one text in the field `name` is checked."""
    return Tree(ward.post(path, {"based-on": "4", **FORMS[path], name: text, "do": "check"}).text)


@pytest.fixture(scope="module")
def plain_tree(page_ward):
    """The page after the same with a harmless text, made once."""
    made = {}

    def tree(path, name, text):
        if (path, name, text) not in made:
            made[path, name, text] = typed_in(page_ward, path, name, text)
        return made[path, name, text]

    return tree


@pytest.fixture(scope="module")
def page_ward(tmp_path_factory):
    with open_ward(tmp_path_factory.mktemp("ward"), site=SITE) as ward:
        yield ward


def fields_of(ward, path):
    names = {name for name in Page(ward.get(path).text).fields if name not in ("token", "checked")}
    names |= set(FORMS[path]) | {"do", "confirm", "checked"}
    return sorted(names)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("kind", HARMFUL)
def test_harmful_text_in_any_field_stays_text(page_ward, plain_tree, path, kind):
    """The page has the same elements, with the same attributes, as with a harmless text that is as wrong or as right."""
    harm = HARMFUL[kind]
    harmless = ("v v " * 2500)[: len(harm)]
    names = fields_of(page_ward, path)
    if path == NEW:  # one of each kind of its hundred fields
        names = ("code", "planned-day-zero", "date-marrow", "date-dli-last", "rest-never", "attest-by-age-eligible")
    for name in names:
        if name in ("do", "based-on"):
            continue
        plain, harmed = plain_tree(path, name, harmless), typed_in(page_ward, path, name, harm)
        assert sorted(harmed.elements) == sorted(plain.elements), name
        assert not re.search(r"\b49\b", harmed.text), name


@pytest.mark.parametrize("name", ["do", "based-on", "token", "unknown"])
@pytest.mark.parametrize("kind", HARMFUL)
def test_harmful_text_in_a_hidden_field_does_nothing(page_ward, kind, name):
    answer = page_ward.post("/p/SLIP-1/slip", {"based-on": "4", **SLIP, "do": "check", name: HARMFUL[kind]})
    assert answer.status_code == {"do": 200, "based-on": 409, "token": 403, "unknown": 200}[name]
    assert "<script>" not in answer.text and page_ward.revisions("SLIP-1")[-1] == 4


def after_all(folder, text):
    """What every output says once a text has been saved in every field that takes one."""
    with open_ward(folder) as ward:
        acts = {
            "record/fludarabine-2": {**GIVEN, "outcome": "held", "reason": text},
            "day/2026-06-12": {"fludarabine-3-outcome": "held", "fludarabine-3-reason": text},
            "fact/virology": {"date": "1 Jun 2026", "reason": text},
            "attest/not-breastfeeding": {"on-is": "2026-06-11", "by": text[:80], "reason": text},
            "rule/T36": {**RULING, "by": text[:80], "reason": text},
            "slip": {**SLIP, "reason": text},
            "note": {"text": text},
        }  # fmt: skip
        pages = {}
        for path, typed in acts.items():
            done = save(ward, f"/p/SLIP-1/{path}", typed, confirm="SLIP-1")
            assert done.status_code == 303, path
            pages[path] = ward.get(done.headers["Location"]).text
        pages["patient"] = ward.get("/p/SLIP-1").text
        pages["history"] = ward.get("/p/SLIP-1/history").text
        files = {}
        for name in ("sheets.html", "go.html", "overview.html", "index.html", "change.html"):
            pages[name] = ward.get(f"/p/SLIP-1/rev-9/{name}").text
        for name in ("calendar.ics", "changes.ics", "plan.csv", "plan.json"):
            answer = ward.get(f"/p/SLIP-1/rev-9/{name}")
            assert answer.status_code == 200, name
            files[name] = answer.data
        return pages, files


SAVED = [kind for kind in HARMFUL if kind != "long"]


@pytest.fixture(scope="module")
def harmless_outputs(tmp_path_factory):
    return after_all(tmp_path_factory.mktemp("harmless"), "harmless")


@pytest.mark.parametrize("kind", SAVED)
def test_harmful_text_that_is_saved_stays_text_in_every_output(harmless_outputs, tmp_path, kind):
    pages, files = after_all(tmp_path, HARMFUL[kind])
    plain_pages, plain_files = harmless_outputs
    for name, html in pages.items():
        plain, harmed = Tree(plain_pages[name]), Tree(html)
        spans = ("span", ("class",))  # dates and names like IL-2 in a text are kept on one line
        assert Counter(e for e in harmed.elements if e != spans) == Counter(e for e in plain.elements if e != spans), name
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", harmed.text), name
    for name in ("calendar.ics", "changes.ics"):
        counts = [
            [(part.name, sorted(part.keys())) for part in Calendar.from_ical(data).walk()]
            for data in (plain_files[name], files[name])
        ]
        assert counts[0] == counts[1], name
    cells = [cell for row in csv.reader(io.StringIO(files["plan.csv"].decode("utf-8-sig"))) for cell in row]
    assert [cell for cell in cells if re.match(r"[=+@\t\r]|-\D", cell)] == []
