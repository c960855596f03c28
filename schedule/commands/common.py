"""What the commands share: the clock, common options, and words on the terminal."""

import os
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from schedule.days import read_clock, read_date, spell, spell_range
from schedule.plan import Plan
from schedule.verdicts import DayZeroes, Finding

Command = TypeVar("Command", bound=Callable[..., Any])

ORDER = ("violated", "boundary", "due", "not stated", "ruled", "met", "not applicable")
"""Statuses, the one to act on first."""

STYLES: dict[str, dict[str, Any]] = {
    "violated": {"fg": "red", "bold": True},
    "boundary": {"fg": "magenta", "bold": True},
    "due": {"fg": "yellow", "bold": True},
}


def now() -> datetime:
    """The moment of this act, UTC, to the second: SOURCE_DATE_EPOCH where it is set, else the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"SOURCE_DATE_EPOCH={epoch!r} is not a number of seconds.") from error


def read_when(text: str) -> datetime:
    """A wall time as typed: `2026-06-15` (from 00:00) or `2026-06-15 10:00`."""
    found = re.fullmatch(r"(.+?)(?:[T ](\d\d:\d\d))?", text.strip())
    try:
        return datetime.combine(read_date(found[1] if found else ""), read_clock((found and found[2]) or "00:00"))
    except ValueError as error:
        raise click.BadParameter(f"{error}; write 2026-06-15 or '2026-06-15 10:00'") from error


class When(click.ParamType["datetime"]):
    """A wall time of the site, typed."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        return value if isinstance(value, datetime) else read_when(str(value))


def case_argument(command: Command) -> Command:
    return click.argument("case", type=click.Path(path_type=Path), metavar="CASE.toml")(command)


def site_option(command: Command) -> Command:
    return click.option(
        "--site",
        type=click.Path(path_type=Path),
        metavar="SITE.toml",
        help="What the trial leaves open, as your site decides it.",
    )(command)


def as_of_option(command: Command) -> Command:
    return click.option(
        "--as-of", type=When(), metavar="WHEN",
        help="Judge as of this wall time of the site, 2026-06-15 or '2026-06-15 10:00'. Default: now.",
    )(command)  # fmt: skip


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")(command)


def style(text: str, status: str) -> str:
    """The text in its status's style, on a terminal; plain where NO_COLOR is set or the output is a file."""
    if os.environ.get("NO_COLOR") or status not in STYLES:
        return text
    return click.style(text, **STYLES[status])


def table(rows: Iterable[Sequence[str]], styles: Iterable[str] = ()) -> None:
    """Rows in aligned columns, the last one wrapped under itself."""
    import shutil
    import textwrap

    rows = list(rows)
    if not rows:
        return
    statuses = list(styles) or [""] * len(rows)
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]) - 1)]
    left = sum(widths) + 2 * len(widths)
    width = max(shutil.get_terminal_size((110, 24)).columns - left, 30)
    for row, status in zip(rows, statuses, strict=True):
        lines = textwrap.wrap(row[-1], width, break_on_hyphens=False) or [""]
        head = "".join(cell.ljust(size) + "  " for cell, size in zip(row, widths, strict=False))
        click.echo(style((head + lines[0]).rstrip(), status))
        for line in lines[1:]:
            click.echo(style(" " * left + line, status))


def in_words(first: date | None, last: date | None) -> str:
    return "" if first is None and last is None else spell_range(first, last)


def say_events(plan: Plan) -> None:
    """The dated plan, a line for each event."""
    rows = []
    for event in plan.events:
        day = spell(event.on) + (f" to {spell(event.last_date)}" if event.last_date else "")
        clock = f"{event.start:%H:%M}" if event.start else ""
        notes = [event.title, *(["donor"] if event.donor else []), *(["site's"] if event.provenance == "site" else [])]
        if event.status != "planned":
            notes.append(event.status)
        rows.append(
            [
                event.label,
                day,
                clock,
                "; ".join([*notes, *(flag.upper() if len(flag) < 12 else flag for flag in event.flags)]),
            ]
        )
    table(rows)


def say_findings(findings: Iterable[Finding], *, everything: bool = True) -> None:
    """The verdicts, those to act on first."""
    ranked = sorted(findings, key=lambda finding: ORDER.index(finding.status))
    rows, statuses = [], []
    for finding in ranked:
        if not everything and finding.status in ("met", "not applicable"):
            continue
        asked = in_words(finding.earliest, finding.latest)
        what = finding.title
        if finding.status in ("due", "violated", "boundary") and asked:
            what += f": {asked}"
        if finding.aim and finding.status == "due":
            what += f" (aim {spell_range(*finding.aim)})"
        if finding.actual is not None and finding.point is not None:
            what += f" [{spell(finding.actual)}]"
        if finding.overdue:
            what += ". OVERDUE"
        rows.append([finding.status.upper() if finding.status in STYLES else finding.status, finding.ref, what])
        statuses.append(finding.status)
    table(rows, statuses)


def say_feasible(plan: Plan) -> None:
    """Which days 0 are possible, what binds the earliest, and what is assumed."""
    found: DayZeroes = plan.feasible
    click.echo(feasible_in_words(plan))
    for first, last, status in found.intervals:
        word = "every rule met" if status == "met" else "only if the principal investigator allows it"
        click.echo(f"  {spell_range(first, last)}: {word}")
    for words, rules in (("Binds", found.binding), ("Next behind it", found.next)):
        for rule_id in rules:
            click.echo(f"  {words}: {rule_id} {plan.protocol.rules[rule_id].title}")
    if found.assumes:
        names = ", ".join(plan.protocol.dates[name].title for name in found.assumes)
        click.echo(f"  Assumed in order, since no date is given: {names}")
    if found.hangs_on:
        titles = {name: choice.title for name, choice in plan.protocol.choices.items()}
        titles |= {name: parameter.title for name, parameter in plan.protocol.parameters.items()}
        named = ", ".join(titles[name] for name in found.hangs_on)
        click.echo(f"  Not judged, since not chosen or not stated: {named}")


def feasible_in_words(plan: Plan) -> str:
    """The first line of the answer to "which days 0 are possible?"."""
    found, zero = plan.feasible, plan.protocol.zero
    if not any(status == "met" for _, _, status in found.intervals):
        some = " Some need the principal investigator's word." if found.intervals else ""
        return f"No {zero} keeps every rule.{some}"
    return f"{plan.protocol.label(0)} can be {spell_range(found.earliest, found.latest)}."
