"""What authors write, and what comes of it: small files of tests/faults with their right values, worked out by hand."""

from datetime import date, datetime, timedelta

import pytest
from shared import TESTS

from schedule.engine.plan import lay_out
from schedule.files.case_file import read_case
from schedule.files.days_grammar import read_days
from schedule.files.grammar import GrammarError, read_bound
from schedule.files.lint import warnings
from schedule.files.look_alikes import look_alike
from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.model.errors import InputError
from schedule.model.reasons.findings import TimeNotShown
from schedule.model.reasons.gaps import ChoiceMissing
from schedule.model.timing import FirstOf, Window
from schedule.pages.sheet_days import sheet_days
from schedule.service.protocol_check import check_protocol
from schedule.words.basis import basis_of
from schedule.words.calendar import local_time
from schedule.words.protocol import days_in_words
from schedule.words.sheets import running_since

AS_OF = datetime(2026, 6, 1, 9, 0)


def read(reader, fault, name, *more):
    return reader((TESTS / "faults" / fault / name).read_text(encoding="utf-8"), name, *more)


def laid_out(fault, trial="trial.toml", site="site.toml", case="case.toml"):
    """The events of a fault's patient."""
    protocol = read(read_protocol, fault, trial)
    where = read(read_site, fault, site, protocol)
    patient = read(read_case, fault, case, protocol, where)
    return lay_out(protocol, where, patient, AS_OF).events


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
    ("name", "offsets"),
    [
        ("en-dash", [-5, -4, -3]), ("hyphen", [-5, -4, -3]), ("times", range(1, 14, 2)), ("capital", range(1, 14, 2)),
        ("no-blank", [28]), ("other-day", range(1, 14, 2)),
    ],
)  # fmt: skip
def test_what_only_looks_otherwise_is_read(name, offsets):
    """The dashes of word processors are minus signs, the cross is an x, and so on."""
    days = read(read_protocol, "48-look-alike-signs", f"{name}.toml").activities["drug-a"].days
    assert [one.offset for one in days.occurrences] == list(offsets)
    window = Window(frame="target", first=-3, last=3, unit="days") if name == "no-blank" else None
    assert [one.window for one in days.occurrences] == [window] * len(days.occurrences)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nk\u00a0cells", ('the blank in "nk\u00a0cells" is a non-breaking space (U+00A0)', "type a space")),
        ("\u0441ells", ('the "\u0441" in "\u0441ells" is a Cyrillic letter (U+0441)', "type the letter c")),
        ("\u03bfnce", ('the "\u03bf" in "\u03bfnce" is a Greek letter (U+03BF)', "type the letter o")),
        ("GAP\u2212A", ('the dash in "GAP\u2212A" is a minus sign (U+2212)', "type a hyphen (-)")),
        ("\u201ccells\u201d", ('the quotation mark in "\u201ccells\u201d" is a curly quote (U+201C)', 'leave it out, or type a straight one (")')),
        ("\u02d75 to -3", ('the dash in "\u02d75 to -3" is a modifier minus (U+02D7)', "type a hyphen (-)")),
        ("\uff0b28", ('the plus in "\uff0b28" is a full-width plus (U+FF0B)', "type a plain plus (+)")),
        ("every day \u2715 3", ('the cross in "every day \u2715 3" is a multiplication sign (U+2715)', "type the letter x")),
        ("-\u0665", ('the "\u0665" in "-\u0665" is a digit of another script (U+0665)', "type the digit 5")),
        ("cells-2", None),
    ],
)  # fmt: skip
def test_a_sign_of_an_id_is_named_by_what_it_is(text, said):
    assert look_alike(text) == said


