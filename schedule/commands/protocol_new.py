"""protocol new: asks an author what a trial says, and writes a commented protocol file."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from schedule.model.errors import Mistake
from schedule.model.notation import plural
from schedule.service.inputs import read_tables
from schedule.service.new_protocol import GROUPS, SOURCE, TOP, Question, ask_all, check_answers, write_protocol

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

    Enter leaves a question open; “not stated” says that the source leaves it open. Nothing is filled in for you: an
    open question stands in the file as a comment, and “dayzero protocol lint” names it. A file that is there already is
    never overwritten."""
    data: dict[str, Any] = read_tables(answers) if answers is not None else {}
    for key, value in _given(given).items():
        data[key] = {**data[key], **value} if isinstance(value, dict) and isinstance(data.get(key), dict) else value
    check_answers(data, answers.name if answers is not None else "answers")
    if not no_input and sys.stdin.isatty():
        click.echo("Enter leaves a question open. “not stated” says that the source leaves it open.\n")
        ask_all(data, _ask, _refuse)
    path, still_open = write_protocol(data, file)
    left = f"{plural(still_open, 'places')} in it still open" if still_open else "nothing in it is open"
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


def _ask(asked: Question, is_list: bool) -> str:
    end = "no more" if is_list else "later"
    answer: str = click.prompt(f"{asked.words}, such as {asked.example} (Enter: {end})", default="", show_default=False)
    return answer


def _refuse(mistake: Mistake) -> None:
    click.echo(f"  {mistake.message} - {mistake.remedy}")
