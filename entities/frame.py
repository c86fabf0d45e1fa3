"""The first page of each card, what the register itself knows, and the next steps in it."""

from django.urls import reverse
from django.utils.http import urlencode

from owes.frame import Action, CardTab


def entity_tabs(user, entity):
    return [CardTab("Dane", reverse("entities:entity_detail", args=[entity.pk]))]


def person_tabs(user, person):
    return [CardTab("Dane", reverse("entities:person_detail", args=[person.pk]))]


def entity_actions(user, entity, project):
    if not user.has_perm("entities.add_person"):
        return []
    address = reverse("entities:person_create")
    return [Action("Dodaj osobę", f"{address}?{urlencode({'entity': entity.code})}")]
