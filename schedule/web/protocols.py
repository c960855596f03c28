"""Protocols to be read, and a protocol file to be checked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, request

from schedule.model.case import NO_SITE
from schedule.model.errors import InputError, Mistake
from schedule.model.moment import Moment
from schedule.model.notation import spell
from schedule.model.plan import Plan
from schedule.model.protocol import Protocol, Quotation, Source
from schedule.model.text import printable
from schedule.pages.overview import overview
from schedule.pages.protocol import sources
from schedule.service.inputs import open_site, sent_text
from schedule.service.protocol_check import Told, told_of
from schedule.service.protocol_check import check_protocol as read_and_lint
from schedule.service.views import example
from schedule.web import ward
from schedule.web.roles import needs
from schedule.words.dates import day_zero_of
from schedule.words.protocol import asked, days_of_activity

routes = Blueprint("protocols", __name__)

MOST_LINES = 5_000
"""Of a file that is shown whole; of a longer one only what stands `BESIDE` a mistake, above and below."""
BESIDE = 10
MOST_SHOWN = 100
"""Mistakes of a file, or things to look at in it, that its page shows."""
EXAMPLE_AHEAD = timedelta(weeks=8)
"""How far ahead the example's day 0 lies: far enough for what comes before it."""


class FileLine(NamedTuple):
    """One line of a checked file, and what is to be mended in it."""

    number: int
    text: str
    mistakes: tuple[str, ...]
    doubts: tuple[str, ...]


class Stated(NamedTuple):
    """An activity or a rule as a row of a table. `words` are the source's own."""

    id: str
    title: str
    asks: tuple[str, ...]
    source: str
    words: str
    more: tuple[str, ...]


@routes.get("/protocols")
@needs("view")
def show_protocols() -> Response:
    return _listed()


def _listed(status: int = 200, errors: Sequence[tuple[str, str]] = ()) -> Response:
    listed = [
        (one.id, one.title, f"{one.version}, {spell(one.date)}. Where it holds: {one.jurisdiction}")
        for one in ward.protocols().values()
    ]
    return ward.show("protocols.html", status, title="Protocols", errors=errors, protocols=listed)


@routes.get("/protocols/<name>")
@needs("view")
def show_protocol(name: str) -> Response:
    found = ward.protocols().get(name)
    if found is None:
        abort(404, "There is no protocol of that name.")
    return ward.show("protocol.html", title=found.id, **_shown(found))


@routes.post("/protocols/check")
@needs("view")
def check_protocol() -> Response:
    sent = request.files.get("file")
    name = printable((sent.filename if sent else None) or "the file")[:60]
    try:
        text = sent_text(sent.stream, name) if sent else None
    except InputError as error:
        return _checked(name, "", told_of(error.mistakes, ""))
    if text is None:
        return _listed(422, [("file", "Choose the protocol file to be checked")])
    checked = read_and_lint(text, name)
    if checked.protocol is None:
        return _checked(name, text, checked.mistakes)
    shown = checked.warnings[:MOST_SHOWN]
    doubts: list[tuple[int | None, str]] = [(_line_of(one) or 1, _words(one.mistake)) for one in shown]
    return ward.show(
        "protocol-checked.html",
        title=f"Checked: {name}",
        name=name,
        whole=(),
        doubts=len(doubts),
        lines=_lines(text, [], doubts) if doubts else (),
        **_shown(checked.protocol),
    )


def _checked(name: str, text: str, mistakes: Sequence[Told]) -> Response:
    """The page of a file that cannot be used: every mistake in the summary, and beside its line."""
    placed = sorted(((_line_of(one), one.mistake) for one in mistakes[:MOST_SHOWN]), key=lambda pair: pair[0] or 0)
    said = [(line, _words(mistake)) for line, mistake in placed]
    if len(mistakes) > MOST_SHOWN:
        said.append((None, f"{len(mistakes) - MOST_SHOWN} more mistakes are not shown: correct these first"))
    errors = [(f"line-{line}" if line else "whole", f"Line {line}: {words}" if line else words) for line, words in said]
    return ward.show(
        "protocol-checked.html",
        422,
        title=f"Checked: {name}",
        errors=errors,
        name=name,
        protocol=None,
        doubts=0,
        whole=tuple(words for line, words in said if line is None),
        lines=_lines(text, said, []),
    )


