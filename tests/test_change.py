"""What an act makes of a plan: what has begun, what settles, what moves, what is refused, and which numbers doses get."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from schedule.acts import Amend, Attest, Cancel, Fact, Move, Note, PlannedHour, RecordEvent, Rule
from schedule.case import Attested, Ruling
from schedule.change import apply, has_begun, judge_move, limit_of, lymphodepletion, renumber, settle, standing_of
from schedule.commands.acts import moment
from schedule.commands.common import read_when
from schedule.errors import InputError
from schedule.events import DayZero, Record, Standing
from schedule.ledger import Meta, create, newest, perform, plan_of
from schedule.reading import read_protocol
from schedule.reading_case import read_case, read_site
from schedule.service import Inputs
from schedule.shape import sha256
from schedule.store import Store

SHIPPED = Path(__file__).parent.parent / "schedule" / "protocols" / "nct04024761.toml"
PROTOCOL = SHIPPED.read_text(encoding="utf-8")
CODE = "CASE-1"
START = datetime(2026, 1, 1, tzinfo=UTC)

IL2 = "+1 to +13 every 2 days"
PARAMETERS = {"il2-days": IL2, "dlt-end": "+28", "donor-collection": "-1", "response-marrow": "+28 ±3"}
DATES = {
    "transplant": "2026-01-20", "taper-completed": "2026-05-04", "gvhd-prophylaxis-last": "2026-05-04",
    "gvhd-steroid-last": '"never"', "gvhd-therapy-last": '"never"', "investigational-agent-last": '"never"',
    "nitrosourea-last": '"never"', "immunotherapy-last": '"never"', "chemotherapy-last": '"never"',
    "count-control-last": '"never"', "venetoclax-last": '"never"', "bcl2-inhibitor-last": '"never"',
    "bcr-abl-inhibitor-last": '"never"', "dli-last": '"never"', "pregnancy-test": '"never"',
    "disease-assessment": "2026-05-25", "marrow": "2026-05-25", "chimerism": "2026-05-25",
    "organ-function": "2026-06-08", "echo": "2026-06-08",
}  # fmt: skip


class Ward:
    """A ledger with one patient: lymphodepletion from Wed 10-Jun, day 0 Mon 15-Jun-2026 10:00, every rule met."""

    def __init__(
        self, store, planned="2026-06-15T10:00:00", dates=None, parameters=None, times=None, attestations=None,
        zone="America/New_York", more="", as_of="2026-05-26 08:00", protocol=PROTOCOL, code=CODE,
    ):  # fmt: skip
        self.store, self.code, self.clock = store, code, 0
        self.parameters, self.times, self.zone, self.more = parameters or PARAMETERS, times or {}, zone, more
        known = {**DATES, **(dates or {})}
        self.case_text = (
            f'format = 1\ncode = "{code}"\nprotocol = "NCT04024761"\nplanned-day-zero = {planned}\n[dates]\n'
            + "".join(f"{name} = {value}\n" for name, value in known.items() if value)
            + "[attestations]\n"
            + "".join(f"{name} = {value}\n" for name, value in (attestations or {}).items())
        )
        self.site_text, self.protocol_text = self.site(), protocol
        self.made = create(self.store, *self.inputs(), self.meta(as_of))

    def site(self, **parameters):
        """The text of the site file, with other parameters."""
        chosen = {**self.parameters, **{key.replace("_", "-"): value for key, value in parameters.items()}}
        lines = ["format = 1", f'zone = "{self.zone}"', "[parameters]"]
        lines += [f'{key} = "{value}"' for key, value in chosen.items() if value]
        lines += ["[times]", *(f'{key} = "{value}"' for key, value in self.times.items()), self.more]
        return "\n".join(lines) + "\n"

    def inputs(self):
        protocol = read_protocol(self.protocol_text, "protocol")
        site = read_site(self.site_text, "site", protocol)
        texts = {sha256(text): text for text in (self.protocol_text, self.site_text, self.case_text)}
        return Inputs(
            protocol=protocol, site=site, case=read_case(self.case_text, "case", protocol, site)
        ), texts

    def meta(self, as_of, by="PI", reason="", based_on=None):
        self.clock += 1
        when = read_when(as_of)
        at = START + timedelta(seconds=self.clock)
        return Meta(by=by, at=at, as_of=when, site_time=when, reason=reason, based_on=based_on)

    @property
    def plan(self):
        return plan_of(self.store, newest(self.store, self.code))

    @property
    def events(self):
        return {event.id: event for event in self.plan.events}

    def on(self, event_id):
        return self.events[event_id].on.isoformat()

    def statuses(self):
        return {f.ref if f.point is None else f"{f.ref}/{f.point}": f.status for f in self.plan.findings}

    def do(self, deed, as_of, *, dry_run=False, texts=None, **meta):
        return perform(self.store, self.code, deed, self.meta(as_of, **meta), dry_run=dry_run, texts=texts)

    def move(self, to, cause="other"):
        return Move(to=moment(self.plan, to, "--to"), cause=cause)

    def slip(self, to, as_of, cause="other", **more):
        return self.do(self.move(to, cause), as_of, **more)

    def record(self, event, outcome, at, as_of=None):
        found = moment(self.plan, at, "--at")
        wall = found.at.replace(tzinfo=None) if found.at else datetime.combine(found.on, datetime.min.time())
        kept = Record(outcome=outcome, at=wall, timed=found.at is not None, reason="")
        return self.do(RecordEvent(event=event, record=kept, moment=found.at), as_of or at)

    def fact(self, name, *dates, as_of, instead=False):
        return self.do(Fact(name=name, dates=tuple(map(date.fromisoformat, dates)), instead=instead), as_of)

    def hour(self, when, as_of):
        return self.do(PlannedHour(moment=moment(self.plan, when, "planned-day-zero").at), as_of)

    def attest(self, name, on, as_of):
        return self.do(Attest(name=name, attested=Attested(on=date.fromisoformat(on), by="PI")), as_of)

    def rule(self, rule, outcome, for_, as_of):
        on = read_when(as_of).date()
        ruling = Ruling(rule=rule, outcome=outcome, by="PI", on=on, reason="r", day_zero=date.fromisoformat(for_))
        return self.do(Rule(ruling=ruling), as_of)

    def amend(self, as_of, *, protocol=None, site=None, dry_run=False):
        texts = {sha256(text): text for text in (protocol, site) if text}
        deed = Amend(
            protocol=sha256(protocol) if protocol else self.plan.protocol.sha256,
            site=sha256(site) if site else self.plan.site.sha256,
        )
        return self.do(deed, as_of, texts=texts, dry_run=dry_run)
