import pytest
from django.urls import reverse

from support.models import Service
from support.papers import cards
from tests.factories import AttendanceFactory, SessionFactory
from tests.support.papers.printed import text

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def test_service_card_is_answered_as_a_pdf(client, staff):
    service = SessionFactory(service__topic="Statut od nowa").service
    client.force_login(staff)
    response = client.get(reverse("support:service_card", args=["sputnik-ii", service.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline; filename=")
    assert "Statut od nowa" in text(response.content)


@pytest.mark.parametrize(("role", "status"), [("auditor", 403), ("administrator", 403)])
def test_card_with_names_is_not_for_the_funder(client, request, role, status):
    service = SessionFactory().service
    client.force_login(request.getfixturevalue(role))
    for url in (
        reverse("support:service_card", args=["sputnik-ii", service.pk]),
        reverse("support:empty_card", args=["sputnik-ii"]),
    ):
        assert client.get(url).status_code == status


def test_filled_card_names_people_and_the_blank_one_leaves_room():
    attendance = AttendanceFactory(session__service__description="Omówiono budżet.")
    service = Service.objects.for_papers().get()
    filled = text(cards.service_card(service).pdf())
    blank = text(cards.service_card(service, is_blank=True).pdf())
    for words in (str(attendance.person), "Omówiono budżet."):
        assert (words in filled, words in blank) == (True, False)
    for words in (str(attendance.entity), service.printed_number):
        assert (words in filled, words in blank) == (True, True)
