"""The patients that are measured: plans of the shipped example on other days, and a ward that lived twenty acts each."""

import re
import tempfile
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from schedule.engine.plan import lay_out
from schedule.files.case_file import read_case
from schedule.model.acts import Act, Create, Deed, Move, Note
from schedule.model.kept import Lasting
from schedule.model.moment import Moment, moment_at
from schedule.model.plan import Plan
from schedule.model.projection import Projection
from schedule.model.text import sha256
from schedule.service.acts import fact_of, perform, record_of
from schedule.service.create import Meta, create
from schedule.service.inputs import Inputs, open_case
from schedule.service.place import open_ledger
from schedule.service.revisions import newest, plan_of

ROOT = Path(__file__).parent.parent
CASE, SITE = ROOT / "examples" / "ciml-017.toml", ROOT / "examples" / "site.toml"
SHIPPED = ROOT / "schedule" / "protocols" / "nct04024761.toml"
ZERO = date(2026, 6, 15)
"""Day 0 of the example."""
AS_OF = datetime(2026, 5, 26, 8, 0)
WHEN = datetime(2026, 5, 26, 12, 0, tzinfo=UTC)
NOW = datetime(2026, 9, 14, 16, 0, tzinfo=UTC)
"""When a ward's pages are looked at; Mon 14-Sep-2026 12:00 at the site."""
REVISIONS = 20
LIVES = 15
"""So many days 0 are lived through; the other patients of a ward live one of these lives under codes of their own."""
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d(?!\d)")


def moved(text: str, days: int, code: str) -> str:
    """The example's case with every date moved by so many days, under another code."""

    def later(found: re.Match[str]) -> str:
        return (date.fromisoformat(found[0]) + timedelta(days=days)).isoformat()

    return _DATE.sub(later, text).replace("CIML-017", code)


