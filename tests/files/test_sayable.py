"""What authors write, and what comes of it: small files of tests/faults with their right values, worked out by hand."""

from datetime import datetime

import pytest
from shared import TESTS

from schedule.engine.layout import lay_out_events
from schedule.engine.plan import first_standing
from schedule.files.case_file import read_case
from schedule.files.lint import warnings
from schedule.files.look_alikes import look_alike
from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.model.errors import InputError

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
