"""Plans -> the printed sheets that are void: of every revision, since what lies on the ward is whatever was printed and
not replaced, not what the last revision printed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from msgspec import Struct

from schedule.model.dates import add
from schedule.model.ids import check_code
from schedule.model.notation import spell, spell_span
from schedule.model.plan import Plan
from schedule.model.reasons.alerts import PlanCancelled
from schedule.pages.sheet_days import sheet_days
from schedule.words import void as words
from schedule.words.void import Fate

FATES: tuple[Fate, ...] = ("replace", "cross-through", "leave")


class OfDay(NamedTuple):
    """Whose day a sheet is of: the patient's, or the donor's."""

    on: date
    donor: bool


class PrintedRevision(Struct, frozen=True, kw_only=True):
    """What the sheets of one revision show, day by day, and the check code of each."""

    revision: int
    alerts: tuple[object, ...]
    sheets: Mapping[OfDay, tuple[object, ...]]
    checks: Mapping[OfDay, str]

    @property
    def to_print(self) -> frozenset[OfDay]:
        """The days of which a new sheet is wanted in the place of a void one: of a cancelled plan none."""
        gone = any(isinstance(alert, PlanCancelled) for alert in self.alerts)
        return frozenset() if gone else frozenset(self.sheets)


def printed_revision(plan: Plan) -> PrintedRevision:
    """What a plan's sheets show."""
    days = {OfDay(one.on, donor): one for donor in (False, True) for one in sheet_days(plan, donor=donor)}
    return PrintedRevision(
        revision=plan.revision,
        alerts=plan.alerts,
        sheets={day: one.shows for day, one in days.items()},
        checks={day: check_code(plan.schedule_id, plan.revision, day.on, donor=day.donor) for day in days},
    )


class VoidSheet(NamedTuple):
    """A printed sheet that would be printed otherwise now: the day, whose it is, of which revision, its check code."""

    on: date
    donor: bool
    revision: int
    check: str


def is_void(printed: PrintedRevision, now: PrintedRevision, day: OfDay) -> bool:
    """Whether a sheet would print otherwise now, or no longer at all."""
    return printed.alerts != now.alerts or now.sheets.get(day) != printed.sheets[day]


def fate_of(on: date, today: date) -> Fate:
    """What is to be done with a void sheet of that day."""
    return "replace" if on > today else "cross-through" if on == today else "leave"


class VoidDay(NamedTuple):
    """The void sheets of one day, by their check codes, the newest revision's first."""

    day: str
    checks: tuple[str, ...]


class VoidGroup(NamedTuple):
    """Void sheets that are dealt with alike: the heading, what is to be done in full, and which days they are of."""

    fate: Fate
    title: str
    about: str
    span: str
    days: tuple[VoidDay, ...]

    @property
    def sheets(self) -> int:
        """How many."""
        return sum(len(day.checks) for day in self.days)


class Void(Struct, frozen=True, kw_only=True):
    """Every printed sheet that is void, by day; never empty. `today` is the day of the act, in the site's zone; `anew`
    are the days of which a new sheet is wanted."""

    today: date
    sheets: tuple[VoidSheet, ...]
    anew: frozenset[OfDay]

    @property
    def groups(self) -> tuple[VoidGroup, ...]:
        """What is to be done with them: three groups at most, each with its sheets day by day."""
        found: dict[Fate, dict[OfDay, list[VoidSheet]]] = defaultdict(lambda: defaultdict(list))
        for sheet in self.sheets:
            found[fate_of(sheet.on, self.today)][OfDay(sheet.on, sheet.donor)].append(sheet)
        return tuple(_group(fate, found[fate], self.anew) for fate in FATES if found[fate])


def _group(fate: Fate, days: Mapping[OfDay, list[VoidSheet]], anew: frozenset[OfDay]) -> VoidGroup:
    dates, some_anew = [day.on for day in days], not anew.isdisjoint(days)
    title, about = words.told_of(fate, anew=some_anew)
    return VoidGroup(
        fate=fate,
        title=title,
        about=about,
        span=spell_span(min(dates), max(dates)),
        days=tuple(
            VoidDay(
                words.day_told(spell(day.on), donor=day.donor, anew=day in anew or not some_anew or fate == "leave"),
                tuple(one.check for one in some),
            )
            for day, some in days.items()
        ),
    )


def void_sheets(printed: Iterable[PrintedRevision], after: Plan, as_of: datetime) -> Void | None:
    """The sheets of every revision, from the day before as-of on, that the new plan no longer prints alike; None where
    there is none."""
    now, today = printed_revision(after), as_of.date()
    yesterday = add(today, -1, "days", "clamp")
    found = [
        VoidSheet(day.on, day.donor, one.revision, one.checks[day])
        for one in printed
        for day in one.sheets
        if day.on >= yesterday and is_void(one, now, day)
    ]
    found.sort(key=lambda sheet: (sheet.donor, sheet.on, -sheet.revision))
    return Void(today=today, sheets=tuple(found), anew=now.to_print) if found else None
