"""book, fact, attest, choose, rule, slip, re-date, amend, note, cancel: what changes a stored plan."""

from pathlib import Path
from typing import Any

import click

from schedule.commands.acting import Acting
from schedule.commands.options import act_options, confirm_option
from schedule.commands.typed import date_alone, moment, read_time, site_moment
from schedule.model.acts import CAUSES, Book, Cancel, Choose, Deed, Move, Note, ReDate
from schedule.model.errors import InputError, Mistake, Where
from schedule.model.plan import Plan
from schedule.model.text import sha256
from schedule.model.typed import typed_times
from schedule.service.acts import amend_of, attest_of, fact_of, hour_of, move_of, ruling_of
from schedule.service.create import Meta
from schedule.service.inputs import read_file
from schedule.service.wards import change_of_ward


@click.command()
@click.argument("code")
@click.argument("event")
@click.argument("when", metavar="WHEN", required=False)
@click.option("--at", "at", metavar="WHEN", help="The same as WHEN.")
@act_options
def book(code: str, event: str, when: str | None, at: str | None, **options: Any) -> None:
    """Book an event for another day or hour of its window; the planned time takes a booking back. What was held is
    planned again.

    \b
    dayzero book CIML-017 response-marrow-1 2026-07-14
    dayzero book CIML-017 il2-3 '2026-06-20 18:30' --reason "theatre"

    Outside its window, past, or before what it is counted from: ends with 1, saves nothing.
    """
    if (when is None) == (at is None):
        raise click.UsageError("Say for when: 2026-07-14 or '2026-07-14 09:00'.")
    typed = when or at or ""
    Acting(code, options).run(lambda plan, meta: Book(event=event.lower(), at=moment(plan, typed, "WHEN")))


@click.command()
@click.argument("code")
@click.argument("name")
@click.argument("value", metavar="DATE|never")
@click.option("--instead", is_flag=True, help="Forget the dates that this test had before.")
@act_options
def fact(code: str, name: str, value: str, instead: bool, **options: Any) -> None:
    """Enter a known date of the patient, or the missing hour of planned day 0.

    \b
    dayzero fact CIML-017 organ-function 2026-06-05
    dayzero fact CIML-017 pregnancy-test '2026-06-14 15:30'
    dayzero fact CIML-017 dli-last never
    dayzero fact CIML-017 planned-day-zero '2026-06-15 10:00'

    Another date of a test is added: each rule is served by the test that serves it best. Other dates are replaced.
    """

    def deed(plan: Plan, meta: Meta) -> Deed:
        if name == "planned-day-zero":
            return hour_of(moment(plan, value, name), value)
        if value == "never":
            return fact_of(name, (), instead=True)
        try:
            typed = typed_times(value)
        except ValueError as error:
            remedy = 'write 2026-03-12, "2026-03-12 15:30", or "never"'
            raise InputError(Mistake(place=Where(file=name), message=str(error), remedy=remedy)) from error
        return fact_of(name, [site_moment(one, plan.site.zone, name) for one in typed], instead=instead)

    Acting(code, options).run(deed)


@click.command()
@click.argument("code")
@click.argument("name")
@click.option("--on", "when", metavar="DATE", default=None, help="The date of the statement. Default: as-of.")
@act_options
def attest(code: str, name: str, when: str | None, **options: Any) -> None:
    """Record a statement about the patient, by the name that “dayzero protocol show” lists.

    \b
    dayzero attest CIML-017 no-cardiac-change
    """

    def deed(plan: Plan, meta: Meta) -> Deed:
        on = date_alone(read_time(when), "--on") if when else meta.as_of.date()
        return attest_of(plan, name, on, meta.by, meta.as_of)

    Acting(code, options).run(deed)


@click.command()
@click.argument("code")
@click.argument("name")
@click.argument("option")
@act_options
def choose(code: str, name: str, option: str, **options: Any) -> None:
    """Choose an option of what is decided for each patient, by the names that “dayzero protocol show” lists.

    \b
    dayzero choose CART-004 indication dlbcl
    """
    Acting(code, options).run(lambda plan, meta: Choose(name=name, option=option))


@click.command()
@click.argument("code")
@click.argument("rule_id", metavar="RULE")
@click.argument("outcome", type=click.Choice(["allowed", "not-allowed"]))
@click.option(
    "--for",
    "day_zero",
    metavar="WHEN",
    default=None,
    help="The day 0 that the ruling speaks of. Default: the present one.",
)
@confirm_option
@act_options
def rule(code: str, rule_id: str, outcome: Any, day_zero: str | None, **options: Any) -> None:
    """Enter the principal investigator's ruling on a rule, for one day 0. Needs --reason.

    \b
    dayzero rule CIML-017 T14 allowed --for '2026-06-17 10:00' --by PI --reason "marrow of 18-May accepted"
    """

    def deed(plan: Plan, meta: Meta) -> Deed:
        zero = moment(plan, day_zero, "--for") if day_zero else None
        return ruling_of(plan, rule_id, outcome, by=meta.by, as_of=meta.as_of, reason=meta.reason, day_zero=zero)

    Acting(code, options).run(deed, severe=True)


