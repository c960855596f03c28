"""Protocol, site and case files: what is read, what is refused with place and remedy, and the shipped trial, whole."""

import re
import time as clock
from datetime import date, datetime, time, timedelta

import pytest
from shared import ROOT, TESTS

from schedule.files.case_file import read_case
from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.files.table import decoded, tables_of
from schedule.model.case import NEVER, Attested, Closure, Ruling
from schedule.model.errors import InputError
from schedule.model.protocol import DaysParameter, JudgedBound, LeftToSite, ShownDistance, SiteWindow
from schedule.model.text import sha256
from schedule.model.timing import DAY_ZERO, ClockTime, Occurrence, OnDays

RECORD = TESTS / "seed" / "NCT04024761.txt"
DATE_REMEDY = "write the date as 2026-03-12"
CODE_REMEDY = "write a study code of 1 to 16 capital letters, digits and hyphens, such as CIML-017; never a name"
DAYS_REMEDY = 'write days such as "-5 to -3", "+28 ±3" or "every 2 days x 7 from +1"'
P_REMEDY = "write planned-day-zero = 2026-06-15, or 2026-06-15T10:00:00"


def mistakes(reader, *given):
    """Every mistake of the refusal, as it is printed."""
    with pytest.raises(InputError) as raised:
        reader(*given)
    assert raised.value.exit_code == 2
    return [str(mistake) for mistake in raised.value.mistakes]


def within_two_seconds(reader, *given):
    began = clock.process_time()
    found = mistakes(reader, *given)
    assert clock.process_time() - began < 2
    assert all(len(text) < 500 for text in found)
    return found


def table(*rows):
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


# Any file ------------------------------------------------------------------------------------------------------------


def test_bytes_become_text_with_plain_line_ends_and_without_a_byte_order_mark():
    assert decoded("\ufeffformat = 1\r\na = 2\r\n".encode(), "x.toml") == "format = 1\na = 2\n"


def test_a_text_is_known_by_the_hash_that_sha256sum_gives():
    assert sha256("format = 1\n") == "a1af1bccf46862c1ce45d1064094b00a0808329540e06a44bcedd8c921849f1e"


def test_line_ends_do_not_change_the_hash_of_a_text():
    unix, windows = decoded(b"format = 1\nx = 2\n", "x"), decoded(b"format = 1\r\nx = 2\r\n", "x")
    assert sha256(unix) == sha256(windows) != sha256(unix + "\n")


@pytest.mark.parametrize(
    ("data", "said"),
    table(
        ("empty", b"", 'x.toml: the file is empty - it begins with "format = 1"'),
        ("only blanks", b" \r\n\t\n", 'x.toml: the file is empty - it begins with "format = 1"'),
        ("only a byte order mark", b"\xef\xbb\xbf", 'x.toml: the file is empty - it begins with "format = 1"'),
        ("Latin-1", "name = 'Zürich'".encode("latin-1"), "x.toml: byte 10 is not UTF-8 text - save the file as UTF-8"),
        ("UTF-16", "format = 1".encode("utf-16"), "x.toml: byte 1 is not UTF-8 text - save the file as UTF-8"),
        ("binary", b"\x80\x81", "x.toml: byte 1 is not UTF-8 text - save the file as UTF-8"),
        ("a byte over 256 KB", b"#" * (256 * 1024 + 1), "x.toml: the file is larger than 256 KB - is it the right file?"),
    ),
)
def test_a_file_that_is_no_text_is_refused(data, said):
    assert mistakes(decoded, data, "x.toml") == [said]


def test_a_file_of_exactly_256_kb_is_read():
    assert len(decoded(b"#" * (256 * 1024), "x.toml")) == 256 * 1024


BROKEN = 'correct that line; texts stand in "quotes"'


@pytest.mark.parametrize(
    ("text", "said"),
    table(
        ("no value", "format =", f"this is not TOML: Invalid value (at end of document) - {BROKEN}"),
        ("no quotes", "format = 1\nzone = New York", f"this is not TOML: Invalid value (at line 2, column 8) - {BROKEN}"),
        ("no equals sign", "format", f"this is not TOML: Expected '=' after a key in a key/value pair (at end of document) - {BROKEN}"),
        ("a key twice", "a = 1\na = 2\n", f"this is not TOML: Cannot overwrite a value (at line 2, column 6) - {BROKEN}"),
        ("30 February", "a = 2026-02-30", f"this is not TOML: Invalid date or datetime (at line 1, column 5) - {BROKEN}"),
        ("1,000 nested brackets", "a = " + "[" * 1000 + "]" * 1000, "brackets are nested too deeply - write plain tables and lists"),
        ("1,000 nested tables", "a = " + "{a=" * 1000 + "1" + "}" * 1000, "brackets are nested too deeply - write plain tables and lists"),
        ("200,000 brackets", "a = " + "[" * 200_000, "brackets are nested too deeply - write plain tables and lists"),
    ),
)
def test_broken_toml_is_refused_with_its_line(text, said):
    assert within_two_seconds(tables_of, text, "x.toml") == [f"x.toml: {said}"]


DOTTED = ".".join(["a"] * 20_000)


@pytest.mark.parametrize(
    "text",
    table(
        ("plain", DOTTED + " = 1"),
        ("header", f"[{DOTTED}]"),
        ("list header", f"[[{DOTTED}]]"),
        ("after blanks", "  " + DOTTED + " = 1"),
        ("blanks between", DOTTED.replace(".", " . ") + " = 1"),
        ("quoted", '"!".' + DOTTED + " = 1"),
        ("other letters", '"é:=#".' + DOTTED + " = 1"),
    ),
)
def test_a_key_of_thousands_of_parts_is_refused_at_once(text):
    assert within_two_seconds(tables_of, text, "x.toml") == ["x.toml, line 1: the key has too many parts - shorten it"]


def test_thousands_of_dots_in_an_inline_table_end_within_two_seconds():
    began = clock.process_time()
    try:
        tables_of("x = {" + DOTTED + " = 1}", "x.toml")
    except InputError as error:
        assert len(str(error)) < 500
    assert clock.process_time() - began < 2


@pytest.mark.parametrize(
    "value", ["1" * 5_000, "-" + "9" * 5_000, "0x" + "f" * 20_000, "1e99999", "nan", "inf", "-inf"],
    ids=["5,000 digits", "negative", "hexadecimal", "float", "nan", "inf", "-inf"],
)  # fmt: skip
def test_a_number_that_no_key_can_hold_is_a_mistake_and_no_crash(value, protocol):
    text = f'format = 1\nzone = "Europe/Berlin"\nalarm = {value}\n'
    assert len(within_two_seconds(read_site, text, "site.toml", protocol)) == 1
    text = f'format = {value}\ncode = "CASE-1"\nprotocol = "x"\n'
    assert len(within_two_seconds(read_case, text, "case.toml", protocol)) == 1


# A protocol of one's own ---------------------------------------------------------------------------------------------

