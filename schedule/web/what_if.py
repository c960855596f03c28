"""What if: the days 0 around the present one, each with its verdict. Nothing is saved, whatever is looked at."""

from flask import Blueprint, Response, request

from schedule.engine.what_if import possible_days, rules_named
from schedule.model.plan import standing_of
from schedule.web import ward
from schedule.words.findings import feasible_in_words, feasible_lines

routes = Blueprint("what_if", __name__)


@routes.get("/p/<code>/what-if")
def what_if(code: str) -> Response:
    seen = ward.patient(code)
    begun = standing_of(seen.plan).begun
    illness = begun and request.args.get("cause") == "illness"
    days = possible_days(seen.plan, seen.site_time, "illness" if illness else "other")
    return ward.show(
        "what_if.html", title="What if day 0 moved?", patient=seen, days=days, rules=rules_named(seen.plan, days),
        begun=begun, illness=illness, possible="" if begun else feasible_in_words(seen.plan), possible_lines=feasible_lines(seen.plan),
    )  # fmt: skip
