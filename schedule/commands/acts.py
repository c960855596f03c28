"""record, fact, attest, rule, slip, amend, note, cancel: what changes a stored patient's plan."""

import getpass
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from schedule.commands.common import now, read_when, style, table
from schedule.model.acts import CAUSES, OUTCOMES, Cancel, Choose, Deed, Move, Note
from schedule.model.case import NEVER
from schedule.model.dates import WallTimeError, at_wall_time
from schedule.model.errors import ClockBehind, InputError, Mistake, Place
from schedule.model.notation import plural, read_date
from schedule.model.plan import DayZero, Outcome, Plan
from schedule.model.text import sha256, to_json
from schedule.pages.change import Notice, notice, notice_values
from schedule.service.acts import Done, Meta, amend_of, attest_of, fact_of, hour_of, perform, record_of, ruling_of
from schedule.service.export import export_saved
from schedule.service.inputs import Store, open_ledger, read_file, site_time
from schedule.service.revisions import newest, plan_of, revision_of
from schedule.service.startup import ready
from schedule.words.dates import wall_time_in_words

Command = TypeVar("Command", bound=Callable[..., Any])


def store_path(given: Path | None) -> Path:
    """Where the ledger lies: --store, DAYZERO_STORE (click reads it), else the user's data folder."""
    return given or Path(click.get_app_dir("dayzero", roaming=False)) / "dayzero.sqlite"


def store_option(command: Command) -> Command:
    return click.option(
        "--store",
        type=click.Path(path_type=Path),
        envvar="DAYZERO_STORE",
        metavar="FILE",
        help="The ledger. Default: in your data folder.",
    )(command)


def out_option(command: Command) -> Command:
    return click.option(
        "--out", type=click.Path(path_type=Path), default=Path("dayzero-out"), show_default=True, metavar="DIR"
    )(command)


