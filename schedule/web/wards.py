"""The wards of a ledger to choose from, and moving a patient to another one."""

from flask import Blueprint, Response

from schedule.model.notation import plural
from schedule.service.wards import change_of_ward, codes_on
from schedule.web import ward
from schedule.web.act import ActPage, Wish, answer
from schedule.web.choose import GET_POST, reason_of
from schedule.web.forms import Form
from schedule.web.roles import needs
from schedule.web.ward_asked import CHOOSER, address_of_ward

routes = Blueprint("wards", __name__)

WITHOUT = "Without a ward"
"""What stands in the place of the name of the patients of whom no ward is named."""
ELSEWHERE = "*"


@routes.get(CHOOSER)
@needs("view")
def show_wards() -> Response:
    found = [
        (f"{address_of_ward(name)}/", name or WITHOUT, plural(len(codes_on(ward.store(), name)), "patients"))
        for name in ward.my_wards()
    ]
    return ward.show("wards.html", title="Which ward?", wards=found)


@routes.route("/p/<code>/ward", methods=GET_POST)
@needs("set-up")
def change_ward(code: str) -> Response:
    seen = ward.patient(code)
    now = ward.ward_of(code) or ""

    def read(form: Form, seen: ward.Patient) -> Wish | None:
        others = [(name, name) for name in ward.my_wards() if name not in ("", now)]
        chosen = form.choice("ward", "ward", [*others, (ELSEWHERE, "Another ward, by its name")])
        name = form.text("name", "name of another ward", hint="As your lists have it.", most=60)
        reason = reason_of(form)
        if chosen == ELSEWHERE and not name:
            form.note("name", "Enter the name of the ward", "name")
        if not chosen or form.mistakes:
            return None
        return Wish(deed=change_of_ward(name if chosen == ELSEWHERE else chosen), reason=reason)

    page = ActPage(
        title="Move to another ward",
        save="Move to that ward",
        blame="name",
        read=read,
        severe=True,
        lead=(
            "No date changes. The patient leaves the pages, the sheets and the feeds of this ward, and is on those of "
            "the other.",
        ),
        facts=(("Ward now", now or WITHOUT),),
    )
    return answer(page, seen)
