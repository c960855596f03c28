"""One patient played through the engine, act by act, without a ledger; what comes out is said as plain data.

An act is what a person types, as tests/oracle/README.md says it, and so is the outcome: two players of the same acts can
be held against each other, value by value.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import click

from schedule.commands.typed import moment
from schedule.engine.feasible import day_status
from schedule.engine.history import apply
from schedule.engine.move import if_moved
from schedule.engine.plan import lay_out
from schedule.files.case_file import read_case
from schedule.model.acts import (
    Amend,
    Attest,
    Book,
    Cancel,
    Choose,
    Fact,
    Move,
    Note,
    PlannedHour,
    RecordDay,
    RecordEvent,
    ReDate,
)  # fmt: skip
from schedule.model.case import Attested
from schedule.model.errors import InputError, Refused
from schedule.model.plan import Record, standing_of
from schedule.service.acts import ruling_of
from schedule.service.inputs import protocol_of, site_of

REFUSED = (InputError, Refused, click.BadParameter)
NO_TIMES = dict.fromkeys(("planned", "booked", "actual", "end", "when", "earliest", "latest"))


@dataclass
class Typed:
    """What the readers of typed times ask of a plan: the site in whose zone a time is typed."""

    site: object


def if_day_zero(plan, to, as_of, cause="other", cycle=None):
    """What would be if day 0 of a cycle were there."""
    return if_moved(plan, Move(to=to, cause=cause, cycle=cycle), as_of, plan.revision + 1)


class Player:
    """A patient of whom the three files are known, and the plan as it stands; None before the first."""

    def __init__(self, protocol, site, case):
        self.case, self.plan = case, None
        self.texts = protocol, site
        self.protocol, self.site = read(protocol, site)

    def act(self, act):
        """Do an act: its exit code, whether it was taken, slip or re-plan, and why not. The plan stays where it was not
        taken."""
        outcome = {"act": act["act"], "exit": 0, "saved": False, "kind": None, "why": ""}
        try:
            self._do(act, outcome)
        except REFUSED as error:
            code = 2 if isinstance(error, click.BadParameter) else error.exit_code
            said = error.refusals if isinstance(error, Refused) else error
            outcome |= {"exit": code, "why": f"{type(error).__name__} {said}"}
        return outcome

    def _do(self, act, outcome):
        texts = self.texts
        if act["act"] == "amend":
            texts = act.get("protocol", texts[0]), act.get("site", texts[1])
        protocol, site = read(*texts)
        as_of = self.as_of(act["as_of"], site)
        if (self.plan is None) != (act["act"] == "plan"):
            raise click.BadParameter("there is no plan yet, or one already")
        deed = None if self.plan is None else self.deed(act, as_of, protocol, site)
        after, verdict = self.made(deed, as_of, texts)
        outcome["saved"] = True
        if verdict is not None:
            outcome |= {"kind": verdict.kind, "saved": verdict.allowed, "why": str(verdict.refusals)}
            broken = verdict.kind == "re-plan" and after.violated
            outcome["exit"] = int(bool(broken or not verdict.allowed))
            if not verdict.allowed or verdict.unchanged:
                return
        elif deed is None:
            outcome["exit"] = int(bool(after.violated))
        self.plan, self.texts, self.protocol, self.site = after, texts, protocol, site

    def made(self, deed, as_of, texts):
        """The plan after a deed, the first plan without one; and the verdict on a move."""
        protocol, site = read(*texts)
        if deed is None:
            return lay_out(protocol, site, read_case(self.case, "case.toml", protocol, site), as_of), None
        if isinstance(deed, Move):
            return if_moved(self.plan, deed, as_of, self.plan.revision + 1)
        return apply(self.plan, deed, as_of, self.plan.revision + 1, protocol=protocol, site=site), None

    # What was typed ----------------------------------------------------------------------------------------------------

    def moment(self, text, site=None):
        """A typed date, or date and hour."""
        return moment(Typed(site or self.site), text, "WHEN")

    def as_of(self, text, site):
        """A typed as-of: a wall time of the site, its fold telling the two of a doubled hour apart."""
        at = self.moment(text, site).at
        return at.replace(tzinfo=None) if at else datetime.fromisoformat(text)

    def deed(self, act, as_of, protocol, site):
        """The deed that was typed."""
        match act["act"]:
            case "record":
                return self.record(act)
            case "day":
                return RecordDay(on=date.fromisoformat(act["on"]), records=tuple(map(self.record, act["records"])))
            case "move":
                return Move(to=self.moment(act["to"]), cause=act.get("cause") or "other", cycle=act.get("cycle"))
            case "book":
                return Book(event=act["event"], at=self.moment(act["at"]))
            case "fact":
                return self.fact(act["name"], act["value"])
            case "attest":
                return Attest(name=act["name"], attested=Attested(on=as_of.date(), by="PI"))
            case "choose":
                return Choose(name=act["name"], option=act["option"])
            case "amend":
                return Amend(protocol=protocol.sha256, site=site.sha256)
            case "rule":
                return self.ruling(act, as_of)
            case "re-date":
                following = self.moment(act["next"]) if act.get("next") else None
                return ReDate(course=act["course"], by="PI", cycle=act.get("cycle"), next=following)
            case "cancel":
                return Cancel()
            case "note":
                return Note(text="why")
        raise ValueError(act)

    def record(self, act):
        """A record, or one taken back."""
        if act["word"] == "open":
            return RecordEvent(event=act["event"], record=None)
        at = self.moment(act["at"])
        kept = Record(
            outcome="given" if act["word"] == "partly" else act["word"], partly=act["word"] == "partly",
            at=at.wall, timed=at.at is not None, reason="", moment=at.at, pinned=at.pinned,
            end=self.moment(act["end"]) if act.get("end") else None,
        )  # fmt: skip
        return RecordEvent(event=act["event"], record=kept, confirmed=bool(act.get("confirm")))

    def fact(self, name, value):
        """A known date, in place of what was known; or the hour of planned day 0."""
        values = [value] if isinstance(value, str) else value
        if name == "planned-day-zero":
            at = self.moment(values[0]).at
            if at is None:
                raise click.BadParameter("no hour")
            return PlannedHour(moment=at)
        found = [] if value == "never" else list(map(self.moment, values))
        return Fact(
            name=name, dates=tuple(sorted({one.on for one in found})), instead=True,
            hours=tuple(sorted(one.at for one in found if one.at)),
        )  # fmt: skip

    def ruling(self, act, as_of):
        """The principal investigator's word on a rule."""
        on = self.moment(act["for"]) if act.get("for") else None
        return ruling_of(self.plan, act["rule"], act["outcome"], by="PI", as_of=as_of, reason="why", day_zero=on)

    # What the plan shows -----------------------------------------------------------------------------------------------

    def report(self):
        """The plan as plain data; None before the first."""
        return report(self.plan) if self.plan else None

    def verdict(self, day, as_of, cause="other", cycle=None):
        """What a move of day 0 to a date would come to: whether it is allowed, its kind, and the worst that the rules
        say of it. Nothing changes."""
        to = self.at_hour_of_day_zero(day, cycle)
        after, found = if_day_zero(self.plan, to, self.as_of(as_of, self.site), cause or "other", cycle)
        status = day_status(one for one in after.findings if one.rule in after.protocol.rules)
        if status == "due" and not self.plan.feasible.missing:
            status = "met"  # of a patient of whom something is known the missing dates are assumed
        return {"allowed": found.allowed, "kind": found.kind, "status": status, "why": str(found.refusals)}

    def at_hour_of_day_zero(self, day, cycle=None):
        """That date at the hour that day 0 of a cycle now has."""
        standing = standing_of(self.plan)
        zero = standing.cycles[cycle].day_zero if cycle in standing.cycles else standing.day_zero
        return self.moment(f"{day} {zero.at:%H:%M}" if zero.at else f"{day}")


