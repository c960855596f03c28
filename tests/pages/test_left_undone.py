"""What heads a change notice, what it asks, and what it says is left undone: small patients, every date worked by hand."""

from datetime import date

import pytest
from shared.player import Player
from shared.small_trials import BY_HOURS, CASE, CYCLES, HEAD

from schedule.engine.move import judge_move
from schedule.engine.open_today import to_be_decided
from schedule.model.acts import GiveRuling, Move
from schedule.model.moment import Moment
from schedule.model.notation import NO_BREAK
from schedule.pages.change import notice, notice_values
from schedule.pages.patient_now import patient_now
from schedule.words.acts import deed_in_words

TRIAL = HEAD + """
[courses.before]
title = "Treatment before the cells"
from = "planned-day-zero"
[activities.drug-a]
title = "drug A"
unit = "dose"
course = "before"
days = "-5, -4, -3"
category = "treatment"
quote = "Drug A on days -5, -4 and -3."
[activities.collection]
title = "collection"
days = "-1"
category = "visit"
who = "donor"
quote = "The donor's cells are collected on day -1."
[courses.after]
title = "Drug B"
[activities.drug-b]
title = "drug B"
unit = "dose"
course = "after"
days = "+1, +3"
category = "treatment"
quote = "Drug B on days 1 and 3."
[activities.visit]
title = "visit"
days = "-13"
category = "visit"
quote = "A visit on day -13."
[activities.scan]
title = "scan"
days = "1 day after visit"
category = "test"
quote = "A scan on the day after the visit."
[rules.DAYS]
title = "The days of the trial"
derivation = "the words stand with each activity"
events = ["cells", "drug-a", "drug-b", "collection", "visit", "scan"]
"""
SITE = """
format = 1
zone = "America/New_York"
[times]
drug-a = "09:00"
drug-b = "20:00"
[[tasks]]
id = "weigh"
title = "weigh the patient"
days = "-5 to +3"
at = "06:00"
[[tasks]]
id = "call"
title = "call the patient"
days = "-12"
"""


class Patient(Player):
    """Day 0 on Mon 15-Jun-2026 10:00: drug A on Wed 10, Thu 11, Fri 12-Jun 09:00; collection on Sun 14-Jun; drug B on Tue
    16 and Thu 18-Jun 20:00; visit on Tue 02-Jun; scan on Wed 03-Jun; weighed daily at 06:00 from 10 to 18-Jun; called on
    Wed 03-Jun."""

    def __init__(self, trial=TRIAL, planned="2026-06-15T10:00:00", site=SITE):
        super().__init__(trial, site, CASE.format(planned))
        self.done("plan", "2026-05-20 08:00")

    def done(self, act, as_of, **keys):
        """An act that is taken, and its notice."""
        before = self.plan
        typed = {"act": act, "as_of": as_of, **keys}
        at = self.as_of(as_of, self.site)
        deed = None if act == "plan" else self.deed(typed, at, self.protocol, self.site)
        outcome = self.act(typed)
        assert outcome["saved"], outcome
        if before is not None:
            verdict = judge_move(before, self.plan, deed, at) if isinstance(deed, Move) else None
            self.values = notice_values(before, self.plan, verdict, saved=True)
            return notice(before, self.plan, deed, verdict, saved=True, as_of=at, by="nurse 7")

    def given(self, *ids):
        for one in ids:
            day = next(event.on for event in self.plan.events if event.id == one)
            self.done("record", f"{day} 12:00", event=one, word="given", at=f"{day} 09:00")


def plain(texts):
    return [text.replace(NO_BREAK, " ") for text in texts]


def test_nothing_is_asked_of_a_move_that_leaves_nothing():
    """Before anything has begun: day 0 a week later, everything moves with it."""
    told = Patient().done("move", "2026-06-01 08:00", to="2026-06-22 10:00")
    assert (told.past, told.queries, told.undone) == ((), (), ())


def test_what_a_move_lays_in_the_past_heads_the_notice():
    """On Mon 01-Jun day 0 is moved to Tue 09-Jun: the visit of day -13 lies on Wed 27-May, the scan and the call on Thu
    28-May."""
    patient = Patient()
    told = patient.done("move", "2026-06-01 08:00", to="2026-06-09 10:00")
    assert told.past == ("visit, Wed 27-May-2026", "scan, Thu 28-May-2026", "call the patient, Thu 28-May-2026")
    assert patient.values["past"] == ["visit-1", "scan-1", "call-1"]


