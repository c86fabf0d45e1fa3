"""A text withheld from a reader is neither read, nor found by, nor saved over."""

import pytest
from django.db import transaction
from django.urls import reverse
from pytest_django.asserts import assertContains

from owes.free_text import COVERED, Withheld, withheld
from support.access import reads_texts
from support.models import Adoption, Service
from tests.factories import (
    AdoptionFactory,
    EvidenceFactory,
    MembershipFactory,
    ProjectFactory,
    ServiceFactory,
    UserFactory,
    sputnik,
)

pytestmark = pytest.mark.usefixtures("db")


def test_a_row_says_only_that_there_is_something():
    ServiceFactory(topic="Statut", outcome="Zenobia", place="")
    with withheld():
        row = Service.objects.get()
        values = Service.objects.values_list("outcome", "place").get()
        history = Service.history.get()
    assert (row.topic, row.outcome, row.place) == ("Statut", COVERED, "")
    assert (values, history.outcome) == ((COVERED, ""), COVERED)
    assert Service.objects.get().outcome == "Zenobia"


def test_a_printed_text_is_covered_where_it_holds_a_contact():
    ServiceFactory(topic="Tel. 600 700 800")
    with withheld():
        assert Service.objects.get().topic == "treść zasłonięta (numer telefonu)"
        with withheld(False):
            assert Service.objects.get().topic == "Tel. 600 700 800"


def test_a_kind_of_document_typed_freely_is_another_document():
    EvidenceFactory(kind="karta podpisana")
    EvidenceFactory(kind="list od Zenobii")
    with withheld():
        kinds = sorted(Service.objects.values_list("evidence__kind", flat=True))
    assert kinds == ["inny dokument", "karta podpisana"]


def test_what_stands_for_a_text_is_never_saved():
    AdoptionFactory(description="Sklep")
    with withheld():
        row = Adoption.objects.get()
    assert isinstance(row.description, Withheld)
    with pytest.raises(ValueError, match="withheld"), transaction.atomic():
        row.save()
    assert Adoption.objects.get().description == "Sklep"


def test_a_form_says_what_a_printed_text_should_not_hold(client, staff):
    client.force_login(staff)
    row = AdoptionFactory(description="Sklep, tel. 600 700 800")
    new = reverse("support:adoption_create", args=[row.project.slug])
    sentence = "Bez nazwisk, telefonów i adresów e-mail: ten tekst czyta zleceniodawca."
    assertContains(client.get(new), sentence, count=1)
    warned = "Uwaga: numer telefonu. Ten tekst drukują dokumenty, czyta go zleceniodawca."
    assertContains(client.get(row.get_absolute_url()), warned)
    topic = {"topic": "Rozmowa, jan@poczta.example", "act": "draft"}
    service = client.post(reverse("support:service_create", args=[row.project.slug]), topic)
    assertContains(service, "Uwaga: adres e-mail.")


def test_texts_are_read_where_one_works():
    own, looked_into = sputnik(), ProjectFactory()
    user = UserFactory()
    MembershipFactory(user=user, project=looked_into, role="auditor")
    assert not reads_texts(user)
    MembershipFactory(user=user, project=own, role="staff")
    del user._projects
    assert (reads_texts(user), reads_texts(user, own.slug)) == (True, True)
    assert not reads_texts(user, looked_into.slug)
    assert not reads_texts(user, "inny")
