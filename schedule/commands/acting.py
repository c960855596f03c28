"""What the acts share: their options, the ledger, doing one with its confirmation, and saying what happened."""

import getpass
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from schedule.commands.common import Command, now, style, table
from schedule.commands.typed import When, as_of_in
from schedule.model.acts import Amend, Deed
from schedule.model.case import Site
from schedule.model.notation import plural
from schedule.model.plan import Plan
from schedule.model.text import to_json
from schedule.pages.change import Notice, notice, notice_values
from schedule.service.acts import Done, Meta, perform, texts_after
from schedule.service.export import export_saved
from schedule.service.inputs import Store, open_ledger, site_time
from schedule.service.printed import printed_before
from schedule.service.revisions import newest, plan_of
from schedule.service.wards import all_wards, codes_on
from schedule.words.undone import WAS_IT_DONE


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


def ward_option(command: Command) -> Command:
    return click.option("--ward", metavar="NAME", default=None, help="The patients of this ward. Default: of all.")(
        command
    )


def codes_named(store: Store, ward: str | None) -> tuple[str, ...]:
    """The codes of the patients of a ward that was named, or of all. UsageError where there is no such ward."""
    there = all_wards(store)
    if ward is not None and ward not in there:
        named = ", ".join(name for name in there if name)
        raise click.UsageError(f"--ward {ward}: there is no such ward. {f'There is {named}.' if named else ''}".strip())
    return codes_on(store, ward)


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
            "--based-on", type=click.IntRange(1), metavar="N", help="Act only if this is the newest revision."
        ),
        click.option("--as-of", type=When(), metavar="WHEN", help="The site's time that it speaks of. Default: now."),
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
            meta = self.meta(before.site)
            deed = make(before, meta)
            if isinstance(deed, Amend):  # its as-of is a time of the amended site
                meta = self.meta(texts_after(store, before, deed, texts or {})[1])
            dry_run = self.options["dry_run"]
            if severe and not dry_run:
                if not meta.reason.strip():
                    raise click.UsageError('Say why: --reason "…"')
                preview = perform(store, self.code, deed, meta, dry_run=True, texts=texts)
                refused = preview.verdict is not None and not preview.verdict.allowed
                if not refused and not preview.unchanged:
                    meta = replace(meta, based_on=meta.based_on or row.act.revision)
                    self.confirm(store, preview, deed)
                    meta = replace(meta, at=now())
            done = perform(store, self.code, deed, meta, dry_run=dry_run, texts=texts, now=now)
            folder = None
            if done.row is not None:
                folder = export_saved(store, done.row, self.options["out"])
            self.say(store, done, deed, folder)

    def meta(self, site: Site) -> Meta:
        at = now()
        return Meta(
            by=self.options["by"] or getpass.getuser(),
            at=at,
            as_of=as_of_in(site, self.options["as_of"], at),
            site_time=site_time(at, site),
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
        return notice(
            done.before,
            done.after,
            deed,
            done.verdict,
            saved=done.saved,
            as_of=done.after.as_of,
            by=done.row.act.by if done.row else "",
            reason=self.options["reason"],
            printed=printed_before(store, self.code, done.before.revision),
        )

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
        replan = done.verdict is not None and done.verdict.kind == "re-plan" and not done.unchanged
        if refused or (replan and done.after.violated):
            click.get_current_context().exit(1)


def say_notice(found: Notice) -> None:
    """A change notice on the terminal."""
    click.echo(found.heading)
    if found.in_short and (not found.refusals or found.judged.kind == "decides"):
        click.echo(found.judged.line)
    table([(one.said, one.what, one.when, one.beside) for one in found.said])
    for line in found.refusals:
        click.echo(style(f"  Not allowed: {line}", "violated"))
    if found.refusals:
        return
    if found.banner:
        click.echo(style(found.banner, "violated"))
    _lines(WAS_IT_DONE, found.past)
    if found.past and found.summary:
        click.echo()
    for line in found.summary:
        click.echo(f"  {line}")
    for line in found.in_short:
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
        ("Left undone", found.undone),
        ("Falls on a day off", tuple(": ".join(parts) for parts in found.clashes)),
        ("Tell", found.tell),
    ):
        _lines(title, lines)
    for group in found.void.groups if found.void else ():
        click.echo(f"\nPrinted sheets: {group.title.lower()} ({plural(group.sheets, 'sheets')})\n  {group.about}")
        table([(day, " ".join(checks)) for day, checks in group.days])


def _lines(title: str, lines: Iterable[str]) -> None:
    """A heading and what stands under it; nothing where that is nothing."""
    for number, line in enumerate(lines):
        click.echo(f"  {line}" if number else f"\n{title}\n  {line}")
