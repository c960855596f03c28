"""A whole day from the command line: the same records, the same refusals as on the page, one revision. Lymphodepletion is from
Wed 10-Jun-2026; the site has no hours for it, IL-2 is at 20:00 from Tue 16-Jun."""

import pytest
from shared.desk import CODE, ON_BOTH, desk, planned  # noqa: F401

pytestmark = ON_BOTH

DAY = ("record", CODE, "--day")


def records(desk):
    """What the newest act recorded, by event."""
    return {one.event: (one.record.outcome, one.record.at.isoformat(" ", "minutes"), one.record.reason) for one in desk.last.deed.records}


def flat(text):
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.fixture
def infused(planned):
    """The cells were given on Mon 15-Jun at 10:00; it is Fri 19-Jun, 09:00."""
    planned.at("2026-06-15 12:00")
    assert planned.run("record", CODE, "nk-infusion-1", "given", "--at", "2026-06-15 10:00")[0] == 0
    planned.at("2026-06-19 09:00")
    return planned


def test_a_day_as_planned_is_shown_first_and_saved_as_one_revision(infused):
    """Of Tue 16-Jun IL-2 at 20:00 is due."""
    code, out, _ = infused.run(*DAY, "2026-06-16", "--as-planned", "--dry-run")
    assert (code, infused.revisions) == (0, [1, 2])
    said = flat(out)
    assert said.startswith(f"{CODE}: record of Tue 16-Jun-2026, would be revision 3.")
    assert "given interleukin-2 (IL-2) (dose 1 of 7) Tue 16-Jun-2026 20:00 as planned" in said
    assert infused.run(*DAY, "2026-06-16", "--as-planned")[0] == 0
    assert (infused.revisions, records(infused)) == ([1, 2, 3], {"il2-1": ("given", "2026-06-16 20:00", "")})


def test_what_is_named_is_as_typed_and_the_rest_as_planned(planned):
    """Wed 10-Jun: fludarabine at 09:10, cyclophosphamide held; nothing else of the day is due before its end."""
    planned.at("2026-06-11 08:00")
    code, out, _ = planned.run(*DAY, "2026-06-10", "--given", "Fludarabine-1=0910", "--held", "cyclophosphamide-1=fever 39.1", "--as-planned")
    assert code == 0
    assert records(planned) == {
        "cyclophosphamide-1": ("held", "2026-06-10 00:00", "fever 39.1"), "fludarabine-1": ("given", "2026-06-10 09:10", ""),
    }  # fmt: skip
    said = flat(out)
    assert "given fludarabine, intravenous infusion (dose 1 of 3) Wed 10-Jun-2026 09:10" in said
    assert "HELD (fever 39.1). Nothing is rescheduled: ask the principal investigator." in said
    _, history, _ = planned.run("history", CODE)
    assert "held, Wed 10-Jun-2026 (fever 39.1)." in flat(history)
    assert planned.run("verify")[0] == 0


def test_an_hour_near_midnight_is_asked_about_and_a_date_with_it_is_the_answer(infused):
    """IL-2 of Tue 16-Jun, due at 20:00: 00:15 lies nearer on Wed 17-Jun."""
    code, _, error = infused.run(*DAY, "2026-06-16", "--given", "il2-1=0015")
    assert (code, infused.revisions) == (2, [1, 2])
    assert "00:15 may be of Tue 16-Jun-2026 or of Wed 17-Jun-2026. Choose which" in flat(error)
    assert "--given 'il2-1=2026-06-17 00:15'" in error
    assert infused.run(*DAY, "2026-06-16", "--given", "il2-1=2026-06-17 00:15")[0] == 0
    assert records(infused) == {"il2-1": ("given", "2026-06-17 00:15", "")}


def test_one_that_cannot_be_saves_none(planned):
    planned.at("2026-06-11 08:00")
    code, _, error = planned.run(*DAY, "2026-06-11", "--given", "fludarabine-1=2026-06-10 09:00", "--given", "fludarabine-2=0900")
    assert (code, planned.revisions) == (2, [1])
    assert "fludarabine-2: Thu 11-Jun-2026 09:00 is later than" in flat(error)
    assert "fludarabine-1" not in error


def test_what_looks_wrong_is_confirmed_by_the_code(planned):
    planned.at("2026-06-15 12:00")
    words = (*DAY, "2026-06-15", "--given", "nk-infusion-1=2026-06-14 10:00", "--given", "fludarabine-3=2026-06-12 09:00")
    code, _, error = planned.run(*words)
    assert (code, planned.revisions) == (2, [1])
    assert f"--confirm {CODE}" in error and "nk-infusion-1" in error
    assert planned.run(*words, "--confirm", CODE)[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--day", "2026-06-10"), "Say what is recorded"),
        (("--as-planned",), "go with --day DATE"),
        ((), "Name the event and what happened"),
        (("fludarabine-1",), "Name the event and what happened"),
        (("fludarabine-1", "given", "--day", "2026-06-10", "--as-planned"), "A day is recorded by"),
        (("--day", "2026-06-10", "--held", "fludarabine-1"), "Say why fludarabine-1 was held"),
        (("--day", "2026-06-10", "--given", "fludarabine-1", "--held", "fludarabine-1=fever"), "named twice"),
        (("--day", "2026-06-10", "--given", "no-such-1=0900"), "there is none with that name"),
        (("--day", "2026-06-10", "--given", "fludarabine-1=2500"), "fludarabine-1: “2500” is no hour - write an hour, such as fludarabine-1=0910"),
        (("--day", "2026-06-09", "--as-planned"), "Nothing of that day is due and not recorded"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_said_and_saves_nothing(planned, words, said):
    planned.at("2026-06-11 08:00")
    code, _, error = planned.run("record", CODE, *words)
    assert (code, planned.revisions) == (2, [1])
    assert said in flat(error) or said in error
