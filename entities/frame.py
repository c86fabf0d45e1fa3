"""The first page of each card: what the register itself knows."""

from django.urls import reverse

from owes.frame import Tab


def entity_tabs(user, entity):
    return [Tab("Dane", reverse("entities:entity_detail", args=[entity.pk]))]


def person_tabs(user, person):
    return [Tab("Dane", reverse("entities:person_detail", args=[person.pk]))]
