"""Whether a printed sheet is current."""

from collections.abc import Iterator

from flask import Blueprint, Response, request

from schedule.model.errors import NotThere
from schedule.service.sheet_check import find_sheet
from schedule.service.wards import codes_on
from schedule.web import ward, ward_asked
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
        found = find_sheet(ward.store(), typed, ward.now(), _codes())
    except NotThere as error:
        errors = [("check", error_in_words(error, "page"))]
        return ward.show(
            "sheet_check.html", 422, title="Is a printed sheet current?", errors=errors, typed=typed, found=None
        )
    return ward.show("sheet_check.html", title="Is a printed sheet current?", typed=typed, found=found)


def _codes() -> Iterator[str]:
    """The patients of the ward that the page is of, then those of the others that the person may see: what lies on
    another ward neither delays nor stops the check of a sheet of this one."""
    asked = ward_asked.asked_ward()
    for name in sorted(ward.my_wards(), key=lambda name: name != asked):
        yield from codes_on(ward.store(), name)
