"""The oldest packages that pyproject.toml allows, as constraints for pip: `name==lower bound`, a line each.

python tests/lower_bounds.py > oldest.txt; it needs nothing but Python.
"""

import re
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
TOOLS = ("test",)
"""The extras that are no part of what runs."""
REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(?:\[[\w,]+\])?\s*(.*)")


def declared():
    """What runs: each requirement of Dayzero and of its extras, as name and bounds."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    for text in (*project["dependencies"], *(one for name in extras if name not in TOOLS for one in extras[name])):
        yield REQUIREMENT.fullmatch(text).groups()


def lower_bounds():
    """Name -> the lower bound; None where there is none."""
    return {name: next((bound[2:] for bound in bounds.split(",") if bound.startswith(">=")), None) for name, bounds in declared()}


if __name__ == "__main__":
    for name, bound in lower_bounds().items():
        print(f"{name}=={bound}")
