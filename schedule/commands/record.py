"""record: what happened to one event, or to a whole day at once."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

import click

from schedule.commands.acting import Acting
from schedule.commands.options import act_options
from schedule.commands.typed import When, date_alone, moment
from schedule.model.acts import OUTCOMES, Deed, RecordDay, RecordEvent, confirmed_in
from schedule.model.errors import InputError, Mistake, Where
from schedule.model.moment import Moment
from schedule.model.notation import read_typed_clock
from schedule.model.plan import Event, Outcome, Plan
from schedule.model.typed import TypedTime
from schedule.model.typed_hours import dates_meant
from schedule.service.acts import open_of, record_of
from schedule.service.create import Meta
from schedule.service.day import as_planned
from schedule.words.day import which_date

HAPPENED = click.option(
    "--given",
    "--done",
    "happened",
    multiple=True,
    metavar="EVENT[=HOUR]",
    help="With --day: it was given, or done; at 0910, or '2026-06-13 00:15'.",
)
NOTHING_DUE = (
    "Nothing of that day is due and not recorded; what has no hour is due once the day is over, unless it is named "
    "with --given or --done. Nothing was saved."
)
HELD = click.option("--held", multiple=True, metavar="EVENT=WHY", help="With --day: it was held, or not done, and why.")


@click.command()
@click.argument("code")
@click.argument("event", required=False)
@click.argument("outcome", type=click.Choice([*OUTCOMES, "open"]), required=False)
@click.option("--at", "when", metavar="WHEN", help="When it was: 2026-06-10 or '2026-06-10 09:10'.")
@click.option("--end", "--to", "end", metavar="WHEN", help="When it ended.")
@click.option("--partly", is_flag=True, help="Not all of it was given.")
@click.option("--day", type=When(), metavar="DATE", help="Record a whole day at once, instead of one event.")
@click.option("--as-planned", "planned", is_flag=True, help="With --day: all that was due by now, at its planned hour.")
@HAPPENED
@HELD
@click.option("--confirm", metavar="CODE", help="The patient's code: the record looks wrong, and is right.")
@act_options
def record(
    code: str,
    event: str | None,
    outcome: Outcome | Literal["open"] | None,
    day: TypedTime | None,
    confirm: str | None,
    **options: Any,
) -> None:
    """Record that an event was given, done or held; “open” takes a record back that was an error. The recorded start of
    the infusion becomes day 0.

    \b
    dayzero record CIML-017 fludarabine-1 given --at '2026-06-10 09:10' --end '2026-06-10 09:40'
    dayzero record CIML-017 il2-3 held --at 2026-06-20 --reason "creatinine"
    dayzero record CIML-017 il2-3 open --reason "another patient's"

    With --day a whole day is recorded, as one revision: what is named, and with --as-planned all else of that day that
    was due by now and is not recorded, never the infusion. All of it is saved, or nothing. Try it with --dry-run first.

    \b
    dayzero record CIML-017 --day 2026-06-10 --as-planned --dry-run
    dayzero record CIML-017 --day 2026-06-10 --given fludarabine-1=0910 --held "cyclophosphamide-1=fever" --as-planned
    """
    if confirm not in (None, code):
        raise click.UsageError(f"{confirm!r} is not {code}. Nothing was saved.")
    one, many = _apart(options, "when", "end", "partly"), _apart(options, "planned", "happened", "held")
    if day is None:
        if any(many.values()):
            raise click.UsageError("--as-planned, --given, --done and --held go with --day DATE.")
        Acting(code, options).run(_One(event, outcome, sure=confirm is not None, **one).deed)
        return
    if event or outcome or any(one.values()):
        raise click.UsageError("A day is recorded by --given, --done, --held and --as-planned alone.")
    Acting(code, options).run(_Day(date_alone(day, "--day"), sure=confirm is not None, **many).deed)


def _apart(options: dict[str, Any], *names: str) -> dict[str, Any]:
    """Those of the options, taken out."""
    return {name: options.pop(name) for name in names}


class _One:
    """One event as it was typed. A usage error for what does not go together."""

    def __init__(
        self, event: str | None, outcome: Outcome | Literal["open"] | None, *,
        when: str | None, end: str | None, partly: bool, sure: bool,
    ) -> None:  # fmt: skip
        if event is None or outcome is None:
            raise click.UsageError(
                "Name the event and what happened: given, done, held, open. Or a whole day: --day DATE."
            )
        if outcome == "open" and (when or end or partly):
            raise click.UsageError("What is taken back has no time: leave out --at, --end and --partly.")
        if outcome != "open" and not when:
            raise click.UsageError("Say when it was: --at WHEN.")
        if outcome == "held" and end:
            raise click.UsageError("What was held has no end: leave out --end.")
        if partly and outcome != "given":
            raise click.UsageError("--partly goes with given.")
        self.event, self.outcome = event.lower(), outcome
        self.when, self.end, self.partly, self.sure = when, end, partly, sure

    def deed(self, plan: Plan, meta: Meta) -> Deed:
        """Its record, or that what was recorded is taken back."""
        if self.outcome == "open" or self.when is None:
            return open_of(self.event)
        at, end = moment(plan, self.when, "--at"), moment(plan, self.end, "--end") if self.end else None
        return record_of(self.event, self.outcome, at, meta.reason, end=end, partly=self.partly, confirmed=self.sure)


class _Day:
    """A day as it was typed: its date, what happened at which hour, what was held and why."""

    def __init__(
        self, on: date, happened: tuple[str, ...], held: tuple[str, ...], *, planned: bool, sure: bool
    ) -> None:
        self.on, self.planned, self.sure = on, planned, sure
        self.happened, self.held = [_named(text) for text in happened], [_named(text) for text in held]
        names = [name for name, _ in (*self.happened, *self.held)]
        if len(names) > len(set(names)):
            raise click.UsageError("An event is named twice.")
        if not names and not planned:
            raise click.UsageError("Say what is recorded: --given, --done, --held, or --as-planned.")

    def deed(self, plan: Plan, meta: Meta) -> Deed:
        """The records that are named, and with `--as-planned` what else was due."""
        typed = tuple(self._typed(plan, meta))
        rest = as_planned(plan, self.on, typed, (), meta.as_of) if self.planned else ()
        if not (typed or rest):
            raise click.UsageError(NOTHING_DUE)
        made = RecordDay(on=self.on, records=(*typed, *rest))
        return confirmed_in(made, {one.event for one in typed}) if self.sure else made

    def _typed(self, plan: Plan, meta: Meta) -> Iterator[RecordEvent]:
        events = {event.id: event for event in plan.events}
        for name, hour in self.happened:
            event = events.get(name)
            outcome = event.happens_as if event is not None else "done"
            yield record_of(name, outcome, self._at(plan, meta, event, name, hour), "")
        for name, why in self.held:
            if not why:
                raise click.UsageError(f"Say why {name} was held: --held '{name}=…'")
            yield record_of(name, "held", Moment(on=events[name].on if name in events else self.on), why)

    def _at(self, plan: Plan, meta: Meta, event: Event | None, name: str, hour: str) -> Moment:
        """When it was: the date of the event alone; that date at an hour; or a date and an hour. InputError where an
        hour near midnight may be of another date."""
        due = event.when if event is not None else Moment(on=self.on)
        try:
            clock = read_typed_clock(hour)
        except ValueError:
            return _with_date(plan, name, hour) if hour else Moment(on=due.on)
        zone = plan.site.zone
        days = dates_meant(due, clock, meta.as_of.replace(tzinfo=zone)) if zone is not None else (due.on,)
        if days != (due.on,):
            remedy = f"write the date with it: --given '{name}={days[-1]} {clock:%H:%M}'"
            raise InputError(Mistake(place=Where(file=name), message=which_date(clock, days), remedy=remedy))
        return moment(plan, f"{due.on} {clock:%H:%M}", name)


def _with_date(plan: Plan, name: str, typed: str) -> Moment:
    """A date and an hour. InputError for what is neither that nor an hour."""
    try:
        return moment(plan, typed, name)
    except click.BadParameter as error:
        remedy = f"write an hour, such as {name}=0910, or '{name}=2026-06-10 09:10'"
        place = Where(file=name)
        raise InputError(Mistake(place=place, message=f"“{typed[:40]}” is no hour", remedy=remedy)) from error


def _named(text: str) -> tuple[str, str]:
    """The event, and what stands behind its `=`."""
    name, _, rest = text.partition("=")
    return name.strip().lower(), rest.strip()
