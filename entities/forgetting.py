"""What the registers keep of a person, taken away for good; the code and the sex stay."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from entities.models import NO_NAME, Kind, Merge, Person, Representation, Restriction, joined_keys
from owes.formatting import day
from owes.privacy.keeping import Kept
from owes.privacy.texts import fill_search_of


def forget(forgetting: Any) -> None:
    """Empties the person, and those who were merged into the person, in history too."""
    person = forgetting.record
    if not isinstance(person, Person):
        return
    keys = joined_keys(Kind.PERSON, person.pk)
    _gather(forgetting, keys)
    nothing = dict.fromkeys(["birth_date", "birth_year", "gmina"])
    forgetting.rewrite(Person, keys, **NO_NAME, email="", phone="", **nothing)
    Person.objects.filter(pk=person.pk).update(anonymised_at=timezone.now())
    fill_search_of(Person, [person.pk])
    links = Representation.history.model.objects.filter(person_id__in=keys)
    forgetting.rewrite(Representation, set(links.values_list("id", flat=True)), role="")
    merges = Merge.objects.filter(kind=Kind.PERSON, survivor_key__in=keys)
    told = {"loser_name": forgetting.label, "journal": [], "reason": "", "undo_reason": ""}
    forgetting.rewrite(Merge, set(merges.values_list("pk", flat=True)), **told)


def _gather(forgetting: Any, keys: list[int]) -> None:
    """The names, codes, birthdays and contacts that the person has and ever had."""
    forgetting.label = " ".join(NO_NAME.values())
    columns = ("first_name", "last_name", "code", "birth_date", "email", "phone")
    former = Person.history.filter(id__in=keys).order_by().values_list(*columns)
    now = Person.objects.filter(pk__in=keys).order_by().values_list(*columns)
    for first, last, code, birth_date, *contacts in now.union(former):
        forgetting.names.add((first, last))
        forgetting.codes.add(code)
        forgetting.days.update(filter(None, [birth_date]))
        forgetting.contacts.update(filter(None, contacts))


def kept(model: Any, keys: Collection[int], on: date) -> Iterator[tuple[int, Kept]]:
    """People whose data may not be used: they asked that it be kept, for a claim as a rule."""
    if model is not Person:
        return
    held = Restriction.objects.in_force().filter(person__in=keys)
    for key, since in held.order_by("pk").values_list("person", "since"):
        yield key, Kept(f"Przetwarzanie ograniczono {day(timezone.localdate(since))}.")
