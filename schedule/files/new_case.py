"""What is known of a new patient -> the text of a case file, the same text for the same values, which `read_case` reads
back.
"""

import json
from collections.abc import Iterable, Mapping

from schedule.model.case import Attested
from schedule.model.moment import Moment


def write_case(
    code: str,
    protocol: str,
    planned: Moment | None,
    dates: Mapping[str, tuple[Moment, ...]],
    attestations: Mapping[str, Attested],
    choices: Mapping[str, str],
) -> str:
    """The case file, in TOML. `dates` without a date are "never"."""
    lines = ["format = 1", f"code = {quoted(code)}", f"protocol = {quoted(protocol)}"]
    if planned is not None:
        lines.append(f"planned-day-zero = {_moment(planned)}")
    lines += _table("choices", ((name, quoted(option)) for name, option in choices.items()))
    lines += _table("dates", ((name, _dates(days)) for name, days in dates.items()))
    lines += _table("attestations", ((name, _attested(one)) for name, one in attestations.items()))
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text as TOML writes it in double quotes. JSON writes the same, but for DEL, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(name: str, pairs: Iterable[tuple[str, str]]) -> list[str]:
    rows = [f"{key} = {value}" for key, value in pairs]
    return ["", f"[{name}]", *rows] if rows else []


def _moment(found: Moment) -> str:
    """A date, or a wall time; with its offset only where the clocks show it twice."""
    if found.at is None:
        return found.on.isoformat()
    twice = found.at.replace(fold=0).utcoffset() != found.at.replace(fold=1).utcoffset()
    return (found.at if twice else found.at.replace(tzinfo=None)).isoformat(timespec="seconds")


def _dates(found: tuple[Moment, ...]) -> str:
    if len(found) == 1:
        return _moment(found[0])
    return f"[{', '.join(map(_moment, found))}]" if found else '"never"'


def _attested(one: Attested) -> str:
    return f"{{ date = {one.on.isoformat()}, by = {quoted(one.by)} }}" if one.by else one.on.isoformat()
