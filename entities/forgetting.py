"""What the registers keep of a person, taken away for good; the code and the sex stay."""

from typing import Any

from django.utils import timezone

from entities.models import NO_NAME, Kind, Merge, Person, Representation, joined_keys
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
    """The names and contacts that the person has and ever had."""
    forgetting.label = " ".join(NO_NAME.values())
    columns = ("first_name", "last_name", "email", "phone")
    former = Person.history.filter(id__in=keys).order_by().values_list(*columns)
    now = Person.objects.filter(pk__in=keys).order_by().values_list(*columns)
    for first, last, *contacts in now.union(former):
        forgetting.names.add((first, last))
        forgetting.contacts.update(filter(None, contacts))
