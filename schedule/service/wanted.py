"""What a channel's calendar should show of a patient, by the channel's level: the same as a feed's."""

from msgspec import Struct

from schedule.ledger.store import Store
from schedule.model.entries import Entry
from schedule.model.ids import days_calendar_id, entry_uid
from schedule.model.protocol import Protocol
from schedule.model.publishing import Channel, Wanted
from schedule.model.text import sha256
from schedule.output.outputs import shown_entries
from schedule.pages.calendar import WordedEntry, worded
from schedule.service.published import day_entries
from schedule.service.revisions import calendar_entries, inputs_of, newest


class PatientWanted(Struct, frozen=True, kw_only=True):
    """All that a calendar should have of one patient after the act `head`, and the words of each entry, by UID;
    `zone` is the site's."""

    head: str
    wanted: tuple[Wanted, ...]
    entries: dict[str, WordedEntry]
    zone: str | None = None


def wanted_of(store: Store, channel: Channel, code: str) -> PatientWanted:
    """What the channel should show of a patient as the newest act has it. NotThere if there is no such patient."""
    row = newest(store, code)
    protocol, site = inputs_of(store, row.projection.protocol, row.projection.site)
    if channel.level == "minimal":
        entries, calendar = list(day_entries(row)), days_calendar_id(row.lasting.schedule_id)
    else:
        entries, calendar = shown_entries(calendar_entries(store, row), site), row.lasting.schedule_id
    uids = [entry_uid(calendar, one.id) for one in entries]
    words = worded(entries, "patient" if channel.code is not None else "ward")
    return PatientWanted(
        head=row.hash,
        wanted=tuple(_wanted(uid, one, protocol) for uid, one in zip(uids, entries, strict=True)),
        entries=dict(zip(uids, words, strict=True)),
        zone=site.zone.key if site.zone else None,
    )


def _wanted(uid: str, entry: Entry, protocol: Protocol) -> Wanted:
    """By data alone: a better word sends no message."""
    data = (entry.since, entry.first, entry.last, entry.start, entry.end, entry.mark, entry.alarm)
    return Wanted(
        uid=uid,
        sequence=entry.since - 1,
        hash=sha256("|".join(map(str, data))),
        starts=entry.start or entry.first,
        infusion=_is_infusion(entry, protocol),
    )


def _is_infusion(entry: Entry, protocol: Protocol) -> bool:
    """Whether it shows what is given on day 0, or is called day 0 and stands there."""
    if entry.event is not None:
        return entry.event.activity == protocol.day_zero
    subject = entry.subject
    if entry.kind != "Day" or subject.label is None or subject.off:
        return False
    return subject.label.number == protocol.label(0).number and not subject.label.clock
