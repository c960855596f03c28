"""export, show, history, verify, today, sheet, backup, restore: what reads the ledger, keeps it safe, and looks ahead."""

import getpass
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from schedule.commands.acts import out_option, store_option, store_path
from schedule.commands.common import json_option, now, read_when, say_events, say_feasible, say_findings, table
from schedule.engine.entries import open_points
from schedule.ledger.sqlite import Store
from schedule.model.kept import Row
from schedule.model.notation import plural, spell, spell_moment, spell_range
from schedule.model.plan import Plan
from schedule.model.text import to_json
from schedule.output.data import plan_values
from schedule.service.acts import Meta
from schedule.service.export import export
from schedule.service.inputs import site_time
from schedule.service.restore import restore as put_back
from schedule.service.revisions import newest, plan_of, revision_of, shown_plan
from schedule.service.sheet_check import find_sheet
from schedule.service.startup import ready
from schedule.service.verify import verify as differences_in
from schedule.words.titles import full_title

AHEAD = 7
"""Days that `today` looks ahead for deadlines and expiries."""


@click.command("export")
@click.argument("code")
@click.option("--revision", type=click.IntRange(1), default=None, metavar="N")
@out_option
@store_option
def export_(code: str, revision: int | None, out: Path, store: Path | None) -> None:
    """Write the files of a stored revision again; an older one says what superseded it.

    \b
    dayzero export CIML-017
    dayzero export CIML-017 --revision 1 --out old
    """
    with Store(store_path(store)) as ledger:
        click.echo(
            f"Revision {(row := revision_of(ledger, code, revision)).act.revision} of {code}: {export(ledger, row, out)}"
        )


@click.command()
@click.argument("code")
@click.option("--revision", type=click.IntRange(1), default=None, metavar="N")
@store_option
@json_option
def show(code: str, revision: int | None, store: Path | None, as_json: bool) -> None:
    """Show a stored plan.

    \b
    dayzero show CIML-017
    dayzero show CIML-017 --revision 1 --json
    """
    with Store(store_path(store)) as ledger:
        plan = shown_plan(ledger, revision_of(ledger, code, revision))
    if as_json:
        click.echo(to_json(plan_values(plan)), nl=False)
        return
    click.echo(f"{code}, revision {plan.revision}: {plan.protocol.zero} {plan.day_zero_in_words}.")
    if plan.banner:
        click.echo(plan.banner)
    click.echo()
    say_events(plan)
    click.echo(f"\nRules, as of {spell_moment(plan.as_of)}:")
    say_findings(plan.findings, everything=False)
    click.echo()
    say_feasible(plan)


@click.command()
@click.argument("code")
@store_option
@json_option
def history(code: str, store: Path | None, as_json: bool) -> None:
    """Say who did what, when and why, oldest first.

    \b
    dayzero history CIML-017
    """
    with Store(store_path(store)) as ledger:
        newest(ledger, code)
        rows = ledger.history(code)
    if as_json:
        click.echo(to_json([_act_values(row) for row in rows]), nl=False)
        return
    click.echo(f"{code}: {plural(len(rows), 'revisions')}.")
    table(
        (str(row.act.revision), f"{row.act.at:%Y-%m-%d %H:%M} UTC", row.act.by, row.act.kind, _told(row))
        for row in rows
    )


def _told(row: Row) -> str:
    values = ", ".join(f"{key} {value}" for key, value in _flat(_act_values(row)["deed"]))
    return f"as of {spell_moment(row.act.as_of)}. {values}" + (f". Why: {row.act.reason}" if row.act.reason else "")


def _flat(value: Any, key: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for name, inner in value.items() for pair in _flat(inner, name.replace("_", " "))]
    return [] if value in (None, "", False, []) else [(key, str(value)[:60])]


def _act_values(row: Row) -> dict[str, Any]:
    from schedule.ledger.codec import to_plain

    values: dict[str, Any] = to_plain(row.act)
    return {"kind": row.act.kind, **values, "hash": row.hash}


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, metavar="DIR", help="Compare the files under DIR, too."
)
@store_option
def verify(out: Path | None, store: Path | None) -> None:
    """Check that the ledger is whole: the chain of hashes, every date laid out again, and files under --out.

    \b
    dayzero verify --out dayzero-out
    """
    path = store_path(store)
    with Store(path) as ledger:
        found = differences_in(ledger, out)
        count = sum(1 for _ in ledger.everything()) if not found else 0
    for line in found:
        click.echo(line)
    if found:
        click.echo(f"{path}: {plural(len(found), 'differences')}.")
        click.get_current_context().exit(1)
    click.echo(f"{path}: whole. {plural(count, 'acts')}; every revision comes out again as it was stored.")


@click.command()
@click.option("--date", "when", metavar="DATE", default=None, help="Another day than today.")
@store_option
@json_option
def today(when: str | None, store: Path | None, as_json: bool) -> None:
    """Say, across patients, what is due today and tomorrow, what expires within 7 days, and what is open.

    \b
    dayzero today
    dayzero today --date 2026-06-10
    """
    asked = read_when(when) if when else None
    found: list[dict[str, Any]] = []
    with Store(store_path(store)) as ledger:
        for code in ledger.codes():
            row = newest(ledger, code)
            plan = plan_of(ledger, row)
            if plan.standing is not None and plan.standing.cancelled:
                continue
            as_of = asked or site_time(now(), plan.site)
            found.append(_day_of(_as_of(plan, as_of), as_of))
    if as_json:
        click.echo(to_json(found), nl=False)
        return
    shown = spell(asked.date()) if asked else "today"
    click.echo(f"{plural(len(found), 'patients')}, {shown}.")
    for values in found:
        _say_day(values)


