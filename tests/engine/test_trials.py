"""The worked cases of tests/trials: other protocols than the first, each with its dates worked out by hand before the code.

A file is one protocol. A row is a patient, a site, a planned day 0 and perhaps a chain of acts; what must come out is what the
last revision says. The rows go through the real readers and a real ledger, as those of tests/slips do.
"""

import tomllib
from datetime import datetime, timedelta

import pytest
from shared import TESTS
from shared.cases import DATES, compared, iso, named
from shared.protocols import protocol_of
from shared.slips import table, toml
from shared.trials import deed_of

from schedule.commands.typed import read_time
from schedule.files.case_file import read_case
from schedule.files.site_file import read_site
from schedule.ledger.sqlite import SqliteStore
from schedule.model.notation import NO_BREAK, read_date
from schedule.model.text import sha256
from schedule.pages.change import notice_values
from schedule.service.acts import perform
from schedule.service.create import Meta, create
from schedule.service.inputs import SHIPPED, Inputs, shipped_protocols
from schedule.service.revisions import newest, plan_of

FOLDER = TESTS / "trials"
START = datetime(2026, 1, 3).astimezone()
FILES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
ROWS = [(content["protocol"], row) for content in FILES.values() for row in content["case"]]
ROW_KEYS = {
    "name", "arithmetic", "planned-day-zero", "as-of", "zone", "site", "times", "dates", "attestations", "choices", "acts",
    "expect",
}  # fmt: skip
EXPECT_KEYS = {
    "events", "last", "labels", "findings", "windows", "feasible", "kind", "allowed", "limit", "refused-by", "not-stated",
}  # fmt: skip


def case_text(protocol, row):
    head = f'format = 1\ncode = "CASE-1"\nprotocol = "{protocol}"\nplanned-day-zero = {toml(row["planned-day-zero"])}\n'
    return head + "".join(table(name, row.get(name, {})) for name in ("dates", "attestations", "choices"))


def site_text(row):
    head = f'format = 1\nzone = "{row.get("zone", "America/New_York")}"\n'
    return head + table("parameters", row.get("site", {})) + table("times", row.get("times", {}))


def found_for(protocol_name, row, folder):
    """What the last of a row's acts gives, in the words of a row's `expect`."""
    text = (SHIPPED / f"{protocol_name}.toml").read_text(encoding="utf-8")
    protocol = protocol_of(text, protocol_name)
    texts = [text, site_text(row), case_text(protocol_name, row)]
    site = read_site(texts[1], "site", protocol)
    inputs = Inputs(protocol=protocol, site=site, case=read_case(texts[2], "case", protocol, site))
    clock = iter(range(1_000_000))

    def meta(as_of):
        when = read_time(as_of).wall
        return Meta(by="PI", at=START + timedelta(seconds=next(clock)), as_of=when, site_time=when, reason="x")

    done = None
    with SqliteStore(folder / "ledger") as store:
        hashed = {sha256(one): one for one in texts}
        first = create(store, inputs, hashed, meta(row.get("as-of", "2026-01-01 00:00")))
        plan = first.after
        for act in row.get("acts", []):
            before = plan_of(store, newest(store, "CASE-1"))
            done = perform(store, "CASE-1", deed_of(act, before), meta(act["as-of"]))
            plan = plan_of(store, newest(store, "CASE-1"))
    found = named(plan.findings)
    values = notice_values(done.before, done.after, done.verdict, saved=done.saved) if done else {}
    refused_by = done.verdict.findings if done and done.verdict else ()
    events = {event.id: event for event in plan.events if event.status != "cancelled"}
    return {
        "events": {
            name: event.start.isoformat(timespec="minutes") if event.start else event.on.isoformat()
            for name, event in events.items()
        },
        "last": {name: iso(event.last_date) for name, event in events.items()},
        "labels": {name: str(event.label).replace(NO_BREAK, " ") for name, event in events.items()},
        "findings": {name: finding.status for name, finding in found.items()},
        "windows": {name: [iso(finding.earliest), iso(finding.latest)] for name, finding in found.items()},
        "feasible": {
            "earliest": iso(plan.feasible.earliest), "latest": iso(plan.feasible.latest),
            "binding": list(plan.feasible.binding), "next": list(plan.feasible.next),
        } if plan.feasible else None,
        "kind": values.get("kind"),
        "allowed": values.get("allowed"),
        "limit": values.get("limit"),
        "refused-by": [finding.ref for finding in refused_by],
        "not-stated": {gap.parameter for gap in plan.not_stated},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("protocol", "row"), ROWS, ids=[f"{protocol}: {row['name']}" for protocol, row in ROWS]
)
def test_a_case_of_another_trial_comes_out_as_it_was_worked_by_hand(protocol, row, tmp_path):
    found = found_for(protocol, row, tmp_path)
    for key, expected in row["expect"].items():
        if key == "not-stated":
            assert set(expected) <= found[key]
        elif key == "refused-by":
            assert sorted(set(found[key])) == sorted(expected)
        elif key == "events":
            there = {name: found[key].get(name, "") for name in expected}
            assert {name: at if "T" in str(expected[name]) else at[:10] for name, at in there.items()} == expected
        elif isinstance(expected, dict):
            assert compared(expected, found[key]) == expected
        else:
            assert found[key] == expected


def test_every_shipped_protocol_but_the_first_has_at_least_six_cases_by_hand():
    counts = {content["protocol"].upper(): len(content["case"]) for content in FILES.values()}
    assert {name for name in shipped_protocols() if name != "NCT04024761" and counts.get(name, 0) < 6} == set()


def test_every_case_of_another_trial_has_a_name_and_its_arithmetic():
    names = [(protocol, row["name"]) for protocol, row in ROWS]
    assert [name for name in names if names.count(name) > 1] == []
    assert [row["name"] for _, row in ROWS if not row.get("arithmetic", "").strip()] == []


def test_the_weekdays_in_the_arithmetic_of_other_trials_are_right():
    wrong = []
    for _, row in ROWS:
        for text in DATES.findall(row["arithmetic"]):
            try:
                read_date(text)
            except ValueError as error:
                wrong.append(f"{row['name']}: {error}")
    assert wrong == []


def test_no_case_of_another_trial_holds_a_key_that_nothing_looks_at():
    strange = [
        (row["name"], key)
        for _, row in ROWS
        for key in [*(set(row) - ROW_KEYS), *(set(row["expect"]) - EXPECT_KEYS)]
    ]
    assert strange == []
    assert [row["name"] for _, row in ROWS if not row["expect"]] == []
