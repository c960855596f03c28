"""protocol new: asks an author what a trial says, and writes a commented protocol file."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from schedule.files.new_protocol import file_of
from schedule.files.protocol_draft import GROUPS, MISSING, MORE, OPEN, SOURCE, TOP, Asked, Group, read_draft
from schedule.files.protocol_file import read_protocol
from schedule.files.table import tables_of
from schedule.model.errors import InputError, NotDone
from schedule.model.notation import plural
from schedule.service.inputs import read_file

ITEM_OPTIONS = {
    "lymphodepletion": "lymphodepletion",
    "treatment": "treatments",
    "visit": "visits",
    "test": "tests",
    "washout": "washouts",
}


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for every question, in the order in which they are asked."""
    made = [
        click.option(f"--{asked.key}", metavar="TEXT", help=f"{asked.words}, such as {asked.example}.") for asked in TOP
    ]
    made += [
        click.option(f"--source-{asked.key}", metavar="TEXT", help=f"{asked.words}, such as {asked.example}.")
        for asked in SOURCE
    ]
    for name, key in {"infusion": "infusion", **ITEM_OPTIONS}.items():
        group = next(group for group in GROUPS if group.key == key)
        example = f"{group.title.example}: {group.when.example}"
        words = f"{group.title.words}, as 'TITLE: {group.when.key.upper()}' or 'TITLE: {group.when.key.upper()}: QUOTE'"
        made.append(
            click.option(f"--{name}", metavar="TEXT", multiple=group.several, help=f"{words}, such as '{example}'.")
        )
    made.append(
        click.option(
            "--delay", metavar="TEXT", help="How far the cells may be delayed: 7 days, 48 hours or not stated."
        )
    )
    for option in reversed(made):
        command = option(command)
    return command


@click.command("new")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--answers", type=click.Path(path_type=Path), metavar="FILE", help="Answers in a TOML file.")
@click.option("--no-input", is_flag=True, help="Ask nothing: what is not answered stays open in the file.")
@_options
def new(file: Path | None, answers: Path | None, no_input: bool, **given: Any) -> None:
    """Ask what a trial says, one short question at a time, and write a commented protocol file.

    \b
    dayzero protocol new our-trial.toml
    dayzero protocol new our-trial.toml --answers answers.toml
    dayzero protocol new our-trial.toml --no-input

    Enter leaves a question open; “not stated” says that the source leaves it open. Nothing is filled in for you: an open question
    stands in the file as a comment, and “dayzero protocol lint” names it. A file that is there already is never overwritten.
    """
    data: dict[str, Any] = tables_of(read_file(answers), answers.name) if answers is not None else {}
    for key, value in _given(given).items():
        data[key] = {**data[key], **value} if isinstance(value, dict) and isinstance(data.get(key), dict) else value
    read_draft(data, answers.name if answers is not None else "answers")
    if not no_input and sys.stdin.isatty():
        _ask(data)
    draft = read_draft(data, "answers")
    path = file or Path(f"{draft.top['id'].lower() or 'our-trial'}.toml")
    text = file_of(draft)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as out:
            out.write(text)
    except FileExistsError as error:
        raise NotDone(f"{path}: there is one already. Name another file, or move that one away.") from error
    except OSError as error:
        raise NotDone(f"{path}: could not be written ({error.strerror}).") from error
    try:
        read_protocol(text, path.name)
    except InputError as error:
        left = f"{plural(len(error.mistakes), 'places')} in it still open"
    else:
        left = "nothing in it is open"
    click.echo(f"Wrote {path}: {left}. Next: dayzero protocol lint {path}")


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that stand on the command line."""
    data: dict[str, Any] = {asked.key: options[asked.key] for asked in TOP if options[asked.key]}
    source = {one.key: options[f"source_{one.key}"] for one in SOURCE if options[f"source_{one.key}"]}
    if source:
        data["source"] = source
    if options["infusion"]:
        data["infusion"] = _parted(options["infusion"], "days")
    for name, key in ITEM_OPTIONS.items():
        if options[name]:
            when = next(group.when.key for group in GROUPS if group.key == key)
            data[key] = [_parted(text, when) for text in options[name]]
    if options["delay"]:
        data["delay"] = {"limit": options["delay"]}
    return data


def _parted(text: str, when: str) -> dict[str, str]:
    parts = [part.strip() for part in text.split(":", 2)]
    return {key: part for key, part in zip(("title", when, "quote"), parts, strict=False) if part}


def _ask(data: dict[str, Any]) -> None:
    """Ask whatever has no answer yet, each question until its answer can be one."""
    click.echo("Enter leaves a question open. “not stated” says that the source leaves it open.\n")
    for asked in TOP:
        _one(data, data, asked)
    source = data.setdefault("source", {})
    for asked in SOURCE:
        _one(data, source, asked)
    for group in GROUPS:
        if not group.several:
            _item(data, group, data.setdefault(group.key, {}))
        elif group.key not in data:
            rows: list[dict[str, str]] = data.setdefault(group.key, [])
            while _item(data, group, row := _appended(rows)):
                pass
            rows.remove(row)


def _appended(rows: list[dict[str, str]]) -> dict[str, str]:
    rows.append({})
    return rows[-1]


def _item(data: dict[str, Any], group: Group, row: dict[str, str]) -> bool:
    """Ask for one thing of a group; False if there is none."""
    if group.title.words and not _one(data, row, group.title, end="no more" if group.several else "later"):
        return not group.several
    answer = _one(data, row, group.when)
    asked: Sequence[Asked] = MORE
    if answer == OPEN:
        asked = () if group.key in ("infusion", "washouts", "delay") else (MISSING, *MORE)
    for one in asked:
        _one(data, row, one)
    return True


def _one(data: dict[str, Any], table: dict[str, Any], asked: Asked, end: str = "later") -> str:
    """The answer to one question; empty if it is left open. One that cannot be is told, and asked for again."""
    if table.get(asked.key):
        return str(table[asked.key])
    while True:
        text = click.prompt(
            f"{asked.words}, such as {asked.example} (Enter: {end})", default="", show_default=False
        ).strip()
        if not text:
            return ""
        table[asked.key] = text
        try:
            read_draft(data, "")
        except InputError as error:
            del table[asked.key]
            click.echo(f"  {error.mistakes[0].message} - {error.mistakes[0].remedy}")
            continue
        return str(text)
