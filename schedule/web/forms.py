"""A submitted form -> values, or mistakes at their fields. What was typed is kept as it was typed, and shown again.

A `Form` is asked for one field after the other, and hands out values of the kind asked for; what it was asked for, with
what was typed, is what the page shows. A form that is not `judged` (nobody has sent it yet) notes no mistakes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from schedule.model.dates import WallTimeError, at_wall_time
from schedule.model.moment import Moment, order_of
from schedule.model.notation import MINUS, read_typed_clock, spell
from schedule.model.reasons.wall_times import ShownTwice
from schedule.model.text import printable, sha256
from schedule.model.typed import TypedTime, typed_time, typed_times
from schedule.web.form_fields import (
    ChoiceField,
    DayField,
    Field,
    FileField,
    Option,
    RecordField,
    TextField,
    TickField,
    Wrong,
)
from schedule.words.dates import spell_day_zero, wall_time_in_words

BASED_ON, CHECKED, CONFIRM = "based-on", "checked", "confirm"
APART = frozenset({BASED_ON, CHECKED, CONFIRM})
"""What a form carries beside its fields: the revision it was shown for, the fingerprint it was checked with, the code
again."""
TYPED_DATE = "27 Mar 2026"
TYPED_AS = f"{TYPED_DATE}, or {TYPED_DATE} 09:10"
TIMES_HINT = "For example, 27 Mar 2026."
CLOCK_HINT = "For example, 27 Mar 2026 09:10."
OTHER = "date"
"""What is chosen where the date is typed."""
NO_ZONE = "no time can be given without a site file, which names the time zone"
NEVER_TYPED, TICKED = "never", "yes"
MOST_OF_A_LINE = 500


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


class Form:
    """What was sent, asked for field by field. `fields` is what the page shows, `mistakes` what is to be mended."""

    def __init__(self, values: Mapping[str, Sequence[str]], *, judged: bool) -> None:
        self.values, self.judged = values, judged
        self.fields: dict[str, Field] = {}
        self.mistakes: list[Wrong] = []
        self.marked: set[str] = set()
        self.asked: set[str] = set()
        self.sealed = ""

    def typed(self, name: str) -> str:
        """What was typed under a name, as it was."""
        self.asked.add(name)
        found = self.values.get(name)
        return found[0] if found else ""

    def note(self, field: str, text: str, *anchors: str) -> None:
        """Note a mistake at a field; `anchors` are the ids of the inputs to mend, the field's first one without."""
        if not self.judged:
            return
        marked = anchors or ((self.first_input(field),) if field in self.fields else ())
        self.marked.update(marked)
        self.mistakes.append(Wrong(marked[0] if marked else "", field, text))

    def first_input(self, field: str) -> str:
        """The id of the first input of a field."""
        shown = self.fields[field]
        if isinstance(shown, RecordField):
            return f"{field}-time"
        if isinstance(shown, DayField):
            return shown.options[0].id if shown.options else f"{field}-time"
        return shown.options[0].id if isinstance(shown, ChoiceField) and not shown.is_long else field

    def wrong_at(self, field: str) -> tuple[str, ...]:
        """The messages of one field."""
        return tuple(wrong.text for wrong in self.mistakes if wrong.field == field)

    @property
    def fingerprint(self) -> str:
        """What was typed into all fields, as one short text: it tells whether a form was changed after it was
        checked. Once sealed, of those asked for until then."""
        if self.sealed:
            return self.sealed
        typed = [(name, self.typed(name).replace("\r\n", "\n")) for name in sorted(self.asked - APART)]
        return sha256(repr([(name, text) for name, text in typed if text]))[:32]

    def seal(self) -> None:
        """What is asked for from now on belongs to the saving, not to what was checked."""
        self.sealed = self.fingerprint

    def text(
        self, name: str, label: str, *, hint: str = "", most: int = 500, lines: int = 1, required: bool = False
    ) -> str:
        """One text, without control characters, on one line; empty where nothing is there or it is too long."""
        typed = self.typed(name)
        self.fields[name] = TextField(
            name=name, label=capital(label), hint=hint, typed=typed, lines=lines, optional=not required
        )
        text = printable(typed).strip()
        if required and not text:
            self.note(name, f"Enter the {label}")
        if len(text) > most:
            self.note(name, f"{capital(label)} must have {most:,} characters at most; it has {len(text):,}")
            return ""
        return text

    def choice(
        self, name: str, label: str, options: Iterable[tuple[str, str]], *, hint: str = "", required: bool = True
    ) -> str:
        """The value of one of the options; empty where none was chosen."""
        typed = self.typed(name)
        made = tuple(Option(f"{name}-{number}", value, words) for number, (value, words) in enumerate(options, 1))
        self.fields[name] = ChoiceField(
            name=name, label=capital(label), hint=hint, options=made, typed=typed, optional=not required
        )
        if typed in [option.value for option in made]:
            return typed
        if required or typed:
            self.note(name, f"Choose the {label}")
        return ""

    def file(self, name: str, label: str, *, hint: str = "") -> str | None:
        """The text of a file that was sent now or before; None where there is none."""
        typed = self.typed(f"{name}-text").replace("\r\n", "\n")
        self.fields[name] = FileField(name=name, label=capital(label), hint=hint, typed=typed, optional=True)
        return typed or None

    def tick(self, name: str, label: str, *, hint: str = "") -> bool:
        """Whether a box is ticked; nothing is ticked beforehand."""
        ticked = self.typed(name) == TICKED
        self.fields[name] = TickField(name=name, label=capital(label), hint=hint, ticked=ticked)
        return ticked

    def times(
        self, name: str, title: str, where: ZoneInfo | None, *, label: str = "", hint: str = TIMES_HINT,
        never: bool = False, several: bool = False, clock: bool = True, required: bool = False,
    ) -> tuple[Moment, ...] | None:  # fmt: skip
        """The dates on one line, earliest first, each with its hour in the zone `where` if one was typed, unless the
        field has no `clock`. Empty for the word "never"; None where nothing was entered or it is wrong. `label`, if the
        title is not it."""
        typed = self.typed(name)
        self.fields[name] = shown = TextField(
            name=name, label=capital(label or title), hint=hint, typed=typed, lines=1, optional=not required
        )
        text = printable(typed).strip()
        if not text:
            if required:
                self.note(name, f"Enter {title}")
            return None
        if len(text) > MOST_OF_A_LINE:
            self.note(name, f"{capital(title)}: it has {len(text):,} characters, {MOST_OF_A_LINE} are enough")
            return None
        if text.lower() == NEVER_TYPED:
            if not never:
                self.note(name, f"{capital(title)} cannot be “never”: leave it empty until there is a date")
            return () if never else None
        try:
            found = typed_times(text)
        except ValueError as error:
            self.note(name, f"{capital(title)}: {error}. Write it as in {TYPED_AS}")
            return None
        wrong = [_why_no_hour(one, where, clock=clock) for one in found if one.clock is not None]
        wrong += ["it is one date: keep one of them"] * (len(found) > 1 and not several)
        for message in filter(None, wrong):
            self.note(name, f"{capital(title)}: {message}")
        if any(wrong):
            return None
        moments = sorted({_moment_of(one, where) for one in found}, key=lambda one: order_of(one, where))
        self.fields[name] = replace(shown, echo=", ".join(map(spell_day_zero, moments)))
        return tuple(moments)

    def moment(
        self, name: str, title: str, where: ZoneInfo | None, *, offered: Iterable[tuple[date, str]] = (),
        hint: str = "", label: str = "", clock: bool = True, required: bool = True, clock_required: bool = False,
    ) -> Moment | None:  # fmt: skip
        """One date as it is typed, with an hour in the zone `where` if one was; None where there is none or it is
        wrong. `offered` are days that can be chosen instead, each with its words: then the hour has a field beside.
        `label`, if the title is not it.
        """
        options = [(day.isoformat(), words) for day, words in offered]
        if not options:
            shown = f"{hint} {CLOCK_HINT if clock else TIMES_HINT}".strip()
            found = self.times(name, title, where, label=label, hint=shown, clock=clock, required=required)
            return found[0] if found else None
        day = self._day(name, title, options, label=label, clock=clock, hint=hint, required=required)
        typed = self.typed(f"{name}-time").strip() if clock else ""
        if day is None:
            return None
        if day.clock is not None:
            why = "it has two times: keep one of them" if typed else _why_no_hour(day, where, clock=clock)
            if why:
                self.note(name, f"{capital(title)}: {why}", f"{name}-date")
            return None if why else _moment_of(day, where)
        if typed:
            return self._at(name, title, day.on, typed, where)
        if clock_required:
            self.note(name, f"{capital(title)} must include a time, such as 09:05 or 14:30", f"{name}-time")
        return None if clock_required else Moment(on=day.on)

    def moment_on(self, day: date, name: str, title: str, where: ZoneInfo | None, *, hint: str = "") -> Moment | None:
        """That day, with an hour in the zone `where` if one was typed; None where the hour is wrong."""
        typed = self.typed(f"{name}-time").strip()
        self.fields[name] = DayField(
            name=name, label=capital(title), hint=hint, options=(), typed="", date="", echo="", clock=True, time=typed,
            offsets=(), offset="", optional=True,
        )  # fmt: skip
        return self._at(name, title, day, typed, where) if typed else Moment(on=day)

    def _at(self, name: str, title: str, day: date, typed: str, where: ZoneInfo | None) -> Moment | None:
        """The moment at which the clocks show what was typed. Where they show it twice, the choice between the two
        appears."""
        wall = clock_typed(self, name, typed, f"{name}-time")
        if wall is None:
            return None
        found, offsets, offset = moment_at_clock(self, name, title, day, wall, where)
        shown = self.fields[name]
        assert isinstance(shown, DayField)
        self.fields[name] = replace(shown, offsets=offsets, offset=offset)
        return found

    def _day(
        self, name: str, title: str, options: Iterable[tuple[str, str]], *, label: str, clock: bool, hint: str,
        required: bool,
    ) -> TypedTime | None:  # fmt: skip
        """The day that was chosen, or what was typed; None where there is none, or both are there."""
        made = [Option(f"{name}-is-{number}", value, words) for number, (value, words) in enumerate(options, 1)]
        chosen, typed = self.typed(f"{name}-is"), self.typed(f"{name}-date")
        others = Option(f"{name}-is-{len(made) + 1}", OTHER, "Another date")
        shown = DayField(
            name=name, label=capital(label or title), hint=hint, options=(*made, others), typed=chosen, date=typed,
            echo="", clock=clock, time=self.typed(f"{name}-time"), offsets=(), offset="", optional=not required,
        )  # fmt: skip
        self.fields[name] = shown
        offered = {option.value: option for option in made}
        if typed.strip() and chosen in offered:
            both = f"{capital(title)} has a date and “{offered[chosen].words}”: keep one of them"
            self.note(name, both, offered[chosen].id)
            return None
        if chosen in offered:
            return TypedTime(on=date.fromisoformat(chosen))
        if not typed.strip():
            if required or chosen == OTHER or shown.time.strip():
                self.note(name, f"Enter {title}", f"{name}-date")
            return None
        try:
            found = typed_time(printable(typed))
        except ValueError as error:
            self.note(name, f"{capital(title)}: {error}. Write it as in {TYPED_DATE}", f"{name}-date")
            return None
        self.fields[name] = replace(shown, echo=spell(found.on))
        return found