SMALL = """
format = 1
id = "X-1"
title = "a small trial"
version = "1"
date = 2026-01-02
jurisdiction = "nowhere"
numbering = "day-zero"
months = "clamp"
day-zero = "cells"
source = "record"

[sources.record]
title = "The record"
address = "https://example.org"
date = 2026-01-02

[dates.scan]
title = "scan"
kind = "test"

[parameters.visits]
title = "days of the visits"
kind = "days"
missing = "No visit is named."

[parameters.scan-window]
title = "window of the scan"
kind = "window"
missing = "No window is named."

[attestations.fit]
title = "Fit."

[courses.conditioning]
title = "Conditioning"
from = "planned-day-zero"

[activities.drug]
title = "drug"
course = "conditioning"
days = "-5 to -3"
category = "treatment"
quote = "days -5 to -3"

[activities.cells]
title = "cells"
days = "0"
category = "treatment"
quote = "day 0"

[activities.visit]
title = "visit"
parameter = "visits"
category = "visit"

[activities.check]
title = "check"
days = "4 h after cells"
category = "test"
derivation = "from the cells"

[rules.T1]
title = "scan in time"
quote = "within 4 weeks"
criterion = "1.1"

[[rules.T1.bounds]]
point = "scan"
safe = ["day-zero at most 28 days after scan", "drug.first at least 1 day after scan"]
literal = ["day-zero at most 28 days after scan"]
if-broken = "repeat"
repeat = "scan"
aim = "-26 to -6"

[[rules.T1.statements]]
ref = "T1-fit"
kind = "attestation"
attestation = "fit"
words = "fit"
"""


def changed(*pairs):
    """The small protocol with some of its lines changed; a line that is not there would make the test check nothing."""
    text = SMALL
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_a_protocol_file_becomes_a_model_that_says_the_same():
    small = read_protocol(SMALL, "x.toml")
    assert (small.id, small.version, small.months, small.day_zero, small.date) == ("X-1", "1", "clamp", "cells", date(2026, 1, 2))
    assert small.sha256 == sha256(SMALL)
    drug = small.activities["drug"]
    assert (str(drug.base), drug.course, drug.category, drug.unit) == ("planned-day-zero", "conditioning", "treatment", "occurrence")
    assert drug.days == OnDays(occurrences=tuple(Occurrence(offset=n) for n in (-5, -4, -3)))
    assert str(drug.quotation) == "The record: “days -5 to -3”"
    assert small.activities["cells"].base == DAY_ZERO
    assert isinstance(small.activities["visit"].days, LeftToSite)
    bound = small.rules["T1"].bounds[0]
    assert [str(b) for b in bound.safe] == ["day-zero at most 28 days after scan", "drug.first at least 1 day after scan"]
    assert [str(b) for b in bound.literal] == ["day-zero at most 28 days after scan"]
    assert (bound.aim, bound.if_broken, bound.once_more.what) == ((-26, -6), "repeat", "scan")
    assert str(small.rules["T1"].quotation) == "The record, 1.1: “within 4 weeks”"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    table(
        ("no format", "format = 1\n", "", "format: is missing - the file begins with format = 1"),
        ("another format", "format = 1\n", "format = 2\n", "format: 2 is not a format I can read - the file begins with format = 1"),
        ("format true", "format = 1\n", "format = true\n", "format: true is not a format I can read - the file begins with format = 1"),
        ("no id", 'id = "X-1"\n', "", 'id: is missing - add id = "…"'),
        ("an id with blanks", 'id = "X-1"', 'id = "X 1"', "id: this is not a protocol id - write at most 40 letters, digits and hyphens, no hyphen first, such as NCT04024761"),
        ("an id that climbs", 'id = "X-1"', 'id = "../X"', "id: this is not a protocol id - write at most 40 letters, digits and hyphens, no hyphen first, such as NCT04024761"),
        ("no version", 'version = "1"\n', "", 'version: is missing - add version = "…"'),
        ("a version as a number", 'version = "1"', "version = 1", 'version: 1 is not a text - write version = "…"'),
        ("no date", "date = 2026-01-02\njuris", "juris", f"date: is missing - {DATE_REMEDY}"),
        ("a date with an hour", "date = 2026-01-02\njuris", "date = 2026-01-02T10:00:00\njuris", f"date: 2026-01-02 10:00:00 is not a date - {DATE_REMEDY}"),
        ("a date of nan", "date = 2026-01-02\njuris", "date = nan\njuris", f"date: nan is not a date - {DATE_REMEDY}"),
        ("another numbering", '"day-zero"\nmonths', '"day-zeros"\nmonths', 'numbering: "day-zeros" is not known - did you mean "day-zero"?'),
        ("another month rule", '"clamp"', '"30 days"', 'months: "30 days" is not known - known here: clamp, next-first'),
        ("a key misspelt", 'jurisdiction = "nowhere"', 'jurisdiction = "nowhere"\njurisdicton = "x"', 'jurisdicton: I don\'t know this key - did you mean "jurisdiction"?'),
        ("an unknown source", 'source = "record"', 'source = "rekord"', 'source: there is no source "rekord" - did you mean "record"?'),
        ("day 0 without its activity", 'day-zero = "cells"', 'day-zero = "cell"', 'day-zero: there is no activity "cell" - did you mean "cells"?'),
        ("day 0 on another day", 'day-zero = "cells"', 'day-zero = "drug"', 'day-zero: "drug" is not on the anchor day - name the activity, for every patient the same, whose first day is day 0'),
        ("sources no table", "[dates.scan]\n", "[dates]\nx = 1\n[dates.scan]\n", "[dates], x: 1 is not a table - write [dates.x]"),
        ("a known date without kind", 'title = "scan"\nkind = "test"', 'title = "scan"', 'date "scan", kind: is missing - write one of: last, event, test, start'),
        ("required as a text", 'title = "scan"\n', 'title = "scan"\nrequired = "yes"\n', 'date "scan", required: "yes" is not true or false - write required = true, or leave it out'),
        ("an id in capitals", "[dates.scan]", "[dates.Scan]\ntitle = \"s\"\nkind = \"last\"\n[dates.scan]", 'date "Scan": this is not an id - write at most 40 small letters, digits and single hyphens, a letter first, such as nk-infusion'),
        ("a count out of range", "[parameters.scan-window]", "count = 0\n[parameters.scan-window]", 'parameter "visits", count: 0 is not a whole number from 1 to 400 - write count = 1'),
        ("an attestation that is a date", "[attestations.fit]", '[attestations.scan]\ntitle = "Scan."\n[attestations.fit]', 'attestation "scan": a known date has the same name - give one of them another name'),
        ("an unsafe abbreviation", 'title = "drug"', 'title = "drug QD"', 'activity "drug", title: "QD" is on the "Do Not Use" list - write daily'),
        ("a dose", 'title = "drug"', 'title = "drug 30 mg"', 'activity "drug", title: "30 mg" is a dose - leave it out: doses belong to the signed order'),
        ("a course that is not there", 'course = "conditioning"', 'course = "condition"', 'activity "drug", course: there is no course "condition" - did you mean "conditioning"?'),
        ("from beside a course", 'course = "conditioning"', 'course = "conditioning"\nfrom = "day-zero"', 'activity "drug", from: the course says what its days count from - leave it out here'),
        ("from another base", 'title = "cells"', 'title = "cells"\nfrom = "day-one"', 'activity "cells", from: "day-one" is not known - did you mean "day-zero"?'),
        ("days outside the grammar", '"-5 to -3"\ncat', '"-5 until -3"\ncat', 'activity "drug", days: I don\'t understand \'until -3\' after the day - after the day I expect a window such as "±3" or "within +21 to +35"'),
        ("days as a number", '"-5 to -3"\ncat', "-5\ncat", 'activity "drug", days: -5 is not a text - write days = "…"'),
        ("neither days nor parameter", 'days = "-5 to -3"\n', "", 'activity "drug", days: one of days and parameter is needed - write days = "-5 to -3", or parameter = "…"'),
        ("days and parameter", 'parameter = "visits"', 'parameter = "visits"\ndays = "+1"\nquote = "x"', 'activity "visit", days: \'+1\' does not go on from a first dose - beside a parameter write "every 2 days x 7 after the first", or leave one of the two out'),
        ("a window for days", 'parameter = "visits"', 'parameter = "scan-window"', 'activity "visit", parameter: "scan-window" is a window, not days - name a parameter of kind days'),
        ("no quotation", 'quote = "days -5 to -3"\n', "", 'activity "drug", quote: is missing - quote the source\'s words, or give a derivation'),
        ("an unknown category", 'category = "visit"', 'category = "vist"', 'activity "visit", category: "vist" is not known - did you mean "visit"?'),
        ("another person", 'title = "visit"', 'title = "visit"\nwho = "nurse"', 'activity "visit", who: "nurse" is not known - known here: donor, patient'),
        ("hours after nothing", '"4 h after cells"', '"4 h after cell"', 'activity "check", days: there is no activity "cell" - did you mean "cells"?'),
        ("hours after itself", '"4 h after cells"', '"4 h after check"', 'activity "check", days: it waits for itself - name an earlier activity'),
        ("a gap in a span", 'days = "-5 to -3"', 'days = "-5, -3"\ncontinuous = true', 'activity "drug", continuous: the days are not one range - write days = "+5 to +35"'),
        ("an open end on two days", 'days = "-5 to -3"', 'days = "-5, -3"\nuntil = "counts recover"', 'activity "drug", until: the days are not one range - write days = "+5", or "+5 to +35" with the latest day, and until = "counts recover"'),
        ("a rule id in small letters", "[rules.T1]\n", '[rules.t1]\ntitle = "x"\nquote = "x"\nevents = ["drug"]\n[rules.T1]\n', 'rule "t1": this is not the id of a rule - write a capital letter, then at most 7 capitals and digits, such as GAP or T25; more may follow after a hyphen, such as T25-A, 40 characters in all'),
        ("a rule that checks nothing", "[rules.T1]\n", '[rules.T2]\ntitle = "x"\nquote = "x"\n[rules.T1]\n', 'rule "T2": it checks nothing - give it bounds, statements, spacing or events'),
        ("an event that is not there", 'criterion = "1.1"', 'criterion = "1.1"\nevents = ["drugs"]', 'rule "T1", events: there is no activity "drugs" - did you mean "drug"?'),
        ("no quotation of a rule", 'quote = "within 4 weeks"\n', "", 'rule "T1", quote: is missing - quote the source\'s words, or give a derivation'),
        ("a bound with before", "day-zero at most 28 days after scan\", \"drug", 'scan at most 28 days before day-zero", "drug', "before"),
        ("a point that is not there", "drug.first at", "drugs.first at", 'rule "T1", bound 1, safe: there is no point "drugs.first" - did you mean "drug.first"?'),
        ("another point than the bound's", 'point = "scan"', 'point = "day-zero"', 'rule "T1", bound 1, point: "drug.first at least 1 day after scan" does not speak of "day-zero" - name one of its two points'),
        ("an activity without which dose", "drug.first at", "drug at", None),
        ("dose 0", "drug.first at", "drug-0 at", 'rule "T1", bound 1, safe: "drug-0" is none of its 3 - name one that there is'),
        ("the end of what may be several", "drug.first at", "drug ends at", 'rule "T1", bound 1, safe: \'drug ends\' does not say which one ends - write "drug.first ends", "drug.last ends" or "drug-1 ends"'),
        ("dose 4 of 3", "drug.first at", "drug-4 at", None),
        ("nothing to repeat", 'repeat = "scan"\n', "", 'rule "T1", bound 1, repeat: it goes with if-broken = "repeat" - say what is to be repeated'),
        ("an unknown consequence", 'if-broken = "repeat"', 'if-broken = "ignore"', 'rule "T1", bound 1, if-broken: "ignore" is not known - known here: ask, refuse, repeat'),
        ("an aim outside the grammar", '"-26 to -6"', '"-26"', 'rule "T1", bound 1, aim: \'-26\' is not a window - write the first and the last day, such as "-7 to -1"'),
        ("an attestation that is not there", 'attestation = "fit"', 'attestation = "fitt"', 'rule "T1", statement 1, attestation: there is no attestation "fitt" - did you mean "fit"?'),
        ("a statement of no kind", 'kind = "attestation"', 'kind = "promise"', 'rule "T1", statement 1, kind: "promise" is not known - known here: anchor, approval, attestation, permission'),
        ("a permission to attest", 'kind = "attestation"', 'kind = "permission"', 'rule "T1", statement 1, attestation: it goes with kind attestation or approval - write attestation = "…"'),
    ),
)  # fmt: skip
def test_a_mistake_in_a_protocol_is_told_with_its_place(old, new, said):
    """None: exactly one message, whose words are not laid down here. A mistake may bring others with it; all have a place."""
    found = mistakes(read_protocol, changed((old, new)), "x.toml")
    if said is None:
        assert len(found) == 1
    elif said == "before":
        assert found == [
            "x.toml, rule \"T1\", bound 1, safe: 'scan at most 28 days before day-zero' is not a bound - write \"POINT at "
            "least|more than|at most|less than N days after POINT\"; there is no “before”, because subtracting months gives other "
            "days than adding them"
        ]
    else:
        assert f"x.toml, {said}" in found
    assert all(text.startswith("x.toml, ") for text in found)