@pytest.mark.parametrize(
    ("days", "offsets"),
    [
        ("\u00ad5 to \u00ad3", [-5, -4, -3]), ("\x965", [-5]), ("-5, \u00ad4", [-5, -4]), ("+28 \u00ad 3", None),
        ("Every 2 Days X 3 From +1", [1, 3, 5]), ("EVERY OTHER DAY x3 from +1", [1, 3, 5]), ("every 2 days \u00d73 from +1", [1, 3, 5]),
    ],
)  # fmt: skip
def test_a_dash_that_no_screen_shows_is_a_dash_and_never_lost(days, offsets):
    """A PDF file puts a soft hyphen for a minus, a wrongly decoded one U+0096: day -5 must not become day 5."""
    text = (TESTS / "faults" / "37-message-that-loops" / "one.toml").read_text(encoding="utf-8").replace("WASHOUTGAP", "GAP")
    text += f'[activities.other]\ntitle = "other"\ndays = "{days}"\ncategory = "visit"\nquote = "x"\n'
    if offsets is None:
        with pytest.raises(InputError, match="has a dash between two days"):
            read_protocol(text, "x.toml")
    else:
        assert [one.offset for one in read_protocol(text, "x.toml").activities["other"].days.occurrences] == offsets


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


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[sources.text]", "[sources.Text]", 'source "Text": '),
        ("[activities.cells]", "[activities.Cells]", 'activity "Cells": '),
        ("[activities.cells]", "[activities.the_cells]", None),
        ('source = "text"', 'source = "txt"', 'source: there is no source "txt" - did you mean "text"?'),
    ],
)
def test_a_wrong_name_is_told_where_it_is_wrong_and_nothing_wrong_is_proposed(old, new, said):
    """What obeys a message is taken: no id is proposed that is itself a mistake, and no quotation is asked for that is there."""
    text = (TESTS / "faults" / "51-messages-of-the-linter" / "spacing.toml").read_text(encoding="utf-8")
    text = text.replace("at most 3 days", "at least 1 day")
    assert read_protocol(text, "x.toml")
    with pytest.raises(InputError) as raised:
        read_protocol(text.replace(old, new), "x.toml")
    found = [str(one).removeprefix("x.toml, ") for one in raised.value.mistakes]
    assert said is None or any(one.startswith(said) for one in found)
    assert not [one for one in found if f'did you mean "{new.strip("[]").partition(".")[2] or "-"}"' in one or "quote: is missing" in one]


AFTER_CELLS = 'it comes after "cells", and its window begins before that - '


@pytest.mark.parametrize(
    ("days", "said", "window"),
    [  # the cells are on Mon 15-Jun-2026 at 10:00
        ("4 h after cells ±5 h", 'write at most ±4 h, or "4 h after cells within 0 to 9 h"', ("15-Jun 10:00", "15-Jun 19:00")),
        ("4 h after cells within 0 to 9 h", None, ("15-Jun 10:00", "15-Jun 19:00")),
        ("4 h after cells ±4 h", None, ("15-Jun 10:00", "15-Jun 18:00")),
        ("every 8 hours x 2 from 4 h after cells ±5 h", "write at most ±4 h", ("15-Jun 10:00", "15-Jun 19:00")),
        ("2 days after cells ±3", 'write at most ±2, or "2 days after cells within 0 to 5 days"', ("15-Jun", "20-Jun")),
        ("2 days after cells within 0 to 5 days", None, ("15-Jun", "20-Jun")),
        ("2 days after cells ±2", None, ("15-Jun", "19-Jun")),
        ("1 week after cells ±9 days", "write a smaller one", ("15-Jun", "01-Jul")),
        ("1 month after cells ±30 days", None, ("15-Jun", "14-Aug")),
    ],
)
def test_a_window_of_what_comes_after_another_never_begins_before_that(days, said, window):
    text = (TESTS / "faults" / "32-window-on-a-chain" / "six.toml").read_text(encoding="utf-8").replace("4 h after cells ±1 h", days)
    found = [str(one.mistake) for one in check_protocol(text, "x.toml").mistakes]
    assert found == ([f'x.toml, activity "visit", days: {AFTER_CELLS}{said}'] if said else [])
    first = next(one for one in plan_of(text).events if one.activity == "visit")
    assert (spelled(first.earliest), spelled(first.latest)) == window


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
    event, clocks = overnight(site, planned)
    assert clocks == []
    assert (event.start.utcoffset(), event.end.utcoffset()) == (timedelta(hours=zone_start), timedelta(hours=zone_end))


def test_a_block_that_ends_in_an_hour_that_is_skipped_keeps_its_start_and_has_a_finding():
    event, clocks = overnight("22:00 to 02:30", "2026-03-08")
    assert f"{event.start:%d-%b %H:%M}" == "07-Mar 22:00" and len(clocks) == 1


def overnight(clock, planned):
    """Drug A of the day before a planned day 0, and the findings about the site's hours that the clocks do not show."""
    fault = "49-block-over-midnight"
    protocol = read(read_protocol, fault, "trial.toml")
    text = (TESTS / "faults" / fault / "overnight.toml").read_text(encoding="utf-8")
    site = read_site(text.replace("22:00 to 02:00", clock), "site.toml", protocol)
    case = (TESTS / "faults" / fault / "case.toml").read_text(encoding="utf-8").replace("2026-06-15", planned)
    plan = lay_out(protocol, site, read_case(case, "case.toml", protocol, site), datetime(2026, 1, 1))
    (event,) = [one for one in plan.events if one.activity == "drug-a"]
    return event, [one for one in plan.findings if isinstance(one.title, TimeNotShown)]


