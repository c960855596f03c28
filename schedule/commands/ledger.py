"""verify, rebuild, backup, restore: what keeps the ledger safe."""

import getpass
from pathlib import Path

import click

from schedule.commands.common import now, running
from schedule.commands.confirmed import confirmed
from schedule.commands.opened import opened
from schedule.commands.options import clock_option, store_option, store_path
from schedule.model.notation import plural
from schedule.service.create import Meta
from schedule.service.place import LedgerPlace
from schedule.service.rebuild import rebuild as put_in_place
from schedule.service.restore import restore as put_back
from schedule.service.startup import ready
from schedule.service.verify import mark, marked
from schedule.service.verify import verify as differences_in
from schedule.words.failures import fault_in_words, link_in_words


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, metavar="DIR", help="Compare the files under DIR, too."
)
@click.option(
    "--since", default=None, metavar="HASH|last", help="Begin after this act, or where the last one found it whole."
)
@store_option
def verify(out: Path | None, since: str | None, store: LedgerPlace | None) -> None:
    """Check that the ledger is whole: the chain of hashes, every date laid out again, and files under --out.

    \b
    dayzero verify --out dayzero-out
    dayzero verify --since last
    """
    path = store_path(store)
    begin = marked(path) if since == "last" else since
    with opened(path) as ledger:
        found = differences_in(ledger, out, begin, place=path)
    for fault in found.faults:
        click.echo(fault_in_words(fault))
    if found.faults:
        click.echo(f"{path}: {plural(len(found.faults), 'differences')}.")
        click.get_current_context().exit(1)
    where = "; the acts up to there were not looked at again" if begin else ""
    click.echo(
        f"{path}: whole{where}. {plural(found.acts, 'acts')}; replaying them gives every revision as it was stored."
    )
    if not mark(path, found.head):
        click.echo(f"Nothing can be written beside it. Next time: --since {found.head}")


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@store_option
def rebuild(codes: tuple[str, ...], store: LedgerPlace | None) -> None:
    """Work out again what the acts gave, of all patients or of those named, and put it in place of what is kept.

    \b
    dayzero rebuild
    dayzero rebuild CIML-017

    No act is changed. For a ledger of which `verify` says that its dates differ from what its acts give.
    """
    path = store_path(store)
    with opened(path) as ledger:
        done = put_in_place(ledger, codes)
    for link in done.differing:
        click.echo(f"  {link_in_words(link)}: differed")
    click.echo(f"{path}: {plural(done.acts, 'revisions')} worked out again, {len(done.differing)} differed.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@store_option
def backup(file: Path, store: LedgerPlace | None) -> None:
    """Write a whole copy of the ledger into a new file.

    \b
    dayzero backup ledger-2026-06-10.sqlite
    """
    with opened(store_path(store)) as ledger:
        ledger.backup(file)
    click.echo(f"Backed up into {file}.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--reason", default="", help="Why; kept in the history.")
@click.option("--by", default=None)
@click.option("--confirm", metavar="WORD", help="The word RESTORE, instead of typing it.")
@clock_option
@store_option
def restore(
    file: Path, reason: str, by: str | None, confirm: str | None, clock_is_right: bool, store: LedgerPlace | None
) -> None:
    """Put a backup in the ledger's place. Revision numbers jump by 100, so that nothing already sent out is higher.

    \b
    dayzero restore backup.sqlite --reason "disk failed" --confirm RESTORE
    """
    if not reason.strip():
        raise click.UsageError('Say why: --reason "…"')
    confirmed("RESTORE", confirm, "Type RESTORE to replace the ledger", nothing="Nothing was changed.")
    at = now()
    ready(at)
    wall = at.replace(tzinfo=None)
    meta = Meta(
        by=by or getpass.getuser(),
        at=at,
        as_of=wall,
        site_time=wall,
        reason=reason,
        running=running(),
        clock_confirmed=clock_is_right,
    )
    done = put_back(store_path(store), file, meta)
    click.echo(f"Restored from {file}: {plural(len(done.made), 'patients')}.")
    if done.kept:
        click.echo(f"The ledger that was there: {done.kept}")
    for code, revision in done.made:
        click.echo(f"  {code}: now revision {revision}. Write its files again: dayzero export {code}")
    for code, first, last in done.gone:
        span = f"revisions {first} to {last} are" if last > first else f"revision {first} is"
        click.echo(
            f"  {code}: {span} not in the backup. Enter again what was recorded since; take away the sheets printed "
            f"from there."
        )
        click.echo(
            f"  {code}: calendar entries made since are not cancelled. Delete the calendar and open the new one; "
            f"change.html says it for each kind."
        )
    for feed in done.doubtful:
        click.echo(
            f"  Feed “{feed.label}”, {feed.code or 'the whole ward'}: answered again. Whether it was revoked since "
            f"the backup "
            "is not known; if it was, revoke it again on the page Calendar feeds."
        )
    for code in done.lost:
        click.echo(f"  {code}: NOT in the backup. Its plan is only in the ledger that was there.")
