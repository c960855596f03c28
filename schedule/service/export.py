"""A revision's files: written once, never overwritten."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from schedule.engine.entries import carry, entries_of, with_since
from schedule.ledger.store import Store
from schedule.model import reasons
from schedule.model.acts import Create, Move
from schedule.model.entries import Entry
from schedule.model.errors import NotDone
from schedule.model.kept import Row
from schedule.model.plan import Plan
from schedule.output import folder
from schedule.output.outputs import OUTPUTS, Revision, RevisionChange, output_files
from schedule.service.inputs import Inputs
from schedule.service.planning import make_plan
from schedule.service.revisions import calendar_entries, deed_in_zone, revision_of, shown_plan, stored_plan


class Written(Struct, frozen=True, kw_only=True):
    """A plan and the folder that holds it, if one does; `saved` is False where the same inputs were there already."""

    plan: Plan
    folder: Path | None
    saved: bool


class NextRevision(Struct, frozen=True, kw_only=True):
    """A plan and what its folder is to hold; `files` is None where the same inputs are there already, as the revision
    that the manifest names."""

    plan: Plan
    manifest: folder.Manifest
    files: Mapping[str, bytes] | None


def next_revision(inputs: Inputs, as_of: datetime, when: datetime, before: folder.Manifest | None) -> NextRevision:
    """The patient's next revision after the one `before`. The same three texts change nothing."""
    if before is not None and before.inputs == inputs.hashes:
        plan = with_since(make_plan(inputs, before.as_of, before.revision), _since(before.entries))
        return NextRevision(plan=plan, manifest=before, files=None)
    revision = before.revision + 1 if before else 1
    plan = make_plan(inputs, as_of, revision)
    known = before.entries if before else ()
    entries = carry(known, entries_of(plan, when, [one.id for one in known]), revision, when)
    plan = with_since(plan, _since(entries))
    manifest = folder.Manifest(revision=revision, when=when, as_of=as_of, inputs=inputs.hashes, entries=entries)
    files = output_files(Revision(plan=plan, entries=entries, when=when))
    return NextRevision(plan=plan, manifest=manifest, files=files)


def write_revision(inputs: Inputs, as_of: datetime, when: datetime, out: Path) -> Written:
    """Plan and write the patient's next revision under `out`. NotDone, with nothing left behind, if the disk does not
    do it."""
    patient = out / inputs.case.code
    made = next_revision(inputs, as_of, when, folder.latest(patient))
    if made.files is None:
        return Written(plan=made.plan, folder=patient / f"rev-{made.manifest.revision}", saved=False)
    return Written(plan=made.plan, folder=folder.write(patient, made.manifest, made.files), saved=True)


def _since(entries: Iterable[Entry]) -> dict[str, int]:
    return {entry.id: entry.since for entry in entries}


def export_saved(store: Store, row: Row, out: Path) -> Path:
    """`export` right after an act was kept: where the files cannot be written, the act stands, and NotDone says so."""
    try:
        return export(store, row, out)
    except NotDone as error:
        saved = reasons.failures.SavedNotExported(code=row.act.code, revision=row.act.revision, why=error.failure)
        raise NotDone(saved) from error


def export(store: Store, row: Row, out: Path) -> Path:
    """Write a revision's files under `out`, and give its folder. An existing one that is whole is left as it is, one
    that is damaged is put aside and written anew; NotDone if it holds the revision of another plan."""
    patient = out / row.act.code
    path = patient / f"rev-{row.act.revision}"
    if folder.is_there(path):
        damaged = folder.faults(path)
        if not any(isinstance(one, reasons.faults.ManifestNotRead) for one in damaged):
            if folder.read_manifest(path).ledger != row.hash:
                raise NotDone(reasons.file_failures.AnothersRevision(path=str(path)))
            if not damaged:
                return path
        folder.put_aside(path)
    state, entries = row.projection, calendar_entries(store, row)
    plan = shown_plan(store, row)
    manifest = folder.Manifest(
        revision=row.act.revision,
        when=row.act.at,
        as_of=row.act.as_of,
        entries=entries,
        ledger=row.hash,
        inputs={"protocol": state.protocol, "site": state.site, "case": state.case.sha256},
    )
    made = Revision(plan=plan, entries=entries, when=row.act.at, change=change_of(store, row))
    return folder.write(patient, manifest, output_files(made))


def change_of(store: Store, row: Row) -> RevisionChange | None:
    """What an act changed; None for what changes no plan."""
    act = row.act
    if isinstance(act.deed, Create):
        return None
    from schedule.engine.move import judge_move  # which a first plan does not need, as what they need in turn
    from schedule.pages.change import notice
    from schedule.service.printed import printed_before

    before_row = revision_of(store, act.code, act.based_on)
    before, after = stored_plan(store, before_row), stored_plan(store, row)
    deed = deed_in_zone(act.deed, after.site.zone)
    verdict = judge_move(before, after, deed, act.as_of) if isinstance(deed, Move) else None
    told = notice(
        before, after, deed, verdict, saved=True, as_of=act.as_of, by=act.by, reason=act.reason,
        printed=printed_before(store, act.code, act.based_on),
    )  # fmt: skip
    return RevisionChange(before=before, after=after, verdict=verdict, notice=told)


def file_of(store: Store, row: Row, name: str) -> bytes | None:
    """One file of a stored revision, as `export` writes it; None where the revision has no such file."""
    output = OUTPUTS[name]
    made = Revision(
        plan=shown_plan(store, row),
        entries=calendar_entries(store, row) if output.of_entries else (),
        when=row.act.at,
        change=change_of(store, row) if output.of_change else None,
    )
    return output.make(made)
