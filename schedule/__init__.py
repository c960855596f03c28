"""Dayzero: a protocol in study days becomes one patient's dates, verdicts, calendar and printed sheets."""