def test_what_was_for_today_without_an_hour_and_moves_is_asked_about():
    """On Wed 03-Jun, the day of the call, day 0 is moved by a week: the call is on Wed 10-Jun."""
    told = Patient().done("move", "2026-06-03 08:00", to="2026-06-22 10:00")
    assert "call the patient, Wed 03-Jun-2026: was for today, and moves to Wed 10-Jun-2026. Done already?" in told.queries
    assert told.past == ()


def test_the_infusion_typed_in_late_lays_what_follows_it_in_the_past():
    """Given on Mon 15-Jun 10:00, typed in on Wed 17-Jun: drug B of Tue 16-Jun 20:00 follows it, and so do the weighings of
    day 0 and later."""
    patient = Patient()
    patient.given("drug-a-1", "drug-a-2", "drug-a-3")
    told = patient.done("record", "2026-06-17 12:00", event="cells-1", word="given", at="2026-06-15 10:00")
    assert plain(told.past) == [
        "drug B (dose 1 of 2), Tue 16-Jun-2026 20:00", "weigh the patient, Mon 15, Tue 16, Wed 17-Jun-2026, 06:00",
    ]  # fmt: skip
    assert not [text for text in told.queries if "drug B" in text]


def test_a_daily_task_with_a_hole_is_told():
    """On Fri 12-Jun day 0 slips by two days. Weighed on 10, 11, 12-Jun 06:00, past; the weighing of day -2 is on Mon 15."""
    patient = Patient()
    patient.given("drug-a-1", "drug-a-2")
    told = patient.done("move", "2026-06-12 08:00", to="2026-06-17 10:00", cause="product")
    assert plain(told.undone) == ["weigh the patient: no entry on Sat 13-Jun-2026 to Sun 14-Jun-2026, since Day −2 is now Mon 15-Jun-2026: add it?"]


def test_a_day_of_treatment_without_its_weighing_is_told():
    """On Thu 11-Jun day 0 slips by two days. Drug A of Fri 12-Jun stays, its weighing moves to Sun 14-Jun."""
    patient = Patient()
    patient.given("drug-a-1")
    told = patient.done("move", "2026-06-11 08:00", to="2026-06-17 10:00", cause="product")
    assert plain(told.undone) == [
        "weigh the patient: no entry on Fri 12-Jun-2026 to Sat 13-Jun-2026, since Day −3 is now Sun 14-Jun-2026: add it?",
        "drug A (dose 3 of 3), Fri 12-Jun-2026 09:00: no “weigh the patient” on that day any more.",
    ]


def test_a_follower_left_before_its_leader_is_told():
    """The scan is done on Tue 02-Jun, the day of the visit, which nobody has recorded; day 0 then moves by a week, and
    the visit with it to Tue 09-Jun. What is done stays."""
    patient = Patient()
    patient.done("record", "2026-06-02 12:00", event="scan-1", word="done", at="2026-06-02 10:00", confirm=True)
    told = patient.done("move", "2026-06-02 13:00", to="2026-06-22 10:00")
    assert plain(told.queries) == [
        "visit, Tue 02-Jun-2026: was for today, and moves to Tue 09-Jun-2026. Done already?",
        "scan: off its place in the schedule now. The principal investigator must decide.",
    ]
    assert plain(told.undone) == ["scan, Tue 02-Jun-2026 10:00: lies before visit, Tue 09-Jun-2026, which it follows."]


def test_what_was_held_and_is_planned_again_is_asked_about_and_its_people_are_told():
    """The collection of Sun 14-Jun is held; day 0 slips to Wed 17-Jun: it is planned again for Tue 16-Jun."""
    patient = Patient()
    patient.given("drug-a-1", "drug-a-2", "drug-a-3")
    patient.done("record", "2026-06-14 10:00", event="collection-1", word="held", at="2026-06-14")
    told = patient.done("move", "2026-06-14 12:00", to="2026-06-17 10:00", cause="donor")
    assert "collection (donor), Sun 14-Jun-2026: NOT DONE, and planned again on Tue 16-Jun-2026. Is it still needed?" in plain(
        told.queries
    )
    assert any(who.startswith("Donor") for who in told.tell)
    assert patient.values["again"] == [{"held": "collection-1", "id": "collection-2"}]
    assert ("collection", "Tue 16-Jun-2026") in told.added