def act_options(command: Command) -> Command:
    """What every act takes: who, why, as of when, on which revision, and whether it is only to be tried."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the change as JSON."),
        click.option("--dry-run", is_flag=True, help="Say what would happen; save nothing."),
        click.option(
            "--based-on", type=click.IntRange(1), metavar="N", help="Refuse if the newest revision is another."
        ),
        click.option("--as-of", metavar="WHEN", help="The site's wall time that the act speaks of. Default: now."),
        click.option("--reason", default="", help="Why; kept in the history."),
        click.option("--by", default=None, help="Who acts. Default: the user of this computer."),
        out_option,
        store_option,
    ):
        command = option(command)
    return command


def confirm_option(command: Command) -> Command:
    return click.option("--confirm", metavar="CODE", help="The patient's code again, instead of typing it.")(command)


class Acting:
    """One act from the command line: opens the ledger, does it, writes the files, says what happened."""

    def __init__(self, code: str, options: Mapping[str, Any]) -> None:
        self.code, self.options = code, options
        self.store = open_ledger(store_path(options["store"]))

    def run(
        self, make: Callable[[Plan, Meta], Deed], *, texts: Mapping[str, str] | None = None, severe: bool = False
    ) -> None:
        with self.store as store:
            row = newest(store, self.code)
            before = plan_of(store, row)
            meta = self.meta(before)
            deed = make(before, meta)
            dry_run = self.options["dry_run"]
            if severe and not dry_run:
                if not meta.reason.strip():
                    raise click.UsageError('Say why: --reason "…"')
                preview = perform(store, self.code, deed, meta, dry_run=True, texts=texts)
                needless = preview.verdict is not None and (preview.verdict.unchanged or not preview.verdict.allowed)
                if not needless:
                    meta = replace(meta, based_on=meta.based_on or row.act.revision)
                    self.confirm(store, preview, deed)
                    meta = replace(meta, at=now())
            try:
                done = perform(store, self.code, deed, meta, dry_run=dry_run, texts=texts)
            except ClockBehind:  # somebody else's act came between; once more, with the time it is now
                done = perform(store, self.code, deed, replace(meta, at=now()), dry_run=dry_run, texts=texts)
            folder = None
            if done.row is not None:
                folder = export_saved(store, done.row, self.options["out"])
            self.say(store, done, deed, folder)

    def meta(self, plan: Plan) -> Meta:
        at = now()
        ready(at)
        site_now = site_time(at, plan.site)
        as_of = read_when(self.options["as_of"]) if self.options["as_of"] else site_now
        by = self.options["by"] or getpass.getuser()
        return Meta(
            by=by,
            at=at,
            as_of=as_of,
            site_time=site_now,
            reason=self.options["reason"],
            based_on=self.options["based_on"],
        )

    def confirm(self, store: Store, preview: Done, deed: Deed) -> None:
        typed = self.options["confirm"]
        if typed is None:
            if not sys.stdin.isatty():
                raise click.UsageError(f"Confirm it: --confirm {self.code}. Nothing was saved.")
            say_notice(self.notice(store, preview, deed))
            typed = click.prompt(f"Type the code {self.code} to do this", err=True)
        if typed != self.code:
            raise click.UsageError(f"{typed!r} is not {self.code}. Nothing was saved.")

    def notice(self, store: Store, done: Done, deed: Deed) -> Notice:
        assert done.before is not None
        before_row = revision_of(store, self.code, done.before.revision)
        when = done.row.act.at if done.row else now()
        return notice(
            done.before, done.after, deed, done.verdict, saved=done.saved, as_of=done.after.as_of,
            made=(before_row.act.at, when), by=done.row.act.by if done.row else "", reason=self.options["reason"],
        )  # fmt: skip

    def say(self, store: Store, done: Done, deed: Deed, folder: Path | None) -> None:
        assert done.before is not None
        refused = done.verdict is not None and not done.verdict.allowed
        if self.options["as_json"]:
            values = notice_values(done.before, done.after, done.verdict, saved=done.saved)
            click.echo(to_json({**values, "folder": str(folder) if folder else None}), nl=False)
        else:
            say_notice(self.notice(store, done, deed))
            if folder is not None:
                click.echo(f"Files: {folder}")
        replan = done.verdict is not None and done.verdict.kind == "re-plan" and not done.verdict.unchanged
        if refused or (replan and done.after.violated):
            click.get_current_context().exit(1)


def say_notice(found: Notice) -> None:
    """A change notice on the terminal."""
    click.echo(found.heading)
    for line in found.refusals:
        click.echo(style(f"  Not allowed: {line}", "violated"))
    if found.refusals:
        return
    if found.banner:
        click.echo(style(found.banner, "violated"))
    for line in found.summary:
        click.echo(f"  {line}")
    moves = tuple((label, f"{was} -> {now_}", what) for label, what, was, now_ in found.moves)
    stays = tuple((label, where, what) for label, what, where in found.stays)
    sections: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
        ("Moves", moves),
        ("Stays", stays),
        ("New", found.added),
        ("No longer planned", found.vanished),
    )
    for title, rows in sections:
        if rows:
            click.echo(f"\n{title}")
            table(rows)
    if found.findings:
        click.echo("\nRules that change")
        table([(ref, f"{was or 'new'} -> {now_}", title) for ref, title, was, now_ in found.findings])
    for title, lines in (
        ("To be repeated", found.repeats),
        ("To be asked", found.queries),
        ("Falls on a day off", tuple(": ".join(parts) for parts in found.clashes)),
        ("Tell", found.tell),
    ):
        if lines:
            click.echo(f"\n{title}")
            for line in lines:
                click.echo(f"  {line}")
    if found.void:
        click.echo(
            f"\nDestroy the printed sheets of revision {found.void.revision}: {found.void.days} ({plural(len(found.void.pages), 'sheets')})"
        )


def moment(plan: Plan, text: str, key: str) -> DayZero:
    """A typed date, or date and hour in the site's zone. InputError for an hour that the clocks do not show."""
    offset = None
    if match := re.fullmatch(r"(.+\d\d:\d\d)([+-])(\d\d):(\d\d)", text.strip()):
        text = match[1]
        offset = timedelta(hours=int(match[3]), minutes=int(match[4])) * (-1 if match[2] == "-" else 1)
    found = read_when(text)
    if ":" not in text:
        return DayZero(on=found.date())
    if plan.site.zone is None:
        raise InputError(
            Mistake(
                place=Place(file=key),
                message="an hour needs the site's time zone",
                remedy="amend the plan with a site file",
            )
        )
    try:
        return DayZero(on=found.date(), at=at_wall_time(found.date(), found.time(), plan.site.zone, offset))
    except WallTimeError as error:
        raise InputError(
            Mistake(
                place=Place(file=key),
                message=wall_time_in_words(error.fault),
                remedy="write a time that the clocks show once, or add its offset",
            )
        ) from error


