"""Worked slips as data: how their tables are written and read."""

from typing import Any


def toml(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + " }"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def table(heading: str, values: dict[str, Any]) -> str:
    return f"[{heading}]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in values.items())
