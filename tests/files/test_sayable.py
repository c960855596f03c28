"""What authors write, and what comes of it: small files of tests/faults with their right values, worked out by hand."""

from datetime import date, datetime, timedelta

import pytest
from shared import TESTS

from schedule.engine.layout import lay_out_events
from schedule.engine.plan import first_standing, lay_out
from schedule.files.case_file import read_case
from schedule.files.days_grammar import read_days
from schedule.files.grammar import GrammarError, read_bound
from schedule.files.lint import warnings
from schedule.files.look_alikes import look_alike
from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.model.errors import InputError
from schedule.model.reasons.gaps import ChoiceMissing
from schedule.pages.sheet_days import sheet_days
from schedule.words.calendar import local_time, missed_by, within_hours
from schedule.words.protocol import days_in_words
from schedule.words.sheets import going_on_since

AS_OF = datetime(2026, 6, 1, 9, 0)


def read(reader, fault, name, *more):
    return reader((TESTS / "faults" / fault / name).read_text(encoding="utf-8"), name, *more)


def laid_out(fault, trial="trial.toml", site="site.toml", case="case.toml"):
    """The events of a fault's patient."""
    protocol = read(read_protocol, fault, trial)
    where = read(read_site, fault, site, protocol)
    patient = read(read_case, fault, case, protocol, where)
    return lay_out_events(protocol, where, first_standing(patient), AS_OF, patient.dates).events


def starts(events, activity):
    """`10-Jun 11:00`, or the date alone."""
    found = [event for event in events if event.activity == activity]
    return [f"{event.start:%d-%b %H:%M}" if event.start else f"{event.on:%d-%b}" for event in found]


def mistakes(fault, name, *more, reader=read_protocol):
    """What is said of a file that is refused."""
    with pytest.raises(InputError) as raised:
        read(reader, fault, name, *more)
    return [str(mistake) for mistake in raised.value.mistakes]


def test_every_day_for_5_days_is_five_days_and_every_8_hours_for_24_hours_three_doses():
    """Day 0 is Mon 15-Jun 10:00. Drug A begins a day after it; drug B an hour after it, and a fourth dose of it would
    begin a second day; the weight is taken on days -5 to -1."""
    events = laid_out("29-for-five-days-gives-six")
    assert starts(events, "drug-a") == ["16-Jun", "17-Jun", "18-Jun", "19-Jun", "20-Jun"]
    assert starts(events, "drug-b") == ["15-Jun 11:00", "15-Jun 19:00", "16-Jun 03:00"]
    assert starts(events, "weight") == ["10-Jun", "11-Jun", "12-Jun", "13-Jun", "14-Jun"]


def test_the_linter_says_how_many_a_for_gives():
    found = warnings(read(read_protocol, "29-for-five-days-gives-six", "trial.toml"), "trial.toml")
    rest = "it is counted from the start, the end not included"
    assert [(str(one.place), one.message) for one in found] == [
        ('trial.toml, activity "drug-a", days', f'"for 5 days" gives 5: {rest}'),
        ('trial.toml, activity "drug-b", days', f'"for 24 hours" gives 3: {rest}'),
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("en-dash", 'the dash in "–5 to –3" is an en dash (U+2013) - type a hyphen (-)'),
        ("hyphen", 'the dash in "\u20115 to \u20113" is a non-breaking hyphen (U+2011) - type a hyphen (-)'),
        ("times", 'the cross in "every 2 days × 7 from +1" is a multiplication sign (U+00D7) - type the letter x'),
    ],
)
def test_a_sign_that_looks_like_another_is_named(name, message):
    said = f'{name}.toml, activity "drug-a", days: {message}'
    assert mistakes("48-look-alike-signs", f"{name}.toml") == [said]