def test_a_hold_typed_in_after_the_move_is_planned_again_and_not_said_to_be_left():
    """Day 0 slips at noon of Sun 14-Jun; that the collection of that day was held is typed in an hour later."""
    patient = Patient()
    patient.given("drug-a-1", "drug-a-2", "drug-a-3")
    patient.done("move", "2026-06-14 12:00", to="2026-06-17 10:00", cause="donor")
    told = patient.done("record", "2026-06-14 13:00", event="collection-1", word="held", at="2026-06-14")
    assert [text for text in plain(told.queries) if "NOT DONE" in text] == [
        "collection (donor), Sun 14-Jun-2026: NOT DONE, and planned again on Tue 16-Jun-2026. Is it still needed?"
    ]


def test_what_was_held_and_somebody_books_again_is_not_asked_about():
    """The visit of Tue 02-Jun is held, and booked for Thu 04-Jun: somebody has just decided that it is needed."""
    patient = Patient(TRIAL.replace('days = "-13"', 'days = "-13 ±2"'))
    patient.done("record", "2026-06-02 10:00", event="visit-1", word="held", at="2026-06-02")
    told = patient.done("book", "2026-06-02 12:00", event="visit-1", at="2026-06-04")
    assert ("visit", "Thu 04-Jun-2026") in told.added
    assert not [text for text in told.queries if "still needed" in text]


def test_a_move_that_rested_on_a_record_since_corrected_is_named():
    """The first dose is held, so the move to Mon 22-Jun is a re-plan. Corrected to given it was a slip: planned day 0 is
    Mon 15-Jun again."""
    patient = Patient()
    patient.done("record", "2026-06-10 10:00", event="drug-a-1", word="held", at="2026-06-10 09:00")
    moved = patient.done("move", "2026-06-10 12:00", to="2026-06-22 10:00", cause="product")
    assert moved.heading.startswith("Re-plan of TEST-01")
    told = patient.done("record", "2026-06-10 14:00", event="drug-a-1", word="given", at="2026-06-10 09:00")
    assert (
        "The move as of Wed 10-Jun-2026 12:00 rested on what is now recorded otherwise: it was a re-plan and is a slip. "
        "Planned day 0 is Mon 15-Jun-2026 10:00."
    ) in plain(told.summary)


def test_a_dose_that_the_cells_have_overtaken_is_asked_about():
    """The third dose is not recorded; the cells are given on Fri 12-Jun 08:00, before its 09:00."""
    patient = Patient()
    patient.given("drug-a-1", "drug-a-2")
    told = patient.done("record", "2026-06-12 10:00", event="cells-1", word="given", at="2026-06-12 08:00", confirm=True)
    assert (
        "drug A (dose 3 of 3), Fri 12-Jun-2026 09:00: no longer planned, since the cells are given. Was it given?"
    ) in plain(told.queries)


def test_a_dose_recorded_on_another_day_says_both_and_has_not_moved():
    """Drug A of Fri 12-Jun is given on Sat 13-Jun 09:30, two days before day 0."""
    patient = Patient()
    patient.given("drug-a-1", "drug-a-2")
    told = patient.done("record", "2026-06-13 10:00", event="drug-a-3", word="given", at="2026-06-13 09:30")
    assert plain(told.summary)[0] == (
        "drug A (dose 3 of 3), Sat 13-Jun-2026 09:30: given on day −2; planned Fri 12-Jun-2026 09:00."
    )
    assert not [row for row in told.moves if "drug A" in row[1]]
    assert patient.values["recorded"] == [
        {"id": "drug-a-3", "from": "2026-06-12T09:00-04:00", "to": "2026-06-13T09:30-04:00"}
    ]


