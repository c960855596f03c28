"""Harmful text through every field of the three files and of every act: it stays text, whole, on every page.

The fields are found by walking the files themselves, so that a new one is tried as soon as an example has it. A field that
is no free text (a date, a name, a day grammar) must refuse the text with its place.
"""

import json
import re
import tomllib
from functools import lru_cache
from html.parser import HTMLParser

import pytest
from shared.notices import CODE, Example
from shared.paper import run_node, text_of, tool
from shared.paper_plans import AS_OF, CASE, HOSTILE, PROTOCOL, SITE, WHEN

from schedule.commands.typed import moment
from schedule.engine.plan import lay_out
from schedule.files.case_file import read_case
from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import GiveRuling, Move, Note
from schedule.model.case import Ruling
from schedule.model.errors import InputError
from schedule.model.text import printable, to_json
from schedule.output.data import plan_values
from schedule.output.outputs import change_page, pages
from schedule.pages.change import notice
from schedule.service.acts import perform, record_of
from schedule.service.revisions import newest

CONTROL = "\x00\x07\x1b\x7f\x85\u202e\u2066"
LONG = "wxyz" * 2500
RULINGS = '\n[[rulings]]\nrule = "T25"\noutcome = "allowed"\nby = "PI"\ndate = 2026-05-22\nreason = "counts are low"\n'
SETTLED = CASE.replace("count-control-last = 2026-06-05", "count-control-last = 2026-06-09")
BROKEN = SETTLED.replace("virology = 2026-05-12", "virology = 2026-05-12\norgan-function = 2026-05-18")
FILES = {"protocol": PROTOCOL, "site": SITE, "case": BROKEN + RULINGS}


def as_toml(value):
    """A value as TOML, every table inline but the first."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def written(tables):
    return "".join(f"{json.dumps(key)} = {as_toml(value)}\n" for key, value in tables.items())


def leaves(value, path=()):
    """Every text in a file with the way to it."""
    if isinstance(value, str):
        yield path, value
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from leaves(item, (*path, key))


def changed(value, changes, path=()):
    """The value with other texts where `changes` has one."""
    if isinstance(value, dict):
        return {key: changed(item, changes, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [changed(item, changes, (*path, number)) for number, item in enumerate(value)]
    return changes.get(path, value)


def kind(file, path):
    """Fields of one kind: the same keys, whatever a table is called or which row it is."""
    named = [part if number in (0, len(path) - 1) else "*" for number, part in enumerate(path)]
    if isinstance(path[-1], int):  # one of a list of texts
        named[-1] = "*"
        named[-2] = path[-2]
    elif len(path) == 2 and path[0] in ("sources", "parameters", "times", "attestations"):
        named[-1] = "*"
    return (file, *named)


TABLES = {file: tomllib.loads(text) for file, text in FILES.items()}
LEAVES = [(kind(file, path), file, path, text) for file in TABLES for path, text in leaves(TABLES[file])]
FIRST_OF_KIND = {}
for _kind, *_rest in LEAVES:
    FIRST_OF_KIND.setdefault(_kind, tuple(_rest))


def plan_of(changes, *, bare=False):
    """The plan of the three files with other texts: file -> path -> text. InputError as the readers have it. `bare`: of a
    site that states no parameter, so that the pages name what is missing."""
    tables = {file: changed(TABLES[file], changes.get(file, {})) for file in TABLES}
    if bare:
        tables["site"]["parameters"] = {}
    texts = {file: written(tables[file]) for file in TABLES}
    protocol = read_protocol(texts["protocol"], "protocol.toml")
    site = read_site(texts["site"], "site.toml", protocol)
    return lay_out(protocol, site, read_case(texts["case"], "case.toml", protocol, site), AS_OF)


def harmed(text, number):
    return f"{text} harm{number}end {HOSTILE}{CONTROL}"


@lru_cache
def free():
    """The kinds of fields that take any text; for the others, what the reader says of it."""
    taken, refused = [], {}
    for name, (file, path, text) in FIRST_OF_KIND.items():
        try:
            plan_of({file: {path: harmed(text, 0)}})
            taken.append(name)
        except InputError as error:
            refused[name] = str(error)
    return tuple(taken), refused


@lru_cache
def harm():
    """Every field of every kind that takes it harmed at once: the pages of two plans, number -> the harmed text, the first plan."""
    changes, told = {file: {} for file in FILES}, {}
    for number, (name, file, path, text) in enumerate(LEAVES):
        if name in free()[0]:
            changes[file][path] = harmed(text, number)
            told[number] = printable(changes[file][path]).strip()
    return all_pages(changes), told, plan_of(changes)


def all_pages(changes):
    """The pages of the plan, and of the one with a bare site."""
    return {
        f"{which}{name}": page
        for which, bare in (("", False), ("bare ", True))
        for name, page in pages(plan_of(changes, bare=bare), WHEN).items()
    }


@lru_cache
def harmed_pages():
    return {name: Dom(page) for name, page in harm()[0].items()}


@lru_cache
def shown():
    """The numbers of the texts that some page shows."""
    return {int(number) for page in harmed_pages().values() for number in re.findall(r"harm(\d+)end", page.text)}


class Dom(HTMLParser):
    """The elements of a page with their attributes' names, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.parts, self.style = set(), [], False
        self.feed(page)
        self.close()
        self.text = squeezed("".join(self.parts))

    def handle_starttag(self, tag, attrs):
        self.elements |= {(tag, name) for name, _ in attrs} | {(tag, "")}
        self.style = tag in ("style", "title")
        self.parts += [value or "" for name, value in attrs if name.startswith("aria-")]

    def handle_endtag(self, tag):
        self.style &= tag not in ("style", "title")

    def handle_data(self, data):
        if not self.style:
            self.parts.append(data)

    def handle_decl(self, decl):
        assert decl == "DOCTYPE html", "a declaration out of a text"

    def handle_comment(self, data):
        raise AssertionError(f"a comment out of a text: {data[:40]}")


