"""Abbreviations and dose text that have harmed patients, found in a text that will be printed.

The Joint Commission's "Do Not Use" list is refused, the common rows of ISMP's list of error-prone abbreviations
are warned of. Quotations are the source's own words and are not read here.
"""

import re
from functools import cache

_REFUSED = (
    (r"\bq\.?o\.?d\b\.?", re.I, "every other day"),
    (r"\bq\.?d\b\.?", re.I, "daily"),
    (r"(?:\b|(?<=\d))i\.?u\b\.?", re.I, "international units"),
    (r"(?<!i\.)(?:\b|(?<=\d))u\b(?!\.?s)", re.I, "units"),
    (r"\bMSO4\b|\bMS\b", 0, "morphine sulfate, or magnesium sulfate"),
    (r"\bMgSO4\b", re.I, "magnesium sulfate"),
    (r"\b\d+\.0+\b(?!\.\d)", 0, "the number without the trailing zero"),
    (r"(?<![\d.\w])\.\d+", 0, "the number with a leading zero"),
)
_DOUBTED = (
    (r"\bd/c\b", re.I, "discharge, or discontinue"),
    (r"\bq?hs\b", re.I, "at bedtime, or half-strength"),
    (r"\bbt\b", re.I, "at bedtime"),
    (r"\bs\.?c\b\.?|\bs\.?q\b\.?|\bsub ?q\b", re.I, "subcutaneous"),
    (r"(?:\b|(?<=\d))cc\b", re.I, "millilitres"),
    ("[\u00b5\u03bc]", 0, "micro, in full"),
    (r"(?:\b|(?<=\d))ug\b", re.I, "micrograms"),
    (r"\b[tb]iw\b", re.I, "three times a week, or twice a week"),
    (r"\bq\d+(?:pm|am|h)?\b", re.I, "the hour or the interval in full"),
    (r"\b[AO][DSU]\b", 0, "left, right or each eye or ear"),
    (r"\s*/\s*", 0, "per, and, or"),
    ("@", 0, "at"),
    ("&", 0, "and"),
    ("<", 0, "less than"),
    (">", 0, "more than"),
)
_DOSE = re.compile(
    r"\d[\d.,]*\s*(?:mg|g|mcg|micrograms?|milligrams?|grams?|units?|million units|ml|millilit(?:re|er)s?)\b", re.I
)


def _found(text: str, table: tuple[tuple[str, int, str], ...]) -> list[tuple[str, str]]:
    return [
        (match[0].strip() or match[0], instead)
        for pattern, flags, instead in table
        for match in re.finditer(pattern, text, flags)
    ]


@cache
def _any_refused() -> re.Pattern[str]:
    """What finds whether a text has one of the refused: hardly any has, and a file has hundreds of texts. Each begins
    with one of these letters, which are looked for first."""
    each = "|".join(f"(?i:{pattern})" if flags else pattern for pattern, flags, _ in _REFUSED)
    return re.compile(rf"(?=(?i:[qium\d.]))(?:{each})")


def unsafe(text: str) -> list[tuple[str, str]]:
    """Each item of the "Do Not Use" list in `text`, with what to write instead."""
    return _found(text, _REFUSED) if _any_refused().search(text) else []


def doubted(text: str) -> list[tuple[str, str]]:
    """Each item of ISMP's list in `text`, with what to write instead."""
    return _found(text, _DOUBTED)


def doses(text: str) -> list[str]:
    """Each amount of a drug in `text`: doses belong to the signed order, never to a schedule."""
    return [match[0] for match in _DOSE.finditer(text)]
