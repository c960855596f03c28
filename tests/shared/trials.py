"""Tables of worked cases of other trials, and how a row of one becomes acts."""

from schedule.commands.typed import moment, read_time
from schedule.model.acts import Attest, Choose, Fact, GiveRuling, Move, Note
from schedule.model.case import Attested, Ruling
from schedule.model.notation import read_date
from schedule.service.acts import record_of


def deed_of(act, plan):
    match act["act"]:
        case "record":
            at = moment(plan, act["at"], "--at")
            return record_of(act["event"], act["outcome"], at, "", confirmed=True)
        case "slip":
            to = moment(plan, act["to"], "--to")
            return Move(to=to, cause=act.get("cause", "other"), repeat=act.get("repeat", False))
        case "fact":
            dates = () if act["value"] == "never" else tuple(read_date(part) for part in act["value"].split(";"))
            return Fact(name=act["name"], dates=dates, instead=False)
        case "note":
            return Note(text="x")
        case "choose":
            return Choose(name=act["name"], option=act["option"])
        case "attest":
            return Attest(name=act["name"], attested=Attested(on=read_date(act["date"]), by="PI"))
        case "rule":
            on = moment(plan, act["for"], "--for").on if "for" in act else plan.day_zero
            made = read_time(act["as-of"]).wall.date()
            outcome = act.get("outcome", "allowed")
            return GiveRuling(ruling=Ruling(rule=act["rule"], outcome=outcome, by="PI", on=made, reason="x", day_zero=on))
    raise AssertionError(act)
