"""show, history, today, export, sheet: what the ledger knows of patients, said and written again."""

from collections.abc import Iterator
from datetime import timezone
from pathlib import Path
from typing import Any

import click

from schedule.commands.acting import codes_named
from schedule.commands.asked import command_of
from schedule.commands.common import json_option, now, say_channels, say_events, say_feasible, say_findings, table
from schedule.commands.opened import opened
from schedule.commands.options import out_option, store_option, store_path, ward_option
from schedule.commands.typed import read_time
from schedule.model.acts import Act
from schedule.model.notation import plural, spell, spell_clock, spell_moment
from schedule.model.plan import AnyPlan, ListedEvent
from schedule.model.text import to_json
from schedule.output.data import plan_values
from schedule.service.export import export
from schedule.service.history import act_told, act_values
from schedule.service.listing import OpenToday
from schedule.service.place import LedgerPlace
from schedule.service.revisions import newest, revision_of, shown_plan
from schedule.service.sheet_check import find_sheet
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
@click.argument("code")
@click.option("--revision", type=click.IntRange(1), default=None, metavar="N")
@store_option
@json_option
def show(code: str, revision: int | None, store: LedgerPlace | None, as_json: bool) -> None:
    """Show a stored plan.

    \b
    dayzero show CIML-017
    dayzero show CIML-017 --revision 1 --json
    """
    with opened(store_path(store)) as ledger:
        plan = shown_plan(ledger, revision_of(ledger, code, revision))
    if as_json:
        click.echo(to_json(plan_values(plan)), nl=False)
        return
    click.echo(f"{code}, revision {plan.revision}: {zero_in_hand(plan)} {day_zero_of(plan)}.")
    if said := banner(plan):
        click.echo(said)
    click.echo()
    say_events(plan)
    click.echo(f"\nRules, as of {spell_moment(plan.as_of)}:")
    say_findings(plan.findings, plan.protocol.zero, everything=False)
    click.echo()
    say_feasible(plan)


@click.command()
@click.argument("code")
@store_option
@json_option
def history(code: str, store: LedgerPlace | None, as_json: bool) -> None:
    """Say who did what, when and why, oldest first.

    \b
    dayzero history CIML-017
    """
    with opened(store_path(store)) as ledger:
        newest(ledger, code)
        rows = ledger.history(code)
        told = [] if as_json else [act_told(ledger, row) for row in rows]
    if as_json:
        click.echo(to_json(list(map(act_values, rows))), nl=False)
        return
    click.echo(f"{code}: {plural(len(rows), 'revisions')}.")
    table(_history_line(row.act, said) for row, said in zip(rows, told, strict=True))


def _history_line(act: Act, said: str) -> tuple[str, ...]:
    """Revision, when, who, by which command, and what: on another moment than its own, and why, if there is anything to
    say."""
    as_of = "" if act.is_as_of_its_own_time else f" As of {spell_moment(act.as_of)}."
    why = f" Why: {act.reason}" if act.reason else ""
    return str(act.revision), f"{act.at:%Y-%m-%d %H:%M} UTC", act.by, command_of(act.deed), f"{said}{as_of}{why}"


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
            f"{finding_title(f.title, plan.protocol.zero)}: serves {plan.protocol.zero} up to {spell(f.expires)} "
            f"({f.ref})"
            for f in found.expiring
            if f.expires is not None
        ],
        "unconfirmed": [f"{full_title(event.title)}, {spell_place(event)}" for event in found.unconfirmed],
        "boundary": [
            f"{f'{f.ref}: ' if f.rule in plan.protocol.rules else ''}{finding_title(f.title, plan.protocol.zero)}"
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


@click.command("export")
@click.argument("code")
@click.option("--revision", type=click.IntRange(1), default=None, metavar="N")
@out_option
@store_option
def export_(code: str, revision: int | None, out: Path, store: LedgerPlace | None) -> None:
    """Write the files of a stored revision again; an older one says what superseded it.

    \b
    dayzero export CIML-017
    dayzero export CIML-017 --revision 1 --out old
    """
    with opened(store_path(store)) as ledger:
        click.echo(
            f"Revision {(row := revision_of(ledger, code, revision)).act.revision} of {code}: "
            f"{export(ledger, row, out)}"
        )


@click.command()
@click.argument("check")
@store_option
def sheet(check: str, store: LedgerPlace | None) -> None:
    """Say whether a printed sheet is current, by the check code in its head.

    \b
    dayzero sheet 7K3M-Q2TX

    Ends with 1 if it must be replaced, or crossed through and kept.
    """
    with opened(store_path(store)) as ledger:
        found = find_sheet(ledger, check, now(), ledger.codes())
    click.echo(found.told("terminal"))
    click.get_current_context().exit(1 if found.is_void else 0)