@pytest.mark.parametrize(
    ("name", "offsets"),
    [("capital", range(1, 14, 2)), ("no-blank", [28]), ("other-day", range(1, 14, 2))],
)
def test_what_only_looks_otherwise_is_read(name, offsets):
    days = read(read_protocol, "48-look-alike-signs", f"{name}.toml").activities["drug-a"].days
    assert [one.offset for one in days.occurrences] == list(offsets)
    assert [one.before for one in days.occurrences] == [3 if name == "no-blank" else 0] * len(days.occurrences)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nk\u00a0cells", ('the blank in "nk\u00a0cells" is a non-breaking space (U+00A0)', "type a space")),
        ("\u0441ells", ('the "\u0441" in "\u0441ells" is a Cyrillic letter (U+0441)', "type the letter c")),
        ("\u03bfnce", ('the "\u03bf" in "\u03bfnce" is a Greek letter (U+03BF)', "type the letter o")),
        ("GAP\u2212A", ('the dash in "GAP\u2212A" is a minus sign (U+2212)', "type a hyphen (-)")),
        ("\u201ccells\u201d", ('the quotation mark in "\u201ccells\u201d" is a curly quote (U+201C)', 'leave it out, or type a straight one (")')),
        ("cells-2", None),
    ],
)  # fmt: skip
def test_a_sign_of_an_id_is_named_by_what_it_is(text, said):
    assert look_alike(text) == said


def test_a_look_alike_in_an_id_in_a_name_and_in_place_of_a_quote_is_named():
    text = (TESTS / "faults" / "37-message-that-loops" / "one.toml").read_text(encoding="utf-8")
    for old, new, expected in (
        ("WASHOUTGAP", '"GAP\u2013A"', 'rule "GAP\u2013A": the dash in "GAP\u2013A" is an en dash (U+2013) - type a hyphen (-)'),
        ('events = ["cells"]', 'events = ["\u0441ells"]', 'rule "DAYS", events: the "\u0441" in "\u0441ells" is a Cyrillic letter (U+0441) - type the letter c'),
        ('days = "0"', "days = \u201c0\u201d", 'the quotation mark in "days = \u201c0\u201d" is a curly quote (U+201C) - leave it out, or type a straight one (")'),
    ):  # fmt: skip
        with pytest.raises(InputError) as raised:
            read_protocol(text.replace(old, new), "x.toml")
        assert any(str(one).endswith(expected) for one in raised.value.mistakes), str(raised.value)


RULE_ID = (
    "this is not the id of a rule - write a capital letter, then at most 7 capitals and digits, such as GAP or T25; "
    "more may follow after a hyphen, such as T25-A, 40 characters in all"
)


@pytest.mark.parametrize(("name", "rule"), [("one", "WASHOUTGAP"), ("two", "washoutgap"), ("three", "washout-gap")])
def test_the_message_about_the_id_of_a_rule_says_its_whole_rule_and_what_it_advises_is_taken(name, rule):
    assert mistakes("37-message-that-loops", f"{name}.toml") == [f'{name}.toml, rule "{rule}": {RULE_ID}']
    text = (TESTS / "faults" / "37-message-that-loops" / f"{name}.toml").read_text(encoding="utf-8")
    for taken in ("GAP", "T25", "T25-A", "WASHOUT1", "WASHOUT-gap"):
        assert taken in read_protocol(text.replace(rule, taken), "x.toml").rules


@pytest.mark.parametrize(("site", "end"), [("overnight", "15-Jun 02:00"), ("midnight", "15-Jun 00:00"), ("zero", "15-Jun 00:00")])
def test_a_block_over_midnight_ends_on_the_next_day(site, end):
    """Drug A is on day -1, Sun 14-Jun, from 22:00."""
    (event,) = [one for one in laid_out("49-block-over-midnight", site=f"{site}.toml") if one.activity == "drug-a"]
    assert (f"{event.start:%d-%b %H:%M}", f"{event.end:%d-%b %H:%M}", event.on) == ("14-Jun 22:00", end, date(2026, 6, 14))