def _as_of(plan: Plan, as_of: datetime) -> Plan:
    from schedule.engine.plan import lay_out

    return lay_out(
        plan.protocol,
        plan.site,
        plan.case,
        as_of,
        revision=plan.revision,
        schedule_id=plan.schedule_id,
        standing=plan.standing,
    )


def _day_of(plan: Plan, as_of: datetime) -> dict[str, Any]:
    day, soon = as_of.date(), as_of.date() + timedelta(days=AHEAD)

    def on(number: int) -> list[str]:
        target = day + timedelta(days=number)
        events = [e for e in plan.events if e.on <= target <= (e.last_date or e.on) and e.status != "cancelled"]
        return [
            f"{f'{e.start:%H:%M} ' if e.start else ''}{e.label}: {full_title(e.title)}{' (donor)' if e.donor else ''}"
            for e in events
        ]

    return {
        "code": plan.case.code, "zero": plan.protocol.zero, "day_zero": plan.day_zero_in_words, "banner": plan.banner,
        "today": on(0), "tomorrow": on(1),
        "deadlines": [
            f"{plan.protocol.dates[point].title}: {spell_range(f.earliest, f.latest)} ({f.ref}){' OVERDUE' if f.overdue else ''}"
            for point, f in open_points(plan).items() if f.latest is not None and f.latest <= soon
        ],
        "expires": [
            f"{f.title}: serves {plan.protocol.zero} up to {spell(f.expires)} ({f.ref})"
            for f in plan.findings if f.expires is not None and day <= f.expires <= soon
        ],
        "unconfirmed": [
            f"{full_title(e.title)}, {spell(e.on)}" for e in plan.events if e.status == "unconfirmed" and e.category == "treatment"
        ],
        "boundary": [f"{f.ref}: {f.title}" for f in plan.findings if f.status == "boundary"],
    }  # fmt: skip


def _say_day(values: dict[str, Any]) -> None:
    click.echo(f"\n{values['code']}, {values['zero']} {values['day_zero']}")
    if values["banner"]:
        click.echo(f"  {values['banner']}")
    for key, title in (
        ("today", "Today"), ("tomorrow", "Tomorrow"), ("deadlines", "Due within 7 days"), ("expires", "Expires within 7 days"),
        ("unconfirmed", "Not recorded"), ("boundary", "For the principal investigator"),
    ):  # fmt: skip
        for line in values[key]:
            click.echo(f"  {title}: {line}")


@click.command()
@click.argument("check")
@store_option
def sheet(check: str, store: Path | None) -> None:
    """Say whether a printed sheet is current, by the check code in its head.

    \b
    dayzero sheet 7K3M-Q2TX

    Ends with 1 if it is superseded.
    """
    with Store(store_path(store)) as ledger:
        found = find_sheet(ledger, check)
    if found.state != "superseded":
        click.echo(found.words)
        return
    click.echo(f"{found.words.removesuffix('.')}; print: dayzero print {found.row.act.code} --pdf")
    click.get_current_context().exit(1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@store_option
def backup(file: Path, store: Path | None) -> None:
    """Write a whole copy of the ledger into a new file.

    \b
    dayzero backup ledger-2026-06-10.sqlite
    """
    with Store(store_path(store)) as ledger:
        ledger.backup(file)
    click.echo(f"Backed up into {file}.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--reason", default="", help="Why; kept in the history.")
@click.option("--by", default=None)
@click.option("--confirm", metavar="WORD", help="The word RESTORE, instead of typing it.")
@store_option
def restore(file: Path, reason: str, by: str | None, confirm: str | None, store: Path | None) -> None:
    """Put a backup in the ledger's place. Revision numbers jump by 100, so that nothing already sent out is higher.

    \b
    dayzero restore backup.sqlite --reason "disk failed" --confirm RESTORE
    """
    if not reason.strip():
        raise click.UsageError('Say why: --reason "…"')
    if confirm is None and not sys.stdin.isatty():
        raise click.UsageError("Confirm it: --confirm RESTORE. Nothing was changed.")
    if (confirm or click.prompt("Type RESTORE to replace the ledger", err=True)) != "RESTORE":
        raise click.UsageError("Not confirmed. Nothing was changed.")
    at = now()
    ready(at)
    wall = at.replace(tzinfo=None)
    done = put_back(
        store_path(store), file, Meta(by=by or getpass.getuser(), at=at, as_of=wall, site_time=wall, reason=reason)
    )
    click.echo(f"Restored from {file}: {plural(len(done.made), 'patients')}.")
    if done.kept:
        click.echo(f"The ledger that was there: {done.kept}")
    for code, revision in done.made:
        click.echo(f"  {code}: now revision {revision}. Write its files again: dayzero export {code}")
    for code, first, last in done.gone:
        span = f"revisions {first} to {last} are" if last > first else f"revision {first} is"
        click.echo(
            f"  {code}: {span} not in the backup. Enter again what was recorded since; destroy the sheets printed from there."
        )
        click.echo(
            f"  {code}: calendar entries born since are not struck. Delete the calendar and open the new one; change.html says it for each kind."
        )
    for feed in done.doubtful:
        click.echo(
            f"  Feed “{feed.label}”, {feed.code or 'the whole ward'}: answered again. Whether it was revoked since the backup "
            "is not known; if it was, revoke it again on the page Feeds."
        )
    for code in done.lost:
        click.echo(f"  {code}: NOT in the backup. Its plan is only in the ledger that was there.")
