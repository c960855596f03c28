"""The three input files, read by tomllib alone into plain records. Nothing is checked beyond what the model needs."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from .grammar import Spot, Unknown, offset, read_days


@dataclass(frozen=True)
class Activity:
    """What gets dates."""

    id: str
    category: str
    base: str  # day-zero, planned-day-zero or a date of kind start
    spots: tuple[Spot, ...]
    cycles: tuple[int, ...]  # the cycles it comes in; empty: it counts through
    course: str | None = None
    who: str = "patient"
    hour: time | None = None
    length: int | None = None  # minutes of its block
    span: int | None = None  # days from the first to the last day of a continuous span


@dataclass
class Text:
    """Protocol, site and choices of one move, put together."""

    zone: ZoneInfo
    months: str
    numbering: str
    anchor: str
    anchor_day: int
    count: int  # cycles
    length: int  # days of a cycle
    activities: dict[str, Activity]
    waiting: dict[str, str]  # activities without days: "parameter" or "choice"
    courses: dict[str, dict]
    dates: dict[str, dict]
    rules: dict[str, dict]
    parameters: dict[str, dict]
    given: dict[str, str]  # what the site gives for parameters
    choices: dict[str, str]
    options: dict[str, list[str]]
    attestations: dict[str, dict] = field(default_factory=dict)


def read_text(protocol: str, site: str, choices: dict[str, str]) -> Text:
    """The text in force: what the protocol says, what the site gives, what was chosen."""
    return _read_text(protocol, site, tuple(sorted(choices.items())))


@lru_cache(maxsize=256)
def _read_text(protocol: str, site: str, chosen: tuple[tuple[str, str], ...]) -> Text:
    """The same, read once."""
    choices = dict(chosen)
    trial, place = tomllib.loads(protocol), tomllib.loads(site)
    own = _section(place, trial["id"])
    given = {**place.get("parameters", {}), **own.get("parameters", {})}
    times = {**place.get("times", {}), **own.get("times", {})}
    numbering, anchor = trial["numbering"], trial["day-zero"]
    first = re.match(r"[+-]?\d+", str(trial["activities"][anchor]["days"]))
    day = offset(first[0], numbering)
    text = Text(
        zone=ZoneInfo(place.get("zone", "UTC")),
        months=trial["months"],
        numbering=numbering,
        anchor=anchor,
        anchor_day=day,
        count=trial.get("cycles", {}).get("count", 1),
        length=_length(trial.get("cycles", {}).get("length", "0 days")),
        activities={},
        waiting={},
        courses=trial.get("courses", {}),
        dates=trial.get("dates", {}),
        rules=trial.get("rules", {}),
        parameters=trial.get("parameters", {}),
        given=given,
        choices=choices,
        options={name: list(c["options"]) for name, c in trial.get("choices", {}).items()},
        attestations=trial.get("attestations", {}),
    )
    for name, entry in trial["activities"].items():
        _activity(text, name, entry, times.get(name))
    for task in [*place.get("tasks", []), *own.get("tasks", [])]:
        spots = read_days(task["days"], numbering, day)
        hour, length = _block(task.get("at"))
        text.activities[task["id"]] = Activity(
            task["id"], "task", "day-zero", tuple(spots), (), who=task.get("who", "patient"), hour=hour, length=length
        )
    _drop_orphans(text)
    return text


def _section(place: dict, trial: str) -> dict:
    """The site's section for one protocol; case does not matter."""
    for name, section in place.get("protocols", {}).items():
        if name.lower() == trial.lower():
            return section
    return {}


def _length(text: str) -> int:
    """The length of a cycle in days."""
    number, unit = text.split()
    return int(number) * (7 if unit.startswith("week") else 1)


def _block(text: str | None) -> tuple[time | None, int | None]:
    """“09:00”, or "22:00 to 02:00": a block may go over midnight, and may end at 24:00."""
    if text is None:
        return None, None
    parts = text.split(" to ")
    start = time.fromisoformat(parts[0])
    if len(parts) == 1:
        return start, None
    hours, minutes = map(int, parts[1].split(":"))
    length = hours * 60 + minutes - start.hour * 60 - start.minute
    return start, length if length > 0 else length + 1440


