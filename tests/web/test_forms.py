"""What a form reads: every date has one meaning, each mistake lies at its field, and nothing typed is lost."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.model.moment import Moment
from schedule.model.notation import spell
from schedule.web.forms import Form, read_month, read_parts

NEW_YORK = ZoneInfo("America/New_York")


def sent(judged=True, **values):
    """A form as it was sent; `day_zero_month_1` stands for day-zero-month-1."""
    return Form({name.replace("_", "-"): [value] for name, value in values.items()}, judged=judged)


def typed(name, day="", month="", year="", **more):
    """The values of one date, typed in three parts."""
    parts = {f"{name}-day-1": [day], f"{name}-month-1": [month], f"{name}-year-1": [year]}
    return parts | {f"{name}-{key}": [value] for key, value in more.items()}


def day_zero(day="", month="", year="", where=NEW_YORK, judged=True, **more):
    options = {key: more.pop(key) for key in ("offered", "required", "clock", "clock_required") if key in more}
    form = Form(typed("zero", day, month, year, **more), judged=judged)
    return form, form.moment("zero", "day 0", where, **options)


GOOD = [
    ("27", "3", "2026", date(2026, 3, 27)),
    ("03", "12", "2026", date(2026, 12, 3)),
    ("12", "03", "2026", date(2026, 3, 12)),
    ("3", "Mar", "2026", date(2026, 3, 3)),
    ("3", "mar", "2026", date(2026, 3, 3)),
    ("3", "MARCH", "2026", date(2026, 3, 3)),
    (" 3 ", " march\t", " 2026 ", date(2026, 3, 3)),
    ("15", "Sept", "2026", date(2026, 9, 15)),
    ("15", "sep.", "2026", date(2026, 9, 15)),
    ("29", "February", "2028", date(2028, 2, 29)),
    ("1", "1", "1900", date(1900, 1, 1)),
    ("31", "dec", "2199", date(2199, 12, 31)),
]


@pytest.mark.parametrize(("day", "month", "year", "expected"), GOOD, ids=[" ".join(row[:3]) for row in GOOD])
def test_a_date_in_three_parts_is_read(day, month, year, expected):
    form, found = day_zero(day, month, year)
    assert (found, form.mistakes) == (Moment(on=expected), [])


NO_DAY = "is not a day of the month, write a number from 1 to 31"
NO_MONTH = "is not a month, write a number from 1 to 12 or a name such as Mar"
NO_YEAR = "is not a year, write 4 digits such as 2026"
BAD = [
    (("", "", ""), "Enter day 0", ["day"]),
    (("", "3", "2026"), "Day 0 must include a day", ["day"]),
    (("27", "", "2026"), "Day 0 must include a month", ["month"]),
    (("27", "3", ""), "Day 0 must include a year", ["year"]),
    (("27", "", ""), "Day 0 must include a month and a year", ["month", "year"]),
    (("xx", "", "99"), "Day 0 must include a month", ["month"]),
    (("31", "6", "2026"), "Day 0 must be a real date: there is no 31 June in 2026", ["day"]),
    (("29", "Feb", "2026"), "Day 0 must be a real date: there is no 29 February in 2026", ["day"]),
    (("32", "3", "2026"), f"Day 0 must be a real date: “32” {NO_DAY}", ["day"]),
    (("0", "3", "2026"), f"Day 0 must be a real date: “0” {NO_DAY}", ["day"]),
    (("-5", "3", "2026"), f"Day 0 must be a real date: “-5” {NO_DAY}", ["day"]),
    (("+2", "3", "2026"), f"Day 0 must be a real date: “+2” {NO_DAY}", ["day"]),
    (("027", "3", "2026"), f"Day 0 must be a real date: “027” {NO_DAY}", ["day"]),
    (("٢٧", "3", "2026"), f"Day 0 must be a real date: “٢٧” {NO_DAY}", ["day"]),
    (("2 7", "3", "2026"), f"Day 0 must be a real date: “2 7” {NO_DAY}", ["day"]),
    (("27", "13", "2026"), f"Day 0 must be a real date: “13” {NO_MONTH}", ["month"]),
    (("27", "0", "2026"), f"Day 0 must be a real date: “0” {NO_MONTH}", ["month"]),
    (("27", "März", "2026"), f"Day 0 must be a real date: “März” {NO_MONTH}", ["month"]),
    (("27", "Ma", "2026"), f"Day 0 must be a real date: “Ma” {NO_MONTH}", ["month"]),
    (("27", "Marc", "2026"), f"Day 0 must be a real date: “Marc” {NO_MONTH}", ["month"]),
    (("27", "3/4", "2026"), f"Day 0 must be a real date: “3/4” {NO_MONTH}", ["month"]),
    (("27", "ſep", "2026"), f"Day 0 must be a real date: “ſep” {NO_MONTH}", ["month"]),
    (("27", "3", "26"), f"Day 0 must be a real date: “26” {NO_YEAR}", ["year"]),
    (("27", "3", "02026"), f"Day 0 must be a real date: “02026” {NO_YEAR}", ["year"]),
    (("27", "3", "2O26"), f"Day 0 must be a real date: “2O26” {NO_YEAR}", ["year"]),
    (("x" * 50, "y", "z"), f"Day 0 must be a real date: “{'x' * 20}” {NO_DAY}", ["day", "month", "year"]),
    (("27", "3", "1899"), "Day 0 must be from 1900 to 2199", ["year"]),
    (("27", "3", "2200"), "Day 0 must be from 1900 to 2199", ["year"]),
    (("31", "2", "2200"), "Day 0 must be from 1900 to 2199", ["year"]),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "message", "wrong"), BAD, ids=[" ".join(row[0])[:40] or "nothing" for row in BAD])
def test_a_date_that_is_none_has_one_message_and_only_its_wrong_parts_are_marked(parts, message, wrong):
    form, found = day_zero(*parts)
    assert found is None
    assert [(mistake.text, mistake.anchor) for mistake in form.mistakes] == [(message, f"zero-{wrong[0]}-1")]
    assert form.marked == {f"zero-{part}-1" for part in wrong}
    row = form.fields["zero"].row
    assert (row.day, row.month, row.year) == parts, "what was typed is shown again, as it was typed"


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(["number", "short", "full"]))
def test_every_date_is_read_back_as_itself(day, spelling):
    import calendar

    month = {"number": str(day.month), "short": calendar.month_abbr[day.month], "full": calendar.month_name[day.month]}
    assert read_parts("it", str(day.day), month[spelling], str(day.year)) == (day, "", ())


@given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))
def test_whatever_is_typed_is_a_date_or_has_a_message(day, month, year):
    found, message, wrong = read_parts("it", day, month, year)
    assert (found is None) == bool(message) == bool(wrong)


@given(st.text(max_size=9))
def test_a_month_is_one_of_twelve_or_none(text):
    assert read_month(text) in (None, *range(1, 13))


def test_a_form_that_nobody_has_sent_has_no_mistakes():
    form, found = day_zero(judged=False)
    assert (found, form.mistakes, form.marked) == (None, [], set())


def test_a_date_that_may_be_left_out_is_none_without_a_mistake():
    form, found = day_zero(required=False)
    assert (found, form.mistakes) == (None, [])


def test_the_weekday_is_said_back():
    form, _ = day_zero("15", "6", "2026")
    assert form.fields["zero"].row.echo == "Mon 15-Jun-2026" == spell(date(2026, 6, 15))


# times ---------------------------------------------------------------------------------------------------------------


def test_an_hour_is_read_in_the_sites_zone():
    form, found = day_zero("15", "6", "2026", time="10:00")
    assert form.mistakes == []
    assert found == Moment(on=date(2026, 6, 15), at=datetime(2026, 6, 15, 10, tzinfo=NEW_YORK))
    assert found.at.utcoffset() == timedelta(hours=-4)


CLOCK = "The time “{}” must be one of the 24-hour clock, such as 09:05, 0905 or 14:30"


@pytest.mark.parametrize("text", ["0905", "9:05", "9.05", "09.05", "09:05", "9h05", " 0905 "])
def test_an_hour_is_taken_as_wards_write_it(text):
    form, found = day_zero("15", "6", "2026", time=text)
    assert form.mistakes == []
    assert found.at == datetime(2026, 6, 15, 9, 5, tzinfo=NEW_YORK)


@pytest.mark.parametrize("text", ["10", "905", "24:00", "2400", "10:60", "10:00 pm", "noon", "١٠:٠٠", "10:00:00", "10,00"])
def test_an_hour_that_is_none_or_could_be_read_two_ways_is_refused(text):
    form, found = day_zero("15", "6", "2026", time=text)
    assert found is None
    assert [(wrong.anchor, wrong.text) for wrong in form.mistakes] == [("zero-time", CLOCK.format(text))]
    assert form.fields["zero"].time == text


def test_an_hour_without_a_site_zone_is_refused():
    form, found = day_zero("15", "6", "2026", time="10:00", where=None)
    assert found is None
    assert [wrong.text for wrong in form.mistakes] == [
        "Day 0: no time can be given without a site file, which names the time zone"
    ]


def test_an_hour_without_a_date_asks_for_the_date():
    form, found = day_zero(time="10:00", required=False)
    assert (found, [(wrong.anchor, wrong.text) for wrong in form.mistakes]) == (None, [("zero-day-1", "Enter day 0")])


def test_an_hour_that_is_asked_for_and_missing():
    form, found = day_zero("15", "6", "2026", clock_required=True)
    assert found is None
    assert [(wrong.anchor, wrong.text) for wrong in form.mistakes] == [
        ("zero-time", "Day 0 must include a time, such as 09:05 or 14:30")
    ]


def test_an_hour_that_the_clocks_skip_is_refused_without_a_choice():
    form, found = day_zero("8", "3", "2026", time="02:30")
    assert found is None and form.fields["zero"].offsets == ()
    assert [(wrong.anchor, wrong.text) for wrong in form.mistakes] == [
        (
            "zero-time",
            "02:30 on Sun 08-Mar-2026 does not exist in America/New_York: the clocks are put forward. Write a time that the clocks show",
        )
    ]


def test_an_hour_that_happens_twice_asks_which_of_the_two():
    form, found = day_zero("1", "11", "2026", time="01:30")
    assert found is None
    assert [option[1:] for option in form.fields["zero"].offsets] == [
        ("-04:00", "the first 01:30, −04:00 from UTC"),
        ("-05:00", "the second 01:30, −05:00 from UTC"),
    ]
    assert [(wrong.anchor, wrong.text) for wrong in form.mistakes] == [
        (
            "zero-offset-1",
            "01:30 on Sun 01-Nov-2026 happens twice in America/New_York: the clocks are put back. Choose which of the two it is",
        )
    ]


@pytest.mark.parametrize(("offset", "hours"), [("-04:00", -4), ("-05:00", -5)])
def test_the_choice_settles_which_of_the_two_it_is(offset, hours):
    form, found = day_zero("1", "11", "2026", time="01:30", offset=offset)
    assert form.mistakes == [] and found.at.utcoffset() == timedelta(hours=hours)
    assert (found.at.hour, found.at.minute) == (1, 30)


def test_a_choice_left_over_from_another_hour_changes_nothing():
    form, found = day_zero("1", "11", "2026", time="10:00", offset="-04:00")
    assert form.mistakes == [] and found.at.utcoffset() == timedelta(hours=-5)


@pytest.mark.parametrize("offset", ["-03:00", "", "x", "+99:99"])
def test_an_offset_that_the_zone_has_not_is_asked_for_again(offset):
    form, found = day_zero("1", "11", "2026", time="01:30", offset=offset)
    assert found is None and len(form.mistakes) == 1


@pytest.mark.parametrize(
    ("zone", "day", "offsets"),
    [
        ("Europe/Berlin", ("25", "10", "2026", "02:30"), ["+02:00", "+01:00"]),
        ("Australia/Lord_Howe", ("5", "4", "2026", "01:45"), ["+11:00", "+10:30"]),
    ],
)
def test_the_two_moments_of_other_zones(zone, day, offsets):
    form, _ = day_zero(*day[:3], time=day[3], where=ZoneInfo(zone))
    assert [option.value for option in form.fields["zero"].offsets] == offsets


# days that are offered -----------------------------------------------------------------------------------------------

OFFERED = [(date(2026, 6, 10), "Today, Wed 10-Jun-2026"), (date(2026, 6, 9), "Yesterday, Tue 09-Jun-2026")]


def test_a_day_that_is_offered_need_not_be_typed():
    form, found = day_zero(offered=OFFERED, **{"is": "2026-06-09"}, time="23:50")
    assert form.mistakes == []
    assert found == Moment(on=date(2026, 6, 9), at=datetime(2026, 6, 9, 23, 50, tzinfo=NEW_YORK))


def test_another_day_is_typed():
    form, found = day_zero("8", "6", "2026", offered=OFFERED, **{"is": "date"})
    assert (form.mistakes, found) == ([], Moment(on=date(2026, 6, 8)))


def test_a_typed_day_counts_without_its_choice():
    assert day_zero("8", "6", "2026", offered=OFFERED)[1] == Moment(on=date(2026, 6, 8))


def test_a_day_both_chosen_and_typed_is_asked_about():
    form, found = day_zero("8", "6", "2026", offered=OFFERED, **{"is": "2026-06-10"})
    assert found is None
    assert [(wrong.anchor, wrong.text) for wrong in form.mistakes] == [
        ("zero-is-1", "Day 0 has a date and “Today, Wed 10-Jun-2026”: keep one of them")
    ]


@pytest.mark.parametrize("value", ["2026-06-08", "never", "x", "2026-13-45"])
def test_a_choice_that_was_not_offered_is_as_good_as_none(value):
    form, found = day_zero(offered=OFFERED, **{"is": value})
    assert (found, [wrong.text for wrong in form.mistakes]) == (None, ["Enter day 0"])


# several dates on a line, and "never" ----------------------------------------------------------------------------------


def marrow(line, where=NEW_YORK, **options):
    form = Form({"marrow": [line]}, judged=True)
    return form, form.times("marrow", "bone marrow examination", where, **options)


def told(form):
    return [(wrong.anchor, wrong.text) for wrong in form.mistakes]


def test_several_dates_of_a_test_are_read_earliest_first_and_once():
    form, found = marrow("21 May 2026, 2026-04-01; May 21, 2026", several=True)
    assert (form.mistakes, found) == ([], (Moment(on=date(2026, 4, 1)), Moment(on=date(2026, 5, 21))))
    assert form.fields["marrow"].echo == "Wed 01-Apr-2026, Thu 21-May-2026"


def test_each_date_of_a_line_has_its_own_hour():
    form, found = marrow("21 May 2026 0910, 1 Apr 2026", several=True)
    at = datetime(2026, 5, 21, 9, 10, tzinfo=NEW_YORK)
    assert (form.mistakes, found) == ([], (Moment(on=date(2026, 4, 1)), Moment(on=at.date(), at=at)))


@pytest.mark.parametrize("line", ["", "  ", "\u200b"])
def test_no_date_is_none_and_is_not_never(line):
    form, found = marrow(line, never=True)
    assert form.mistakes == [] and found is None
    assert told(marrow(line, required=True)[0]) == [("marrow", "Enter bone marrow examination")]


@pytest.mark.parametrize("line", ["never", " Never ", "NEVER"])
def test_never_is_a_word(line):
    form, found = marrow(line, never=True)
    assert (form.mistakes, found) == ([], ())


def test_never_cannot_be_had_where_the_trial_cannot_do_without_the_date():
    form, found = marrow("never")
    assert found is None
    assert told(form) == [("marrow", "Bone marrow examination cannot be “never”: leave it empty until there is a date")]


WRITE_IT = "Write it as in 27 Mar 2026, or 27 Mar 2026 09:10"
WRONG_LINES = [
    ("never, 21 May 2026", {"never": True}, f"“never” is not a date. {WRITE_IT}"),
    ("31 Jun 2026", {}, f"“31 Jun 2026” is not a real date. {WRITE_IT}"),
    ("5/6/2026", {}, f"“5/6/2026” can be Wed 06-May-2026 or Fri 05-Jun-2026: write the month by its name. {WRITE_IT}"),
    ("21 May 2026, 22 May 2026", {}, "it is one date: keep one of them"),
    ("21 May 2026 09:10", {"clock": False}, "it is asked for without a time"),
    ("21 May 2026 09:10", {"where": None}, "no time can be given without a site file, which names the time zone"),
    ("8 Mar 2026 02:30", {}, "02:30 on Sun 08-Mar-2026 does not exist in America/New_York: the clocks are put forward. "
     "Write a time that the clocks show"),
    ("1 Nov 2026 01:30", {}, "01:30 on Sun 01-Nov-2026 happens twice in America/New_York: the clocks are put back. "
     "Write which of the two it is: 01:30 -04:00 or 01:30 -05:00"),
    ("x" * 501, {}, "it has 501 characters, 500 are enough"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "options", "said"), WRONG_LINES, ids=[line[:24] for line, _, _ in WRONG_LINES])
def test_what_is_wrong_with_a_line_is_told_at_its_field(line, options, said):
    form, found = marrow(line, **options)
    assert found is None
    assert told(form) == [("marrow", f"Bone marrow examination: {said}")]
    assert form.fields["marrow"].typed == line and form.fields["marrow"].echo == ""


@pytest.mark.parametrize(("offset", "hours"), [("-04:00", -4), ("-05:00", -5)])
def test_which_of_two_hours_is_typed_with_its_offset(offset, hours):
    form, found = marrow(f"1 Nov 2026 01:30 {offset}")
    assert form.mistakes == [] and found[0].at.utcoffset() == timedelta(hours=hours) and found[0].pinned


@pytest.mark.parametrize(("sent_value", "ticked"), [("yes", True), ("", False), ("no", False), ("on", False)])
def test_a_box_is_ticked_by_its_own_value_alone(sent_value, ticked):
    form = sent(rest=sent_value)
    assert form.tick("rest", "the rest: never") is ticked
    assert form.fields["rest"].ticked is ticked and form.fields["rest"].label == "The rest: never"


# texts and choices ---------------------------------------------------------------------------------------------------

TEXTS = [
    ("fever", "fever"),
    ("  fever\r\nand chills\rstill ", "fever and chills still"),
    ("a\u202eb\u200bc\x00d\x07", "abcd"),
    ("<b>&\"'{{ 7 * 7 }}", "<b>&\"'{{ 7 * 7 }}"),
    ("=1+1", "=1+1"),
    ("x" * 500, "x" * 500),
]


@pytest.mark.parametrize(("written", "read"), TEXTS)
def test_a_text_is_one_line_without_control_characters_and_shown_again_as_typed(written, read):
    form = sent(reason=written)
    assert form.text("reason", "reason", required=True) == read
    assert form.mistakes == [] and form.fields["reason"].typed == written


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "Enter the reason"),
        (" \t\r\n", "Enter the reason"),
        ("\u202e\x00", "Enter the reason"),
        ("x" * 10_000, "Reason must have 500 characters at most; it has 10,000"),
    ],
)
def test_a_text_that_is_missing_or_too_long_is_told(written, message):
    form = sent(reason=written)
    assert form.text("reason", "reason", required=True) == ""
    assert [tuple(wrong) for wrong in form.mistakes] == [("reason", "reason", message)]
    assert form.fields["reason"].typed == written


def test_a_text_that_may_be_left_out():
    form = sent()
    assert (form.text("reason", "reason"), form.mistakes) == ("", [])


CAUSES = [("illness", "Illness of the patient"), ("other", "Another cause")]


@pytest.mark.parametrize("value", ["illness", "other"])
def test_a_choice_is_one_of_its_options(value):
    form = sent(cause=value)
    assert (form.choice("cause", "cause", CAUSES), form.mistakes) == (value, [])


@pytest.mark.parametrize("value", ["", "Illness", "illness ", "<script>", "donor"])
def test_what_is_none_of_the_options_is_asked_for(value):
    form = sent(cause=value)
    assert form.choice("cause", "cause", CAUSES) == ""
    assert [tuple(wrong) for wrong in form.mistakes] == [("cause-1", "cause", "Choose the cause")]


def test_a_choice_that_may_be_left_out_may_not_be_made_up():
    form = sent(cause="")
    assert (form.choice("cause", "cause", CAUSES, required=False), form.mistakes) == ("", [])
    form = sent(cause="x")
    assert form.choice("cause", "cause", CAUSES, required=False) == "" and len(form.mistakes) == 1


# the form as a whole -------------------------------------------------------------------------------------------------


def test_all_mistakes_are_told_at_once_in_the_order_of_the_fields():
    form = Form(typed("zero", "31", "6", "2026"), judged=True)
    form.moment("zero", "day 0", NEW_YORK)
    form.choice("cause", "cause", CAUSES)
    form.text("reason", "reason", required=True)
    assert [wrong.anchor for wrong in form.mistakes] == ["zero-day-1", "cause-1", "reason"]
    assert form.wrong_at("cause") == ("Choose the cause",)


def test_a_mistake_found_later_is_noted_at_the_first_input_of_its_field():
    form = sent(cause="illness")
    form.choice("cause", "cause", CAUSES)
    form.note("cause", "No")
    form.note("nowhere", "The form as a whole")
    assert [tuple(wrong) for wrong in form.mistakes] == [("cause-1", "cause", "No"), ("", "nowhere", "The form as a whole")]


def fingerprint(**values):
    form = sent(**values)
    form.text("reason", "reason")
    form.moment("zero", "day 0", NEW_YORK, required=False)
    return form.fingerprint


def test_the_fingerprint_tells_a_changed_form_from_the_checked_one():
    assert fingerprint(reason="a") == fingerprint(reason="a", do="save", token="x")
    assert fingerprint(reason="a\r\nb") == fingerprint(reason="a\nb"), "browsers send line ends of their own"
    assert len({fingerprint(reason="a"), fingerprint(reason="b"), fingerprint(), fingerprint(reason="a", zero_day_1="1")}) == 4