def test_the_gap_counts_from_the_dose_as_it_was_given():
    """Given on Sat 13-Jun: two days before Mon 15-Jun, three before Tue 16-Jun."""
    patient = Patient()
    patient.given("drug-a-1", "drug-a-2")
    patient.done("record", "2026-06-13 10:00", event="drug-a-3", word="given", at="2026-06-13 09:30")
    told = patient.done("move", "2026-06-13 12:00", to="2026-06-16 10:00", cause="product")
    assert (
        "From the last dose of drug A to day 0: 2 days before, 3 days now. No limit of that distance is stated."
    ) in plain(told.summary)


GAP = """
[rules.GAP]
title = "Cells 2 to 6 days after drug A"
quote = "Cells 2 to 6 days after drug A."
[[rules.GAP.bounds]]
point = "day-zero"
safe = ["day-zero at least 2 days after {anchor}", "day-zero at most 6 days after {anchor}"]
"""
DELAY = """
[rules.DELAY]
title = "Cells no more than 5 days late"
quote = "The cells may be delayed by no more than 5 days."
[[rules.DELAY.bounds]]
point = "day-zero"
safe = ["day-zero at most 5 days after planned-day-zero"]
"""


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (GAP.format(anchor="drug-a.last"), "At most 6 days: GAP."),
        (GAP.format(anchor="before.completed"), "At most 6 days: GAP."),
        # a limit of the delay is none of the distance: which of the two is meant is said
        (DELAY, "No limit of that distance is stated."),
    ],
)
def test_the_limit_of_the_gap_is_the_one_that_the_rules_state(rule, said):
    """Drug A is given until Fri 12-Jun; day 0 slips from Mon 15 to Wed 17-Jun: 3 days before, 5 days now."""
    patient = Patient(TRIAL + rule)
    patient.given("drug-a-1", "drug-a-2", "drug-a-3")
    told = patient.done("move", "2026-06-13 09:00", to="2026-06-17 10:00", cause="product")
    (gap,) = [text for text in told.summary if text.startswith("From the last")]
    assert gap == f"From the last dose of drug A to day 0: 3 days before, 5 days now. {said}"


def test_a_site_in_another_zone_keeps_every_hour_and_says_which_instant_it_now_is():
    """09:00 stays 09:00, in Berlin now; what has no hour has not moved."""
    patient = Patient()
    told = patient.done("amend", "2026-06-01 08:00", site=SITE.replace("America/New_York", "Europe/Berlin"))
    assert told.summary[0] == "Every hour stays as it is on the clock, now in Europe/Berlin instead of America/New_York."
    moves = {what: (was, now) for _, what, was, now in told.moves}
    assert moves["drug A (dose 1 of 3)"] == ("Wed 10-Jun-2026 09:00 -0400", "Wed 10-Jun-2026 09:00 +0200")
    assert "visit" not in moves
    rows = {row.what: (row.detail, row.was, row.now) for row in told.moved}
    assert [plain(row) for row in (rows["drug A"], rows["cells"])] == [
        ["dose 1 to 3", "Wed 10, Thu 11, Fri 12-Jun-2026, 09:00 -0400", "Wed 10, Thu 11, Fri 12-Jun-2026, 09:00 +0200"],
        ["", "Mon 15-Jun-2026, 10:00 -0400", "Mon 15-Jun-2026, 10:00 +0200"],
    ]


def test_the_move_of_a_later_cycle_names_its_cycle():
    """Day 6 of cycle 2 is 21 days after that of cycle 1, on Mon 06-Jul-2026; it is moved to Wed 08-Jul."""
    patient = Patient(CYCLES, "2026-06-15", 'format = 1\nzone = "America/New_York"\n')
    told = patient.done("move", "2026-06-01 08:00", to="2026-07-08", cycle=2)
    assert told.heading == "Re-plan of TEST-01: day 6 of cycle\u00a02 from Mon 06-Jul-2026 to Wed 08-Jul-2026."
    assert (told.named, told.zero) == ("day 6 of cycle\u00a02", ("Re-plan", "Mon 06-Jul-2026", "Wed 08-Jul-2026"))


