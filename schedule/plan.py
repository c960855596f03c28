"""lay_out(protocol, site, case, as_of) -> one patient's plan: dated events and a finding for every rule.

A pure function: the same inputs give the same plan, whatever the clock, the machine's zone or its language.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from schedule.case import Case, Site
from schedule.days import spell, spell_moment, spell_range
from schedule.events import DayZero, Event, Layout, NotStated, Standing, lay_out_events
from schedule.protocol import Protocol
from schedule.tailor import tailored
from schedule.verdicts import DayZeroes, Finding, Judge

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:dayzero:schedule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One revision of one patient's schedule. `standing` is None only where just the feasible days were asked for.

    `as_of` is a wall time of the site, without zone. `revision` is 1 for the first. `superseded` says by what, where a
    newer revision has taken its place.
    """

    protocol: Protocol
    site: Site
    case: Case
    as_of: datetime
    revision: int
    schedule_id: uuid.UUID
    standing: Standing | None
    events: tuple[Event, ...]
    findings: tuple[Finding, ...]
    feasible: DayZeroes
    not_stated: tuple[NotStated, ...]
    superseded: str | None = None

    @property
    def violated(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.status == "violated")

    @property
    def day_zero(self) -> date | None:
        return self.standing.day_zero.on if self.standing else None

    @property
    def alerts(self) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
        """What every output must say: a heading, the sentences under it, and their rules in short."""
        found: dict[str, list[tuple[str, str]]] = {}
        if self.superseded:
            found["SUPERSEDED"] = [(f"by {self.superseded}; do not use", f"by {self.superseded.partition(' of ')[0]}")]
        if self.standing and self.standing.cancelled:
            found["CANCELLED"] = []
        slipped = self.standing is not None and self.standing.begun
        for finding in self.findings:
            what = f"{finding.ref} {finding.title}"
            if finding.status == "boundary" and finding.point == "day-zero":
                found.setdefault("PRINCIPAL INVESTIGATOR TO CONFIRM", []).append((what, finding.ref))
            elif finding.status == "violated" and finding.repeat and slipped:
                window = spell_range(finding.repeat.earliest, finding.repeat.latest)
                again = f"{finding.repeat.what}, {window} ({finding.ref})"
                found.setdefault("NOT ALLOWED UNTIL REPEATED", []).append((again, finding.ref))
            elif finding.status == "violated" and finding.ruling and finding.ruling.outcome == "allowed":
                ruled = f"{what}, ruling of {spell(finding.ruling.on)}"
                found.setdefault("VIOLATED, ALLOWED BY A RULING", []).append((ruled, finding.ref))
            elif finding.status == "violated" and self.standing is not None and self.standing.infused:
                found.setdefault("RULES VIOLATED", []).append((what, finding.ref))
            elif finding.status == "violated":
                found.setdefault("NOT ALLOWED AS PLANNED", []).append((what, finding.ref))
        return tuple(
            (heading, tuple(dict.fromkeys(text for text, _ in rows)), tuple(dict.fromkeys(ref for _, ref in rows)))
            for heading, rows in found.items()
        )

    @property
    def banner(self) -> str | None:
        """The words that every output carries while a rule is violated, a slip is not confirmed, or the plan is void."""
        texts = [f"{heading}: {'; '.join(texts)}" if texts else heading for heading, texts, _ in self.alerts]
        return ". ".join(texts) or None

    @property
    def day_zero_in_words(self) -> str:
        """`Mon 15-Jun-2026 10:00`, without the hour where none is known."""
        return in_words(self.standing.day_zero) if self.standing else "not planned"


def in_words(day_zero: DayZero) -> str:
    """A day 0 with its hour, if it has one."""
    return spell_moment(day_zero.at) if day_zero.at is not None else spell(day_zero.on)


def derived_schedule_id(protocol: Protocol, code: str) -> uuid.UUID:
    """The schedule's identity where no store keeps one drawn at random: from the protocol and the patient's code."""
    return uuid.uuid5(NAMESPACE, f"{protocol.id.upper()}/{code}")


def first_standing(case: Case) -> Standing | None:
    """Where a new patient stands: day 0 on the planned one. None without a planned day 0."""
    if case.planned_day_zero is None:
        return None
    day_zero = DayZero(on=case.planned_day_zero, at=case.planned_moment)
    return Standing(planned=day_zero, day_zero=day_zero)


def lay_out(
    protocol: Protocol,
    site: Site,
    case: Case,
    as_of: datetime,
    *,
    revision: int = 1,
    schedule_id: uuid.UUID | None = None,
    standing: Standing | None = None,
) -> Plan:
    """The plan for where the patient stands; a new patient's without `standing`. Only findings without a planned day 0."""
    standing = standing or first_standing(case)
    own = tailored(protocol, case.choices)
    layout = lay_out_events(own, site, standing, as_of, case.dates) if standing else Layout()
    judge = Judge(own, site, case, standing, as_of, layout)
    gaps = {(gap.parameter, gap.text): gap for gap in layout.not_stated}
    for name, parameter in own.parameters.items():
        if name not in site.texts:
            gaps.setdefault((name, parameter.missing), NotStated(parameter=name, text=parameter.missing))
    order = [*protocol.parameters, *(name for name, _ in gaps)]
    return Plan(
        protocol=protocol, site=site, case=case, as_of=as_of, revision=revision,
        schedule_id=schedule_id or derived_schedule_id(protocol, case.code), standing=standing,
        events=tuple(layout.events), findings=tuple(judge.findings()), feasible=judge.feasible(),
        not_stated=tuple(sorted(gaps.values(), key=lambda gap: order.index(gap.parameter))),
    )  # fmt: skip
