"""One patient of any shipped protocol in a ledger, put through what life does to a plan, with the calendar of each revision."""

from datetime import UTC, datetime, timedelta

from schedule.commands.typed import moment, read_time
from schedule.files.case_file import read_case
from schedule.files.site_file import read_site
from schedule.model.acts import Amend, Cancel, Fact, Move, Note
from schedule.model.text import sha256
from schedule.service.acts import perform, record_of
from schedule.service.create import Meta, create
from schedule.service.export import file_of
from schedule.service.inputs import SHIPPED, Inputs
from schedule.service.revisions import newest, shown_plan
from shared import ROOT
from shared.protocols import protocol_of

EXAMPLE_PROTOCOL = "nct04024761"
CODE = "CIML-017"
SITE_TEXT = (ROOT / "examples" / "site.toml").read_text(encoding="utf-8")
CASE_TEXT = (ROOT / "examples" / "ciml-017.toml").read_text(encoding="utf-8")
PROTOCOLS = tuple(path.stem for path in sorted(SHIPPED.glob("*.toml")))
FOUR_DAYS = "-6 to -3"
PARAMETERS = {
    "lymphodepletion-days": "-5 to -3", "fludarabine-days": "-5 to -3", "cyclophosphamide-days": "-5, -4",
    "fludarabine-days-all": FOUR_DAYS, "fludarabine-days-lymphoma": "-5 to -3", "cyclophosphamide-days-lymphoma": "-5 to -3",
    "donor-collection": "-1",
}  # fmt: skip
OF_ITS_OWN = {
    "kymriah-all-us": {"fludarabine-days": FOUR_DAYS},
    "kymriah-dlbcl-fl-us": {"cyclophosphamide-days": "-5 to -3"},
    "nct03349502": {"il2-days": "5 to 7, 12 to 14, 19 to 21", "lymphodepletion-cycle-2": "1 to 3"},
    "nct04290546": {"fludarabine-days": "-6 to -2", "cyclophosphamide-days": "-6, -5"},
}
"""What a site gives where the text of a protocol asks for other days than most do."""


class CalendarWard:
    """A ledger with one patient: day 0 on Mon 15-Jun-2026 at 10:00 in New York, planned on 26-May.

    The shipped example where no other protocol is named; `site` is a key or a table more in its site file.
    """

    def __init__(self, store, protocol=EXAMPLE_PROTOCOL, *, site="", code=CODE, zone="America/New_York"):
        self.store, self.code, self.second = store, code, 0
        self.protocol_text = (SHIPPED / f"{protocol}.toml").read_text(encoding="utf-8")
        read = protocol_of(self.protocol_text, "protocol")
        if protocol == EXAMPLE_PROTOCOL:
            top, tables = (site, "") if not site.startswith("[") else ("", site)
            self.site_text = SITE_TEXT.replace('name = "Example site"', f'name = "Example site"\n{top}') + tables + "\n"
            self.site_text = self.site_text.replace("America/New_York", zone)
            case_text = CASE_TEXT.replace(CODE, code)
        else:
            given = {**PARAMETERS, **OF_ITS_OWN.get(protocol, {})}
            lines = [f'{name} = "{given[name]}"' for name in read.parameters]
            times = [f'{name} = "09:00"' for name, one in read.activities.items() if one.verify and name != read.day_zero]
            self.site_text = "\n".join(["format = 1", f'zone = "{zone}"', site, "[parameters]", *lines, "[times]", *times])
            choices = "".join(f'{name} = "{next(iter(one.options))}"\n' for name, one in read.choices.items())
            case_text = (
                f'format = 1\ncode = "{code}"\nprotocol = "{read.id}"\nplanned-day-zero = 2026-06-15T10:00:00\n[choices]\n{choices}'
            )
        site_read = read_site(self.site_text, "site", read)
        inputs = Inputs(protocol=read, site=site_read, case=read_case(case_text, "case", read, site_read))
        texts = {sha256(text): text for text in (self.protocol_text, self.site_text, case_text)}
        create(store, inputs, texts, self.meta("2026-05-26 08:00"))

    def meta(self, as_of):
        self.second += 1
        at = datetime(2026, 5, 26, 12, 0, tzinfo=UTC) + timedelta(seconds=self.second)
        when = read_time(as_of).wall
        return Meta(by="nurse", at=at, as_of=when, site_time=when, reason="x")

    @property
    def row(self):
        return newest(self.store, self.code)

    @property
    def plan(self):
        return shown_plan(self.store, self.row)

    def file(self, name):
        """The bytes of a file of the newest revision, None where it has none."""
        return file_of(self.store, self.row, name)

    def do(self, deed, as_of, texts=None):
        perform(self.store, self.code, deed, self.meta(as_of), texts=texts)

    def record(self, event, outcome, at, as_of=None, *, end=None):
        found, ended = moment(self.plan, at, "--at"), moment(self.plan, end, "--end") if end else None
        self.do(record_of(event, outcome, found, "", end=ended, confirmed=True), as_of or end or at)

    def slip(self, to, as_of, cause="illness"):
        self.do(Move(to=moment(self.plan, to, "--to"), cause=cause), as_of)

    def fact(self, name, on, as_of):
        self.do(Fact(name=name, dates=(read_time(on).wall.date(),), instead=False), as_of)

    def amend(self, site_text, as_of):
        deed = Amend(protocol=sha256(self.protocol_text), site=sha256(site_text))
        self.do(deed, as_of, texts={sha256(site_text): site_text})

    def note(self, as_of):
        self.do(Note(text="pharmacy told"), as_of)

    def cancel(self, as_of):
        self.do(Cancel(), as_of)


def life(ward):
    """What happens to a patient, act by act; each name is given once the act is done.

    Of the treatments before day 0 the first is given late, the second held; then day 0 slips by 48 hours, the site gives
    another alarm, and the plan is cancelled.
    """
    yield "plan"
    first, second = treatments_before(ward.plan)[:2]
    late = first.start + timedelta(hours=4, minutes=40) if first.start else datetime.combine(first.on, datetime.min.time())
    ward.record(first.id, "given", f"{late:%Y-%m-%d %H:%M}" if first.start else f"{late:%Y-%m-%d}", f"{late.date()} 23:00")
    yield "given late"
    held = f"{second.start:%Y-%m-%d %H:%M}" if second.start else f"{second.on}"
    ward.record(second.id, "held", held, f"{max(second.on, late.date())} 23:30")
    yield "held"
    ward.slip("2026-06-17 10:00", f"{max(second.on, late.date())} 23:40")
    yield "slip"
    ward.amend(ward.site_text.replace("format = 1", 'format = 1\nalarm = "30 minutes before"'), f"{max(second.on, late.date())} 23:50")
    yield "amend"
    ward.cancel(f"{max(second.on, late.date())} 23:55")
    yield "cancel"


def treatments_before(plan):
    """The treatments of the patient's before day 0, in their order."""
    zero = plan.day_zero
    found = [event for event in plan.events if event.category == "treatment" and not event.task and not event.donor]
    return sorted((event for event in found if event.on < zero), key=lambda event: (event.on, event.moment, event.id))
