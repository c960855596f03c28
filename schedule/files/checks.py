"""What the readers of several files ask of a value: an id, a text that will be printed, a name that there is, days
of a kind.
"""

import re
from collections.abc import Iterable

from schedule.files.abbreviations import doses, unsafe
from schedule.files.look_alikes import look_alike
from schedule.files.table import Table
from schedule.model.notation import nearest
from schedule.model.timing import AfterActivity, Days, times_of

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z", re.ASCII)
RULE_ID = re.compile(r"[A-Z][A-Z0-9]{0,7}(-[A-Za-z0-9]+)*\Z", re.ASCII)
_ID_RULE = "write at most 40 small letters, digits and single hyphens, a letter first, such as nk-infusion"
_RULE_ID_RULE = (
    "write a capital letter, then at most 7 capitals and digits, such as GAP or T25; "
    "more may follow after a hyphen, such as T25-A, 40 characters in all"
)


def check_id(table: Table, name: str, kind: re.Pattern[str] = ID) -> None:
    """An id is lower case and hyphens, at most 40 characters: calendar identities and file names depend on it."""
    if kind.match(name) and len(name) <= 40:
        return
    of_rule = kind is RULE_ID
    wrong = "this is not the id of a rule" if of_rule else "this is not an id"
    message, remedy = look_alike(name) or (wrong, _RULE_ID_RULE if of_rule else _ID_RULE)
    table.mistake("", message, remedy)


def check_protocol_id(table: Table, name: str) -> None:
    """The id of a protocol under `id`: letters, digits and hyphens, at most 40; an empty one is told elsewhere."""
    if name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", name, re.ASCII):
        rule = "write at most 40 letters, digits and hyphens, no hyphen first, such as NCT04024761"
        table.mistake("id", *(look_alike(name) or ("this is not a protocol id", rule)))


def printed_text(table: Table, key: str, *, required: bool = True) -> str:
    """A text of the author's own that will be printed: without unsafe abbreviations and without doses."""
    text = table.text(key, required=required)
    for found, instead in unsafe(text):
        table.mistake(key, f'"{found}" is on the "Do Not Use" list', f"write {instead}")
    for found in doses(text):
        table.mistake(key, f'"{found}" is a dose', "leave it out: doses belong to the signed order")
    return text


def check_known(table: Table, known: Iterable[str]) -> list[str]:
    """The keys of `table` that are known; each other one is noted as a mistake with the nearest."""
    known = tuple(known)
    for key in table.data:
        if key not in known:
            table.mistake(key[:60], *(look_alike(key) or ("the protocol has no such name", nearest(key, known))))
    return [key for key in table.data if key in known]


def is_known(table: Table, key: str, name: str, known: Iterable[str], kind: str) -> bool:
    """Whether there is a `kind` of that name; noted as a mistake at `key` otherwise, unless one is meant whose own id
    is a mistake already. No such id is proposed."""
    known = tuple(known)
    if name in known:
        return True
    if not any(_as_id(one) == name != one for one in known):
        ids = [one for one in known if ID.match(one.partition(".")[0]) or RULE_ID.match(one)]
        table.mistake(key, *(look_alike(name) or (f'there is no {kind} "{name[:60]}"', nearest(name, ids))))
    return False


def _as_id(name: str) -> str:
    """The id that a name was meant to be: in small letters, with single hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))


def why_no_point(days: Days, number: int) -> str | None:
    """Why these days have no `number`-th occurrence, or None. Of days counted from each of another activity, how many
    there are is not known here."""
    if isinstance(days, AfterActivity) and days.which == "each":
        return None
    there = days.times if isinstance(days, AfterActivity) else len(days.occurrences)
    return None if 1 <= number <= there else f"is none of its {there}"


def why_not_first(days: Days, series: Days) -> str | None:
    """Why a series cannot go on from these days, or None: it goes on from one day, or in hours from one hour."""
    if times_of(days) > 1:
        return "are several days; the series goes on from the first alone"
    if isinstance(days, AfterActivity) and days.unit == "hours":
        return None if isinstance(series, AfterActivity) else "has an hour, the series has none"
    return "has no hour, the series goes on by hours" if isinstance(series, AfterActivity) else None


def why_no_span(days: Days) -> str | None:
    """Why these days are not one continuous span, or None."""
    if isinstance(days, AfterActivity):
        return "are dated from another activity"
    offsets = [occurrence.offset for occurrence in days.occurrences]
    is_range = offsets == list(range(offsets[0], offsets[0] + len(offsets)))
    plain = not any(one.window or one.months for one in days.occurrences)
    return None if is_range and plain else "are not one range"


MOST_OF_A_SHORT_NAME = 24


def short_name(table: Table, title: str, taken: Iterable[str], *, of_treatment: bool = False) -> str:
    """What a calendar calls it, where it says so: at most 24 characters, as no other is called; drugs written out."""
    short = printed_text(table, "short", required=False)
    if len(short) > MOST_OF_A_SHORT_NAME:
        table.mistake("short", f"it has {len(short)} characters", f"write {MOST_OF_A_SHORT_NAME} at most")
    if short and short.casefold() in {name.casefold() for name in taken}:
        table.mistake("short", f'"{short}" is taken', "give it a short name of its own")
    words = [word.casefold() for word in re.findall(r"[\w-]+", title)]
    for piece in re.findall(r"[\w-]+", short) if of_treatment else ():
        whole = next((word for word in words if word.startswith(piece.casefold())), "")
        if whole and whole != piece.casefold() and whole not in [word.casefold() for word in short.split()]:
            table.mistake("short", f'"{piece}" abbreviates {whole}', "write the name of a drug out")
    return short
