"""A network of wards in one ledger, measured by hand: `python -m benchmarks.network --store PLACE`.

Patients are laid out, each with three real acts, and lent to others: their rows stand again under other codes, wards,
schedules and hashes, in one chain, as if everybody had been planned. `verify` of the newest acts says that they are right.
Then it is looked at as one ward looks at it, each time in a process of its own. PLACE is a file or a PostgreSQL database
that is not there yet, or holds nothing.
"""

import argparse
import sys
import time
import uuid
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from benchmarks.measure import printed, used
from benchmarks.patients import LIVES, NOW, SHIPPED, SITE, case_text, life
from schedule.ledger.chain import ACT_COLUMNS, FIRST_HASH, projection_hash, row_hash
from schedule.ledger.codec import act_to_plain
from schedule.ledger.packed import LEVEL, KeptText, projection_to_text
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Create, Note
from schedule.model.projection import FORM
from schedule.model.text import sha256
from schedule.service.acts import perform
from schedule.service.create import Meta
from schedule.service.place import ledger_place, open_ledger
from schedule.service.verify import verify

REVISIONS = 3
CODE, WARD, CASE, SCHEDULE = "LENT-000000", "Ward 000", "c" * 64, uuid.UUID("00000000-0000-4000-8000-00000000000c")
"""What stands for a patient's own in rows that are lent."""
SPREAD = 7919
"""A prime, so that neighbours borrow from different patients and a ward has days 0 of the whole half year."""
VERIFIED = 300
"""So many of the newest acts are laid out again."""
AT_ONCE = 500
"""Acts kept in one transaction while the ledger is filled."""


class Lent(NamedTuple):
    """An act of a patient who was laid out, by its columns, with what it gave: as the ledger keeps it, and two parts of it
    not squeezed; and which of the patients it is."""

    lender: int
    columns: dict[str, Any]
    listed: str
    whole: str


def ward_named(number: int) -> str:
    return f"Ward {number:03d}"


def code_of(number: int) -> str:
    return f"N-{number:06d}"


def lent(count: int) -> list[Lent]:
    """The acts of so many patients whose days 0 lie within half a year, oldest first."""
    found = []
    for lender in range(count):
        for one in life(lender * LIVES / count, REVISIONS):
            deed = replace(one.act.deed, case=CASE) if isinstance(one.act.deed, Create) else one.act.deed
            columns = act_to_plain(replace(one.act, code=CODE, deed=deed), replace(one.lasting, schedule_id=SCHEDULE))
            case = replace(one.projection.case, code=CODE, ward=WARD, sha256=CASE)
            text = projection_to_text(replace(one.projection, ward=WARD, case=case))
            content = msgspec.json.decode(text, type=KeptText)
            plain = (zlib.decompress(part).decode() for part in (content.listed, content.whole))
            found.append(Lent(lender, columns, *plain))
    return sorted(found, key=lambda one: str(one.columns["at"]))


