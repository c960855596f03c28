"""The calendar that moves by itself: what is due, in which order, and that nothing is lost, doubled, revived or moved back,
wherever the worker or the way to the calendar is ended."""

import shutil
import subprocess
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from msgspec.structs import replace
from shared.fake_channel import DAY, START, FakeCalendar, FakeLink, FakeWard, Killed
from shared.postgres import BIN
from shared.slip_once import CODE, create_patient, meta, slip
from shared.stores import KINDS, new_place
from shared.ward import Ward

from schedule.engine.deliveries import rest_by, sequence_of, stamp_of, wait_after
from schedule.ledger.opening import open_store
from schedule.ledger.server import close_kept
from schedule.model.acts import ChangeWard
from schedule.model.errors import ChannelRefused
from schedule.model.reasons.deliveries import Declined, PausedOne, SameCalendar
from schedule.service.channels import add_channel, channel_called, pause_channel, remove_channel, resume_channel
from schedule.service.links import Reply
from schedule.service.publisher import Publisher
from schedule.service.restore import restore
from schedule.service.standings import publishing_lines
from schedule.service.wanted import wanted_of

STEPS = ("ok", "down", "refused", "broken", "killed before", "killed after")


@pytest.fixture
def ward(place):
    found = FakeWard(place)
    yield found
    found.close()


def days_of(code, shift=0, count=47):
    """A patient's entries: the infusion on Mon 15-Jun-2026, the others a day apart from 10 days before it."""
    named = [f"{code}-{number}" for number in range(count - 1)]
    return {f"{code}-nk": DAY + timedelta(days=shift)} | {
        uid: DAY + timedelta(days=shift + number - 10) for number, uid in enumerate(named)
    }


def said(ward):
    return [str(line) for line in publishing_lines(ward.store, ward.clock)]


def loud(ward):
    return [str(line) for line in publishing_lines(ward.store, ward.clock) if line.loud]


# order, pace, and the sentence


def test_a_slip_goes_out_with_the_infusion_first_then_the_next_48_hours(ward):
    ward.store.act("CIML-017", days_of("CIML-017"))
    ward.run()
    ward.calendar.got.clear()
    ward.store.act("CIML-017", days_of("CIML-017", 1))
    ward.run()
    order = [uid for uid, *_ in ward.calendar.got]
    assert order[0] == "CIML-017-nk"
    # The clock is at Thu 11-Jun; what stood or stands on 11, 12 or 13-Jun: planned days 11 to 13 are numbers 6 to 8, and
    # moved there from 10 and 12 are number 5 (10 -> 11) as well.
    assert sorted(order[1:5]) == ["CIML-017-5", "CIML-017-6", "CIML-017-7", "CIML-017-8"]
    assert len(order) == 47


def test_the_sentence_while_it_moves_and_when_it_has(ward):
    ward.calendar.confirms = True
    ward.store.act("CIML-017", days_of("CIML-017"))
    assert said(ward) == ["Ward calendar: CIML-017, changed, not yet sent."]
    ward.worker().round()
    assert said(ward) == ["Ward calendar: CIML-017, 20 of 47 moved, the rest by 20:17 UTC."]
    ward.later(seconds=60)
    ward.worker().round()
    assert said(ward) == ["Ward calendar: CIML-017, 40 of 47 moved, the rest by 20:17 UTC."]
    ward.later(seconds=60)
    assert ward.worker().round() is None
    assert said(ward) == ["Ward calendar: CIML-017, 47 of 47 moved, 20:17 UTC."]


def test_what_nobody_has_answered_is_sent_and_not_confirmed(ward):
    ward.store.act("CIML-017", {"CIML-017-nk": DAY})
    ward.run()
    assert said(ward) == ["Ward calendar: CIML-017, 1 of 1 sent, not confirmed, 20:15 UTC."]


def test_sixteen_patients_at_20_a_minute_and_the_sentence_is_right_at_every_moment(place):
    """16 x 47 = 752 messages; 20 go out at once, the others in 37 minutes: at 20:52. What is promised is kept."""
    ward = FakeWard(place)
    codes = [f"CIML-{number:03}" for number in range(1, 17)]
    for code in codes:
        ward.store.act(code, days_of(code))
    promised = []
    for minute in range(38):
        ward.clock = START + timedelta(minutes=minute)
        moment = ward.worker().round()
        over = len(ward.calendar.got)
        assert over == min(752, 20 * (minute + 1))
        lines = said(ward)
        counted = [line.split(", ")[1].split(" ") for line in lines]
        assert (sum(int(part[0]) for part in counted), sum(int(part[2]) for part in counted)) == (over, 752)
        promised += [line.rpartition("the rest by ")[2] for line in lines if "the rest by" in line]
        assert (moment is None) == (minute == 37)
    assert {uid for uid, *_ in ward.calendar.got[:16]} == {f"{code}-nk" for code in codes}
    assert set(promised) == {"20:52 UTC."}
    ward.close()


