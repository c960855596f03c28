"""Random patients about whom much happens at night while the clocks change: hours that come twice or not at all, blocks
over midnight, tolerances wider than the distance, an activity that an amendment renames."""

from datetime import date, datetime, time, timedelta
from random import Random
from unittest.mock import patch
from zoneinfo import ZoneInfo

from . import generate, lives
from .dates import Time, doubled, real
from .generate import World, case_text, protocol_text, site_text
from .more import more_text

ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"]
HOURS = ["01:30", "02:30", "00:15", "20:00", "22:00 to 01:30", "22:00 to 02:30", "23:30 to 03:00", "01:45 to 02:15"]
SAMPLES = [
    *generate.SAMPLES,
    "1 h after cells ±1 h",
    "4 h after cells ±6 h",
    "2 days after cells ±4",
    "every 1 hour x 4 from 1 h after cells",
    "every day at that hour x 3 from 15 h after cells",
    "every 7 to 9 hours x 4 from 1 h after cells",
]
CHANGES = [
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 11, 1),
    date(2026, 4, 5),
    date(2026, 10, 4),
    date(2028, 2, 29),
]
CLOCKS = ["00:30", "01:30", "02:30", "23:30", "10:00", "22:30"]


def night(seed: int, length: int = 14) -> World:
    """A random patient. The same seed always gives the same."""
    random = Random(seed)
    shape = generate._shape(random)
    act = lives._act

    def at_one_of_two(random: Random, made: World, patient: lives.Patient, now: datetime) -> dict:
        """An act as of an hour that comes twice says which of the two it is."""
        found, zone = act(random, made, patient, now), patient.plan().text.zone
        if zone is not None and doubled(Time(now.date(), now.time()), zone):
            moment = now.replace(tzinfo=zone, fold=random.randint(0, 1))
            found["as_of"] += moment.isoformat()[-6:]
        return found

    with (
        patch.object(generate, "ZONES", ZONES),
        patch.object(generate, "HOURS", HOURS),
        patch.object(generate, "SAMPLES", SAMPLES),
        patch.object(lives, "_act", at_one_of_two),
    ):
        protocols = [protocol_text(random, shape, str(n)) + more_text(random, shape) for n in range(3)]
        sites = [site_text(random, shape) for _ in range(2)]
        if not any("drug-b =" in site for site in sites):
            protocols[1] = protocols[1].replace("drug-b", "drug-n")
        zero = random.choice(CHANGES) + timedelta(days=random.randint(-3, 3))
        zone = ZoneInfo(sites[0].split('zone = "')[1].partition('"')[0])
        hours = [one for one in CLOCKS if _is_one(Time(zero, time.fromisoformat(one)), zone)]
        made = World(protocols[0], sites[0], case_text(random, shape, zero, random.choice(hours)), protocols, sites)
        lives.live(random, made, length)
    return made


def _is_one(moment: Time, zone: ZoneInfo) -> bool:
    """Whether the clocks show it once: another planned day 0 is refused."""
    return real(moment, zone) and not doubled(moment, zone)
