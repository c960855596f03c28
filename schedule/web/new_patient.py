"""A new patient: a form made from the chosen protocol's own dates and statements.

Checked, it shows the verdict and saves nothing; saved, it is a case file like any other, read by the reader of all case
files, so that a patient made here and one made from a file cannot differ.
"""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, redirect

from schedule.model.case import Attested, Case, Site
from schedule.model.errors import InputError, Mistake, Stale
from schedule.model.plan import Plan
from schedule.model.protocol import Protocol
from schedule.service.acts import Meta, look_alikes
from schedule.service.inputs import Inputs, open_site, shipped_protocols
from schedule.service.new_patient import TypedPatient, code_mistake, keep
from schedule.service.sent_twice import same_patient
from schedule.service.views import feasible
from schedule.web import ward
from schedule.web.act import sent_form
from schedule.web.choose import GET_POST
from schedule.web.forms import CHECKED, EXAMPLE, Form, capital
from schedule.web.roles import needs
from schedule.words.alerts import banner
from schedule.words.dates import day_zero_of
from schedule.words.findings import FindingLine, feasible_in_words, feasible_lines, lines
from schedule.words.plan import shortened

routes = Blueprint("new_patient", __name__)

DATES_HINT = f"{EXAMPLE} What is not known yet is left empty."
STATED_HINT = (
    "The day on which it was stated, and by whom: a role, such as study physician; never a name of the patient."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPatient:
    """What a checked form comes to: the plan it would make, or only the feasible days 0 where none is planned yet."""

    plan: Plan
    day_zero: str
    banner: str | None
    look_alikes: tuple[str, ...]
    open: tuple[FindingLine, ...]
    possible: str
    possible_lines: tuple[str, ...]
    can_be_saved: bool


@routes.get("/new")
@needs("move")
def new() -> Response:
    found = ward.protocols()
    if len(found) == 1:
        return redirect(f"/new/{next(iter(found))}", 303)  # type: ignore[return-value]
    return ward.show("new_patient_choose.html", title="New patient", protocols=found)


@routes.route("/new/<name>", methods=GET_POST)
@needs("move")
def new_patient(name: str) -> Response:
    protocol = ward.protocols().get(name)
    if protocol is None:
        abort(404, "There is no protocol of that name.")
    site = open_site(ward.settings().site, protocol)
    form, do = sent_form()
    typed = read(form, protocol, site)
    if not form.judged or form.mistakes:
        return render(protocol, site, form)
    try:
        inputs = typed.inputs(site)
    except InputError as error:
        note_mistakes(form, error)
        return render(protocol, site, form)
    meta, code = ward.meta_for(site), inputs.case.code
    there = ward.store().newest(code) is not None
    if there and not (do == "save" and same_patient(ward.store(), inputs)):
        return already_stored(protocol, site, form, code)
    if do == "save" and may_be_saved(form, inputs.case, protocol):
        try:
            save(typed, inputs, meta)
        except Stale:  # somebody else, or the same form, was quicker by a moment
            if not same_patient(ward.store(), inputs):
                return already_stored(protocol, site, form, code)
        return redirect(f"/p/{code}", 303)  # type: ignore[return-value]
    return render(protocol, site, form, verdict=judged(inputs, meta))


def already_stored(protocol: Protocol, site: Site, form: Form, code: str) -> Response:
    form.note("code", f"{code} is stored already. Open it, and change it there by an act", "code")
    return render(protocol, site, form, stored=code)


def read(form: Form, protocol: Protocol, site: Site) -> TypedPatient:
    """Ask the form for everything that the protocol asks of a patient."""
    typed = form.text(
        "code",
        "study code",
        hint="Capital letters, digits and hyphens, such as CIML-017. Never a name.",
        most=100,
        required=True,
    )
    code = typed.upper() if typed.isascii() else typed
    wrong = code_mistake(code) if typed else None
    if wrong is not None:
        form.note("code", f"{capital(wrong.message)}: {wrong.remedy}")
    zero = form.moment(
        "planned-day-zero",
        f"planned {protocol.zero}",
        site.zone,
        required=False,
        hint="For example, 27 3 2026 or 27 Mar 2026. Leave it empty, and Check says which days are possible.",
    )
    choices = {
        name: form.choice(f"choice-{name}", choice.title, choice.options.items(), required=False)
        for name, choice in protocol.choices.items()
    }
    dates: dict[str, tuple[date, ...]] = {}
    for name, known in protocol.dates.items():
        found = form.days(f"date-{name}", known.title, never=not known.required, several=known.test, hint="")
        if found is not None:
            dates[name] = found
    attestations = {}
    for name, one in protocol.attestations.items():
        title = f"the date of “{shortened(one.title.rstrip('.'), 60)}”"
        on = form.moment(f"attest-{name}", title, None, label=one.title, clock=False, required=False, hint="")
        by = form.text(f"attest-by-{name}", "role of the person who states it", most=100)
        if on is not None:
            attestations[name] = Attested(on=on.on, by=by)
        elif by:
            form.note(f"attest-{name}", f"Enter {title}", f"attest-{name}-day-1")
    return TypedPatient(
        protocol=protocol,
        code=code,
        planned=zero,
        dates=dates,
        attestations=attestations,
        choices={name: one for name, one in choices.items() if one},
    )


def note_mistakes(form: Form, error: InputError) -> None:
    """Show the reader's mistakes at the fields that their places name."""
    for mistake in error.mistakes:
        field = field_of(mistake, form)
        form.note(field, f"{capital(mistake.message)}: {mistake.remedy}")


def field_of(mistake: Mistake, form: Form) -> str:
    """The field that a mistake's place names: `new patient, [dates], marrow` is date-marrow."""
    table, *keys = map(str, mistake.place.keys or ("",))
    kind = {"dates": "date-", "attestations": "attest-", "choices": "choice-"}.get(table, "")
    field = f"{kind}{keys[0]}" if kind and keys else table
    return field if field in form.fields else ""


def may_be_saved(form: Form, case: Case, protocol: Protocol) -> bool:
    """Whether a form may be saved: as it was checked, and with a planned day 0; else it says what is missing."""
    if case.planned_day_zero is None:
        form.note("planned-day-zero", f"Enter planned {protocol.zero}", "planned-day-zero-day-1")
    elif form.typed(CHECKED) != form.fingerprint:
        form.note("", "The form was changed after it was checked. Look at what it comes to now, then save it")
    return not form.mistakes


def save(typed: TypedPatient, inputs: Inputs, meta: Meta) -> None:
    """Keep the patient. The same form sent again changes nothing; Stale if another is kept under the code."""
    settings = ward.settings()
    paths = [*shipped_protocols().values(), *settings.protocols, *([settings.site] if settings.site else [])]
    keep(ward.store(), typed, inputs, paths, meta, settings.now)


def judged(inputs: Inputs, meta: Meta) -> CheckedPatient:
    plan = feasible(inputs, meta.as_of)
    is_planned = inputs.case.planned_day_zero is not None
    return CheckedPatient(
        plan=plan,
        day_zero=day_zero_of(plan),
        banner=banner(plan),
        look_alikes=tuple(look_alikes(ward.store(), inputs.case.code)),
        open=lines(plan, at_rest=False) if is_planned else (),
        possible=feasible_in_words(plan),
        possible_lines=feasible_lines(plan),
        can_be_saved=is_planned,
    )


def render(
    protocol: Protocol, site: Site, form: Form, *, verdict: CheckedPatient | None = None, stored: str = ""
) -> Response:
    groups = (
        ("The patient", "", [name for name in form.fields if not name.startswith(("date-", "attest-"))]),
        ("Known dates", DATES_HINT, [name for name in form.fields if name.startswith("date-")]),
        ("Statements", STATED_HINT, [name for name in form.fields if name.startswith("attest-")]),
    )
    return ward.show(
        "new_patient.html",
        422 if form.mistakes else 200,
        title="New patient",
        form=form,
        protocol=protocol,
        site=site,
        groups=groups,
        verdict=verdict,
        stored=stored,
        errors=[(wrong.anchor or "main", wrong.text) for wrong in form.mistakes],
    )