def feasible(protocol, site, case, acts, first, last, as_of, cause="other", cycle=None):
    """What each day 0 would come to after some acts; None once day 0 no longer moves."""
    player = Player(protocol, site, case)
    for act in acts or [{"act": "plan", "as_of": as_of}]:
        player.act(act)
    if player.plan.feasible is None:
        return None
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {day.isoformat(): player.verdict(day, as_of, cause, cycle) for day in days}


def read(protocol, site):
    """A protocol, and a site read for it."""
    found = protocol_of(protocol, "trial.toml")
    return found, site_of(site, "site.toml", found)


def play(protocol, site, case, acts):
    """One outcome for each act, each with the plan after it."""
    player, outcomes = Player(protocol, site, case), []
    for act in acts:
        outcome = player.act(act)
        outcomes.append({**outcome, "plan": player.report()})
    return outcomes


def report(plan):
    """A plan as plain data: day 0 of each cycle, every occurrence by its id, the findings of the file's rules."""
    standing = standing_of(plan)
    count = plan.protocol.cycles.count if plan.protocol.cycles else 1
    later = [standing.cycles.get(number) for number in range(2, count + 1)]
    held = {event_id for event_id, record in standing.records.items() if record.outcome == "held"}
    undated = {one.id: {**NO_TIMES, "status": "held" if one.id in held else "planned"} for one in plan.undated}
    return {
        "planned_day_zero": [show(standing.planned), *(show(one and one.planned) for one in later)],
        "day_zero": [show(standing.day_zero), *(show(one and one.day_zero) for one in later)],
        "occurrences": {event.id: occurrence(event) for event in plan.events} | undated,
        "findings": [finding(plan, one) for one in plan.findings],
    }


def occurrence(event):
    """Planned, booked, actual, end, the one that counts, the window, the status."""
    end = None
    if event.record is not None and event.record.end is not None and event.actual is not None:
        end = show(event.record.end)  # of a span the event has the last date alone
    elif event.last_date is not None:
        end = event.last_date.isoformat()
    elif event.end is not None and event.end != event.start:
        end = show_at(event.end)
    times = {name: show(getattr(event, name)) for name in NO_TIMES if name != "end"}
    return {**times, "end": end, "status": event.status}


def finding(plan, one):
    """Rule, point, cycle and status. `asked`: it judges a bound or a spacing of the file's rules."""
    asked = one.rule in plan.protocol.rules and one.point is not None
    return {"rule": one.ref, "point": str(one.point or ""), "cycle": one.cycle, "status": one.status, "asked": asked}


def show(moment):
    """A moment as text: 2026-06-15, or 2026-06-15 10:00, with its offset only where the hour comes twice."""
    if moment is None:
        return None
    return show_at(moment.at) if moment.at else moment.on.isoformat()


def show_at(at):
    """The same of an aware datetime."""
    doubled = at.replace(fold=0).utcoffset() > at.replace(fold=1).utcoffset()
    offset = at.strftime("%z")
    return f"{at:%Y-%m-%d %H:%M}" + (f"{offset[:3]}:{offset[3:]}" if doubled else "")