def rows(acts: Sequence[Lent], lenders: int, wards: int, patients: int) -> Iterator[tuple[tuple[Any, ...], ...]]:
    """For each act of the network its row, that of what it gave, and for a first plan that of the case's text."""
    number, previous = 0, FIRST_HASH
    borrowers: list[list[int]] = [[] for _ in range(lenders)]
    for patient in range(wards * patients):
        borrowers[patient * SPREAD % lenders].append(patient)
    for one in acts:
        case = case_text(one.lender * LIVES / lenders, CODE).replace("\n[dates]", f'\nward = "{WARD}"\n\n[dates]', 1)
        for patient in borrowers[one.lender]:
            number += 1
            code, ward = code_of(patient), ward_named(patient // patients)
            text = case.replace(CODE, code).replace(WARD, ward)
            own = {CODE: code, WARD: ward, CASE: sha256(text), str(SCHEDULE): str(uuid.uuid5(uuid.NAMESPACE_OID, code))}
            mine = {key: _given_over(one.columns[key], own) for key in ("code", "deed", "lasting")}
            values = {**one.columns, **mine, "previous": previous}
            previous = row_hash(values)
            content = _squeezed_over(one, own)
            yield (
                (number, *(values[column] for column in ACT_COLUMNS), previous),
                (number, FORM, ward, content, projection_hash(FORM, ward, content, previous)),
                (own[CASE], text) if values["revision"] == 1 else (),
            )


def _squeezed_over(one: Lent, own: dict[str, str]) -> str:
    """What an act gave as another patient's: squeezed as the ledger does."""
    parts = (zlib.compress(_given_over(part, own).encode(), LEVEL) for part in (one.listed, one.whole))
    return msgspec.json.encode(KeptText(*parts)).decode()


def _given_over(text: str, own: dict[str, str]) -> str:
    for lent_one, own_one in own.items():
        text = text.replace(lent_one, own_one)
    return text


def fill(stores: Sequence[Any], acts: Sequence[Lent], lenders: int, wards: int, patients: int) -> None:
    """Put the network into empty ledgers, all alike."""
    marks = ", ".join("?" * (len(ACT_COLUMNS) + 2))
    into_acts = f"INSERT INTO acts (id, {', '.join(ACT_COLUMNS)}, hash) VALUES ({marks})"
    into_projections = "INSERT INTO projections (id, form, ward, content, hash) VALUES (?, ?, ?, ?, ?)"
    into_texts = "INSERT INTO texts (sha256, text) VALUES (?, ?)"
    shared = [(sha256(text), text) for text in (SHIPPED.read_text("utf-8"), SITE.read_text("utf-8"))]
    for store in stores:
        with store._writing():
            store.connection.executemany(into_texts, shared)
    found = rows(acts, lenders, wards, patients)
    while some := list(islice(found, AT_ONCE)):
        for store in stores:
            with store._writing():
                store.connection.executemany(into_acts, [act for act, _, _ in some])
                store.connection.executemany(into_projections, [given for _, given, _ in some])
                store.connection.executemany(into_texts, [text for _, _, text in some if text])


def filled(places: Sequence[str], laid_out: int, wards: int, patients: int) -> None:
    """Fill the ledgers, and print how long it took and what `verify` says of the newest acts; ends with 1 at a fault."""
    begin = time.perf_counter()
    lenders, sample = min(laid_out, wards * patients), min(VERIFIED, wards * patients)
    acts = lent(lenders)
    print(f"{lenders} patients laid out, {len(acts)} acts: {time.perf_counter() - begin:.0f} s", flush=True)
    begin, cpu = time.perf_counter(), time.process_time()
    with ExitStack() as opened:
        stores: list[Any] = [opened.enter_context(open_ledger(ledger_place(place))) for place in places]
        for store in stores:
            assert store.codes() == [], f"{store.name} holds a ledger already"
            if isinstance(store, SqliteStore):  # no disk is waited for, and written pages have room
                store.connection.execute("PRAGMA synchronous=OFF")
                store.connection.execute("PRAGMA cache_size=-1000000")
        fill(stores, acts, lenders, wards, patients)
        took = f"{time.process_time() - cpu:.0f} CPU s, {time.perf_counter() - begin:.0f} s"
        print(f"{wards} wards of {patients}, {REVISIONS} revisions each, put into {' and '.join(places)}: {took}", flush=True)
        for store in stores:
            since = store._value("SELECT hash FROM acts WHERE id = (SELECT max(id) FROM acts) - ?", sample)
            found = verify(store, since=since)
            print(f"{store.name}\nverify of the newest {found.acts} acts: {len(found.faults)} faults", flush=True)
            if found.faults:
                sys.exit(f"{found.faults[:3]}")


ACTED = NOW + timedelta(minutes=1)
SITE_TIME = ACTED.astimezone(ZoneInfo("America/New_York")).replace(tzinfo=None)
"""When acts are done on top of what is there."""


# What is measured ----------------------------------------------------------------------------------------------------


def settled(place: str) -> float:
    """The size of the ledger on disk, in GB, once everything is where it stays."""
    with open_ledger(ledger_place(place)) as store:
        found: Any = store
        if isinstance(ledger_place(place), Path):
            found.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return Path(place).stat().st_size / 1e9
        found.connection.execute("VACUUM ANALYZE")  # as the server does by itself, some time later
        return float(found._value("SELECT pg_database_size(current_database())")) / 1e9


def acted(place: str, first: int, count: int) -> float:
    """The seconds that a writer takes for so many notes, each on another patient: acts as people do them, kept
    durably."""
    begin = time.perf_counter()
    for number in range(first, first + count):
        with open_ledger(ledger_place(place)) as store:
            meta = Meta(by="nurse1", at=ACTED, as_of=SITE_TIME, site_time=SITE_TIME)
            done = perform(store, code_of(number), Note(text="seen on the ward round"), meta)
        assert done.row is not None
    return time.perf_counter() - begin


def looked_at(place: str, what: str, ward: str) -> None:
    """Print for what a ward looks at the CPU seconds and the seconds of the first view and of the next, and the peak
    memory in MiB."""
    from schedule.service.feeds import make_feed
    from schedule.web.app import Settings, make_app

    settings = Settings(
        store=ledger_place(place), site=None, protocols=(), user="b", proxy_header=None, hosts=frozenset({"localhost"}),
        origins=frozenset({"http://localhost"}), read_only=False, now=lambda: NOW + timedelta(hours=1), secret=b"x" * 32,
    )  # fmt: skip
    client = make_app(settings).test_client()
    if what == "feed":
        with open_ledger(ledger_place(place)) as store:
            known: Any = {"label": "x", "code": None, "ward": ward, "level": "minimal", "by": "b", "at": NOW}
            secret, _ = make_feed(store, expires=date(2199, 1, 1), **known)
        address = f"/feed/{secret}/x.ics"
    else:
        address = f"/w/{quote(ward)}/board"
    client.get("/protocols", headers={"Host": "localhost"})
    figures: list[float] = []
    for _ in range(2):
        cpu, clock = time.process_time(), time.perf_counter()
        answer = client.get(address, headers={"Host": "localhost"})
        figures += [time.process_time() - cpu, time.perf_counter() - clock]
        assert answer.status_code == 200, answer.status
    status = Path("/proc/self/status").read_text(encoding="ascii")  # getrusage has its parent's peak, too
    print(*figures, int(status.partition("VmHWM:")[2].split()[0]) / 1024)


def measure(place: str, wards: int, patients: int, acts: int) -> None:
    """Print what a network costs that is there."""
    print(f"size on disk: {settled(place):.2f} GB", flush=True)
    one = acted(place, 0, acts) / acts
    with ProcessPoolExecutor(4) as pool:
        begin = time.perf_counter()
        list(pool.map(acted, [place] * 4, [acts * n for n in range(1, 5)], [acts] * 4))
        four = (time.perf_counter() - begin) / (4 * acts)
    print(f"acts a second: {1 / one:.1f} by one writer, {1 / four:.1f} by four", flush=True)
    ward = ward_named(wards // 2)
    for what in ("board", "feed"):
        found = printed("-c", f"from benchmarks.network import looked_at; looked_at({place!r}, {what!r}, {ward!r})")
        cpu, clock, cpu_again, clock_again, memory = found
        print(f"{what} of one ward, first view: {cpu:.2f} CPU s, {clock:.2f} s; again: {cpu_again:.3f} CPU s, {clock_again:.3f} s; peak {memory:.0f} MiB", flush=True)
    day = (NOW + timedelta(days=1)).date()
    found_today = used("cli.py", "today", "--ward", ward, "--date", f"{day}", "--store", place)
    print(f"today of one ward: {found_today.seconds:.2f} CPU s, {found_today.elapsed:.2f} s; peak {found_today.memory:.0f} MiB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.network", description="A network of wards in one ledger.")
    parser.add_argument("--store", action="append", required=True, metavar="PLACE", help="A file or postgresql://…, new; several are filled alike.")
    parser.add_argument("--wards", type=int, default=300)
    parser.add_argument("--patients", type=int, default=500, help="Patients of a ward.")
    parser.add_argument("--laid-out", type=int, default=1_000, help="How many are laid out; the others borrow their rows.")
    parser.add_argument("--acts", type=int, default=100, help="Acts of each writer.")
    parser.add_argument("--filled", action="store_true", help="They are filled already, and only looked at.")
    asked = parser.parse_args()
    if not asked.filled:
        filled(asked.store, asked.laid_out, asked.wards, asked.patients)
    for place in asked.store:
        print(place, flush=True)
        measure(place, asked.wards, asked.patients, asked.acts)


if __name__ == "__main__":
    main()
