"""One Chromium, the demonstration behind a live server, and a signed-in page for each role."""

import os
import sys
import threading
import time
import traceback
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from owes.models import User
from support.workbook.demonstration import PASSWORD
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
EXPECTED = [
    # A page refused on purpose, or a form shown again, is told by its status.
    "the server responded with a status of 4",
    # Bootstrap's arrow of a list, where it is met before the theme that draws another.
    "Loading the image 'data:image/svg+xml",
]
# A busy machine draws a page in more than the five seconds that are waited by default.
expect.set_options(timeout=20_000)
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
def demo(transactional_db):
    """Stands in a database whose transactions end, for the server has a connection of its own."""


def give_password(page, address, role):
    """Signs the page in by the real form, and waits for what it leads to."""
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", ROLES[role])
    page.fill("input[name=password]", PASSWORD)
    with page.expect_event("load"):
        page.click("button[type=submit]")


class Watched:
    """A page that remembers what must not happen: errors in the console, foreign requests."""

    def __init__(self, page, address):
        self.page, self.address = page, address
        self.troubles = []
        page.on("console", self._console)
        page.on("request", self._request)

    def _console(self, message):
        if message.type == "error" and not any(one in message.text for one in EXPECTED):
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _request(self, request):
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.troubles.append(f"{self.page.url} asks {request.url}")

    def leave(self):
        for page in self.page.context.pages:
            page.evaluate(KEEP_SILENT)
        self.page.context.close()

    def open(self, path):
        return self.page.goto(self.address + path, wait_until="load").status


class Answers:
    """The requests the live server is answering.

    It goes on with a request whose page is gone, so that the browser cannot tell. A thread of the
    server alone says nothing: it also waits for the next request of a connection kept open.
    """

    def __init__(self):
        self.threads = {}
        request_started.connect(self.start)
        request_finished.connect(self.finish)

    def start(self, environ, **signal):
        self.threads[threading.get_ident()] = environ["PATH_INFO"]

    def finish(self, **signal):
        self.threads.pop(threading.get_ident(), None)

    def end(self):
        """Until there are none for a moment: what they still do would write while the database is
        emptied.
        """
        limit = time.monotonic() + 20
        quiet_since = time.monotonic()
        while time.monotonic() < quiet_since + 0.1:
            time.sleep(0.02)
            if self.threads:
                quiet_since = time.monotonic()
                assert quiet_since < limit, f"The server still answers: {self.stacks()}"

    def stacks(self):
        frames = sys._current_frames()
        return "\n".join(
            f"{path}\n{''.join(traceback.format_stack(frames[thread]))}"
            for thread, path in self.threads.copy().items()
            if thread in frames
        )


@pytest.fixture(scope="session")
def answers():
    return Answers()


def session_of(role, address):
    """The cookie of somebody who has signed in: the form itself costs a test a second."""
    client = Client()
    client.force_login(User.objects.get(email=ROLES[role]))
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}


@pytest.fixture
def signed_in(chromium, demo, live_server, answers):
    """`signed_in(role, width=..., scheme=...)`: a watched page of somebody signed in."""

    @contextmanager
    def sign_in(role, width=1366, scheme="light"):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale="pl-PL"
        )
        context.add_cookies([session_of(role, live_server.url)])
        watched = Watched(context.new_page(), live_server.url)
        try:
            yield watched
        finally:
            watched.leave()

    yield sign_in
    answers.end()
