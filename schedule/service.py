"""What the commands share, one function each: open a patient's files, make a plan, write its revision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from schedule import folder, shape
from schedule.case import NO_SITE, Case, Site
from schedule.days import spell
from schedule.entries import Entry, carry, entries_of, with_since
from schedule.errors import InputError, Mistake, NotDone
from schedule.ical import calendar, donor_calendar_id
from schedule.plan import Plan, lay_out
from schedule.protocol import Protocol
from schedule.reading import read_protocol
from schedule.reading_case import protocol_named_in, read_case, read_site
from schedule.render import pages
from schedule.tables import plan_csv, plan_values, to_json

SHIPPED = Path(__file__).parent / "protocols"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """A patient with the protocol and the site it is planned by."""

    protocol: Protocol
    site: Site
    case: Case

    @property
    def hashes(self) -> dict[str, str | None]:
        return {"protocol": self.protocol.sha256, "site": self.site.sha256, "case": self.case.sha256}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A plan and the folder that holds it, if one does; `saved` is False where the same inputs were there already."""

    plan: Plan
    folder: Path | None
    saved: bool


def read_file(path: Path) -> str:
    """The text of a file. InputError, in plain words, if there is none to be had."""
    try:
        with path.open("rb") as file:
            data = file.read(shape.MOST_BYTES + 1)
    except OSError as error:
        reason = (
            "there is no such file" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        )
        raise InputError(Mistake(place=str(path), message=reason, remedy="look at the name and the folder")) from error
    return shape.text_of(data, path.name)


def shipped_protocols() -> dict[str, Path]:
    """The protocols that come with Dayzero: id, in capitals, to file."""
    return {path.stem.upper(): path for path in sorted(SHIPPED.glob("*.toml"))}


def protocol_path(named: str, beside: Path) -> Path:
    """Where the protocol lies that a case names: a shipped id, case ignored, or a path seen from the case's folder."""
    if named.lower().endswith(".toml"):
        return beside / named
    shipped = shipped_protocols()
    if named.upper() in shipped:
        return shipped[named.upper()]
    mistake = Mistake(
        place=f'protocol "{named[:60]}"' if named else "protocol", message="there is none of that name" if named else "is missing",
        remedy=f"{shape.nearest(named.upper(), shipped)}; a file of your own is named by its path, ending in .toml",
    )  # fmt: skip
    raise InputError(mistake)


_PROTOCOLS: dict[str, Protocol] = {}
_SITES: dict[tuple[str, str], Site] = {}


def protocol_of(text: str, name: str) -> Protocol:
    """The protocol in a text, read once for as long as the process lives. A text is what it is, whatever file it is in."""
    digest = shape.sha256(text)
    if digest not in _PROTOCOLS:
        _PROTOCOLS[digest] = read_protocol(text, name)
    return _PROTOCOLS[digest]


def site_of(text: str, name: str, protocol: Protocol) -> Site:
    """The site in a text, as far as the protocol asks, read once."""
    key = shape.sha256(text), protocol.sha256
    if key not in _SITES:
        _SITES[key] = read_site(text, name, protocol)
    return _SITES[key]


def open_protocol(path: Path) -> Protocol:
    """The protocol in a file, read again only once the file is another."""
    return _open_protocol(path, _state_of(path))


def open_site(path: Path | None, protocol: Protocol) -> Site:
    """The site in a file, read again for a protocol only once the file is another; no site at all without a path."""
    return NO_SITE if path is None else _open_site(path, _state_of(path), protocol)


def _state_of(path: Path) -> tuple[int, int, int] | None:
    """By what a file that was changed is told; None where it cannot be looked at, which reading it says."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=16)
def _open_protocol(path: Path, _: tuple[int, int, int] | None) -> Protocol:
    return protocol_of(read_file(path), path.name)


@lru_cache(maxsize=16)
def _open_site(path: Path, _: tuple[int, int, int] | None, protocol: Protocol) -> Site:
    return site_of(read_file(path), path.name, protocol)


def open_case(path: Path, site_path: Path | None) -> Inputs:
    """A patient's file, with the protocol it names and the site. InputError with every mistake in the first bad file."""
    text = read_file(path)
    protocol = open_protocol(protocol_path(protocol_named_in(text, path.name), path.parent))
    site = open_site(site_path, protocol)
    return Inputs(protocol=protocol, site=site, case=read_case(text, path.name, protocol, site))