@pytest.mark.parametrize(
    ("site", "days", "said"),
    [
        ("overnight", [14, 15], ["drug A: running since 22:00 yesterday, until 02:00"]),
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
    assert [[running_since(event, one.on) for event in one.running] for one in found] == [[], said]


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
    """Day 0 is Mon 15-Jun-2026 10:00 and drug A is on day +7, Mon 22-Jun. 21 days later is Mon 13-Jul: from two days
    before it to two days after. 9 months later is Mon 22-Mar-2027, from Mon 15-Mar to Mon 29-Mar. Four hours after the
    cells it is 14:00, an hour earlier or later 13:00 and 15:00."""
    for name in ("one", "two", "four"):
        assert visit(f"{name}.toml") == ("13-Jul", "11-Jul", "15-Jul")
    assert visit("three.toml") == ("22-Mar", "15-Mar", "29-Mar")
    assert visit("six.toml") == ("15-Jun 14:00", "15-Jun 13:00", "15-Jun 15:00")


def visit(name):
    """When the visit is, and its window."""
    text = (TESTS / "faults" / "32-window-on-a-chain" / name).read_text(encoding="utf-8")
    (event,) = [one for one in plan_of(text).events if one.activity == "visit"]
    return tuple(map(spelled, (event.when, event.earliest, event.latest)))


def spelled(moment):
    """`15-Jun 14:00`, or the date alone."""
    return f"{moment.at:%d-%b %H:%M}" if moment.at else f"{moment.on:%d-%b}"


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
        # The hours of two such days lie more than 24 and less than 72 apart.
        ("at most 72 hours", "met"), ("at most 71 hours", "boundary"), ("at most 24 hours", "violated"),
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


def test_a_bound_names_an_occurrence_of_each_cycle_by_its_number():
    """Drug A is on days 1 and 2 of each cycle of 21 days, the cells on day 6: 5 days after its first, 4 after its
    second. There is no third in any cycle."""
    text = (TESTS / "faults" / "51-messages-of-the-linter" / "cycle.toml").read_text(encoding="utf-8")
    for asked, status in (("6 days after drug-a-1", "met"), ("4 days after drug-a-1", "violated"), ("4 days after drug-a-2", "met")):
        found = {one.status for one in plan_of(text.replace("6 days after drug-a-1", asked)).findings if one.ref == "GAP"}
        assert found == {status}, asked
    with pytest.raises(InputError) as raised:
        read_protocol(text.replace("drug-a-1", "drug-a-3"), "x.toml")
    said = 'rule "GAP", bound 1, safe: "drug-a-3" is none of its 2 - name one that there is'
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
    ("days", "when", "first", "last"),
    [
        ("4 h after cells within 2 to 6 h", "15-Jun 14:00", "15-Jun 12:00", "15-Jun 16:00"),
        ("4 h after cells within 3 to 24 h", "15-Jun 14:00", "15-Jun 13:00", "16-Jun 10:00"),
        ("from 3 h to 24 h after cells", "15-Jun 13:00", "15-Jun 13:00", "16-Jun 10:00"),
        ("2 to 6 h after cells", "15-Jun 12:00", "15-Jun 12:00", "15-Jun 16:00"),
        ("4 h after cells within 2 to 4 h", "15-Jun 14:00", "15-Jun 12:00", "15-Jun 14:00"),
    ],
)  # fmt: skip
def test_a_target_in_hours_has_its_first_and_its_last_hour(days, when, first, last):
    """The cells are on Mon 15-Jun-2026 at 10:00."""
    text = (TESTS / "faults" / "35-ranges-of-hours" / "two.toml").read_text(encoding="utf-8")
    (event,) = [one for one in plan_of(text.replace("4 h after cells within 2 to 6 h", days)).events if one.activity == "drug-a"]
    assert tuple(map(spelled, (event.when, event.earliest, event.latest))) == (when, first, last)


def test_each_of_a_series_may_be_counted_from_the_one_before():
    """From 12:00 on Mon 15-Jun-2026 every 6 hours, the least; each within 6 to 8 hours after the one before it."""
    plan = plan_of((TESTS / "faults" / "35-ranges-of-hours" / "three.toml").read_text(encoding="utf-8"))
    found = [one for one in plan.events if one.activity == "drug-a"]
    assert [spelled(one.when) for one in found] == ["15-Jun 12:00", "15-Jun 18:00", "16-Jun 00:00", "16-Jun 06:00"]
    assert [one.latest and spelled(one.latest) for one in found] == [None, "15-Jun 20:00", "16-Jun 02:00", "16-Jun 08:00"]


def test_a_site_may_date_in_hours_what_a_bound_names():
    """Drug A is 4 hours after the cells: at most 6 hours after them, as the rule asks."""
    protocol = read(read_protocol, "35-ranges-of-hours", "bound.toml")
    site = read(read_site, "35-ranges-of-hours", "site.toml", protocol)
    plan = lay_out(protocol, site, read(read_case, "35-ranges-of-hours", "case.toml", protocol, site), AS_OF)
    assert starts(plan.events, "drug-a") == ["15-Jun 14:00"]
    assert {one.status for one in plan.findings if one.point == FirstOf("drug-a")} == {"met"}


def test_an_hour_of_a_known_date_is_judged():
    """A scan on Sun 14-Jun at 15:00 lies 19 hours before the cells of Mon 15-Jun 10:00; without its hour only some hours
    of that Sunday are near enough."""
    protocol = read(read_protocol, "33-known-dates-have-no-hour", "trial.toml")
    site = read(read_site, "33-known-dates-have-no-hour", "site.toml", protocol)
    for name, status in (("hour", "met"), ("date", "boundary")):
        plan = lay_out(protocol, site, read(read_case, "33-known-dates-have-no-hour", f"{name}.toml", protocol, site), AS_OF)
        assert {one.status for one in plan.findings if one.ref == "SCAN"} == {status}, name


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("28 days after cells ±2", "28 days after cells ±2 days"),
        ("28 days after cells ends", "28 days after cells ends"),
        ("3 weeks after cells within 3 to 12 weeks", "3 weeks after cells within 3 to 12 weeks"),
        ("4 h after cells ±1 h", "4 hours after cells ±1 hour"),
        ("from 3 h to 24 h after cells", "3 hours after cells within 3 to 24 hours"),
        ("every day at that hour x 5 from 3 h after cells", "every 1 day at that hour x 5 from 3 hours after cells"),
        ("every 8 to 12 hours x 6 from 2 h after last cells", "every 8 to 12 hours x 6 from 2 hours after last cells"),
        ("+28 within +21 to +35", "Day +28 within Day +21 to Day +35"),
        ("+8 ±1, +15", "Day +8 ±1 day, Day +15"),
    ],
)
def test_the_days_of_an_activity_are_told_with_their_window(days, said):
    protocol = read(read_protocol, "35-ranges-of-hours", "two.toml")
    assert days_in_words(read_days(days), protocol).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    "days",
    ["28 days after cells ±2", "10 days after last cells ends", "4 h after cells within 2 to 6 h", "every 8 to 12 hours x 6 from 2 h after cells",
     "every day at that hour x 5 from 3 h after cells", "every 3 months x 4 from 1 month after each cells ±7"],
)  # fmt: skip
def test_what_is_told_of_days_counted_from_an_activity_is_read_as_the_same_days(days):
    protocol = read(read_protocol, "35-ranges-of-hours", "two.toml")
    assert read_days(days_in_words(read_days(days), protocol)) == read_days(days)


