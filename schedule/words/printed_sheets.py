"""What to think of a printed sheet that somebody holds in their hands, and what to do with it."""

from typing import NamedTuple, assert_never

from schedule.model.acts import Act
from schedule.words.acts import act_in_words
from schedule.words.remedies import Edge
from schedule.words.void import Fate


class NameOfSheet(NamedTuple):
    """Whose sheet it is, of which day, printed from which revision."""

    code: str
    on: str
    revision: int
    donor: bool

    def __str__(self) -> str:
        return f"{'donor of ' if self.donor else ''}{self.code}, {self.on}, revision {self.revision}"


def current_sheet(name: NameOfSheet, newest: Act) -> str:
    """A sheet that is as the newest revision would print it."""
    if newest.revision == name.revision:
        return f"CURRENT: {name}."
    return f"CURRENT: {name}. {_newest(newest)}, and prints this sheet alike."


def void_sheet(
    name: NameOfSheet,
    fate: Fate,
    changed_by: Act,
    newest: Act,
    edge: Edge,
    *,
    anew: bool,
) -> str:
    """A sheet that would print otherwise since the act `changed_by`, or no more where there is none `anew`; `newest` is
    the last act."""
    why = f"Revision {changed_by.revision} ({act_in_words(changed_by.kind)} by {changed_by.by}) changed that day"
    why = f"{why}." if changed_by.revision == newest.revision else f"{why}. {_newest(newest)}."
    print_it = f"Print anew: dayzero print {newest.code} --pdf" if edge == "terminal" else "Print the new one"
    then = f"{print_it}." if anew else "There is no new one: nothing is planned on that day any more."
    match fate:
        case "replace":
            written = "If anything is written on this one, cross it through and keep it."
            return f"VOID: {name}. {why} {then} {written}"
        case "cross-through":
            return f"VOID: {name}. {why} Cross it through and keep it: it is a record. {then}"
        case "leave":
            return f"OF A DAY PAST: {name}. {why} Leave it in the chart: it is the record of what was done."
        case _:
            assert_never(fate)


def _newest(act: Act) -> str:
    return f"Revision {act.revision} of {act.at:%Y-%m-%d %H:%M} UTC is the newest"
