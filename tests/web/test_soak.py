"""Eight clients for some seconds on a real `dayzero serve`: no act is lost, no descriptor and no thread stays behind. And what a
process keeps after acts and reads: nothing but what it remembers, which has an end.

`python -m benchmarks.soak` does the same for ten minutes, and judges by lines through memory and descriptors too; docs/evidence.md has its figures.
"""

import ast
import functools
import gc
import threading
import tracemalloc
import urllib.parse
from datetime import UTC, datetime

import pytest
from shared import ROOT

from benchmarks import soak
from schedule.model import sizes
from schedule.service.remembered import Remembered
from schedule.web.app import Settings, make_app

SECONDS, PATIENTS = 8, 4
SIZES = {name for name in vars(sizes) if name.isupper()}
ACTS, MOST_LEFT = 3, 60_000
"""Acts of a round, and how many bytes it may leave: one plan that stayed would be 150,000, of each act its sheets as many."""
BY_KINDS = {"schedule.files.abbreviations", *(f"schedule.ledger.{name}" for name in ("codec", "packed", "parts", "shapes"))}
"""What remembers by kinds of records, of which there are as many as the code has."""


def test_acts_among_reads_lose_nothing_and_leave_nothing_open(tmp_path):
    found = soak.soak(tmp_path, SECONDS, patients=6)
    assert found.wrong == []
    assert len(found.kept) > 3
    assert found.statuses["2xx"] > 50


def tables():
    """Everything that this process remembers, but for what there is once, and by kinds of records."""
    gc.unfreeze()  # of what conftest has put aside
    found = [one for one in gc.get_objects() if isinstance(one, (functools._lru_cache_wrapper, Remembered))]
    ours = [one for one in found if type(one) is Remembered or (one.__module__ or "").startswith("schedule.")]
    return [one for one in ours if type(one) is Remembered or one.cache_info().maxsize not in (None, 1)]


def test_every_table_has_one_of_the_sizes_that_are_said_in_one_place():
    """Whatever `lru_cache` and `Remembered` are given, anywhere in the package: a name of `model/sizes`, or 1."""
    found = []
    for path in (ROOT / "schedule").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "cache" not in text and "Remembered(" not in text:
            continue
        tree = ast.parse(text)
        for node in ast.walk(tree):
            called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if called in ("lru_cache", "Remembered"):
                (size, *_) = [one.value for one in node.keywords if one.arg == "maxsize"] or node.args
                assert isinstance(size, ast.Name) or ast.literal_eval(size) == 1, f"{path}, line {node.lineno}"
                found.append(getattr(size, "id", "1"))
        endless = {"cache", "lru_cache"} & {getattr(one, "id", "") for node in ast.walk(tree) for one in getattr(node, "decorator_list", ())}
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        assert not endless or module in BY_KINDS, f"{path}: {endless} without a size"
    assert set(found) - {"1"} == SIZES
    assert len(found) > 30


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """One of the soak's clients, who asks an application in this process."""
    store = tmp_path_factory.mktemp("soak") / "ledger.sqlite"
    feeds = soak.make_ward(store, PATIENTS)
    app = make_app(Settings(
        store=store, site=None, protocols=(), user="soak", proxy_header=None, hosts=frozenset({"localhost"}),
        origins=frozenset({"http://localhost"}), read_only=False, now=lambda: datetime.now(UTC), secret=b"x" * 32,
    )).test_client(use_cookies=False)  # fmt: skip

    class Inside(soak.Client):
        def ask(self, path, form=None, **headers):
            sent = {"Host": "localhost", "Origin": "http://localhost", "Cookie": self.cookie, **headers}
            body = None if form is None else urllib.parse.urlencode(form)
            kind = "application/x-www-form-urlencoded"
            answer = app.open(path, method="POST" if form is not None else "GET", data=body, headers=sent, content_type=kind)
            self.cookie = answer.headers.get("Set-Cookie", self.cookie).partition(";")[0]
            assert answer.status_code < 500
            self.statuses[f"{answer.status_code // 100}xx"] += 1
            return answer.status_code, answer.get_data(as_text=True), answer.headers.get("Location", "")

    return Inside(0, 1, feeds, [f"S-{number}" for number in range(PATIENTS)], threading.Event())


def forgotten():
    """Every table emptied, and the bytes that are left."""
    for one in tables():
        one.forget() if isinstance(one, Remembered) else one.cache_clear()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def test_of_acts_and_reads_nothing_stays_but_what_is_remembered_and_that_has_an_end(client, monkeypatch):
    """Each round reads every page, and acts. With everything remembered forgotten, the third leaves no more bytes than the
    second did. Where a size can be made small, what is remembered stays below it meanwhile."""
    forgotten()
    shared = [one for one in tables() if isinstance(one, Remembered)]
    assert len(shared) > 6
    for one in shared:
        monkeypatch.setattr(one, "most", {sizes.FEED_BYTES: 20_000}.get(one.most, 2))
    try:
        left = []
        for number in range(3):
            if number:
                tracemalloc.start()  # the first round loads what is loaded once
            for path in dict.fromkeys(client.paths("S-1", client.feeds[0])):
                client.ask(path)
            for _ in range(ACTS):
                client.act("S-2", client.deeds[0])
            assert all(one.weight <= one.most or len(one) == 1 for one in shared)
            used = [len(one) for one in shared if len(one)]  # others are of what other tests have made
            assert sum(used) > len(used) > 6
            left.append(forgotten())
    finally:
        tracemalloc.stop()
    assert len(client.kept) == 3 * ACTS
    assert left[2] - left[1] < MOST_LEFT, left
