"""Draws the pages that the documents show: `.venv/bin/python docs/draw_pages.py [NAME ...]`.

Pages of the demonstration as its coordinator sees them, in a database of its own; needs Chromium.
"""
# ruff: noqa: E402

import json
import os
import re
import shutil
import sys
from io import BytesIO
from threading import Thread

import draw_papers  # noqa: I001  sets up the program with a database of its own
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import sync_playwright

from entities.models import Entity
from indicators.closing.closing import keep_file
from indicators.contract.project_file import create_project
from indicators.models import Report
from owes.models import User
from support.models import Project, Service
from support.workbook.demonstration import COORDINATOR

FOLDER = draw_papers.HERE / "pictures"
WIDTH, HEIGHT, LONGEST = 1366, 900, 2800
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")


def pages(project):
    def of_project(name, *keys):
        return reverse(name, args=[project.slug, *keys])

    report = project.reports.filter(state=Report.State.SENT, corrects=None).latest("ends_on")
    supported = Entity.objects.filter(code="P003").get()
    editable = project.services.filter(state__in=Service.EDITABLE)
    people = Count("sessions__attendances", distinct=True)
    service = editable.annotate(people=people).order_by("-people", "pk")[0]
    return {
        "dashboard": of_project("indicators:dashboard"),
        "indicator": of_project("indicators:indicator_detail", "pes"),
        "entity": reverse("entities:entity_detail", args=[supported.pk]),
        "service-form": of_project("support:service_edit", service.pk),
        "control": of_project("indicators:control_detail", project.controls.get().pk),
        "differences": of_project("indicators:report_detail", report.pk),
        "evidence": of_project("support:evidence_list"),
        **steps_of(new_project()),
    }


def new_project():
    """The project of the documented file, which has no records yet."""
    page = (draw_papers.HERE / "nowy_projekt.md").read_text(encoding="utf-8")
    content = json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL)[1])
    content["team"] = [{"email": COORDINATOR, "role": "coordinator"}]
    return create_project(content)


# Pages by which a project is set up: drawn without the menu beside them.
STEPS = {
    "new-project-contract": "support:setup_contract",
    "new-project-indicators": "indicators:setup_indicators",
    "new-project-composer": "indicators:indicator_create",
    "new-project-schedule": "support:setup_schedule",
}


def steps_of(project):
    return {name: reverse(page, args=[project.slug]) for name, page in STEPS.items()}


def compose(page):
    """What is counted is chosen, so that the page shows the number beside."""
    page.get_by_label("podmioty objęte wsparciem").check()
    page.fill("input[name=services_1]", "2")
    page.get_by_text("na koniec projektu").wait_for()


# What is done on a page before it is drawn.
ACTS = {"new-project-composer": compose}


class Quiet(WSGIRequestHandler):
    def log_message(self, *said):
        pass


def serve():
    """The address of the program, answered in this process."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(get_wsgi_application())
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def signed_in(email):
    client = Client()
    client.force_login(User.objects.get(email=email))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def main(names):
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("load_demo", verbosity=0)
    project = Project.objects.get(slug="sputnik-ii")
    for report in project.reports.all():
        keep_file(report)
    addresses = pages(project)
    address, session = serve(), signed_in(COORDINATOR)
    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="pl-PL")
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}
        context.add_cookies([cookie])
        page = context.new_page()
        for name in names or addresses:
            page.goto(address + addresses[name], wait_until="networkidle")
            ACTS.get(name, lambda page: None)(page)
            # A bar at the edge of the window stands below the page, not across it.
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": WIDTH, "height": height})
            part = page.locator("main") if name in STEPS else page
            picture = Image.open(BytesIO(part.screenshot()))
            page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            picture = picture.crop((0, 0, picture.width, min(picture.height, LONGEST)))
            picture.quantize(draw_papers.COLOURS * 2).save(FOLDER / f"{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
