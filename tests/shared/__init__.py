"""What tests share. The one place that knows where the project lies."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
SHIPPED = ROOT / "schedule" / "protocols" / "nct04024761.toml"
