"""The main job as people do it: record, submit, approve, see the number move, read as auditor."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from entities.models import Entity, Person, Representation
from indicators.counting.scope import Scope
from support.models import Project, Service
from tests.indicators.rules import indicator

pytestmark = pytest.mark.browser
SLUG = "sputnik-ii"
DASHBOARD = reverse("indicators:dashboard", args=[SLUG])
DETAIL = reverse("indicators:indicator_detail", args=[SLUG, "pes"])
DAY = "15.11.2024"


def uncounted_entity():
    """An entity that lacks nothing but a service, with somebody who represents it."""
    scope, pes = Scope.of(Project.objects.get(slug=SLUG)), indicator("pes")
    for record in pes.not_counted(scope, scope.period):
        codes = [reason.code for reason in pes.reasons(scope, record, scope.period)]
        if codes == ["no_service"]:
            entity = Entity.objects.get(pk=record.pk)
            Representation.objects.get_or_create(
                person=Person.objects.order_by("code").last(), entity=entity
            )
            return entity
    raise AssertionError("the demonstration has no entity without a service")


def shown_value(watched):
    watched.open(DASHBOARD)
    link = watched.page.get_by_role("link", name=re.compile("PES objęte wsparciem: .*skąd"))
    return int(link.first.inner_text())


def add_service(page, entity):
    person = entity.representations.select_related("person").first().person
    page.select_option("select[name$=type]", label="doradztwo ogólne")
    page.fill("input[name$=topic]", "Pierwsza rozmowa")
    page.locator("select[name$=adviser]").first.select_option(index=1)
    page.fill("input[name=sessions-0-day]", DAY)
    page.fill("input[name=sessions-0-start]", "9.00")
    page.fill("input[name=sessions-0-end]", "11:00")
    page.fill("input[name$=recipient]", entity.code)
    page.fill("input[name=roster-0-person]", person.code)
    page.fill("input[name=roster-0-entity]", entity.code)
    page.locator("input[type=checkbox][name^=roster-0]").first.check()
    page.get_by_role("button", name="Złóż do zatwierdzenia").click()
    expect(page.get_by_text("złożona").first).to_be_visible()


def test_a_service_recorded_and_approved_moves_the_number(signed_in):
    entity = uncounted_entity()
    with signed_in("coordinator") as coordinator:
        before = shown_value(coordinator)
    with signed_in("staff") as staff:
        staff.open(reverse("support:service_create", args=[SLUG]))
        add_service(staff.page, entity)
        assert staff.troubles == []
    service = Service.objects.get(topic="Pierwsza rozmowa")
    assert service.state == Service.State.SUBMITTED
    with signed_in("coordinator") as coordinator:
        assert shown_value(coordinator) == before
        coordinator.open(reverse("support:service_list", args=[SLUG]) + "?state=submitted")
        coordinator.page.get_by_role("link", name="Pierwsza rozmowa").click()
        coordinator.page.get_by_role("button", name="Zatwierdź").click()
        # The final report of the demonstration, which says another number, is closed.
        coordinator.page.get_by_label("Powód zmiany").fill("karta wróciła po zamknięciu")
        coordinator.page.get_by_role("button", name="Zapisz z tym powodem").click()
        expect(coordinator.page.get_by_text("zatwierdzona").first).to_be_visible()
        assert shown_value(coordinator) == before + 1
        coordinator.open(f"{DETAIL}?q={entity.code}")
        row = coordinator.page.locator("#zaliczone tbody tr", has_text=entity.name)
        expect(row).to_contain_text(DAY)
        assert coordinator.troubles == []
    service.refresh_from_db()
    assert service.number == "1/2024"


def test_an_auditor_reads_without_names_and_changes_nothing(signed_in):
    service = Service.objects.filter(state="approved", sessions__attendances__isnull=False).first()
    person = Person.objects.filter(attendances__session__service=service).first()
    pages = [
        DASHBOARD,
        service.get_absolute_url(),
        person.get_absolute_url(),
        reverse("support:person_support", args=[person.pk]),
        service.recipients.first().get_absolute_url(),
        reverse("support:entity_support", args=[service.recipients.first().pk]),
        reverse("indicators:entity_indicators", args=[service.recipients.first().pk]),
        reverse("indicators:indicator_detail", args=[SLUG, "representatives"]),
        reverse("indicators:report_list", args=[SLUG]),
    ]
    names = {f"{one.first_name} {one.last_name}" for one in Person.objects.all()}
    contacts = {one.email for one in Person.objects.all()} - {""}
    with signed_in("auditor") as auditor:
        for path in pages:
            assert auditor.open(path) == 200, path
            text = auditor.page.locator("main").inner_text()
            assert [name for name in names | contacts if name in text] == [], path
        auditor.open(service.get_absolute_url())
        for verb in ("Otwórz ponownie", "Anuluj", "Popraw", "Zatwierdź", "Zapisz"):
            expect(auditor.page.get_by_role("button", name=verb)).to_have_count(0)
        for name in ("service_reopen", "service_cancel", "service_sign"):
            path = reverse(f"support:{name}", args=[SLUG, service.pk])
            assert posted(auditor, path) == 403, name
        assert auditor.open(reverse("support:service_create", args=[SLUG])) == 403
    service.refresh_from_db()
    assert service.state == Service.State.APPROVED


def posted(watched, path):
    """The status of a POST sent from the page itself, with its token."""
    cookies = {one["name"]: one["value"] for one in watched.page.context.cookies()}
    answer = watched.page.request.post(
        watched.address + path,
        form={"csrfmiddlewaretoken": cookies["csrftoken"], "reason": "próba"},
        headers={"Referer": watched.page.url},
        max_redirects=0,
    )
    return answer.status