@pytest.mark.parametrize(
    ("changes", "said"),
    table(
        (
            "three places at once",
            [('months = "clamp"', 'months = "calendar"'), ('days = "-5 to -3"', 'days = "-3 to -5"'), ('aim = "-26 to -6"', 'aym = "-26 to -6"')],
            [
                'x.toml, months: "calendar" is not known - known here: clamp, next-first',
                "x.toml, activity \"drug\", days: '-3 to -5' runs backwards - write the earlier day first",
                'x.toml, rule "T1", bound 1, aym: I don\'t know this key - did you mean "aim"?',
            ],
        ),
        (
            "two mistakes of one activity",
            [('title = "drug"\n', 'title = "drug QOD"\n'), ('quote = "days -5 to -3"\n', "")],
            [
                'x.toml, activity "drug", quote: is missing - quote the source\'s words, or give a derivation',
                'x.toml, activity "drug", title: "QOD" is on the "Do Not Use" list - write every other day',
            ],
        ),
        (
            "a reference used twice",
            [('[[rules.T1.statements]]\n', '[[rules.T1.statements]]\nref = "T1-fit"\nkind = "permission"\nwords = "may"\n[[rules.T1.statements]]\n')],
            ['x.toml, rules: the reference "T1-fit" is used twice - give each statement its own'],
        ),
    ),
)  # fmt: skip
def test_all_mistakes_of_a_protocol_are_told_at_once_each_with_its_place(changes, said):
    assert sorted(mistakes(read_protocol, changed(*changes), "x.toml")) == sorted(said)


