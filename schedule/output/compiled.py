"""Templates as Python modules: the wheel brings them, a checkout makes them beside the templates when they are first
used.

Whoever installs the wheel compiles its modules for his Python, root as well, so a plan never waits for a template to be
compiled. The name of a module holds the hash of all that it was made from, so a template that was changed finds none.
"""

import hashlib
import os
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import get_ident
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.bccache import bc_version
from jinja2.compiler import CodeGenerator, Frame

from schedule.output.escaped import escaped

FOLDER = "compiled"
"""Where the modules lie, beside the templates."""
FORM = 1
"""Counted up whenever `PlainCode` writes other code."""

GIVE_HTML = frozenset({"fixed"})
"""Filters of ours whose result is escaped already."""


class PlainCode(CodeGenerator):
    """Jinja's code for templates that show records: what follows a dot is asked of the value itself, of a dict as ever,
    and what is written is escaped without a Markup in between. A name that a record has not is an AttributeError at
    once."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        super().visit_Template(node, frame)
        self.writeline(f"from {escaped.__module__} import {escaped.__name__}")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        if isinstance(node.node, nodes.Name) and node.node.name == "self":  # the template, by its blocks
            super().visit_Getattr(node, frame)
            return
        self.write(f"(environment.getattr(v, {node.attr!r})if(type(v := ")
        self.visit(node.node, frame)
        self.write(f")is(dict))else(v.{node.attr}))")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            is_html = isinstance(node, nodes.Filter) and node.name in GIVE_HTML
            self.write("(" if is_html else f"{escaped.__name__}(")


class CompiledTemplates(jinja2.FileSystemLoader):
    """The templates in a folder, each from its module if there is one of it as it is now."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def load(
        self, environment: jinja2.Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> jinja2.Template:
        """The template of that name. TemplateNotFound if there is none."""
        source, _, _ = self.get_source(environment, name)
        path = self.folder / FOLDER / _module_of(environment, name, source)
        if not path.is_file():
            _write(path, _code_of(environment, name, source))
        made = _names_in(path)
        if made is None:
            return super().load(environment, name, globals)
        return environment.template_class.from_module_dict(environment, made, globals or {})

    def modules(self, environment: jinja2.Environment) -> Iterator[tuple[str, str]]:
        """The module of every template: the name of its file, and its text."""
        for name in environment.list_templates(extensions=("html", "css")):
            source, _, _ = self.get_source(environment, name)
            yield _module_of(environment, name, source), _code_of(environment, name, source)


def _module_of(environment: jinja2.Environment, name: str, source: str) -> str:
    """What a module is called, by all that its text depends on: the template, how it is read, the form of Jinja's
    code."""
    read = environment.trim_blocks, environment.lstrip_blocks, environment.autoescape, bc_version
    written = environment.code_generator_class.__name__, FORM
    made_from = hashlib.sha256(repr((name, read, written, source)).encode()).hexdigest()
    return f"{name.replace('/', '.')}-{made_from[:32]}.py"


def _code_of(environment: jinja2.Environment, name: str, source: str) -> str:
    """The text of a template's module."""
    return environment.compile(source, name, None, raw=True, defer_init=True)


def _names_in(path: Path) -> MutableMapping[str, Any] | None:
    """What a module defines; None where there is none, or none any more."""
    spec = spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except OSError:
        return None
    return vars(module)


def _write(path: Path, code: str) -> None:
    """A module in the place of those of the same template as it was; nothing where it cannot be written. Whoever writes
    the same at the same time writes a file of his own."""
    if sys.dont_write_bytecode:
        return
    aside = path.with_suffix(f".{os.getpid()}-{get_ident()}")
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        aside.write_text(code, encoding="utf-8")
        aside.replace(path)
        for old in path.parent.glob(f"{path.stem.rpartition('-')[0]}-*.py"):
            if old != path:
                old.unlink()
