"""A bounded load on loopback: 2,000 calendar programs fetch once, a mix of first and conditional fetches, without an error.

The time is printed, not judged: benchmarks are elsewhere.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from shared import ROOT
from shared.byte_lint import faults
from shared.web_ward import CODES, open_ward

from schedule.ledger.sqlite import SqliteStore
from schedule.service.feeds import all_feeds, make_feed, token_of
from schedule.service.published import Published

SUBSCRIBERS = 2000
AT_ONCE = 16
LONGEST = 60
"""Seconds."""


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    """A running server, and the path and tag of 2,000 feeds on the ward's patients: every tenth the whole ward's."""
    folder = tmp_path_factory.mktemp("load")
    with open_ward(folder) as made:
        path = made.settings.store
    secrets, published, now = [], Published(), datetime.now(UTC)
    with SqliteStore(path) as store:
        store.connection.execute("PRAGMA synchronous=OFF")
        for number in range(SUBSCRIBERS):
            secret, _ = make_feed(
                store, label=f"Nurse {number}", code=None if number % 10 == 0 else CODES[number % len(CODES)],
                level=("minimal", "steps")[number % 3 == 0], expires=date(2199, 1, 1), by="nurse", at=datetime.now(UTC),
            )  # fmt: skip
            secrets.append(secret)
        paths = [(f"/feed/{secret}/x.ics", published.answer(store, secret, now)[1]) for secret in secrets]
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "cli.py", "serve", "--store", str(path), "--port", str(port)]
    with (folder / "serve.txt").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        for _ in range(400):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None
            time.sleep(0.05)
        yield path, port, paths, folder / "serve.txt"
    finally:
        server.terminate()
        server.wait(timeout=20)


def ask(port, path, **headers):
    """One request on a connection of its own, as calendar programs make them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        connection.request("GET", path, headers={"Connection": "close", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers["ETag"]
    finally:
        connection.close()


def test_two_thousand_subscribers_fetch_once_without_an_error(ward):
    path, port, paths, log = ward
    wrong = []

    def poll(number):
        feed, content = paths[number]
        known = {"If-None-Match": content.etag} if number % 2 else {}
        try:
            status, body, tag = ask(port, feed, **known)
        except OSError as error:
            return f"{type(error).__name__}"
        if tag != content.etag or body != (b"" if known else content.body):
            wrong.append(number)
        return status

    before = datetime.now(UTC).replace(microsecond=0)
    start = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = Counter(pool.map(poll, range(SUBSCRIBERS)))
    spent = time.perf_counter() - start
    print(f"\n{SUBSCRIBERS} fetches by {AT_ONCE} at once in {spent:.1f} s: {dict(statuses)}")
    assert statuses == {200: SUBSCRIBERS // 2, 304: SUBSCRIBERS // 2}
    assert wrong == []
    assert spent < LONGEST
    assert faults(paths[0][1].body) == []
    with SqliteStore(path) as store:
        fetched = [feed.fetched for feed in all_feeds(store)]
        assert store.faults() == []
    assert len(fetched) == SUBSCRIBERS
    noted = [when for when in fetched if when is not None]
    assert len(noted) >= SUBSCRIBERS * 0.99, "a note may be left out while another is written; an answer never"
    assert all(before - timedelta(seconds=1) <= when for when in noted)
    said = log.read_text(encoding="utf-8")
    assert said.count("asked> 304 ") == SUBSCRIBERS // 2
    secrets = [feed.split("/")[2] for feed, _ in paths]
    assert not [secret for secret in secrets if secret in said]
    assert f"feed {token_of(secrets[0])[:6]}" in said


def test_the_ledger_has_not_grown_by_being_fetched(ward):
    path, port, paths, _ = ward
    with SqliteStore(path) as store:
        acts, feed_acts = (store.connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in ("acts", "feed_acts"))  # fmt: skip
        assert feed_acts == SUBSCRIBERS
        assert store.tips()
    for feed, _ in paths[:50]:
        assert ask(port, feed)[0] == 200
    with SqliteStore(path) as store:
        assert store.connection.execute("SELECT COUNT(*) FROM acts").fetchone()[0] == acts
        assert store.connection.execute("SELECT COUNT(*) FROM fetches").fetchone()[0] <= SUBSCRIBERS
