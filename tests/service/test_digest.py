"""The morning's mail: what is not recorded, due today and tomorrow, and what did not move; codes and counts alone.

Fludarabine is due on Wed 10, Thu 11 and Fri 12-Jun-2026, cyclophosphamide on the first two days; the donor's collection is
on Sun 14-Jun, the day before the cells.
"""

import email
from datetime import UTC, datetime
from email import policy

from shared.relay import relay
from shared.ward import Ward

from schedule.ledger.opening import open_store
from schedule.service.channels import add_channel, pause_channel
from schedule.service.digest import send_digest

AT = datetime(2026, 6, 12, 10, 0, tzinfo=UTC)
"""06:00 at the site on Fri 12-Jun."""


def test_the_mail_of_a_morning(place):
    with open_store(place, waits=False) as store, relay() as running:
        ward = Ward(store)
        ward.record("fludarabine-1", "given", "2026-06-10 09:10")
        channel = add_channel(
            store, name="Ward calendar", kind="imip", code=None, level="minimal", address="ward@hospital.example", by="IT",
            settings={"relay": f"smtp://localhost:{running.port}", "sender": "dayzero@hospital.example"}, at=AT,
        )  # fmt: skip
        channel = pause_channel(store, channel, AT)
        send_digest(store, channel, "nurse@hospital.example", AT)
        ((sender, mailboxes, data),) = running.mails
    found = email.message_from_bytes(data, policy=policy.default)
    assert (sender, mailboxes, found["Auto-Submitted"]) == ("dayzero@hospital.example", ("nurse@hospital.example",), "auto-generated")
    assert found["Subject"] == "Dayzero, Fri 12-Jun-2026: 1 patient with something not recorded; a calendar did NOT move"
    assert found.get_content().splitlines() == [
        "As of the morning of Fri 12-Jun-2026.", "",
        "Not recorded:", "  CASE-1, D−3: 3 items", "",
        "Due today:", "  CASE-1, D−3: 1 item", "",
        "Due tomorrow:", "  nobody", "",
        "Calendars:", "  Ward calendar: paused since 06:00, not up to date for CASE-1: telephone.", "",
        "Schedule aid, not an order. Codes and counts alone: look at the shift page for what it is.",
    ]  # fmt: skip
    for word in ("fludarabine", "cyclophosphamide", "given", "NCT04024761"):
        assert word.encode() not in data
