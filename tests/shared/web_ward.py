"""The pages on a ledger with patients in every state, for the tests of the web: no server, no network.

    with open_ward(tmp_path) as ward:
        ward.at("2026-06-12 08:00")
        page = ward.get("/p/SLIP-1")
        answer = ward.post("/p/SLIP-1/note", {"text": "cell lab told", "based-on": "2"})
"""

from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from schedule.ledger.opening import open_store
from schedule.ledger.place import make_private
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Cancel
from schedule.model.server_address import ServerAddress
from schedule.web.app import Settings, make_app
from schedule.web.security import cookie_name, token_of
from shared import stores
from shared.ward import Ward

HOST = "127.0.0.1:8000"
ORIGIN = f"http://{HOST}"
COOKIE = "c" * 43
ZONE = ZoneInfo("America/New_York")
TIMES = {"fludarabine": "09:00", "cyclophosphamide": "11:00", "il2": "20:00"}
CODES = ("DONE-1", "FRESH-1", "GIVEN-1", "GONE-1", "OLD-1", "PLAN-1", "SLIP-1", "WRONG-1")
"""Every patient of the ledger; `states` says what is with each."""


def moment_at(wall):
    """The moment, UTC, of a wall time of the site."""
    return datetime.fromisoformat(wall).replace(tzinfo=ZONE).astimezone(UTC)


class Clock:
    """The computer's clock, set by the test; it goes on by a second whenever it is looked at."""

    def __init__(self, moment):
        self.moment = moment

    def __call__(self):
        self.moment += timedelta(seconds=1)
        return self.moment


class Book(Ward):
    """A patient whose acts are kept at the moments that they speak of, by the computer's clock."""

    def __init__(self, clock, *args, **more):
        self.ticks = clock
        super().__init__(*args, **more)

    def meta(self, as_of, by="nurse1", reason="", based_on=None):
        self.ticks.moment = max(self.ticks.moment, moment_at(as_of))
        return replace(super().meta(as_of, by=by, reason=reason, based_on=based_on), at=self.ticks())


def states(store, clock):
    """Patients as a ward has them on Fri 12-Jun-2026, 08:00. The acts are in the order of their times."""
    books = {}

    def patient(code, planned="2026-06-15T10:00:00", **more):
        books[code] = Book(clock, store, planned=planned, times=TIMES, code=code, **more)

    patient("PLAN-1")  # lymphodepletion from 10-Jun, nothing recorded: two days unconfirmed
    patient("FRESH-1", planned="2026-07-20T10:00:00")  # weeks away
    patient("WRONG-1", dates={"taper-completed": "2026-06-10"})  # the taper is too late: not allowed as planned
    patient("OLD-1", dates={"marrow": "2026-05-18", "organ-function": None})  # a marrow about to expire, a test due
    patient("SLIP-1")  # begun, slipped by a day for a cause on which the protocol is silent
    patient("GIVEN-1", planned="2026-06-08T10:00:00")  # infused, IL-2 going on
    patient("DONE-1", planned="2026-06-08T10:00:00")  # begun and day 0 past, nothing but one dose recorded
    patient("GONE-1")  # cancelled
    books["GONE-1"].do(Cancel(), "2026-06-01 09:00", reason="withdrawn")
    for code, event, when in (
        ("GIVEN-1", "fludarabine-1", "2026-06-03 09:00"), ("DONE-1", "fludarabine-1", "2026-06-03 09:05"),
        ("GIVEN-1", "cyclophosphamide-1", "2026-06-03 11:00"), ("GIVEN-1", "fludarabine-2", "2026-06-04 09:00"),
        ("GIVEN-1", "cyclophosphamide-2", "2026-06-04 11:00"), ("GIVEN-1", "fludarabine-3", "2026-06-05 09:00"),
        ("GIVEN-1", "nk-infusion-1", "2026-06-08 10:20"), ("SLIP-1", "fludarabine-1", "2026-06-10 09:05"),
        ("SLIP-1", "cyclophosphamide-1", "2026-06-10 11:10"),
    ):  # fmt: skip
        books[code].record(event, "given", when)
    books["SLIP-1"].slip("2026-06-16 10:00", "2026-06-11 16:00", cause="donor", reason="collection late")
    return books


class WebWard:
    """A browser without a browser: the application, its ledger and its clock."""

    def __init__(self, settings, clock, books):
        self.settings, self.clock, self.books = settings, clock, books
        self.app = make_app(settings)
        self.client = self.app.test_client()
        self.client.set_cookie(cookie_name(settings), COOKIE, domain="127.0.0.1")

    def at(self, wall):
        """Set the computer's clock to a wall time of the site."""
        self.clock.moment = moment_at(wall)

    def headers(self, **more):
        return {"Host": next(iter(sorted(self.settings.hosts))), **more}

    def get(self, path, **headers):
        """A page, as the browser asks for it."""
        return self.client.get(path, headers=self.headers(**headers))

    def token(self, user=None):
        return token_of(self.settings, COOKIE, user or self.settings.user)

    def post(self, path, data, *, follow=False, user=None, **headers):
        """A form sent from a page of ours; `headers` go in the place of the right ones."""
        origin = next(iter(sorted(self.settings.origins)))
        sent = {"token": self.token(user), **data}
        return self.client.post(
            path, data=sent, headers=self.headers(**{"Origin": origin, **headers}), follow_redirects=follow
        )

    def store(self):
        return open_store(self.settings.store)

    @contextmanager
    def book(self, code):
        """A patient, for acts that somebody else does meanwhile."""
        with self.store() as store:
            self.books[code].store = store
            yield self.books[code]

    def revisions(self, code):
        with self.store() as store:
            return [row.act.revision for row in store.history(code)]

    def last(self, code):
        """The patient's newest act."""
        with self.store() as store:
            return store.newest(code).act


@lru_cache(maxsize=4)
def made_once(patients):
    """A ledger with these patients: its bytes, its books, and the clock's moment when it was done."""
    clock = Clock(datetime(2026, 5, 26, 12, 0, tzinfo=UTC))
    with TemporaryDirectory() as name:
        path = Path(name) / "ledger.sqlite"
        with SqliteStore(path) as store:
            books = patients(store, clock)
        return path.read_bytes(), books, clock.moment


def copied(books, clock):
    """The same books, for a ward of its own."""
    found = {code: copy(book) for code, book in books.items()}
    for book in found.values():
        book.ticks = clock
    return found


@contextmanager
def open_ward(folder: Path, *, patients=states, **settings):
    """The pages on a ledger of its own in `folder`; `settings` go in the place of the usual ones. Without `patients`
    the ledger is the one that lies there, or a new one. With a server's `store` it lies there, as it is in the folder."""
    path = folder / "ledger.sqlite"
    data, books, moment = made_once(patients or nobody)
    clock = Clock(moment)
    folder.mkdir(parents=True, exist_ok=True)
    if patients is not None or not path.exists():
        make_private(path)
        path.write_bytes(data)
    chosen = {
        "store": path, "site": None, "protocols": (), "user": "nurse1", "proxy_header": None, "hosts": frozenset({HOST}),
        "origins": frozenset({ORIGIN}), "read_only": False, "now": clock, "secret": b"0" * 32,
    } | settings  # fmt: skip
    if patients is not None and isinstance(chosen["store"], ServerAddress):
        stores.copied(path, chosen["store"])
    ward = WebWard(Settings(**chosen), clock, copied(books, clock))
    ward.at("2026-06-12 08:00")
    yield ward


def nobody(store, clock):
    """No patient."""
    return {}
