"""A new patient: a form made from the chosen protocol's own dates and statements, of which only what is known is typed.

Checked, it says back what was entered, with the verdict first, and saves nothing; saved, it is a case file like any
other, read by the reader of all case files, so that a patient made here and one made from a file cannot differ.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect
from msgspec import Struct
from msgspec.structs import replace

from schedule.model.case import Attested, Case, Site
from schedule.model.errors import InputError, Mistake, Stale
from schedule.model.moment import Moment
from schedule.model.notation import spell
from schedule.model.plan import Plan
from schedule.model.protocol import KnownDate, Protocol
from schedule.model.reasons.settling import ChoiceToMake, DateToEnter, Settling, StatementToRecord, TestToDo
from schedule.model.typed import typed_time
from schedule.pages.new_patient import SaidBack, said_back
from schedule.service.create import Meta, look_alikes
from schedule.service.inputs import Inputs, open_site, shipped_protocols
from schedule.service.new_patient import TypedPatient, code_mistake, keep
from schedule.service.planning import feasible
from schedule.service.sent_twice import same_patient
from schedule.service.views import first_possible
from schedule.web import ward
from schedule.web.act import sent_form
from schedule.web.choose import GET_POST
from schedule.web.forms import CHECKED, CONFIRM, TIMES_HINT, Form, capital
from schedule.web.known_dates import HOUR_HINT, NEVER_HINT, SEVERAL_HINT, ask_known_date
from schedule.web.roles import needs
from schedule.words.alerts import banner
from schedule.words.finding_lines import FindingLine, lines
from schedule.words.findings import feasible_in_words, feasible_lines
from schedule.words.new_patient import FALLEN
from schedule.words.plan import shortened

routes = Blueprint("new_patient", __name__)

DAY_ZERO, REST_NEVER = "planned-day-zero", "rest-never"
STATED_HINT = (
    "The day on which it was stated, and by whom: a role, such as study physician; never a name of the patient."
)
DAY_ZERO_HINT = "27 Mar 2026, or 27 Mar 2026 10:00 with its hour. Left empty, Check says which days are possible."
NOT_FOR_ALL = "Or never, if it does not apply."


class DateGroup(NamedTuple):
    """Fields under one heading, by their names, with what holds of all of them."""

    title: str
    hint: str
    fields: tuple[str, ...]


class CheckedPatient(Struct, frozen=True, kw_only=True):
    """What a checked form comes to. `open` are the findings that ask for something, each with the input that would
    settle it, if the form has one. `first` is the earliest day 0 that is allowed, where another or none was typed.
    `ahead` is why this computer's clock looks wrong, empty where it does not: then the code is asked for again."""

    said: SaidBack
    banner: str | None
    look_alikes: tuple[str, ...]
    open: tuple[tuple[FindingLine, str], ...]
    possible: str
    possible_lines: tuple[str, ...]
    first: date | None
    can_be_saved: bool
    ahead: str

    @property
    def first_in_words(self) -> str:
        return spell(self.first) if self.first else ""


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
    ward.check_may("move", site.name)
    form, do = sent_form()
    form = with_chosen_day(form, do)
    typed, groups = read(form, protocol, site)
    if not form.judged or form.mistakes:
        return render(protocol, site, form, groups)
    try:
        inputs = typed.inputs(site)
    except InputError as error:
        note_mistakes(form, error)
        return render(protocol, site, form, groups)
    meta, code = ward.meta_for(site), inputs.case.code
    there = ward.store().newest(code) is not None
    if there and not (do == "save" and same_patient(ward.store(), inputs)):
        return already_stored(protocol, site, form, groups, code)
    ahead = ward.clock_doubt(meta, site)
    if do == "save" and may_be_saved(form, inputs.case, protocol, sure=not ahead):
        meta = replace(meta, clock_confirmed=bool(ahead))
        try:
            save(typed, inputs, meta)
        except Stale:  # somebody else, or the same form, was quicker by a moment
            if not same_patient(ward.store(), inputs):
                return already_stored(protocol, site, form, groups, code)
        return redirect(f"/p/{code}", 303)  # type: ignore[return-value]
    return render(protocol, site, form, groups, verdict=judged(inputs, meta, form, ahead))