def applies(only_if: str | list[str] | None, choices: dict[str, str]) -> bool | None:
    """Whether it is for this patient; None while the choice is open."""
    answer: bool | None = True
    for line in [only_if] if isinstance(only_if, str) else only_if or []:
        name, options = line.split(" is ")
        if name not in choices:
            answer = None if answer else answer
        elif choices[name] not in options.split(" or "):
            return False
    return answer


def _activity(text: Text, name: str, entry: dict, block: str | None) -> None:
    """One activity, if it is for this patient and its days are known."""
    mine = applies(entry.get("only-if"), text.choices)
    if mine is False:
        return
    days = entry.get("days")
    if isinstance(days, dict):
        if entry["choice"] not in text.choices:
            mine = None
        days = days.get(text.choices.get(entry["choice"]))
    if mine is None:
        text.waiting[name] = "choice"
        return
    spots = _spots(text, entry, days)
    if spots is None:
        text.waiting[name] = "parameter"
        return
    if spots:
        base = entry.get("from") or text.courses.get(entry.get("course"), {}).get("from", "day-zero")
        hour, length = _block(block)
        long = None
        if entry.get("continuous") or entry.get("until"):
            # "One span from the first day to the last, that day included, instead of an event a day."
            long = spots[-1].lead - spots[0].lead
            spots = spots[:1]
        text.activities[name] = Activity(
            name,
            entry["category"],
            base,
            tuple(spots),
            _cycles(entry.get("cycles")),
            entry.get("course"),
            entry.get("who", "patient"),
            hour,
            length,
            long,
        )


def _spots(text: Text, entry: dict, days: str | None) -> list[Spot] | None:
    """The places of an activity; None where the site has not given its days."""
    own = None if days is None else read_days(days, text.numbering, text.anchor_day)
    if "parameter" not in entry:
        return own
    if entry["parameter"] not in text.given:
        return None
    sited = read_days(text.given[entry["parameter"]], text.numbering, text.anchor_day)
    if own is None:
        return sited
    # "`x 7 after the first` (a series whose first dose the site dates)".
    first = sited[0]
    return [
        Spot(
            first.target,
            first.which,
            first.ends,
            first.lead,
            first.months + s.months,
            first.days + s.days,
            first.minutes + s.minutes,
            first.daily,
            timed=first.timed or s.timed,
        )
        for s in own
    ]


def _cycles(text: str | None) -> tuple[int, ...]:
    """“1 to 3”, "1, 3"."""
    if text is None:
        return ()
    found: list[int] = []
    for part in str(text).split(","):
        ends = [int(n) for n in part.split(" to ")]
        found += range(ends[0], ends[-1] + 1)
    return tuple(found)


def _drop_orphans(text: Text) -> None:
    """What is counted from an activity that is not there for this patient is not there either."""
    while True:
        lost = [
            a.id for a in text.activities.values() if any(s.target and s.target not in text.activities for s in a.spots)
        ]
        if not lost:
            return
        for name in lost:
            text.waiting[name] = "leader"
            del text.activities[name]


def read_case(case: str) -> dict:
    """The case file as it stands."""
    return tomllib.loads(case)


def values_of(entry: object) -> list[str] | str:
    """A known date as "never", or as a list of texts."""
    if entry == "never":
        return "never"
    listed = entry if isinstance(entry, list) else [entry]
    return [
        v.isoformat(sep=" ", timespec="minutes")
        if isinstance(v, datetime)
        else v.isoformat()
        if isinstance(v, date)
        else str(v)
        for v in listed
    ]


def window_of(text: Text, name: str) -> tuple[int, int] | None:
    """The window that the site gives, as days from day 0."""
    if name not in text.given:
        return None
    match = re.fullmatch(r"\s*([+-]?\d+) to ([+-]?\d+)\s*", text.given[name].replace("−", "-"))
    if not match:
        raise Unknown(f"{text.given[name]!r} is not a window")
    first, last = (offset(match[n], text.numbering) - text.anchor_day for n in (1, 2))
    return first, last
