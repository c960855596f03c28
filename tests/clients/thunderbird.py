"""Thunderbird's rows in `docs/calendars.md`, and its month after the plan and after a slip: the long gate.

    PYTHONPATH=..:. python -m clients.thunderbird        (from the folder tests: measures and compares; --write renews both)

Ends with an error where a way that the manual recommends does not hold, or where the manual says something else.
"""

import sys
import tempfile
from datetime import date
from pathlib import Path

from shared import ROOT
from shared.calendar_ward import PROTOCOLS, CalendarWard, life
from shared.foreign import difference, shown
from shared.thunderbird import Thunderbird, ThunderbirdFeed, ThunderbirdInvited

from clients.invitations import mails_of, of_invitations
from clients.table import FEED, NEW, SAME, in_a_table, measured, of_feed, on_the_page, revisions, write
from schedule.ledger.sqlite import SqliteStore

MARK = "Thunderbird: python -m clients.thunderbird"
PICTURES = ROOT / "docs"
INVITED = {False: "an invitation by mail", True: "an invitation by mail, beside a feed"}
"""Each is accepted; by whether another calendar is synchronised meanwhile."""
MONTH = date(2026, 6, 15)


def rows(folder, files, pictures):
    """(program, way) -> act -> what it does; the two pictures are written."""
    alone, feed = (folder / name for name in ("alone", "feed"))
    alone.mkdir()
    feed.mkdir()
    program = Thunderbird(alone)
    name = f"Thunderbird {program.version.partition('.')[0]}"
    found = {}
    try:
        found[name, SAME] = measured(program, files)
        found[name, NEW] = measured(program, files, anew=True)
        for act in ("plan", "slip"):
            program.anew()
            program.take(files[act])
            program.month(MONTH, pictures / f"thunderbird-{act}.png")
        of_every_protocol(program, folder)
    finally:
        program.close()
    fetching = ThunderbirdFeed(feed)
    try:
        found[name, FEED] = of_feed(fetching, files)
    finally:
        fetching.close()
    mails = mails_of(folder)
    for beside, way in INVITED.items():
        (folder / way).mkdir()
        accepting = ThunderbirdInvited(folder / way, beside=beside)
        try:
            found[name, way] = of_invitations(accepting, mails, files)
        finally:
            accepting.close()
    return found


def of_every_protocol(program, folder):
    """A new calendar for each revision: every entry once, where the plan has it, for every shipped protocol."""
    for protocol in PROTOCOLS:
        with SqliteStore(folder / f"{protocol}.sqlite") as store:
            ward = CalendarWard(store, protocol)
            for act in life(ward):
                data = ward.file("calendar.ics")
                program.anew()
                assert program.take(data) == 0, (protocol, act)
                assert difference(program.held(), shown(data)) == "", (protocol, act)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = revisions(folder)
        pictures = PICTURES if "--write" in sys.argv else folder
        found = rows(folder, files, pictures)
    table = in_a_table(found)
    print(table)
    if "--write" in sys.argv:
        write(table, MARK)
    wrong = [(way, act, said) for (_, way), acts in found.items() for act, said in acts.items()
             if way != SAME and act not in ("older", "ended") and not said.startswith("right, ")]  # fmt: skip
    assert not wrong, wrong
    assert on_the_page(MARK) == table, "the manual says something else: --write renews it"


if __name__ == "__main__":
    main()