# The linter, played ---------------------------------------------------------------------------------------------------


def linted(fault, name="trial.toml", old="", new=""):
    """The mistakes and the warnings of a fault's file, each without the file's name."""
    text = (TESTS / "faults" / fault / name).read_text(encoding="utf-8").replace(old, new)
    checked = check_protocol(text, name)
    return [[str(one.mistake).removeprefix(f"{name}, ") for one in told] for told in (checked.mistakes, checked.warnings)]


def test_a_rule_that_the_days_of_the_file_break_on_every_day_0_is_refused():
    """Drug A ends on day -2, and the cells are to come at least 3 days after it; drug B is daily, and 2 days apart."""
    found, _ = linted("41-rule-that-can-never-be-kept")
    misread = "one of the two is misread: correct the days or the rule"
    assert found == [
        'rule "GAP", bound 1: the days of the file break it on every day 0: day-zero at least 3 days after drug-a.last '
        f"is asked, and it lies 2 days after - {misread}",
        f'rule "APART": the days of the file break it on every day 0 - {misread}',
    ]
    found, _ = linted("41-rule-that-can-never-be-kept", old="at least 3 days", new="at least 2 days")
    assert [one[:12] for one in found] == ['rule "APART"']


def test_an_activity_counted_from_one_that_an_option_leaves_out_is_refused_and_planned_all_the_same():
    found, _ = linted("16-crash-on-an-excluded-anchor")
    assert found == [
        'activity "visit", days: it is counted from "second-dose", which a patient does not have for whom reaction is '
        'severe - write only-if = "reaction is mild" here too, or days of its own for severe'
    ]
    events = laid_out("16-crash-on-an-excluded-anchor")
    assert "visit" not in {event.activity for event in events} and "cells" in {event.activity for event in events}


