"""One patient: what is next, what is open and why, the picture, the months, the history, and what can be done."""

from typing import NamedTuple

from flask import Blueprint, Response

from schedule.model.acts import Cancel
from schedule.model.kept import Row
from schedule.model.notation import spell_range
from schedule.model.plan import Event, Plan, Undated
from schedule.output.pdf import browser
from schedule.pages.index import index_page
from schedule.pages.overview import overview
from schedule.pages.patient_now import patient_now, to_be_known
from schedule.service.history import last_move
from schedule.service.revisions import shown_plan
from schedule.service.views import cycles_open
from schedule.web import ward
from schedule.web.asked import AFTER_ALL, SECTIONS, link_words
from schedule.web.files import todays_sheets
from schedule.web.history import history_line
from schedule.web.roles import needs
from schedule.words.basis import basis_told
from schedule.words.day_labels import label_told
from schedule.words.finding_lines import finding_line, lines
from schedule.words.findings import (
    feasible_in_words,
    feasible_lines,
    settled,
)
from schedule.words.gaps import lack_in_words
from schedule.words.patient_now import cancelled_by
from schedule.words.places import beside, spell_window
from schedule.words.plan import clock_of
from schedule.words.statuses import status_in_words
from schedule.words.titles import full_title, status_of, title_of

routes = Blueprint("patient", __name__)

RECENT = 5
"""Acts shown on the patient's page; the history has all."""


class Dated(NamedTuple):
    """One event of the plan, in words."""

    label: str
    when: str
    what: str
    status: str
    basis: str


@routes.get("/p/<code>")
@needs("view")
def show_patient(code: str) -> Response:
    patient = ward.patient(code)
    plan = patient.plan
    stored = shown_plan(ward.store(), patient.row)
    rows = ward.store().history(code)
    return ward.show(
        "patient.html",
        title=code,
        patient=patient,
        index=index_page(plan),
        now=patient_now(plan, patient.site_time.date()),
        gone=_who_cancelled(rows),
        moved_in=last_move(ward.store(), code),
        noted=[finding_line(plan, one) for one in to_be_known(plan)],
        at_rest=lines(plan, at_rest=True),
        settled=settled(plan),
        view=overview(plan, patient.site_time.date()),
        feasible=feasible_in_words(plan),
        feasible_lines=feasible_lines(plan),
        events=tuple(_dated(plan, event) for event in plan.events) + tuple(map(_without_date, plan.undated)),
        today=bool(todays_sheets(stored, patient.row.act.at)),
        pdf=browser() is not None,
        acts=_acts(patient),
        changes=[history_line(row) for row in rows[-RECENT:][::-1]],
        total=len(rows),
    )


def _who_cancelled(rows: list[Row]) -> str:
    """Who cancelled the plan, when and why; empty where nobody did."""
    act = next((row.act for row in reversed(rows) if isinstance(row.act.deed, Cancel)), None)
    return cancelled_by(act.by, act.site_time, act.reason) if act is not None else ""


def _dated(plan: Plan, event: Event) -> Dated:
    clock = clock_of(event)
    when = f"{spell_range(event.on, event.last_date or event.on)}{f' {clock}' if clock else ''}"
    what = ("donor: " if event.donor else "") + title_of(event) + (", site's own task" if event.task else "")
    window = f"window {text}" if (text := spell_window(event)) else ""
    stands = [text for text in (*beside(plan, event), window) if text]
    said = "; ".join(stands) or status_of(event)
    return Dated(label_told(plan, event), when, what, said, basis_told(plan, event))


def _without_date(one: Undated) -> Dated:
    what = ("donor: " if one.donor else "") + full_title(one.title)
    return Dated("", "no date", what, status_in_words("not stated"), lack_in_words(one.gap))


def _acts(patient: ward.Patient) -> list[tuple[str, str]]:
    """Addresses and words of what can be done now."""
    read_only, choices = ward.settings().read_only, patient.plan.protocol.choices
    found = [
        (f"/p/{patient.code}/{name}", link_words(name, patient.zero))
        for name in SECTIONS
        if not read_only
        and (name in AFTER_ALL or not patient.cancelled)
        and (name != "choose" or choices)
        and (name != "ward" or len(ward.wards_there()) > 1)
        and (name != "slip" or cycles_open(patient.plan))
        and (name != "re-date" or patient.plan.protocol.courses)
    ]
    return [(address, words) for address, words in found if ward.may_open(address, patient.code)]