REST = """
[rules.R1]
title = "Rest before the cells"
quote = "rest"
[[rules.R1.bounds]]
point = "day-zero"
safe = ["day-zero at least 5 days after drug-a.last"]
literal = ["day-zero at least 4 days after drug-a.last"]
if-broken = "ask"
[rules.DELAY]
title = "Cells within 48 hours"
quote = "within 48 hours"
[[rules.DELAY.bounds]]
point = "day-zero"
safe = ["day-zero at most 48 hours after planned-day-zero"]
"""


@pytest.fixture
def second_in_hand():
    """Drug A on days 1 and 2, the cells on day 6: 4 days later, in both cycles. Those of Mon 15-Jun are given; those of
    cycle 2 are planned 21 days later, on Mon 06-Jul."""
    patient = Patient(CYCLES + REST, "2026-06-15T10:00:00", 'format = 1\nzone = "America/New_York"\n')
    patient.done("record", "2026-06-15 12:00", event="cells-1", word="given", at="2026-06-15 10:00")
    return patient


def test_a_ruling_without_a_day_speaks_of_the_cycle_in_hand_and_names_it(second_in_hand):
    patient, before = second_in_hand, second_in_hand.plan
    told = patient.done("rule", "2026-06-16 09:00", rule="R1", outcome="allowed")
    assert patient.plan.case.rulings[-1].day_zero == date(2026, 7, 6)
    deed = GiveRuling(ruling=patient.plan.case.rulings[-1])
    assert plain([deed_in_words(before, deed)]) == ["R1, Rest before the cells: allowed for day 6 of cycle 2 Mon 06-Jul-2026, ruled by PI."]
    assert [plain(line) for line in told.findings] == [["R1", "Rest before the cells, cycle 2", "to be decided", "ruled"]]
    assert plain(told.verdicts[0]) == ["to be decided, now ruled", "R1 (cycle 2)"]


def test_a_ruling_on_the_day_of_an_earlier_cycle_names_that_one(second_in_hand):
    before = second_in_hand.plan
    second_in_hand.done("rule", "2026-06-16 09:00", rule="R1", outcome="allowed", **{"for": "2026-06-15"})
    deed = GiveRuling(ruling=second_in_hand.plan.case.rulings[-1])
    assert plain([deed_in_words(before, deed)]) == ["R1, Rest before the cells: allowed for day 6 Mon 15-Jun-2026, ruled by PI."]


def test_a_move_and_what_it_says_of_the_distance_name_the_cycle_in_hand(second_in_hand):
    """Drug A was on Thu 02-Jul (day 2 of cycle 2), and is recorded: day 6 a day later is 5 days after it, not 4.
    Without an hour 48 hours are kept for sure on the next date alone."""
    patient = second_in_hand
    patient.done("rule", "2026-06-16 09:00", rule="R1", outcome="allowed", **{"for": "2026-06-15"})
    patient.given("drug-a-3", "drug-a-4")
    before, deed = patient.plan, Move(to=Moment(on=date(2026, 7, 7)), cause="donor")
    assert plain([deed_in_words(before, deed)]) == ["Day 6 of cycle 2 to Tue 07-Jul-2026, because of the donor."]
    told = patient.done("move", "2026-07-03 08:00", to="2026-07-07")
    assert plain(told.summary)[-3:] == [
        "Limit: 48 hours from planned day 6 of cycle 2; judged by date, because an hour is not known.",
        "Planned day 6 of cycle 2 stays Mon 06-Jul-2026.",
        "From the last dose of drug A to day 6 of cycle 2: 4 days before, 5 days now. At least 5 days: R1.",
    ]


def test_two_findings_of_one_rule_name_the_later_cycle(second_in_hand):
    lines = [one.what.replace(NO_BREAK, " ") for one in patient_now(second_in_hand.plan, date(2026, 6, 16)).open if one.ref == "R1"]
    assert lines == ["Rest before the cells", "Rest before the cells, cycle 2"]


def test_what_loses_its_date_is_told_and_is_not_gone():
    """Doses by the hour from the cells; the amended site gives the cells no hour any more."""
    patient = Patient(HEAD + BY_HOURS, "2026-06-15", 'format = 1\nzone = "America/New_York"\n[times]\ncells = "10:00"\n')
    told = patient.done("amend", "2026-06-01 08:00", site='format = 1\nzone = "America/New_York"\n')
    assert told.vanished == ()
    assert patient.values["undated"] == ["drug-1", "drug-2", "drug-3"]
    assert plain(told.undone)[0].startswith("drug C (dose 1 of 3): no date any more; counted in hours from cells, whose hour")


