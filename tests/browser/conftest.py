"""One Chromium, the demonstration behind a live server, and a signed-in page for each role."""

import os
import threading
import time
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from support.demonstration import PASSWORD
from tests.conftest import CHROMIUM

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# A page that is closed sends what was typed in it and is not saved.
KEEP_SILENT = """() => {
  for (const name of ["beforeunload", "pagehide", "visibilitychange"]) {
    window.addEventListener(name, (event) => event.stopImmediatePropagation(), true);
  }
}"""
ROLES = {
    "staff": "doradca@demo.example.org",
    "coordinator": "koordynator@demo.example.org",
    "auditor": "wglad@demo.example.org",
    "administrator": "admin@demo.example.org",
}


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            # With a window (`HEADED=1 xvfb-run ./test tests/browser`) where it may differ.
            headless=not os.environ.get("HEADED"),
        )
        yield browser
        browser.close()


@pytest.fixture
def demo(committed, settings):
    settings.DEMO = True
    call_command("load_demo", verbosity=0)


class Watched:
    """A page that remembers what must not happen: errors in the console, foreign requests."""

    def __init__(self, page, address):
        self.page, self.address = page, address
        self.troubles = []
        page.on("console", self._console)
        page.on("request", self._request)

    def _console(self, message):
        # A page refused on purpose, or a form shown again, is told by its status.
        if (
            message.type == "error"
            and "the server responded with a status of 4" not in message.text
        ):
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _request(self, request):
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.troubles.append(f"{self.page.url} asks {request.url}")

    def leave(self):
        for page in self.page.context.pages:
            page.evaluate(KEEP_SILENT)
        self.page.context.close()

    def open(self, path):
        """The status; a page refused is not shown, for Chromium has no page of an empty answer."""
        asked = self.page.request.get(self.address + path, max_redirects=0)
        if asked.status >= 400:
            return asked.status
        return self.page.goto(self.address + path, wait_until="load").status


def wait_for_the_server():
    """Until it answers nobody: what it still does would write while the database is emptied.

    It goes on with a request whose page is gone, so that the browser cannot tell.
    """
    end = time.monotonic() + 10
    while any("process_request_thread" in one.name for one in threading.enumerate()):
        assert time.monotonic() < end, "The server still answers a page that was closed."
        time.sleep(0.02)


@pytest.fixture
def signed_in(chromium, demo, live_server):
    """`signed_in(role, width=..., scheme=...)`: a watched page after the real sign-in form."""

    @contextmanager
    def sign_in(role, width=1366, scheme="light"):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale="pl-PL"
        )
        watched = Watched(context.new_page(), live_server.url)
        watched.open("/accounts/login/")
        watched.page.fill("input[name=login]", ROLES[role])
        watched.page.fill("input[name=password]", PASSWORD)
        watched.page.click("button[type=submit]")
        watched.page.wait_for_load_state("load")
        try:
            yield watched
        finally:
            watched.leave()

    yield sign_in
    wait_for_the_server()
