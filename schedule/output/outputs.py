"""The one table of a revision's files: the name of each, and what makes it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from msgspec import Struct

from schedule.engine.entries import in_calendar
from schedule.model.case import Site
from schedule.model.entries import Entry
from schedule.model.ids import donor_calendar_id
from schedule.model.move import MoveVerdict
from schedule.model.plan import Plan, standing_of
from schedule.model.text import to_json
from schedule.output.data import event_values, plan_csv, plan_values
from schedule.output.html import body_of, joined_style, page, style_of
from schedule.output.ics import calendar
from schedule.pages.calendar import worded
from schedule.pages.deadlines import deadline_page
from schedule.pages.go import go_pages
from schedule.pages.index import index_page
from schedule.pages.overview import overview
from schedule.pages.patient import patient_page
from schedule.pages.sheets import Sheet, day_sheets
from schedule.words.outputs import (
    TITLES,
    calendar_description,
    calendar_name,
    changes_description,
    changes_name,
    donor_calendar_name,
    donor_description,
    feed_name,
)
from schedule.words.plan import Frame, frame
from schedule.words.sheets import EMPTY_SIDE

if TYPE_CHECKING:
    from schedule.pages.change import Notice


class RevisionChange(Struct, frozen=True, kw_only=True):
    """What an act made of a plan: the plan before and after, the verdict on its new day 0, and its notice."""

    before: Plan
    after: Plan
    verdict: MoveVerdict | None
    notice: "Notice"


class Revision(Struct, frozen=True, kw_only=True, dict=True):
    """What a revision's files are made of: its plan as it is shown, its calendar entries, its time (aware), and what
    its act changed, None for the first plan."""

    plan: Plan
    entries: tuple[Entry, ...]
    when: datetime
    change: RevisionChange | None = None

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """The events as plain values, which two files hold."""
        return event_values(self.plan)

    @cached_property
    def frame(self) -> Frame:
        """What stands on every page."""
        return frame(self.plan, self.when)


PAGES: Mapping[str, Callable[[Plan, Frame], object]] = {
    "sheets.html": day_sheets,
    "go.html": lambda plan, _: go_pages(plan),
    "overview.html": lambda plan, _: overview(plan),
    "deadlines.html": lambda plan, _: deadline_page(plan),
    "patient.html": lambda plan, _: patient_page(plan),
    "index.html": lambda plan, _: index_page(plan, files_beside(plan)),
}
"""The pages of a plan: the file's name, and the values that it shows."""
PAPER = tuple(name for name in PAGES if name != "index.html")
"""The pages that are printed together, in their order on paper."""
OF_WHAT_IS_TO_COME = frozenset({"go.html", "deadlines.html", "patient.html"})
"""The pages that a cancelled plan has not: nothing of it is due, and nobody is to be told of its dates."""
STYLED = (*PAGES, "change.html", "everything.html", "ward_sheets.html")
"""The pages that have a style of their own."""


def pages_of(plan: Plan) -> tuple[str, ...]:
    """The pages that there are of a plan, by file name."""
    cancelled = standing_of(plan).cancelled
    return tuple(name for name in PAGES if not (cancelled and name in OF_WHAT_IS_TO_COME))


def plan_page(name: str, plan: Plan, when: datetime, *, linked: bool = False) -> str:
    """One page of a revision made at `when` (aware), whole in itself: no script, no address but its neighbours'.
    `linked`: its style is in a file of its own."""
    return _plan_page(name, plan, frame(plan, when), linked=linked)


def _plan_page(name: str, plan: Plan, shared: Frame, *, linked: bool = False) -> str:
    return page(name, linked=linked, frame=shared, title=TITLES[name], view=PAGES[name](plan, shared))


def pages(plan: Plan, when: datetime) -> dict[str, str]:
    """Every page of a plan made at `when` (aware): file name -> its text."""
    shared = frame(plan, when)
    return {name: _plan_page(name, plan, shared) for name in pages_of(plan)}


def everything(plan: Plan, when: datetime, *, linked: bool = False) -> str:
    """One page with all that is printed of a revision made at `when`: to print it with one command."""
    shared, name = frame(plan, when), "everything.html"
    printed = [one for one in pages_of(plan) if one in PAPER]
    parts = [(one.removesuffix(".html"), body_of(one, frame=shared, view=PAGES[one](plan, shared))) for one in printed]
    return page(name, linked=linked, frame=shared, title=TITLES[name], view=parts, style=Markup(joined_style(PAPER)))