def with_chosen_day(form: Form, do: str) -> Form:
    """The form, checked with the day 0 that was pressed instead of the one typed, whose hour is kept."""
    pressed = re.fullmatch(r"use-(\d{4}-\d\d-\d\d)", do, re.ASCII)
    if pressed is None:
        return form
    text = pressed[1]
    with suppress(ValueError):
        text = spell(date.fromisoformat(text))
        clock = typed_time(form.typed(DAY_ZERO)).clock
        text += f" {clock:%H:%M}" if clock else ""
    return Form({**form.values, DAY_ZERO: [text]}, judged=True)


def already_stored(protocol: Protocol, site: Site, form: Form, groups: tuple[DateGroup, ...], code: str) -> Response:
    form.note("code", f"{code} is stored already. Open it, and change it there by an act", "code")
    return render(protocol, site, form, groups, stored=code)


def read(form: Form, protocol: Protocol, site: Site) -> tuple[TypedPatient, tuple[DateGroup, ...]]:
    """Ask the form for everything that the protocol asks of a patient, group by group."""
    code = read_code(form)
    zero = form.times(DAY_ZERO, f"planned {protocol.zero}", site.zone, hint=DAY_ZERO_HINT)
    choices = {
        name: form.choice(f"choice-{name}", choice.title, choice.options.items(), required=False)
        for name, choice in protocol.choices.items()
    }
    groups = [DateGroup("The patient", "", tuple(form.fields))]
    dates: dict[str, tuple[Moment, ...]] = {}
    for title, hint, known in known_groups(protocol):
        before = set(form.fields)
        dates |= read_dates(form, known, site.zone)
        groups.append(DateGroup(title, hint, tuple(name for name in form.fields if name not in before)))
    before = set(form.fields)
    attestations = read_statements(form, protocol)
    groups.append(DateGroup("Statements", STATED_HINT, tuple(name for name in form.fields if name not in before)))
    found = TypedPatient(
        protocol=protocol,
        code=code,
        planned=zero[0] if zero else None,
        dates={name: dates[name] for name in protocol.dates if name in dates},
        attestations=attestations,
        choices={name: one for name, one in choices.items() if one},
    )
    return found, tuple(group for group in groups if group.fields)


def read_code(form: Form) -> str:
    """The study code, in capital letters."""
    hint = "Capital letters, digits and hyphens, such as CIML-017. Never a name."
    typed = form.text("code", "study code", hint=hint, most=100, required=True)
    code = typed.upper() if typed.isascii() else typed
    wrong = code_mistake(code) if typed else None
    if wrong is not None:
        form.note("code", f"{capital(wrong.message)}: {wrong.remedy}")
    return code


def known_groups(protocol: Protocol) -> tuple[tuple[str, str, tuple[KnownDate, ...]], ...]:
    """The dates that a protocol asks for, in groups: title, what holds of all of them, and the dates."""
    dates = tuple(protocol.dates.values())
    drugs = tuple(known for known in dates if known.drug)
    tests = tuple(known for known in dates if known.test)
    starts = tuple(known for known in dates if known.start)
    events = tuple(known for known in dates if known not in (*drugs, *tests, *starts))
    return (
        ("What happened before", f"{TIMES_HINT} What is not known yet is left empty.", events),
        ("Drugs and treatments", f"The date of the last one. {HOUR_HINT} {NEVER_HINT}", drugs),
        ("Tests", f"{TIMES_HINT} {SEVERAL_HINT} What is not done yet is left empty.", tests),
        ("Days that others are counted from", f"{TIMES_HINT} {HOUR_HINT}", starts),
    )


