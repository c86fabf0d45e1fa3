"""What the search finds in the registers."""

from urllib.parse import urlencode

from django.urls import reverse

from entities.models import Entity, LocalGovernment, Person
from owes.formatting import nip
from owes.models import User
from owes.search import Group, Hit, by_name, group


def find(user: User, text: str) -> list[Group]:
    if not user.has_perm("entities.list_registers"):
        return []
    entities = by_name(Entity.objects.select_related("seat"), text)
    groups = group("Podmioty", "org", entities, entity_hit, _all("entity", text))
    if user.has_perm("entities.see_names"):
        people = by_name(Person.objects.prefetch_related("representations__entity"), text)
        groups += group("Osoby", "person", people, _person_hit, _all("person", text))
    governments = by_name(LocalGovernment.objects.select_related("powiat"), text)
    all_governments = _all("local_government", text)
    return groups + group("Samorządy", "map", governments, _government_hit, all_governments)


def _all(noun: str, text: str) -> str:
    return f"{reverse(f'entities:{noun}_list')}?{urlencode({'q': text})}"


def entity_hit(entity: Entity) -> Hit:
    number = f"NIP {nip(entity.nip)}" if entity.nip else ""
    return Hit(entity.name, _line(entity.code, number, entity.seat), entity.get_absolute_url())


def _person_hit(person: Person) -> Hit:
    represented = [row.entity.name for row in person.representations.all()]
    return Hit(str(person), _line(person.code, *represented), person.get_absolute_url())


def _government_hit(government: LocalGovernment) -> Hit:
    return Hit(str(government), _line(government.code), government.get_absolute_url())


def _line(*parts: object) -> str:
    return ", ".join(str(part) for part in parts if part)