@pytest.mark.parametrize("fault", ["41-rule-that-can-never-be-kept", "16-crash-on-an-excluded-anchor"])
def test_the_manual_shows_what_the_linter_says(fault):
    found, _ = linted(fault)
    assert f"`{found[0].partition(': ')[2]}`" in (TESTS.parent / "docs" / "protocol-format.md").read_text(encoding="utf-8")


def test_a_date_that_its_rule_leaves_on_no_day_0_is_refused():
    """A scan at least 10 days before the cells and at most 5; where the literal reading asks for 5 alone, it can be."""
    asked, instead = '"day-zero at least 1 hour after scan", "day-zero at most 30 hours after scan"', '"day-zero at most 5 days after scan"'
    never = f'"day-zero at least 10 days after scan", {instead}'
    found, _ = linted("33-known-dates-have-no-hour", old=asked, new=never)
    assert found == [
        'rule "SCAN", bound 1: whatever day 0 is, no date is left for scan - one distance is misread: correct what SCAN asks of it'
    ]
    assert linted("33-known-dates-have-no-hour", old=f"{asked}]", new=f"{never}]\nliteral = [{instead}]")[0] == []


def test_a_rule_that_one_option_alone_breaks_is_told_with_that_option():
    """Drug A is on day -2 in arm A and on day -1 in arm B; the cells come at least 2 days after it."""
    text = (TESTS / "faults" / "36-no-none-among-the-options" / "none.toml").read_text(encoding="utf-8")
    text = text.replace('b = "none"', 'b = "-1"') + (
        '[rules.GAP]\ntitle = "x"\nquote = "x"\n[[rules.GAP.bounds]]\npoint = "day-zero"\n'
        'safe = ["day-zero at least 2 days after drug-a.last"]\n'
    )
    (found,) = check_protocol(text, "x.toml").mistakes
    assert found.mistake.message == (
        "the days of the file break it on every day 0 where arm is b: day-zero at least 2 days after drug-a.last is "
        "asked, and it lies 1 day after"
    )


def test_what_the_days_of_each_cycle_break_is_told_once():
    """Drug A on days 1 and 2 and the cells on day 6 of two cycles; 5 days between them are asked."""
    found, _ = linted("14-rules-only-in-the-first-cycle", old="at least 2 days", new="at least 5 days")
    assert [one.partition(": ")[2][:46] for one in found] == ["the days of the file break it on every day 6: "]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("4 h after cells ends", "Day 0 = end of cells (Mon 15-Jun-2026 10:30) + 4 hours"),
        ("1 day after last cells ends", "Day +1 = end of last cells (Mon 15-Jun-2026) + 1 day"),
        ("every 8 to 12 hours x 2 from 2 h after cells", "Day 0 = drug A (dose 1 of 2) (Mon 15-Jun-2026 12:00) + 8 hours"),
    ],
)
def test_a_basis_names_what_a_date_is_counted_from(days, said):
    """The cells are on Mon 15-Jun-2026 from 10:00 to 10:30."""
    text = (TESTS / "faults" / "35-ranges-of-hours" / "two.toml").read_text(encoding="utf-8")
    plan = plan_of(text.replace("4 h after cells within 2 to 6 h", days), site='[times]\ncells = "10:00 to 10:30"\n')
    last = [one for one in plan.events if one.activity == "drug-a"][-1]
    assert basis_of(last, "day 0").replace("\u00a0", " ").startswith(f"{said}; ")


