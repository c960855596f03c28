"""What tests share. The one place that knows where the project lies."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
CLOCK = f"{TESTS / 'shared' / 'clock'}:{ROOT}"
"""On PYTHONPATH it stops the clock of a process at its SOURCE_DATE_EPOCH."""
SHIPPED = ROOT / "schedule" / "protocols" / "nct04024761.toml"
