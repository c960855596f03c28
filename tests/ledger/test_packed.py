"""What acts gave, as the text that is kept of it."""

import json

import pytest
from shared.slip_once import CODE, create_patient, slip

from schedule.ledger.packed import projection_in, projection_to_text
from schedule.ledger.sqlite import SqliteStore
from schedule.service.revisions import newest


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """What a first plan and a slip of it gave, and another patient's plan."""
    with SqliteStore(tmp_path_factory.mktemp("packed") / "ledger.sqlite") as store:
        create_patient(store)
        slip(store, 1)
        create_patient(store, 2, "CIML-019")
        return [row.content for row in (*store.history(CODE), newest(store, "CIML-019"))]


def test_what_is_read_is_written_the_same(texts):
    for text in texts:
        assert projection_to_text(projection_in(text)) == text


def test_the_words_of_the_texts_are_read_once_for_all_patients(texts):
    first, _, other = (projection_in(text) for text in texts)
    assert first.case.code != other.case.code
    assert all(one.source is another.source for one, another in zip(first.findings, other.findings, strict=True))


@pytest.mark.parametrize("number", [None, 1_000_000, -1_000_000, "itself", "next"])
def test_a_row_that_names_none_before_it_is_an_error(number, texts):
    zone, words, rows = json.loads(texts[0])
    case = next(n for n, row in enumerate(rows) if row[0] == "Case")
    found = {"itself": case + 1, "next": case + 2}.get(number, number)
    row = rows[case]
    at = next(n for n, field in enumerate(row) if type(field) is int and isinstance(rows[field - 1], str) and field > 0)
    row[at] = found
    with pytest.raises((KeyError, TypeError, ValueError)):
        projection_in(json.dumps([zone, words, rows]))


@pytest.mark.parametrize("change", [lambda row: row.pop(), lambda row: row.append(0)])
def test_a_row_that_is_too_short_or_too_long_is_an_error(change, texts):
    zone, words, rows = json.loads(texts[0])
    change(next(row for row in rows if row[0] == "Event"))
    with pytest.raises((KeyError, TypeError, ValueError)):
        projection_in(json.dumps([zone, words, rows]))
