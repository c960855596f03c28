"""What acts gave, as the text that is kept of it."""

import base64
import json
import zlib
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from shared.slip_once import CODE, create_patient, slip

from schedule.ledger.packed import Packing, is_text_of, listed_in, projection_in, projection_to_text
from schedule.ledger.sqlite import SqliteStore
from schedule.model.projection import listed_of
from schedule.service.revisions import newest


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """What a first plan and a slip of it gave, and another patient's plan."""
    with SqliteStore(tmp_path_factory.mktemp("packed") / "ledger.sqlite") as store:
        create_patient(store)
        slip(store, 1)
        create_patient(store, 2, "CIML-019")
        return [row.content for row in (*store.history(CODE), newest(store, "CIML-019"))]


def unpacked(text):
    """The zone, what lists show, the rows of what repeats the texts, and the others."""
    zone, *squeezed = json.loads(text)
    return zone, *(json.loads(zlib.decompress(base64.b64decode(one))) for one in squeezed)


def packed(zone, *rows, level=6):
    return json.dumps([zone, *(base64.b64encode(zlib.compress(json.dumps(one, separators=(",", ":"), ensure_ascii=False).encode(), level)).decode() for one in rows)])


def test_what_is_read_is_written_the_same(texts):
    for text in texts:
        assert projection_to_text(projection_in(text)) == text
        assert is_text_of(text, projection_in(text))


def test_a_library_that_squeezes_otherwise_writes_the_same(texts):
    other = packed(*unpacked(texts[0]), level=1)
    assert other != texts[0]
    assert is_text_of(other, projection_in(texts[0]))
    assert projection_in(other) == projection_in(texts[0])
    assert not is_text_of(texts[1], projection_in(texts[0]))


@pytest.mark.parametrize("squeezed", [b"", b"none", zlib.compress(b"[]")[:-5], zlib.compress(b" " * (64 * 2**20 + 1))])
def test_what_is_not_squeezed_or_endless_is_an_error(squeezed, texts):
    zone, listed, words, rows = json.loads(texts[0])
    wrong = base64.b64encode(squeezed).decode()
    for reader, parts in ((projection_in, (listed, words, wrong)), (listed_in, (wrong, words, rows))):
        text = json.dumps([zone, *parts])
        with pytest.raises(ValueError):
            reader(text)
        assert not is_text_of(text, projection_in(texts[0]))


def test_what_gave_the_same_at_another_time_is_compared_as_if_written_anew(texts):
    """The slip is known by its own as-of, so that an act as of the same moment shares that row; and one night has 01:30 twice."""
    slipped, packing = projection_in(texts[1]), Packing()
    twice = datetime(2026, 11, 1, 1, 30)
    times = [slipped.as_of, *(slipped.as_of + timedelta(hours=n) for n in (1, 2)), slipped.moves[-1].at, twice, twice.replace(fold=1)]
    for given in [replace(slipped, as_of=at) for at in times]:
        own = projection_to_text(given)
        assert packing.is_text_of(own, given)
        assert [packing.is_text_of(projection_to_text(replace(slipped, as_of=at)), given) for at in times].count(True) == times.count(given.as_of) - (given.as_of == twice)
        assert not packing.is_text_of(own, replace(given, ward="another"))
        assert packing.is_text_of(own, given)


def test_it_takes_a_third_of_its_rows(texts):
    assert len(texts[0]) < sum(len(json.dumps(rows)) for rows in unpacked(texts[0])[1:]) / 2.5


def test_what_lists_show_is_a_part_of_the_same(texts):
    for text in texts:
        assert listed_in(text) == listed_of(projection_in(text))
    zone, listed, *rows = unpacked(texts[0])
    del listed[0]
    assert not is_text_of(packed(zone, listed, *rows), projection_in(texts[0]))
    with pytest.raises(ValueError):
        listed_in(packed(zone, listed, *rows))


def test_the_hours_that_lists_show_are_those_of_the_sites_clock(texts):
    found, whole = (read(texts[1]).events for read in (listed_in, projection_in))
    hours = [f"{one.start:%H:%M %z}" for one in found if one.start]
    assert "10:00 -0400" in hours
    assert hours == [f"{one.start:%H:%M %z}" for one in whole if one.start]


@pytest.mark.parametrize("number", [None, 1_000_000, -1_000_000, "itself", "next"])
def test_a_row_that_names_none_before_it_is_an_error(number, texts):
    zone, listed, words, rows = unpacked(texts[0])
    case = next(n for n, row in enumerate(rows) if row[0] == "Case")
    found = {"itself": case + 1, "next": case + 2}.get(number, number)
    row = rows[case]
    at = next(n for n, field in enumerate(row) if type(field) is int and isinstance(rows[field - 1], str) and field > 0)
    row[at] = found
    with pytest.raises((KeyError, TypeError, ValueError)):
        projection_in(packed(zone, listed, words, rows))


@pytest.mark.parametrize("change", [lambda row: row.pop(), lambda row: row.append(0)])
def test_a_row_that_is_too_short_or_too_long_is_an_error(change, texts):
    zone, listed, words, rows = unpacked(texts[0])
    change(next(row for row in rows if row[0] == "Event"))
    with pytest.raises((KeyError, TypeError, ValueError)):
        projection_in(packed(zone, listed, words, rows))