def read_dates(form: Form, known: Iterable[KnownDate], where: ZoneInfo | None) -> dict[str, tuple[Moment, ...]]:
    """The dates of one group that were entered. "The rest: never" is asked of drugs and treatments alone."""
    found: dict[str, tuple[Moment, ...]] = {}
    left = []
    for one in known:
        hint = "" if one.required or one.drug else NOT_FOR_ALL
        typed = ask_known_date(form, f"date-{one.name}", one, where, hint=hint)
        if typed is not None:
            found[one.name] = typed
        elif one.drug and not form.typed(f"date-{one.name}").strip():
            left.append(one.name)
    if any(one.drug for one in known) and form.tick(
        REST_NEVER,
        "The rest: never",
        hint="All drugs and treatments of this group that are left empty. Check names each.",
    ):
        found |= dict.fromkeys(left, ())
    return found


def read_statements(form: Form, protocol: Protocol) -> dict[str, Attested]:
    """The statements that were entered, each with its date."""
    found = {}
    for name, one in protocol.attestations.items():
        title = f"the date of “{shortened(one.title.rstrip('.'), 60)}”"
        on = form.times(f"attest-{name}", title, None, label=one.title, clock=False, hint="")
        by = form.text(f"attest-by-{name}", "stated by (a role)", most=100)
        if on:
            found[name] = Attested(on=on[0].on, by=by)
        elif by and not form.typed(f"attest-{name}").strip():
            form.note(f"attest-{name}", f"Enter {title}")
    return found


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


def may_be_saved(form: Form, case: Case, protocol: Protocol, *, sure: bool) -> bool:
    """Whether a form may be saved: as it was checked, with a planned day 0, and with the code again where one is not
    `sure` of the computer's clock; else it says what is missing."""
    if case.planned_day_zero is None:
        form.note(DAY_ZERO, f"Enter planned {protocol.zero}")
    elif form.typed(CHECKED) != form.fingerprint:
        form.note("", "The form was changed after it was checked. Look at what it comes to now, then save it")
    elif not sure and form.typed(CONFIRM).strip().upper() != case.code:
        form.note(CONFIRM, f"Type {case.code} to confirm", CONFIRM)
    return not form.mistakes


def save(typed: TypedPatient, inputs: Inputs, meta: Meta) -> None:
    """Keep the patient. The same form sent again changes nothing; Stale if another is kept under the code."""
    settings = ward.settings()
    paths = [*shipped_protocols().values(), *settings.protocols, *([settings.site] if settings.site else [])]
    keep(ward.store(), typed, inputs, paths, meta, settings.now)


def open_lines(plan: Plan, form: Form) -> Iterator[tuple[FindingLine, str]]:
    """The findings that ask for something, each with the id of the input that would settle it."""
    for line in lines(plan, at_rest=False):
        field = field_that_settles(line.settling)
        yield line, form.first_input(field) if field in form.fields else ""


def field_that_settles(found: Settling | None) -> str:
    """The field of this form in which a missing thing is entered; empty where none is."""
    match found:
        case TestToDo(date=name) | DateToEnter(date=name):
            return f"date-{name}"
        case StatementToRecord(statement=name):
            return f"attest-{name}"
        case ChoiceToMake(choice=name):
            return f"choice-{name}"
        case _:
            return ""


def judged(inputs: Inputs, meta: Meta, form: Form, ahead: str) -> CheckedPatient:
    plan, planned = feasible(inputs, meta.as_of), inputs.case.planned_day_zero
    first = first_possible(plan, meta.as_of)
    return CheckedPatient(
        said=said_back(plan),
        banner=banner(plan),
        look_alikes=tuple(look_alikes(ward.store(), inputs.case.code)),
        open=tuple(open_lines(plan, form)) if planned else (),
        possible=feasible_in_words(plan),
        possible_lines=feasible_lines(plan),
        first=first if first != planned else None,
        can_be_saved=planned is not None,
        ahead=ahead,
    )


def render(
    protocol: Protocol,
    site: Site,
    form: Form,
    groups: tuple[DateGroup, ...],
    *,
    verdict: CheckedPatient | None = None,
    stored: str = "",
) -> Response:
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
        fallen=FALLEN,
        errors=[(wrong.anchor or "main", wrong.text) for wrong in form.mistakes],
    )
