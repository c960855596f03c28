"""What is said of other people's packages is true: bounds, the lock that a hospital installs from, the list of materials.

.ci/run installs the oldest packages that the bounds allow and what the lock names; .ci/long runs all tests with the oldest.
"""

import json
import re
import tomllib
from importlib import metadata

import pytest
from lower_bounds import PYPROJECT, declared, lower_bounds
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from shared import ROOT

PROJECT = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKED_EXTRAS = ("graph", "postgres")
"""Those of a ward's server. A cluster's workers have what its scheduler has."""
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PIN = re.compile(r"^([\w.-]+)==([^\s;]+)(?: ;[^\\\n]*)? \\\n((?: {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)
PINS = {canonicalize_name(name): version for name, version, _ in PIN.findall(LOCK)}
BOM = json.loads((ROOT / "sbom.cdx.json").read_text(encoding="utf-8"))
ASKED = [Requirement(text) for text in (*PROJECT["dependencies"], *(one for name in LOCKED_EXTRAS for one in EXTRAS[name]))]


def test_each_package_that_runs_has_a_lower_bound_that_python_packages_can_have():
    assert len(lower_bounds()) >= 12
    assert [name for name, bound in lower_bounds().items() if bound is None] == []
    assert all(Version(bound) for bound in lower_bounds().values())


def test_an_extra_that_is_tested_is_tested_with_the_bounds_that_it_has():
    tested = set(EXTRAS["test"])
    assert [one for name, found in EXTRAS.items() if name != "test" for one in found if one not in tested] == []


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.name)
def test_the_lock_names_what_pyproject_asks_for_within_its_bounds(asked):
    assert PINS[canonicalize_name(asked.name)] in asked.specifier


def test_every_line_of_the_lock_is_a_pin_with_its_hashes_and_names_no_place():
    rest = PIN.sub("", LOCK)
    assert [line for line in rest.splitlines() if line and not line.lstrip().startswith("#")] == []
    assert "://" not in LOCK and ".ci/renew-lock" in LOCK.splitlines()[1]


@pytest.mark.parametrize("name", PINS)
def test_what_a_locked_package_needs_here_is_locked_too(name):
    """As far as it is installed beside the tests, in whatever version."""
    try:
        needed = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        pytest.skip("not installed here")
    asked = {extra for one in ASKED if canonicalize_name(one.name) == name for extra in one.extras}
    for text in needed:
        one = Requirement(text)
        holds = one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *asked))
        assert not holds or canonicalize_name(one.name) in PINS, text


def test_nothing_is_locked_that_nobody_needs():
    """Each pin says for whom it is: pyproject.toml, or a package of the lock."""
    for name, reasons in re.findall(r"^([\w.-]+)==.*\n(?: {4}--hash.*\n)+((?: {4}#.*\n?)+)", LOCK, re.MULTILINE):
        wanted = re.findall(r"[\w.-]+", reasons.replace("via", ""))
        assert wanted, name
        assert [one for one in wanted if one not in ("dayzero", "pyproject.toml") and canonicalize_name(one) not in PINS] == []


def test_the_list_of_materials_lists_exactly_what_the_lock_lists_each_with_a_licence():
    assert {canonicalize_name(one["name"]): one["version"] for one in BOM["components"]} == PINS
    assert all(one["purl"] == f"pkg:pypi/{canonicalize_name(one['name'])}@{one['version']}" for one in BOM["components"])
    assert [one["name"] for one in BOM["components"] if not one.get("licenses")] == []


def test_the_list_of_materials_is_of_this_version_and_says_what_needs_what():
    about = BOM["metadata"]["component"]
    assert (BOM["bomFormat"], about["name"], about["version"]) == ("CycloneDX", "dayzero", PROJECT["version"])
    needs = {one["ref"].partition("==")[0]: one.get("dependsOn", []) for one in BOM["dependencies"]}
    direct = {canonicalize_name(one.partition("==")[0]) for one in needs["root-component"]}
    assert direct == {canonicalize_name(one.name) for one in ASKED}
    assert [one for one in re.findall(r'"(?:url|comment)": "([^"]+)"', json.dumps(BOM))] == []


def test_the_bounds_are_read_as_they_stand():
    assert dict(declared())["python-dateutil"] == ">=2.9,<5"
    assert {"click", "httpx", "psycopg", "distributed"} <= set(lower_bounds()) and "pytest" not in lower_bounds()
