"""What acts gave, as the text that is kept of it."""

import base64
import json
import zlib
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from msgspec import Struct
from msgspec.structs import replace
from shared.slip_once import CODE, create_patient, slip

from schedule.ledger.packed import is_text_of, listed_in, projection_in, projection_to_text
from schedule.ledger.parts import with_each
from schedule.ledger.sqlite import SqliteStore
from schedule.model.moment import Moment
from schedule.model.plan import CycleStanding
from schedule.model.projection import listed_of
from schedule.model.records import is_same
from schedule.service.revisions import newest

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """What a first plan and a slip of it gave, and another patient's plan."""
    with SqliteStore(tmp_path_factory.mktemp("packed") / "ledger.sqlite") as store:
        create_patient(store)
        slip(store, 1)
        create_patient(store, 2, "CIML-019")
        return [row.content for row in (*store.history(CODE), newest(store, "CIML-019"))]


def unpacked(text):
    """What lists show, and all of it."""
    return [json.loads(zlib.decompress(base64.b64decode(one))) for one in json.loads(text)]


def packed(*parts, level=6):
    plain = (json.dumps(one, separators=(",", ":"), ensure_ascii=False).encode() for one in parts)
    return json.dumps([base64.b64encode(zlib.compress(one, level)).decode() for one in plain])


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
    listed, whole = json.loads(texts[0])
    wrong = base64.b64encode(squeezed).decode()
    for reader, parts in ((projection_in, (listed, wrong)), (listed_in, (wrong, whole))):
        text = json.dumps(parts)
        with pytest.raises(ValueError):
            reader(text)
        assert not is_text_of(text, projection_in(texts[0]))


def test_it_takes_a_fifth_of_what_is_said(texts):
    assert len(texts[0]) < sum(len(json.dumps(part)) for part in unpacked(texts[0])) / 5


def test_what_lists_show_is_a_part_of_the_same(texts):
    for text in texts:
        assert listed_in(text) == listed_of(projection_in(text))
    listed, whole = unpacked(texts[0])
    del listed[0]
    assert not is_text_of(packed(listed, whole), projection_in(texts[0]))
    with pytest.raises(ValueError):
        listed_in(packed(listed, whole))


def test_the_hours_that_lists_show_are_those_of_the_sites_clock(texts):
    found, whole = (read(texts[1]).events for read in (listed_in, projection_in))
    hours = [f"{one.start:%H:%M %z}" for one in found if one.start]
    assert "10:00 -0400" in hours
    assert hours == [f"{one.start:%H:%M %z}" for one in whole if one.start]


def _lose(whole):
    del whole["findings"]


def _unknown_kind(whole):
    whole["findings"][0][2] = {"type": "SoItWasToldMe"}


def _no_date(whole):
    whole["case"]["dates"] = {"transplant": ["2026-02-30"]}


def _no_zone(whole):
    whole["zone"] = "Nowhere/Atall"


@pytest.mark.parametrize("change", [_lose, _unknown_kind, _no_date, _no_zone])
def test_what_is_no_projection_is_an_error(change, texts):
    listed, whole = unpacked(texts[0])
    change(whole)
    with pytest.raises((KeyError, ValueError)):
        projection_in(packed(listed, whole))
    assert not is_text_of(packed(listed, whole), projection_in(texts[0]))


# Moments --------------------------------------------------------------------------------------------------------------

TWICE = datetime(2026, 11, 1, 1, 30)
"""In the night of Sun 1-Nov-2026 the clocks of New York show 01:30 twice."""


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        (NEW_YORK, TWICE.replace(tzinfo=NEW_YORK)),
        (NEW_YORK, TWICE.replace(tzinfo=NEW_YORK, fold=1)),
        (ZoneInfo("Africa/Monrovia"), datetime(1971, 6, 1, 10, tzinfo=ZoneInfo("Africa/Monrovia"))),  # 44 min 30 s behind UTC
        (None, datetime(2026, 6, 15, 10, tzinfo=timezone(timedelta(hours=-4)))),
        (None, datetime(2026, 6, 15, 10, tzinfo=UTC)),
    ],
    ids=str,
)
def test_a_moment_comes_back_in_its_zone_as_the_one_it_was(zone, at, texts):
    given = projection_in(texts[1])
    moment = Moment(on=at.date(), at=at)
    given = replace(given, zone=zone.key if zone else None, events=(replace(given.events[0], start=at, planned=moment, latest=moment),))
    text = projection_to_text(given)
    event = projection_in(text).events[0]
    for found in (event.start, event.planned.at, event.latest.at):
        assert (found, found.utcoffset(), found.fold) == (at, at.utcoffset(), at.fold)
        assert zone is None or found.tzinfo is zone


def test_a_wall_time_that_comes_twice_comes_back_as_the_one_it_was(texts):
    given = projection_in(texts[1])
    first, second = (
        projection_to_text(replace(given, as_of=at, moves=(replace(given.moves[0], at=at),))) for at in (TWICE, TWICE.replace(fold=1))
    )
    for text, fold in ((first, 0), (second, 1)):
        found = projection_in(text)
        assert [(one, one.fold, one.tzinfo) for one in (found.as_of, found.moves[0].at)] == [(TWICE, fold, None)] * 2
    assert not is_text_of(first, projection_in(second))
    assert not is_text_of(second, projection_in(first))


def test_equal_moments_of_two_offsets_are_told_apart(texts):
    given = replace(projection_in(texts[1]), zone=None)
    at = datetime(2026, 6, 15, 14, tzinfo=UTC)
    one, other = (replace(given, events=(replace(given.events[0], start=when),)) for when in (at, at.astimezone(timezone(timedelta(hours=-4)))))
    assert one == other
    assert not is_text_of(projection_to_text(one), other)


def test_the_order_in_which_a_mapping_or_a_set_was_made_is_not_kept(texts):
    given = projection_in(texts[1])
    zero = CycleStanding(planned=given.standing.planned, day_zero=given.standing.day_zero)

    def made(turned):
        def of(*parts):
            return dict(reversed(parts) if turned else parts)

        names = [f"il2-{number}" for number in (range(9, 0, -1) if turned else range(1, 10))]
        standing = replace(given.standing, cycles=of((2, zero), (10, zero)), fixed=frozenset(names))
        dates = of(("echo", (date(2026, 6, 1),)), ("scan", ()))
        return replace(given, standing=standing, doses_before=of((1, ("a-1",)), (10, ())), case=replace(given.case, dates=dates))

    texts_of_both = {projection_to_text(made(turned)) for turned in (False, True)}
    assert len(texts_of_both) == 1
    found = projection_in(texts_of_both.pop())
    assert is_same(found, made(True)) and list(found.standing.cycles) == [2, 10]


def all_in(value):
    """Every moment and every set in a value, wherever it lies."""
    if isinstance(value, datetime | frozenset):
        yield value
    parts = value if isinstance(value, tuple) else value.values() if isinstance(value, dict) else ()
    for part in (getattr(value, name) for name in value.__struct_fields__) if isinstance(value, Struct) else parts:
        yield from all_in(part)


def test_no_moment_and_no_set_is_passed_over(texts):
    found, seen = projection_in(texts[1]), []
    assert with_each(found, lambda part: seen.append(part) or part) == found
    assert sorted(map(str, seen)) == sorted(map(str, all_in(found)))
    assert len(seen) > 100
