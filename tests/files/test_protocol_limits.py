"""A protocol's file of any content is checked while somebody waits: what no trial has is refused at once."""

import io
import time

import pytest
from shared.web_ward import open_ward

from schedule.files.protocol_file import read_protocol
from schedule.files.table import MOST_BYTES
from schedule.model.errors import InputError

WORDS = 'criterion = "1"\nquote = "x"\n'
REMEDY = "is it one trial's file?"


def activity(name, days):
    return f'\n[activities.{name}]\ntitle = "{name}"\nunit = "dose"\ndays = "{days}"\ncategory = "visit"\n{WORDS}'


def rule(name, bounds=1):
    bound = '[[rules.{}.bounds]]\npoint = "marrow"\nsafe = ["day-zero at least 2 days after marrow"]\nif-broken = "ask"\n'
    return f'\n[rules.{name}]\ntitle = "x"\n{WORDS}' + bound.format(name) * bounds


def mistakes_of(text):
    with pytest.raises(InputError) as told:
        read_protocol(text, "x.toml")
    return [str(one) for one in told.value.mistakes]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("".join(activity(f"z{n}", "+1") for n in range(140)), "x.toml, activities: there are 151 of them - at most 150: "),
        ("".join(rule(f"Z{n}") for n in range(361)), "x.toml, rules: there are 401 of them - at most 400: "),
        (rule("Z1", 373), "x.toml, rules: there are 401 bounds in them - at most 400: "),
        (
            "[choices.a]\ntitle = \"x\"\n[choices.a.options]\n" + "".join(f'o{n} = "x"\n' for n in range(31)),
            "x.toml, choices: there are 31 options in them - at most 30: ",
        ),
    ],
    ids=["activities", "rules", "bounds", "options"],
)  # fmt: skip
def test_more_than_any_trial_has_is_refused_before_it_is_read(protocol_text, more, said):
    assert mistakes_of(protocol_text + more) == [said + REMEDY]


def test_a_schedule_of_more_places_than_any_trial_has_is_a_mistake(protocol_text):
    """400 days, and five tests after each of them: 2,400 and those of the trial."""
    more = activity("z", "+1 to +400") + "".join(activity(f"after{n}", "2 days after each z") for n in range(5))
    (said,) = mistakes_of(protocol_text + more)
    count = int(said.split("they come ")[1].split()[0])
    assert 2_400 < count < 2_450 and said.endswith(f"times in all - at most 2000 times: {REMEDY}")


def test_a_large_trial_is_still_one(protocol_text):
    more = activity("z", "+1 to +400") + activity("after", "2 days after each z") + "".join(rule(f"Z{n}") for n in range(150))
    found = read_protocol(protocol_text + more, "x.toml")
    assert len(found.rules) == 190 and found.activities["z"].days.occurrences[-1].offset == 400


HEAVY = {
    "every key is unknown": "format = 1\n" + "".join(f"key-{n} = {n}\n" for n in range(1_990)) + "".join(f"[activities.a{n}]\nx = 1\n" for n in range(9_000)),
    "activities without end": "".join(activity(f"z{n}", "-5 to +365") for n in range(2_000)),
    "rules without end": "".join(rule(f"Z{n}") for n in range(2_000)),
    "one long text": 'format = 1\ntitle = "' + "ug q.d. " * 32_000 + '"',
    "doubts without end": "ug " * 80_000,
    "nested": "x = " + "[" * 100_000,
    "a key of many parts": "x." * 120_000 + "x = 1",
    "a table of many parts": "x = 1\n[" + "x." * 120_000 + "x]",
    "parts between quotes that are none": 'x."\\"".' + "x." * 120_000 + '"\\"" = 1',
    "blanks in a table's name": "x = 1\n[x" + " " * 250_000 + "x",
    "a text of escaped quotes": 'x = "' + '\\"' * 120_000,
    "tables that nobody knows": "x = 1\n" + "".join(f"[t{n}]\n" for n in range(29_000)),
    "lists that nobody knows": "x = 1\n" + "".join(f"[[a{n}.b.c.d]]\n" for n in range(15_000)),
    "numbers": "x = 1e" + "9" * 200_000 + "\ny = 0x" + "f" * 50_000,
}  # fmt: skip


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    with open_ward(tmp_path_factory.mktemp("limits"), patients=None) as found:
        yield found


@pytest.mark.parametrize("name", HEAVY)
def test_the_page_of_any_file_is_there_while_somebody_waits(ward, protocol_text, name):
    text = HEAVY[name] if HEAVY[name].startswith(("format", "x")) else protocol_text + HEAVY[name]
    data = text.encode()[: MOST_BYTES - 1]
    began = time.process_time()
    answer = ward.post("/protocols/check", {"file": (io.BytesIO(data), "x.toml")})
    spent = time.process_time() - began
    assert answer.status_code == 422
    assert (spent < 2, len(answer.data) < 12 * len(data) + 10_000) == (True, True), (spent, len(answer.data))


def test_the_first_hundred_mistakes_are_shown_and_the_others_counted(ward):
    text = "format = 1\n" + "".join(f"key-{n} = {n}\n" for n in range(300))
    page = ward.post("/protocols/check", {"file": (io.BytesIO(text.encode()), "x.toml")}).text
    assert page.count('<p class="wrong">') == 101
    assert "more mistakes are not shown: correct these first" in page


def test_of_a_file_of_many_lines_those_are_shown_that_stand_around_a_mistake(ward):
    text = "format = 1\n" + "# x\n" * 6_000 + "key = 1\n" + "# x\n" * 6_000
    page = ward.post("/protocols/check", {"file": (io.BytesIO(text.encode()), "x.toml")}).text
    assert 'id="line-6002"' in page and 'id="line-5992"' in page and 'id="line-6012"' in page
    assert 'id="line-5991"' not in page and 'id="line-3000"' not in page and len(page) < 20_000
