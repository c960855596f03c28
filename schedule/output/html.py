"""The values of a page -> its HTML: the only place that knows Jinja."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from schedule.model.sizes import PIECES
from schedule.output.compiled import CompiledTemplates, PlainCode
from schedule.output.escaped import escaped

HERE = Path(__file__).parents[1]
_DATE = r"\d\d-[A-Z][a-z]{2}(?:-\d{4}\b|\b(?!-))\*?"
_DAY = r"[Dd]ay[ \u00a0][\u2212+]?\d{1,4}\b"
_FIXED = re.compile(
    rf"(\b(?:[A-Z][a-z]{{2}}[ \u00a0]{_DATE}|{_DATE}"  # Mon 15-Jun-2026, Mon 29-Jun
    rf"|Cycle\u00a0\d{{1,2}}\u00a0{_DAY}|{_DAY}"
    r"|\d{4}-\d\d-\d\d\b"
    r"|[A-Za-z]{1,14}-(?:\d{1,4}|[A-Z]{1,4})\b)"  # interleukin-2, BCR-ABL
    r"|\(\w{1,12}[ \u00a0]\d{1,3}[ \u00a0]of[ \u00a0]\d{1,3}\))"  # (dose 1 of 3)
)
"""What never breaks across lines. Each is short, so that none can run out of the page. Whether a word begins is asked
once, and each form begins with signs of its own, so that most places of a text are passed over at once."""


@lru_cache(maxsize=PIECES)
def fixed(text: str) -> Markup:
    """The text, escaped, with its dates, day labels, dose numbers and names such as IL-2 kept from breaking across
    lines.
    """
    parts = _FIXED.split(escaped(text))
    for at in range(1, len(parts), 2):
        parts[at] = f'<span class="fixed">{parts[at]}</span>'
    return str.__new__(Markup, "".join(parts))  # as `Markup` does, but for looking whether it is HTML already


def template_folder() -> Path:
    """Where the templates lie: in the installed package, else in the checkout."""
    return HERE / "templates" if (HERE / "templates").is_dir() else HERE.parent / "templates"


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The environment with every template, made once."""
    folder = template_folder()
    made = jinja2.Environment(
        loader=CompiledTemplates(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.code_generator_class = PlainCode
    made.filters["fixed"] = fixed
    return made


def page(name: str, *, linked: bool = False, **values: object) -> str:
    """One file from the template of the same name; `linked` takes its style from `/css/…` instead of holding it."""
    return environment().get_template(name).render({**values, "linked": name.removesuffix(".html") if linked else ""})


_PAGE_RULE = re.compile(r"@page[^{]*\{(?:[^{}]|\{[^{}]*\})*\}")
_WHOLE = re.compile(r"(?<![-.#\w])(?:body|main)(?= *\{)")
"""What stands for the whole page: in a part, for that part."""


def style_of(name: str) -> str:
    """The style of a file beside print.css."""
    template = environment().get_template(name)
    return "".join(template.blocks["style"](template.new_context()))


def joined_style(names: Iterable[str]) -> str:
    """The style of a file that is made of others: each part's, for that part alone."""
    parts = [(name.removesuffix(".html"), style_of(name)) for name in names]
    paper = [rule for _, style in parts for rule in _PAGE_RULE.findall(style)]
    own = [f".of-{part} {{\n{_WHOLE.sub('&', _PAGE_RULE.sub('', style))}\n}}" for part, style in parts]
    return "\n".join([*paper, ".part + .part { break-before: page; }", *own])


def body_of(name: str, **values: object) -> Markup:
    """What stands in the page of that template, to be put into another."""
    template = environment().get_template(name)
    body = "".join(template.blocks["body"](template.new_context(values))).strip()
    return Markup(body.removeprefix("<main>").removesuffix("</main>"))
