"""A file's text -> Protocol, or every mistake in it at once. Sites and patients are read against it.

Nothing is guessed: an unknown key is a mistake with the nearest known one, a value that cannot be read has no
default, and every id that a rule, a course or another activity names must exist.
"""

from schedule.files.checks import check_protocol_id, is_known, printed_text
from schedule.files.grammar import read_window
from schedule.files.protocol_activities import Activities
from schedule.files.protocol_limits import check_places, check_size
from schedule.files.protocol_names import Names
from schedule.files.protocol_points import Points
from schedule.files.protocol_rules import Rules
from schedule.files.table import Table, tables_of
from schedule.model.errors import InputError, Mistake, Where
from schedule.model.notation import MonthRule, Numbering
from schedule.model.protocol import Protocol
from schedule.model.text import sha256

_NUMBERINGS: tuple[Numbering, ...] = ("day-zero", "day-one")
_MONTH_RULES: tuple[MonthRule, ...] = ("next-first", "clamp")


def read_protocol(text: str, name: str) -> Protocol:
    """The protocol in `text`; `name` is what messages call the file. InputError with every mistake there is."""
    mistakes: list[Mistake] = []
    top = Table(tables_of(text, name), Where(file=name), mistakes)
    top.has_format_1()
    check_size(top)
    numbering: Numbering = top.choice("numbering", _NUMBERINGS) or "day-zero"
    months: MonthRule = top.choice("months", _MONTH_RULES) or "next-first"
    names = Names(top)
    activities, origin = Activities(top, names, numbering), 0
    check_places(top, activities.found, names.cycles.count if names.cycles else 1)
    day_zero = top.text("day-zero", required=True)
    if day_zero and is_known(top, "day-zero", day_zero, activities.found, "activity"):
        origin = activities.count_from(day_zero)

    def window(text: str) -> tuple[int, int]:
        first, last = read_window(text, numbering)
        return first - origin, last - origin

    points = Points(names, activities.found)
    rules = Rules(top, names, activities.found, points, window)
    version_date = top.day("date", required=True)
    values = {
        "id": top.text("id", required=True),
        "title": printed_text(top, "title"),
        "version": top.text("version", required=True),
        "jurisdiction": top.text("jurisdiction", required=True),
    }
    check_protocol_id(top, values["id"])
    top.close()
    if mistakes or version_date is None:
        raise InputError(*mistakes)
    return Protocol(
        **values,
        date=version_date,
        sha256=sha256(text),
        numbering=numbering,
        months=months,
        day_zero=day_zero,
        dates=names.dates,
        parameters=names.parameters,
        attestations=names.attestations,
        courses=names.courses,
        activities=activities.found,
        rules=rules.found,
        in_bounds=frozenset(points.in_bounds),
        choices=names.choices,
        cycles=names.cycles,
        origin=origin,
    )