def test_what_is_said_of_one_patient_promises_no_more_than_what_waits_of_all_allows(ward):
    """2 x 47 = 94 messages at 20 a minute, of which 20 went out at 20:15: the last 14 go at 20:19, whoever is asked about."""
    for code in ("CIML-017", "CIML-018"):
        ward.store.act(code, days_of(code))
    ward.worker().round()
    for code in ("CIML-017", "CIML-018"):
        (line,) = publishing_lines(ward.store, ward.clock, [code])
        assert line.text.endswith("of 47 sent, not confirmed, the rest by 20:19 UTC."), line


@pytest.mark.parametrize(
    ("waiting", "before", "expected"),
    [(1, 0, "20:15"), (20, 0, "20:15"), (21, 0, "20:16"), (40, 0, "20:16"), (41, 0, "20:17"), (1, 20, "20:16"), (19, 2, "20:16")],
)
def test_when_the_rest_will_have_gone_out(waiting, before, expected):
    tried = [START - timedelta(seconds=30)] * before
    assert f"{rest_by(waiting, tried, 20, START):%H:%M}" == expected


def test_numbers_rise_with_every_message_and_never_fall():
    assert [sequence_of(*row) for row in ((0, -1, 0), (3, 1, 0), (3, 7, 0), (2, 2, 1003))] == [0, 3, 8, 1003]
    assert stamp_of(START, START) == START + timedelta(seconds=1)
    assert stamp_of(START + timedelta(seconds=5, microseconds=7), START) == START + timedelta(seconds=5)
    assert [wait_after(tries) for tries in (1, 2, 3, 7, 8, 99)] == [30, 60, 120, 1800, 1800, 1800]


# what goes wrong


def test_what_did_not_move_is_said_with_the_patient_and_telephone(ward):
    """After a first plan that came, a slip of which nothing gets through."""
    ward.store.act("CIML-017", {"CIML-017-nk": DAY, "CIML-017-1": DAY})
    ward.run()
    ward.store.act("CIML-017", {"CIML-017-nk": date(2026, 6, 17), "CIML-017-1": date(2026, 6, 17)})
    ward.calendar.plan = ["refused", "refused"]
    ward.worker().round()
    assert loud(ward) == [
        "Ward calendar: 2 NOT moved: CIML-017 (2), still shows day 0 on Mon 15-Jun-2026: telephone. The server did not take "
        "the entry (answer 554). It is tried again.",
    ]
    ward.run()
    assert (loud(ward), ward.calendar.held) == ([], ward.shown())


def test_a_relay_that_does_not_answer_is_left_alone_for_longer_each_time(ward):
    ward.store.act("CIML-017", {"CIML-017-nk": DAY})
    ward.calendar.plan = ["down"] * 3
    waits = []
    for _ in range(3):
        moment = ward.worker().round()
        waits.append(int((moment - ward.clock).total_seconds()))
        ward.clock = moment - timedelta(seconds=1)
        ward.worker().round()  # too early: nothing is tried
        ward.clock = moment
    assert waits == [30, 60, 120]
    assert loud(ward) == [
        "Ward calendar: 1 NOT moved: CIML-017 (1): telephone. relay does not answer (no route). Ask IT whether it runs and is "
        "reached from here."
    ]
    ward.run()
    assert loud(ward) == []


def test_an_older_message_that_waits_is_dropped_and_never_sent(ward):
    ward.store.act("CIML-017", {"CIML-017-nk": DAY})
    ward.calendar.plan = ["down"]
    ward.worker().round()
    ward.store.act("CIML-017", {"CIML-017-nk": DAY + timedelta(days=2)})
    ward.store.act("CIML-017", {"CIML-017-nk": DAY + timedelta(days=1)})
    ward.run()
    assert [day for *_, day in ward.calendar.got] == [DAY + timedelta(days=1)]


