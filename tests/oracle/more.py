"""More that a random protocol may hold: stays and ends, start dates, spacings, statements, bounds of every kind."""

import re
from random import Random

STAY = """[activities.stay]
title = "stay on the ward"
days = "0 to +2"
continuous = true
category = "visit"
quote = "as the text says"
[activities.leave]
title = "leave"
days = "2 days after stay ends"
category = "visit"
quote = "as the text says"
"""
ENDS = """[activities.late-sample]
title = "late sample"
days = "{hours} h after cells ends"
category = "test"
quote = "as the text says"
"""
REST = """[activities.pause]
title = "pause"
days = "1 day after drug-a ends"
category = "visit"
quote = "as the text says"
"""
START = """[dates.second-start]
title = "start of the second part"
kind = "start"
[courses.part]
title = "Second part"
from = "second-start"
[activities.drug-s]
title = "drug S"
unit = "dose"
course = "part"
days = "{days}"
category = "treatment"
quote = "as the text says"
[activities.after-part]
title = "visit after the second part"
days = "7 days after last drug-s"
category = "visit"
quote = "as the text says"
"""
SPACING = """[rules.SPACE]
title = "SPACE"
quote = "as the text says"
[[rules.SPACE.spacing]]
activity = "drug-b"
{asked}
"""
ATTESTED = """[dates.echo]
title = "echo"
kind = "test"
[attestations.no-change]
title = "No change."
[attestations.recovered]
title = "Recovered."
[rules.ECHO]
title = "ECHO"
quote = "as the text says"
[[rules.ECHO.bounds]]
point = "echo"
unless-attested = "no-change"
again-after-illness = true
safe = ["day-zero at most 14 days after echo"]
if-broken = "repeat"
repeat = "echo"
[rules.WELL]
title = "WELL"
quote = "as the text says"
[[rules.WELL.statements]]
ref = "WELL"
kind = "attestation"
attestation = "recovered"
words = "recovered"
[rules.ILL]
title = "ILL"
quote = "as the text says"
[[rules.ILL.bounds]]
point = "echo"
when = "illness-slip"
safe = ["day-zero at most 10 days after echo"]
if-broken = "ask"
"""
ASKED = ['apart = "at least 2 days"', 'apart = "at most 3 days"', 'most = "2 in 4 days"', 'apart = "at least 7 hours"']
BOUNDS = [
    ("day-zero", "day-zero at least 20 hours after drug-a.last"),
    ("day-zero", "day-zero more than 18 hours after drug-a.last ends"),
    ("day-zero", "day-zero less than 130 hours after before.first"),
    ("day-zero", "day-zero at least 2 rest days after before.completed"),
    ("drug-b.each", "drug-b.each at most 4 days after day-zero"),
    ("drug-b.first", "drug-b.first at least 4 hours after day-zero"),
    ("after.last", "after.last at most 4 days after after.first"),
    ("drug-b.last", "drug-b.last at least 1 month after drug-a.first"),
    ("visit.first", "visit.first more than 1 week after day-zero ends"),
]


def more_text(random: Random, shape: dict) -> str:
    """Some of it, to stand at the end of a protocol's text. An amended one has the same parts: a date that is known of
    a patient cannot be dropped."""
    parts = [
        STAY,
        REST,
        ENDS.format(hours=random.choice([2, 4])),
        START.format(days=random.choice(["0, +2", "0", "-1, 0"])),
    ]
    parts += [SPACING.format(asked=random.choice(ASKED)), ATTESTED]
    same = Random(shape["seed"])
    found = [part for part in parts if same.random() < 0.4]
    for number, (point, safe) in enumerate(random.sample(BOUNDS, 3)):
        only = 'only-if = "arm is a"\n' if shape["choice"] and random.random() < 0.3 else ""
        broken = random.choice(["", 'if-broken = "ask"\n'])
        found.append(
            f'[rules.X{number}]\ntitle = "X{number}"\n{only}quote = "as the text says"\n[[rules.X{number}.bounds]]\n'
            f'point = "{point}"\nsafe = ["{safe}"]\n{broken}'
        )
    return "\n".join(found)


def day_one(text: str) -> str:
    """The same days where there is no day 0: the day of the cells is day 1. Days counted after something stay."""

    def later(number: re.Match) -> str:
        return number[0] if int(number[0]) < 0 else str(int(number[0]) + 1)

    def shifted(days: re.Match) -> str:
        return days[0] if "after" in days[0] else re.sub(r"(?<![\w±])[+-]?\d+(?= to |,|\"| ±| within)", later, days[0])

    return re.sub(r"(?m)^days = .*$", shifted, text).replace('numbering = "day-zero"', 'numbering = "day-one"')
