"""A trial that counts from day 1, whose cells come on day 4, has no day 0: no page, sheet, notice, form or message says so."""

import contextlib
import re

import pytest
from shared import ROOT
from shared.told import feeds, said_by, ward_on, words_of, written_in
from shared.web_ward import moment_at

CODE, SITE = "NK-400", ROOT / "examples" / "site-several.toml"
CASE = f'format = 1\ncode = "{CODE}"\nprotocol = "NCT03349502"\nplanned-day-zero = 2026-06-15T10:00:00\n'
NAMED = re.compile(r"\bdays?[\s\u00a0]*[−-]?0(?![\d:])|\bdays? zero\b", re.I)
SURE = ("--confirm", CODE, "--reason", "donor is late")
ACTS = (
    ("plan", "case.toml", "--site", SITE), ("note", CODE, "cell lab told"), ("fact", CODE, "planned-day-zero", "2026-06-15 11:00"),
    ("fact", CODE, "planned-day-zero", "2026-06-16 11:00"), ("slip", CODE, "--to", "2026-06-16 10:00", "--cause", "donor", *SURE),
    ("slip", CODE, "--to", "2026-06-16 10:00", *SURE), ("slip", CODE, "--to", "2026-05-16 10:00", *SURE),
    ("slip", CODE, "--to", "2026-06-17 10:00", "--dry-run"), ("amend", CODE, "--site", SITE, *SURE),
    ("show", CODE), ("show", CODE, "--revision", "1"), ("history", CODE), ("today",), ("today", "--date", "2026-06-16"),
    ("check", "case.toml", "--site", SITE), ("feasible", "case.toml"), ("feasible", "case.toml", "--site", SITE),
    ("protocol", "show", "NCT03349502"), ("protocol", "show", "NCT03349502", "--html", "page.html"),
    ("protocol", "diff", "NCT03349502", "other.toml", "--case", "case.toml", "--stored"), ("print", CODE),
)  # fmt: skip
LATER = (
    ("record", CODE, "fludarabine-1", "given", "--at", "2026-06-13 09:00"), ("slip", CODE, "--to", "2026-06-15 10:00", *SURE),
    ("slip", CODE, "--to", "2026-06-18 10:00", "--cause", "illness", *SURE), ("slip", CODE, "--to", "2026-08-30 10:00", *SURE),
    ("show", CODE), ("history", CODE),
)  # fmt: skip
LAST = (("cancel", CODE, *SURE), ("slip", CODE, "--to", "2026-06-20 10:00", *SURE), ("show", CODE), ("history", CODE))


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Everything that is said of the patient: where, and the words."""
    folder = tmp_path_factory.mktemp("anchor")
    found = {}
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(folder):
        patch.setenv("DAYZERO_STORE", str(folder / "ledger.sqlite"))
        patch.setenv("NO_COLOR", "1")
        (folder / "case.toml").write_text(CASE, encoding="utf-8")
        shipped = (ROOT / "schedule" / "protocols" / "nct03349502.toml").read_text(encoding="utf-8")
        (folder / "other.toml").write_text(shipped.replace("version = ", 'version = "2" # ', 1), encoding="utf-8")
        (folder / "page.toml").write_text(CASE, encoding="utf-8")
        for number, (acts, wall) in enumerate(((ACTS, "2026-05-27 08:00"), (LATER, "2026-06-13 12:00"), (LAST, "2026-06-14 12:00"))):
            moment = moment_at(wall)
            for tick, argv in enumerate(acts):
                patch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp()) + 60 * tick))
                found[f"{number} {' '.join(map(str, argv[:2]))} {tick}"] = said_by(*argv)
            found |= {f"{number} {path}": text for path, text in pages(folder, moment)}
        found |= written_in(folder)
    return {place: words_of(text) for place, text in found.items()}


def pages(folder, moment):
    """The board, every page that leads on from the patient's, and forms sent with nothing in them."""
    clock, ward = ward_on(folder, SITE, moment)
    revision = str(ward.revisions(CODE)[-1])
    yield "/", ward.get("/").text
    yield "/board", ward.get("/board").text
    yield "/new/NCT03349502", ward.get("/new/NCT03349502").text
    form = {"do": "check", "code": "NK-401", "planned-day-zero": "15 Jun 2026"}
    yield "/new/NCT03349502 checked", ward.post("/new/NCT03349502", form).text
    yield "/new/NCT03349502 saved", ward.post("/new/NCT03349502", {**form, "do": "save", "code": "NK-402", "planned-day-zero": ""}).text
    yield "/protocols/NCT03349502", ward.get("/protocols/NCT03349502").text
    seen, waiting = set(), [f"/p/{CODE}", f"/p/{CODE}/fact/planned-day-zero"]
    while waiting:
        path = waiting.pop()
        if path in seen or path.endswith(".pdf"):
            continue
        seen.add(path)
        text = ward.get(path).get_data(as_text=True)
        yield path, text
        links = re.findall(r'href="(/p/NK-400[^"#]*)"', text)
        days = sum("/day/" in one for one in seen)  # each leads on to the day before it: a few are enough
        waiting += [link for link in links if "/day/" not in link or days < 3]
        if 'id="act"' in text:
            yield f"{path} sent", ward.post(path, {"do": "check", "based-on": revision}).text
    for there in (13, 18, 30):
        sent = {"do": "check", "based-on": revision, "cause": "logistics", "reason": "x", "to-time": "10:00", "day": f"2026-06-{there}"}
        yield f"slip to {there}", ward.post(f"/p/{CODE}/slip", sent).text
    yield from feeds(ward, clock, CODE)


def test_nothing_that_is_said_of_the_patient_names_a_day_that_the_trial_has_not(told):
    found = {place: [text[max(0, m.start() - 60) : m.end() + 40] for m in NAMED.finditer(text)] for place, text in told.items()}
    assert {place: hits for place, hits in found.items() if hits} == {}


def test_everything_was_read_and_the_trial_has_its_day_4(told):
    assert len(told) > 150
    assert sum("day 4" in text.lower().replace("\u00a0", " ") for text in told.values()) > 60
    for place in ("slip to 18", "feed minimal None", "page.html", f"out/{CODE}/rev-2/change.html"):
        assert any(place in key for key in told), place
