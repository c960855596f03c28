"""How much a process remembers of what it has worked out: so the memory of a server has an end, and soon reaches it.

Every table has one of these sizes, in entries, and forgets first what nobody has asked for the longest: by `lru_cache`,
or by `service/remembered` where threads must get the very same. What is remembered by kinds of records (`cache`) ends
by itself.
"""

FEW = 16
"""Files that are open, and what a whole process has once for each of them."""
WHOLES = 32
"""A plan, what an act gave, a protocol: up to 170 kB each, so 5 MiB for a table. Whoever
acts asks for the same three or four times within a minute."""
TEXTS = 512
"""What is read or made of a patient's, a site's or a protocol's text, where it is worked on, and what the sheets of a
revision show: up to 10 kB each, so at most 5 MiB for a table; of sheets, 4 kB each, 2 MiB, which 500 acts fill."""
PIECES = 4096
"""Words, lines, dates, sums and small records of them: 0.1 to 1 kB each, so 1 to 4 MiB for a table."""
SHOWN = 2048
"""What pages show of a patient: 4 to 10 kB each, so up to 20 MiB for a table. A ward of 500 needs 500."""
FEED_BYTES = 32 * 2**20
"""The bytes of calendars, whole and in parts; not a number of entries, since one may be of 500 patients."""