def test_the_days_of_one_activity_may_not_wait_for_one_another_in_a_ring():
    text = SMALL + '\n[activities.one]\ntitle = "one"\ndays = "1 day after two"\ncategory = "visit"\nderivation = "x"\n'
    text += '[activities.two]\ntitle = "two"\ndays = "1 day after one"\ncategory = "visit"\nderivation = "x"\n'
    assert sorted(mistakes(read_protocol, text, "x.toml")) == [
        'x.toml, activity "one", days: it waits for "two", which waits for it - name an earlier activity',
        'x.toml, activity "two", days: it waits for "one", which waits for it - name an earlier activity',
    ]


# Sites ---------------------------------------------------------------------------------------------------------------

ZONE = 'zone = "America/New_York"\n'


def site(text, protocol):
    return read_site("format = 1\n" + ZONE + text, "site.toml", protocol)


def test_a_site_file_becomes_a_model_that_says_the_same(protocol):
    text = (
        'name = "Ward 5"\nalarm = "15 hours before"\nholidays = [2026-06-19, "4 July 2026"]\n'
        'closures = ["2026-12-24 to 2027-01-01"]\n[parameters]\nil2-days = "+1 to +13 every 2 days"\n'
        'pregnancy-test-window = "-7 to -1"\n[times]\nfludarabine = "09:00 to 09:30"\n'
        '[[tasks]]\nid = "weight"\ntitle = "weigh"\ndays = "-5 to -4"\nat = "06:00"\nwho = "donor"\n'
    )
    found = site(text, protocol)
    assert (found.name, found.zone.key, found.alarm) == ("Ward 5", "America/New_York", 900)
    assert found.closures == (
        Closure(first=date(2026, 6, 19), last=date(2026, 6, 19), holiday=True),
        Closure(first=date(2026, 7, 4), last=date(2026, 7, 4), holiday=True),
        Closure(first=date(2026, 12, 24), last=date(2027, 1, 1), holiday=False),
    )
    assert [o.offset for o in found.days["il2-days"].occurrences] == [1, 3, 5, 7, 9, 11, 13]
    assert found.windows == {"pregnancy-test-window": (-7, -1)}
    assert found.texts == {"il2-days": "+1 to +13 every 2 days", "pregnancy-test-window": "-7 to -1"}
    assert found.times == {"fludarabine": ClockTime(start=time(9), end=time(9, 30))}
    task = found.tasks[0]
    assert (task.id, task.donor, task.at.start, [o.offset for o in task.days.occurrences]) == ("weight", True, time(6), [-5, -4])


HOLIDAYS = 'write holidays = [2026-12-25], or ["2026-12-24 to 2027-01-01"]'


@pytest.mark.parametrize(
    ("text", "said"),
    table(
        ("unknown key", 'holiday = ["2026-12-25"]', 'holiday: I don\'t know this key - did you mean "holidays"?'),
        ("unknown parameter", '[parameters]\nil2-day = "+1"', '[parameters], il2-day: the protocol has no such name - did you mean "il2-days"?'),
        ("six doses", '[parameters]\nil2-days = "+1 to +11 every 2 days"', "six"),
        ("eight doses", '[parameters]\nil2-days = "every 2 days x 8 from +1"', "eight"),
        ("days outside the grammar", '[parameters]\ndlt-end = "day 28"', f"[parameters], dlt-end: 'day 28' is not a day - {DAYS_REMEDY}"),
        ("days as a number", "[parameters]\ndlt-end = 28", '[parameters], dlt-end: 28 is not a text - write dlt-end = "…"'),
        ("days as nan", "[parameters]\ndlt-end = nan", '[parameters], dlt-end: nan is not a text - write dlt-end = "…"'),
        ("an empty text", '[parameters]\ndlt-end = ""', '[parameters], dlt-end: "" is not a text - write dlt-end = "…"'),
        ("a window as days", '[parameters]\nvirology-window = "-42, -1"', '[parameters], virology-window: \'-42, -1\' is not a window - write the first and the last day, such as "-7 to -1"'),
        ("days after nothing", '[parameters]\ndlt-end = "1 day after il3"', "unknown activity"),
        ("days after itself", '[parameters]\ndlt-end = "1 day after dlt-end"', "ring"),
        ("days in a ring", '[parameters]\ndlt-end = "1 day after inhibitors-resume"', "ring"),
        ("parameters no table", 'parameters = "none"', 'parameters: "none" is not a table - write [parameters]'),
        ("a time of nothing", '[times]\nfludarabin = "09:00"', '[times], fludarabin: the protocol has no such name - did you mean "fludarabine"?'),
        ("a time outside the grammar", '[times]\nfludarabine = "9 am"', "[times], fludarabine: '9 am' is not a time - write \"09:00\", or \"09:00 to 10:30\""),
        ("a time as TOML writes it", "[times]\nfludarabine = 09:00:00", '[times], fludarabine: 09:00:00 is not a text - write fludarabine = "…"'),
        ("a holiday that is none", 'holidays = ["Christmas"]', f"holidays: 'Christmas' is not a date that has one meaning - {HOLIDAYS}"),
        ("a holiday with an hour", "holidays = [2026-12-25T00:00:00]", f"holidays: 2026-12-25 00:00:00 is not a date - {HOLIDAYS}"),
        ("a holiday as a number", "holidays = [25]", f"holidays: 25 is not a date - {HOLIDAYS}"),
        ("a closure backwards", 'closures = ["2027-01-01 to 2026-12-24"]', "closures: '2027-01-01 to 2026-12-24' runs backwards - write closures = [2026-12-25], or [\"2026-12-24 to 2027-01-01\"]"),
        ("a reminder afterwards", 'alarm = "1 hour after"', "alarm: '1 hour after' is not a reminder - write \"30 minutes before\", \"15 hours before\" or \"1 day before\""),
        ("a task without days", '[[tasks]]\nid = "weight"\ntitle = "weigh"', 'task 1, days: is missing - add days = "…"'),
        ("a task named as an activity", '[[tasks]]\nid = "il2"\ntitle = "x"\ndays = "0"', 'task 1, id: "il2" is taken - give the task an id of its own'),
        ("a task after an activity", '[[tasks]]\nid = "x"\ntitle = "x"\ndays = "4 h after il2"', 'task 1, days: a task is on days counted from day 0 - write days = "-5 to +13"'),
        ("a task with a dose", '[[tasks]]\nid = "x"\ntitle = "give 5 mg"\ndays = "0"', 'task 1, title: "5 mg" is a dose - leave it out: doses belong to the signed order'),
        ("a task's id", '[[tasks]]\nid = "Weigh!"\ntitle = "x"\ndays = "0"', "task 1: this is not an id - write at most 40 small letters, digits and single hyphens, a letter first, such as nk-infusion"),
        ("a task that is no table", "tasks = [1]", "tasks: 1 is not a table - write [[tasks]]"),
    ),
)  # fmt: skip
def test_a_mistake_in_a_site_is_told_with_its_place(text, said, protocol):
    found = mistakes(site, text, protocol)
    assert len(found) == 1
    words = {"six": "this gives 6;", "eight": "this gives 8;"}
    if said in words:
        assert found[0].startswith(f"site.toml, [parameters], il2-days: {words[said]} Shapiro RM et al.")
        assert found[0].endswith("“7 doses” states 7 - name 7 days")
    elif said in ("unknown activity", "ring"):
        assert found[0].startswith("site.toml, [parameters], dlt-end: ")
    else:
        assert found == [f"site.toml, {said}"]


