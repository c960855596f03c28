"""Acts in any order on protocols with every form: whatever people do, what is recorded stays, and all outputs say the same.

Beside the machine of the first trial (test_change_machine), whose checks of a revision's outputs it shares; what is asked here
holds for every protocol.
"""

import tempfile
from datetime import datetime, time, timedelta
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from shared.forms import CASE, SITE, TEXT
from shared.machine import WardMachine
from shared.protocols import protocol_of
from shared.ward_rules import due_at, live

from schedule.files.case_file import read_case
from schedule.files.site_file import read_site
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Book, Cancel, Choose, Fact, GiveRuling, Move, RecordEvent, ReDate
from schedule.model.case import Ruling
from schedule.model.errors import InputError, Refused
from schedule.model.moment import Moment
from schedule.model.plan import Record
from schedule.model.projection import projection_of
from schedule.model.text import sha256
from schedule.service.acts import perform
from schedule.service.create import Meta, create
from schedule.service.inputs import SHIPPED, Inputs
from schedule.service.revisions import newest, plan_of
from schedule.service.verify import verify
from schedule.words.alerts import banner

START = datetime(2026, 1, 3).astimezone()


def shipped(name):
    return (SHIPPED / f"{name}.toml").read_text(encoding="utf-8")


KINDS = {
    "FORMS": (TEXT, SITE, {"cy-day": ("early", "late"), "part": ("one", "two")}, ("randomisation", "second-infusion")),
    "NCT03349502": (
        shipped("nct03349502"),
        'format = 1\nzone = "Asia/Seoul"\n[parameters]\nil2-days = "4 to 6, 11 to 13, 18 to 20"\n', {}, ("cycle-2",),
    ),
    "tecartus": (shipped("tecartus"), 'format = 1\nzone = "Europe/Berlin"\n', {"indication": ("mcl", "all")}, ()),
}  # fmt: skip