def _line_of(one: Told) -> int | None:
    """The line, counted from 1, that a mistake speaks of; None where it speaks of the file as a whole."""
    return one.mistake.place.line or one.line


def _words(mistake: Mistake) -> str:
    """A mistake without the name of the file, which stands above."""
    place = mistake.place.path_in_words
    return f"{place}: {mistake.message} - {mistake.remedy}" if place else f"{mistake.message} - {mistake.remedy}"


def _lines(
    text: str, mistakes: list[tuple[int | None, str]], doubts: list[tuple[int | None, str]]
) -> tuple[FileLine, ...]:
    """The lines of a file with what is said of each; of a very long one those alone that stand around."""
    wrong, doubted = _at_lines(mistakes), _at_lines(doubts)
    lines = text.rstrip("\n").split("\n")
    shown: Sequence[int] = range(1, len(lines) + 1)
    if len(lines) > MOST_LINES:
        told = [number for number in (*wrong, *doubted) if number is not None]
        around = {number + beside for number in told for beside in range(-BESIDE, BESIDE + 1)}
        shown = sorted(around.intersection(shown))
    return tuple(
        FileLine(number, printable(lines[number - 1]), tuple(wrong.get(number, ())), tuple(doubted.get(number, ())))
        for number in shown
    )


def _at_lines(said: list[tuple[int | None, str]]) -> dict[int | None, list[str]]:
    """What is said, by the line that it is said of."""
    found: dict[int | None, list[str]] = defaultdict(list)
    for line, words in said:
        found[line].append(words)
    return found


def _shown(found: Protocol) -> dict[str, Any]:
    """What the page of a protocol shows, with an example's timeline."""
    plan, note = _example(found)
    quoted = {one.id: one for one in sources(found)}
    return {
        "protocol": found,
        "example": day_zero_of(plan),
        "view": overview(plan),
        "site_note": note,
        "activities": [
            Stated(
                one.id,
                one.title,
                (days_of_activity(one, found),),
                *_quoted(one.quotation, quoted),
                _more(one.derivation),
            )
            for one in found.activities.values()
        ],
        "rules": [
            Stated(
                one.id, one.title, tuple(asked(one)), *_quoted(one.quotation, quoted), _more(one.derivation, one.note)
            )
            for one in found.rules.values()
        ],
        "date": spell(found.date),
        # an address is a link only if it is one that a browser should follow
        "sources": [
            (one.title, one.address if one.address.startswith(("https://", "http://")) else "", spell(one.date))
            for one in quoted.values()
        ],
    }


def _more(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _quoted(quotation: Quotation | None, quoted: Mapping[str, Source]) -> tuple[str, str]:
    """Where the words stand, as the number of the source and a section; and the words."""
    if quotation is None:
        return "", ""
    number = list(quoted).index(quotation.source.id) + 1
    return f"[{number}] {quotation.section}".strip(), quotation.words


def _example(found: Protocol) -> tuple[Plan, str]:
    """The plan of nobody, with day 0 on a Monday some weeks ahead and nothing known; by the site file where it fits."""
    try:
        site, note = open_site(ward.settings().site, found), ""
    except InputError:
        site, note = NO_SITE, "The site file was made for another protocol and is left out here."
    soon = (ward.now() + EXAMPLE_AHEAD).date()
    monday = soon - timedelta(days=soon.weekday())
    return example(found, site, Moment(on=monday), {}, ward.now().replace(tzinfo=None)), note
