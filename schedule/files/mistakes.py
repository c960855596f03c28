"""What is wrong with a file as a whole: it is not there, names what there is not, or has nobody in it."""

from collections.abc import Iterable

from schedule.model.errors import Mistake, PathStep, Where, key_step
from schedule.model.notation import nearest

NEW_PATIENT = "new patient"
STORED_CASE, STORED_PROTOCOL, STORED_SITE = "stored case file", "stored protocol", "stored site file"
AMENDED_PROTOCOL, AMENDED_SITE = "amended protocol", "amended site file"
"""What a mistake names in the place of a file, where the text comes from elsewhere."""


def unreadable(path: str, why: str | None) -> Mistake:
    """A file that is not there (`why` is None), or that the system does not let us read."""
    message = "there is no such file" if why is None else f"cannot be read ({why})"
    return Mistake(place=Where(file=path), message=message, remedy="look at the name and the folder")


def not_utf_8(path: str, line: int) -> Mistake:
    """A list of patients of which a line cannot be read as text."""
    place = Where(file=path, path=(PathStep(f"line {line}"),), line=line)
    return Mistake(place=place, message="it holds a sign that is not UTF-8", remedy="save it as CSV, UTF-8")


def no_such_protocol(named: str, shipped: Iterable[str]) -> Mistake:
    """A case that names no protocol, or one that does not come with Dayzero."""
    return Mistake(
        place=Where(file=f'protocol "{named[:60]}"' if named else "protocol"),
        message="there is none with that name" if named else "is missing",
        remedy=f"{nearest(named.upper(), shipped)}; a file of your own is named by its path, ending in .toml",
    )


def nobody_listed(path: str) -> Mistake:
    """A list or a folder without a patient."""
    remedy = "name a CSV file, a JSON file or a folder of .toml files"
    return Mistake(place=Where(file=path), message="there is no patient in it", remedy=remedy)


def listed_twice(name: str, code: str, earlier: str) -> Mistake:
    """A row with a study code that an earlier one has."""
    message = f"the study code {code} is in {earlier} already"
    return Mistake(place=Where(file=name), message=message, remedy="keep one of them")


def not_planned(code: str, zeros: str) -> Mistake:
    """A case without the planned day 0 that a whole plan needs; `zeros` is what days 0 are called."""
    remedy = f"write planned-day-zero = 2026-06-15; “dayzero feasible” says which {zeros} are possible"
    return Mistake(place=Where(file=code).to(key_step("planned-day-zero")), message="is missing", remedy=remedy)
