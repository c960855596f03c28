"""A patient of an invented trial, played by lines as the cases of tests/cases/history have them, and what is said of a
line that cannot be."""

import tomllib

from oracle.cases import FOLDER, read_act, whole

from schedule.model.errors import Refused
from schedule.words.refusals import refused_lines
from shared.player import Player

COMMON = tomllib.loads((FOLDER / "common.toml").read_text(encoding="utf-8"))
SITE = 'format = 1\nname = "Example site"\nzone = "America/New_York"\n'
PLAN = "2026-06-01 09:00 | plan"


def texts_of(name):
    """The protocols of a file of cases, whole, by their names."""
    file = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return {key: whole(COMMON, text) for key, text in {**COMMON["protocols"], **file.get("protocols", {})}.items()}


def played(text, *lines, zero="2026-06-15", site=SITE, more="", plan=PLAN):
    """The player of a patient after the first plan and some lines, every one of which is done. `more` are tables of the
    case file."""
    zero = zero.replace(" ", "T") + (":00" if " " in zero else "")
    case = f'format = 1\ncode = "TEST-01"\nprotocol = "trial.toml"\nplanned-day-zero = {zero}\n{more}'
    player = Player(text, site, case)
    for line in (plan, *lines):
        outcome = player.act(read_act(line, {}, {})[0])
        assert outcome["saved"], (line, outcome)
    return player


def refusal(player, line, edge="terminal"):
    """The exit code of a line that cannot be done, or is not allowed, and what is said of it. A line that can be is
    done: 0, and nothing is said."""
    outcome = {"kind": None, "exit": 0, "why": ""}
    act = read_act(line, {}, {})[0]
    try:
        player._do(act, outcome)
    except Refused as error:
        return error.exit_code, " ".join(map(str, refused_lines(error, edge)))
    return outcome["exit"], ""
