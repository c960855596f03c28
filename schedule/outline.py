"""A protocol as a reader wants it: when each thing is done, what each rule asks, and which words are easily misread."""

from collections.abc import Iterator

from schedule.abbreviations import doubted
from schedule.days import plural
from schedule.grammar import AfterActivity, Days, Occurrence
from schedule.protocol import Activity, Protocol


def when_in_words(activity: Activity, found: Protocol) -> str:
    """On which days an activity is done, or which parameter of the site says so."""
    return _days(activity.days, found) if activity.days else f"site parameter {activity.parameter}"


def _days(days: Days, found: Protocol) -> str:
    if isinstance(days, AfterActivity):
        every = f"every {plural(days.step, days.step_unit)} x {days.times} from " if days.times > 1 else ""
        which = "" if days.which == "first" else f"{days.which} "
        slack = f" ±{plural(days.tolerance, 'hours')}" if days.tolerance else f" ±{days.before}" if days.before else ""
        return f"{every}{plural(days.count, days.unit)} after {which}{days.activity}{slack}"
    return ", ".join(_occurrence(occurrence, found) for occurrence in days.occurrences)


def _occurrence(occurrence: Occurrence, found: Protocol) -> str:
    text = found.label(occurrence.offset)
    if occurrence.months:
        text += f" + {occurrence.months} months"
    if occurrence.before or occurrence.after:
        text += f" ({occurrence.before} earlier to {occurrence.after} later)"
    return text


def asked(found: Protocol, rule_id: str) -> Iterator[str]:
    """What a rule asks, bound by bound."""
    rule = found.rules[rule_id]
    for bound in rule.bounds:
        yield "; ".join(map(str, bound.safe)) or f"{bound.point}: shown, or by the site's {bound.window}"
        if bound.literal != bound.safe:
            yield "boundary if only " + ("; ".join(map(str, bound.literal)) or "later events do not forbid it")
    for statement in rule.statements:
        yield f"{statement.kind} {statement.attestation or ''}".strip()


def warnings(found: Protocol) -> list[tuple[str, str]]:
    """Words that are easily misread, each with its place and what to write instead."""
    return [
        (place, f'"{word}" is easily misread - write {instead}')
        for place, text in _printed(found)
        for word, instead in doubted(text)
    ]


def _printed(found: Protocol) -> Iterator[tuple[str, str]]:
    """Every text of the author's own that is printed, with its place."""
    yield "title", found.title
    for course in found.courses.values():
        yield f'course "{course.id}", title', course.title
    for activity in found.activities.values():
        for key in ("title", "unit", "until", "derivation"):
            yield f'activity "{activity.id}", {key}', getattr(activity, key) or ""
    for rule in found.rules.values():
        for key in ("title", "note", "derivation"):
            yield f'rule "{rule.id}", {key}', getattr(rule, key) or ""
        for bound in rule.bounds:
            yield f'rule "{rule.id}", repeat', bound.repeat or ""
            yield f'rule "{rule.id}", note-text', bound.note_text
    for parameter in found.parameters.values():
        yield f'parameter "{parameter.name}", missing', parameter.missing
    for kind, things in (("date", found.dates), ("parameter", found.parameters), ("attestation", found.attestations)):
        for name, thing in things.items():
            yield f'{kind} "{name}", title', thing.title