def sample_plans(count: int) -> list[Plan]:
    """Plans of different patients, twenty to a day 0 as in ten thousand within two years: most lines repeat."""
    inputs = open_case(CASE, SITE)
    plans = []
    for number in range(count):
        day = ZERO + timedelta(days=number % max(1, count // 20))
        case = replace(inputs.case, code=f"P-{number}", planned_day_zero=day, planned_moment=None)
        plans.append(lay_out(inputs.protocol, inputs.site, case, AS_OF))
    return plans


class Step(NamedTuple):
    """An act of a life: days from day 0 as first planned, the wall clock, and the deed, made of the plan before it."""

    day: int
    clock: str
    deed: Callable[[Plan, datetime], Deed]
    reason: str = ""


def _given(event: str) -> Callable[[Plan, datetime], Deed]:
    return lambda plan, at: record_of(event, "given", moment_at(at.replace(tzinfo=plan.site.zone)), "", confirmed=True)


def _tested(name: str) -> Callable[[Plan, datetime], Deed]:
    return lambda plan, at: fact_of(name, [Moment(on=at.date() - timedelta(days=1))], instead=False)


def _slipped(plan: Plan, at: datetime) -> Deed:
    to = datetime.combine(plan.day_zero + timedelta(days=1), time(10))
    return Move(to=moment_at(to.replace(tzinfo=plan.site.zone)), cause="donor")


def _noted(_: Plan, at: datetime) -> Deed:
    return Note(text=f"seen on the ward round of {at:%d-%b}")


NOTE = Step(0, "08:00", _noted)
LIFE = (
    Step(-18, "09:00", _tested("organ-function")),
    Step(-17, "10:00", _tested("echo")),
    Step(-5, "09:05", _given("fludarabine-1")),
    Step(-5, "11:10", _given("cyclophosphamide-1")),
    Step(-4, "09:00", _given("fludarabine-2")),
    Step(-4, "11:00", _given("cyclophosphamide-2")),
    Step(-3, "09:00", _given("fludarabine-3")),
    Step(-2, "16:00", _slipped, "collection late"),
    Step(1, "10:20", _given("nk-infusion-1")),
    Step(2, "20:00", _given("il2-1")),
    Step(4, "20:00", _given("il2-2")),
    Step(6, "20:10", _given("il2-3")),
    Step(8, "20:00", _given("il2-4")),
)
"""What happens to a patient, notes apart."""


class Lived(NamedTuple):
    """An act of a life as it was kept, with what it gave."""

    act: Act
    lasting: Lasting
    projection: Projection


def make_ward(path: Path, patients: int, revisions: int = REVISIONS) -> None:
    """A ledger of so many patients, each with so many real acts: day 0 from four months before `NOW` to two months
    after it. The acts of at most `LIVES` lives are performed; the other patients live one of them, under their own
    codes, schedules and hashes, so that nothing of a patient is another's."""
    spread = [n * LIVES // min(LIVES, patients) for n in range(min(LIVES, patients))]
    lives = [life(number, revisions) for number in spread]
    shared = {sha256(text): text for text in (SHIPPED.read_text("utf-8"), SITE.read_text("utf-8"))}
    cases = [case_text(spread[number % len(lives)], f"P-{number}") for number in range(patients)]
    acts = [(one, number) for number in range(patients) for one in lives[number % len(lives)]]
    with open_ledger(path) as store:
        store.connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]
        for one, number in sorted(acts, key=lambda found: (found[0].act.at, found[1])):
            code, text = f"P-{number}", cases[number]
            case = replace(one.projection.case, code=code, sha256=sha256(text))
            first = isinstance(one.act.deed, Create)
            deed = replace(one.act.deed, case=sha256(text)) if isinstance(one.act.deed, Create) else one.act.deed
            store.append(
                replace(one.act, code=code, deed=deed),
                replace(one.lasting, schedule_id=uuid.uuid5(uuid.NAMESPACE_OID, code)),
                replace(one.projection, case=case),
                {sha256(text): text, **(shared if number == 0 else {})} if first else {},
            )


def _zero_of(life: float) -> date:
    return NOW.date() + timedelta(days=12 * life - 120)


def case_text(life: float, code: str) -> str:
    return moved(CASE.read_text("utf-8"), (_zero_of(life) - ZERO).days, code)


def life(number: float, revisions: int = REVISIONS, path: Path | None = None) -> list[Lived]:
    """So many acts of a patient, each performed on the plan as it then was, up to `NOW`: those of `LIFE`, and notes. In
    a ledger at that path, or in one that is forgotten."""
    opened, zero, text = open_case(CASE, SITE), _zero_of(number), case_text(number, "P-0")
    zone = opened.site.zone

    def meta(wall: datetime, reason: str = "") -> Meta:
        at = wall.replace(tzinfo=zone).astimezone(UTC)
        return Meta(by="nurse1", at=at, as_of=wall, site_time=wall, reason=reason)

    case = read_case(text, "case", opened.protocol, opened.site)
    inputs = Inputs(protocol=opened.protocol, site=opened.site, case=case)
    texts = {sha256(one): one for one in (text, SHIPPED.read_text("utf-8"), SITE.read_text("utf-8"))}
    begun = datetime.combine(min(zero - timedelta(days=25), NOW.date() - timedelta(days=30)), time(8))
    lived = [(_wall(zero, step), step) for step in LIFE]
    lived = [(wall, step) for wall, step in lived if wall.replace(tzinfo=zone) < NOW][: revisions - 1]
    notes = [(begun + timedelta(minutes=20 * n), NOTE) for n in range(1, revisions - len(lived))]
    with tempfile.TemporaryDirectory() as folder, open_ledger(path or Path(folder) / "life.sqlite") as store:
        store.connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]
        create(store, inputs, texts, meta(begun))
        for wall, step in sorted([*lived, *notes], key=lambda one: one[0]):
            plan = plan_of(store, newest(store, "P-0"))
            done = perform(store, "P-0", step.deed(plan, wall), meta(wall, step.reason))
            assert done.row is not None, (wall, step, done.verdict)
        return [Lived(row.act, row.lasting, row.projection) for row in store.history("P-0")]


def _wall(zero: date, step: Step) -> datetime:
    return datetime.combine(zero + timedelta(days=step.day), time.fromisoformat(step.clock))