@pytest.mark.parametrize(
    ("site", "planned", "zone_start", "zone_end"),
    [
        # New York, the night of Sun 08-Mar-2026: clocks go from 02:00 to 03:00; 22:00 is UTC -5, 03:30 UTC -4.
        ("22:00 to 03:30", "2026-03-08", -5, -4),
        ("22:00 to 01:30", "2026-03-08", -5, -5),
    ],
)
def test_a_block_over_a_clock_change_ends_at_the_wall_time_of_the_next_day(site, planned, zone_start, zone_end):
    event, faults = overnight(site, planned)
    assert faults == []
    assert (event.start.utcoffset(), event.end.utcoffset()) == (timedelta(hours=zone_start), timedelta(hours=zone_end))


def test_a_block_that_ends_in_an_hour_that_is_skipped_is_a_fault_of_the_day_on_which_it_ends():
    event, faults = overnight("22:00 to 02:30", "2026-03-08")
    assert (event.start, [fault.on for fault in faults]) == (None, [date(2026, 3, 8)])


def overnight(clock, planned):
    """Drug A of the day before a planned day 0, and the faults of its hours."""
    fault = "49-block-over-midnight"
    protocol = read(read_protocol, fault, "trial.toml")
    text = (TESTS / "faults" / fault / "overnight.toml").read_text(encoding="utf-8")
    site = read_site(text.replace("22:00 to 02:00", clock), "site.toml", protocol)
    case = (TESTS / "faults" / fault / "case.toml").read_text(encoding="utf-8").replace("2026-06-15", planned)
    patient = read_case(case, "case.toml", protocol, site)
    laid = lay_out_events(protocol, site, first_standing(patient), datetime(2026, 1, 1), patient.dates)
    return next(one for one in laid.events if one.activity == "drug-a"), laid.faults


@pytest.mark.parametrize(
    ("site", "days", "said"),
    [
        ("overnight", [14, 15], ["drug A; since Sun 14-Jun-2026 22:00, until 02:00"]),
        ("midnight", [14, 15], []),
    ],
)
def test_what_goes_over_midnight_stands_on_the_sheets_of_both_days(site, days, said):
    fault = "49-block-over-midnight"
    protocol = read(read_protocol, fault, "trial.toml")
    where = read(read_site, fault, f"{site}.toml", protocol)
    plan = lay_out(protocol, where, read(read_case, fault, "case.toml", protocol, where), AS_OF)
    found = sheet_days(plan, donor=False)
    assert [one.on.day for one in found] == days
    assert [[going_on_since(event) for event in one.going_on] for one in found] == [[], said]


def test_a_calendar_names_the_day_on_which_a_block_over_midnight_ends():
    start, end = datetime(2026, 6, 14, 22, 0), datetime(2026, 6, 15, 2, 0)
    said = "Sun 14-Jun-2026 22:00 to Mon 15-Jun-2026 02:00, local time in America/New_York."
    assert local_time(start, end, "America/New_York") == said


@pytest.mark.parametrize(("chosen", "dates"), [('arm = "a"', ["13-Jun"]), ('arm = "b"', [])])
def test_an_option_without_days_leaves_the_activity_out(chosen, dates):
    """Drug A is on day -2 in arm A, and not at all in arm B."""
    plan = arm(chosen)
    assert starts(plan.events, "drug-a") == dates
    assert plan.not_stated == () and starts(plan.events, "cells") == ["15-Jun 10:00"]


def test_without_a_choice_an_activity_that_only_one_option_has_is_asked_about():
    (gap,) = arm("").not_stated
    assert gap == ChoiceMissing(parameter="arm", title="drug A", choice="arm")


