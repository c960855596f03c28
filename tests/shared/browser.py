"""A real browser on a ward's pages."""

import socket
import threading
from contextlib import contextmanager

import pytest
from werkzeug.serving import make_server

from shared.calendar_readers import missing
from shared.paper import tool
from shared.web_ward import open_ward


@contextmanager
def served(folder, **settings):
    """The pages at a real address of this computer: the address, and the ward behind it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    host = f"127.0.0.1:{port}"
    with open_ward(folder, hosts=frozenset({host}), origins=frozenset({f"http://{host}"}), **settings) as ward:
        server = make_server("127.0.0.1", port, ward.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://{host}", ward
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture(scope="module")
def chromium():
    """Chromium, driven by Playwright."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright", "pip install playwright")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tool("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()
