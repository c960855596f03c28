"""channel add | list | test | pause | resume | remove: the calendars that Dayzero keeps right by itself."""

import getpass
import re
from pathlib import Path
from typing import Any, get_args

import click

from schedule.commands.common import Command, now, say_channels
from schedule.commands.opened import opened
from schedule.commands.options import store_option, store_path
from schedule.model.errors import ChannelRefused
from schedule.model.kept import LEVELS
from schedule.model.publishing import Channel, ChannelKind
from schedule.model.reasons.deliveries import SettingWrong
from schedule.service.channels import add_channel, channel_called, pause_channel, remove_channel, resume_channel
from schedule.service.delivering import link_to
from schedule.service.place import LedgerPlace
from schedule.service.standings import publishing_lines, standings

SETTINGS = (
    *("relay", "sender", "user", "secret_file", "replies", "replies_secret_file", "per_minute"),
    *("tenant", "client", "graph_url", "authority"),
)
"""The options that are kept as settings, under their own names."""
MAILBOX = re.compile(r"[^\s@<>\"(),;:\\]+@[A-Za-z0-9.-]+")
RELAY = re.compile(r"(smtp|lmtp)://[A-Za-z0-9.-]+(:\d{1,5})?|lmtp:(//)?/\S+")
CALENDAR = re.compile(r"https?://[^\s@/]+/\S*")
ID = re.compile(r"\S+")
REPLIES = re.compile(r"imap://[^\s/]+@[A-Za-z0-9.-]+(:\d{1,5})?")


@click.group()
def channel() -> None:
    """Keep calendars right by themselves: by mail to a mailbox, or on a CalDAV server. `dayzero deliver` sends.

    \b
    dayzero channel add "Ward calendar" --kind imip --address ward-3@hospital.example
            --relay smtp://relay.hospital.example --sender dayzero@hospital.example
    dayzero channel add "Ward tablet" --kind caldav --address https://cloud.hospital.example/calendars/ward/
            --user ward --secret-file ward.secret
    dayzero channel list
    dayzero channel test "Ward calendar"
    """


def _name(command: Command) -> Command:
    return click.argument("name", metavar="NAME")(command)


@channel.command()
@_name
@click.option("--kind", type=click.Choice(get_args(ChannelKind)), required=True, help="By mail, CalDAV or Graph.")
@click.option("--address", required=True, metavar="MAILBOX-OR-URL", help="The mailbox, or the calendar's address.")
@click.option("--patient", "code", metavar="CODE", default=None, help="One patient's alone. Default: all patients.")
@click.option("--ward", metavar="WARD", default=None, help="The patients of this ward alone.")
@click.option(
    "--level", type=click.Choice(LEVELS), default="minimal", show_default=True,
    help="minimal: code and day alone. steps: drugs and what was given, too; locked phones show titles, and mail "
    "servers log subjects.",
)  # fmt: skip
@click.option("--relay", metavar="smtp://HOST:PORT", help="imip: the hospital's mail relay.")
@click.option("--sender", metavar="ADDRESS", help="imip: who invites. It can never change for these entries.")
@click.option("--people", is_flag=True, help="imip: the mailbox is a person's, which need not answer.")
@click.option("--user", metavar="NAME", help="Who signs in there.")
@click.option("--secret-file", metavar="FILE", help="The password, alone in a file that its owner alone can read.")
@click.option("--replies", metavar="imap://USER@HOST", help="imip: the mailbox to which the answers come.")
@click.option("--replies-secret-file", metavar="FILE", help="imip: that mailbox's password.")
@click.option("--tenant", metavar="ID", help="graph: the hospital's tenant.")
@click.option("--client", metavar="ID", help="graph: the application that Dayzero signs in as.")
@click.option("--graph-url", metavar="URL", help="graph: where a national cloud has its own Graph.")
@click.option("--authority", metavar="URL", help="graph: where a national cloud signs in.")
@click.option("--per-minute", type=click.IntRange(1, 600), help="At most so many messages a minute. Default: imip 20.")
@store_option
def add(name: str, kind: ChannelKind, address: str, store: LedgerPlace | None, **options: Any) -> None:
    """Add a channel, once its calendar has been tried: nothing is kept if that fails, and nothing is left behind there.

    \b
    dayzero channel add "Ward calendar" --kind imip --address ward-3@hospital.example
            --relay smtp://relay.hospital.example --sender dayzero@hospital.example
    """
    asked: dict[str, Any] = {
        "name": name, "kind": kind, "address": address, "by": getpass.getuser(), "at": now(),
        "settings": _settings(kind, address, options),
        **{key: options[key] for key in ("code", "ward", "level")},
    }  # fmt: skip
    made = Channel(id=0, home="", **asked)
    with opened(store_path(store)) as ledger:
        _try(made)
        add_channel(ledger, **asked)
    click.echo(f"{name}: {_shows(made)}. It was tried, and takes what Dayzero sends.")
    click.echo("Now let somebody deliver: dayzero deliver --every 15, or dayzero serve --deliver.")


