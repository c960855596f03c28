"""The history of a patient: who did what, when and why."""

from typing import NamedTuple

from flask import Blueprint, Response

from schedule.model.acts import Create
from schedule.model.kept import Row
from schedule.model.notation import spell_moment
from schedule.service.history import act_told
from schedule.web import ward
from schedule.web.roles import needs

routes = Blueprint("history", __name__)


class HistoryLine(NamedTuple):
    """One act of the history. `changes` says whether it has a change notice."""

    revision: int
    when: str
    by: str
    what: str
    as_of: str
    why: str
    changes: bool


@routes.get("/p/<code>/history")
@needs("view")
def show_history(code: str) -> Response:
    patient = ward.patient(code)
    rows = ward.store().history(code)
    return ward.show(
        "history.html",
        title="History",
        patient=patient,
        changes=[history_line(row) for row in rows[::-1]],
    )


def history_line(row: Row) -> HistoryLine:
    """An act as a line of the history."""
    act = row.act
    return HistoryLine(
        revision=act.revision,
        when=spell_moment(act.site_time),
        by=act.by,
        what=act_told(ward.store(), row),
        as_of="" if act.is_as_of_its_own_time else spell_moment(act.as_of),
        why=act.reason,
        changes=not isinstance(act.deed, Create),
    )
