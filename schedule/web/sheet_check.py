"""Whether a printed sheet is current."""

from flask import Blueprint, Response, request

from schedule.model.errors import NotThere
from schedule.service.sheet_check import find_sheet
from schedule.web import ward
from schedule.web.roles import needs
from schedule.words.failures import error_in_words

routes = Blueprint("sheet_check", __name__)


@routes.get("/sheet")
@needs("view")
def check_sheet() -> Response:
    """Whether a printed sheet is current, by the code in its head."""
    typed = request.args.get("check", "").strip()
    if not typed:
        return ward.show("sheet_check.html", title="Is a printed sheet current?", typed="", found=None)
    try:
        found = find_sheet(ward.store(), typed, ward.now(), ward.my_codes())
    except NotThere as error:
        errors = [("check", error_in_words(error, "page"))]
        return ward.show(
            "sheet_check.html", 422, title="Is a printed sheet current?", errors=errors, typed=typed, found=None
        )
    return ward.show("sheet_check.html", title="Is a printed sheet current?", typed=typed, found=found)
