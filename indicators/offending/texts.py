"""Texts that documents for the funder print and that hold what may lead to a person."""

from django.utils.text import capfirst

from indicators.checking import Found, Kind
from indicators.offending.services import warned
from owes.personal_data import personal_data_in, told_of
from support.models import Adoption, Partnership, Service, StaffTraining


def printed_personal_data(material):
    """V47: a phone, an e-mail, eleven digits or somebody's name in a text that is printed.

    Topics of services are told of by `support.warnings`, as on their own page.
    """
    yield from warned("V47")(material)
    yield from _places(material)
    adoptions = material.project.adoptions.select_related("entity").order_by("day", "code")
    for row in adoptions:
        yield from _of_record(Kind.ADOPTION, row, row.code, row.entity, row.day)
    acts = material.project.partnerships.select_related("local_government").order_by("day", "code")
    for row in acts:
        yield from _of_record(Kind.PARTNERSHIP, row, row.code, row.local_government, row.day)
    trainings = material.project.staff_trainings.select_related("staff_member")
    for row in trainings.order_by("starts_on", "pk"):
        day = row.ends_on or row.starts_on
        yield from _of_record(Kind.STAFF_TRAINING, row, "", row.staff_member, day)


def _places(material):
    rows = material.project.services.exclude(state=Service.State.CANCELLED).exclude(place="")
    for pk, place in rows.order_by("pk").values_list("pk", "place"):
        if found := personal_data_in(place):
            yield material.service(pk, ", ".join(found), told_of("Miejsce", found))


PRINTED = {
    model: [column for column in model._meta.concrete_fields if getattr(column, "is_printed", 0)]
    for model in (Adoption, Partnership, StaffTraining)
}


def _of_record(kind, row, code, name, day):
    for column in PRINTED[type(row)]:
        if found := personal_data_in(getattr(row, column.name)):
            words = capfirst(column.verbose_name)
            facts = f"{column.name}: {', '.join(found)}"
            sentence = told_of(words, found)
            yield Found(kind, row.pk, code, str(name), facts, sentence, day=day, field=column.name)