def squeezed(text):
    return re.sub(r"\s", "", text)


@lru_cache
def plain_pages():
    return {name: Dom(page) for name, page in all_pages({}).items()}


def check_elements(found, plain):
    """No element and no attribute that no plain page has, and no control character."""
    known = set().union(*(page.elements for page in plain))
    for name, page in found.items():
        assert page.elements - known == set(), name
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page.text), name


# The files


def test_every_text_of_the_three_files_is_tried():
    kinds = {(name[0], name[-1] if name[-1] != "*" else name[-2]) for name in free()[0]}
    assert len(LEAVES) > 500 and len(FIRST_OF_KIND) > 40
    for field in ("title", "quote", "words", "derivation", "note", "missing", "criterion", "unit", "note-text"):
        assert ("protocol", field) in kinds, field
    assert {("site", "name"), ("site", "title"), ("case", "by"), ("case", "reason")} <= kinds


@pytest.mark.parametrize("name", FIRST_OF_KIND, ids=lambda name: " ".join(map(str, name)))
def test_a_field_that_is_no_free_text_refuses_it_and_names_its_place(name):
    refused = free()[1]
    if name in free()[0]:
        assert name not in refused
        return
    message = refused[name]
    assert message.startswith((f"{name[0]}.toml", '"')), message
    assert "Traceback" not in message and CONTROL[0] not in message and CONTROL[2] not in message


def test_harmful_text_in_every_field_makes_no_element_and_no_attribute():
    check_elements(harmed_pages(), plain_pages().values())
    assert all("harm" in page.text for page in harmed_pages().values())
    assert harmed_pages().keys() == plain_pages().keys() and len(harmed_pages()) == 12


def test_every_harmful_text_that_is_shown_is_whole_on_a_page():
    found = "\0".join(page.text for page in harmed_pages().values())
    assert len(shown()) > 50
    assert [LEAVES[number][:3] for number in sorted(shown()) if squeezed(harm()[1][number]) not in found] == []