def texts_of(inputs: Inputs, case_path: Path, site_path: Path | None) -> dict[str, str]:
    """The three texts that a plan is made from, by their hashes, as the ledger keeps them. NotDone if one of the files
    has changed since it was read."""
    paths = [case_path, protocol_path(inputs.case.protocol, case_path.parent), *([site_path] if site_path else [])]
    found = {shape.sha256(text): text for text in map(read_file, paths)}
    if not {digest for digest in inputs.hashes.values() if digest} <= set(found):
        raise NotDone("One of the files was changed meanwhile. Nothing was saved; try again.")
    return found


def make_plan(inputs: Inputs, as_of: datetime, revision: int = 1) -> Plan:
    """The plan of a patient who has a planned day 0; InputError otherwise."""
    if inputs.case.planned_day_zero is None:
        raise InputError(
            Mistake(
                place=f"{inputs.case.code}, planned-day-zero", message="is missing",
                remedy="write planned-day-zero = 2026-06-15; “dayzero feasible” says which days 0 are possible",
            )
        )  # fmt: skip
    return lay_out(inputs.protocol, inputs.site, inputs.case, as_of, revision=revision)


def site_time(when: datetime, site: Site) -> datetime:
    """A moment as the site's wall time, without zone and seconds; UTC's where there is no site file."""
    return when.astimezone(site.zone or UTC).replace(tzinfo=None, second=0, microsecond=0)


def calendar_of(plan: Plan, entries: Iterable[Entry], when: datetime) -> bytes:
    """A patient's calendar, named by code, protocol and revision."""
    return calendar(
        entries, schedule_id=plan.schedule_id, name=f"{plan.case.code} {_title_of(plan)}",
        description=_description_of(plan, when),
    )  # fmt: skip


def donor_calendar_of(plan: Plan, entries: Iterable[Entry], when: datetime) -> bytes | None:
    """The donor's days alone, as a calendar of its own; None where the donor has none."""
    donors = [entry for entry in entries if entry.donor]
    if not donors:
        return None
    return calendar(
        donors, schedule_id=plan.schedule_id, calendar_id=donor_calendar_id(plan.schedule_id),
        name=f"Donor of {plan.case.code} {_title_of(plan)}", description=_description_of(plan, when),
    )  # fmt: skip


def _title_of(plan: Plan) -> str:
    heading = plan.alerts[0][0] if plan.alerts else ""
    return f"{plan.protocol.id} revision {plan.revision}{f' - {heading}' if heading else ''}"


def _description_of(plan: Plan, when: datetime) -> str:
    site_name = f", {plan.site.name}" if plan.site.name else ""
    return (
        f"{plan.case.code}{site_name}: revision {plan.revision} of {spell(when.date())} {when:%H:%M} UTC. "
        f"{plan.protocol.zero.capitalize()} {plan.day_zero_in_words}. {plan.banner or ''}"
    ).strip()


def output_files(plan: Plan, entries: Iterable[Entry], when: datetime) -> dict[str, bytes]:
    """Every file of a revision, by name."""
    entries = tuple(entries)
    donors = donor_calendar_of(plan, entries, when)
    return {
        "calendar.ics": calendar_of(plan, entries, when),
        **({"donor.ics": donors} if donors is not None else {}),
        "plan.json": to_json(plan_values(plan)).encode(),
        "plan.csv": plan_csv(plan).encode(),
        **{name: page.encode() for name, page in pages(plan, when).items()},
    }


def write_revision(inputs: Inputs, as_of: datetime, when: datetime, out: Path) -> Written:
    """Plan and write the patient's next revision under `out`. The same three texts change nothing."""
    patient = out / inputs.case.code
    before = folder.latest(patient)
    if before is not None and before.inputs == inputs.hashes:
        plan = with_since(make_plan(inputs, before.as_of, before.revision), before.entries)
        return Written(plan=plan, folder=patient / f"rev-{before.revision}", saved=False)
    revision = before.revision + 1 if before else 1
    plan = make_plan(inputs, as_of, revision)
    entries = carry(before.entries if before else (), entries_of(plan, when), revision, when)
    plan = with_since(plan, entries)
    manifest = folder.Manifest(revision=revision, when=when, as_of=as_of, inputs=inputs.hashes, entries=entries)
    path = folder.write(patient, manifest, output_files(plan, entries, when))
    return Written(plan=plan, folder=path, saved=True)
