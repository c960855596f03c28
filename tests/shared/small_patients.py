"""One invented patient of a trial of a few lines, played through the engine without a ledger."""

import tomllib

from oracle.cases import FOLDER, whole

from shared.player import Player

COMMON = tomllib.loads((FOLDER / "common.toml").read_text(encoding="utf-8"))
NEW_YORK = COMMON["site-head"] + 'zone = "America/New_York"\n'


def planned(text, zero, *acts, site=NEW_YORK, dates=""):
    """A patient of a trial (its head is added) planned for that day 0, after some acts more, all of which were taken."""
    written = zero if len(zero) == 10 else f"{zero[:10]}T{zero[11:]}:00"
    case = f'format = 1\ncode = "TEST-01"\nprotocol = "trial.toml"\nplanned-day-zero = {written}\n[dates]\n{dates}'
    player = Player(whole(COMMON, text), site, case)
    for act in ({"act": "plan", "as_of": "2026-06-01 09:00"}, *acts):
        outcome = player.act(act)
        assert outcome["saved"], outcome
    return player.plan


def amended(text, as_of):
    """The trial is amended to that text."""
    return {"act": "amend", "protocol": whole(COMMON, text), "as_of": as_of}


def record(event, word, at, as_of=None, **more):
    """An event was given, done or held; typed in at the end of the day where nothing else is said."""
    return {"act": "record", "event": event, "word": word, "at": at, "as_of": as_of or f"{at[:10]} 23:59", "confirm": True, **more}


def finding(plan, rule, point="day-zero", cycle=1):
    """The one finding of a rule about a point in a cycle."""
    return next(one for one in plan.findings if (one.rule, str(one.point), one.cycle) == (rule, point, cycle))
