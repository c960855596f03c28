"""Change notices that paper is tried on, each made by acts on the shipped example in a ledger of its own."""

from datetime import UTC, datetime, timedelta

from schedule.commands.typed import moment, read_time
from schedule.files.case_file import read_case
from schedule.files.site_file import read_site
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Move
from schedule.model.text import sha256
from schedule.output.outputs import change_page
from schedule.pages.change import notice, notice_values
from schedule.service.acts import perform, record_of
from schedule.service.create import Meta, create
from schedule.service.inputs import Inputs
from schedule.service.revisions import newest, plan_of
from shared.paper_plans import CASE, PROTOCOL, SITE, hundred_tasks
from shared.protocols import protocol_of

CODE = "CIML-017"
GIVEN = {
    "fludarabine-1": "2026-06-10 09:05", "cyclophosphamide-1": "2026-06-10 11:10", "fludarabine-2": "2026-06-11 09:00",
    "cyclophosphamide-2": "2026-06-11 11:00", "fludarabine-3": "2026-06-12 09:00",
}  # fmt: skip


class Example:
    """The example's ledger, with the acts of a test."""

    def __init__(self, store, site=SITE):
        self.store, self.clock = store, datetime(2026, 5, 26, 12, tzinfo=UTC)
        protocol = protocol_of(PROTOCOL, "protocol")
        where = read_site(site, "site", protocol)
        inputs = Inputs(protocol=protocol, site=where, case=read_case(CASE, "case", protocol, where))
        create(store, inputs, {sha256(text): text for text in (PROTOCOL, site, CASE)}, self.meta("2026-05-26 08:00"))

    def meta(self, as_of, by="nurse 7", reason=""):
        self.clock += timedelta(hours=1)
        when = read_time(as_of).wall
        return Meta(by=by, at=self.clock, as_of=when, site_time=when, reason=reason)

    @property
    def plan(self):
        return plan_of(self.store, newest(self.store, CODE))

    def given(self):
        """Every lymphodepletion dose recorded given."""
        for event, when in GIVEN.items():
            deed = record_of(event, "given", moment(self.plan, when, "--at"), "")
            perform(self.store, CODE, deed, self.meta(when))

    def record(self, event, outcome, when, reason=""):
        """One event recorded, as of then."""
        deed = record_of(event, outcome, moment(self.plan, when, "--at"), reason)
        perform(self.store, CODE, deed, self.meta(when))

    def move(self, to, as_of, reason, cause="illness"):
        """The notice of a move: its page, and its values for programs."""
        deed = Move(to=moment(self.plan, to, "--to"), cause=cause)
        done = perform(self.store, CODE, deed, self.meta(as_of, reason=reason))
        told = notice(
            done.before, done.after, deed, done.verdict, saved=True, as_of=done.after.as_of,
            by="nurse 7", reason=reason,
        )  # fmt: skip
        values = notice_values(done.before, done.after, done.verdict, saved=True)
        return change_page(done.after, told, done.row.act.at), values, done


def made(folder):
    """name -> (page, values, what was done): a slip of two days, a re-plan of a week, one with a hundred tasks, and a slip
    after a dose that leaves days of the site's own tasks undone."""
    with SqliteStore(folder / "slip.sqlite") as store:
        slipped = Example(store)
        slipped.given()
        found = {"slip": slipped.move("2026-06-17 10:00", "2026-06-15 07:00", "fever")}
    with SqliteStore(folder / "re-plan.sqlite") as store:
        found["re-plan"] = Example(store).move("2026-06-22 10:00", "2026-06-01 07:00", "bed not free", "logistics")
    with SqliteStore(folder / "hundred.sqlite") as store:
        found["hundred"] = Example(store, hundred_tasks()).move("2026-06-22 10:00", "2026-06-01 07:00", "bed", "logistics")
    with SqliteStore(folder / "undone.sqlite") as store:
        one = Example(store)
        for event, when in list(GIVEN.items())[:-1]:
            one.record(event, "given", when)
        found["undone"] = one.move("2026-06-16 10:00", "2026-06-11 20:15", "febrile 38.9, cultures taken")
    return found