@click.command()
@click.argument("code")
@click.option("--to", "to", required=True, metavar="WHEN", help="The new day 0: '2026-06-17 10:00', or a date.")
@click.option("--cause", type=click.Choice(CAUSES), default="other", show_default=True)
@click.option("--repeat", is_flag=True, help="Lymphodepletion is given once more before the new day 0.")
@click.option(
    "--cycle",
    type=click.IntRange(1),
    metavar="N",
    help="Which cycle's. Default: the first without an infusion recorded.",
)
@click.option("--allowed-by", metavar="ROLE", help="What the principal investigator must decide, she allows: PI.")
@confirm_option
@act_options
def slip(
    code: str, to: str, cause: Any, repeat: bool, cycle: int | None, allowed_by: str | None, **options: Any
) -> None:
    """Move day 0: a re-plan before lymphodepletion has begun, a slip after. Try it with --dry-run first.

    \b
    dayzero slip CIML-017 --to '2026-06-17 10:00' --cause illness --dry-run
    dayzero slip CIML-017 --to '2026-06-17 10:00' --cause illness --reason "fever" --confirm CIML-017

    Not allowed: ends with 1, names the rule, saves nothing. What she allows is kept with the move, for --reason.
    """

    def deed(plan: Plan, meta: Meta) -> Deed:
        bare = Move(to=moment(plan, to, "--to"), cause=cause, repeat=repeat, cycle=cycle)
        if not allowed_by:
            return bare
        return move_of(plan, bare, allowed_by=allowed_by, as_of=meta.as_of, reason=meta.reason)

    Acting(code, options).run(deed, severe=True)


@click.command("re-date")
@click.argument("code")
@click.argument("course")
@click.option("--next", "next_dose", metavar="WHEN", help="When its next dose is. Default: as the protocol says.")
@click.option("--cycle", type=click.IntRange(1), metavar="N", help="Which cycle's. Default: the one that has begun.")
@act_options
def re_date(code: str, course: str, next_dose: str | None, cycle: int | None, **options: Any) -> None:
    """Date anew what is left of a course that has begun: from the protocol and day 0 as they now stand, or from its
    next dose on. Needs --by, the principal investigator who decided it, and --reason.

    \b
    dayzero re-date CIML-017 il2 --next '2026-06-22 20:00' --by PI --reason "two days off for fever"
    """
    if not options["by"]:
        raise click.UsageError("Say who decided it, the principal investigator: --by PI")
    if not options["reason"].strip():
        raise click.UsageError('Say why: --reason "…"')

    def deed(plan: Plan, meta: Meta) -> Deed:
        at = moment(plan, next_dose, "--next") if next_dose else None
        return ReDate(course=course.lower(), by=meta.by, cycle=cycle, next=at)

    Acting(code, options).run(deed)


@click.command()
@click.argument("code")
@click.option("--protocol", "protocol", type=click.Path(path_type=Path), default=None, metavar="FILE")
@click.option("--site", "site", type=click.Path(path_type=Path), default=None, metavar="FILE")
@confirm_option
@act_options
def amend(code: str, protocol: Path | None, site: Path | None, **options: Any) -> None:
    """Take an amended protocol or site file for this patient; --dry-run shows the dates it would change.

    \b
    dayzero amend CIML-017 --site our-site-v2.toml --dry-run
    """
    if protocol is None and site is None:
        raise click.UsageError("Name what is amended: --protocol FILE, --site FILE, or both.")
    found = [read_file(path) if path else None for path in (protocol, site)]
    texts = {sha256(text): text for text in found if text is not None}
    Acting(code, options).run(lambda plan, meta: amend_of(plan, *found), texts=texts, severe=True)


@click.command()
@click.argument("code")
@click.argument("name")
@act_options
def ward(code: str, name: str, **options: Any) -> None:
    """Put the patient on another ward; no date changes. The pages, sheets and feeds of the old
    ward no longer show the patient.

    
    dayzero ward CIML-017 "BMT 4B" --reason "needs isolation"
    """
    Acting(code, options).run(lambda plan, meta: change_of_ward(name))


@click.command()
@click.argument("code")
@click.argument("text")
@act_options
def note(code: str, text: str, **options: Any) -> None:
    """Add words to the history; no date depends on them.

    \b
    dayzero note CIML-017 "cell lab told at 14:20"
    """
    Acting(code, options).run(lambda plan, meta: Note(text=text))


@click.command()
@click.argument("code")
@confirm_option
@act_options
def cancel(code: str, **options: Any) -> None:
    """Cancel the plan: the history stays, the calendar entries are marked CANCELLED. Needs --reason.

    \b
    dayzero cancel CIML-017 --reason "withdrawn" --confirm CIML-017
    """
    Acting(code, options).run(lambda plan, meta: Cancel(), severe=True)
