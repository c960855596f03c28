"""A whole plan: the patient on paper, identity, what is listed as not stated, the banner."""

from datetime import date, datetime

import pytest
from shared import ROOT

from schedule.engine.plan import lay_out
from schedule.files.case_file import read_case
from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.model.ids import derived_schedule_id
from schedule.words.alerts import banner
from schedule.words.basis import basis_of
from schedule.words.dates import day_zero_of
from schedule.words.findings import finding_basis, finding_source
from schedule.words.gaps import gap_in_words

P = date(2026, 6, 15)
PAPER = {
    "transplant": date(2026, 1, 20), "gvhd-prophylaxis-last": date(2026, 5, 4), "taper-completed": date(2026, 5, 4),
}  # fmt: skip
IL2 = {"il2-days": "+1 to +13 every 2 days"}


@pytest.fixture(scope="module")
def paper(plan_of, site_of):
    """CIML-017 of DESIGN.md, "One patient on paper"."""
    return plan_of(site_of(IL2), planned_day_zero=P, dates=PAPER)


def test_the_patient_on_paper_has_the_dates_worked_on_paper(paper):
    assert {event.id: event.on.isoformat() for event in paper.events} == {
        "fludarabine-1": "2026-06-10", "fludarabine-2": "2026-06-11", "fludarabine-3": "2026-06-12",
        "cyclophosphamide-1": "2026-06-10", "cyclophosphamide-2": "2026-06-11", "nk-infusion-1": "2026-06-15",
        "il2-1": "2026-06-16", "il2-2": "2026-06-18", "il2-3": "2026-06-20", "il2-4": "2026-06-22", "il2-5": "2026-06-24",
        "il2-6": "2026-06-26", "il2-7": "2026-06-28", "contraception-end-1": "2026-10-28",
    }  # fmt: skip


def test_the_patient_on_paper_has_the_verdicts_worked_on_paper(paper):
    found = {f"{f.ref}/{f.point}" if f.point else f.ref: f for f in paper.findings}
    statuses = {name: found[name].status for name in ("T8/transplant", "T9/transplant", "T17/gvhd-prophylaxis-last", "T23", "T5")}
    assert set(statuses.values()) == {"met"}
    marrow = found["T14/marrow"]
    assert (marrow.status, marrow.earliest, marrow.latest, marrow.aim) == (
        "due", date(2026, 5, 18), date(2026, 6, 9), (date(2026, 5, 20), date(2026, 6, 9))
    ), "the last day before fludarabine of 10-Jun: after it a marrow is no baseline"  # fmt: skip


def test_the_patient_on_paper_may_have_day_zero_from_2_june_on_bound_by_tacrolimus(plan_of):
    dates = {name: PAPER[name] for name in ("transplant", "gvhd-prophylaxis-last")}
    feasible = plan_of(planned_day_zero=P, dates=dates).feasible
    assert (feasible.earliest, feasible.latest, feasible.binding) == (date(2026, 6, 2), None, ("T17",))


def test_behind_tacrolimus_the_transplant_is_next_once_the_assessment_is_done(plan_of):
    """20-Jan-2026 + 2 months = Fri 20-Mar-2026 = first fludarabine; five days later Wed 25-Mar-2026."""
    dates = {"transplant": date(2026, 1, 20), "gvhd-prophylaxis-last": date(2026, 5, 4), "disease-assessment": [date(2026, 3, 10), date(2026, 5, 20)]}
    feasible = plan_of(dates=dates).feasible
    assert (feasible.earliest, feasible.binding) == (date(2026, 6, 2), ("T17",))
    assert plan_of(dates={"transplant": date(2026, 1, 20), "disease-assessment": [date(2026, 3, 10), date(2026, 3, 22)]}).feasible.binding == ("T9",)


def test_a_plan_has_a_finding_for_every_row_in_the_order_of_the_trial(paper):
    rules = list(dict.fromkeys(finding.rule for finding in paper.findings))
    assert rules == [f"T{number}" for number in range(1, 41)]


def test_every_finding_and_every_event_says_what_it_rests_on(paper):
    assert [f.ref for f in paper.findings if not finding_basis(f, "day 0").strip() or not finding_source(f).strip()] == []
    assert [e.id for e in paper.events if not basis_of(e, "day 0").strip()] == []


def test_no_two_events_and_no_two_findings_have_the_same_name(paper):
    ids = [event.id for event in paper.events]
    assert len(set(ids)) == len(ids)
    names = [(finding.ref, str(finding.point) if finding.point else None) for finding in paper.findings]
    assert len(set(names)) == len(names)


# The banner ----------------------------------------------------------------------------------------------------------


def test_a_plan_that_keeps_its_rules_carries_no_banner(paper):
    assert banner(paper) is None
    assert paper.violated == ()