@pytest.mark.parametrize(
    "name",
    ["America", "Mars/Olympus", "EDT5", "america/new york", "../../etc/passwd", "/etc/localtime", "New_York"],
    ids=["a folder", "unknown", "no IANA name", "a blank", "climbing", "absolute", "half a name"],
)
def test_an_unknown_zone_is_refused(name, protocol):
    said = f"site.toml, zone: there is no time zone '{name}' - write an IANA name such as \"America/New_York\""
    assert mistakes(read_site, f'format = 1\nzone = "{name}"\n', "site.toml", protocol) == [said]


def test_a_site_without_a_zone_is_refused(protocol):
    assert mistakes(read_site, "format = 1\n", "site.toml", protocol) == ['site.toml, zone: is missing - add zone = "…"']


def test_all_mistakes_of_a_site_are_told_at_once(protocol):
    text = 'zone = "America"\nalram = "1 day before"\n[parameters]\ndlt-end = "soon"\n[times]\nil2 = "25:00"\n'
    assert sorted(mistakes(read_site, text, "site.toml", protocol)) == sorted(
        [
            "site.toml, format: is missing - the file begins with format = 1",
            "site.toml, zone: there is no time zone 'America' - write an IANA name such as \"America/New_York\"",
            'site.toml, alram: I don\'t know this key - did you mean "alarm"?',
            f"site.toml, [parameters], dlt-end: 'soon' is not a day - {DAYS_REMEDY}",
            "site.toml, [times], il2: '25:00' is not a time - write \"09:00\", or \"09:00 to 10:30\"",
        ]
    )


# Cases ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def new_york(protocol):
    return site("", protocol)


def case(text, protocol, *where):
    """A case of one code, with the rest as given."""
    return read_case('format = 1\ncode = "CASE-1"\nprotocol = "NCT04024761"\n' + text, "case.toml", protocol, *where)


def test_a_case_file_becomes_a_model_that_says_the_same(protocol, new_york):
    text = (
        "planned-day-zero = 2026-06-15T10:00:00\n[dates]\ntransplant = [2026-01-20, 2024-05-01]\nmarrow = \"21-May-2026\"\n"
        'dli-last = "never"\n[attestations]\nage-eligible = 2026-05-12\nnot-breastfeeding = { date = 2026-05-13, by = "nurse" }\n'
        '[[rulings]]\nrule = "T17"\noutcome = "allowed"\nby = "PI"\ndate = 2026-05-20\nreason = "discussed"\nfor = 2026-06-15\n'
    )
    found = case(text, protocol, new_york)
    assert (found.code, found.protocol, found.planned_day_zero, found.planned_time) == (
        "CASE-1", "NCT04024761", date(2026, 6, 15), time(10)
    )  # fmt: skip
    assert found.planned_moment.isoformat() == "2026-06-15T10:00:00-04:00"
    assert found.dates == {
        "transplant": (date(2024, 5, 1), date(2026, 1, 20)), "marrow": (date(2026, 5, 21),), "dli-last": NEVER
    }  # fmt: skip
    assert found.attestations == {
        "age-eligible": Attested(on=date(2026, 5, 12), by=""),
        "not-breastfeeding": Attested(on=date(2026, 5, 13), by="nurse"),
    }
    assert found.rulings == (
        Ruling(rule="T17", outcome="allowed", by="PI", on=date(2026, 5, 20), reason="discussed", day_zero=date(2026, 6, 15)),
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    table(
        ("a date", "2026-06-15", (date(2026, 6, 15), None, None)),
        ("a text", '"Mon 15-Jun-2026"', (date(2026, 6, 15), None, None)),
        ("a local hour", "2026-06-15T10:00:00", (date(2026, 6, 15), time(10), -4)),
        ("a text with an hour", '"2026-06-15 10:00"', (date(2026, 6, 15), time(10), -4)),
        ("a doubled hour, the first", "2026-11-01T01:30:00-04:00", (date(2026, 11, 1), time(1, 30), -4)),
        ("a doubled hour, the second", "2026-11-01T01:30:00-05:00", (date(2026, 11, 1), time(1, 30), -5)),
        ("a doubled hour as a text", '"2026-11-01 01:30-05:00"', (date(2026, 11, 1), time(1, 30), -5)),
    ),
)
def test_a_planned_day_zero_may_have_an_hour(value, expected, protocol, new_york):
    found = case(f"planned-day-zero = {value}\n", protocol, new_york)
    offset = found.planned_moment.utcoffset() / timedelta(hours=1) if found.planned_moment else None
    assert (found.planned_day_zero, found.planned_time, offset) == expected


NAMES = "the protocol has no such name"
GIVE_OFFSET = "write the time with its offset from UTC"


