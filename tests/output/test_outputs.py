"""The one table of a revision's files, and what the index makes of it."""

import re

import pytest
from shared.paper_plans import SITE, WHEN, example, plan_from

from schedule.output.outputs import OUTPUTS, files_beside, pages
from schedule.words.outputs import ON_INDEX

NO_DONOR = SITE.replace('donor-collection = "-1"', "")
OF_A_CHANGE = {"change.html", "change.json", "changes.ics"}


def led_to(plan):
    """Where the links of a plan's index go."""
    return re.findall(r'<a href="([^"#]+)"', pages(plan, WHEN)["index.html"])


@pytest.mark.parametrize(("plan", "without"), [(example(), set()), (plan_from(site=NO_DONOR), {"donor.ics"})], ids=["donor", "no donor"])
def test_the_index_leads_to_every_file_beside_it_and_to_none_that_is_not_there(plan, without):
    assert any(event.donor for event in plan.events) is not bool(without)
    assert set(files_beside(plan)) == OUTPUTS.keys() - OF_A_CHANGE - without
    assert sorted(led_to(plan)) == sorted({*files_beside(plan)} - {"index.html"})


def test_the_index_has_words_for_no_file_that_nobody_makes():
    assert {name for group in ON_INDEX for name, _ in group.links} <= OUTPUTS.keys()
