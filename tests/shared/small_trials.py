"""Invented trials of a few lines: visits with windows, doses by the hour, two cycles."""

HEAD = """
format = 1
id = "TEST-1"
title = "An invented trial"
version = "1"
date = 2026-01-01
jurisdiction = "nowhere"
numbering = "day-zero"
months = "next-first"
day-zero = "cells"
source = "text"
[sources.text]
title = "an invented text"
address = "none"
date = 2026-01-01
[activities.cells]
title = "cells"
days = "0"
category = "treatment"
quote = "Cells on day 0."
"""
VISITS = """
[activities.second-dose]
title = "second dose"
days = "+14 within +12 to +20"
category = "treatment"
quote = "Second dose on day 14; it may be given from day 12 to day 20."
[activities.visit]
title = "visit"
days = "+20 ±2"
category = "visit"
quote = "A visit on day 20, give or take 2 days."
"""
BY_HOURS = """
[activities.drug]
title = "drug C"
unit = "dose"
days = "every 8 hours x 3 from 4 hours after cells"
category = "treatment"
quote = "Drug C every 8 hours from 4 hours after the cells, three times."
"""
SCANNED = HEAD + """
[dates.scan]
title = "scan"
kind = "test"
[activities.visit]
title = "visit"
days = "-4 to -2"
category = "visit"
quote = "Visits on days -4 to -2."
[rules.T1]
title = "Scan 72 hours before the cells"
quote = "A scan within 8 days and at least 72 hours before the cells."
[[rules.T1.bounds]]
point = "scan"
safe = ["day-zero at least 72 hours after scan", "day-zero at most 8 days after scan"]
"""
CYCLES = (
    HEAD.replace('"day-zero"\nmonths', '"day-one"\nmonths')
    .replace('days = "0"\n', 'unit = "infusion"\ndays = "6"\ncycles = "1 to 2"\n')
    .replace("[activities.cells]", '[cycles]\nlength = "21 days"\ncount = 2\nquote = "Two cycles of 21 days."\n[activities.cells]')
    + """
[courses.before]
title = "Treatment before the cells"
from = "planned-day-zero"
[activities.drug-a]
title = "drug A"
unit = "dose"
course = "before"
days = "1, 2"
category = "treatment"
cycles = "1 to 2"
quote = "Drug A on days 1 and 2."
"""
)
SITE = 'format = 1\nzone = "America/New_York"\n'
CASE = 'format = 1\ncode = "TEST-01"\nprotocol = "TEST-1"\nplanned-day-zero = {}\n'
