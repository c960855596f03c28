"""The acts of every day: known date, statement, choice, ruling, note, amendment, cancelling.

Each has a list of what it can be about, and for each of these a form. The deeds are those of the command line
(`deeds`)."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import cast

from flask import Blueprint, Response, abort, request

from schedule.model.acts import Cancel, Choose, Note
from schedule.model.case import Case, RulingOutcome
from schedule.model.notation import NO_BREAK, spell
from schedule.model.plan import standing_of
from schedule.model.protocol import KnownDate
from schedule.model.text import sha256
from schedule.service.acts import amend_of, attest_of, fact_of, hour_of, ruling_of
from schedule.web import ward
from schedule.web.act import ActPage, Wish, answer
from schedule.web.asked import HOUR
from schedule.web.choose import (
    BY_HINT,
    GET_POST,
    WHO_RULES,
    Pickable,
    choose,
    day_in,
    decided_by,
    form_page,
    groups,
    reason_of,
    recent_days,
)
from schedule.web.forms import OTHER, Form, capital
from schedule.web.known_dates import ask_known_date, hint_of
from schedule.web.roles import needs
from schedule.words.dates import spell_day_zero
from schedule.words.findings import point_title
from schedule.words.statuses import status_in_words

routes = Blueprint("acts", __name__)


# known dates ---------------------------------------------------------------------------------------------------------


@routes.get("/p/<code>/fact")
@needs("record")
def fact(code: str) -> Response:
    seen = ward.patient(code)
    dates, case = seen.plan.protocol.dates, seen.plan.case
    timed = standing_of(seen.plan).planned.at is not None
    hour = () if timed else (Pickable(HOUR, f"Hour of planned {seen.zero}", "not known"),)
    missing = (
        Pickable(name, capital(known.title), "not entered") for name, known in dates.items() if name not in case.dates
    )
    there = (
        Pickable(name, capital(dates[name].title), dates_in_words(case, name)) for name in dates if name in case.dates
    )
    found = groups((f"Planned {seen.zero}", iter(hour)), ("Not known yet", missing), ("Known", there))
    return choose(seen, "fact", "Enter a known date", "Which date?", found)


def dates_in_words(case: Case, name: str) -> str:
    """What is known of a date: the dates, or never."""
    known = case.dates.get(name)
    return "not entered" if known is None else ", ".join(map(spell_day_zero, case.moments_of(name))) or "never"


@form_page(routes, "fact", needed="record")
def fact_page(seen: ward.Patient, what: str) -> ActPage:
    if what == HOUR:
        return hour_page(seen)
    known = seen.plan.protocol.dates.get(what)
    if known is None:
        abort(404, "The protocol has no such date.")

    def read(form: Form, seen: ward.Patient) -> Wish | None:
        zone = seen.plan.site.zone
        dates = ask_known_date(form, "date", known, zone, hint=hint_of(known), required=True)
        instead = ask_instead(form, known, bool(seen.plan.case.dates.get(what)))
        reason = reason_of(form)
        if dates is None or instead is None:
            return None
        return Wish(deed=fact_of(what, dates, instead=instead), reason=reason)

    return ActPage(
        title=capital(known.title), save="Save this date", blame="date", read=read, back=f"/p/{seen.code}/fact",
        facts=(("Entered so far", dates_in_words(seen.plan.case, what)),),
    )  # fmt: skip


def ask_instead(form: Form, known: KnownDate, there: bool) -> bool | None:
    """Whether what was entered before is to be forgotten: asked of tests alone, whose dates add up. None: no answer
    yet."""
    if not (known.test and there):
        return False
    options = (("add", "Keep it: this is one more test"), ("instead", "Forget it: it was wrong"))
    chosen = form.choice(
        "instead", "use of the earlier date", options, hint="Each rule takes the test that serves it best."
    )
    return None if not chosen else chosen == "instead"


def hour_page(seen: ward.Patient) -> ActPage:
    def read(form: Form, seen: ward.Patient) -> Wish | None:
        planned = standing_of(seen.plan).planned.on
        when = form.moment(
            "hour", f"planned {seen.zero}", seen.plan.site.zone, offered=[(planned, f"{spell(planned)}, as planned")],
            hint="Choose the date, and write its hour. Another date is a slip.", clock_required=True,
        )  # fmt: skip
        reason = reason_of(form)
        if when is None:
            return None
        return Wish(deed=hour_of(when, spell_day_zero(when)), reason=reason)

    return ActPage(
        title=f"Hour of planned {seen.zero}",
        save="Save this hour",
        blame="hour",
        read=read,
        back=f"/p/{seen.code}/fact",
    )


# statements ----------------------------------------------------------------------------------------------------------


@routes.get("/p/<code>/attest")
@needs("record")
def attest(code: str) -> Response:
    seen = ward.patient(code)
    made = seen.plan.case.attestations

    def those(*, there: bool) -> Iterator[Pickable]:
        for name, one in seen.plan.protocol.attestations.items():
            if (name in made) == there:
                stands = f"{spell(made[name].on)}, by {made[name].by or 'nobody named'}" if there else "not recorded"
                yield Pickable(name, capital(one.title), stands)

    found = groups(("Not recorded yet", those(there=False)), ("Recorded", those(there=True)))
    return choose(seen, "attest", "Record a statement about the patient", "Which statement?", found)


@form_page(routes, "attest", needed="record")
def attest_page(seen: ward.Patient, what: str) -> ActPage:
    known = seen.plan.protocol.attestations.get(what)
    if known is None:
        abort(404, "The protocol has no such statement.")

    def read(form: Form, seen: ward.Patient) -> Wish | None:
        on = form.moment(
            "on", "the date", None, offered=recent_days(seen), hint="The day on which it was stated.", clock=False
        )
        by = form.text("by", "role of the person who states it", hint=BY_HINT, most=100, required=True)
        reason = reason_of(form)
        if on is None or not by:
            return None
        deed = attest_of(seen.plan, what, on.on, by, seen.site_time)
        return Wish(deed=deed, reason=reason)

    return ActPage(
        title=capital(known.title), save="Save this statement", blame="on", read=read, back=f"/p/{seen.code}/attest"
    )


# rulings -------------------------------------------------------------------------------------------------------------


@routes.get("/p/<code>/rule")
@needs("decide")
def rule(code: str) -> Response:
    seen = ward.patient(code)
    asked = {finding.rule for finding in seen.plan.findings if finding.status in ("boundary", "violated")}
    ruled = {finding.rule for finding in seen.plan.findings if finding.ruling is not None}
    statuses: dict[str, list[str]] = {}
    for finding in seen.plan.findings:
        statuses.setdefault(finding.rule, []).append(status_in_words(finding.status))

    def those(wanted: Callable[[str], bool]) -> Iterator[Pickable]:
        for name, one in seen.plan.protocol.rules.items():
            if wanted(name):
                yield Pickable(name, f"{name}{NO_BREAK}· {one.title}", ", ".join(dict.fromkeys(statuses.get(name, []))))

    found = groups(
        ("Open: the principal investigator must decide", those(lambda name: name in asked and name not in ruled)),
        ("Decided already", those(lambda name: name in ruled)),
        ("Other rules", those(lambda name: name not in asked and name not in ruled)),
    )
    lead = "Which rule has the principal investigator decided on?"
    return choose(seen, "rule", "Enter a decision of the principal investigator", lead, found)


@form_page(routes, "rule", needed="decide")
def rule_page(seen: ward.Patient, what: str) -> ActPage:
    known = seen.plan.protocol.rules.get(what)
    if known is None:
        abort(404, "The protocol has no such rule.")
    standing = standing_of(seen.plan)
    present = standing.of(standing.in_hand).day_zero.on
    found = [finding for finding in seen.plan.findings if finding.rule == what]
    stands = tuple((f"{one.ref} now, {point_title(seen.plan, one)}", status_in_words(one.status)) for one in found)

    def read(form: Form, seen: ward.Patient) -> Wish | None:
        outcome = form.choice("outcome", "decision", (("allowed", "Allowed"), ("not-allowed", "Not allowed")))
        zero = form.moment(
            "for",
            f"the {seen.zero} that the decision is about",
            None,
            offered=[(present, f"{spell(present)}, as {seen.zero} now stands")],
            hint=f"A decision holds for one {seen.zero} alone. Choose it, or write another.",
            clock=False,
        )
        by = decided_by(form)
        reason = reason_of(form, required=True, hint="The grounds, in their words. Kept in the history.")
        if not outcome or zero is None or not by or not reason:
            return None
        deed = ruling_of(
            seen.plan, what, cast(RulingOutcome, outcome), by=by, as_of=seen.site_time, reason=reason, day_zero=zero
        )
        return Wish(deed=deed, reason=reason)

    return ActPage(
        title=f"Decision of the principal investigator on {what}",
        save="Save this decision",
        blame="for",
        read=read,
        severe=True,
        back=f"/p/{seen.code}/rule",
        lead=(f"{known.title}.", str(known.quotation)),
        facts=stands,
        start={"by": WHO_RULES if ward.settings().groups is None else "", **day_ruled_on(present)},
    )


def day_ruled_on(present: date) -> dict[str, str]:
    """The day 0 that a ruling speaks of, as the form begins: the one that the address names, else the present one."""
    named = day_in(request.args.get("for", ""))
    if named in (present, None):
        return {"for-is": present.isoformat()}
    return {"for-is": OTHER, "for-date": spell(named)}


# note, amendment, cancelling ---------------------------------------------------------------------------------------


@routes.route("/p/<code>/note", methods=GET_POST)
@needs("record")
def note(code: str) -> Response:
    def read(form: Form, seen: ward.Patient) -> Wish | None:
        text = form.text(
            "text", "note", hint="Words for the history. No date depends on them.", most=2000, lines=4, required=True
        )
        return Wish(deed=Note(text=text)) if text else None

    return answer(ActPage(title="Add a note", save="Save this note", blame="text", read=read), ward.patient(code))


@routes.route("/p/<code>/cancel", methods=GET_POST)
@needs("move")
def cancel(code: str) -> Response:
    def read(form: Form, seen: ward.Patient) -> Wish | None:
        reason = reason_of(form, required=True, hint="Why the plan is cancelled. Kept in the history.")
        return Wish(deed=Cancel(), reason=reason) if reason else None

    page = ActPage(
        title="Cancel the plan",
        save="Cancel the plan",
        blame="reason",
        read=read,
        severe=True,
        lead=(
            "The history stays. Every entry still ahead is marked CANCELLED, and only notes can be added afterwards. "
            "There is no way back.",
        ),
    )
    return answer(page, ward.patient(code))


@routes.route("/p/<code>/amend", methods=GET_POST)
@needs("set-up")
def amend(code: str) -> Response:
    def read(form: Form, seen: ward.Patient) -> Wish | None:
        protocol = form.file("protocol", "amended protocol", hint="A .toml file. Check it first on the page Protocols.")
        site = form.file("site", "amended site file", hint="A .toml file.")
        reason = reason_of(
            form, required=True, hint="Why this patient goes on with the amended file. Kept in the history."
        )
        if protocol is None and site is None and not form.mistakes:
            form.note("protocol", "Choose what is amended: a protocol file, a site file, or both")
        if not reason or (protocol is None and site is None):
            return None
        texts = {sha256(text): text for text in (protocol, site) if text is not None}
        deed = amend_of(seen.plan, protocol, site)
        return Wish(deed=deed, reason=reason, texts=texts)

    page = ActPage(
        title="Amend the protocol or the site file",
        save="Amend this patient's plan",
        blame="protocol",
        read=read,
        severe=True,
        lead=(
            "For this patient alone. What is recorded, begun or past keeps its dates; the rest follows the amended "
            "file.",
        ),
        blames={"amended site file": "site"},
        files=True,
    )
    return answer(page, ward.patient(code))


# choices -------------------------------------------------------------------------------------------------------------


@routes.get("/p/<code>/choose")
@needs("record")
def choose_option(code: str) -> Response:
    seen = ward.patient(code)
    chosen = seen.plan.case.choices

    def those(*, made: bool) -> Iterator[Pickable]:
        for name, one in seen.plan.protocol.choices.items():
            if (name in chosen) == made:
                yield Pickable(name, capital(one.title), one.options[chosen[name]] if made else "not chosen")

    found = groups(("Not chosen yet", those(made=False)), ("Chosen", those(made=True)))
    return choose(seen, "choose", "Choose for this patient", "What is to be chosen?", found)


@form_page(routes, "choose", needed="record")
def choose_page(seen: ward.Patient, what: str) -> ActPage:
    known = seen.plan.protocol.choices.get(what)
    if known is None:
        abort(404, "The protocol has no such choice.")

    def read(form: Form, seen: ward.Patient) -> Wish | None:
        option = form.choice("option", known.title, list(known.options.items()))
        reason = reason_of(form)
        return Wish(deed=Choose(name=what, option=option), reason=reason) if option else None

    now = seen.plan.case.choices.get(what)
    return ActPage(
        title=capital(known.title), save="Save this choice", blame="option", read=read, back=f"/p/{seen.code}/choose",
        facts=(("Chosen so far", known.options[now] if now else "nothing"),),
    )  # fmt: skip