@click.command()
@click.argument("code")
@click.argument("event")
@click.argument("outcome", type=click.Choice(OUTCOMES))
@click.option("--at", "when", required=True, metavar="WHEN", help="When it was: 2026-06-10 or '2026-06-10 09:10'.")
@act_options
def record(code: str, event: str, outcome: Outcome, when: str, **options: Any) -> None:
    """Record that an event was given, done or held. The recorded start of the infusion becomes day 0.

    \b
    dayzero record CIML-017 fludarabine-1 given --at '2026-06-10 09:10'
    dayzero record CIML-017 il2-3 held --at 2026-06-20 --reason "creatinine"
    """

    def deed(plan: Plan, meta: Meta) -> Deed:
        return record_of(event.lower(), outcome, moment(plan, when, "--at"), meta.reason)

    Acting(code, options).run(deed)


@click.command()
@click.argument("code")
@click.argument("name")
@click.argument("value", metavar="DATE|never")
@click.option("--instead", is_flag=True, help="Forget the dates that this test had before.")
@act_options
def fact(code: str, name: str, value: str, instead: bool, **options: Any) -> None:
    """Enter a known date of the patient, or the missing hour of planned day 0.

    \b
    dayzero fact CIML-017 organ-function 2026-06-05
    dayzero fact CIML-017 dli-last never
    dayzero fact CIML-017 planned-day-zero '2026-06-15 10:00'

    Another date of a test is added: each rule is served by the test that serves it best. Other dates are replaced.
    """

    def deed(plan: Plan, meta: Meta) -> Deed:
        if name == "planned-day-zero":
            return hour_of(moment(plan, value, name), value)
        if value == "never":
            return fact_of(name, NEVER, instead=True)
        try:
            dates = tuple(read_date(part) for part in value.split(";"))
        except ValueError as error:
            raise InputError(
                Mistake(place=Place(file=name), message=str(error), remedy='write 2026-03-12, or "never"')
            ) from error
        return fact_of(name, dates, instead=instead)

    Acting(code, options).run(deed)


@click.command()
@click.argument("code")
@click.argument("name")
@click.option("--on", "when", metavar="DATE", default=None, help="The date it was attested on. Default: as-of.")
@act_options
def attest(code: str, name: str, when: str | None, **options: Any) -> None:
    """Attest a statement about the patient, by the name that “dayzero protocol show” lists.

    \b
    dayzero attest CIML-017 no-cardiac-change
    """

    def deed(plan: Plan, meta: Meta) -> Deed:
        on = read_when(when).date() if when else meta.as_of.date()
        return attest_of(plan, name, on, meta.by, meta.as_of)

    Acting(code, options).run(deed)


