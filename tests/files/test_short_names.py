"""What a calendar is told by the files: short names of a protocol, lengths and the choice of entries of a site."""

import pytest

from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.model.case import CalendarChoice
from schedule.model.errors import InputError

TWO = """
[activities.scan]
title = "scan of the whole body"
{scan}
category = "{category}"
days = "+10"
derivation = "for this test"

[activities.second-scan]
title = "second scan of the whole body"
{second}
category = "test"
days = "+20"
derivation = "for this test"
"""


def read_two(protocol_text, scan, second="", category="test"):
    return read_protocol(protocol_text + TWO.format(scan=scan, second=second, category=category), "trial.toml")


def said(error):
    return [str(one) for one in error.value.mistakes]


def test_a_short_name_is_kept_and_nothing_is_called_so_without_one(protocol_text):
    found = read_two(protocol_text, 'short = "body scan"')
    assert (found.activities["scan"].short, found.activities["second-scan"].short) == ("body scan", "")


@pytest.mark.parametrize(
    ("scan", "second", "category", "words"),
    [
        ('short = "scan of the whole body 12"', "", "test", ["it has 25 characters - write 24 at most"]),
        ('short = "body scan"', 'short = "Body scan"', "test", ['"Body scan" is taken - give it a short name of its own']),
        ('short = "sc"', "", "treatment", ['"sc" abbreviates scan - write the name of a drug out']),
        ('short = "scan 5 mg"', "", "test", ['"5 mg" is a dose - leave it out: doses belong to the signed order']),
        ('short = ""', "", "test", ['"" is not a text - write short = "…"']),
    ],
    ids=["too long", "two alike", "a drug abbreviated", "a dose", "empty"],
)
def test_a_short_name_that_cannot_be_is_told(scan, second, category, words, protocol_text):
    with pytest.raises(InputError) as error:
        read_two(protocol_text, scan, second, category)
    assert [line.rpartition("short: ")[2] for line in said(error)] == words


@pytest.mark.parametrize("short", ["flu", "Flu/Cy", "cy"])
def test_drugs_are_never_abbreviated(short, protocol_text):
    text = protocol_text.replace('title = "fludarabine, intravenous infusion"', f'title = "fludarabine and cyclophosphamide"\nshort = "{short}"', 1)
    with pytest.raises(InputError, match="abbreviates"):
        read_protocol(text, "trial.toml")


def test_a_known_date_may_have_a_short_name(protocol):
    assert protocol.dates["gvhd-prophylaxis-last"].short == "last GVHD prophylaxis"
    assert protocol.dates["echo"].short == ""


def site(protocol, more):
    return read_site(f'format = 1\nzone = "America/New_York"\n{more}', "site.toml", protocol)


def test_the_calendar_shows_few_entries_unless_the_site_wants_more(protocol):
    assert site(protocol, "").calendar == CalendarChoice(tasks="none", windows="last day")
    assert site(protocol, '[calendar]\ntasks = "each"\nwindows = "span"').calendar == CalendarChoice(tasks="each", windows="span")


@pytest.mark.parametrize(("text", "minutes"), [("1 minute", 1), ("30 minutes", 30), ("1 hour", 60), ("4 hours", 240), ("168 hours", 10080)])
def test_a_length_is_minutes_or_hours(text, minutes, protocol):
    assert site(protocol, f'[length]\nfludarabine = "{text}"').lengths == {"fludarabine": minutes}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('[length]\nfludarabine = "soon"', "[length], fludarabine: 'soon' is not a length - write \"30 minutes\" or \"4 hours\""),
        ('[length]\nfludarabine = "0 minutes"', "is not a length"),
        ('[length]\nfludarabine = "169 hours"', "is not a length"),
        ('[length]\nfludarabin = "1 hour"', 'the protocol has no such name - did you mean "fludarabine"?'),
        ('[times]\nfludarabine = "09:00 to 09:30"\n[length]\nfludarabine = "1 hour"', "its time has an end already - leave one of the two out"),
        ('[calendar]\ntasks = "some"', "[calendar], tasks:"),
        ('[calendar]\nwindow = "none"', 'I don\'t know this key - did you mean "windows"?'),
    ],
    ids=["a word", "none", "too long", "a misspelt name", "two ends", "a choice that is none", "a misspelt key"],
)
def test_what_cannot_be_is_told_at_its_place(more, words, protocol):
    with pytest.raises(InputError) as error:
        site(protocol, more)
    (line,) = said(error)
    assert words in line
