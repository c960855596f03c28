"""The worked slips of tests/slips: each row is a patient, a chain of acts, and what the last of them must give.

They were worked out by hand, with their arithmetic, and are done here through a real ledger.
"""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shared import TESTS
from shared.protocols import protocol_of
from shared.slips import table, toml

from schedule.commands.typed import moment, read_time
from schedule.files.case_file import read_case
from schedule.files.site_file import read_site
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Amend, Attest, Cancel, Deed, Fact, GiveRuling, Move, PlannedHour, RecordEvent
from schedule.model.case import Attested, Ruling
from schedule.model.errors import InputError, Refused
from schedule.model.notation import read_date
from schedule.model.plan import Plan, Record
from schedule.model.text import sha256
from schedule.pages.change import notice_values
from schedule.service.acts import perform
from schedule.service.create import Meta, create
from schedule.service.inputs import SHIPPED, Inputs
from schedule.service.revisions import newest, plan_of

FOLDER = TESTS / "slips"
PROTOCOL_TEXT = (SHIPPED / "nct04024761.toml").read_text(encoding="utf-8")
CODE = "CASE-1"
START = datetime(2026, 1, 3).astimezone()

CASES = [
    pytest.param(row, id=f"{path.stem}: {row['name']}")
    for path in sorted(FOLDER.glob("*.toml"))
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


def site_text(row: dict[str, Any], parameters: dict[str, Any]) -> str:
    head = f'format = 1\nzone = "{row.get("zone", "America/New_York")}"\n'
    return head + table("parameters", parameters) + table("times", row.get("times", {}))


def case_text(row: dict[str, Any]) -> str:
    head = (
        f'format = 1\ncode = "{CODE}"\nprotocol = "NCT04024761"\nplanned-day-zero = {toml(row["planned-day-zero"])}\n'
    )
    rulings = "".join("[[rulings]]\n" + table("x", one).partition("\n")[2] for one in row.get("rulings", []))
    return head + table("dates", row.get("dates", {})) + table("attestations", row.get("attestations", {})) + rulings


def replaced(text: str, key: str, value: str) -> str:
    """The protocol's text with one key of one table changed."""
    section, _, name = key.rpartition(".")
    head, found, rest = text.partition(f"[{section}]\n")
    assert found, key
    lines = rest.split("\n")
    number = next(n for n, line in enumerate(lines) if line.startswith(f"{name} ="))
    lines[number] = f"{name} = {toml(value)}"
    return head + found + "\n".join(lines)


@dataclass
class Ward:
    """A ledger with one patient, and the texts that amendments start from."""

    store: SqliteStore
    row: dict[str, Any]
    clock: int = 0

    def meta(self, as_of: str, reason: str = "") -> Meta:
        self.clock += 1
        when = read_time(as_of).wall
        return Meta(by="PI", at=START + timedelta(seconds=self.clock), as_of=when, site_time=when, reason=reason)

    def create(self) -> Plan:
        protocol = protocol_of(PROTOCOL_TEXT, "protocol")
        site_file, case_file = site_text(self.row, self.row.get("site", {})), case_text(self.row)
        site = read_site(site_file, "site", protocol)
        inputs = Inputs(protocol=protocol, site=site, case=read_case(case_file, "case", protocol, site))
        texts = {sha256(text): text for text in (PROTOCOL_TEXT, site_file, case_file)}
        return create(self.store, inputs, texts, self.meta(self.row.get("as-of", "2026-01-01 00:00"))).after

    def deed(self, act: dict[str, Any], plan: Plan) -> tuple[Deed, dict[str, str]]:
        match act["act"]:
            case "record":
                at = moment(plan, act["at"], "--at")
                wall = at.at.replace(tzinfo=None) if at.at else datetime.combine(at.on, datetime.min.time())
                kept = Record(
                    outcome=act["outcome"], at=wall, timed=at.at is not None, reason=act.get("reason", ""),
                    moment=at.at, pinned=at.pinned,
                )  # fmt: skip
                return RecordEvent(event=act["event"], record=kept, confirmed=True), {}
            case "slip":
                return Move(to=moment(plan, act["to"], "--to"), cause=act.get("cause", "other")), {}
            case "fact" if act["name"] == "planned-day-zero":
                found = moment(plan, act["value"], "planned-day-zero")
                assert found.at is not None
                return PlannedHour(moment=found.at), {}
            case "fact":
                dates = () if act["value"] == "never" else tuple(read_date(part) for part in act["value"].split(";"))
                return Fact(name=act["name"], dates=dates, instead=False), {}
            case "attest":
                return Attest(name=act["name"], attested=Attested(on=read_date(act["date"]), by="PI")), {}
            case "rule":
                on = moment(plan, act["for"], "--for").on if "for" in act else plan.day_zero
                when = read_time(act["as-of"]).wall.date()
                return GiveRuling(
                    ruling=Ruling(rule=act["rule"], outcome=act["outcome"], by="PI", on=when, reason="r", day_zero=on)
                ), {}
            case "amend":
                protocol_text, site_file = PROTOCOL_TEXT, site_text(self.row, self.row.get("site", {}))
                for key, value in act.get("set", {}).items():
                    protocol_text = replaced(protocol_text, key, value)
                if "site-set" in act:
                    parameters = {**self.row.get("site", {})}
                    parameters |= {key.removeprefix("parameters."): value for key, value in act["site-set"].items()}
                    site_file = site_text(self.row, parameters)
                texts = {sha256(text): text for text in (protocol_text, site_file)}
                return Amend(protocol=sha256(protocol_text), site=sha256(site_file)), texts
            case "cancel":
                return Cancel(), {}
        raise AssertionError(act)


@pytest.mark.parametrize("row", CASES)
def test_a_slip_worked_by_hand_comes_out_as_it_was_worked(row: dict[str, Any], tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "ledger.sqlite") as store:
        ward = Ward(store, row)
        plan = ward.create()
        found: dict[str, Any] = {"exit": 1 if plan.violated else 0, "saved": True}
        values: dict[str, Any] = {}
        for number, act in enumerate(row["acts"], 1):
            is_last = number == len(row["acts"])
            try:
                deed, texts = ward.deed(act, plan)
                done = perform(store, CODE, deed, ward.meta(act["as-of"], act.get("reason", "")), texts=texts)
            except (InputError, Refused):
                assert is_last, f"act {number} cannot be: {act}"
                found = {"exit": 2, "saved": False, "allowed": False}
                break
            refused = done.verdict is not None and not done.verdict.allowed
            assert is_last or not refused, f"act {number} is refused: {done.verdict}"
            values = notice_values(done.before, done.after, done.verdict, saved=done.saved)
            replan = done.verdict is not None and done.verdict.kind == "re-plan" and not done.verdict.unchanged
            found = {"exit": 1 if refused or (replan and done.after.violated) else 0, **values}
            plan = plan_of(store, newest(store, CODE))
        expect = dict(row["expect"])
        compared = {key: expect.pop(key) for key in ("exit", "kind", "allowed", "saved") if key in expect}
        if found["exit"] == 2:
            compared.pop("kind", None)
        assert {key: found.get(key) for key in compared} == compared, found.get("refusals")
        check_details(expect, values, plan, found)


def check_details(expect: dict[str, Any], values: dict[str, Any], plan: Plan, found: dict[str, Any]) -> None:
    """What the row says of limit, moves, verdicts and dates."""
    if "limit" in expect:
        limit = {key: "" if value is None else value for key, value in (values["limit"] or {}).items()}
        assert {key: limit.get(key) for key in expect["limit"]} == expect["limit"]
    assert set(expect.get("stays", [])) <= set(values.get("stays", []))
    moves = {move["id"]: (move["from"][:10], move["to"][:10]) for move in values.get("moves", [])}
    for move in expect.get("moves", []):
        assert moves.get(move["id"]) == (move["from"][:10], move["to"][:10]), move
    if "repeats" in expect:
        assert values["repeats"] == expect["repeats"]
    verdicts = {f.ref if f.point is None else f"{f.ref}/{f.point}": f.status for f in plan.findings}
    assert {key: verdicts.get(key) for key in expect.get("findings", {})} == expect.get("findings", {})
    events = {event.id: event for event in plan.events}
    for event_id, where in expect.get("events", {}).items():
        event = events[event_id]
        shown = event.start.isoformat(timespec="minutes") if len(where) > 10 and event.start else event.on.isoformat()
        assert shown == where, event_id
    for event_id, status in expect.get("statuses", {}).items():
        assert events[event_id].status == status, event_id
    for event_id, label in expect.get("labels", {}).items():
        assert str(events[event_id].label) == label, event_id


def test_there_are_enough_slips_and_each_has_its_working() -> None:
    rows = [param.values[0] for param in CASES]
    assert len(rows) >= 120
    assert len({row["name"] for row in rows}) == len(rows)  # type: ignore[index]
    assert all(row["arithmetic"].strip() for row in rows)  # type: ignore[index, union-attr]
