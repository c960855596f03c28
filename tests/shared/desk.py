"""A desk with a ledger and the command line."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from schedule.commands import main
from schedule.ledger.opening import open_store
from shared.stores import EITHER, address_of, new_place
from shared.ward import Ward

CODE = "CASE-1"
TAKE_OUT = (
    "plan", "record", "book", "fact", "attest", "choose", "rule", "slip", "re-date", "amend", "ward", "note", "cancel", "export",
)  # fmt: skip


class Desk:
    """A folder with a patient's files, a ledger and a command line; the computer's clock goes on by a minute a command."""

    def __init__(self, folder, capsys, monkeypatch, store=None):
        self.folder, self.capsys, self.monkeypatch = folder, capsys, monkeypatch
        self.store, self.out = store or folder / "ledger.sqlite", folder / "out"
        self.at("2026-05-26 08:00")
        with open_store(folder / "scratch.sqlite") as scratch:
            self.ward = Ward(scratch, times={"il2": "20:00"})
        self.case, self.site = folder / "case.toml", folder / "site.toml"
        self.case.write_text(self.ward.case_text, encoding="utf-8")
        self.site.write_text(self.ward.site_text, encoding="utf-8")

    def at(self, wall):
        """Set the computer's clock to a wall time of the site."""
        moment = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo("America/New_York"))
        self.seconds = int(moment.timestamp())

    def run(self, *argv, out=True):
        """Exit code, standard output, standard error."""
        self.seconds += 60
        self.monkeypatch.setenv("SOURCE_DATE_EPOCH", str(self.seconds))
        more = ["--out", str(self.out)] if out and argv[0] in TAKE_OUT and "--out" not in argv else []
        with pytest.raises(SystemExit) as ended:
            main([*map(str, argv), *more])
        said = self.capsys.readouterr()
        return ended.value.code, said.out, said.err

    def json(self, *argv):
        code, out, _ = self.run(*argv, "--json")
        return code, json.loads(out)

    def plan(self):
        assert self.run("plan", self.case, "--site", self.site)[0] == 0

    @property
    def revisions(self):
        with open_store(self.store) as store:
            return [row.act.revision for row in store.history(CODE)]

    @property
    def last(self):
        with open_store(self.store) as store:
            return store.newest(CODE).act

    def files(self, revision):
        return self.out / CODE / f"rev-{revision}"


ON_BOTH = pytest.mark.parametrize("desk", EITHER, indirect=True)
"""A test at a desk whose ledger lies in a file, and at one whose ledger lies on a server."""


@pytest.fixture
def desk(request, tmp_path, capsys, monkeypatch):
    """With the ledger in a file, unless a test is one ON_BOTH."""
    place = new_place(request, tmp_path, getattr(request, "param", "sqlite"))
    monkeypatch.setenv("DAYZERO_STORE", address_of(place))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, capsys, monkeypatch, place)


@pytest.fixture
def planned(desk):
    desk.plan()
    return desk


SURE = ("--confirm", CODE, "--reason", "why")
