"""What is said of the calendars that Dayzero keeps right: what has come, what has not, what to do."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, assert_never
from zoneinfo import ZoneInfo

from schedule.model.notation import nearest, plural, spell, spell_clock, spell_moment
from schedule.model.publishing import ChannelStanding, PatientStanding, PauseCause
from schedule.model.reasons.deliveries import (
    BrokenOff,
    CalendarAbsent,
    CertificateRefused,
    ChannelAbsent,
    ChannelNamed,
    ChannelRefusal,
    Declined,
    DeliveryFault,
    ExtraMissing,
    MailboxRefused,
    MessageRefused,
    NoEncryption,
    NotPermitted,
    OutcomeUnknown,
    PausedOne,
    ReadBackOtherwise,
    SameCalendar,
    SecretUnusable,
    SenderRefused,
    SettingWrong,
    SignInRefused,
    TooFast,
    Unreachable,
)
from schedule.words.calendar import WITHDRAWN


def withdrawn_title(code: str) -> str:
    """The subject of the mail that takes an entry out of a calendar."""
    return f"{code}: {WITHDRAWN}"


class ChannelLine(NamedTuple):
    """One sentence about a channel, and what more there is to say. `loud`: somebody must do something, now."""

    loud: bool
    text: str
    more: str = ""

    def __str__(self) -> str:
        return f"{self.text} {self.more}".rstrip()


TELEPHONE = "telephone"
NOTHING_MISSED = "; it has all that has changed so far"
START = "Ask IT to start dayzero deliver."
UP_TO_DATE = "it has all that has changed, but does not answer now."
TEST_ENTRY = "Dayzero tries whether it may write here. Delete this."
PAUSED_BECAUSE: dict[PauseCause, str] = {
    "by hand": "",
    "restored": " (a backup was put in the ledger's place)",
    "copied": " (the ledger is a copy, or was moved)",
    "moved": " (the ledger was moved to another place)",
}


def channel_lines(standing: ChannelStanding) -> tuple[ChannelLine, ...]:
    """How a channel stands: what is wrong first, in a line of its own."""
    lines = [*_wrong(standing), *_under_way(standing)]
    name = standing.channel.name
    return tuple(ChannelLine(line.loud, f"{name}: {line.text}", line.more) for line in lines)


def _wrong(standing: ChannelStanding) -> Iterable[ChannelLine]:
    channel = standing.channel
    if channel.paused is not None:
        cause = PAUSED_BECAUSE[channel.pause_cause]
        said = f"paused since {_clock(channel.paused, standing)}{cause}"
        behind = _behind(standing)
        yield ChannelLine(
            True, f"{said}{f', {behind}: {TELEPHONE}' if behind else '; it has all that has changed so far'}."
        )
        return
    if standing.idle_since is not None:
        behind = _behind(standing)
        said = f"nobody has looked after it since {_clock(standing.idle_since, standing)}"
        yield ChannelLine(True, f"{said}{f', {behind}: {TELEPHONE}' if behind else ''}.", START)
    failed = standing.failed
    if failed:
        count = sum(one.failed for one in failed)
        who = ", ".join(f"{one.code} ({one.failed}){_still(one)}" for one in failed)
        yield ChannelLine(True, f"{count} NOT moved: {who}: {TELEPHONE}.", _why(standing))
    elif channel.fault is not None:
        behind = _behind(standing)
        said = f"{behind}: {TELEPHONE}." if behind else UP_TO_DATE
        yield ChannelLine(True, said, fault_of_channel(channel.fault))
    for one in standing.patients:
        if one.put_back:
            entries = plural(one.put_back, "entries") if one.put_back > 1 else "1 entry"
            yield ChannelLine(
                False, f"{entries} of {one.code} had been changed by hand in the calendar and went out again."
            )


def _under_way(standing: ChannelStanding) -> Iterable[ChannelLine]:
    if standing.channel.paused is None and standing.idle_since is None:
        for code in standing.unseen:
            yield ChannelLine(False, f"{code}, changed, not yet sent.")
    overtaken = {one.code for one in standing.patients if one.is_done} & set(standing.unseen)
    for one in (one for one in standing.patients if one.total and one.code not in overtaken):
        yield ChannelLine(False, f"{one.code}, {_progress(one, standing)}.")


def _progress(one: PatientStanding, standing: ChannelStanding) -> str:
    """`47 of 47 moved, 10:02`; while it lasts `31 of 47 moved, the rest by 10:04`."""
    proved = "taken out" if one.gone else "moved"
    done = f"{one.moved} of {one.total} {'sent, not confirmed' if one.unproved else proved}"
    if one.is_done:
        return f"{done}, {_clock(one.last, standing)}" if one.last is not None else done
    stopped = standing.channel.paused is not None or standing.idle_since is not None
    if standing.rest_by is None or stopped or one.moved + one.failed == one.total:
        return done
    return f"{done}, the rest by {_clock(standing.rest_by, standing)}"


def _behind(standing: ChannelStanding) -> str:
    """What the calendar still shows, of whom; empty where it is up to date."""
    late = [one for one in standing.patients if not one.is_done]
    shown = [f"{one.code} still shows day 0 on {spell(one.shows)}" for one in late if one.shows is not None]
    others = [one.code for one in late if one.shows is None]
    others += [code for code in standing.unseen if code not in {one.code for one in late}]
    if others:
        shown.append(f"not up to date for {', '.join(others)}")
    return "; ".join(shown)


def _still(one: PatientStanding) -> str:
    return f", still shows day 0 on {spell(one.shows)}" if one.shows is not None else ""


def _why(standing: ChannelStanding) -> str:
    """Why entries did not move: what is wrong with the channel, else with each of them."""
    fault = standing.channel.fault
    faults = (fault,) if fault is not None else (one for found in standing.failed for one in found.faults)
    return " ".join(dict.fromkeys(map(fault_of_channel, faults)))


def _clock(at: datetime, standing: ChannelStanding) -> str:
    """`10:02` by the site's clock; the date too where it is not the day on which it was looked at last."""
    where = ZoneInfo(standing.zone) if standing.zone is not None else None
    said = at.astimezone(where) if where is not None else at
    looked = standing.channel.looked
    today = (looked.astimezone(where) if where is not None else looked).date() if looked is not None else said.date()
    text = spell_clock(said) if said.date() == today else spell_moment(said)
    return text if where is not None else f"{text} UTC"


