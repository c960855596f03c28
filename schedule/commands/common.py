"""What the commands share: the clock, common options, and words on the terminal."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from schedule.commands.typed import When
from schedule.model.notation import spell, spell_clock
from schedule.model.plan import Finding, Plan
from schedule.model.reasons.days_off import DayOff
from schedule.words.day_labels import label_told
from schedule.words.days_off import day_off_in_words
from schedule.words.findings import feasible_in_words, feasible_lines, finding_in_words, is_at_rest, ranked
from schedule.words.gaps import lack_in_words
from schedule.words.places import beside, spell_window
from schedule.words.statuses import status_in_words
from schedule.words.titles import called, full_title

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""What Linux calls one start of the computer."""
THIS_PROCESS = os.urandom(16).hex()

if TYPE_CHECKING:
    from schedule.model.kept import Running
    from schedule.words.publishing import ChannelLine

Command = TypeVar("Command", bound=Callable[..., Any])

STYLES: dict[str, dict[str, Any]] = {
    "violated": {"fg": "red", "bold": True},
    "boundary": {"fg": "magenta", "bold": True},
    "due": {"fg": "yellow", "bold": True},
}


def exit_code(plan: Plan) -> int:
    """1 where a rule is violated, or where day 0 cannot be judged since a date is missing that lies in the past; a test
    may be still to be done. Else 0."""
    dates = plan.protocol.dates
    past = any(name in dates and dates[name].kind != "test" for name in plan.missing)
    return 1 if plan.violated or past else 0


def clock() -> datetime:
    """The computer's clock, UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The moment of this act, UTC, to the second: by the computer's clock, which no environment variable sets."""
    return clock().replace(microsecond=0)


def uptime() -> "Running | None":
    """For how long this computer has been running, asleep or awake: no setting of its clock changes that. Where the
    system does not tell one start from another, the process stands for the computer."""
    from schedule.model.kept import Running  # which commands that keep nothing do without

    try:
        return Running(
            boot=BOOT_ID.read_text(encoding="ascii").strip(), seconds=time.clock_gettime(time.CLOCK_BOOTTIME)
        )
    except (OSError, AttributeError):
        return Running(boot=THIS_PROCESS, seconds=time.monotonic())


def running() -> "Running | None":
    """The same, of the moment of this act; None where it is not to be asked."""
    return uptime()


def made_at() -> datetime:
    """When the files of the demonstration are said to be made, UTC: SOURCE_DATE_EPOCH where it is set, so that they are
    the same bytes, else now."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return now()
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"SOURCE_DATE_EPOCH={epoch!r} is not a number of seconds.") from error


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
        "--as-of",
        type=When(),
        metavar="WHEN",
        help="Judge as of this time of the site, 2026-06-15 or '2026-06-15 10:00'. Default: now.",
    )(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")(command)


def style(text: str, status: str) -> str:
    """The text in its status's style, on a terminal; plain where NO_COLOR is set or the output is a file."""
    if os.environ.get("NO_COLOR") or status not in STYLES:
        return text
    return click.style(text, **STYLES[status])


def _columns() -> int:
    """How wide the terminal is, 110 where there is none; as shutil says, which imports what unpacks archives."""
    try:
        return int(os.environ.get("COLUMNS", "")) or 110
    except ValueError:
        with suppress(OSError, ValueError, AttributeError):
            return os.get_terminal_size(sys.__stdout__.fileno()).columns or 110  # type: ignore[union-attr]
        return 110


def table(rows: Iterable[Sequence[str]], styles: Iterable[str] = ()) -> None:
    """Rows in aligned columns, the last one wrapped under itself."""
    import textwrap

    rows = list(rows)
    if not rows:
        return
    statuses = list(styles) or [""] * len(rows)
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]) - 1)]
    left = sum(widths) + 2 * len(widths)
    width = max(_columns() - left, 30)
    said = []
    for row, status in zip(rows, statuses, strict=True):
        lines = textwrap.wrap(row[-1], width, break_on_hyphens=False) or [""]
        head = "".join(cell.ljust(size) + "  " for cell, size in zip(row, widths, strict=False))
        said += [style((head + lines[0]).rstrip(), status), *(style(" " * left + line, status) for line in lines[1:])]
    click.echo("\n".join(said))


def _day_off(off: DayOff) -> str:
    words = day_off_in_words(off)
    return words.upper() if off.instead is None else words


def say_events(plan: Plan) -> None:
    """The plan, a line for each event; what has no date comes last."""
    rows = []
    for event in plan.events:
        day = spell(event.on) + (f" to {spell(event.last_date)}" if event.last_date else "")
        clock = spell_clock(event.start) if event.start else ""
        notes = [
            called(event),
            *(["donor"] if event.donor else []),
            *(["site's"] if event.provenance == "site" else []),
            *beside(plan, event),
            *([f"window {window}"] if (window := spell_window(event)) else []),
        ]
        rows.append(
            [
                label_told(plan, event),
                day,
                clock,
                "; ".join([*notes, *map(_day_off, event.flags)]),
            ]
        )
    rows += [["", "no date", "", f"{full_title(one.title)}; {lack_in_words(one.gap)}"] for one in plan.undated]
    table(rows)


def say_findings(findings: Iterable[Finding], zero: str, *, everything: bool = True) -> None:
    """The verdicts, those to act on first."""
    rows, statuses = [], []
    for finding in ranked(findings):
        if not everything and is_at_rest(finding):
            continue
        said = status_in_words(finding.status)
        shown = said.upper() if finding.status in STYLES else said
        rows.append([shown, finding.ref, finding_in_words(finding, zero)])
        statuses.append(finding.status)
    table(rows, statuses)


def say_feasible(plan: Plan) -> None:
    """Which days 0 are possible, what limits the earliest, and what is assumed."""
    click.echo(feasible_in_words(plan))
    for line in feasible_lines(plan):
        click.echo(f"  {line}")


def say_channels(lines: Iterable["ChannelLine"], indent: str = "") -> None:
    """How the calendars stand that Dayzero keeps right, a line for each thing."""
    for line in lines:
        click.echo(indent + (style(str(line), "violated") if line.loud else str(line)))
