"""A ward with one patient in a ledger, and the shipped protocol made small: what acts are tried on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from schedule.commands.typed import moment, read_time
from schedule.files.case_file import read_case
from schedule.files.site_file import read_site
from schedule.model.acts import Amend, Attest, Book, Fact, GiveRuling, Move, PlannedHour
from schedule.model.case import Attested, Ruling
from schedule.model.text import sha256
from schedule.service.acts import open_of, perform, record_of
from schedule.service.create import Meta, create
from schedule.service.inputs import Inputs
from schedule.service.revisions import newest, plan_of
from shared import SHIPPED
from shared.protocols import protocol_of

PROTOCOL = SHIPPED.read_text(encoding="utf-8")
CODE = "CASE-1"
START = datetime(2026, 1, 3, tzinfo=UTC)

IL2 = "+1 to +13 every 2 days"
PARAMETERS = {"il2-days": IL2, "dlt-end": "+28", "donor-collection": "-1", "response-marrow": "+28 ±3"}
NEVER = (
    "gvhd-steroid-last", "gvhd-therapy-last", "investigational-agent-last", "nitrosourea-last", "immunotherapy-last",
    "chemotherapy-last", "count-control-last", "venetoclax-last", "bcl2-inhibitor-last", "bcr-abl-inhibitor-last", "dli-last",
    "pregnancy-test",
)  # fmt: skip
BEFORE = {
    "transplant": 146, "taper-completed": 42, "gvhd-prophylaxis-last": 42, "disease-assessment": 21, "marrow": 21,
    "chimerism": 21, "organ-function": 7, "echo": 7,
}  # fmt: skip
"""Days from a known date to planned day 0; with it every rule that has a date in it is met."""


class Ward:
    """A ledger with one patient: lymphodepletion from Wed 10-Jun, day 0 Mon 15-Jun-2026 10:00, every rule met."""

    def __init__(
        self, store, planned="2026-06-15T10:00:00", dates=None, parameters=None, times=None, attestations=None,
        zone="America/New_York", more="", as_of="2026-05-26 08:00", protocol=PROTOCOL, code=CODE,
    ):  # fmt: skip
        self.store, self.code, self.clock, self.laid = store, code, 0, (None, None)
        self.parameters, self.times, self.zone, self.more = parameters or PARAMETERS, times or {}, zone, more
        zero = date.fromisoformat(planned[:10])
        known = {name: (zero - timedelta(days=days)).isoformat() for name, days in BEFORE.items()}
        known |= {name: '"never"' for name in NEVER} | (dates or {})
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
        protocol = protocol_of(self.protocol_text, "protocol")
        site = read_site(self.site_text, "site", protocol)
        texts = {sha256(text): text for text in (self.protocol_text, self.site_text, self.case_text)}
        return Inputs(protocol=protocol, site=site, case=read_case(self.case_text, "case", protocol, site)), texts

    def meta(self, as_of, by="PI", reason="", based_on=None):
        self.clock += 1
        typed = read_time(as_of)
        when = typed.wall if typed.offset is None else typed.at(ZoneInfo(self.zone)).wall
        at = START + timedelta(seconds=self.clock)
        return Meta(by=by, at=at, as_of=when, site_time=when, reason=reason, based_on=based_on)

    @property
    def plan(self):
        if self.laid[0] != (head := self.store.head(self.code)):
            self.laid = head, plan_of(self.store, newest(self.store, self.code))
        return self.laid[1]

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

    def record(self, event, outcome, at, as_of=None, *, end=None, confirmed=True):
        """A record; one that looks wrong is confirmed, unless a test says otherwise."""
        found = moment(self.plan, at, "--at")
        ended = moment(self.plan, end, "--end") if end else None
        deed = record_of(event, outcome, found, "", end=ended, confirmed=confirmed)
        return self.do(deed, as_of or end or at)

    def take_back(self, event, as_of):
        return self.do(open_of(event), as_of)

    def book(self, event, at, as_of, **more):
        return self.do(Book(event=event, at=moment(self.plan, at, "WHEN")), as_of, **more)

    def fact(self, name, *dates, as_of, instead=False):
        return self.do(Fact(name=name, dates=tuple(map(date.fromisoformat, dates)), instead=instead), as_of)

    def hour(self, when, as_of):
        return self.do(PlannedHour(moment=moment(self.plan, when, "planned-day-zero").at), as_of)

    def attest(self, name, on, as_of):
        return self.do(Attest(name=name, attested=Attested(on=date.fromisoformat(on), by="PI")), as_of)

    def rule(self, rule, outcome, for_, as_of):
        on = read_time(as_of).wall.date()
        ruling = Ruling(rule=rule, outcome=outcome, by="PI", on=on, reason="r", day_zero=date.fromisoformat(for_))
        return self.do(GiveRuling(ruling=ruling), as_of)

    def amendment(self, protocol=None, site=None):
        """The deed that takes another protocol, another site file or both, and the texts it brings."""
        texts = {sha256(text): text for text in (protocol, site) if text}
        deed = Amend(
            protocol=sha256(protocol) if protocol else self.plan.protocol.sha256,
            site=sha256(site) if site else self.plan.site.sha256,
        )
        return deed, texts

    def amend(self, as_of, *, protocol=None, site=None, dry_run=False):
        deed, texts = self.amendment(protocol, site)
        return self.do(deed, as_of, texts=texts, dry_run=dry_run)