def test_what_keeps_its_date_off_its_place_is_told_once_and_nobody_has_to_rule_on_it_every_day():
    """Weighed on 10, 11, 12-Jun; day 0 slips by two days, to which these days no longer belong. The doses of drug A count
    from planned day 0, and lie where they should."""
    patient = Patient()
    patient.given("drug-a-1", "drug-a-2")
    told = patient.done("move", "2026-06-12 08:00", to="2026-06-17 10:00", cause="product")
    assert [text for text in told.queries if "off its place" in text] == [
        "visit: off its place in the schedule now. The principal investigator must decide."
    ]  # the scan is counted from the visit, and lies on the day after it; the weighings and the call are the site's own
    assert not [row for row in told.findings if row[0] == "place"]
    assert not [finding for finding in to_be_decided(patient.plan) if finding.rule == "place"]


# What moves, summed up ------------------------------------------------------------------------------------------------


def summed(*given, as_of, to, cause="product"):
    """What a move says in short, after these doses were given."""
    patient = Patient()
    patient.given(*given)
    return plain(patient.done("move", as_of, to=to, cause=cause).in_short)


def test_where_everything_moves_it_is_said_from_where_on_and_by_how_much():
    """Before anything has begun: day 0 a week later. The first of all is the visit on Tue 02-Jun."""
    assert summed(as_of="2026-06-01 08:00", to="2026-06-22 10:00") == [
        "Everything from Day −13 on (was Tue 02-Jun-2026) moves 7 days later."
    ]
    assert summed(as_of="2026-05-20 09:00", to="2026-06-14 10:00") == [
        "Everything from Day −13 on (was Tue 02-Jun-2026) moves 1 day earlier."
    ]


def test_what_stays_behind_the_first_that_moves_is_named():
    """On Fri 12-Jun at 05:00 the weighing of that day is still to come and moves to Sat 13-Jun; drug A of 09:00 stays."""
    assert summed("drug-a-1", "drug-a-2", as_of="2026-06-12 05:00", to="2026-06-16 10:00") == [
        "Everything from Day −3 on (was Fri 12-Jun-2026) moves 1 day later, except: drug A (dose 3 of 3) stays, Fri 12-Jun-2026 09:00."
    ]


def test_another_hour_is_said_beside_and_where_it_is_all_that_changes_alone():
    given = ("drug-a-1", "drug-a-2")
    assert summed(*given, as_of="2026-06-12 08:00", to="2026-06-16 09:30") == [
        "Everything from Day −2 on (was Sat 13-Jun-2026) moves 1 day later.", "At another hour: cells 10:00, now 09:30.",
    ]  # fmt: skip
    assert summed(*given, as_of="2026-06-12 08:00", to="2026-06-15 12:00") == [
        "No date moves. At another hour: cells 10:00, now 12:00."
    ]


def test_of_an_act_that_moves_nothing_nothing_is_summed_up():
    patient = Patient()
    assert patient.done("note", "2026-06-01 08:00", text="told").in_short == ()


def test_a_day_that_has_its_daily_task_twice_is_told():
    """Moved to Tue 16-Jun on Fri 12-Jun: the weighing of day -2 is on Sun 14-Jun, that of day -1 on Mon 15-Jun. Moved back
    to Mon 15-Jun on Sun 14-Jun at 05:00, day -2 would be on Sat 13-Jun, which is past, and is laid there; at 08:00, after
    the weighing of 06:00, it stays on Sun 14-Jun, and that of day -1 comes to lie there, too."""
    patient = Patient()
    patient.given("drug-a-1", "drug-a-2", "drug-a-3")
    patient.done("move", "2026-06-12 13:00", to="2026-06-16 10:00", cause="product")
    told = patient.done("move", "2026-06-14 08:00", to="2026-06-15 10:00", cause="product")
    assert "weigh the patient: twice on Sun 14-Jun-2026, for planned Day −2 and for Day −1: leave one out?" in plain(told.undone)
