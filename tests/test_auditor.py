"""What the funder's auditor sees of people: a code, K or M, an entity, a day."""

import pytest
from django.core.management import call_command

from entities.models import Person
from indicators import closing
from indicators.models import Report
from owes.models import User
from support.models import Service
from tests.browser.conftest import ROLES
from tests.browser.test_pages import addresses
from tests.factories import EvidenceFactory, sputnik


@pytest.mark.django_db
def test_no_page_of_the_auditor_tells_who_anybody_is(client, settings):
    settings.DEMO = True
    call_command("load_demo", verbosity=0)
    coordinator = User.objects.get(email=ROLES["coordinator"])
    project = sputnik()
    draft = Report.objects.create(
        project=project,
        kind="partial",
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        created_by=coordinator,
    )
    closing.close(draft, coordinator, "próba")
    Service.objects.filter(state="approved").first().cancel(coordinator, "powtórzona")
    person = Person.objects.first()
    EvidenceFactory(service=None, person=person, file_name=f"oświadczenie {person}.pdf")
    secrets = {
        text
        for person in Person.objects.all()
        for text in (str(person), person.phone, person.email)
        if text
    }
    client.force_login(User.objects.get(email=ROLES["auditor"]))
    opened, told = set(), {}
    for name, path in addresses().items():
        page = client.get(path)
        if page.status_code != 200:
            continue
        opened.add(name)
        text = page.content.decode()
        if found := {secret for secret in secrets if secret in text}:
            told[name] = found
    assert told == {}
    assert {
        "support:service_detail",
        "support:evidence_detail",
        "entities:person_detail",
        "indicators:report_detail",
        "indicators:indicator_detail",
    } <= opened
