"""What an act changed: the page to which a saved form leads."""

from flask import Blueprint, Response, abort

from schedule.model.notation import spell_moment
from schedule.service.export import change_of
from schedule.service.inputs import site_time
from schedule.service.revisions import deed_in_zone
from schedule.web import ward
from schedule.web.roles import needs
from schedule.words.acts import deed_in_words

routes = Blueprint("change", __name__)


@routes.get("/p/<code>/change/<int:revision>")
@needs("view")
def change(code: str, revision: int) -> Response:
    """The notice of the act that made a revision: what a saved form leads to."""
    seen = ward.patient(code)
    row = ward.store().at(code, revision)
    found = change_of(ward.store(), row) if row else None
    if row is None or found is None:
        abort(404, "No act of this patient made such a revision.")
    made = spell_moment(site_time(row.act.at, seen.plan.site))
    why = f": {row.act.reason}" if row.act.reason else ""
    return ward.show(
        "change.html",
        title=f"Revision {revision} saved" if revision == seen.revision else f"What revision {revision} changed",
        patient=seen,
        number=revision,
        said=deed_in_words(found.before, deed_in_zone(row.act.deed, seen.plan.site.zone)),
        view=found.notice,
        channels=ward.channel_lines(code),
        made=f"Made by {row.act.by} on {made}{why}.",
    )
