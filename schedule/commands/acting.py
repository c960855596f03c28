"""What the acts share: the ledger, doing one with its confirmation, and saying what happened."""

import getpass
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from schedule.commands.clock_asked import sure_of_clock
from schedule.commands.common import now, running, style, table
from schedule.commands.opened import opened
from schedule.commands.options import store_path
from schedule.commands.typed import as_of_in
from schedule.model.acts import Amend, Deed
from schedule.model.case import Site
from schedule.model.kept import Row
from schedule.model.notation import plural
from schedule.model.plan import Plan
from schedule.model.text import to_json
from schedule.pages.change import Notice, notice, notice_values
from schedule.service.acts import perform, texts_after
from schedule.service.create import Done, Meta
from schedule.service.export import export_saved
from schedule.service.inputs import site_time
from schedule.service.place import Store
from schedule.service.printed import printed_before
from schedule.service.revisions import newest, stored_plan
from schedule.service.sent_twice import just_done
from schedule.words.undone import WAS_IT_DONE


class Acting:
    """One act from the command line: opens the ledger, does it, writes the files, says what happened."""

    def __init__(self, code: str, options: Mapping[str, Any]) -> None:
        self.code, self.options = code, options
        self.store = opened(store_path(options["store"]))

    def run(
        self, make: Callable[[Plan, Meta], Deed], *, texts: Mapping[str, str] | None = None, severe: bool = False
    ) -> None:
        with self.store as store:
            row = newest(store, self.code)
            before = stored_plan(store, row)
            meta = self.meta(before.site)
            deed = make(before, meta)
            if isinstance(deed, Amend):  # its as-of is a time of the amended site
                meta = self.meta(texts_after(store, before, deed, texts or {})[1])
            dry_run = self.options["dry_run"]
            if not dry_run:
                meta = sure_of_clock(store, meta, before.site, said=self.options["clock_is_right"])
                again = just_done(store, self.code, deed, meta)
                if again is not None:
                    self.say_again(store, again)
                    return
            if severe and not dry_run:
                if not meta.reason.strip():
                    raise click.UsageError('Say why: --reason "…"')
                preview = perform(store, self.code, deed, meta, dry_run=True, texts=texts)
                refused = preview.verdict is not None and not preview.verdict.allowed
                if not refused and not preview.unchanged:
                    meta = replace(meta, based_on=meta.based_on or row.act.revision)
                    self.confirm(store, preview, deed)
                    meta = replace(meta, at=now(), running=running())
            done = perform(store, self.code, deed, meta, dry_run=dry_run, texts=texts, now=now)
            folder = None
            if done.row is not None:
                folder = export_saved(store, done.row, self.options["out"])
            self.say(store, done, deed, folder)

    def say_again(self, store: Store, row: Row) -> None:
        """The act was kept when it was asked for the first time; its files are written, if they were not."""
        folder = export_saved(store, row, self.options["out"])
        if self.options["as_json"]:
            values = {"saved": True, "revision": row.act.revision, "folder": str(folder)}
            click.echo(to_json(values), nl=False)
            return
        click.echo(
            f"{self.code}: this was saved already, as revision {row.act.revision} at {row.act.at:%H:%M} UTC. "
            "It was not done twice."
        )
        click.echo(f"Files: {folder}")

    def meta(self, site: Site) -> Meta:
        at = now()
        return Meta(
            by=self.options["by"] or getpass.getuser(),
            at=at,
            as_of=as_of_in(site, self.options["as_of"], at),
            site_time=site_time(at, site),
            reason=self.options["reason"],
            based_on=self.options["based_on"],
            running=running(),
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
    worse = found.findings and found.judged.kind != "allowed"
    if (found.in_short or worse) and (not found.refusals or found.judged.kind == "decides"):
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
