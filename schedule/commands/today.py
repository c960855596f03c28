"""today: what is open in a ward, which makes no page and no calendar."""

from collections.abc import Iterator
from datetime import timezone
from typing import Any

import click

from schedule.commands.common import json_option, now, say_channels
from schedule.commands.opened import codes_named, opened
from schedule.commands.options import store_option, store_path, ward_option
from schedule.commands.typed import read_time
from schedule.model.notation import plural, spell, spell_clock, spell_moment
from schedule.model.plan import AnyPlan, ListedEvent
from schedule.model.text import to_json
from schedule.service.listing import OpenToday
from schedule.service.place import LedgerPlace
from schedule.service.standings import publishing_lines
from schedule.service.ward_now import ward_now
from schedule.words.alerts import banner
from schedule.words.dates import day_zero_of, spell_asked, zero_in_hand
from schedule.words.day_labels import label_told
from schedule.words.findings import finding_title
from schedule.words.moved import moved_in_short
from schedule.words.places import beside, spell_place
from schedule.words.titles import called, full_title


@click.command()
@click.option("--date", "when", metavar="DATE", default=None, help="Another day than today.")
@ward_option
@store_option
@json_option
def today(when: str | None, ward: str | None, store: LedgerPlace | None, as_json: bool) -> None:
    """Say, across patients, what is not recorded, what is due today and tomorrow, what expires within 7 days, and what
    is open: in the order of the shift page.

    \b
    dayzero today
    dayzero today --date 2026-06-10
    """
    typed = read_time(when) if when else None
    with opened(store_path(store)) as ledger:
        codes, at = codes_named(ledger, ward), now()
        if typed is not None and typed.offset is not None:
            patients = ward_now(ledger, typed.wall.replace(tzinfo=timezone(typed.offset)), codes=codes)
        else:
            patients = ward_now(ledger, at, typed.wall if typed is not None else None, codes=codes)
        lines = publishing_lines(ledger, at, codes, ward)
    found = [_day_of(one.plan, one.open_today) for one in patients]
    if as_json:
        click.echo(to_json(found), nl=False)
        return
    when = f", as at {spell_moment(patients[0].wall)}" if patients else ""
    click.echo(f"{plural(len(found), 'patients')}{when}.")
    say_channels(lines)
    if found:
        click.echo("\n".join(line for values in found for line in _day_lines(values)))


def _day_of(plan: AnyPlan, found: OpenToday) -> dict[str, Any]:
    return {
        "code": plan.case.code,
        "zero": zero_in_hand(plan),
        "day_zero": day_zero_of(plan),
        "banner": banner(plan),
        "moved": moved_in_short(found.moved, plan.protocol, plan.as_of.date()) if found.moved else None,
        "today": [_event_line(plan, event) for event in found.today],
        "tomorrow": [_event_line(plan, event) for event in found.tomorrow],
        "deadlines": [
            f"{plan.protocol.dates[point].title}: {spell_asked(f)} ({f.ref}){' OVERDUE' if f.overdue else ''}"
            for point, f in found.deadlines
        ],
        "expires": [
            f"{finding_title(f, plan.protocol.zero)}: serves {plan.protocol.zero} up to {spell(f.expires)} ({f.ref})"
            for f in found.expiring
            if f.expires is not None
        ],
        "unconfirmed": [f"{full_title(event.title)}, {spell_place(event)}" for event in found.unconfirmed],
        "boundary": [
            f"{f'{f.ref}: ' if f.rule in plan.protocol.rules else ''}{finding_title(f, plan.protocol.zero)}"
            for f in found.boundary
        ],
    }


def _event_line(plan: AnyPlan, event: ListedEvent) -> str:
    start = f"{spell_clock(event.start)} " if event.start else ""
    said = "".join(f", {text}" for text in beside(plan, event))
    return f"{start}{label_told(plan, event)}: {called(event)}{' (donor)' if event.donor else ''}{said}"


def _day_lines(values: dict[str, Any]) -> Iterator[str]:
    """What is said of one patient: of a ward thousands of lines, written at once."""
    yield f"\n{values['code']}, {values['zero']} {values['day_zero']}"
    yield from (f"  {values[key]}" for key in ("banner", "moved") if values[key])
    for key, title in (
        ("unconfirmed", "Not recorded"),
        ("today", "Today"),
        ("tomorrow", "Tomorrow"),
        ("deadlines", "Due within 7 days"),
        ("expires", "Expires within 7 days"),
        ("boundary", "For the principal investigator"),
    ):
        for line in values[key]:
            yield f"  {title}: {line}"
