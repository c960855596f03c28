"""Deadlines and feasible days 0 against brute force: every day 0 of five years, every date of every open point.

The oracle is the table "The statuses that bind" written out as plain functions over day counts: one line for each row,
no links, no network, no code of the program's. Open points are filled in by trying every date. Months are counted in a
table of month lengths, not with the program's arithmetic.
"""

from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schedule.engine import days_left
from schedule.engine.links import Link
from schedule.engine.network import tighten
from schedule.engine.stamps import INFINITY
from schedule.files.protocol_file import read_protocol
from schedule.words.findings import finding_basis

FIRST, LAST = date(2025, 1, 1), date(2029, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
SAFE, LITERAL = 2, 1


# The oracle: the table, row by row --------------------------------------------------------------------------------------


def later_by_months(day, count):
    """`count` calendar months later; a day that the month lacks becomes the first of the month after it."""
    index = day.year * 12 + day.month - 1 + count
    year, month = index // 12, index % 12 + 1
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if day.day <= (29 if month == 2 and leap else LENGTHS[month - 1]):
        return date(year, month, day.day)
    return date(year + month // 12, month % 12 + 1, 1)


def graded(safe, literal):
    return SAFE if safe else LITERAL if literal else 0


def washout(gap, safe, literal):
    return graded(gap >= safe, gap >= literal)


def screening(gap, oldest, youngest=1):
    return graded(youngest <= gap <= oldest, 0 <= gap <= oldest)


def t6(p, assessment):
    return screening((p - assessment).days, 28, youngest=6)


def t7_assessment(assessment, taper):
    return washout((assessment - taper).days, 15, 14)


def t7_taper(p, taper):
    return washout((p - taper).days - 5, 15, 14)


def t8_infusion(d, transplant):
    return SAFE if d > later_by_months(transplant, 2) else 0


def t8_assessment(assessment, transplant):
    return graded(assessment > later_by_months(transplant, 2), True)


def t9(p, transplant):
    return SAFE if p - timedelta(days=5) >= later_by_months(transplant, 2) else 0


def t32_venetoclax(gap):
    return SAFE if gap >= 15 else LITERAL if 6 <= gap <= 14 else 0


WASHOUTS = {
    "gvhd-steroid-last": [("T16", lambda gap: washout(gap, 29, 28))],
    "gvhd-prophylaxis-last": [("T17", lambda gap: washout(gap, 29, 28))],
    "gvhd-therapy-last": [("T18", lambda gap: washout(gap, 29, 28))],
    "investigational-agent-last": [("T24", lambda gap: washout(gap, 29, 28))],
    "count-control-last": [("T25", lambda gap: washout(gap - 5, 2, 1))],
    "nitrosourea-last": [("T26", lambda gap: washout(gap, 43, 42))],
    "immunotherapy-last": [("T27", lambda gap: washout(gap, 57, 56))],
    "chemotherapy-last": [("T29", lambda gap: graded(gap >= 15, True))],
    "dli-last": [("T31", lambda gap: washout(gap, 57, 56))],
    "bcl2-inhibitor-last": [("T32", lambda gap: washout(gap, 15, 14))],
    "bcr-abl-inhibitor-last": [("T32", lambda gap: washout(gap, 15, 14))],
    "venetoclax-last": [("T25", lambda gap: washout(gap - 5, 2, 1)), ("T32", t32_venetoclax)],
}
TESTS = {
    "chimerism": ("T13", lambda gap: screening(gap, 28, youngest=6)),
    "marrow": ("T14", lambda gap: screening(gap, 28, youngest=6)),
    "organ-function": ("T19", lambda gap: screening(gap, 14)),
    "echo": ("T20", lambda gap: screening(gap, 14)),
}
LATEST = ("transplant", "taper-completed", *WASHOUTS)
OPEN, NEVER = "open", "never"


def known(patient, name):
    """A patient's dates of one name: of last doses and the transplant only the latest, of tests all."""
    dates = patient.get(name, OPEN)
    if dates in (OPEN, NEVER):
        return []
    return [max(dates)] if name in LATEST else dates


def closed_grades(patient, day):
    """(rule, grade) for every row whose dates are all known, with planned day 0 and day 0 on `day`.

    Of several tests each row takes the one that serves it best.
    """
    for name, rows in WASHOUTS.items():
        for last in known(patient, name):
            for rule, grade in rows:
                yield rule, grade((day - last).days)
    for name, (rule, grade) in TESTS.items():
        if known(patient, name):
            yield rule, max(grade((day - test).days) for test in known(patient, name))
    assessments = known(patient, "disease-assessment")
    if assessments:
        yield "T6", max(t6(day, assessment) for assessment in assessments)
    for taper in known(patient, "taper-completed"):
        if assessments:
            yield "T7", max(t7_assessment(assessment, taper) for assessment in assessments)
        yield "T7", t7_taper(day, taper)
    for transplant in known(patient, "transplant"):
        yield "T8", t8_infusion(day, transplant)
        yield "T9", t9(day, transplant)
        if assessments:
            yield "T8", max(t8_assessment(assessment, transplant) for assessment in assessments)


def assessment_serves(patient, day, assessment, reading, without=()):
    """Whether a disease assessment on that date keeps its rows at once. An open taper or transplant can lie early enough."""
    return (
        ("T6" in without or t6(day, assessment) >= reading)
        and ("T7" in without or all(t7_assessment(assessment, taper) >= reading for taper in known(patient, "taper-completed")))
        and ("T8" in without or all(t8_assessment(assessment, h) >= reading for h in known(patient, "transplant")))
    )


def some_assessment_serves(patient, day, reading, without=()):
    """Tries every date from 40 days before day 0 to day 0; without T6 nothing ties it to day 0, and there is always one."""
    if "T6" in without or patient.get("disease-assessment", OPEN) != OPEN:
        return True
    return any(
        assessment_serves(patient, day, day - timedelta(days=before), reading, without) for before in range(41)
    )


def is_kept(patient, day, reading, without=()):
    return all(
        grade >= reading for rule, grade in closed_grades(patient, day) if rule not in without
    ) and some_assessment_serves(patient, day, reading, without)


def status_of(patient, day):
    return "met" if is_kept(patient, day, SAFE) else "boundary" if is_kept(patient, day, LITERAL) else ""


# Patients ------------------------------------------------------------------------------------------------------------

DATE = st.dates(date(2025, 9, 1), date(2026, 9, 1)) | st.sampled_from(
    [date(2025, 12, 29), date(2025, 12, 30), date(2025, 12, 31), date(2027, 12, 29), date(2027, 12, 31), date(2028, 2, 29)]
)
NEAR = st.dates(date(2026, 2, 1), date(2026, 5, 1))


def dates_of(name):
    some = st.lists(DATE | NEAR, min_size=1, max_size=3, unique=True)
    if name in ("transplant", "disease-assessment", *TESTS):
        return st.just(OPEN) | some
    return st.sampled_from([OPEN, NEVER]) | some


PATIENTS = st.fixed_dictionaries(
    {}, optional={name: dates_of(name) for name in (*LATEST, "disease-assessment", *TESTS)}
)
FEW_DATES = st.fixed_dictionaries(
    {},
    optional={
        name: dates_of(name)
        for name in ("transplant", "taper-completed", "disease-assessment", "gvhd-prophylaxis-last", "venetoclax-last")
    },
)


def dates_in(patient):
    return {name: dates for name, dates in patient.items() if dates != OPEN}


# Feasible days 0 -----------------------------------------------------------------------------------------------------


def spans_of(statuses):
    """Runs of equal status, with the first and the last day of the five years left open."""
    found = []
    for day, status in zip(EVERY_DAY, statuses, strict=True):
        if found and found[-1][2] == status and found[-1][1] == day - timedelta(days=1):
            found[-1][1] = day
        else:
            found.append([day, day, status])
    return [
        (None if first == FIRST else first, None if last == LAST else last, status)
        for first, last, status in found
        if status
    ]


@given(PATIENTS | FEW_DATES)
@example({})
@example({"taper-completed": [date(2026, 5, 1)]})
@example({"transplant": [date(2025, 12, 31)]})
@example({"transplant": [date(2026, 1, 20)], "gvhd-prophylaxis-last": [date(2026, 5, 4)]})
@example({"taper-completed": [date(2026, 3, 6)], "transplant": [date(2026, 1, 20)]})
@example({"marrow": [date(2026, 3, 1), date(2026, 4, 20)]})
def test_the_feasible_days_are_those_that_trying_every_day_of_five_years_finds(plan_of, patient):
    feasible = plan_of(dates=dates_in(patient)).feasible
    expected = spans_of([status_of(patient, day) for day in EVERY_DAY])
    if not dates_in(patient):
        assert (expected, list(feasible.intervals)) == ([(None, None, "met")], [(None, None, "due")])
        assert feasible.earliest is None and len(feasible.missing) == 21
        return
    assert list(feasible.intervals) == expected and feasible.missing == ()
    met = [(first, last) for first, last, status in expected if status == "met"]
    assert (feasible.earliest, feasible.latest) == ((met[0][0], met[-1][1]) if met else (None, None))


def binding_by_definition(patient, without=()):
    """The first met day of the five years and the rows not kept on the day before it, `without` some rules."""
    first = next((day for day in EVERY_DAY if is_kept(patient, day, SAFE, without)), None)
    if first in (None, FIRST):
        return first, set(), True
    before = first - timedelta(days=1)
    closed = {rule for rule, grade in closed_grades(patient, before) if rule not in without and grade < SAFE}
    return first, closed, some_assessment_serves(patient, before, SAFE, without)


def check_binding(patient, named, without=()):
    """`named` must hold every closed row not kept the day before, and beyond these only a chain that is really in the way."""
    first, closed, chain_holds = binding_by_definition(patient, without)
    if first in (None, FIRST):
        assert (first, named) == (first, set())
        return
    before = first - timedelta(days=1)
    assert closed <= named
    if chain_holds:
        assert named == closed
        return
    chain = named - closed
    assert chain
    others = {"T6", "T7", "T8"} - named
    assert not some_assessment_serves(patient, before, SAFE, others), "the rules named do not stand in the way by themselves"
    for rule in chain:
        assert some_assessment_serves(patient, before, SAFE, {*others, rule}), f"{rule} is not needed for the conflict"


@given(PATIENTS | FEW_DATES)
@example({"taper-completed": [date(2026, 5, 1)]})
@example({"transplant": [date(2026, 1, 20)], "gvhd-prophylaxis-last": [date(2026, 5, 4)]})
@example({"transplant": [date(2026, 1, 20)], "disease-assessment": [date(2026, 3, 10), date(2026, 3, 22)]})
def test_what_binds_is_not_kept_the_day_before_and_what_is_next_binds_once_that_is_taken_away(plan_of, patient):
    feasible = plan_of(dates=dates_in(patient)).feasible
    assume(feasible.earliest is not None)
    binding = set(feasible.binding)
    assert len(binding) == len(feasible.binding)
    check_binding(patient, binding)
    check_binding(patient, set(feasible.next), without=binding)


@given(PATIENTS)
def test_what_is_assumed_is_every_date_that_some_rule_needs_and_nobody_has_given(plan_of, patient):
    assumed = set(plan_of(dates=dates_in(patient)).feasible.assumes)
    names = {*LATEST, "disease-assessment", *TESTS}
    expected = {name for name in names if patient.get(name, OPEN) == OPEN}
    assert assumed == expected


@given(PATIENTS, st.booleans())
def test_where_no_day_is_feasible_the_rules_named_are_enough_to_leave_none(plan_of, patient, late):
    if late:
        patient = patient | {"dli-last": [date(2026, 5, 1)], "marrow": [date(2026, 4, 1)]}
    feasible = plan_of(dates=dates_in(patient)).feasible
    assume(feasible.earliest is None and not feasible.missing and not any(status == "met" for _, _, status in feasible.intervals))
    everything = {rule for day in EVERY_DAY[:1] for rule, _ in closed_grades(patient, day)} | {"T6", "T7", "T8"}
    assert feasible.binding
    others = everything - set(feasible.binding)
    assert not any(is_kept(patient, day, SAFE, others) for day in EVERY_DAY)


# Findings of a planned day 0 -----------------------------------------------------------------------------------------

DAY_ZERO = st.dates(date(2026, 1, 7), date(2026, 7, 1))  # lymphodepletion has not begun on 1-Jan
WORDS = {SAFE: "met", LITERAL: "boundary", 0: "violated"}


def judged_rows(patient, day):
    """Finding -> grade, for every row of the table whose dates are all known."""
    rows = {}
    for name, row in WASHOUTS.items():
        for last in known(patient, name):
            rows |= {f"{rule}/{name}": grade((day - last).days) for rule, grade in row}
    for name, (rule, grade) in TESTS.items():
        if known(patient, name):
            rows[f"{rule}/{name}"] = max(grade((day - test).days) for test in known(patient, name))
    assessments = known(patient, "disease-assessment")
    if assessments:
        rows["T6/disease-assessment"] = max(t6(day, a) for a in assessments)
    for taper in known(patient, "taper-completed"):
        rows["T7/taper-completed"] = t7_taper(day, taper)
        if assessments:
            rows["T7/disease-assessment"] = max(t7_assessment(a, taper) for a in assessments)
    for transplant in known(patient, "transplant"):
        rows |= {"T8/transplant": t8_infusion(day, transplant), "T9/transplant": t9(day, transplant)}
        if assessments:
            rows["T8/disease-assessment"] = max(t8_assessment(a, transplant) for a in assessments)
    return rows


@given(PATIENTS, DAY_ZERO)
def test_every_row_with_known_dates_has_the_status_of_the_table(plan_of, patient, day):
    plan = plan_of(planned_day_zero=day, dates=dates_in(patient))
    found = {f"{f.ref}/{f.point}": f.status for f in plan.findings}
    expected = {name: WORDS[grade] for name, grade in judged_rows(patient, day).items()}
    assert {name: found[name] for name in expected} == expected


def test_every_row_is_met_boundary_and_violated_on_some_gap_and_exactly_where_the_table_says(plan_of):
    """All gaps from 10 days after day 0 to 70 days before it, for every known date on its own."""
    day = date(2026, 6, 15)
    seen = {}
    for name in (*LATEST, "disease-assessment", *TESTS):
        for gap in range(-10, 71):
            patient = {name: [day - timedelta(days=gap)]}
            found = {f"{f.ref}/{f.point}": f.status for f in plan_of(planned_day_zero=day, dates=patient).findings}
            for row, grade in judged_rows(patient, day).items():
                assert (row, gap, found[row]) == (row, gap, WORDS[grade])
                seen.setdefault(row, set()).add(found[row])
    two = {"T8/transplant": {"met", "violated"}, "T9/transplant": {"met", "violated"}, "T29/chemotherapy-last": {"met", "boundary"}}
    assert {row: two.get(row, {"met", "boundary", "violated"}) for row in seen} == seen
    assert len(seen) == 21


def dates_that_serve(patient, name, day, reading):
    """Every date, from 420 days before day 0 to 60 after it, on which an open point keeps all rows about it."""
    found = []
    for offset in range(-420, 61):
        at = day + timedelta(days=offset)
        trial = patient | {name: [at]}
        if name == "disease-assessment":
            kept = assessment_serves(trial, day, at, reading)
        elif name in TESTS:
            kept = TESTS[name][1](-offset) >= reading
        elif name in WASHOUTS:
            kept = all(grade(-offset) >= reading for _, grade in WASHOUTS[name])
        else:
            rows = [t7_taper(day, at)] if name == "taper-completed" else [t8_infusion(day, at), t9(day, at)]
            assessments = known(patient, "disease-assessment")
            if assessments:
                row = t7_assessment if name == "taper-completed" else t8_assessment
                rows.append(max(row(assessment, at) for assessment in assessments))
            kept = min(rows) >= reading and some_assessment_serves(trial, day, reading)
        found += [at] if kept else []
    return found


def rules_about(name):
    chained = {"disease-assessment": ["T6", "T7", "T8"], "taper-completed": ["T7"], "transplant": ["T8", "T9"]}
    if name in chained:
        return chained[name]
    return [rule for rule, _ in WASHOUTS[name]] if name in WASHOUTS else [TESTS[name][0]]


@given(PATIENTS | FEW_DATES, DAY_ZERO)
@example({"taper-completed": [date(2026, 6, 10)]}, date(2026, 6, 15))
@example({"disease-assessment": [date(2026, 6, 10)]}, date(2026, 6, 15))
@example({"transplant": [date(2026, 4, 10)]}, date(2026, 6, 15))
@example({"disease-assessment": [date(2026, 5, 20), date(2026, 6, 8)]}, date(2026, 6, 15))
def test_the_window_of_an_open_date_is_every_date_that_keeps_all_rules_about_it(plan_of, patient, day):
    plan = plan_of(planned_day_zero=day, dates=dates_in(patient))
    windows = {f"{f.ref}/{f.point}": (f.earliest, f.latest) for f in plan.findings if f.point}
    for name in (*LATEST, "disease-assessment", *TESTS):
        if patient.get(name, OPEN) != OPEN:
            continue
        serving = dates_that_serve(patient, name, day, SAFE)
        if not serving and name in ("taper-completed", "transplant"):
            assert not dates_that_serve(patient, "disease-assessment", day, SAFE)  # the conflict is another one's
            continue
        first, last = (serving[0], serving[-1]) if serving else (None, None)
        assert serving == [first + timedelta(days=n) for n in range(len(serving))]
        if first == day - timedelta(days=420):
            first = None
        for rule in rules_about(name):
            if rule == "T7" and patient.get("taper-completed") == NEVER:
                continue
            shown = windows[f"{rule}/{name}"]
            assert (rule, name, *shown) == (rule, name, first, last)


@given(FEW_DATES, DAY_ZERO)
@example({"taper-completed": [date(2026, 5, 20)]}, date(2026, 6, 15))
@example({"taper-completed": [date(2026, 5, 26)]}, date(2026, 6, 15))
@example({"taper-completed": [date(2026, 6, 10)]}, date(2026, 6, 15))
def test_an_open_assessment_is_due_and_says_where_no_date_is_left_that_is_clearly_allowed(plan_of, patient, day):
    patient = {name: dates for name, dates in patient.items() if name != "disease-assessment"}
    plan = plan_of(planned_day_zero=day, dates=dates_in(patient))
    findings = {f"{f.ref}/{f.point}": f for f in plan.findings}
    safe, literal = (dates_that_serve(patient, "disease-assessment", day, reading) for reading in (SAFE, LITERAL))
    asked = {"T6/disease-assessment", "T7/disease-assessment", "T8/disease-assessment"}
    if patient.get("taper-completed") == NEVER:
        asked.remove("T7/disease-assessment")
    for name in asked:
        assert findings[name].status == "due"
        said = finding_basis(findings[name], "day 0")
        assert ("no date is left" in said) is not bool(safe)
        assert ("no date is left that is clearly allowed" in said) is bool(literal and not safe)


@given(PATIENTS, DAY_ZERO)
def test_a_test_expires_on_the_last_day_zero_that_it_can_serve(plan_of, patient, day):
    plan = plan_of(planned_day_zero=day, dates=dates_in(patient))
    expires = {f"{f.ref}/{f.point}": f.expires for f in plan.findings}
    rows = {f"{rule}/{name}": grade for name, (rule, grade) in TESTS.items()}
    rows["T6/disease-assessment"] = lambda gap: screening(gap, 28, youngest=6)
    for row, grade in rows.items():
        tests = known(patient, row.partition("/")[2])
        if tests:
            serving = [d for d in EVERY_DAY if any(grade((d - test).days) == SAFE for test in tests)]
            assert (row, expires[row]) == (row, serving[-1])


# The network itself --------------------------------------------------------------------------------------------------

P = date(2026, 6, 15)
ORIGIN = date(2026, 1, 15).toordinal()
REACH = 45


def a_link(point, anchor, *, lower, count, unit="days", extra=0, point_shift=0, anchor_shift=0, rule="R", months="next-first"):
    return Link(rule, point, point_shift, anchor, anchor_shift, lower, count, unit, extra, months)


LINKS = st.builds(
    Link, st.sampled_from("RSTUV"), st.sampled_from(["a", "b", "c"]), st.integers(-6, 6),
    st.sampled_from(["a", "b", "c", "day-zero"]), st.integers(-6, 6), st.booleans(), st.integers(-3, 5),
    st.sampled_from(["days", "days", "weeks", "months"]), st.sampled_from([0, 0, 1, -1]), st.sampled_from(["next-first", "clamp"]),
)  # fmt: skip


def fenced(name):
    """Two links that keep a base within reach of day 0, so that every date can be tried."""
    return [a_link(name, "day-zero", lower=True, count=-REACH), a_link(name, "day-zero", lower=False, count=REACH)]


def reached(link, anchor):
    """anchor + shift + count units, by the oracle's calendar."""
    at = date.fromordinal(anchor + link.anchor_shift)
    if link.unit == "months":
        moved = later_by_months(at, link.count)
        if link.months == "clamp" and moved.day != at.day:
            moved -= timedelta(days=1)
    else:
        moved = at + timedelta(days=link.count * (7 if link.unit == "weeks" else 1))
    return moved.toordinal() + link.extra - link.point_shift


def solutions(links, values, names):
    """Every way to give each name one date within reach that keeps all links; `values` are those of known bases.

    Two bases are tied at a time: sets of allowed pairs, joined over the third.
    """
    domain = range(ORIGIN - REACH, ORIGIN + REACH + 1)
    choices = {name: list(domain) for name in names} | values
    borders = [(link, {on: reached(link, on) for on in choices[link.anchor]}) for link in links]

    def kept(assigned, fresh):
        for link, border in borders:
            if fresh not in (link.point, link.anchor):
                continue
            points = [assigned[link.point]] if link.point in assigned else values.get(link.point)
            anchors = [assigned[link.anchor]] if link.anchor in assigned else values.get(link.anchor)
            if points is None or anchors is None:
                continue
            if not any(p >= border[a] if link.lower else p <= border[a] for p in points for a in anchors):
                return False
        return True

    def search(assigned, rest):
        if not rest:
            yield dict(assigned)
            return
        for value in domain:
            assigned[rest[0]] = value
            if kept(assigned, rest[0]):
                yield from search(assigned, rest[1:])
            del assigned[rest[0]]

    return list(search({}, names))


@settings(max_examples=150)
@given(st.lists(LINKS, min_size=1, max_size=5), st.lists(st.integers(-20, 20), min_size=1, max_size=3, unique=True))
@example([a_link("a", "b", lower=True, count=1), a_link("b", "a", lower=True, count=1)], [0])
@example([a_link("a", "c", lower=True, count=1), a_link("b", "a", lower=True, count=3)], [0, 10])
@example([a_link("a", "day-zero", lower=True, count=5), a_link("a", "day-zero", lower=False, count=4)], [0])
@example([a_link("a", "day-zero", lower=False, count=2, rule="S"), a_link("b", "a", lower=True, count=2, unit="weeks")], [0])
def test_narrowing_leaves_of_every_open_base_exactly_the_dates_of_all_solutions(links, tests):
    """`a` and `b` are open, `c` a test done on one to three dates, day 0 is known."""
    links = [link for link in links if link.point != link.anchor and "c" not in (link.point, link.anchor)] + [
        link for link in links if link.point != link.anchor and {link.point, link.anchor} in ({"a", "c"}, {"b", "c"})
    ]
    links += fenced("a") + fenced("b")
    values = {"day-zero": [ORIGIN], "c": sorted(ORIGIN + test for test in tests)}
    found = tighten(links, {name: tuple(at) for name, at in values.items()})
    expected = solutions(links, values, ["a", "b"])
    if not expected:
        assert any(found[name].is_empty for name in ("a", "b"))
        return
    for name in ("a", "b"):
        dates = [solution[name] for solution in expected]
        assert (name, found[name].first, found[name].last) == (name, min(dates), max(dates))


def told(window):
    return window.first, window.last, window.first_by, window.last_by


def test_a_base_that_nothing_limits_stays_open_and_the_limits_are_named_cause_first():
    links = [
        a_link("a", "day-zero", lower=False, count=-6, rule="T6"),
        a_link("a", "taper", lower=True, count=15, rule="T7"),
        a_link("b", "a", lower=True, count=1, rule="T8"),
    ]
    found = tighten(links, {"day-zero": (1000,)})
    assert told(found["a"]) == (-INFINITY, 994, (), ("T6",))
    assert told(found["taper"]) == (-INFINITY, 979, (), ("T6", "T7"))
    assert told(found["b"]) == (-INFINITY, INFINITY, (), ())
    forward = tighten(links, {"taper": (1000,)})
    assert told(forward["a"]) == (1015, INFINITY, ("T7",), ())
    assert told(forward["b"]) == (1016, INFINITY, ("T7", "T8"), ())
    assert told(forward["day-zero"]) == (1021, INFINITY, ("T7", "T6"), ())


def test_one_base_without_a_date_left_takes_nothing_from_the_windows_of_others():
    links = [
        a_link("a", "day-zero", lower=True, count=5, rule="T6"),
        a_link("a", "day-zero", lower=False, count=4, rule="T7"),
        a_link("b", "day-zero", lower=True, count=-28, rule="T14"),
        a_link("b", "day-zero", lower=False, count=-1, rule="T14"),
    ]
    found = tighten(links, {"day-zero": (1000,)})
    assert found["a"].is_empty
    assert told(found["b"]) == (972, 999, ("T14",), ("T14",))


@given(
    st.sampled_from(["days", "weeks", "months", "years"]), st.integers(-4, 60), st.booleans(), st.sampled_from([-1, 0, 1]),
    st.integers(-365, 3650), st.integers(-365, 3650), st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["next-first", "clamp"]),
)  # fmt: skip
@example("months", 2, True, 1, 0, 0, date(2026, 3, 1), "next-first")
@example("months", 2, True, 0, -5, 0, date(2026, 2, 24), "next-first")
@example("months", 2, True, 0, 100, 0, date(2026, 6, 15), "next-first")
@example("months", 2, False, 0, 0, 100, date(2026, 6, 15), "clamp")
def test_the_anchor_that_a_point_allows_is_the_last_one_or_the_first_one_whose_sum_allows_it(
    unit, count, lower, extra, point_shift, anchor_shift, day, months
):
    link = Link("R", "x", point_shift, "y", anchor_shift, lower, count, unit, extra, months)
    point = day.toordinal()
    limit = link.anchor_limit(point)
    if lower:
        assert link.limit(limit) <= point < link.limit(limit + 1)
    else:
        assert link.limit(limit - 1) < point <= link.limit(limit)


@given(st.sampled_from(["days", "weeks", "months", "years"]), st.integers(0, 60), st.integers(-365, 3650), st.booleans())
def test_an_open_end_stays_open_through_any_link(unit, count, shift, lower):
    link = Link("R", "x", shift, "y", -shift, lower, count, unit, 0, "clamp")
    for end in (-INFINITY, INFINITY):
        assert link.limit(end) == end
        assert link.anchor_limit(end) == end


# Hours, and points that lie later than day 0 ----------------------------------------------------------------------------

TWO_POINTS = """
format = 1
id = "X-1"
title = "a trial"
version = "1"
date = 2026-01-02
jurisdiction = "nowhere"
numbering = "day-zero"
months = "next-first"
day-zero = "cells"
source = "record"
[sources.record]
title = "record"
address = "https://example.org"
date = 2026-01-02
[dates.scan]
title = "scan"
kind = "test"
[activities.cells]
title = "cells"
days = "0"
quote = "day 0"
category = "treatment"
[activities.visit]
title = "visit"
days = "+100, +465, +830"
quote = "three visits"
category = "visit"
[rules.T1]
title = "one"
quote = "one"
[[rules.T1.bounds]]
point = "scan"
"""


def one_rule(bounds):
    return read_protocol(TWO_POINTS + bounds, "x.toml")


@pytest.mark.parametrize(
    ("bound", "safe", "literal"),
    [
        pytest.param("day-zero at least 48 hours after scan", 3, 2, id="at least 48 hours"),
        pytest.param("day-zero more than 48 hours after scan", 3, 2, id="more than 48 hours"),
        pytest.param("day-zero at least 30 hours after scan", 3, 1, id="at least 30 hours"),
        pytest.param("day-zero at least 24 hours after scan", 2, 1, id="at least 24 hours"),
        pytest.param("day-zero at least 1 hour after scan", 2, 0, id="at least an hour"),
    ],
)
def test_hours_between_two_dates_are_kept_safely_only_where_every_hour_of_both_keeps_them(plan_of, bound, safe, literal):
    """Two moments on dates d days apart lie more than 24(d-1) and less than 24(d+1) hours apart."""
    trial = one_rule(f'safe = ["{bound}"]')
    for gap in range(-2, 6):
        plan = plan_of(protocol=trial, planned_day_zero=date(2026, 6, 15), dates={"scan": date(2026, 6, 15) - timedelta(days=gap)})
        expected = "met" if gap >= safe else "boundary" if gap >= literal else "violated"
        assert (gap, plan.findings[0].status) == (gap, expected)


@pytest.mark.parametrize(
    ("bound", "safe", "literal"),
    [
        pytest.param("day-zero at most 48 hours after scan", 1, 2, id="at most 48 hours"),
        pytest.param("day-zero less than 48 hours after scan", 1, 2, id="less than 48 hours"),
        pytest.param("day-zero at most 30 hours after scan", 0, 2, id="at most 30 hours"),
        pytest.param("day-zero at most 72 hours after scan", 2, 3, id="at most 72 hours"),
    ],
)
def test_hours_at_most_between_two_dates_too(plan_of, bound, safe, literal):
    trial = one_rule(f'safe = ["{bound}"]')
    for gap in range(-2, 6):
        plan = plan_of(protocol=trial, planned_day_zero=date(2026, 6, 15), dates={"scan": date(2026, 6, 15) - timedelta(days=gap)})
        expected = "met" if gap <= safe else "boundary" if gap <= literal else "violated"
        assert (gap, plan.findings[0].status) == (gap, expected)


@pytest.mark.parametrize(
    ("relation", "before", "that_day", "after"),
    [("at least", False, True, True), ("more than", False, False, True), ("at most", True, True, False), ("less than", True, False, False)],
)
@pytest.mark.parametrize(
    ("distance", "border"),
    [("3 days", date(2026, 4, 3)), ("2 weeks", date(2026, 4, 14)), ("1 month", date(2026, 5, 1)), ("1 year", date(2027, 3, 31))],
)
def test_each_relation_is_kept_on_its_side_of_the_border(plan_of, relation, before, that_day, after, distance, border):
    """Tue 31-Mar-2026 + 3 days = 3-Apr, + 2 weeks = 14-Apr, + 1 month = 1-May (no 31-Apr), + 1 year = 31-Mar-2027."""
    trial = one_rule(f'safe = ["day-zero {relation} {distance} after scan"]')
    for days_on, kept in ((-1, before), (0, that_day), (1, after)):
        plan = plan_of(protocol=trial, planned_day_zero=border + timedelta(days=days_on), dates={"scan": date(2026, 3, 31)})
        assert (days_on, plan.findings[0].status) == (days_on, "met" if kept else "violated")


@pytest.mark.parametrize(
    ("point", "offset"),
    [("visit.first", 100), ("visit-1", 100), ("visit-2", 465), ("visit.last", 830), ("visit-3", 830), ("cells-1", 0)],
)
@pytest.mark.parametrize(("count", "unit"), [(30, "days"), (2, "months"), (1, "years")])
def test_a_bound_about_an_occurrence_is_judged_on_the_date_of_that_occurrence(plan_of, point, offset, count, unit):
    """The date on which the bound begins to be kept, found by trying every date, is the one worked out backwards."""
    trial = one_rule(f'safe = ["{point} at least {count} {unit} after scan"]')
    day = date(2026, 6, 15)
    at = day + timedelta(days=offset)
    serving = [
        scan
        for scan in (at - timedelta(days=n) for n in range(-5, 460))
        if (scan + timedelta(days=count) if unit == "days" else later_by_months(scan, count * (12 if unit == "years" else 1))) <= at
    ]
    last = serving[0]
    due = plan_of(protocol=trial, planned_day_zero=day).findings[0]
    assert (due.status, due.earliest, due.latest) == ("due", None, last)
    for scan, status in ((last, "met"), (last + timedelta(days=1), "violated")):
        found = plan_of(protocol=trial, planned_day_zero=day, dates={"scan": scan}).findings[0]
        assert (scan, found.status) == (scan, status)
        feasible = plan_of(protocol=trial, dates={"scan": scan}).feasible
        assert feasible.earliest is not None
        assert (feasible.earliest <= day) == (status == "met")


@pytest.mark.parametrize("unit", ["days", "months"])
def test_a_bound_about_an_occurrence_dated_in_months_is_judged_where_it_lies_on_every_day_zero(plan_of, unit):
    """`1 month after the scan` is 28 to 31 days; so are the months of the visits."""
    text = (TWO_POINTS + f'safe = ["visit.last at least 70 {unit} after scan"]').replace('"+100, +465, +830"', '"every 2 months x 2 from 0"')
    trial, scan = read_protocol(text, "x.toml"), date(2026, 1, 31) if unit == "days" else date(2020, 3, 31)
    feasible = plan_of(protocol=trial, planned_day_zero=P, dates={"scan": scan}).feasible
    border = scan + timedelta(days=70) if unit == "days" else later_by_months(scan, 70)
    first = next(day for day in EVERY_DAY if later_by_months(day, 2) >= border)
    assert feasible.intervals == ((first, None, "met"),)


def test_less_leaves_what_lies_between_the_spans_taken():
    assert days_left.less([(1, 20)], [(3, 5), (9, 9)]) == [(1, 2), (6, 8), (10, 20)]
    assert days_left.less([(-INFINITY, INFINITY)], [(3, 5)]) == [(-INFINITY, 2), (6, INFINITY)]
    assert days_left.less([(1, 20)], []) == [(1, 20)]
    assert days_left.less([(4, 5)], [(1, 20)]) == []


def test_a_link_that_is_kept_with_equality_is_broken_a_day_earlier():
    link = a_link("x", "y", lower=True, count=29)
    assert link.holds({"x": 129, "y": 100})
    assert not link.holds({"x": 128, "y": 100})
    assert not replace(link, lower=False).holds({"x": 130, "y": 100})
    assert replace(link, lower=False).holds({"x": 129, "y": 100})