@pytest.mark.parametrize(
    ("text", "said"),
    table(
        ("unknown key", "planned-day-0 = 2026-06-15", 'planned-day-0: I don\'t know this key - did you mean "planned-day-zero"?'),
        ("unknown date", "[dates]\ntransplnt = 2026-01-20", f'[dates], transplnt: {NAMES} - did you mean "transplant"?'),
        ("unknown attestation", "[attestations]\nage = 2026-01-20", f"[attestations], age: {NAMES} - "),
        ("impossible date as text", '[dates]\nmarrow = "2026-02-30"', f"[dates], marrow: '2026-02-30' is not a real date - {DATE_REMEDY}"),
        ("date that could be two", '[dates]\nmarrow = "03/04/2026"', f"[dates], marrow: '03/04/2026' is not a date that has one meaning - {DATE_REMEDY}"),
        ("wrong weekday", '[dates]\nmarrow = "Mon 21-May-2026"', f"[dates], marrow: 'Mon 21-May-2026': that date is a Thursday - {DATE_REMEDY}"),
        ("an hour that the clocks skip", "[dates]\nmarrow = 2026-03-08T02:30:00", "[dates], marrow: 02:30 on Sun 08-Mar-2026 does not exist in America/New_York: the clocks are put forward - write a time that the clocks show"),
        ("an hour that comes twice", "[dates]\nmarrow = [2026-11-01T01:30:00]", f"[dates], marrow: 01:30 on Sun 01-Nov-2026 happens twice in America/New_York: the clocks are put back - {GIVE_OFFSET}"),
        ("an hour with seconds", "[dates]\nmarrow = 2026-05-21T08:00:30", f"[dates], marrow: 2026-05-21 08:00:30 has seconds - {DATE_REMEDY}"),
        ("time where a date is meant", "[dates]\nmarrow = 08:00:00", f"[dates], marrow: 08:00:00 is not a date - {DATE_REMEDY}"),
        ("nan", "[dates]\ndli-last = nan", f'[dates], dli-last: nan is not a date - {DATE_REMEDY}, or "never"'),
        ("a number", "[dates]\ndli-last = 20260521", f'[dates], dli-last: 20260521 is not a date - {DATE_REMEDY}, or "never"'),
        ("no", "[dates]\ndli-last = false", f'[dates], dli-last: false is not a date - {DATE_REMEDY}, or "never"'),
        ("none", '[dates]\ndli-last = "none"', f"[dates], dli-last: 'none' is not a date that has one meaning - {DATE_REMEDY}, or \"never\""),
        ("a table", "[dates.marrow]\non = 2026-05-21", f"[dates], marrow: a table is not a date - {DATE_REMEDY}"),
        ("an empty list", "[dates]\nmarrow = []", '[dates], marrow: the list is empty - write the dates, "never", or leave the key out'),
        ("never in a list", '[dates]\ndli-last = ["never"]', f"[dates], dli-last: 'never' is not a date that has one meaning - {DATE_REMEDY}, or \"never\""),
        ("never for a required test", '[dates]\nmarrow = "never"', '[dates], marrow: "never" would switch a required rule off - leave the key out until there is a date: it is due'),
        ("never for the transplant", '[dates]\ntransplant = "never"', '[dates], transplant: "never" would switch a required rule off - leave the key out until there is a date: it is due'),
        ("too early", "[dates]\nmarrow = 1899-12-31", f"[dates], marrow: Sun 31-Dec-1899 is outside 1900 to 2199 - {DATE_REMEDY}"),
        ("too late", "[dates]\nmarrow = 2200-01-01", f"[dates], marrow: Wed 01-Jan-2200 is outside 1900 to 2199 - {DATE_REMEDY}"),
        ("dates no table", "dates = 2026-05-21", "dates: 2026-05-21 is not a table - write [dates]"),
        ("an attestation that is yes", "[attestations]\nage-eligible = true", f"[attestations], age-eligible: true is not a date - {DATE_REMEDY}"),
        ("an attestation without date", '[attestations]\nage-eligible = { by = "PI" }', f"[attestations], age-eligible, date: is missing - {DATE_REMEDY}"),
        ("an attestation with more", '[attestations]\nage-eligible = { date = 2026-05-12, b = "PI" }', '[attestations], age-eligible, b: I don\'t know this key - did you mean "by"?'),
        ("day 0 that is no date", 'planned-day-zero = "soon"', f"planned-day-zero: 'soon' is not a date that has one meaning - {P_REMEDY}"),
        ("day 0 as nan", "planned-day-zero = nan", f"planned-day-zero: nan is not a date - {P_REMEDY}"),
        ("day 0 with seconds", "planned-day-zero = 2026-06-15T10:00:30", f"planned-day-zero: 2026-06-15 10:00:30 has seconds - {P_REMEDY}"),
        ("day 0 at 25 o'clock", 'planned-day-zero = "2026-06-15 25:00"', f"planned-day-zero: '25:00' is not a time - {P_REMEDY}"),
        ("day 0 too late", "planned-day-zero = 2200-01-01T10:00:00", f"planned-day-zero: Wed 01-Jan-2200 is outside 1900 to 2199 - {P_REMEDY}"),
        ("a missing wall time", "planned-day-zero = 2026-03-08T02:30:00", "planned-day-zero: 02:30 on Sun 08-Mar-2026 does not exist in America/New_York: the clocks are put forward - write a time that the clocks show"),
        ("a doubled wall time", "planned-day-zero = 2026-11-01T01:30:00", f"planned-day-zero: 01:30 on Sun 01-Nov-2026 happens twice in America/New_York: the clocks are put back - {GIVE_OFFSET}"),
        ("an offset of another season", "planned-day-zero = 2026-06-15T10:00:00-05:00", "planned-day-zero: 10:00 on Mon 15-Jun-2026 in America/New_York is -0400 from UTC, not as written - write a time that the clocks show"),
        ("a ruling on no rule", '[[rulings]]\nrule = "T99"\noutcome = "allowed"\nby = "PI"\ndate = 2026-05-20\nreason = "x"', 'ruling 1, rule: there is no rule "T99" - '),
        ("a ruling of no kind", '[[rulings]]\nrule = "T17"\noutcome = "ok"\nby = "PI"\ndate = 2026-05-20\nreason = "x"', 'ruling 1, outcome: "ok" is not known - known here: allowed, not-allowed'),
        ("a ruling of nobody", '[[rulings]]\nrule = "T17"\noutcome = "allowed"\ndate = 2026-05-20\nreason = "x"', 'ruling 1, by: is missing - add by = "…"'),
        ("a ruling for no reason", '[[rulings]]\nrule = "T17"\noutcome = "allowed"\nby = "PI"\ndate = 2026-05-20', 'ruling 1, reason: is missing - add reason = "…"'),
        ("a ruling on no date", '[[rulings]]\nrule = "T17"\noutcome = "allowed"\nby = "PI"\nreason = "x"', f"ruling 1, date: is missing - {DATE_REMEDY}"),
    ),
)  # fmt: skip
def test_a_mistake_in_a_case_is_told_with_its_place(text, said, protocol, new_york):
    found = mistakes(case, text, protocol, new_york)
    assert len(found) == 1
    if said.endswith(" - "):
        assert found[0].startswith(f"case.toml, {said}")
        assert len(found[0]) > len(f"case.toml, {said}")
    else:
        assert found == [f"case.toml, {said}"]


def test_an_offset_that_fits_neither_of_two_moments_is_told_which_fit(protocol, new_york):
    """The remedy must not ask for an offset where one was written."""
    found = mistakes(case, "planned-day-zero = 2026-11-01T01:30:00-03:00\n", protocol, new_york)
    assert len(found) == 1
    assert not found[0].endswith(GIVE_OFFSET)


def test_a_known_date_may_have_its_hour(protocol, new_york):
    """1:30 in the doubled night of Sun 01-Nov-2026 is at -04:00 first and at -05:00 then."""
    dates = '[dates]\nmarrow = [2026-05-21, 2026-05-20T08:00:00, "2026-05-22 14:30"]\necho = "2026-11-01 01:30-05:00"\n'
    found = case(dates, protocol, new_york)
    assert found.dates["marrow"] == (date(2026, 5, 20), date(2026, 5, 21), date(2026, 5, 22))
    assert [str(at.time()) for at in found.hours["marrow"]] == ["08:00:00", "14:30:00"]
    assert [one.at and one.at.hour for one in found.moments_of("marrow")] == [8, None, 14]
    assert [(at.fold, at.utcoffset()) for at in found.hours["echo"]] == [(1, timedelta(hours=-5))]
    assert "chimerism" not in found.hours


def test_an_hour_without_a_site_has_no_zone_and_is_refused(protocol):
    assert mistakes(case, "planned-day-zero = 2026-06-15T10:00:00\n", protocol) == [
        "case.toml, planned-day-zero: an hour needs the site's time zone - add --site SITE.toml, or leave the hour out"
    ]
    assert mistakes(case, "[dates]\nmarrow = 2026-05-21T08:00:00\n", protocol) == [
        "case.toml, [dates], marrow: an hour needs the site's time zone - add --site SITE.toml, or leave the hour out"
    ]


@pytest.mark.parametrize("code", ["A", "7", "CIML-017", "A--", "0123456789ABCDEF", "COM0", "COM10", "CONX", "NUL-1"])
def test_a_study_code_is_read(code, protocol):
    assert read_case(f'format = 1\ncode = "{code}"\nprotocol = "x"\n', "case.toml", protocol).code == code


@pytest.mark.parametrize(
    "code",
    ["ciml-017", "-1", "CIML 017", "CIML_017", "CIML.017", "../X", "A/B", "0123456789ABCDEFG", "\u00c4", "Jane Doe"],
)  # fmt: skip
def test_a_text_that_is_no_study_code_is_refused(code, protocol):
    assert mistakes(read_case, f'format = 1\ncode = "{code}"\nprotocol = "x"\n', "case.toml", protocol) == [
        f'case.toml, code: "{code}" is not a study code - {CODE_REMEDY}'
    ]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("CIML\u2011017", 'the dash in "CIML\u2011017" is a non-breaking hyphen (U+2011), type a hyphen (-)'),
        ("CIML-\u0661", 'the "\u0661" in "CIML-\u0661" is a digit of another script (U+0661), type the digit 1'),
        ("\u0421IML-017", 'the "\u0421" in "\u0421IML-017" is a Cyrillic letter (U+0421), type the letter C'),
    ],
)  # fmt: skip
def test_a_study_code_with_a_sign_that_looks_like_another_names_the_sign(code, said, protocol):
    """Pasted from Word or a PDF file the two look the same on the screen."""
    assert mistakes(read_case, f'format = 1\ncode = "{code}"\nprotocol = "x"\n', "case.toml", protocol) == [
        f"case.toml, code: {said} - {CODE_REMEDY}"
    ]


