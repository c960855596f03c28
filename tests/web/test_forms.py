"""What a form reads: every date has one meaning, each mistake lies at its field, and nothing typed is lost."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.model.moment import Moment
from schedule.model.notation import spell
from schedule.web.forms import Form

NEW_YORK = ZoneInfo("America/New_York")


def sent(judged=True, **values):
    """A form as it was sent; `to_time` stands for to-time."""
    return Form({name.replace("_", "-"): [value] for name, value in values.items()}, judged=judged)


OFFERED = [(date(2026, 6, 10), "Today, Wed 10-Jun-2026"), (date(2026, 6, 9), "Yesterday, Tue 09-Jun-2026")]


def day_zero(typed="", where=NEW_YORK, judged=True, offered=OFFERED, **more):
    """The form of one date: chosen among those offered, or typed, with an hour beside; or, with none offered, typed with its
    hour."""
    options = {key: more.pop(key) for key in ("required", "clock", "clock_required") if key in more}
    values = {"zero-date" if offered else "zero": [typed]} | {f"zero-{key}": [value] for key, value in more.items()}
    form = Form(values, judged=judged)
    return form, form.moment("zero", "day 0", where, offered=offered, **options)


@pytest.mark.parametrize("offered", [OFFERED, ()], ids=["offered", "typed"])
@pytest.mark.parametrize("text", ["27 Mar 2026", "27 march 2026", "2026-03-27", "Fri 27-Mar-2026", "Mar 27, 2026", " 27mar2026 "])
def test_a_date_is_read_as_it_is_written_and_said_back_with_its_weekday(text, offered):
    form, found = day_zero(text, offered=offered)
    assert (found, form.mistakes) == (Moment(on=date(2026, 3, 27)), [])
    assert form.fields["zero"].echo == "Fri 27-Mar-2026" == spell(date(2026, 3, 27))


BAD = [
    ("31 Jun 2026", "“31 Jun 2026” is not a real date"),
    ("27 3 2026", "“27 3 2026” can be Fri 27-Mar-2026: write the month by its name"),
    ("3/4/2026", "“3/4/2026” can be Wed 04-Mar-2026 or Fri 03-Apr-2026: write the month by its name"),
    ("Thu 27 Mar 2026", "“Thu 27 Mar 2026”: that date is a Friday"),
    ("27 Mar 26", "“27 Mar 26” has a year of two digits: write all four"),
    ("27 März 2026", "“27 März 2026” is not a date"),
    ("27 Mar 1899", "“27 Mar 1899” is outside 1900 to 2199"),
    ("x" * 50, f"“{'x' * 40}” is not a date"),
]


@pytest.mark.parametrize("offered", [OFFERED, ()], ids=["offered", "typed"])
@pytest.mark.parametrize(("text", "message"), BAD, ids=[row[0][:20] for row in BAD])
def test_a_date_that_is_none_or_could_be_two_has_one_message_and_stands_there_again(text, message, offered):
    form, found = day_zero(text, offered=offered)
    anchor, like = ("zero-date", "27 Mar 2026") if offered else ("zero", "27 Mar 2026, or 27 Mar 2026 09:10")
    assert found is None and form.marked == {anchor}
    assert [(wrong.text, wrong.anchor) for wrong in form.mistakes] == [(f"Day 0: {message}. Write it as in {like}", anchor)]
    shown = form.fields["zero"]
    assert (shown.date if offered else shown.typed) == text


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_date_is_read_back_as_itself(day):
    assert day_zero(spell(day))[1] == day_zero(spell(day), offered=())[1] == Moment(on=day)


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_date_or_has_a_message(text):
    form, found = day_zero(text)
    assert (found is None) == bool(form.mistakes)


def test_a_form_that_nobody_has_sent_has_no_mistakes():
    form, found = day_zero(judged=False)
    assert (found, form.mistakes, form.marked) == (None, [], set())


def test_a_date_that_may_be_left_out_is_none_without_a_mistake():
    form, found = day_zero(required=False)
    assert (found, form.mistakes) == (None, [])


# times ---------------------------------------------------------------------------------------------------------------


def test_an_hour_is_read_in_the_sites_zone():
    form, found = day_zero("15 Jun 2026", time="10:00")
    assert form.mistakes == []
    assert found == Moment(on=date(2026, 6, 15), at=datetime(2026, 6, 15, 10, tzinfo=NEW_YORK))
    assert found.at.utcoffset() == timedelta(hours=-4)


CLOCK = "The time “{}” must be one of the 24-hour clock, such as 09:05, 0905 or 14:30"


@pytest.mark.parametrize("text", ["0905", "9:05", "9.05", "09.05", "09:05", "9h05", " 0905 ", "0905h", "09:05 hrs"])
def test_an_hour_is_taken_as_wards_write_it(text):
    form, found = day_zero("15 Jun 2026", time=text)
    assert form.mistakes == []
    assert found.at == datetime(2026, 6, 15, 9, 5, tzinfo=NEW_YORK)


@pytest.mark.parametrize("text", ["10", "905", "24:00", "2400", "10:60", "10:00 pm", "noon", "١٠:٠٠", "10:00:00", "10,00"])
def test_an_hour_that_is_none_or_could_be_read_two_ways_is_refused(text):
    form, found = day_zero("15 Jun 2026", time=text)
    assert found is None
    assert [(wrong.anchor, wrong.text) for wrong in form.mistakes] == [("zero-time", CLOCK.format(text))]
    assert form.fields["zero"].time == text


def test_an_hour_without_a_site_zone_is_refused():
    form, found = day_zero("15 Jun 2026", time="10:00", where=None)
    assert found is None
    assert [wrong.text for wrong in form.mistakes] == [
        "Day 0: no time can be given without a site file, which names the time zone"
    ]


def test_an_hour_without_a_date_asks_for_the_date():
    form, found = day_zero(time="10:00", required=False)
    assert (found, [(wrong.anchor, wrong.text) for wrong in form.mistakes]) == (None, [("zero-date", "Enter day 0")])


def test_an_hour_that_is_asked_for_and_missing():
    form, found = day_zero("15 Jun 2026", clock_required=True)
    assert found is None
    assert [(wrong.anchor, wrong.text) for wrong in form.mistakes] == [
        ("zero-time", "Day 0 must include a time, such as 09:05 or 14:30")
    ]


def test_an_hour_that_the_clocks_skip_is_refused_without_a_choice():
    form, found = day_zero("8 Mar 2026", time="02:30")
    assert found is None and form.fields["zero"].offsets == ()
    assert [(wrong.anchor, wrong.text) for wrong in form.mistakes] == [
        (
            "zero-time",
            "02:30 on Sun 08-Mar-2026 does not exist in America/New_York: the clocks are put forward. Write a time that the clocks show",
        )
    ]


def test_an_hour_that_happens_twice_asks_which_of_the_two():
    form, found = day_zero("1 Nov 2026", time="01:30")
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
    form, found = day_zero("1 Nov 2026", time="01:30", offset=offset)
    assert form.mistakes == [] and found.at.utcoffset() == timedelta(hours=hours)
    assert (found.at.hour, found.at.minute) == (1, 30)


def test_a_choice_left_over_from_another_hour_changes_nothing():
    form, found = day_zero("1 Nov 2026", time="10:00", offset="-04:00")
    assert form.mistakes == [] and found.at.utcoffset() == timedelta(hours=-5)


@pytest.mark.parametrize("offset", ["-03:00", "", "x", "+99:99"])
def test_an_offset_that_the_zone_has_not_is_asked_for_again(offset):
    form, found = day_zero("1 Nov 2026", time="01:30", offset=offset)
    assert found is None and len(form.mistakes) == 1


@pytest.mark.parametrize(
    ("zone", "day", "offsets"),
    [
        ("Europe/Berlin", ("25 Oct 2026", "02:30"), ["+02:00", "+01:00"]),
        ("Australia/Lord_Howe", ("5 Apr 2026", "01:45"), ["+11:00", "+10:30"]),
    ],
)
def test_the_two_moments_of_other_zones(zone, day, offsets):
    form, _ = day_zero(day[0], time=day[1], where=ZoneInfo(zone))
    assert [option.value for option in form.fields["zero"].offsets] == offsets


# days that are offered -----------------------------------------------------------------------------------------------

def test_a_day_that_is_offered_need_not_be_typed():
    form, found = day_zero(**{"is": "2026-06-09"}, time="23:50")
    assert form.mistakes == []
    assert found == Moment(on=date(2026, 6, 9), at=datetime(2026, 6, 9, 23, 50, tzinfo=NEW_YORK))


def test_another_day_is_typed():
    form, found = day_zero("8 Jun 2026", **{"is": "date"})
    assert (form.mistakes, found) == ([], Moment(on=date(2026, 6, 8)))


def test_a_typed_day_counts_without_its_choice():
    assert day_zero("8 Jun 2026")[1] == Moment(on=date(2026, 6, 8))


def test_a_day_both_chosen_and_typed_is_asked_about():
    form, found = day_zero("8 Jun 2026", **{"is": "2026-06-10"})
    assert found is None
    assert [(wrong.anchor, wrong.text) for wrong in form.mistakes] == [
        ("zero-is-1", "Day 0 has a date and “Today, Wed 10-Jun-2026”: keep one of them")
    ]


def test_an_hour_typed_with_its_date_counts_and_two_of_them_are_asked_about():
    at = datetime(2026, 6, 8, 9, 10, tzinfo=NEW_YORK)
    assert day_zero("8 Jun 2026 0910")[1] == day_zero("8 Jun 2026 09:10", offered=())[1] == Moment(on=at.date(), at=at)
    for form, found in (day_zero("8 Jun 2026 0910", time="0910"), day_zero("8 Jun 2026 0910", clock=False)):
        assert found is None and [wrong.anchor for wrong in form.mistakes] == ["zero-date"]


@pytest.mark.parametrize("value", ["2026-06-08", "never", "x", "2026-13-45"])
def test_a_choice_that_was_not_offered_is_as_good_as_none(value):
    form, found = day_zero(**{"is": value})
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
    form = Form({"zero": ["31 Jun 2026"]}, judged=True)
    form.moment("zero", "day 0", NEW_YORK)
    form.choice("cause", "cause", CAUSES)
    form.text("reason", "reason", required=True)
    assert [wrong.anchor for wrong in form.mistakes] == ["zero", "cause-1", "reason"]
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
    assert len({fingerprint(reason="a"), fingerprint(reason="b"), fingerprint(), fingerprint(reason="a", zero="1")}) == 4
