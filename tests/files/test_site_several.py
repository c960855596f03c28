"""One site file for several protocols: the top holds for all, a section for one; no shipped trial is left out."""

from datetime import date, datetime
from itertools import product

import pytest
from shared import ROOT

from schedule.engine.plan import lay_out
from schedule.files.case_file import read_case_tables
from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.model.case import NO_SITE
from schedule.model.errors import InputError

SEVERAL = (ROOT / "examples" / "site-several.toml").read_text(encoding="utf-8")
SHIPPED = sorted((ROOT / "schedule" / "protocols").glob("*.toml"))
HEAD = 'format = 1\nzone = "America/New_York"\n'


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_protocol_is_planned_with_the_one_site_file_and_nothing_of_the_sites_is_open(path):
    protocol = read_protocol(path.read_text(encoding="utf-8"), path.name)
    site = read_site(SEVERAL, "site-several.toml", protocol)
    assert set(site.texts) == set(protocol.parameters)
    options = [[(name, option) for option in choice.options] for name, choice in protocol.choices.items()]
    for chosen in product(*options):
        data = {"format": 1, "code": "A-1", "protocol": protocol.id, "planned-day-zero": "2026-06-15", "choices": dict(chosen)}
        plan = lay_out(protocol, site, read_case_tables(data, "case.toml", protocol, site, ""), datetime(2026, 1, 1))
        assert [gap for gap in plan.not_stated if gap.parameter in protocol.parameters] == []
        assert "consent-check-1" in {event.id for event in plan.events}
        assert any(event.activity == protocol.day_zero and event.on == date(2026, 6, 15) for event in plan.events)


def messages(text, protocol):
    with pytest.raises(InputError) as error:
        read_site(text, "site.toml", protocol)
    return [str(mistake) for mistake in error.value.mistakes]


def test_a_section_is_found_whatever_the_case_of_its_id(protocol):
    site = read_site(f'{HEAD}[protocols.nct04024761.parameters]\ndlt-end = "+42"\n', "site.toml", protocol)
    assert site.texts == {"dlt-end": "+42"}


def test_a_section_adds_to_the_top_and_comes_before_it(protocol):
    text = (
        f'{HEAD}[parameters]\ndlt-end = "+42"\nfollow-up = "+60"\n[times]\nil2 = "20:00"\n[[tasks]]\nid = "a"\ntitle = "a"\ndays = "0"\n'
        '[protocols.NCT04024761.parameters]\ndlt-end = "+28"\n[protocols.NCT04024761.times]\nil2 = "21:00"\nfludarabine = "09:00"\n'
        '[[protocols.NCT04024761.tasks]]\nid = "b"\ntitle = "b"\ndays = "1"\n'
    )
    site = read_site(text, "site.toml", protocol)
    assert site.texts == {"dlt-end": "+28", "follow-up": "+60"}
    assert {name: f"{clock.start:%H:%M}" for name, clock in site.times.items()} == {"il2": "21:00", "fludarabine": "09:00"}
    assert [task.id for task in site.tasks] == ["a", "b"]


def test_a_section_for_another_protocol_is_passed_over_whatever_is_in_it(protocol):
    other = '[protocols.OTHER-1]\nx = 1\n[protocols.OTHER-1.parameters]\nnobody = "knows"\n'
    assert read_site(HEAD + other, "site.toml", protocol).texts == NO_SITE.texts


def test_mistakes_in_a_section_are_told_with_its_place(protocol):
    section = (
        '[protocols.NCT04024761]\nzone = "UTC"\n[protocols.NCT04024761.parameters]\ndlt-ende = "+42"\nil2-days = "+1"\n'
        '[protocols.NCT04024761.times]\nil2 = "9 am"\n[[protocols.NCT04024761.tasks]]\nid = "il2"\ntitle = "QD"\ndays = "0"\n'
    )
    place = "site.toml, [protocols.NCT04024761]"
    found = messages(HEAD + section, protocol)
    assert [message for message in found if not message.startswith(place)] == []
    assert {message.split(" - ")[0] for message in found} >= {
        f"{place}, [parameters], dlt-ende: the protocol has no such name",
        f"{place}, [times], il2: '9 am' is not a time",
        f'{place}, task 1, id: "il2" is taken',
        f'{place}, task 1, title: "QD" is on the "Do Not Use" list',
        f"{place}, zone: I don't know this key",
    }
    assert len(found) == 6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[protocols]\nNCT04024761 = 1\n", "site.toml, [protocols], NCT04024761: 1 is not a table - write [protocols.NCT04024761.parameters]"),
        ('[protocols.NCT04024761]\n[protocols.nct04024761]\n', "site.toml, [protocols.nct04024761]: this protocol has two sections - write one for each protocol"),
        ('[[tasks]]\nid = "a"\ntitle = "a"\ndays = "0"\n[[protocols.NCT04024761.tasks]]\nid = "a"\ntitle = "a"\ndays = "0"\n',
         'site.toml, [protocols.NCT04024761], task 1, id: "a" is taken - give the task an id of its own'),
        ('[parameters]\ndlt-end = "1 day after response-marrow"\n[protocols.NCT04024761.parameters]\nresponse-marrow = "1 day after dlt-end"\n',
         'site.toml, [protocols.NCT04024761], [parameters], response-marrow: "1 day after dlt-end" waits for itself'),
    ],
)  # fmt: skip
def test_what_cannot_be_in_a_site_file_for_several_is_told(protocol, text, expected):
    assert any(message.startswith(expected) for message in messages(HEAD + text, protocol))