def arm(chosen):
    protocol = read(read_protocol, "36-no-none-among-the-options", "none.toml")
    site = read_site('format = 1\nzone = "America/New_York"\n', "site.toml", protocol)
    case = f'format = 1\ncode = "TEST-01"\nprotocol = "none.toml"\nplanned-day-zero = 2026-06-15T10:00:00\n[choices]\n{chosen}\n'
    return lay_out(protocol, site, read_case(case, "case.toml", protocol, site), AS_OF)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("left-out", 'is missing - add b = "…", or b = "none" where it is not done'),
        ("empty", '"" is not a text - add b = "…", or b = "none" where it is not done'),
        (
            "never",
            "'never' is not a day - write days such as \"-5 to -3\", \"+28 ±3\" or \"every 2 days x 7 from +1\"; "
            'or "none" where it is not done',
        ),
    ],
)
def test_the_messages_about_days_for_each_option_name_the_word_none(name, message):
    said = f'{name}.toml, activity "drug-a", [days], b: {message}'
    assert mistakes("36-no-none-among-the-options", f"{name}.toml") == [said]


def test_days_that_no_option_has_are_refused():
    text = (TESTS / "faults" / "36-no-none-among-the-options" / "none.toml").read_text(encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_protocol(text.replace('a = "-2"', 'a = "none"'), "x.toml")
    said = 'x.toml, activity "drug-a", days: no option has days - give one of them days, or leave the activity out'
    assert [str(one) for one in raised.value.mistakes][:1] == [said]


def test_a_window_on_days_counted_from_another_activity_has_its_dates():
    """Day 0 is Mon 15-Jun-2026 and drug A is on day +7, Mon 22-Jun. 21 days later is Mon 13-Jul: from two days before
    it to two days after. 9 months later is Mon 22-Mar-2027, from Mon 15-Mar to Mon 29-Mar."""
    for name in ("one", "two", "four"):
        assert visit(f"{name}.toml") == (date(2026, 7, 13), (date(2026, 7, 11), date(2026, 7, 15)), None)
    assert visit("three.toml") == (date(2027, 3, 22), (date(2027, 3, 15), date(2027, 3, 29)), None)
    assert visit("six.toml") == (date(2026, 6, 15), None, (1, 1))


def visit(name):
    """When the visit is, its window, and the hours by which it may be missed."""
    protocol = read(read_protocol, "32-window-on-a-chain", name)
    site = read_site('format = 1\nzone = "America/New_York"\n', "site.toml", protocol)
    case = f'format = 1\ncode = "TEST-01"\nprotocol = "{name}"\nplanned-day-zero = 2026-06-15T10:00:00\n'
    plan = lay_out(protocol, site, read_case(case, "case.toml", protocol, site), AS_OF)
    (event,) = [one for one in plan.events if one.activity == "visit"]
    return event.on, event.window, event.tolerance


def test_days_before_an_activity_are_refused_in_words_of_their_own():
    said = "'3 days before cells' counts back from an activity - write days counted from day 0, such as \"-3\""
    assert mistakes("32-window-on-a-chain", "five.toml") == [f'five.toml, activity "visit", days: {said}']


def test_a_bound_with_a_negative_number_is_to_be_turned_round_and_so_it_is_taken():
    said = "'drug-a.last at most -1 days after day-zero' has a negative number"
    turned = "day-zero at least 1 day after drug-a.last"
    place = 'negative.toml, rule "GAP", bound 1, safe'
    assert mistakes("51-messages-of-the-linter", "negative.toml") == [f'{place}: {said} - turn the sentence round: "{turned}"']
    text = (TESTS / "faults" / "51-messages-of-the-linter" / "negative.toml").read_text(encoding="utf-8")
    assert read_protocol(text.replace("drug-a.last at most -1 days after day-zero", turned), "x.toml")


@pytest.mark.parametrize(
    ("relation", "instead"),
    [("at most", "at least"), ("at least", "at most"), ("more than", "less than"), ("less than", "more than")],
)
def test_a_sentence_is_turned_round_with_its_relation(relation, instead):
    with pytest.raises(GrammarError) as raised:
        read_bound(f"a {relation} -2 weeks after b")
    assert raised.value.remedy == f'turn the sentence round: "b {instead} 2 weeks after a"'


def test_a_spacing_that_cannot_be_read_is_no_reason_to_say_that_the_rule_checks_nothing():
    text = (TESTS / "faults" / "51-messages-of-the-linter" / "spacing.toml").read_text(encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_protocol(text.replace("at most 3 days", "at most three days"), "x.toml")
    said = "'at most three days' is not a distance - write \"at least 2 days\", \"at least 20 hours\" or \"at most 3 days\""
    assert [str(one) for one in raised.value.mistakes] == [f'x.toml, rule "APART", spacing 1, apart: {said}']


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        # Drug A on days +1, +3, +5 and +7 of Mon 15-Jun-2026 10:00: two days apart, without an hour.
        ("at most 3 days", "met"), ("at most 2 days", "met"), ("at most 1 day", "violated"),
        ("at most 72 hours", "met"), ("at most 71 hours", "violated"),
    ],
)  # fmt: skip
def test_a_greatest_distance_between_doses_is_judged(asked, status):
    text = (TESTS / "faults" / "51-messages-of-the-linter" / "spacing.toml").read_text(encoding="utf-8")
    (finding,) = [one for one in plan_of(text.replace("at most 3 days", asked)).findings if one.ref == "APART"]
    assert finding.status == status