def test_paused_is_said_as_loud_as_failed_and_after_it_only_the_newest_state_goes_out(ward):
    ward.store.act("CIML-017", {"CIML-017-nk": date(2026, 6, 18)})
    ward.run()
    pause_channel(ward.store, ward.channel, ward.clock)
    for day in (19, 20, 17):
        ward.store.act("CIML-017", {"CIML-017-nk": date(2026, 6, day)})
        ward.later(minutes=1)
        assert ward.worker().round() is None
    assert loud(ward) == ["Ward calendar: paused since 20:15 UTC, CIML-017 still shows day 0 on Thu 18-Jun-2026: telephone."]
    resume_channel(ward.store, channel_called(ward.store, "Ward calendar"))
    ward.run()
    assert [day.day for *_, day in ward.calendar.got] == [18, 17]
    assert loud(ward) == []


def test_a_channel_that_nobody_looks_after_is_said_loudly(ward):
    ward.store.act("CIML-017", {"CIML-017-nk": DAY})
    ward.run()
    ward.later(minutes=4)
    assert loud(ward) == []
    ward.store.act("CIML-017", {"CIML-017-nk": DAY + timedelta(days=1)})
    ward.later(minutes=2)
    assert loud(ward) == [
        "Ward calendar: nobody has looked after it since 20:15 UTC, not up to date for CIML-017: telephone. Ask IT to start dayzero deliver."
    ]


def test_an_entry_that_was_withdrawn_comes_back_only_under_a_higher_number(ward):
    ward.store.act("CIML-017", {"CIML-017-nk": DAY, "CIML-017-1": DAY})
    ward.run()
    ward.store.act("CIML-017", {"CIML-017-nk": DAY})
    ward.run()
    ward.store.act("CIML-017", {"CIML-017-nk": DAY, "CIML-017-1": DAY})
    ward.run()
    assert [(sequence, method) for uid, sequence, method, _ in ward.calendar.got if uid == "CIML-017-1"] == [
        (0, "show"), (1, "withdraw"), (2, "show"),
    ]  # fmt: skip


def test_a_reply_that_declines_is_red_and_one_that_accepts_is_the_proof(ward):
    ward.store.act("CIML-017", {"CIML-017-nk": DAY, "CIML-017-1": DAY})
    ward.calendar.replies = lambda: (
        Reply(uid="CIML-017-nk", sequence=0, accepted=False), Reply(uid="CIML-017-1", sequence=0, accepted=True),
        Reply(uid="CIML-017-1", sequence=9, accepted=False), Reply(uid="somebody's", sequence=0, accepted=False),
    )  # fmt: skip
    ward.run()
    rows = {one.uid: (one.state, one.error) for one in ward.store.deliveries(ward.channel.id, "CIML-017")}
    assert rows == {"CIML-017-nk": ("declined", Declined()), "CIML-017-1": ("confirmed", None)}
    assert loud(ward) == [
        "Ward calendar: 1 NOT moved: CIML-017 (1): telephone. The mailbox declined it: it does not accept what Dayzero sends. "
        "docs/publishing.md says how it must."
    ]


def test_what_somebody_moved_in_the_calendar_is_put_back_and_told(place):
    ward = FakeWard(place, reads=True, kind="caldav")
    ward.calendar.confirms = True
    ward.store.act("CIML-017", {"CIML-017-nk": DAY, "CIML-017-1": DAY})
    ward.run()
    ward.calendar.held["CIML-017-nk"] = DAY + timedelta(days=3)
    ward.later(minutes=59)
    ward.run()
    assert ward.calendar.held != ward.shown()
    ward.later(minutes=2)
    ward.run()
    assert ward.calendar.held == ward.shown()
    assert [line for line in said(ward) if "hand" in line] == [
        "Ward calendar: 1 entry of CIML-017 had been changed by hand in the calendar and went out again."
    ]
    ward.close()


# another ledger, another channel


def test_a_copied_ledger_starts_paused_and_goes_on_above_anything_sent(ward):
    ward.store.act("CIML-017", {"CIML-017-nk": DAY})
    ward.run()
    ward.store.lies = "elsewhere"
    ward.store.act("CIML-017", {"CIML-017-nk": DAY + timedelta(days=1)})
    ward.run()
    assert len(ward.calendar.got) == 1
    assert "paused since 20:15 UTC (the ledger is a copy, or was moved), CIML-017 still shows" in loud(ward)[0]
    resume_channel(ward.store, channel_called(ward.store, "Ward calendar"))
    ward.run()
    assert [sequence for _, sequence, *_ in ward.calendar.got] == [0, 1000]


