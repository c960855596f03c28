"""Templates as modules: made where they can be kept, found again, and never taken for those of a template that has changed."""

import itertools
import shutil
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from markupsafe import Markup, escape

from schedule.output.compiled import FOLDER, GIVE_HTML, CompiledTemplates, PlainCode
from schedule.output.escaped import escaped
from schedule.output.html import environment, fixed


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "part.html").write_text("<b>{{ name }}</b>")
    (tmp_path / "page.html").write_text("{% include 'part.html' %}{% if whole %}\n!{% endif %}\n")
    return tmp_path


def rendered(folder, **options):
    """The page, made by a loader that has read nothing yet."""
    made = jinja2.Environment(loader=CompiledTemplates(folder), autoescape=True, undefined=jinja2.StrictUndefined, **options)
    return made.get_template("page.html").render(name="<x>", whole=True)


def kept(folder):
    return sorted(path.name.rpartition("-")[0] for path in (folder / FOLDER).glob("*.py"))


@pytest.fixture
def compiled(monkeypatch):
    """The names of the templates that were compiled."""
    names, compile_ = [], jinja2.Environment.compile
    monkeypatch.setattr(
        jinja2.Environment, "compile", lambda self, source, name, *more, **keys: names.append(name) or compile_(self, source, name, *more, **keys)
    )
    return names


def test_a_template_is_compiled_once(folder, compiled):
    first = rendered(folder)
    assert (first, sorted(compiled)) == ("<b>&lt;x&gt;</b>\n!", ["page.html", "part.html"])
    compiled.clear()
    assert (rendered(folder), compiled, kept(folder)) == (first, [], ["page.html", "part.html"])


def test_a_template_that_was_changed_is_compiled_anew_in_the_place_of_the_old(folder, compiled):
    rendered(folder)
    compiled.clear()
    (folder / "part.html").write_text("<i>{{ name }}</i>")
    assert (rendered(folder), compiled, kept(folder)) == ("<i>&lt;x&gt;</i>\n!", ["part.html"], ["page.html", "part.html"])


def test_a_template_that_is_read_otherwise_is_compiled_anew(folder):
    assert rendered(folder) == "<b>&lt;x&gt;</b>\n!"
    assert rendered(folder, trim_blocks=True) == "<b>&lt;x&gt;</b>!"


def test_where_nothing_can_be_kept_it_is_compiled_each_time(folder, compiled, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered(folder) == rendered(folder) == "<b>&lt;x&gt;</b>\n!"
    assert not (folder / FOLDER).exists()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (folder / FOLDER).write_text("no folder")
    assert rendered(folder) == "<b>&lt;x&gt;</b>\n!"


def test_a_mistake_in_a_template_and_one_that_is_not_there_are_told(folder):
    (folder / "part.html").write_text("{% if %}")
    with pytest.raises(jinja2.TemplateSyntaxError):
        rendered(folder)
    (folder / "part.html").unlink()
    with pytest.raises(jinja2.TemplateNotFound):
        rendered(folder)
    assert kept(folder) == ["page.html"]


def test_threads_that_ask_for_the_same_at_once_find_it_whole(folder, monkeypatch):
    """Each begins to write while another has written and not yet put it in its place: none reads a half."""
    first, at_once, number = rendered(folder), threading.Barrier(8), itertools.count()
    shutil.rmtree(folder / FOLDER)

    def write_slowly(path, text, encoding):
        time.sleep(next(number) % 8 * 0.005)
        with path.open("w", encoding=encoding) as file:
            time.sleep(0.01)
            file.write(text)
        time.sleep(0.01)

    monkeypatch.setattr(Path, "write_text", write_slowly)
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda _: (at_once.wait(), rendered(folder))[1], range(8)))
    assert (set(pages), kept(folder)) == ({first}, ["page.html", "part.html"])


def test_a_module_that_goes_away_as_it_is_asked_for_is_done_without(folder, monkeypatch):
    first, is_there = rendered(folder), Path.is_file

    def goes_away(path):
        found = is_there(path)
        if found and path.suffix == ".py":
            path.unlink()
        return found

    monkeypatch.setattr(Path, "is_file", goes_away)
    assert rendered(folder) == first


# Jinja's code, as ours is written


class Own:
    """What says itself how it stands in a page."""

    def __html__(self):
        return "<i>own</i>"


class Named(str):
    """A text of a kind of its own."""


@pytest.mark.parametrize(
    "value",
    ["", "plain", "<b>&\"'", Markup("<b>&amp;"), Named("<b>"), Own(), 7, True, None, 2.5, date(2026, 6, 15), ["<b>"]],
    ids=lambda value: "own" if isinstance(value, Own) else repr(value),
)
def test_whatever_a_value_is_it_is_escaped_as_jinja_does(value):
    assert escaped(value) == str(escape(value))


def plain(source, **values):
    made = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    made.code_generator_class = PlainCode
    made.filters["fixed"] = fixed
    return made.from_string(source).render(values)


def test_what_follows_a_dot_is_asked_of_the_value_and_what_is_missing_is_told():
    one = SimpleNamespace(text="<b>", deep=SimpleNamespace(text="&", on="Mon 15-Jun-2026 <"))
    assert plain("{{ one.text }}{{ (one if one.text else x).deep.text }}{{ one.text.upper() }}", one=one) == "&lt;b&gt;&amp;&lt;B&gt;"
    assert plain("{{ all.more.one.text }}{{ all.more.keys()|first }}", all={"more": {"one": one}}) == "&lt;b&gt;one"
    assert plain("{% block part %}<{% endblock %}{{ self.part() }}") == "<<"
    assert plain("{{ one.deep.on|fixed }}", one=one) == '<span class="fixed">Mon 15-Jun-2026</span> &lt;'
    assert plain('{% if one["text"] is defined and one["more"] is not defined %}{{ one.text|length }}{% endif %}', one=one) == "3"
    for wrong in ("{{ other }}", "{{ other.text }}", "{% if other.text %}{% endif %}"):
        with pytest.raises(jinja2.UndefinedError):
            plain(wrong, one=one)
    with pytest.raises(AttributeError):
        plain("{{ one.more }}", one=one)


@pytest.mark.parametrize("name", sorted(GIVE_HTML))
def test_what_a_filter_of_ours_gives_as_html_is_escaped_by_it(name):
    found = environment().filters[name]("<b>&\"' IL-2")
    assert type(found) is Markup and "<b>" not in found and found.startswith("&lt;b&gt;&amp;&#34;&#39; ")


def test_modules_of_other_code_are_not_taken_for_ours(folder, compiled, monkeypatch):
    rendered(folder)
    compiled.clear()
    monkeypatch.setattr(jinja2.Environment, "code_generator_class", PlainCode)
    assert (rendered(folder), sorted(compiled)) == ("<b>&lt;x&gt;</b>\n!", ["page.html", "part.html"])