def _moment_of(typed: TypedTime, where: ZoneInfo | None) -> Moment:
    """A typed time in that zone; without its hour where there is no zone."""
    return typed.at(where) if where is not None else Moment(on=typed.on)


def _why_no_hour(typed: TypedTime, where: ZoneInfo | None, *, clock: bool) -> str:
    """What is wrong with the hour of a typed time and what to write instead; empty if nothing is."""
    if not clock:
        return "it is asked for without a time"
    if where is None:
        return NO_ZONE
    try:
        typed.at(where)
    except WallTimeError as error:
        fault = error.fault
        if not isinstance(fault, ShownTwice):
            return f"{wall_time_in_words(fault)}. Write a time that the clocks show"
        twice = both_moments(fault.day, fault.clock, where)
        either = " or ".join(f"{fault.clock:%H:%M} {offset_text(at)}" for at in twice)
        return f"{wall_time_in_words(fault)}. Write which of the two it is: {either}"
    return ""


def clock_typed(form: Form, field: str, typed: str, anchor: str) -> time | None:
    """The wall time that was typed; None where it is none."""
    try:
        return read_typed_clock(typed)
    except ValueError:
        wanted = "must be one of the 24-hour clock, such as 09:05, 0905 or 14:30"
        form.note(field, f"The time “{typed[:20]}” {wanted}", anchor)
        return None