def _settings(kind: ChannelKind, address: str, options: dict[str, Any]) -> dict[str, str]:
    """The settings by name. ChannelRefused if one is missing, or is not what it must be."""
    found = {name.replace("_", "-"): str(options[name]) for name in SETTINGS if options[name] is not None}
    if options["people"]:
        found["people"] = "yes"
    must = {"--address": (CALENDAR if kind == "caldav" else MAILBOX, address)}
    if kind == "imip":
        must |= {"--relay": (RELAY, found.get("relay", "")), "--sender": (MAILBOX, found.get("sender", ""))}
        must |= {"--replies": (REPLIES, found["replies"])} if "replies" in found else {}
    if kind == "graph":
        must |= {f"--{name}": (ID, found.get(name, "")) for name in ("tenant", "client", "secret-file")}
    for option, (form, value) in must.items():
        if form.fullmatch(value) is None:
            raise ChannelRefused(SettingWrong(setting=option))
    signs_in = "client" if kind == "graph" else "user"
    for user, secret in ((signs_in, "secret-file"), ("replies", "replies-secret-file")):
        if (user in found) != (secret in found):
            raise ChannelRefused(SettingWrong(setting=f"--{secret if user in found else user}"))
    for secret in ("secret-file", "replies-secret-file"):
        if secret in found:
            found[secret] = str(Path(found[secret]).expanduser().absolute())
    return found


def _try(made: Channel) -> None:
    link = link_to(made)
    try:
        link.check()
    finally:
        link.close()


def _shows(one: Channel) -> str:
    return f"{one.kind} to {one.address}, {one.code or one.ward or 'all patients'}, {one.level}"


@channel.command("list")
@store_option
def list_(store: LedgerPlace | None) -> None:
    """List the channels, and say how each stands.

    \b
    dayzero channel list
    """
    with opened(store_path(store)) as ledger:
        at = now()
        found, lines = standings(ledger, at), publishing_lines(ledger, at)
    for one in found:
        click.echo(f"{one.channel.name}: {_shows(one.channel)}")
    say_channels(lines, "  ")
    if not found:
        click.echo("There is no channel.")


@channel.command()
@_name
@store_option
def test(name: str, store: LedgerPlace | None) -> None:
    """Try a channel as far as its calendar, and say in plain words what is wrong. Nothing is left behind there.

    \b
    dayzero channel test "Ward calendar"
    """
    with opened(store_path(store)) as ledger:
        found = channel_called(ledger, name)
    _try(found)
    click.echo(f"{found.name}: {found.address} takes what Dayzero sends.")


@channel.command()
@_name
@store_option
def pause(name: str, store: LedgerPlace | None) -> None:
    """Send nothing more until it is resumed. Everybody is told meanwhile that the calendar may be out of date.

    \b
    dayzero channel pause "Ward calendar"
    """
    with opened(store_path(store)) as ledger:
        found = pause_channel(ledger, channel_called(ledger, name), now())
    click.echo(f"{found.name}: paused. What has changed since does not come there: telephone.")


@channel.command()
@_name
@store_option
def resume(name: str, store: LedgerPlace | None) -> None:
    """Go on after a pause, a restored backup or a moved ledger: the newest state alone goes out.

    \b
    dayzero channel resume "Ward calendar"
    """
    with opened(store_path(store)) as ledger:
        found = resume_channel(ledger, channel_called(ledger, name))
    click.echo(f"{found.name}: resumed. The newest state goes out with the next dayzero deliver.")


@channel.command()
@_name
@click.option("--leave", is_flag=True, help="Let its entries stay in the calendar, where nothing will ever move them.")
@store_option
def remove(name: str, leave: bool, store: LedgerPlace | None) -> None:
    """Take its entries out of the calendar, then remove the channel.

    \b
    dayzero channel remove "Ward calendar"
    """
    with opened(store_path(store)) as ledger:
        found = remove_channel(ledger, channel_called(ledger, name), leave=leave)
    if leave:
        click.echo(
            f"{found.name}: removed. ITS ENTRIES STAY in {found.address} and never move again: delete them there."
        )
    else:
        click.echo(f"{found.name}: its entries are withdrawn with the next dayzero deliver; then it is gone.")