def test_the_basis_of_a_series_names_the_first_day_and_how_it_goes_on():
    """The site dates the first of seven on day +2 of Mon 15-Jun-2026; the third is four days later."""
    text = (TESTS / "faults" / "35-ranges-of-hours" / "bound.toml").read_text(encoding="utf-8")
    text = text.replace('parameter = "drug-a-days"', 'parameter = "drug-a-days"\ndays = "every 2 days x 7 after the first"\nquote = "7 doses"')
    plan = plan_of(text, site='[parameters]\ndrug-a-days = "+2"\n')
    found = [one for one in plan.events if one.activity == "drug-a"]
    assert starts(found, "drug-a") == ["17-Jun", "19-Jun", "21-Jun", "23-Jun", "25-Jun", "27-Jun", "29-Jun"]
    said = "Day +6 = day 0 (Mon 15-Jun-2026) + 6 days; site file, drug-a-days = “+2”, then every 2 days, 7 in all"
    assert basis_of(found[2], "day 0").replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("+2, +4", '"+2, +4" are several days; the series goes on from the first alone'),
        ("4 h after cells", '"4 h after cells" has an hour, the series has none'),
    ],
)
def test_a_site_gives_the_first_day_of_a_series_alone(given, said):
    text = (TESTS / "faults" / "35-ranges-of-hours" / "bound.toml").read_text(encoding="utf-8")
    text = text.replace('parameter = "drug-a-days"', 'parameter = "drug-a-days"\ndays = "every 2 days x 7 after the first"\nquote = "7 doses"')
    with pytest.raises(InputError) as raised:
        plan_of(text, site=f'[parameters]\ndrug-a-days = "{given}"\n')
    assert f"site.toml, [parameters], drug-a-days: {said} - write the first of the series alone, such as \"+2\"" in str(raised.value)


def test_treatment_before_day_0_in_no_course_is_warned_of():
    _, found = linted("05-delay-limit-without-a-course")
    assert [one for one in found if "in no course: nothing" in one] == [
        'activity "drug-a": it is treatment before day 0, and in no course: nothing holds its doses together when day 0 '
        'moves - write course = "…", and the course with from = "planned-day-zero"'
    ]


def test_a_limit_of_the_delay_in_a_file_without_treatment_before_day_0_is_warned_of():
    _, found = linted("05-delay-limit-without-a-course", old='days = "-2 to +6"', new='days = "0 to +6"')
    assert [one for one in found if "limits nothing" in one] == [
        'rule "DELAY", bound 1: it limits nothing: no treatment before day 0 begins, and so every move is a new plan - give '
        'the treatment before it its days, or write limit = "not stated"'
    ]


def test_a_limit_of_the_delay_is_warned_of_where_an_option_leaves_out_all_treatment_before_day_0():
    """Drug A on day -2 in arm A and "none" in arm B, and a limit of 2 days; for arm A alone it does limit."""
    text = (TESTS / "faults" / "36-no-none-among-the-options" / "none.toml").read_text(encoding="utf-8")
    text = text.replace('limit = "not stated"', 'safe = ["day-zero at most 2 days after planned-day-zero"]')
    limits = [one.mistake for one in check_protocol(text, "x.toml").warnings if "limits nothing" in one.mistake.message]
    assert [one.message for one in limits] == [
        "it limits nothing where arm is b: no treatment before day 0 begins, and so every move is a new plan"
    ]
    for_a = text.replace("[rules.DELAY]", '[rules.DELAY]\nonly-if = "arm is a"')
    assert not [one for one in check_protocol(for_a, "x.toml").warnings if "limits nothing" in one.mistake.message]


def test_a_bound_that_holds_the_cells_to_treatment_before_them_is_a_limit_of_the_delay():
    _, found = linted("30-no-limit-is-stated-where-one-is")
    assert [one for one in found if "may be delayed" in one] == []


def test_a_course_to_be_given_once_more_of_which_nothing_says_when_is_refused():
    text = (TESTS.parent / "schedule" / "protocols" / "kymriah-eu.toml").read_text(encoding="utf-8")
    bound = "day-zero at most 4 weeks after lymphodepletion.completed"
    assert bound in text
    (found,) = check_protocol(text.replace(bound, "day-zero at most 14 days after planned-day-zero"), "x.toml").mistakes
    assert found.mistake.message == 'nothing here says when "lymphodepletion" would have to be given once more'


@pytest.mark.parametrize("path", sorted((TESTS.parent / "schedule" / "protocols").glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_protocol_passes_the_linter(path):
    checked = check_protocol(path.read_text(encoding="utf-8"), path.name)
    assert (checked.mistakes, checked.warnings) == ((), ())