class FormsMachine(RuleBasedStateMachine):
    """One patient of one of several protocols."""

    saved = WardMachine.saved

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = SqliteStore(Path(self.folder.name) / "ledger.sqlite")
        self.store.__enter__()
        self.sent, self.summaries, self.clock, self.kind, self.laid = {}, [], 0, None, (None, None)

    def teardown(self):
        if self.kind is not None:
            assert verify(self.store).faults == []
        self.store.__exit__()
        self.folder.cleanup()

    @property
    def plan(self):
        if self.laid[0] != (head := self.store.head("CASE-1")):
            self.laid = head, plan_of(self.store, newest(self.store, "CASE-1"))
        return self.laid[1]

    def meta(self, as_of):
        self.clock += 1
        when = as_of.replace(second=0, microsecond=0)
        return Meta(by="PI", at=START + timedelta(seconds=self.clock), as_of=when, site_time=when, reason="why")

    @initialize(data=st.data(), kind=st.sampled_from(sorted(KINDS)), days_before=st.sampled_from([20, 8, 6, 5, 4, 2]))
    def make_patient(self, data, kind, days_before):
        self.kind = kind
        text, site, choices, _ = KINDS[kind]
        self.now = datetime(2026, 6, 15, 8) - timedelta(days=days_before)
        chosen = {name: data.draw(st.sampled_from([*options, None]), label=name) for name, options in choices.items()}
        case = CASE.replace('"FORMS"', f'"{kind}"') + "[choices]\n"
        case += "".join(f'{name} = "{option}"\n' for name, option in chosen.items() if option)
        protocol = protocol_of(text, kind)
        where = read_site(site, "site", protocol)
        inputs = Inputs(protocol=protocol, site=where, case=read_case(case, "case", protocol, where))
        done = create(self.store, inputs, {sha256(one): one for one in (text, site, case)}, self.meta(self.now))
        self.saved(done.after, done.row)

    def act(self, data, deed):
        self.now += timedelta(hours=data.draw(st.sampled_from([0, 1, 9, 24, 60]), label="hours later"))
        before, head = self.plan, newest(self.store, "CASE-1").hash
        meta = self.meta(self.now)
        try:
            tried = perform(self.store, "CASE-1", deed, meta, dry_run=True)
            done = perform(self.store, "CASE-1", deed, meta)
        except (InputError, Refused):
            assert newest(self.store, "CASE-1").hash == head, "a refused act saved something"
            return None
        assert projection_of(tried.after) == projection_of(done.after)
        if not done.saved:
            assert newest(self.store, "CASE-1").hash == head
            return done
        self.saved(done.after, done.row)
        self.check(before, done.after, deed)
        return done

    def check(self, before, after, deed):
        records, was, now = before.standing.records, live(before), live(after)
        for event_id, record in records.items():
            if record.outcome != "held" and after.standing.records.get(event_id) == record:
                assert now[event_id].actual.is_same(was[event_id].actual), f"{event_id} was given, and moved"
        if not isinstance(deed, Move | RecordEvent):
            assert after.standing.planned.is_same(before.standing.planned)
        for finding in after.findings:
            if finding.status == "violated" and not after.standing.cancelled:  # of which nothing else is said
                assert finding.ref in banner(after)
        assert len({event.id for event in after.events}) == len(after.events)
        assert before.history.numbers.items() <= after.history.numbers.items(), "a number means something else"

    @rule(data=st.data(), outcome=st.sampled_from(["given", "given", "done", "held"]), timed=st.booleans())
    def record(self, data, outcome, timed):
        near = [event for event in live(self.plan).values() if due_at(event) <= self.now + timedelta(days=1)]
        if near:
            event = data.draw(st.sampled_from(near), label="event")
            at = min(self.now, due_at(event) + timedelta(hours=data.draw(st.sampled_from([0, 1, 30]))))
            wall = at if timed else datetime.combine(at.date(), time.min)
            moment = at.replace(tzinfo=self.plan.site.zone) if timed else None
            kept = Record(outcome=outcome, at=wall, timed=timed, reason="", moment=moment)
            self.act(data, RecordEvent(event=event.id, record=kept, confirmed=True))

    @rule(data=st.data())
    def take_back(self, data):
        recorded = sorted(self.plan.standing.records)
        if recorded:
            self.act(data, RecordEvent(event=data.draw(st.sampled_from(recorded), label="event"), record=None))

    @rule(data=st.data(), days=st.integers(-3, 3), hour=st.sampled_from([None, 8, 16]))
    def book(self, data, days, hour):
        ahead = [event for event in live(self.plan).values() if due_at(event) > self.now and not event.actual]
        if ahead:
            event = data.draw(st.sampled_from(ahead), label="event")
            on = event.on + timedelta(days=days)
            at = None if hour is None else datetime.combine(on, time(hour), self.plan.site.zone)
            self.act(data, Book(event=event.id, at=Moment(on=on, at=at)))

    @rule(data=st.data(), days=st.sampled_from([None, 1, 4]))
    def re_date(self, data, days):
        courses = sorted(self.plan.protocol.courses)
        if courses:
            following = None if days is None else Moment(on=self.now.date() + timedelta(days=days))
            self.act(data, ReDate(course=data.draw(st.sampled_from(courses)), by="PI", next=following))

    @precondition(lambda self: self.kind is not None and KINDS[self.kind][2])
    @rule(data=st.data())
    def choose(self, data):
        name = data.draw(st.sampled_from(sorted(KINDS[self.kind][2])))
        self.act(data, Choose(name=name, option=data.draw(st.sampled_from(KINDS[self.kind][2][name]))))

    @precondition(lambda self: self.kind is not None and KINDS[self.kind][3])
    @rule(data=st.data(), days=st.integers(-10, 60), never=st.sampled_from([False, False, True]))
    def start(self, data, days, never):
        name = data.draw(st.sampled_from(KINDS[self.kind][3]))
        dates = () if never else (self.now.date() + timedelta(days=days),)
        self.act(data, Fact(name=name, dates=dates, instead=False))

    @rule(
        data=st.data(), days=st.sampled_from([0, 1, 2, 3, 7, 13, 20, 40, -2]), hour=st.sampled_from([10, 16, None]),
        repeat=st.sampled_from([False, False, True]),
    )  # fmt: skip
    def move(self, data, days, hour, repeat):
        plan = self.plan
        on = plan.standing.planned.on + timedelta(days=days)
        at = None if hour is None else datetime.combine(on, time(hour), plan.site.zone)
        deed = Move(to=Moment(on=on, at=at), cause="other", repeat=repeat)
        done = self.act(data, deed)
        if done is not None and done.saved and done.verdict.kind == "slip":
            assert done.after.standing.planned.is_same(plan.standing.planned)
            assert perform(self.store, "CASE-1", deed, self.meta(self.now)).verdict.unchanged
        if done is not None and done.saved and repeat:
            given = {event_id for event_id, one in plan.standing.records.items() if one.outcome != "held"}
            assert given <= {event.id for event in done.after.events}

    @rule(data=st.data(), days=st.integers(0, 20))
    def ruling(self, data, days):
        plan = self.plan
        asked = [rule.id for rule in plan.protocol.rules.values() if rule.bounds]
        day_zero = plan.standing.planned.on + timedelta(days=days)
        one = Ruling(rule=data.draw(st.sampled_from(asked)), outcome="allowed", by="PI", on=self.now.date(), reason="r", day_zero=day_zero)
        self.act(data, GiveRuling(ruling=one))

    @precondition(lambda self: len(self.summaries) > 8)
    @rule(data=st.data(), sure=st.sampled_from([False, False, False, True]))
    def cancel(self, data, sure):
        if sure:
            self.act(data, Cancel())


TestForms = FormsMachine.TestCase
TestForms.settings = settings(max_examples=settings().max_examples // 4, stateful_step_count=12, phases=[Phase.generate])
