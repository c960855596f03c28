"""Signs that look like others: what word processors, PDF files and other alphabets put where a plain one is meant."""

from collections.abc import Mapping

_DASHES = {
    "\u2010": "a typographic hyphen", "\u2011": "a non-breaking hyphen", "\u2012": "a figure dash",
    "\u2013": "an en dash", "\u2014": "an em dash", "\u2015": "a horizontal bar", "\u2212": "a minus sign",
    "\ufe63": "a small hyphen", "\uff0d": "a full-width hyphen",
}  # fmt: skip
_QUOTES = {
    "\u2018": "a curly quote", "\u2019": "a curly quote", "\u201a": "a curly quote", "\u201b": "a curly quote",
    "\u201c": "a curly quote", "\u201d": "a curly quote", "\u201e": "a curly quote", "\u201f": "a curly quote",
    "\u00ab": "an angle quote", "\u00bb": "an angle quote", "\u2032": "a prime", "\u2033": "a double prime",
}  # fmt: skip
_BLANKS = {"\u00a0": "a non-breaking space", "\u202f": "a narrow non-breaking space", "\u2007": "a figure space"}
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
    )
    for what, signs, instead in kinds:
        if sign in signs:
            return what, signs[sign], instead
    if sign == "\u00d7":
        return "cross", "a multiplication sign", "type the letter x"
    if (latin := _LETTERS.get(sign.lower())) is not None:
        alphabet = "Greek" if sign < "\u0400" else "Cyrillic"
        return f'"{sign}"', f"a {alphabet} letter", f"type the letter {latin if sign.islower() else latin.upper()}"
    return None


def _quoted(text: str) -> str:
    return f'"{text}"' if len(text) <= 60 else f'"{text[:60]}…"'
