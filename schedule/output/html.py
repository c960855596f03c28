"""The words of `sheets` and its neighbours in HTML: the only place that knows Jinja."""

import os
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from schedule.model.plan import Plan
from schedule.pages.change import Notice
from schedule.pages.deadlines import deadline_page
from schedule.pages.go import go_pages
from schedule.pages.index import index_page
from schedule.pages.overview import overview
from schedule.pages.patient import patient_page
from schedule.pages.sheets import day_sheets
from schedule.words.plan import Frame, frame

HERE = Path(__file__).parents[1]
TITLES: Mapping[str, str] = {
    "sheets.html": "Day sheets",
    "go.html": "Go or no-go",
    "overview.html": "Overview",
    "deadlines.html": "Deadlines",
    "patient.html": "Your calendar",
    "index.html": "Schedule",
}


_FIXED = re.compile(
    r"\b(?:[A-Z][a-z]{2}[ \u00a0])?\d\d-[A-Z][a-z]{2}(?:-\d{4}\b|\b(?!-))\*?"  # Mon 15-Jun-2026, Mon 29-Jun
    r"|(?:\bCycle\u00a0\d{1,2}\u00a0)?\bDay\u00a0[\u2212+]?\d{1,4}\b"
    r"|\(\w{1,12}[ \u00a0]\d{1,3}[ \u00a0]of[ \u00a0]\d{1,3}\)"  # (dose 1 of 3)
    r"|\b[A-Za-z]{1,14}-(?:\d{1,4}|[A-Z]{1,4})\b"  # interleukin-2, BCR-ABL
)
"""What never breaks across lines. Each is short, so that none can run out of the page."""


@lru_cache(maxsize=4096)
def fixed(text: str) -> Markup:
    """The text, escaped, with its dates, day labels, dose numbers and names such as IL-2 kept from breaking across lines."""
    return Markup(_FIXED.sub(r'<span class="fixed">\g<0></span>', str(escape(text))))


class Compiled(jinja2.BytecodeCache):
    """Compiled templates beside the templates, as Python keeps its own; a folder that cannot be written is no matter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError), (self.folder / f"{bucket.key}.cache").open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        aside = self.folder / f"{bucket.key}.{os.getpid()}"
        with suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            with aside.open("wb") as file:
                bucket.write_bytecode(file)
            aside.replace(self.folder / f"{bucket.key}.cache")


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The environment with every template, made once: those of the installed package, else those of the checkout."""
    folder = HERE / "templates" if (HERE / "templates").is_dir() else HERE.parent / "templates"
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined, auto_reload=False,
        trim_blocks=True, lstrip_blocks=True, bytecode_cache=Compiled(folder / "__pycache__"),
    )  # fmt: skip
    made.filters["fixed"] = fixed
    return made


def page(name: str, *, linked: bool = False, **values: object) -> str:
    """One file from the template of the same name; `linked` takes its style from `/css/…` instead of holding it."""
    return environment().get_template(name).render({**values, "linked": name.removesuffix(".html") if linked else ""})


VIEWS: Mapping[str, Callable[[Plan, Frame], object]] = {
    "sheets.html": day_sheets,
    "go.html": lambda plan, _: go_pages(plan),
    "overview.html": lambda plan, _: overview(plan),
    "deadlines.html": lambda plan, _: deadline_page(plan),
    "patient.html": lambda plan, _: patient_page(plan),
    "index.html": lambda plan, _: index_page(plan),
}
"""What each HTML file of a revision shows."""


def plan_page(name: str, plan: Plan, when: datetime, *, linked: bool = False) -> str:
    """One HTML file of a revision made at `when` (aware)."""
    shared = frame(plan, when)
    return page(name, linked=linked, frame=shared, title=TITLES[name], view=VIEWS[name](plan, shared))


def pages(plan: Plan, when: datetime) -> dict[str, str]:
    """Every HTML file of a revision made at `when` (aware): file name -> its text.

    Each is whole in itself: no script, no address but those of its neighbours.
    """
    return {name: plan_page(name, plan, when) for name in VIEWS}


ALL = ("sheets.html", "go.html", "overview.html", "deadlines.html", "patient.html")
"""The files that "print all" prints, in their order on paper."""
_PAGE_RULE = re.compile(r"@page[^{]*\{(?:[^{}]|\{[^{}]*\})*\}")
_WHOLE = re.compile(r"(?<![-.#\w])(?:body|main)(?= *\{)")
"""What stands for the whole page: in a part, for that part."""


def style_of(name: str) -> str:
    """The style of a file beside print.css. That of everything.html has each part's style for that part alone."""
    if name == "everything.html":
        parts = [(name.removesuffix(".html"), style_of(name)) for name in ALL]
        paper = [rule for _, style in parts for rule in _PAGE_RULE.findall(style)]
        own = [f".of-{part} {{\n{_WHOLE.sub('&', _PAGE_RULE.sub('', style))}\n}}" for part, style in parts]
        return "\n".join([*paper, ".part + .part { break-before: page; }", *own])
    template = environment().get_template(name)
    return "".join(template.blocks["style"](template.new_context()))


def everything(plan: Plan, when: datetime, *, linked: bool = False) -> str:
    """One file with all that is printed of a revision made at `when`: to print it with one command."""
    shared = frame(plan, when)
    parts = []
    for name in ALL:
        template = environment().get_template(name)
        context = template.new_context({"frame": shared, "view": VIEWS[name](plan, shared)})
        body = "".join(template.blocks["body"](context)).strip().removeprefix("<main>").removesuffix("</main>")
        parts.append((name.removesuffix(".html"), Markup(body)))
    style = Markup(style_of("everything.html"))
    return page("everything.html", linked=linked, frame=shared, title="Everything", view=parts, style=style)


def change_page(plan: Plan, notice: Notice, when: datetime, *, linked: bool = False) -> str:
    """change.html: the notice of the act that made this plan's revision at `when`."""
    return page("change.html", linked=linked, frame=frame(plan, when), title="Change notice", view=notice)
