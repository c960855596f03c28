"""Worked cases as data: how they are read and compared."""

import re

DATES = re.compile(r"\b([A-Z][a-z]{2} \d{1,2}-[A-Z][a-z]{2}-\d{4})")


def iso(day):
    """A date as the rows write it: "" for an open end or a missing date."""
    return day.isoformat() if day is not None else ""


def named(findings):
    """Findings by reference, point and, of a later cycle, its number. Every name occurs once, or the rows would be judged by the wrong one."""
    names = [
        (f"{finding.ref}/{finding.point}" if finding.point else finding.ref)
        + (f" {finding.cycle}" if finding.cycle > 1 else "")
        for finding in findings
    ]
    assert len(set(names)) == len(names)
    return dict(zip(names, findings, strict=True))


def compared(expected, found):
    """Of what was found, the entries that the row speaks of: a name that is not there shows up as a difference."""
    return {name: found.get(name, "no such name") for name in expected}
