"""A new patient as typed: a case file like any other, read by the reader of all case files, so that a patient made here
and one made from a file cannot differ."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from schedule.files.case_file import CODE_REMEDY, read_case, why_no_code
from schedule.files.mistakes import NEW_PATIENT
from schedule.files.new_case import write_case
from schedule.ledger.store import Store
from schedule.model.case import Attested, Site
from schedule.model.errors import Mistake, Where
from schedule.model.moment import Moment
from schedule.model.protocol import Protocol
from schedule.service.create import Meta, create
from schedule.service.inputs import Inputs, texts_of


class TypedPatient(Struct, frozen=True, kw_only=True):
    """What was typed of a new patient. `dates` without a date are "never"."""

    protocol: Protocol
    code: str
    planned: Moment | None
    dates: Mapping[str, tuple[Moment, ...]]
    attestations: Mapping[str, Attested]
    choices: Mapping[str, str]

    @property
    def text(self) -> str:
        """The case file, the same for the same values."""
        return write_case(self.code, self.protocol.id, self.planned, self.dates, self.attestations, self.choices)

    def inputs(self, site: Site) -> Inputs:
        """The patient, ready to be planned. InputError with every mistake there is."""
        return Inputs(protocol=self.protocol, site=site, case=read_case(self.text, NEW_PATIENT, self.protocol, site))


def code_mistake(code: str) -> Mistake | None:
    """What is wrong with a study code, if anything is."""
    message = why_no_code(code)
    return Mistake(place=Where(file=NEW_PATIENT), message=message, remedy=CODE_REMEDY) if message else None


def keep(
    store: Store, typed: TypedPatient, inputs: Inputs, paths: Iterable[Path], meta: Meta, now: Callable[[], datetime]
) -> None:
    """Keep the patient, with the texts of the protocol and the site, which lie in `paths`. The same again changes
    nothing; Stale if another is kept under the code, NotDone if one of the files has changed."""
    create(store, inputs, texts_of(inputs, paths, typed.text), meta, now=now)
