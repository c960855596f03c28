"""The abbreviations of the Joint Commission's "Do Not Use" list, of ISMP's list, and doses: each row, and its near misses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.files.abbreviations import _REFUSED, _found, doses, doubted, unsafe

MORPHINE = "morphine sulfate, or magnesium sulfate"
NO_TRAILING, LEADING = "the number without the trailing zero", "the number with a leading zero"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("give QD", [("QD", "daily")]),
        ("give q.d.", [("q.d.", "daily")]),
        ("qd, in the evening", [("qd", "daily")]),
        ("give QOD", [("QOD", "every other day")]),
        ("q.o.d. from day 1", [("q.o.d.", "every other day")]),
        ("qod", [("qod", "every other day")]),
        ("million IU", [("IU", "international units")]),
        ("100IU", [("IU", "international units")]),
        ("I.U.", [("I.U.", "international units")]),
        ("6 U of insulin", [("U", "units")]),
        ("6U of insulin", [("U", "units")]),
        ("ten u", [("u", "units")]),
        ("MS for pain", [("MS", MORPHINE)]),
        ("MSO4 for pain", [("MSO4", MORPHINE)]),
        ("MgSO4 in the bag", [("MgSO4", "magnesium sulfate")]),
        ("dilute to 1.0", [("1.0", NO_TRAILING)]),
        ("dilute to 1.0.", [("1.0", NO_TRAILING)]),
        ("10.00 of it", [("10.00", NO_TRAILING)]),
        ("dilute to .5", [(".5", LEADING)]),
        ("QD or QOD", [("QD", "daily"), ("QOD", "every other day")]),
    ],
)
def test_every_row_of_the_do_not_use_list_is_refused(text, found):
    assert sorted(unsafe(text)) == sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        "every day", "daily for 3 doses", "every other day", "international units", "units", "interleukin-2 (IL-2)",
        "U.S. record", "United States", "use up the bag", "us", "MDS and MPN", "items", "systems", "magnesium sulfate",
        "morphine sulfate", "day 10", "0.5", "1.05", "100", "version 1.0.2", "day -5.", "criterion 2.13", "IUD in place",
        "CIML-017", "Quod", "T cell chimerism",
    ],
)  # fmt: skip
def test_words_that_only_look_like_an_unsafe_abbreviation_are_let_pass(text):
    assert unsafe(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("D/C the pump", ["D/C", "/"]),
        ("at HS", ["HS"]),
        ("qhs", ["qhs"]),
        ("BT", ["BT"]),
        ("SC", ["SC"]),
        ("s.c. injection", ["s.c."]),
        ("SQ", ["SQ"]),
        ("sub q", ["sub q"]),
        ("5 cc", ["cc"]),
        ("5cc", ["cc"]),
        ("5 \u00b5g", ["\u00b5"]),
        ("5 \u03bcg", ["\u03bc"]),
        ("5ug", ["ug"]),
        ("TIW", ["TIW"]),
        ("biw", ["biw"]),
        ("q6pm", ["q6pm"]),
        ("q8h", ["q8h"]),
        ("drops AD", ["AD"]),
        ("drops OU", ["OU"]),
        ("day 1/day 2", ["/"]),
        ("@ noon", ["@"]),
        ("blood & urine", ["&"]),
        ("< 5", ["<"]),
        ("> 5", [">"]),
    ],
)
def test_the_common_rows_of_ismps_list_are_warned_of(text, found):
    assert [what for what, _ in doubted(text)] == found


@pytest.mark.parametrize(
    "text",
    ["as tolerated", "as needed, as before", "scan", "account", "occult blood", "subcutaneous injection", "discharge",
     "each eye", "debt", "hands", "quart", "one of the drugs", "add the bag"],
)  # fmt: skip
def test_plain_words_are_not_warned_of(text):
    assert doubted(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5mg of prednisone", ["5mg"]),
        ("fludarabine 30 mg per day", ["30 mg"]),
        ("1,000 units", ["1,000 units"]),
        ("6 million units", ["6 million units"]),
        ("0.5 ml and 2 g", ["0.5 ml", "2 g"]),
        ("12 micrograms", ["12 micrograms"]),
        ("250 millilitres", ["250 millilitres"]),
        ("3 mcg", ["3 mcg"]),
    ],
)
def test_an_amount_of_a_drug_is_found(text, found):
    assert doses(text) == found


@pytest.mark.parametrize(
    "text", ["2 months", "7 doses", "day 5", "3 groups", "grade 3 or 4", "12 years", "4 weeks", "48 hours", "T cell ≥20%", "2 men"]
)
def test_a_number_that_is_no_amount_of_a_drug_is_let_pass(text):
    assert doses(text) == []


@given(st.text(alphabet=st.sampled_from(list("qQoOdD.iIuUmMsSgG4O0 5ıİſK/-,")), max_size=12))
@settings(max_examples=500)
def test_what_is_looked_for_first_misses_nothing(text):
    assert unsafe(text) == _found(text, _REFUSED)