def plan_of(text, case="", site=""):
    """The plan of a patient whose day 0 is Mon 15-Jun-2026 10:00 in New York."""
    protocol = read_protocol(text, "x.toml")
    where = read_site(f'format = 1\nzone = "America/New_York"\n{site}', "site.toml", protocol)
    case = f'format = 1\ncode = "TEST-01"\nprotocol = "x.toml"\nplanned-day-zero = 2026-06-15T10:00:00\n{case}'
    return lay_out(protocol, where, read_case(case, "case.toml", protocol, where), AS_OF)


def test_a_bound_names_an_occurrence_of_the_first_cycle_by_its_number():
    """Drug A is on days 1 and 2 of each cycle of 21 days, the cells on day 6: 5 days after its first, 4 after its
    second. Its third is in cycle 2."""
    text = (TESTS / "faults" / "51-messages-of-the-linter" / "cycle.toml").read_text(encoding="utf-8")
    for asked, status in (("6 days after drug-a-1", "met"), ("4 days after drug-a-1", "violated"), ("4 days after drug-a-2", "met")):
        (finding,) = [one for one in plan_of(text.replace("6 days after drug-a-1", asked)).findings if one.ref == "GAP"]
        assert finding.status == status, asked
    with pytest.raises(InputError) as raised:
        read_protocol(text.replace("drug-a-1", "drug-a-3"), "x.toml")
    said = 'rule "GAP", bound 1, safe: "drug-a-3" is in a later cycle - a bound names what is dated in days of the first cycle'
    assert [str(one) for one in raised.value.mistakes] == [f"x.toml, {said}"]


def test_a_series_that_begins_by_the_hour_and_goes_on_by_the_day_keeps_its_hour_over_a_clock_change():
    """The cells are on Fri 06-Mar-2026 at 20:30 in New York, where clocks go forward on Sun 08-Mar. Three hours later it
    is 23:30. The third dose is at 23:30 on Sunday by the day, and 48 elapsed hours after the first, at 00:30 on Monday."""
    fault = "31-every-day-at-that-hour"
    said = "'3 h after cells' has an hour, the series has none - write \"every day at that hour x 5 from …\""
    assert mistakes(fault, "daily.toml") == [f'daily.toml, activity "drug-a", days: {said}']
    assert doses_from("every day x 5", "every day at that hour x 5") == [f"{day:02d}-Mar 23:30" for day in (6, 7, 8, 9, 10)]
    elapsed = ["06-Mar 23:30", "07-Mar 23:30", "09-Mar 00:30", "10-Mar 00:30", "11-Mar 00:30"]
    assert doses_from("every day x 5", "every 24 hours x 5") == elapsed


