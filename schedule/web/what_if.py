"""What if: the days 0 around the present one, each with its verdict. Nothing is saved, whatever is looked at."""

from flask import Blueprint, Response, request

from schedule.model.plan import standing_of
from schedule.service.views import what_if as looked_at
from schedule.web import ward
from schedule.web.roles import needs
from schedule.words.findings import feasible_in_words, feasible_lines

routes = Blueprint("what_if", __name__)


@routes.get("/p/<code>/what-if")
@needs("view")
def what_if(code: str) -> Response:
    seen = ward.patient(code)
    begun = standing_of(seen.plan).begun
    illness = begun and request.args.get("cause") == "illness"
    found = looked_at(seen.plan, seen.site_time, "illness" if illness else "other")
    return ward.show(
        "what_if.html",
        title=f"What if {seen.zero} moved?",
        patient=seen,
        days=found.days,
        rules=found.rules,
        begun=begun,
        illness=illness,
        possible="" if begun else feasible_in_words(seen.plan),
        possible_lines=feasible_lines(seen.plan),
    )