def ward_page(sheets: Sequence[tuple[Frame, Sheet, bool]], title: str, *, linked: bool = False) -> str:
    """The sheets of one day of the whole ward: whose, the sheet, and whether an empty side follows it."""
    return page("ward_sheets.html", linked=linked, title=title, view=sheets, empty_words=EMPTY_SIDE)


def change_page(plan: Plan, notice: "Notice", when: datetime, *, linked: bool = False) -> str:
    """change.html: the notice of the act that made this plan's revision at `when`."""
    name = "change.html"
    return page(name, linked=linked, frame=frame(plan, when), title=TITLES[name], view=notice)


def style_for(name: str) -> str:
    """The style that a page takes from a file of its own when it is `linked`."""
    return joined_style(PAPER) if name == "everything.html" else style_of(name)


def shown_entries(entries: Iterable[Entry], site: Site) -> list[Entry]:
    """The entries that a calendar of that site holds; what was withdrawn is in none."""
    return [one for one in entries if not one.withdrawn and in_calendar(one, site.calendar)]


def calendar_of(plan: Plan, entries: Iterable[Entry], when: datetime, *, is_feed: bool = False) -> bytes:
    """A patient's calendar: as a file named by code, protocol and revision; as a feed by the code alone."""
    return calendar(
        worded(shown_entries(entries, plan.site)),
        schedule_id=plan.schedule_id,
        name=feed_name(plan.case.code) if is_feed else calendar_name(plan),
        description=calendar_description(plan, when, is_feed=is_feed),
    )


def _donor_calendar(made: Revision) -> bytes | None:
    """The donor's days alone, as a calendar of its own; None where the donor has none."""
    plan = made.plan
    donors = [entry for entry in shown_entries(made.entries, plan.site) if entry.donor]
    if not donors:
        return None
    return calendar(
        worded(donors, "donor"),
        schedule_id=plan.schedule_id,
        calendar_id=donor_calendar_id(plan.schedule_id),
        name=donor_calendar_name(plan),
        description=donor_description(plan, made.when),
    )


def _changes(made: Revision) -> bytes | None:
    """The entries that the revision has changed, and no others; None where there is none: an empty file is none that a
    program reads."""
    if made.change is None:
        return None
    choice = made.plan.site.calendar
    changed = [one for one in made.entries if one.since == made.plan.revision and in_calendar(one, choice)]
    if not changed:
        return None
    return calendar(
        worded(changed),
        schedule_id=made.plan.schedule_id,
        name=changes_name(made.plan),
        description=changes_description(made.plan),
    )


def _change_values(made: Revision) -> bytes | None:
    change = made.change
    if change is None:
        return None
    from schedule.pages.change import notice_values  # which a first plan does not need, as what it needs in turn

    return to_json(notice_values(change.before, change.after, change.verdict, saved=True)).encode()


def _change_page(made: Revision) -> bytes | None:
    return change_page(made.plan, made.change.notice, made.when).encode() if made.change else None


def _page(name: str) -> Callable[[Revision], bytes | None]:
    return lambda made: _plan_page(name, made.plan, made.frame).encode() if name in pages_of(made.plan) else None


class Output(Struct, frozen=True):
    """One file of a revision: what makes it (None where the revision has no such file), whether it needs the calendar's
    entries and the change, which cost more than the plan, and whether it is of the donor's days alone."""

    make: Callable[[Revision], bytes | None]
    of_entries: bool = False
    of_change: bool = False
    of_donor: bool = False


OUTPUTS: Mapping[str, Output] = {
    "calendar.ics": Output(lambda made: calendar_of(made.plan, made.entries, made.when), of_entries=True),
    "donor.ics": Output(_donor_calendar, of_entries=True, of_donor=True),
    "plan.json": Output(lambda made: to_json(plan_values(made.plan, made.events)).encode()),
    "plan.csv": Output(lambda made: plan_csv(made.plan, made.events).encode()),
    **{name: Output(_page(name)) for name in PAGES},
    "change.json": Output(_change_values, of_change=True),
    "change.html": Output(_change_page, of_change=True),
    "changes.ics": Output(_changes, of_entries=True, of_change=True),
}
"""Every file of a revision, by name."""


def files_beside(plan: Plan) -> tuple[str, ...]:
    """The files that every revision of such a plan has, by name: those of a change left out."""
    donor = any(event.donor for event in plan.events)
    none = set(PAGES).difference(pages_of(plan))
    found = (name for name, one in OUTPUTS.items() if not one.of_change and (donor or not one.of_donor))
    return tuple(name for name in found if name not in none)


def output_files(made: Revision) -> dict[str, bytes]:
    """Every file of a revision, by name."""
    found = ((name, output.make(made)) for name, output in OUTPUTS.items())
    return {name: data for name, data in found if data is not None}
