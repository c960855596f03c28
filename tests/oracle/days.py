"""A random history with its records put together: several that were typed one after the other become those of one day."""

from .lives import World


def by_days(made: World) -> list[dict]:
    """The acts of a world, where records of several events that follow one another are one act, as of the last of
    them. Each is confirmed: what looks wrong beside others need not look wrong alone."""
    found: list[dict] = []
    for act, outcome in zip(made.acts, made.outcomes, strict=True):
        last = found[-1] if found else {}
        if act["act"] != "record" or not outcome["saved"]:
            found.append(act)
        elif last.get("act") == "day" and act["event"] not in [one["event"] for one in last["records"]]:
            found[-1] = {**last, "as_of": act["as_of"], "records": [*last["records"], _confirmed(act)]}
        else:
            found.append({"act": "day", "as_of": act["as_of"], "on": act["as_of"][:10], "records": [_confirmed(act)]})
    return found


def _confirmed(act: dict) -> dict:
    return {name: value for name, value in act.items() if name not in ("act", "as_of")} | {"confirm": True}
