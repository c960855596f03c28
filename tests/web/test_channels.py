"""What the ward's pages say of the calendars that Dayzero keeps right: what did not come heads shift, board and notice."""

import html
import re
from datetime import timedelta

import pytest
from shared.browser import (
    chromium,  # noqa: F401
    served,
)
from shared.fake_channel import FakeCalendar, FakeLink

from schedule.service.channels import add_channel, channel_called, pause_channel, resume_channel
from schedule.service.publisher import Publisher

PAGES = ("/", "/board", "/board?wall", "/p/SLIP-1/change/4")


class Told:
    """The ward's pages, and a calendar that takes what it is sent."""

    def __init__(self, address, ward, tab):
        self.address, self.ward, self.tab, self.calendar = address, ward, tab, FakeCalendar(None)
        with ward.store() as store:
            add_channel(
                store, name="Ward calendar", kind="imip", code=None, level="minimal", address="ward@hospital.example",
                settings={"per-minute": "600"}, by="IT", at=ward.clock(),
            )  # fmt: skip

    def deliver(self, plan=(), **settings):
        self.calendar.plan, moment = list(plan), self.ward.clock()
        with self.ward.store() as store:
            if settings:
                store.change_channel(1, settings)
            Publisher(store=store, link_of=lambda channel: FakeLink(self.calendar, False), now=lambda: moment, holder="w").round()

    def banners(self, path):
        page = self.ward.get(path).get_data(as_text=True)
        return [html.unescape(re.sub("<[^>]+>", "", one)) for one in re.findall(r'class="say.*?<p class="what">(.*?)</p>', page) if "Ward calendar" in one]


@pytest.fixture(scope="module")
def told(tmp_path_factory, chromium):
    with served(tmp_path_factory.mktemp("channels")) as (address, ward):
        ward.at("2026-06-12 10:30")
        context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
        yield Told(address, ward, context.new_page())
        context.close()


def test_the_sentence_stands_on_shift_board_and_notice(told, monkeypatch):
    told.deliver()
    shift = told.ward.get("/").get_data(as_text=True)
    plain = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", html.unescape(shift)))
    assert re.search(r"Ward calendar: SLIP-1, (\d+) of \1 sent, not confirmed, 10:\d\d\.", plain)
    assert all(told.banners(path) == [] for path in PAGES)
    with told.ward.book("SLIP-1") as book:
        book.slip("2026-06-17 10:00", "2026-06-12 10:35", cause="donor", reason="collection late")
    told.deliver(["refused"] * 3)
    (shift,), *others = (told.banners(path) for path in PAGES)
    assert others == [[shift]] * 3
    assert shift.startswith("Ward calendar: 3 NOT moved: SLIP-1 (3)") and shift.endswith(": telephone.")
    with told.ward.store() as store:
        pause_channel(store, channel_called(store, "Ward calendar"), told.ward.clock())
    assert all("paused since 10:" in one for path in PAGES for one in told.banners(path))
    with told.ward.store() as store:
        resume_channel(store, channel_called(store, "Ward calendar"))
    told.ward.clock.moment += timedelta(minutes=3)
    told.deliver()
    assert all(told.banners(path) == [] for path in PAGES)


def test_another_patients_notice_says_nothing_of_what_is_not_hers(told):
    page = told.ward.get("/p/GIVEN-1/change/2").get_data(as_text=True)
    assert "SLIP-1" not in page


@pytest.mark.parametrize("width", [320, 1280])
def test_a_banner_fits_on_every_width(told, width, tmp_path):
    """The wall's page is for a large screen alone."""
    with told.ward.store() as store:
        pause_channel(store, channel_called(store, "Ward calendar"), told.ward.clock())
    told.tab.set_viewport_size({"width": width, "height": 900})
    for path in (path for path in PAGES if width > 320 or path != "/board?wall"):
        told.tab.goto(f"{told.address}{path.lstrip('/')}" if told.address.endswith("/") else told.address + path)
        assert told.tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        told.tab.screenshot(path=tmp_path / f"{path.replace('/', '_').replace('?', '-')}-{width}.png", full_page=True)
    with told.ward.store() as store:
        resume_channel(store, channel_called(store, "Ward calendar"))
