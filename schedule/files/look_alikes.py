"""Signs that look like others: what word processors, PDF files and other alphabets put where a plain one is meant."""

from collections.abc import Mapping
from unicodedata import digit

_DASHES = {
    "\u2010": "a typographic hyphen", "\u2011": "a non-breaking hyphen", "\u2012": "a figure dash",
    "\u2013": "an en dash", "\u2014": "an em dash", "\u2015": "a horizontal bar", "\u2212": "a minus sign",
    "\ufe63": "a small hyphen", "\uff0d": "a full-width hyphen", "\ufe58": "a small em dash",
    "\u02d7": "a modifier minus", "\u207b": "a superscript minus", "\u208b": "a subscript minus",
    "\u2043": "a hyphen bullet", "\u2796": "a heavy minus",
}  # fmt: skip
_QUOTES = {
    "\u2018": "a curly quote", "\u2019": "a curly quote", "\u201a": "a curly quote", "\u201b": "a curly quote",
    "\u201c": "a curly quote", "\u201d": "a curly quote", "\u201e": "a curly quote", "\u201f": "a curly quote",
    "\u00ab": "an angle quote", "\u00bb": "an angle quote", "\u2032": "a prime", "\u2033": "a double prime",
}  # fmt: skip
_BLANKS = {"\u00a0": "a non-breaking space", "\u202f": "a narrow non-breaking space", "\u2007": "a figure space"}
_PLUSES = {"\uff0b": "a full-width plus", "\ufe62": "a small plus", "\u207a": "a superscript plus"}
_CROSSES = {
    "\u00d7": "a multiplication sign", "\u2715": "a multiplication sign", "\u2716": "a heavy multiplication sign",
    "\u2a2f": "a vector product sign",
}  # fmt: skip
_LETTERS = {
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "һ": "h", "і": "i", "ј": "j", "к": "k", "м": "m", "н": "h",
    "о": "o", "р": "p", "ԛ": "q", "ѕ": "s", "т": "t", "у": "y", "ѵ": "v", "ԝ": "w", "х": "x",
    "α": "a", "ο": "o", "ν": "v", "ρ": "p", "υ": "u", "χ": "x", "ι": "i", "κ": "k", "τ": "t",
}  # fmt: skip


def look_alike(text: str, plain: str = "") -> tuple[str, str] | None:
    """What the first sign of `text` is that looks like another, and what to type instead; None where there is none.
    Signs in `plain` are taken as they are.
    """
    for sign in text:
        if sign not in plain and (found := _told(sign)) is not None:
            what, name, instead = found
            return f"the {what} in {_quoted(text)} is {name} (U+{ord(sign):04X})", instead
    return None


def _told(sign: str) -> tuple[str, str, str] | None:
    kinds: tuple[tuple[str, Mapping[str, str], str], ...] = (
        ("dash", _DASHES, "type a hyphen (-)"),
        ("quotation mark", _QUOTES, 'leave it out, or type a straight one (")'),
        ("blank", _BLANKS, "type a space"),
        ("plus", _PLUSES, "type a plain plus (+)"),
        ("cross", _CROSSES, "type the letter x"),
    )
    for what, signs, instead in kinds:
        if sign in signs:
            return what, signs[sign], instead
    if sign > "\u007f" and (number := digit(sign, None)) is not None:
        return f'"{sign}"', "a digit of another script", f"type the digit {number}"
    if (latin := _LETTERS.get(sign.lower())) is not None:
        alphabet = "Greek" if sign < "\u0400" else "Cyrillic"
        return f'"{sign}"', f"a {alphabet} letter", f"type the letter {latin if sign.islower() else latin.upper()}"
    return None


def _quoted(text: str) -> str:
    return f'"{text}"' if len(text) <= 60 else f'"{text[:60]}…"'