def test_a_violated_rule_is_named_in_the_banner(plan_of):
    plan = plan_of(planned_day_zero=P, dates={"transplant": date(2026, 5, 1), "dli-last": date(2026, 6, 1)})
    assert [f"{f.ref}/{f.point}" for f in plan.violated] == ["T8/transplant", "T9/transplant", "T31/dli-last"]
    assert banner(plan) == (
        "NOT ALLOWED AS PLANNED: T8 More than 2 months after the transplant: most recent transplant; T9 Lymphodepletion no earlier "
        "than 2 months after the transplant; T31 No donor lymphocyte infusion within 8 weeks of the cells"
    )


def test_a_boundary_and_a_due_date_carry_no_banner(plan_of):
    plan = plan_of(planned_day_zero=P, dates={"gvhd-prophylaxis-last": date(2026, 5, 18)})
    assert {f.status for f in plan.findings} >= {"boundary", "due"}
    assert banner(plan) is None


# Identity ------------------------------------------------------------------------------------------------------------


def test_the_schedule_id_hangs_on_protocol_and_code_alone(protocol, case_of, site_of, plan_of):
    one, other = plan_of(planned_day_zero=P), plan_of(site_of(IL2), planned_day_zero=date(2026, 7, 1), dates=PAPER)
    assert one.schedule_id == other.schedule_id == derived_schedule_id(protocol, "CASE-1")
    assert one.schedule_id.version == 5
    ids = {derived_schedule_id(protocol, code) for code in ("CASE-1", "CASE-2", "CASE-10")}
    assert len(ids) == 3


def test_the_same_inputs_give_the_same_plan(protocol, case_of, site_of):
    site, case = site_of(IL2), case_of(planned_day_zero=P, dates=PAPER)
    first, second = (lay_out(protocol, site, case, datetime(2026, 5, 1, 8)) for _ in range(2))
    assert (first.events, first.findings, first.feasible, first.not_stated) == (
        second.events, second.findings, second.feasible, second.not_stated
    )  # fmt: skip


def test_a_plan_cannot_be_changed(paper):
    with pytest.raises(AttributeError):
        paper.revision = 2
    with pytest.raises(AttributeError):
        paper.events[0].on = date(2026, 7, 1)


# Day 0 ---------------------------------------------------------------------------------------------------------------


def test_without_a_planned_day_zero_nothing_is_dated_and_the_feasible_days_are_there(plan_of):
    plan = plan_of(dates=PAPER)
    assert (plan.day_zero, plan.events, day_zero_of(plan)) == (None, (), "not planned")
    assert plan.feasible.earliest == date(2026, 6, 2)


def test_day_zero_is_shown_with_its_hour_where_one_is_planned(plan_of, site_of):
    assert day_zero_of(plan_of(planned_day_zero=P)) == "Mon 15-Jun-2026"
    assert day_zero_of(plan_of(site_of(), planned_day_zero=datetime(2026, 6, 15, 10))) == "Mon 15-Jun-2026 10:00"


# What is not stated --------------------------------------------------------------------------------------------------


def test_every_parameter_that_the_site_leaves_out_is_listed_in_words(plan_of, site_of, protocol):
    plan = plan_of(site_of(IL2), planned_day_zero=P)
    assert [(gap.parameter, gap_in_words(gap)) for gap in plan.not_stated] == [
        (name, parameter.missing) for name, parameter in protocol.parameters.items() if name != "il2-days"
    ]


def test_a_site_that_gives_everything_leaves_nothing_unstated(protocol):
    folder = ROOT / "examples"
    site = read_site((folder / "site.toml").read_text(encoding="utf-8"), "site.toml", protocol)
    case = read_case((folder / "ciml-017.toml").read_text(encoding="utf-8"), "ciml-017.toml", protocol, site)
    plan = lay_out(protocol, site, case, datetime(2026, 5, 26, 8))
    assert plan.not_stated == ()
    assert {event.activity for event in plan.events} == {*protocol.activities, *(task.id for task in site.tasks)}
    assert banner(plan) is None


TWO_CHECKS = """
format = 1
id = "X-1"
title = "a small trial"
version = "1"
date = 2026-01-02
jurisdiction = "nowhere"
numbering = "day-zero"
months = "clamp"
day-zero = "cells"
source = "record"
[sources.record]
title = "The record"
address = "https://example.org"
date = 2026-01-02
[attestations.fit]
title = "Fit."
[rules.T1]
title = "one"
quote = "one"
[[rules.T1.statements]]
ref = "T1"
kind = "attestation"
attestation = "fit"
words = "fit"
[activities.cells]
title = "cells"
days = "0"
category = "treatment"
quote = "the cells"
[activities.pulse]
title = "pulse"
days = "1 h after cells"
category = "test"
quote = "pulse"
[activities.fever]
title = "fever"
days = "4 h after cells"
category = "test"
quote = "fever"
"""


def test_everything_that_waits_for_an_hour_is_listed(plan_of):
    plan = plan_of(protocol=read_protocol(TWO_CHECKS, "x.toml"), planned_day_zero=P)
    said = "counted in hours from cells, whose hour is not stated; enter its hour in the site file's [times]."
    assert [gap_in_words(gap) for gap in plan.not_stated] == [f"pulse: {said}", f"fever: {said}"]
