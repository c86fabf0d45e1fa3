"""What the search finds in the registers."""

from urllib.parse import urlencode

from django.urls import reverse

from entities.models import Entity, LocalGovernment, Person
from owes.formatting import nip
from owes.models import User
from owes.search import Group, SearchResult, by_name, group


def find(user: User, text: str) -> list[Group]:
    if not user.has_perm("entities.list_registers"):
        return []
    entities = by_name(Entity.objects.select_related("seat"), text)
    groups = group("Podmioty", "org", entities, entity_result, _all("entity", text))
    if user.has_perm("entities.see_names"):
        people = by_name(Person.objects.prefetch_related("representations__entity"), text)
        groups += group("Osoby", "person", people, _person_result, _all("person", text))
    governments = by_name(LocalGovernment.objects.select_related("powiat"), text)
    all_governments = _all("local_government", text)
    return groups + group("Samorządy", "map", governments, _government_result, all_governments)


def _all(noun: str, text: str) -> str:
    return f"{reverse(f'entities:{noun}_list')}?{urlencode({'q': text})}"


def entity_result(entity: Entity) -> SearchResult:
    number = f"NIP {nip(entity.nip)}" if entity.nip else ""
    line = _line(entity.code, number, entity.seat)
    return SearchResult(entity.name, line, entity.get_absolute_url())


def _person_result(person: Person) -> SearchResult:
    represented = [row.entity.name for row in person.representations.all()]
    return SearchResult(str(person), _line(person.code, *represented), person.get_absolute_url())


def _government_result(government: LocalGovernment) -> SearchResult:
    return SearchResult(str(government), _line(government.code), government.get_absolute_url())


def _line(*parts: object) -> str:
    return ", ".join(str(part) for part in parts if part)
