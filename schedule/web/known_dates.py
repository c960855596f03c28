"""A known date of the patient as a form asks for it: on one line, with its hour where one is known, and the word
"never" where that is an answer."""

from zoneinfo import ZoneInfo

from schedule.model.moment import Moment
from schedule.model.protocol import KnownDate
from schedule.web.forms import TIMES_HINT, Form

HOUR_HINT = "With its hour where a rule counts in hours: 27 Mar 2026 09:10."
NEVER_HINT = "Or the word never."
SEVERAL_HINT = "Several with commas between them."


def ask_known_date(
    form: Form, field: str, known: KnownDate, where: ZoneInfo | None, *, hint: str = "", required: bool = False
) -> tuple[Moment, ...] | None:
    """The dates that are typed in a field, each with its hour in the zone `where` if it has one. Empty for "never";
    None where nothing was entered or it is wrong."""
    return form.times(
        field, known.title, where, hint=hint, never=not known.required, several=known.test, required=required
    )


def hint_of(known: KnownDate) -> str:
    """How a date may be typed that is asked for alone."""
    more = [SEVERAL_HINT] * known.test + [NEVER_HINT] * (not known.required)
    return " ".join((TIMES_HINT, HOUR_HINT, *more))
