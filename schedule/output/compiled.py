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
from jinja2.bccache import bc_version

FOLDER = "compiled"
"""Where the modules lie, beside the templates."""


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
    made_from = hashlib.sha256(repr((name, read, source)).encode()).hexdigest()
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