def moment_at_clock(
    form: Form, field: str, title: str, day: date, wall: time, where: ZoneInfo | None, prefix: str = ""
) -> tuple[Moment | None, tuple[Option, ...], str]:
    """The moment at which the clocks show a wall time on a date; where they show it twice, the two to choose from
    under `prefix`, the field's name if not given, and what was chosen. No moment where they do not show it once."""
    prefix = prefix or field
    if where is None:
        form.note(field, f"{capital(title)}: {NO_ZONE}", f"{prefix}-time")
        return None, (), ""
    try:
        return Moment(on=day, at=at_wall_time(day, wall, where)), (), ""
    except WallTimeError as error:
        twice: tuple[datetime, ...] = both_moments(day, wall, where) if isinstance(error.fault, ShownTwice) else ()
        message = wall_time_in_words(error.fault)
    names = [offset_text(moment) for moment in twice]
    made = tuple(
        Option(f"{prefix}-offset-{number}", value, f"the {word} {wall:%H:%M}, {value.replace('-', MINUS)} from UTC")
        for number, (value, word) in enumerate(zip(names, ("first", "second"), strict=False), 1)
    )
    offset = form.typed(f"{prefix}-offset")
    for moment, value in zip(twice, names, strict=True):
        if offset == value:
            return Moment(on=day, at=moment, pinned=True), made, offset
    if twice:
        form.note(field, f"{message}. Choose which of the two it is", made[0].id)
    else:
        form.note(field, f"{message}. Write a time that the clocks show", f"{prefix}-time")
    return None, made, offset


def both_moments(day: date, wall: time, where: ZoneInfo) -> tuple[datetime, datetime]:
    """The two moments at which the clocks in `where` show a time that happens twice, the earlier first."""
    early, late = (datetime.combine(day, wall, where).replace(fold=fold) for fold in (0, 1))
    return early, late


def offset_text(moment: datetime) -> str:
    """`-04:00`: how far a moment's zone is from UTC."""
    minutes = round((moment.utcoffset() or timedelta()) / timedelta(minutes=1))
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