def opened_again(place, ward):
    """Close the ward's ledger, open and run it once more as it is, which pauses nothing; what the calendars then show."""
    shown = ward.store.shown
    ward.close()
    ward.again(place, shown)
    ward.later(minutes=1)
    ward.run()
    assert loud(ward) == []
    ward.close()
    return shown


def paused_and_resumed(place, ward, shown):
    """Open an older ledger in the place of the ward's: the next act is not sent, the pause is told, and is ended."""
    ward.again(place, shown)
    ward.store.act("CIML-017", {"CIML-017-nk": DAY + timedelta(days=2)})
    ward.run()
    assert [sequence for _, sequence, *_ in ward.calendar.got] == [0, 1]
    assert "paused since 20:16 UTC (the ledger is a copy, or was moved), CIML-017 still shows" in loud(ward)[0]
    resume_channel(ward.store, channel_called(ward.store, "Ward calendar"))


def test_an_older_ledger_copied_over_this_one_starts_paused_and_goes_on_above_anything_sent(tmp_path):
    """As `cp` does it: the same path, the same number on the disk. Without that, nothing is noticed, and nothing stops."""
    path, older = tmp_path / "ledger.sqlite", tmp_path / "older.sqlite"
    ward = FakeWard(path)
    ward.store.act("CIML-017", {"CIML-017-nk": DAY})
    ward.run()
    ward.store.backup(older)
    ward.store.act("CIML-017", {"CIML-017-nk": DAY + timedelta(days=1)})
    ward.run()
    shown = opened_again(path, ward)

    number = path.stat().st_ino
    shutil.copyfile(older, path)
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)
    assert path.stat().st_ino == number
    paused_and_resumed(path, ward, shown)
    for days in (2, 3):
        ward.store.act("CIML-017", {"CIML-017-nk": DAY + timedelta(days=days)})
        ward.run()
    assert [sequence for _, sequence, *_ in ward.calendar.got] == [0, 1, 1000, 1001]
    assert loud(ward) == []
    assert CODE not in path.with_name("ledger.sqlite.sent").read_text()
    ward.close()


def test_an_older_dump_put_back_into_the_same_database_starts_paused_and_goes_on_above_anything_sent(emptied, tmp_path):
    """As `pg_dump` and `pg_restore --clean` do it: the same server, the same database, the same timeline. In between, and
    where the server is only opened again, nothing is paused."""
    place, older = emptied(), tmp_path / "older.dump"
    ward = FakeWard(place)
    ward.store.act("CIML-017", {"CIML-017-nk": DAY})
    ward.run()
    subprocess.run([BIN / "pg_dump", "-Fc", "-f", older, "-d", place.url], check=True)
    ward.store.act("CIML-017", {"CIML-017-nk": DAY + timedelta(days=1)})
    ward.run()
    shown = opened_again(place, ward)
    close_kept()

    subprocess.run([BIN / "pg_restore", "--clean", "--if-exists", "--no-owner", "-d", place.url, older], check=True)
    paused_and_resumed(place, ward, shown)
    ward.run()
    assert [sequence for _, sequence, *_ in ward.calendar.got] == [0, 1, 1000]
    assert loud(ward) == []
    ward.close()