def test_every_harmful_text_for_programs_is_whole_in_json():
    """But for its first letter, which is small within a sentence."""
    plan = harm()[2]
    found = "\0".join(text for _, text in leaves(json.loads(to_json(plan_values(plan)))))
    marks = {int(number) for number in re.findall(r"harm(\d+)end", found)}
    assert {LEAVES[number][2][-1] for number in marks} >= {"quote", "title", "criterion", "derivation"} and len(marks) > 100
    assert [LEAVES[number][:3] for number in sorted(marks) if harm()[1][number][1:] not in found] == []


def test_ten_thousand_letters_in_a_field_of_each_kind_are_whole():
    """In groups, so that a page stays one that a test can read."""
    one = {}
    for number in sorted(shown()):
        one.setdefault(LEAVES[number][0], LEAVES[number][1:])
    assert len(one) > 14
    for start in range(0, len(one), 8):
        changes = {file: {} for file in FILES}
        group = list(one.items())[start : start + 8]
        for number, (_, (file, path, text)) in enumerate(group):
            changes[file][path] = f"{text} x{number}{LONG}{number}x"
        made = {name: Dom(page) for name, page in all_pages(changes).items()}
        check_elements(made, plain_pages().values())
        everything = "\0".join(page.text for page in made.values())
        for number, (name, _) in enumerate(group):
            assert f"x{number}{LONG}{number}x" in everything, name


# The acts


def acted(store, words, by):
    """The pages of every act that takes words, all of them given to it."""
    one = Example(store)
    made = {}

    def act(deed, as_of):
        meta = one.meta(as_of, by=by, reason=words)
        done = perform(store, CODE, deed, meta)
        told = notice(
            done.before, done.after, deed, done.verdict, saved=True, as_of=done.after.as_of,
            by=meta.by, reason=meta.reason,
        )  # fmt: skip
        number = len(made)
        made[f"{number} {type(deed).__name__}"] = change_page(done.after, told, done.row.act.at)

    act(Note(text=words), "2026-05-27 08:00")
    ruling = Ruling(rule="T14", outcome="allowed", by=by, on=AS_OF.date(), reason=words, day_zero=one.plan.day_zero)
    act(GiveRuling(ruling=ruling), "2026-05-27 08:00")
    at = moment(one.plan, "2026-06-10 09:05", "--at")
    act(record_of("fludarabine-1", "held", at, words), "2026-06-10 10:00")
    act(Move(to=moment(one.plan, "2026-06-16 10:00", "--to"), cause="illness"), "2026-06-10 12:00")
    when = newest(store, CODE).act.at
    return {**made, **pages(one.plan, when)}


def test_harmful_words_of_every_act_stay_words_on_every_page(tmp_path):
    with SqliteStore(tmp_path / "plain.sqlite") as store:
        plain = {name: Dom(page) for name, page in acted(store, "a reason", "PI").items()}
    words = printable(harmed("a reason", 1)).strip()
    with SqliteStore(tmp_path / "harmed.sqlite") as store:
        found = {name: Dom(page) for name, page in acted(store, words, f"{words} by").items()}
    check_elements(found, plain.values())
    assert found.keys() == plain.keys()
    for name, page in found.items():
        if name[0].isdigit():
            assert page.text.count(squeezed(f"{words} by")) >= 1, name
            assert page.text.count(squeezed(words)) >= 2, name


# On paper


def test_harmful_text_in_every_field_is_printed_whole(tmp_path):
    tool("pdftotext")
    made = harm()[0]
    jobs = []
    for name in ("go", "deadlines"):
        (tmp_path / f"{name}.html").write_text(made[f"{name}.html"], encoding="utf-8")
        jobs.append({"file": str(tmp_path / f"{name}.html"), "pdf": str(tmp_path / f"{name}.pdf"), "format": "A4"})
    answers = run_node("print_pages.mjs", jobs=jobs)
    assert [answer["outside"] for answer in answers] == [[], []]
    for job, name in zip(jobs, ("go", "deadlines"), strict=True):
        printed = squeezed("".join(text_of(job["pdf"], "-raw")))
        body = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", made[f"{name}.html"], flags=re.S)
        marks = set(re.findall(r"harm\d+end", Dom(body).text))
        assert len(marks) > 10
        assert [mark for mark in marks if mark not in printed] == []
