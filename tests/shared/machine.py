"""Random acts on a patient, one after the other, and what must hold after each."""

import tempfile
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from schedule.engine.move import if_moved
from schedule.ledger.codec import to_plain
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Attest, Book, Cancel, Fact, GiveRuling, Move, Note, PlannedHour, RecordEvent, ReDate
from schedule.model.case import Attested, Ruling
from schedule.model.errors import InputError, Refused
from schedule.model.moment import Moment
from schedule.model.plan import Record
from schedule.model.projection import projection_of
from schedule.pages.calendar import title_of as entry_title
from schedule.pages.change import notice
from schedule.service.acts import perform
from schedule.service.export import export
from schedule.service.revisions import calendar_entries, newest, shown_plan, stored_plan
from schedule.service.verify import verify
from schedule.words.alerts import banner
from schedule.words.statuses import status_in_words
from shared.alike import check_alike
from shared.ward import IL2, PARAMETERS, PROTOCOL, Ward
from shared.ward_rules import (
    LYMPHODEPLETION,
    begun,
    due_at,
    is_said_anew,
    last_moment,
    live,
    must_stay,
    place,
)

TASKS = '[[tasks]]\nid = "weight"\ntitle = "weigh the patient"\ndays = "-5 to +2"\nat = "06:00"\n'
SHORTER = PROTOCOL.replace('days = "-5, -4"', 'days = "-5"')