def test_a_restored_ledger_starts_paused_knows_what_was_sent_since_and_goes_on_above_it(place, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    backup = tmp_path / "backup.sqlite"
    with open_store(place) as store:
        create_patient(store)
        store.backup(backup)
        channel = add_ward(store)
        found = wanted_of(store, channel, CODE)
        assert {one.sequence for one in found.wanted} == {0}
    restore(place, backup, meta(60))
    with open_store(place) as store:
        (channel,) = store.channels()
        assert (channel.name, channel.pause_cause, channel.paused is not None) == ("Ward calendar", "restored", True)
        assert resume_channel(store, channel).floor == 1000
        assert resume_channel(store, store.channels()[0]).floor == 1000


def add_ward(store, name="Ward calendar", code=None, address="ward@hospital.example"):
    return add_channel(
        store, name=name, kind="imip", code=code, level="minimal", address=address, settings={}, by="IT", at=START
    )


@pytest.mark.parametrize(("code", "address"), [(None, "ward@hospital.example"), (CODE, "WARD@Hospital.example")])
def test_one_patient_to_one_mailbox_by_two_channels_is_refused(code, address, place):
    with open_store(place) as store:
        create_patient(store)
        add_ward(store)
        with pytest.raises(ChannelRefused) as refused:
            add_ward(store, "Second", code, address)
        assert refused.value.refusal == SameCalendar(name="Ward calendar")
        assert add_ward(store, "Second", code, "other@hospital.example").id == 2


def test_a_removed_channel_withdraws_its_entries_first_or_lets_them_stay(ward):
    ward.store.act("CIML-017", {"CIML-017-nk": DAY, "CIML-017-1": DAY})
    ward.run()
    pause_channel(ward.store, ward.channel, ward.clock)
    with pytest.raises(ChannelRefused) as refused:
        remove_channel(ward.store, channel_called(ward.store, "ward calendar"), leave=False)
    assert refused.value.refusal == PausedOne(name="Ward calendar")
    resume_channel(ward.store, ward.channel)
    remove_channel(ward.store, channel_called(ward.store, "Ward calendar"), leave=False)
    ward.run()
    assert (ward.calendar.held, ward.store.channels()[0].life, said(ward)) == ({}, "removed", [])


def test_a_patient_who_changes_wards_leaves_the_old_wards_calendar_and_stands_in_the_new_ones(place):
    """The new ward's does not answer at first, nor does the old one take anything out: each is said, and where."""
    with open_store(place, waits=False) as store:
        here, there = Ward(store, code="CASE-1"), Ward(store, code="CASE-2")
        for one in (here, there):
            one.do(ChangeWard(ward="3 East"), "2026-06-09 08:00")
        names = {"3 East": "east@hospital.example", "5 West": "west@hospital.example"}
        channels = [
            add_channel(
                store, name=name, kind="caldav", code=None, level="minimal", address=address, settings={}, by="IT", at=START, ward=name
            )
            for name, address in names.items()
        ]  # fmt: skip
        east, west = calendars = [FakeCalendar(store) for _ in channels]
        east.confirms = west.confirms = True
        clock = [START]

        def round_():
            clock[0] += timedelta(minutes=2)
            link = lambda channel: FakeLink(calendars[channel.id - 1], reads=True)  # noqa: E731
            Publisher(store=store, link_of=link, now=lambda: clock[0], holder="one").round()
            return [str(line) for line in publishing_lines(store, clock[0], ["CASE-1"])]

        uids = [{one.uid for one in wanted_of(store, channels[0], code).wanted} for code in ("CASE-1", "CASE-2")]
        count = len(uids[0])
        assert round_() == [f"3 East: CASE-1, {count} of {count} moved, 16:17."]
        assert (set(east.held), west.held) == (uids[0] | uids[1], {})

        here.do(ChangeWard(ward="5 West"), "2026-06-11 20:10")
        assert [str(line) for line in publishing_lines(store, clock[0], ["CASE-1"])] == [
            "3 East: CASE-1, changed, not yet sent.", "5 West: CASE-1, changed, not yet sent.",
        ]  # fmt: skip
        east.plan, west.plan = ["refused"] * count, ["down"]
        assert [line.partition(", still")[0].partition(": telephone")[0] for line in round_()[:2]] == [
            f"3 East: {count} NOT moved: CASE-1 ({count})", "5 West: 1 NOT moved: CASE-1 (1)",
        ]  # fmt: skip
        east.plan = west.plan = []
        assert round_() == [f"3 East: CASE-1, {count} of {count} taken out, 16:21.", f"5 West: CASE-1, {count} of {count} moved, 16:21."]
        assert (set(east.held), set(west.held)) == (uids[1], uids[0])
        assert (east.wrong, west.wrong) == ([], [])

        clock[0] += timedelta(hours=13)  # nobody looks after either, and the patient has long left the first
        (line,) = publishing_lines(store, clock[0], ["CASE-1"])
        assert line.loud and line.text.startswith("5 West: nobody has looked after it since")
        asked: list[str | None] = []
        heads = store.heads
        store.heads = lambda ward=None: asked.append(ward) or heads(ward)
        assert publishing_lines(store, clock[0], ["CASE-1"], "5 West") == (line,)
        assert asked == ["5 West"]


def test_a_channel_to_the_same_mailbox_goes_on_above_the_one_before_it(ward):
    for shift in range(3):
        ward.store.act("CIML-017", {"CIML-017-nk": DAY + timedelta(days=shift)})
        ward.run()
    remove_channel(ward.store, ward.channel, leave=True)
    assert add_ward(ward.store, "Again").floor == 3


def test_the_messages_of_the_example_are_its_days_and_a_slip_changes_what_moved(place):
    """Day 0 from 15 to 16-Jun: the infusion is the first on either level; the five doses given before it stay."""
    with open_store(place) as store:
        create_patient(store)
        days = add_ward(store)
        steps = replace(days, level="steps")
        first = wanted_of(store, steps, CODE), wanted_of(store, days, CODE)
        slip(store, 60)
        after = wanted_of(store, steps, CODE), wanted_of(store, days, CODE)
        for found, moved in zip(first, after, strict=True):
            before = {one.uid: one.hash for one in found.wanted}
            changed = [one for one in moved.wanted if before.get(one.uid) != one.hash]
            assert 0 < len(changed) <= len(moved.wanted)
            assert {one.sequence for one in changed} == {1}
        zeros = [[one.starts for one in found.wanted if one.infusion] for found in (*first, *after)]
        assert zeros == [
            [datetime(2026, 6, 15, 14, 0, tzinfo=UTC)], [date(2026, 6, 15)],
            [datetime(2026, 6, 16, 14, 0, tzinfo=UTC)], [date(2026, 6, 16)],
        ]  # fmt: skip
        assert {one.title.partition(" ")[0] for one in after[1].entries.values()} <= {CODE, "?", "!", "CANCELLED:"}


# whatever happens


class Deliveries(RuleBasedStateMachine):
    """Acts, workers, pauses, moved ledgers, and a calendar that fails or a worker that is killed at any message."""

    def __init__(self, new):
        super().__init__()
        self.new = new

    @initialize(reads=st.booleans())
    def start(self, reads):
        self.ward = FakeWard(self.new(), per_minute=5, reads=reads, kind="caldav")

    @rule(
        code=st.sampled_from(("A", "B")),
        days=st.dictionaries(st.sampled_from(("nk", "1", "2")), st.integers(-1, 3), min_size=1),
    )
    def act(self, code, days):
        self.ward.store.act(code, {f"{code}-{name}": DAY + timedelta(days=shift) for name, shift in days.items()})

    @rule(
        worker=st.sampled_from(("first", "second")), plan=st.lists(st.sampled_from(STEPS), min_size=1, max_size=4),
        seconds=st.sampled_from((0, 40, 400)), resumed=st.sampled_from((True, True, False)),
    )  # fmt: skip
    def deliver(self, worker, plan, seconds, resumed):
        """A worker goes on; what is paused is mostly resumed before. A killed one leaves its lease behind."""
        self.ward.later(seconds=seconds)
        if resumed:
            resume_channel(self.ward.store, self.ward.store.channels()[0])
        self.ward.calendar.plan = list(plan)
        with suppress(Killed):
            self.ward.worker(worker).round()
        self.ward.store.is_killed = False
        self.ward.calendar.plan = []

    @rule(elsewhere=st.booleans())
    def pause(self, elsewhere):
        """By hand; or the ledger lies elsewhere."""
        if elsewhere:
            self.ward.store.lies += "."
        else:
            pause_channel(self.ward.store, self.ward.store.channels()[0], self.ward.clock)

    @rule(shift=st.integers(1, 3))
    def somebody_moves_an_entry(self, shift):
        resume_channel(self.ward.store, self.ward.store.channels()[0])
        self.ward.run()
        for uid in sorted(self.ward.calendar.held)[:1]:
            self.ward.calendar.held[uid] += timedelta(days=shift)

    @invariant()
    def nothing_goes_back_and_no_sentence_is_wrong(self):
        if not hasattr(self, "ward"):
            return
        assert self.ward.calendar.wrong == []
        publishing_lines(self.ward.store, self.ward.clock)
        got = {uid: (method, day) for uid, _, method, day in self.ward.calendar.got}
        for code in self.ward.store.shown:
            for one in self.ward.store.deliveries(self.ward.channel.id, code):
                if one.state in ("sent", "confirmed"):
                    assert got[one.uid] == (one.method, one.starts)

    def teardown(self):
        if not hasattr(self, "ward"):
            return
        ward = self.ward
        ward.calendar.plan = []
        resume_channel(ward.store, ward.store.channels()[0])
        ward.reads = True
        ward.later(minutes=90)
        ward.run()
        ward.later(minutes=90)
        ward.run()
        assert ward.calendar.held == ward.shown()
        assert ward.calendar.wrong == []
        assert [line for line in publishing_lines(ward.store, ward.clock) if line.loud] == []
        ward.close()


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_happens_nothing_is_lost_doubled_revived_or_moved_back(kind, request, tmp_path):
    numbers = count()

    def new():
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return new_place(request, folder, kind)

    run_state_machine_as_test(
        lambda: Deliveries(new),
        settings=settings(max_examples=30, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)),
    )
