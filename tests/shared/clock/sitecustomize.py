"""For a process of its own that a test starts: its clock stands at SOURCE_DATE_EPOCH. The product has no such switch; a
test puts this folder, and the one that holds `schedule`, on PYTHONPATH."""

import os
from datetime import UTC, datetime

from schedule.commands import common

common.clock = lambda: datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
common.uptime = lambda: None
