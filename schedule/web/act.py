"""One act from a page: its form, the check that saves nothing and shows what would change, and the act.

The form is one for all acts: it is checked as often as one likes, and saved as it was checked. An act that was done
already (a double click, the page of before sent again) is answered as if it had just been done; an act on a revision
that is no longer the newest is not done, and the page says who was quicker, with what was typed still there.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from flask import Flask, Response, redirect, request
from msgspec import Struct, field
from msgspec.structs import replace

from schedule.model.acts import Deed, confirmed_in
from schedule.model.errors import InputError, NotAllowed, Refused, Stale
from schedule.model.kept import Row
from schedule.model.move import MoveVerdict
from schedule.model.notation import spell_moment
from schedule.model.plan import Plan
from schedule.model.reasons.records import LooksWrong, RecordRefusal
from schedule.model.reasons.refusals import OnlyNotes, Refusal
from schedule.pages.change import Notice, notice
from schedule.pages.day import left_open
from schedule.service.acts import perform, texts_after
from schedule.service.create import Meta
from schedule.service.inputs import sent_text, site_time
from schedule.service.printed import printed_before
from schedule.service.sent_twice import same_act
from schedule.web import ward
from schedule.web.asked import AFTER_ALL, path_of
from schedule.web.form_fields import RecordField
from schedule.web.forms import BASED_ON, CHECKED, CONFIRM, Form, capital
from schedule.web.roles import needed
from schedule.words.acts import act_in_words, deed_in_words
from schedule.words.plan import shortened
from schedule.words.refusals import refusal_in_words, refused_lines

PRESSED, DAY = "to", "day"
"""The name of the buttons of a calendar, and that of the day which was pressed: pressing one checks the form for it."""


class Wish(Struct, frozen=True, kw_only=True):
    """What a filled form asks for: the deed, why, and the texts that it brings."""

    deed: Deed
    reason: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


class ActPage(Struct, frozen=True, kw_only=True):
    """One act's page. `read` asks the form for its fields, and gives the wish once nothing is wrong or missing; an
    InputError that it raises, and what the ledger refuses, is shown at the field `blame`, or at that which `blames`
    gives for the beginning of its place.

    A `severe` act asks for a reason, and for the patient's code again. `at_save` asks for what is typed beside that
    code, once the rest is checked, and gives the wish with it; `beside` is what the template needs of the form beside.
    `start` is what stands in the form before anybody has typed.
    """

    title: str
    save: str
    blame: str
    read: Callable[[Form, ward.Patient], Wish | None]
    severe: bool = False
    template: str = "act.html"
    lead: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    back: str = ""
    blames: Mapping[str, str] = field(default_factory=dict)
    files: bool = False
    at_save: Callable[[Form, ward.Patient, Wish], Wish | None] | None = None
    beside: Callable[[Form, ward.Patient], Mapping[str, Any]] | None = None
    start: Mapping[str, str] = field(default_factory=dict)


class Check(Struct, frozen=True, kw_only=True):
    """What would change if the form were saved as it is. `left_open` is what of a day recorded is due and
    stays not recorded. `doubts` is why a record, or this computer's clock, looks wrong: then the patient's code is
    asked for again."""

    words: str
    left_open: tuple[str, ...]
    notice: Notice
    verdict: MoveVerdict | None
    after: Plan
    unchanged: bool
    doubts: tuple[str, ...] = ()

    @property
    def can_be_saved(self) -> bool:
        return not self.unchanged and (self.verdict is None or self.verdict.allowed)


def open_no_form_of_a_cancelled_plan(app: Flask) -> None:
    """Answer whoever opens a form that a cancelled plan does not take with why: she is not to fill it first."""

    @app.before_request
    def refuse() -> Response | None:
        code = (request.view_args or {}).get("code")
        if code is None or request.method == "POST" or needed(request.endpoint) == ("view",):
            return None
        row = ward.store().newest(code)
        if row is None or not row.projection.standing.cancelled or request.path[len(f"/p/{code}/") :] in AFTER_ALL:
            return None
        seen = ward.patient_of(row)
        said = capital(refusal_in_words(OnlyNotes(), code, seen.zero, "page").message)
        return ward.show("failures.html", title="Not open any more", patient=seen, text=said, lines=(), number="")


def sent_form() -> tuple[Form, str]:
    """The form that this request carries, and what it asks to do: nothing yet, `check` or `save`."""
    do = request.form.get("do") or ("check" if PRESSED in request.form else "")
    values = {name: request.form.getlist(name) for name in request.form}
    if PRESSED in values:
        values[DAY] = values.pop(PRESSED)
    wrong = []
    for name, file in request.files.items():
        try:
            text = sent_text(file.stream, file.filename or "the file")
        except InputError as error:
            wrong += [(name, mistake) for mistake in error.mistakes]
        else:
            values |= {f"{name}-text": [text]} if text is not None else {}
    form = Form(values, judged=do in ("check", "save"))
    for name, mistake in wrong:
        form.note(name, f"{mistake.message}: {mistake.remedy}", name)
    return form, do


def answer(page: ActPage, seen: ward.Patient, sent: tuple[Form, str] | None = None) -> Response:
    """The answer to a page's GET, and to every way its form is sent. `sent` is the form, and what it asks to do, if not
    as this request carries them."""
    form, do = sent or sent_form()
    if not request.form:
        start = {name: [text] for name, text in page.start.items()}
        return render(page, seen, Form(start, judged=False) if start else form)
    named = form.typed(BASED_ON)
    based_on = int(named) if re.fullmatch(r"\d{1,9}", named, re.ASCII) else 0
    if form.judged and based_on != seen.revision:
        return of_before(page, seen, form, based_on)
    try:
        wish = page.read(form, seen)
        if wish is None or form.mistakes or not form.judged:
            return render(page, seen, form, status=422 if form.mistakes else 200)
        if request.path != f"/p/{seen.code}/{path_of(wish.deed)}":
            raise AssertionError(f"{request.endpoint} asks for a {wish.deed.kind}")
        site = texts_after(ward.store(), seen.plan, wish.deed, wish.texts)[1]
        meta = ward.meta_for(site, reason=wish.reason, based_on=based_on)
        wish, check = tried(seen.code, wish, meta, form)
        if ahead := ward.clock_doubt(meta, site):
            check = replace(check, doubts=(*check.doubts, ahead))
        if check.doubts:
            page, meta = replace(page, severe=True), replace(meta, clock_confirmed=bool(ahead))
        whole = asked_at_save(page, seen, form, wish, saving=do == "save")
        if do == "save" and whole is not None and is_confirmed(page, seen, form):
            meta = replace(meta, reason=whole.reason)
            if (check if whole.deed == wish.deed else checked(seen.code, whole, meta)).can_be_saved:
                return to_change(save(seen.code, whole, meta))
    except Stale as error:
        return of_before(page, ward.patient_of(error.newest), form, based_on)
    except NotAllowed as error:
        for line in refused_lines(error, "page"):
            form.note("", capital(line.message))
        return render(page, seen, form, status=409)
    except (InputError, Refused) as error:
        note_mistakes(form, error, page)
        return render(page, seen, form, status=422)
    return render(page, seen, form, check=check, status=422 if form.mistakes else 200)


def of_before(page: ActPage, seen: ward.Patient, form: Form, based_on: int) -> Response:
    """The answer to a form of a revision that is no longer the newest. Read as on that revision, is it the very act
    that was made out of it? Then it was sent twice, and is answered as if it had just been done. Else nothing is
    done."""
    then = ward.store().at(seen.code, based_on)
    if then is not None:
        again = Form(form.values, judged=True)
        with suppress(InputError, Refused):
            before = ward.patient_of(then)
            wish = page.read(again, before)
            wish = asked_at_save(page, before, again, wish, saving=True) if wish is not None else None
            if wish is not None and not again.mistakes:
                meta = ward.meta_for(before.plan.site, reason=wish.reason, based_on=based_on)
                row = same_act(ward.store(), seen.code, wish.deed, meta)
                if row is not None:
                    return to_change(row)
    unjudged = Form(form.values, judged=False)
    return render(page, seen, unjudged, stale=seen.row, status=409)


def asked_at_save(page: ActPage, seen: ward.Patient, form: Form, wish: Wish, *, saving: bool) -> Wish | None:
    """The wish with what is typed beside the code; None where something is missing or wrong, which is noted only where
    the form is to be saved."""
    if page.at_save is None:
        return wish
    form.seal()
    form.judged = saving
    return page.at_save(form, seen, wish)


def note_mistakes(form: Form, error: InputError | Refused, page: ActPage) -> None:
    """Show at a field what the ledger and the readers refuse."""
    if isinstance(error, Refused):
        for refusal, line in zip(error.refusals, refused_lines(error, "page"), strict=True):
            form.note(*blamed(form, refusal, f"{line.message}: {line.remedy}", page.blame))
        return
    for mistake in error.mistakes:
        blame = next((field for place, field in page.blames.items() if mistake.place.file == place), page.blame)
        form.note(blame, f"{capital(mistake.message)}: {mistake.remedy}")


def blamed(form: Form, refusal: Refusal, said: str, blame: str) -> tuple[str, str]:
    """The field to which a refusal belongs, and what is said there: where the form has a row for the event that is
    refused, that, with what it is."""
    shown = form.fields.get(refusal.event) if isinstance(refusal, RecordRefusal) else None
    if isinstance(shown, RecordField):
        return shown.name, f"{capital(shown.title)}: {said}"
    return blame, capital(said)


def is_confirmed(page: ActPage, seen: ward.Patient, form: Form) -> bool:
    """Whether the form is the one that was checked, and a severe act has the patient's code again; else it says so."""
    if form.typed(CHECKED) != form.fingerprint:
        form.note("", "The form was changed after it was checked. Look at what it would do now, then save it")
    elif page.severe and form.typed(CONFIRM).strip().upper() != seen.code:
        form.note(CONFIRM, f"Type {seen.code} to confirm", CONFIRM)
    return not form.mistakes


