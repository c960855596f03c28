"""A step of building the wheel: it holds every template as a Python module, which whoever installs it compiles."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTemplates(BuildHookInterface[Any]):
    """Puts the modules into the wheel; a checkout that is installed to be edited makes them itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from schedule.output.compiled import FOLDER, CompiledTemplates
        from schedule.output.html import environment

        made, loader = environment(), environment().loader
        assert isinstance(loader, CompiledTemplates)
        self.kept = tempfile.TemporaryDirectory()
        for name, code in loader.modules(made):
            path = Path(self.kept.name) / name
            path.write_text(code, encoding="utf-8")
            build_data["force_include"][str(path)] = f"schedule/templates/{FOLDER}/{name}"
