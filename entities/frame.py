"""The first page of each card, what the register itself knows, and the next steps in it."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from entities.models import Entity, Person
from owes.frame import Action, CardTab
from owes.models import User


def entity_tabs(user: User, entity: Entity) -> list[CardTab]:
    return [CardTab("Dane", reverse("entities:entity_detail", args=[entity.pk]))]


def person_tabs(user: User, person: Person) -> list[CardTab]:
    return [CardTab("Dane", reverse("entities:person_detail", args=[person.pk]))]


def person_last_tabs(user: User, person: Person) -> list[CardTab]:
    tabs = []
    if user.has_perm("entities.serve_person"):
        tabs.append(CardTab("RODO", reverse("entities:person_data", args=[person.pk])))
    if user.has_perm("entities.view_looks"):
        address = reverse("entities:person_looks", args=[person.pk])
        tabs.append(CardTab("Kto widział dane", address))
    return tabs


def entity_actions(user: User, entity: Entity, project: Any) -> list[Action]:
    if not user.has_perm("entities.add_person"):
        return []
    address = reverse("entities:person_create")
    return [Action("Dodaj osobę", f"{address}?{urlencode({'entity': entity.code})}")]