class WardMachine(RuleBasedStateMachine):
    """One patient, from a first plan to whatever comes."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = SqliteStore(Path(self.folder.name) / "ledger.sqlite")
        self.store.__enter__()
        self.ward = None
        self.sent = {}
        self.summaries = []
        self.numbers = {}

    def teardown(self):
        if self.ward is not None:
            self.compare_ledger()
        self.store.__exit__()
        self.folder.cleanup()

    def compare_ledger(self):
        rows = self.store.history(self.ward.code)
        assert [row.content for row in rows] == self.summaries, "what was kept is no longer what it was"
        for name in ("one", "two"):
            out = Path(self.folder.name) / name
            for row in rows[-2:]:
                export(self.store, row, out)
        one, two = (
            {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
            for root in (Path(self.folder.name) / name for name in ("one", "two"))
        )
        assert one == two
        assert verify(self.store, out).faults == []

    # the clock and the patient ---------------------------------------------------------------------------------------

    @initialize(
        planned=st.sampled_from(
            ["2026-06-15T10:00:00", "2026-06-15", "2026-10-31T10:00:00", "2026-03-07T10:00:00", "2026-06-15T00:00:00"]
        ),
        times=st.sampled_from([{}, {"fludarabine": "09:00", "il2": "20:00"}, {"il2": "06:00"}]),
        il2=st.sampled_from([IL2, "+1 to +7", "every 12 hours x 7 from 6 h after nk-infusion", None]),
        tasks=st.booleans(),
        days_before=st.sampled_from([20, 6, 5, 5, 4, 3]),
    )
    def make_patient(self, planned, times, il2, tasks, days_before):
        zero = datetime.fromisoformat(planned)
        self.now = datetime.combine(zero.date(), time(8)) - timedelta(days=days_before)
        self.ward = Ward(
            self.store, planned=planned, times=times, parameters={**PARAMETERS, "il2-days": il2},
            more=TASKS if tasks else "", as_of=f"{self.now:%Y-%m-%d %H:%M}",
        )  # fmt: skip
        self.saved(self.ward.made.after, self.ward.made.row)

    def as_of(self, data):
        """Mostly the clock, which goes on; sometimes earlier: an act entered late."""
        self.now += timedelta(hours=data.draw(st.sampled_from([0, 0, 1, 5, 9, 14, 24, 60]), label="hours later"))
        back = data.draw(st.sampled_from([0, 0, 0, 0, 0, 0, 3, 30]), label="entered late by")
        return self.now - timedelta(hours=back)

    def head(self):
        row = newest(self.store, self.ward.code)
        ((kept,),) = self.store.connection.execute("SELECT count(*) FROM acts")
        return row.hash, kept, self.store.connection.total_changes

    def act(self, deed, as_of, texts=None):
        """Do it, and hold what comes of it against everything that must be so."""
        before, head = self.ward.plan, self.head()
        meta = self.ward.meta(f"{as_of:%Y-%m-%d %H:%M}", reason="why")
        tried = None
        try:
            tried = perform(self.store, self.ward.code, deed, meta, dry_run=True, texts=texts)
            assert self.head() == head, "a dry run saved something"
            done = perform(self.store, self.ward.code, deed, meta, texts=texts)
        except (InputError, Refused):
            assert tried is None, "the dry run promised what the act refused"
            assert self.head() == head, "a refused act saved something"
            return None
        assert (tried.verdict, projection_of(tried.after)) == (done.verdict, projection_of(done.after))
        if not done.saved:
            assert done.verdict is None or done.verdict.refusals or done.verdict.unchanged
            assert self.head() == head, "a refused act saved something"
            return done
        self.saved(done.after, done.row)
        self.check(before, done, deed, as_of)
        return done

    # what must be so -------------------------------------------------------------------------------------------------

    def check(self, before, done, deed, as_of):
        after = done.after
        events, now = live(before), live(after)
        for event_id, record in before.standing.records.items():
            if record.outcome != "held" and after.standing.records.get(event_id) == record:
                assert now[event_id].actual.is_same(events[event_id].actual), f"{event_id} was given, and moved"
                assert now[event_id].when.is_same(now[event_id].actual)
        if isinstance(deed, Move):
            for event_id in must_stay(before, as_of):
                assert place(now[event_id]) == place(events[event_id]), f"{event_id} is fixed, and moved"
            first = [event for event in events.values() if event.activity in LYMPHODEPLETION]
            kind = "slip" if begun(first, before.standing.records, as_of) else "re-plan"
            assert done.verdict.kind == kind
        if not isinstance(deed, Move | PlannedHour | RecordEvent):
            assert after.standing.planned.is_same(before.standing.planned)
        if isinstance(deed, Move) and done.verdict.kind == "slip":
            assert after.standing.planned.is_same(before.standing.planned), "planned day 0 changed on a slip"
            self.check_limit(after)
        assert self.numbers.items() <= after.history.numbers.items(), "a number means something else"
        self.numbers = dict(after.history.numbers)
        self.check_il2(after)
        self.check_notice(before, done, deed, as_of)

    def check_limit(self, plan):
        planned, zero = plan.standing.planned, plan.standing.day_zero
        assert planned.on <= zero.on
        if planned.at and zero.at:
            assert zero.instant <= last_moment(planned.at)
        else:
            assert (zero.on - planned.on).days <= 1

    def check_il2(self, plan):
        """IL-2 never stands before the cells without a finding, and only where somebody has put it there by hand."""
        zero, found = plan.standing.day_zero, {str(one.point) for one in plan.findings if one.status != "met"}
        for event in live(plan).values():
            if event.activity == "il2" and event.status != "held" and event.id not in found:
                assert event.on >= zero.on, f"{event.id} lies before the cells"
                if event.start and zero.instant:
                    assert event.start.astimezone(UTC) >= zero.instant, f"{event.id} lies before the cells"

    def check_notice(self, before, done, deed, as_of):
        after = done.after
        told = notice(
            before, after, deed, done.verdict, saved=True, as_of=as_of
        )
        was = Counter((f.ref, f.point, f.status) for f in before.findings)
        for finding in after.findings:
            anew = finding.rule in after.protocol.rules and not was[finding.ref, finding.point, finding.status]
            if finding.status in ("violated", "boundary") and anew:
                now_said = status_in_words(finding.status)
                assert any(ref == finding.ref and now == now_said for ref, _, _, now in told.findings), finding
            if finding.status == "violated":
                assert finding.ref in (told.banner or ""), f"{finding.ref} is violated, and the banner is silent"
        events, now = live(before), live(after)
        said = {event_id for event_id in events if event_id in now and is_said_anew(events[event_id], now[event_id])}
        moved = {event_id for event_id in events if event_id in now and place(events[event_id]) != place(now[event_id])}
        undated = {one.id for one in after.undated}
        assert len(told.moves) == len(moved - said)
        assert len(told.vanished) == len(events.keys() - now.keys() - undated)
        assert len(told.added) == len(now.keys() - events.keys())

    def saved(self, plan, row):
        """A new revision: all outputs say the same, and no calendar entry goes back or is lost."""
        self.summaries.append(row.content)
        shown, gave = shown_plan(self.store, row), to_plain(projection_of(plan))
        assert to_plain(projection_of(stored_plan(self.store, row))) == gave == to_plain(row.projection)
        entries = calendar_entries(self.store, row)
        current = check_alike(shown, entries, row.act.at)
        assert all(entry_title(entry).startswith("CANCELLED: ") == entry.cancelled for entry in entries)
        assert self.sent.keys() <= current.keys(), "an entry that was sent out is gone"
        for uid, (values, block) in current.items():
            if uid not in self.sent:
                continue
            old, old_block = self.sent[uid]
            number, last = int(values[b"SEQUENCE"]), int(old[b"SEQUENCE"])
            assert number >= last
            keys = [key for key in {*values, *old} if key[:7] in (b"DTSTART", b"DTEND", b"DTEND;V")]
            differ = any(values.get(key) != old.get(key) for key in (*keys, b"SUMMARY", b"STATUS"))
            assert number > last if differ else number > last or block == old_block
        self.sent = current

    # acts ------------------------------------------------------------------------------------------------------------

    @rule(data=st.data())
    def note(self, data):
        done = self.act(Note(text="told at 14:20"), self.as_of(data))
        assert done is not None and done.saved
        assert [(e.id, place(e)) for e in done.before.events] == [(e.id, place(e)) for e in done.after.events]

    @rule(
        data=st.data(), outcome=st.sampled_from(["given", "given", "held", "done"]), timed=st.booleans(),
        confirmed=st.sampled_from([True, True, False]),
    )  # fmt: skip
    def record(self, data, outcome, timed, confirmed):
        as_of = self.as_of(data)
        events = live(self.ward.plan)
        near = [event for event in events.values() if due_at(event) <= as_of + timedelta(days=1)]
        if near:
            event = data.draw(st.sampled_from(near), label="event")
            at = min(as_of, due_at(event) + timedelta(hours=data.draw(st.sampled_from([0, 1, -2, 30]))))
            self.act(self.recorded(event.id, outcome, at, timed, confirmed), as_of)

    def recorded(self, event_id, outcome, at, timed=True, confirmed=True):
        wall = at if timed else datetime.combine(at.date(), time.min)
        moment = at.replace(tzinfo=self.ward.plan.site.zone) if timed else None
        record = Record(outcome=outcome, at=wall, timed=timed, reason="", moment=moment)
        return RecordEvent(event=event_id, record=record, confirmed=confirmed)

    @rule(data=st.data())
    def take_back(self, data):
        recorded = sorted(self.ward.plan.standing.records)
        if recorded:
            event_id = data.draw(st.sampled_from(recorded), label="event")
            done = self.act(RecordEvent(event=event_id, record=None), self.as_of(data))
            assert done is None or event_id not in done.after.standing.records

    @rule(data=st.data(), days=st.integers(-3, 3), hour=st.sampled_from([8, 12, 20]))
    def book(self, data, days, hour):
        as_of = self.as_of(data)
        ahead = [event for event in live(self.ward.plan).values() if due_at(event) > as_of and not event.actual]
        if not ahead:
            return
        event = data.draw(st.sampled_from(ahead), label="event")
        on = event.on + timedelta(days=days if event.earliest else 0)
        at = datetime.combine(on, time(hour), self.ward.plan.site.zone) if event.start or not event.earliest else None
        done = self.act(Book(event=event.id, at=Moment(on=on, at=at)), as_of)
        if done is None:
            return
        booked = [one for one in done.after.events if one.activity == event.activity and one.when.is_same(Moment(on=on, at=at))]
        assert booked, "what was booked does not stand there"

    @rule(data=st.data(), course=st.sampled_from(["lymphodepletion", "il2"]), days=st.sampled_from([None, None, 1, 3]))
    def re_date(self, data, course, days):
        as_of = self.as_of(data)
        following = None
        if days is not None:
            following = Moment(on=as_of.date() + timedelta(days=days))
        done = self.act(ReDate(course=course, by="PI", next=following), as_of)
        if done is not None:
            was, now = live(done.before), live(done.after)
            for event in was.values():
                if event.status in ("given", "done", "held", "unconfirmed"):
                    assert place(now[event.id]) == place(event), f"{event.id} is past or recorded, and moved"

    @precondition(lambda self: self.ward is not None and not self.ward.plan.standing.infused)
    @rule(data=st.data())
    def give_cells(self, data):
        as_of = self.as_of(data)
        if abs((as_of.date() - self.ward.plan.day_zero).days) <= 3:
            self.act(self.recorded("nk-infusion-1", "given", as_of), as_of)

    @rule(
        data=st.data(),
        name=st.sampled_from(["organ-function", "echo", "marrow", "chimerism", "count-control-last"]),
        before=st.integers(-2, 12), instead=st.booleans(), never=st.sampled_from([False, False, True]),
    )  # fmt: skip
    def fact(self, data, name, before, instead, never):
        as_of = self.as_of(data)
        dates = () if never else (as_of.date() - timedelta(days=before),)
        self.act(Fact(name=name, dates=dates, instead=instead), as_of)

    @rule(data=st.data(), hour=st.sampled_from([8, 10, 16]))
    def planned_hour(self, data, hour):
        planned = self.ward.plan.standing.planned
        moment = datetime.combine(planned.on, time(hour), self.ward.plan.site.zone)
        self.act(PlannedHour(moment=moment), self.as_of(data))

    @rule(data=st.data(), name=st.sampled_from(["no-cardiac-change", "no-active-gvhd-or-illness"]))
    def attest(self, data, name):
        as_of = self.as_of(data)
        self.act(Attest(name=name, attested=Attested(on=as_of.date(), by="PI")), as_of)

    @rule(
        data=st.data(), rule_id=st.sampled_from(["T13", "T14", "T35", "T36", "T19"]),
        outcome=st.sampled_from(["allowed", "allowed", "not-allowed"]), later=st.integers(0, 2),
    )  # fmt: skip
    def ruling(self, data, rule_id, outcome, later):
        as_of = self.as_of(data)
        zero = self.ward.plan.day_zero + timedelta(days=later)
        ruling = Ruling(rule=rule_id, outcome=outcome, by="PI", on=as_of.date(), reason="r", day_zero=zero)
        done = self.act(GiveRuling(ruling=ruling), as_of)
        if done is not None:
            was = {(f.ref, f.point): f.status for f in done.before.findings if f.rule != rule_id}
            now = {(f.ref, f.point): f.status for f in done.after.findings if f.rule != rule_id}
            if done.before.as_of == done.after.as_of:
                assert was == now, "a ruling on one rule changed another"

    def target(self, data, days, hour):
        on = self.ward.plan.standing.planned.on + timedelta(days=days)
        if hour is None:
            return Moment(on=on)
        return Moment(on=on, at=datetime.combine(on, time(hour), self.ward.plan.site.zone))

    @rule(
        data=st.data(), days=st.sampled_from([0, 1, 1, 2, 2, 3, -1]), hour=st.sampled_from([10, 10, 9, 11, None]),
        cause=st.sampled_from(["illness", "product", "other"]),
    )  # fmt: skip
    def slip(self, data, days, hour, cause):
        deed = Move(to=self.target(data, days, hour), cause=cause)
        as_of = self.as_of(data)
        done = self.act(deed, as_of)
        if done is not None and done.saved:
            again = self.act(deed, as_of)
            assert again.verdict.unchanged and not again.saved, "the same slip twice made two revisions"

    @precondition(lambda self: self.ward is not None and not self.ward.plan.standing.infused)
    @rule(data=st.data(), days=st.integers(0, 2), cause=st.sampled_from(["illness", "donor"]))
    def slip_within_the_limit(self, data, days, cause):
        planned, as_of = self.ward.plan.standing.planned, self.as_of(data)
        hour = None if planned.at is None else planned.at.hour
        done = self.act(Move(to=self.target(data, days, hour), cause=cause), as_of)
        if done is not None and done.verdict.kind == "slip" and not done.saved and not done.verdict.unchanged:
            assert done.verdict.refusals

    @rule(data=st.data())
    def slip_back(self, data):
        self.act(Move(to=self.ward.plan.standing.planned, cause="other"), self.as_of(data))

    @rule(data=st.data(), days=st.sampled_from([7, 14, 3, -3, -7]), hour=st.sampled_from([10, None]))
    def re_plan(self, data, days, hour):
        done = self.act(Move(to=self.target(data, days, hour), cause="logistics"), self.as_of(data))
        if done is not None and done.saved:
            assert done.verdict.kind == "re-plan"

    @rule(data=st.data(), one=st.integers(0, 2), two=st.integers(0, 2), hour=st.sampled_from([10, 9]))
    def slip_by_two_ways(self, data, one, two, hour):
        """Slip to one day and on to another is the slip to the other at once, for what is open."""
        as_of, plan = self.as_of(data), self.ward.plan
        if plan.standing.cancelled or plan.standing.infused:
            return
        first, second = (
            Move(to=self.target(data, days, hour + shift), cause="other") for days, shift in ((one, 0), (two, -1))
        )
        try:
            half, one_way = if_moved(plan, first, as_of, plan.revision + 1)
            whole, two_ways = if_moved(half, second, as_of, plan.revision + 2)
            at_once, direct_way = if_moved(plan, second, as_of, plan.revision + 1)
        except Refused:
            return  # as-of lies before an earlier move, or an hour is missing
        if one_way.refusals or two_ways.refusals or direct_way.refusals:
            return
        halfway = live(half)
        passed = {event_id for event_id, event in halfway.items() if due_at(event) <= as_of} - {"nk-infusion-1"}
        by_two, direct = (
            {event.id: place(event) for event in live(p).values() if event.id not in passed} for p in (whole, at_once)
        )
        assert by_two == direct

    @rule(
        data=st.data(), il2=st.sampled_from([IL2, "+1 to +7", "keep"]), marrow=st.sampled_from(["+28 ±3", None, "+30"]),
        follow_up=st.sampled_from([None, "+42, +60"]), shorter=st.booleans(),
    )  # fmt: skip
    def amend(self, data, il2, marrow, follow_up, shorter):
        changed = {"response_marrow": marrow, "follow_up": follow_up}
        if il2 != "keep":
            changed["il2_days"] = il2
        texts = (SHORTER if shorter else PROTOCOL, self.ward.site(**changed))
        as_of = self.as_of(data)
        deed = self.ward.amendment(*texts)
        self.act(deed[0], as_of, deed[1])

    @precondition(lambda self: self.ward is not None and len(self.summaries) > 8)
    @rule(data=st.data(), sure=st.sampled_from([False, False, False, True]))
    def cancel(self, data, sure):
        if sure:
            done = self.act(Cancel(), self.as_of(data))
            if done is not None:
                assert "CANCELLED" in banner(done.after)
                assert all(event.status != "planned" for event in done.after.events)
