"""An invented protocol that uses every form of the file once, and a patient of it."""

from datetime import datetime, timedelta

import pytest

from schedule.files.case_file import read_case
from schedule.files.site_file import read_site
from schedule.ledger.sqlite import SqliteStore
from schedule.model.plan import Plan
from schedule.model.text import sha256
from schedule.service.acts import perform
from schedule.service.create import Meta, create
from schedule.service.inputs import Inputs
from schedule.service.revisions import newest, plan_of
from shared import TESTS
from shared.protocols import protocol_of
from shared.trials import deed_of

TEXT = (TESTS / "forms" / "forms.toml").read_text(encoding="utf-8")
SITE = 'format = 1\nzone = "America/New_York"\n[times]\nflu = "09:00"\n'
CASE = 'format = 1\ncode = "CASE-1"\nprotocol = "FORMS"\nplanned-day-zero = 2026-06-15T10:00:00\n'
START = datetime(2026, 1, 3).astimezone()


class Patient:
    """One patient in a ledger, whose acts are those of the worked cases."""

    def __init__(self, store, more="", text=TEXT, site=SITE, as_of="2026-05-26 08:00"):
        self.store, self.clock = store, 0
        protocol = protocol_of(text, "forms.toml")
        case, where = CASE + more, read_site(site, "site.toml", protocol)
        inputs = Inputs(protocol=protocol, site=where, case=read_case(case, "case.toml", protocol, where))
        create(store, inputs, {sha256(one): one for one in (text, site, case)}, self.meta(as_of))

    def meta(self, as_of):
        self.clock += 1
        when = datetime.strptime(as_of, "%Y-%m-%d %H:%M")
        return Meta(by="PI", at=START + timedelta(seconds=self.clock), as_of=when, site_time=when, reason="x")

    @property
    def plan(self) -> Plan:
        return plan_of(self.store, newest(self.store, "CASE-1"))

    def act(self, kind, as_of, **more):
        return perform(self.store, "CASE-1", deed_of({"act": kind, "as-of": as_of, **more}, self.plan), self.meta(as_of))

    def on(self, activity):
        return [event.on for event in self.plan.events if event.activity == activity and event.status != "cancelled"]

    def event(self, event_id):
        return next(event for event in self.plan.events if event.id == event_id)

    def status(self, ref):
        return next(finding.status for finding in self.plan.findings if finding.ref == ref)


@pytest.fixture
def store(tmp_path):
    with SqliteStore(tmp_path / "ledger") as opened:
        yield opened