@click.command()
@click.argument("code")
@click.argument("name")
@click.argument("option")
@act_options
def choose(code: str, name: str, option: str, **options: Any) -> None:
    """Choose an option of what is decided for each patient, by the names that “dayzero protocol show” lists.

    \b
    dayzero choose CART-004 indication dlbcl
    """
    Acting(code, options).run(lambda plan, meta: Choose(name=name, option=option))


@click.command()
@click.argument("code")
@click.argument("rule_id", metavar="RULE")
@click.argument("outcome", type=click.Choice(["allowed", "not-allowed"]))
@click.option(
    "--for",
    "day_zero",
    metavar="WHEN",
    default=None,
    help="The day 0 that the ruling speaks of. Default: the present one.",
)
@confirm_option
@act_options
def rule(code: str, rule_id: str, outcome: Any, day_zero: str | None, **options: Any) -> None:
    """Enter the principal investigator's ruling on a rule, for one day 0. Needs --reason.

    \b
    dayzero rule CIML-017 T14 allowed --for '2026-06-17 10:00' --by PI --reason "marrow of 18-May accepted"
    """

    def deed(plan: Plan, meta: Meta) -> Deed:
        on = moment(plan, day_zero, "--for").on if day_zero else None
        return ruling_of(plan, rule_id, outcome, by=meta.by, as_of=meta.as_of, reason=meta.reason, day_zero=on)

    Acting(code, options).run(deed, severe=True)


@click.command()
@click.argument("code")
@click.option("--to", "to", required=True, metavar="WHEN", help="The new day 0: '2026-06-17 10:00', or a date.")
@click.option("--cause", type=click.Choice(CAUSES), default="other", show_default=True)
@click.option("--repeat", is_flag=True, help="Lymphodepletion is given once more before the new day 0.")
@confirm_option
@act_options
def slip(code: str, to: str, cause: Any, repeat: bool, **options: Any) -> None:
    """Move day 0: a re-plan before lymphodepletion has begun, a slip after. Try it with --dry-run first.

    \b
    dayzero slip CIML-017 --to '2026-06-17 10:00' --cause illness --dry-run
    dayzero slip CIML-017 --to '2026-06-17 10:00' --cause illness --reason "fever" --confirm CIML-017

    Refused: ends with 1, names the rule, saves nothing.
    """
    Acting(code, options).run(
        lambda plan, meta: Move(to=moment(plan, to, "--to"), cause=cause, repeat=repeat), severe=True
    )


@click.command()
@click.argument("code")
@click.option("--protocol", "protocol", type=click.Path(path_type=Path), default=None, metavar="FILE")
@click.option("--site", "site", type=click.Path(path_type=Path), default=None, metavar="FILE")
@confirm_option
@act_options
def amend(code: str, protocol: Path | None, site: Path | None, **options: Any) -> None:
    """Take an amended protocol or site file for this patient; --dry-run shows the dates it would change.

    \b
    dayzero amend CIML-017 --site our-site-v2.toml --dry-run
    """
    if protocol is None and site is None:
        raise click.UsageError("Name what is amended: --protocol FILE, --site FILE, or both.")
    found = [read_file(path) if path else None for path in (protocol, site)]
    texts = {sha256(text): text for text in found if text is not None}
    Acting(code, options).run(lambda plan, meta: amend_of(plan, *found), texts=texts, severe=True)


@click.command()
@click.argument("code")
@click.argument("text")
@act_options
def note(code: str, text: str, **options: Any) -> None:
    """Add words to the history; no date hangs on them.

    \b
    dayzero note CIML-017 "cell lab told at 14:20"
    """
    Acting(code, options).run(lambda plan, meta: Note(text=text))


@click.command()
@click.argument("code")
@confirm_option
@act_options
def cancel(code: str, **options: Any) -> None:
    """Give the plan up: the history stays, the calendar entries are struck. Needs --reason.

    \b
    dayzero cancel CIML-017 --reason "withdrawn" --confirm CIML-017
    """
    Acting(code, options).run(lambda plan, meta: Cancel(), severe=True)