def fault_of_channel(fault: DeliveryFault) -> str:
    """Why a calendar did not get a message, and what to do about it, in a sentence or two."""
    match fault:
        case Unreachable():
            return f"{fault.server} does not answer ({fault.cause}). Ask IT whether it runs and is reached from here."
        case BrokenOff():
            return f"{fault.server} broke off in the middle. It is tried again."
        case NoEncryption():
            return f"{fault.server} offers no encryption, so nothing was sent. Ask IT for a relay with STARTTLS."
        case CertificateRefused():
            return (
                f"The certificate of {fault.server} is not accepted ({fault.cause}), so nothing was sent. Use the name "
                "that stands in the certificate, or let IT install the hospital's own authority on this computer."
            )
        case SignInRefused():
            return f"{fault.server} does not accept the user or the password."
        case SecretUnusable():
            return _of_secret(fault)
        case SenderRefused():
            return f"The relay takes no mail from {fault.sender} (answer {fault.status}). Ask IT to allow this sender."
        case MailboxRefused():
            return f"There is no mailbox {fault.mailbox} that takes our mail (answer {fault.status}). Look at its name."
        case CalendarAbsent():
            return f"There is no calendar at {fault.address}. Look at the address."
        case NotPermitted():
            return f"Dayzero may not write to {fault.address}. Ask IT for the right to write to this calendar alone."
        case TooFast():
            return f"{fault.server} asks to wait {plural(fault.seconds, 'seconds')}. It is tried again then."
        case ExtraMissing():
            return f"Dayzero was installed without what this takes. Install dayzero[{fault.extra}]."
        case MessageRefused():
            return f"The server did not take the entry (answer {fault.status}). It is tried again."
        case ReadBackOtherwise():
            return "The calendar holds the entry otherwise than it was sent. It is sent again."
        case OutcomeUnknown():
            return "Dayzero was ended while it was sent. It is sent again."
        case Declined():
            return (
                "The mailbox declined it: it does not accept what Dayzero sends. docs/publishing.md says how it must."
            )
        case _:
            assert_never(fault)


def _of_secret(fault: SecretUnusable) -> str:
    match fault.why:
        case "missing":
            return f"{fault.path}: there is no such file that can be read. The password must stand in it, on one line."
        case "open":
            return f"{fault.path}: others on this computer can read it. Make it the owner's alone: chmod 600."
        case "empty":
            return f"{fault.path}: it is empty. The password must stand in it, on one line."
        case _:
            assert_never(fault.why)


def channel_refusal(refusal: ChannelRefusal) -> str:
    """What a channel cannot be, and what to do."""
    match refusal:
        case ChannelNamed():
            return f"There is a channel “{refusal.name}”. Take another name."
        case SameCalendar():
            return (
                f"The channel “{refusal.name}” keeps this patient in the same calendar: every entry would be there "
                "twice. Remove one of the two."
            )
        case ChannelAbsent():
            return f"There is no channel “{refusal.name}”: {nearest(refusal.name, refusal.known)}"
        case PausedOne():
            return (
                f"The channel “{refusal.name}” is paused, so its entries cannot be withdrawn. Resume it first, or "
                "remove it and let them stay."
            )
        case SettingWrong():
            return f"{refusal.setting} is missing, or is not what it must be."
        case _:
            assert_never(refusal)