@pytest.mark.parametrize(
    "code", ["CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(1, 10)), *(f"LPT{n}" for n in range(1, 10))]
)
def test_a_device_name_of_windows_is_no_study_code(code, protocol):
    assert mistakes(read_case, f'format = 1\ncode = "{code}"\nprotocol = "x"\n', "case.toml", protocol) == [
        f'case.toml, code: "{code}" is a device name on Windows and cannot name a folder - {CODE_REMEDY}'
    ]


def test_all_mistakes_of_a_case_are_told_at_once(protocol):
    text = 'code = "Jane"\nplaned-day-zero = 2026-06-15\n[dates]\nmarrow = "never"\ndli-last = nan\necko = 2026-06-01\n'
    assert sorted(mistakes(read_case, text, "case.toml", protocol)) == sorted(
        [
            "case.toml, format: is missing - the file begins with format = 1",
            f'case.toml, code: "Jane" is not a study code - {CODE_REMEDY}',
            'case.toml, protocol: is missing - add protocol = "…"',
            'case.toml, planed-day-zero: I don\'t know this key - did you mean "planned-day-zero"?',
            'case.toml, [dates], marrow: "never" would switch a required rule off - leave the key out until there is a date: it is due',
            f'case.toml, [dates], dli-last: nan is not a date - {DATE_REMEDY}, or "never"',
            f'case.toml, [dates], ecko: {NAMES} - did you mean "echo"?',
        ]
    )


def test_thousands_of_unknown_keys_are_answered_within_two_seconds(protocol):
    text = 'format = 1\ncode = "A"\nprotocol = "x"\n[dates]\n' + "\n".join(f"k{n} = 1" for n in range(20_000))
    began = clock.process_time()
    mistakes(read_case, text, "case.toml", protocol)
    assert clock.process_time() - began < 2


# The shipped trial ---------------------------------------------------------------------------------------------------

BOUNDS = {
    # rule, point: (safe, literal), by hand from "The statuses that bind"
    ("T6", "disease-assessment"): (
        {"lymphodepletion.first at least 1 day after disease-assessment", "planned-day-zero at most 28 days after disease-assessment"},
        {"planned-day-zero at least 0 days after disease-assessment", "planned-day-zero at most 28 days after disease-assessment"},
    ),
    ("T7", "disease-assessment"): (
        {"disease-assessment at least 15 days after taper-completed"}, {"disease-assessment at least 14 days after taper-completed"}
    ),
    ("T7", "taper-completed"): (
        {"lymphodepletion.first at least 15 days after taper-completed"}, {"lymphodepletion.first at least 14 days after taper-completed"}
    ),
    ("T8", "transplant"): ({"day-zero more than 2 months after transplant"}, {"day-zero more than 2 months after transplant"}),
    ("T8", "disease-assessment"): ({"disease-assessment more than 2 months after transplant"}, set()),
    ("T9", "transplant"): ({"lymphodepletion.first at least 2 months after transplant"},) * 2,
    ("T25", "count-control-last"): (
        {"lymphodepletion.first at least 2 days after count-control-last"}, {"lymphodepletion.first at least 1 day after count-control-last"}
    ),
    ("T25", "venetoclax-last"): (
        {"lymphodepletion.first at least 2 days after venetoclax-last"}, {"lymphodepletion.first at least 1 day after venetoclax-last"}
    ),
    ("T29", "chemotherapy-last"): ({"day-zero at least 15 days after chemotherapy-last"}, set()),
    ("T35", "marrow"): ({"day-zero at most 28 days after marrow"},) * 2,
    ("T36", "day-zero"): ({"day-zero at most 48 hours after planned-day-zero"},) * 2,
    **{
        (rule, point): ({f"day-zero at least {safe} days after {point}"}, {f"day-zero at least {literal} days after {point}"})
        for rule, point, safe, literal in [
            ("T16", "gvhd-steroid-last", 29, 28), ("T17", "gvhd-prophylaxis-last", 29, 28), ("T18", "gvhd-therapy-last", 29, 28),
            ("T24", "investigational-agent-last", 29, 28), ("T26", "nitrosourea-last", 43, 42),
            ("T27", "immunotherapy-last", 57, 56), ("T31", "dli-last", 57, 56), ("T32", "bcl2-inhibitor-last", 15, 14),
            ("T32", "bcr-abl-inhibitor-last", 15, 14), ("T32", "venetoclax-last", 15, 6),
        ]
    },
    **{
        (rule, point): (
            {f"{before} at least 1 day after {point}", f"day-zero at most {oldest} days after {point}"},
            {f"day-zero at least 0 days after {point}", f"day-zero at most {oldest} days after {point}"},
        )
        for rule, point, before, oldest in [
            ("T13", "chimerism", "lymphodepletion.first", 28), ("T14", "marrow", "lymphodepletion.first", 28),
            ("T19", "organ-function", "day-zero", 14), ("T20", "echo", "day-zero", 14),
        ]
    },
}  # fmt: skip
WINDOWS = {("T21", "pregnancy-test"): "pregnancy-test-window", ("T40", "virology"): "virology-window"}
EVENTS = {"T1": ("nk-infusion",), "T2": ("fludarabine",), "T3": ("cyclophosphamide",), "T5": ("il2",), "T23": ("contraception-end",), "T33": ("inhibitors-resume",)}  # fmt: skip
STATEMENTS = {
    "T10": "anchor", "T11": "attestation", "T12": "attestation", "T15": "permission", "T22": "attestation", "T25-approval": "approval",
    "T28": "attestation", "T30": "permission", "T31-gvhd": "attestation", "T34": "attestation", "T37": "attestation",
    "T38": "attestation", "T39": "attestation",
}  # fmt: skip
BROKEN_ON_A_SLIP = {"T13": "ask", "T14": "ask", "T19": "repeat", "T20": "repeat", "T21": "repeat", "T40": "repeat", "T35": "ask", "T36": "refuse"}
KNOWN_DATES = {
    "transplant", "taper-completed", "gvhd-steroid-last", "gvhd-prophylaxis-last", "gvhd-therapy-last", "investigational-agent-last",
    "nitrosourea-last", "immunotherapy-last", "chemotherapy-last", "count-control-last", "venetoclax-last", "bcl2-inhibitor-last",
    "bcr-abl-inhibitor-last", "dli-last", "disease-assessment", "chimerism", "marrow", "organ-function", "echo", "pregnancy-test", "virology",
}  # fmt: skip


def test_the_shipped_trial_holds_all_forty_rows_in_order(protocol):
    assert list(protocol.rules) == [f"T{number}" for number in range(1, 41)]


def test_every_bound_of_the_shipped_trial_is_as_the_table_says_in_both_readings(protocol):
    found = {
        (rule.id, str(bound.point)): ({str(b) for b in bound.safe}, {str(b) for b in bound.literal})
        for rule in protocol.rules.values()
        for bound in rule.bounds
        if isinstance(bound, JudgedBound)
    }
    assert found == BOUNDS


def test_no_row_with_a_bound_has_become_a_statement_only(protocol):
    with_bounds = {rule for rule, _ in (*BOUNDS, *WINDOWS)} | {"T4"}
    assert {rule.id for rule in protocol.rules.values() if rule.bounds} == with_bounds
    assert {rule.id for rule in protocol.rules.values() if rule.bounds and rule.statements} == {"T25", "T31"}
    assert {rule.id: rule.events for rule in protocol.rules.values() if rule.events} == EVENTS
    assert {s.ref: s.kind for rule in protocol.rules.values() for s in rule.statements} == STATEMENTS
    assert with_bounds | set(EVENTS) | {ref.partition("-")[0] for ref in STATEMENTS} == set(protocol.rules)


def test_what_the_record_leaves_open_is_left_to_the_site(protocol):
    assert {(r.id, str(b.point)): b.parameter for r in protocol.rules.values() for b in r.bounds if isinstance(b, SiteWindow)} == WINDOWS
    assert [(r.id, str(b.point)) for r in protocol.rules.values() for b in r.bounds if isinstance(b, ShownDistance)] == [("T4", "lymphodepletion.last")]
    assert set(protocol.parameters) == {
        "il2-days", "dlt-end", "donor-collection", "response-marrow", "chimerism-after-infusion", "follow-up",
        "pregnancy-test-window", "virology-window",
    }  # fmt: skip
    assert {name: p.count.number for name, p in protocol.parameters.items() if isinstance(p, DaysParameter) and p.count} == {"il2-days": 7}


def test_the_consequences_and_aims_of_the_shipped_trial_are_as_the_table_says(protocol):
    bounds = [(rule.id, bound) for rule in protocol.rules.values() for bound in rule.bounds]
    assert {rule: bound.if_broken for rule, bound in bounds if bound.if_broken} == BROKEN_ON_A_SLIP
    aims = {rule: bound.aim for rule, bound in bounds if bound.aim}
    assert aims == {"T6": (-26, -6), "T13": (-26, -6), "T14": (-26, -6), "T19": (-12, -6)}
    assert {rule: bound.unless.attestation for rule, bound in bounds if bound.unless} == {"T20": "no-cardiac-change"}
    assert {rule for rule, bound in bounds if bound.only_after_illness} == {"T35"}
    again = {s.ref for rule in protocol.rules.values() for s in rule.statements if s.again_after_illness}
    assert again == {"T28", "T34"}


def test_the_known_dates_of_the_shipped_trial_and_what_may_be_never(protocol):
    assert set(protocol.dates) == KNOWN_DATES
    required = {"transplant", "disease-assessment", "chimerism", "marrow", "organ-function", "echo"}
    assert {name for name, known in protocol.dates.items() if known.required} == required
    tests = {"disease-assessment", "chimerism", "marrow", "organ-function", "echo", "pregnancy-test", "virology"}
    assert {name for name, known in protocol.dates.items() if known.test} == tests


def test_the_treatment_days_of_the_shipped_trial_are_the_records(protocol):
    offsets = {
        name: [o.offset for o in activity.days.occurrences]
        for name, activity in protocol.activities.items()
        if isinstance(activity.days, OnDays)
    }
    assert offsets == {"fludarabine": [-5, -4, -3], "cyclophosphamide": [-5, -4], "nk-infusion": [0]}
    bases = {name: str(protocol.activities[name].base) for name in ("fludarabine", "cyclophosphamide", "nk-infusion", "il2")}
    assert bases == {
        "fludarabine": "planned-day-zero", "cyclophosphamide": "planned-day-zero", "nk-infusion": "day-zero", "il2": "day-zero"
    }  # fmt: skip
    assert (protocol.months, protocol.numbering, protocol.day_zero) == ("next-first", "day-zero", "nk-infusion")


def quotations(protocol):
    for rule in protocol.rules.values():
        yield rule.id, rule.quotation
        for statement in rule.statements:
            yield statement.ref, statement.words
    for activity in protocol.activities.values():
        if activity.quotation:
            yield activity.id, activity.quotation
    for parameter in protocol.parameters.values():
        if isinstance(parameter, DaysParameter) and parameter.count:
            yield parameter.name, parameter.count.quotation


def test_every_quotation_stands_in_the_record_word_for_word_or_is_the_papers_seven_doses(protocol):
    record = re.sub(r"\\(.)", r"\1", RECORD.read_text(encoding="utf-8"))
    strange = []
    for place, quotation in quotations(protocol):
        words = quotation if isinstance(quotation, str) else quotation.words
        paper = not isinstance(quotation, str) and quotation.source.id == "paper"
        if (paper and words != "7 doses") or (not paper and words not in record):
            strange.append((place, words))
    assert strange == []


def section_of(record, words):
    """The criterion whose paragraph holds the words: the last line before them that begins with a number such as 1.11."""
    before = record[: record.index(words) + len(words)]
    return re.findall(r"^(\d\.\d{1,2}) ", before, re.MULTILINE)[-1]


def test_every_quoted_criterion_is_the_paragraph_in_which_the_words_stand(protocol):
    record = re.sub(r"\\(.)", r"\1", RECORD.read_text(encoding="utf-8"))
    wrong = []
    for rule in protocol.rules.values():
        section, words = rule.quotation.section, rule.quotation.words
        if not re.match(r"\d", section):
            assert section in record
            continue
        if not any(words in part and part.startswith(f"{s} ") for s in section.split(", ") for part in record.split("\n\n")):
            wrong.append((rule.id, section))
    assert wrong == []
    assert section_of(record, "Negative pregnancy test") == "1.12"


def test_the_shipped_trial_quotes_a_number_for_every_row_but_the_derived_one(protocol):
    without = [rule.id for rule in protocol.rules.values() if not rule.quotation.words]
    assert without == ["T4"]
    assert protocol.rules["T4"].derivation == "derived from T1 and T2: the last dose is on day -3"


def test_the_example_site_and_patient_are_read(protocol):
    folder = ROOT / "examples"
    found = read_site((folder / "site.toml").read_text(encoding="utf-8"), "site.toml", protocol)
    assert set(found.texts) == set(protocol.parameters)
    patient = read_case((folder / "ciml-017.toml").read_text(encoding="utf-8"), "ciml-017.toml", protocol, found)
    assert (patient.code, patient.planned_day_zero) == ("CIML-017", date(2026, 6, 15))
    assert patient.planned_moment.replace(tzinfo=None) == datetime(2026, 6, 15, 10)


def test_site_days_that_wait_for_each_other_are_a_mistake(protocol):
    text = 'format = 1\nzone = "Europe/Berlin"\n[parameters]\n'
    text += 'response-marrow = "2 days after last chimerism-after-infusion"\n'
    text += 'chimerism-after-infusion = "2 days after last response-marrow"\n'
    with pytest.raises(InputError) as raised:
        read_site(text, "site.toml", protocol)
    assert [str(mistake).partition(" - ")[0] for mistake in raised.value.mistakes] == [
        'site.toml, [parameters], response-marrow: "2 days after last chimerism-after-infusion" waits for itself',
        'site.toml, [parameters], chimerism-after-infusion: "2 days after last response-marrow" waits for itself',
    ]
