"""Protocol -> its tables in words, for the terminal and for a page; and an example of the dates that it gives."""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from schedule.model.notation import spell, spell_range
from schedule.model.plan import Event, Plan
from schedule.model.protocol import Choice, DaysParameter, Protocol, Rule, Source
from schedule.model.timing import KnownDatePoint
from schedule.words import protocol as words
from schedule.words.dates import spell_moments
from schedule.words.gaps import gap_in_words
from schedule.words.places import spell_window
from schedule.words.plan import clock_of
from schedule.words.titles import full_title

Rows = tuple[tuple[str, ...], ...]


class Section(Struct, frozen=True, kw_only=True):
    """One table: its heading, the names of its columns, its rows."""

    heading: str
    columns: tuple[str, ...]
    rows: Rows


def sections(found: Protocol) -> tuple[Section, ...]:
    """Everything that the protocol says, as tables; those with nothing in them are left out."""
    made: tuple[tuple[tuple[str, tuple[str, ...]], Iterable[tuple[str, ...]]], ...] = (
        (words.SOURCES, ((one.id, f"{one.title}. {spell(one.date)}", one.address) for one in sources(found))),
        (words.CYCLES, [("cycles", words.cycles_in_words(found.cycles))] if found.cycles else []),
        (words.CHOICES, ((one.name, _options(one)) for one in found.choices.values())),
        (words.COURSES, ((one.id, str(one.base), words.course_title(one)) for one in found.courses.values())),
        (
            words.ACTIVITIES,
            ((one.id, words.days_of_activity(one, found), one.title) for one in found.activities.values()),
        ),
        (words.RULES, ((rule.id, rule.quotation.section, _asked_of(rule)) for rule in found.rules.values())),
        (words.DATES, ((one.name, one.title) for one in found.dates.values())),
        (words.PARAMETERS, ((one.name, one.title) for one in found.parameters.values())),
        (words.ATTESTATIONS, ((one.name, one.title) for one in found.attestations.values())),
    )
    all_rows = ((head, tuple(rows)) for head, rows in made)
    return tuple(Section(heading=head[0], columns=head[1], rows=rows) for head, rows in all_rows if rows)


def _options(choice: Choice) -> str:
    return f"{choice.title}: " + "; ".join(f"{option} = {what}" for option, what in choice.options.items())


def _asked_of(rule: Rule) -> str:
    return "; ".join([rule.title, *words.asked(rule)])


def sources(found: Protocol) -> list[Source]:
    """Every source that something is quoted from, in the order of the file's parts."""
    quoted = [one.quotation for one in found.activities.values()] + [one.quotation for one in found.rules.values()]
    counts = [one.count for one in found.parameters.values() if isinstance(one, DaysParameter)]
    quoted += [count.quotation for count in counts if count is not None]
    return list({one.source.id: one.source for one in quoted if one is not None}.values())


UNTIMED = datetime.min.replace(tzinfo=UTC)
"""Stands for the hour of what has none, beside others that have none."""


def dates_of(plan: Plan) -> Rows:
    """Each of the protocol's events in a plan: its label, its date and hour, its title."""
    return tuple(
        (str(event.label), _when(event), full_title(event.title) + (words.DONOR if event.donor else ""))
        for event in plan.events
    )


def _when(event: Event) -> str:
    """`Sun 05-Jul-2026 (Fri 03-Jul-2026 to Tue 07-Jul-2026)`: the date, the hour where it has one, and the window."""
    window, clock = spell_window(event), clock_of(event)
    day = spell_range(event.on, event.last_date or event.on) + (f" {clock}" if clock else "")
    return day + (f" ({window})" if window else "")


def windows_of(plan: Plan) -> Rows:
    """Each known date that the rules speak of: when it must lie, by which rules together, and what it is."""
    found = []
    for name, known in plan.protocol.dates.items():
        about = [finding for finding in plan.findings if finding.point == KnownDatePoint(name)]
        firsts = [first for first, _ in (finding.asked for finding in about) if first is not None]
        lasts = [last for _, last in (finding.asked for finding in about) if last is not None]
        if firsts or lasts:
            refs = ", ".join(dict.fromkeys(finding.ref for finding in about))
            first = max(firsts, key=lambda one: (one.on, one.at is not None, one.instant or UNTIMED), default=None)
            last = min(lasts, key=lambda one: (one.on, one.at is None, one.instant or UNTIMED), default=None)
            found.append((spell_moments(first, last), refs, known.title))
    return tuple(found)


def not_dated(plan: Plan) -> tuple[str, ...]:
    """What has no date in the plan, and why, in sentences."""
    return tuple(dict.fromkeys(gap_in_words(gap) for gap in plan.not_stated))