def save(code: str, wish: Wish, meta: Meta) -> Row:
    """Do the act."""
    done = perform(ward.store(), code, wish.deed, meta, texts=wish.texts, now=ward.settings().now)
    assert done.row is not None
    return done.row


def to_change(row: Row) -> Response:
    """See what the act changed: the page to which a saved form leads, so that reloading it does nothing."""
    found: Response = redirect(f"/p/{row.act.code}/change/{row.act.revision}", 303)  # type: ignore[assignment]
    return found


def tried(code: str, wish: Wish, meta: Meta, form: Form) -> tuple[Wish, Check]:
    """What a wish comes to, with nothing saved; where a record looks wrong, as if that were confirmed, with why."""
    try:
        return wish, checked(code, wish, meta)
    except Refused as error:
        wrong = {one.event for one in error.refusals if isinstance(one, LooksWrong)}
        if len(wrong) < len(error.refusals):
            raise
        lines = zip(error.refusals, refused_lines(error, "page"), strict=True)
        doubts = tuple(blamed(form, refusal, line.message, "")[1] for refusal, line in lines)
    sure = replace(wish, deed=confirmed_in(wish.deed, wrong))
    return sure, replace(checked(code, sure, meta), doubts=doubts)


def checked(code: str, wish: Wish, meta: Meta) -> Check:
    """What a wish comes to, with nothing saved."""
    preview = perform(ward.store(), code, wish.deed, meta, dry_run=True, texts=wish.texts)
    assert preview.before is not None
    told = notice(
        preview.before,
        preview.after,
        wish.deed,
        preview.verdict,
        saved=False,
        as_of=meta.as_of,
        by=meta.by,
        reason=wish.reason,
        edge="page",
        printed=printed_before(ward.store(), preview.before.case.code, preview.before.revision),
    )
    return Check(
        words=deed_in_words(preview.before, wish.deed),
        left_open=left_open(preview.after, wish.deed),
        notice=told,
        verdict=preview.verdict,
        after=preview.after,
        unchanged=preview.unchanged,
    )


def who_was_quicker(row: Row, seen: ward.Patient) -> str:
    """What somebody else did meanwhile, in a sentence."""
    act = row.act
    when = spell_moment(site_time(act.at, seen.plan.site))
    why = f": {act.reason}" if act.reason else ""
    return f"Revision {act.revision} was made by {act.by} at {when} ({act_in_words(act.kind)}{why})."


def render(
    page: ActPage,
    seen: ward.Patient,
    form: Form,
    *,
    check: Check | None = None,
    stale: Row | None = None,
    status: int = 200,
) -> Response:
    if not form.fields:
        page.read(form, seen)
    return ward.show(
        page.template,
        status,
        title=shortened(page.title, 33),
        patient=seen,
        page=page,
        form=form,
        check=check,
        errors=[(wrong.anchor or "main", wrong.text) for wrong in form.mistakes],
        stale=who_was_quicker(stale, seen) if stale else "",
        stale_revision=stale.act.revision if stale else 0,
        **(page.beside(form, seen) if page.beside is not None else {}),
    )