def test_an_hour_that_is_skipped_leaves_that_dose_without_one_and_says_so():
    """Three hours after 23:30 on Fri 06-Mar it is 02:30; there is no 02:30 on Sun 08-Mar."""
    found = doses_from("every day x 5", "every day at that hour x 3", "T20:30", "T23:30")
    assert found == ["07-Mar 02:30", "08-Mar", "09-Mar 02:30"]


def doses_from(old, new, *more):
    fault = "31-every-day-at-that-hour"
    text = (TESTS / "faults" / fault / "daily.toml").read_text(encoding="utf-8").replace(old, new)
    protocol = read_protocol(text, "daily.toml")
    site = read(read_site, fault, "site.toml", protocol)
    case = (TESTS / "faults" / fault / "hours-case.toml").read_text(encoding="utf-8").replace("hours.toml", "daily.toml")
    patient = read_case(case.replace(*more) if more else case, "case.toml", protocol, site)
    plan = lay_out(protocol, site, patient, datetime(2026, 3, 1, 9))
    return starts(plan.events, "drug-a")


@pytest.mark.parametrize(
    ("days", "when", "tolerance", "said"),
    [
        ("4 h after cells within 2 to 6 h", "15-Jun 14:00", (2, 2), "no more than 2 hours earlier or later"),
        ("4 h after cells within 3 to 24 h", "15-Jun 14:00", (1, 20), "no more than 1 hour earlier, no more than 20 hours later"),
        ("from 3 h to 24 h after cells", "15-Jun 13:00", (0, 21), "not earlier, no more than 21 hours later"),
        ("4 h after cells within 2 to 4 h", "15-Jun 14:00", (2, 0), "no more than 2 hours earlier, not later"),
    ],
)  # fmt: skip
def test_a_target_in_hours_has_its_first_and_its_last_hour(days, when, tolerance, said):
    """The cells are on Mon 15-Jun-2026 at 10:00."""
    text = (TESTS / "faults" / "35-ranges-of-hours" / "two.toml").read_text(encoding="utf-8")
    plan = plan_of(text.replace("4 h after cells within 2 to 6 h", days))
    assert starts(plan.events, "drug-a") == [when]
    (event,) = [one for one in plan.events if one.activity == "drug-a"]
    assert (event.tolerance, missed_by(event.tolerance)) == (tolerance, said)
    assert within_hours(event.tolerance) == f"N{said[1:]}."


def test_a_range_of_hours_without_a_target_or_between_doses_is_refused_in_words_of_its_own():
    first = 'write "from 2 to 6 h after cells", which plans the first, or give the target too: "2 h after cells within 2 to 6 h"'
    said = f"'2 to 6 h after cells' does not say which of them is planned - {first}"
    assert mistakes("35-ranges-of-hours", "one.toml") == [f'one.toml, activity "drug-a", days: {said}']
    least = 'write the least, "every 6 hours", and a rule with spacing, apart = "at most 8 hours"'
    said = f"'every 6 to 8 hours x 4 from 2 h after cells' is no series with one interval - {least}"
    assert mistakes("35-ranges-of-hours", "three.toml") == [f'three.toml, activity "drug-a", days: {said}']


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("28 days after cells ±2", "28 days after cells ±2"),
        ("3 weeks after cells within 3 to 12 weeks", "3 weeks after cells, 0 days earlier to 63 days later"),
        ("4 h after cells ±1 h", "4 hours after cells ±1 hour"),
        ("from 3 h to 24 h after cells", "3 hours after cells, 0 hours earlier to 21 hours later"),
        ("every day at that hour x 5 from 3 h after cells", "every 1 day at that hour x 5 from 3 hours after cells"),
    ],
)
def test_the_days_of_an_activity_are_told_with_their_window(days, said):
    protocol = read(read_protocol, "35-ranges-of-hours", "two.toml")
    assert days_in_words(read_days(days), protocol) == said
