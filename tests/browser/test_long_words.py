"""A word without spaces, as long as a field lets it be, does not make a page wider."""

import pytest
from django.urls import reverse

from entities.models import Entity
from support.models import Project, Service, StaffTraining
from tests.browser.layout import sideways

pytestmark = pytest.mark.browser

WORD = "Niezliczonychdługichsłówpisanychbezodstępu" * 7


def lengthened():
    """Addresses of the cards and lists where the word stands."""
    demo = Project.objects.get(slug="sputnik-ii")
    service = Service.objects.filter(project=demo, recipients__isnull=False).first()
    entity = service.recipients.first()
    Entity.objects.filter(pk=entity.pk).update(name=WORD[:150])
    Service.objects.filter(pk=service.pk).update(topic=WORD[:290], place=WORD[:200])
    StaffTraining.objects.filter(project=demo).update(topic=WORD[:290])
    return [
        entity.get_absolute_url(),
        reverse("entities:entity_list"),
        service.get_absolute_url(),
        reverse("support:service_list", args=[demo.slug]),
        reverse("support:staff_list", args=[demo.slug]),
        demo.get_absolute_url(),
    ]


@pytest.mark.parametrize("width", [360, 1366])
def test_a_long_word_makes_no_page_wider(signed_in, width):
    with signed_in("coordinator", width=width) as watched:
        wider = {}
        for address in lengthened():
            watched.open(address)
            if found := sideways(watched.page):
                wider[address] = found
    assert wider == {}
