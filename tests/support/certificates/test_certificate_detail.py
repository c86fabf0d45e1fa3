import pytest
from django.urls import reverse

from support.models import Certificate
from tests.factories import PersonFactory, ProjectFactory
from tests.support.certificates.test_certificates import drafts_of, training


@pytest.fixture
def certificate(staff):
    service = training(people=[PersonFactory(last_name="Łąka")])
    return Certificate.issue(drafts_of(service, staff))[0]


def url(name, certificate, slug="sputnik-ii"):
    return reverse(f"support:certificate_{name}", args=[slug, certificate.pk])


def test_certificate_detail_tells_what_was_issued(client, staff, certificate):
    client.force_login(staff)
    page = client.get(url("detail", certificate)).content.decode()
    assert [text in page for text in ("Łucja Łąka", "5,3 godz. dydaktycznych", "Anuluj")] == [
        True,
        True,
        False,
    ]


def test_certificate_cancel_keeps_the_number_and_the_reason(client, coordinator, certificate):
    client.force_login(coordinator)
    client.post(url("cancel", certificate), {"reason": "literówka"})
    certificate.refresh_from_db()
    assert (certificate.cancel_reason, certificate.cancelled_by) == ("literówka", coordinator)
    page = client.get(url("detail", certificate)).content.decode()
    assert ["literówka" in page, "Dlaczego anulujesz" in page] == [True, False]
    again = client.post(url("cancel", certificate), {"reason": "inny"}, follow=True)
    assert [str(message) for message in again.context["messages"]] == [
        "Zaświadczenie Z/1/2023 jest już anulowane."
    ]


def test_certificate_cancel_asks_why(client, coordinator, certificate):
    client.force_login(coordinator)
    page = client.post(url("cancel", certificate), {"reason": " "}).content.decode()
    certificate.refresh_from_db()
    assert ("Podaj powód." in page, certificate.is_cancelled) == (True, False)


def test_certificate_cancel_is_for_coordinators(client, staff, certificate):
    client.force_login(staff)
    assert client.post(url("cancel", certificate), {"reason": "x"}).status_code == 403


def test_certificate_detail_is_of_its_project_and_not_for_auditors(
    client, auditor, coordinator, certificate
):
    other = ProjectFactory()
    other.memberships.create(user=coordinator, role="coordinator")
    client.force_login(coordinator)
    assert client.get(url("detail", certificate, other.slug)).status_code == 404
    client.force_login(auditor)
    assert client.get(url("detail", certificate)).status_code == 403
