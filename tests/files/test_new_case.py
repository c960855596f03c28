"""A case file written from values is read back as the same values, whatever they are."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.files.case_file import read_case
from schedule.files.new_case import quoted, write_case
from schedule.files.table import tables_of
from schedule.model.case import NEVER, Attested
from schedule.model.dates import zone
from schedule.model.moment import Moment
from schedule.model.text import printable

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


def on(*days):
    """Dates without an hour."""
    return tuple(Moment(on=day) for day in days)


def test_a_small_case_has_exactly_this_text():
    made = write_case(
        "CIML-017", "NCT04024761", Moment(on=date(2026, 6, 15)), {"marrow": on(date(2026, 5, 21)), "dli-last": NEVER,
        "echo": on(date(2026, 5, 1), date(2026, 6, 1))}, {"age-eligible": Attested(on=date(2026, 5, 12), by="")}, {},
    )  # fmt: skip
    assert made == (
        'format = 1\ncode = "CIML-017"\nprotocol = "NCT04024761"\nplanned-day-zero = 2026-06-15\n\n[dates]\nmarrow = 2026-05-21\n'
        'dli-last = "never"\necho = [2026-05-01, 2026-06-01]\n\n[attestations]\nage-eligible = 2026-05-12\n'
    )


def test_choices_stand_in_a_table_of_their_own():
    made = write_case("A", "P", None, {}, {}, {"indication": "dlbcl"})
    assert tables_of(made, "case")["choices"] == {"indication": "dlbcl"}


@given(
    st.dictionaries(st.sampled_from(["marrow", "echo", "virology"]), st.lists(DAYS, min_size=1, max_size=4, unique=True)),
    st.dictionaries(st.sampled_from(["age-eligible", "not-breastfeeding"]), st.tuples(DAYS, st.text(max_size=40))),
    st.one_of(st.none(), DAYS),
)
def test_what_is_written_is_read_back(protocol, dates, statements, planned):
    dates = {name: tuple(sorted(days)) for name, days in dates.items()}
    attestations = {name: Attested(on=on, by=printable(by).strip()) for name, (on, by) in statements.items()}
    written = {name: on(*days) for name, days in dates.items()}
    text = write_case("A-1", "NCT04024761", Moment(on=planned) if planned else None, written, attestations, {})
    case = read_case(text, "case", protocol)
    assert (case.dates, case.attestations, case.planned_day_zero) == (dates, attestations, planned)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_in_quotes_is_the_same_text(text):
    assert tables_of(f"a = {quoted(text)}\n", "case") == {"a": text}


@pytest.mark.parametrize("fold", [0, 1])
def test_an_hour_that_happens_twice_keeps_which_of_the_two_it_is(protocol, site_of, fold):
    moment = datetime(2026, 11, 1, 1, 30, tzinfo=zone("America/New_York"), fold=fold)
    text = write_case("A-1", "NCT04024761", Moment(on=moment.date(), at=moment), {}, {}, {})
    case = read_case(text, "case", protocol, site_of())
    assert case.planned_moment.utcoffset() == moment.utcoffset()


def test_an_hour_that_happens_once_is_a_wall_time():
    moment = datetime(2026, 6, 15, 10, tzinfo=zone("America/New_York"))
    assert "planned-day-zero = 2026-06-15T10:00:00\n" in write_case("A", "P", Moment(on=moment.date(), at=moment), {}, {}, {})


@pytest.mark.parametrize("fold", [0, 1])
def test_a_known_date_is_read_back_with_its_hour(protocol, site_of, fold):
    twice = datetime(2026, 11, 1, 1, 30, tzinfo=zone("America/New_York"), fold=fold)
    written = {"chimerism": (*on(date(2026, 5, 22)), Moment(on=twice.date(), at=twice))}
    case = read_case(write_case("A-1", "NCT04024761", None, written, {}, {}), "case", protocol, site_of())
    assert case.dates["chimerism"] == (date(2026, 5, 22), date(2026, 11, 1))
    assert [at.isoformat() for at in case.hours["chimerism"]] == [twice.isoformat()]
