"""Entities and people that break a rule of data control."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Count

from entities.identifiers import validate_krs, validate_nip, validate_postal_code, validate_regon
from entities.matching import Matching
from entities.models import Entity, LegalForm, Person, SocialEnterpriseStatus
from entities.models import Kind as Twins
from indicators.checks.checking import grouped
from indicators.counting.store import kept
from owes.formatting import day as as_day
from owes.formatting import number
from support.models import Attendance, Enrolment, Service

OF_FORM, OF_SEAT = "not_pes_form", {"no_gmina", "out_of_area"}  # reasons by their codes
PHONE = re.compile(r"\+?[0-9 ()/-]{7,}")


def shared_identifier(data):
    """V09: two unrelated entities have the same number, and nobody said why."""
    for label, field in (("NIP", "nip"), ("REGON", "regon"), ("KRS", "krs")):
        given = Entity.objects.exclude(**{field: ""}).order_by()
        twice = given.values(field).annotate(n=Count("pk")).filter(n__gt=1).values(field)
        rows = given.filter(**{f"{field}__in": twice}).order_by("pk")
        shared = grouped(
            (value, (pk, parent, reason))
            for pk, value, parent, reason in rows.values_list(
                "pk", field, "parent", "shared_identifier_reason"
            )
        )
        for value, holders in shared.items():
            for pk, parent, reason in holders:
                others = [
                    other
                    for other, its_parent, _ in holders
                    if other != pk and not _are_related((pk, parent), (other, its_parent))
                ]
                if others and not reason and pk in data.own_entities:
                    names = ", ".join("{1} ({0})".format(*data.entities[o]) for o in others)
                    sentence = f"{label} {value} ma też: {names}."
                    yield data.entity(pk, f"{field} {value} {others}", sentence, field=field)


def _are_related(first, second):
    """A unit and the body that runs it, or two units of one body: they share its numbers."""
    (pk, parent), (other_pk, other_parent) = first, second
    return other_pk == parent or other_parent == pk or (parent and parent == other_parent)


def wrong_identifier(data):
    """V10: a number with a wrong check digit, or a registered entity without any number."""
    numbers = {"nip": validate_nip, "regon": validate_regon, "krs": validate_krs}
    rows = Entity.objects.order_by("pk").values_list(
        "pk", "legal_form", "other_register", *numbers
    )
    for pk, form, register, *values in rows:
        if pk not in data.own_entities:
            continue
        for (field, validate), value in zip(numbers.items(), values, strict=True):
            if value and not _passes(validate, value):
                sentence = f"{field.upper()} {value} jest błędny."
                yield data.entity(pk, f"{field} {value}", sentence, field=field)
        if not any(values) and not register and form != LegalForm.INITIATIVE_GROUP:
            sentence = "Nie ma numeru NIP, REGON, KRS ani wpisu do innego rejestru."
            yield data.entity(pk, "brak", sentence)


def _passes(validate, value):
    try:
        validate(value)
    except ValidationError:
        return False
    return True


def likely_twins(kind):
    """V11, V12: two records of the register that may be one, which nobody said to be two."""

    def find(data):
        if kind == Twins.ENTITY:
            own, rows, named = data.own_entities, data.entities, data.entity
        else:
            own, rows, named = data.own_people, data.people, data.person
        for first, second, shared in Matching(kind).pair_keys():
            if first in own or second in own:
                code, name = rows[second]
                sentence = f"{name} ({code}): {', '.join(shared)}."
                yield named(first, f"{second} {', '.join(shared)}", sentence)

    return find


def present_for_many(data):
    """V14: somebody counted once was present for more than one PES."""
    rows = (
        Attendance.objects.present()
        .filter(
            session__service__project=data.project,
            session__service__state=Service.State.APPROVED,
            entity__legal_form__in=LegalForm.pes(),
        )
        .order_by()
        .values("person")
        .annotate(n=Count("entity", distinct=True))
        .filter(n__gt=1)
        .order_by("person")
    )
    counted = data.counted_where("is_presence")
    for person, many in rows.values_list("person", "n"):
        if person in counted:
            sentence = f"Była obecna w imieniu {number(many)} podmiotów, liczy się raz."
            yield data.person(person, many, sentence, day=counted[person])


def supported_outside_area(data):
    """V16: a PES that was supported does not count, only because of its seat."""
    told = set()
    for indicator in data.indicators_where("is_support"):
        for offender in _outside_area(data, indicator):
            if offender.pk not in told:
                told.add(offender.pk)
                yield offender


def _outside_area(data, indicator):
    scope = data.scope
    supported = kept(scope, indicator).filter(failed__gt=0, counted_on__isnull=False)
    towns = dict(
        Entity.objects.filter(pk__in=supported.values("candidate")).values_list("pk", "seat__name")
    )
    for row in supported.order_by("candidate"):
        failed = indicator.failed_conditions(scope, row)
        condition = next((each for each in failed if each.code in OF_SEAT), None)
        if condition and OF_FORM not in {each.code for each in failed}:
            sentence = f"{condition.sentence} Wsparcie od {as_day(row.counted_on)}."
            facts = f"{condition.code} {towns[row.candidate] or ''}"
            yield data.entity(row.candidate, facts, sentence, day=row.counted_on)


def _supported(data):
    """`{key: day}` of the entities counted by their support days, as PES or as PS."""
    return data.counted_where("is_support")


def _counted_with_status(data):
    """Those counted by an indicator that asks for the status of a PS."""
    return {
        key
        for indicator in data.indicators_where("is_support")
        if indicator.composition.asks_for_status
        for key in data.counted(indicator.code)
    }


def without_application(data):
    """V17: a counted PES or PS whose application has no day."""
    joined = set(
        Enrolment.objects.filter(project=data.project, joined_on__isnull=False)
        .order_by()
        .values_list("entity", flat=True)
    )
    for pk, day in _supported(data).items():
        if pk not in joined:
            sentence = f"Liczy się od {as_day(day)}, bez daty zgłoszenia."
            yield data.entity(pk, "", sentence, day=day)


def doubtful_status(data):
    """V18: a PS status without its document, before the Act, or later than the first support."""
    counted, as_ps = _supported(data), _counted_with_status(data)
    asks = [own.composition.asks_for_more for own in data.indicators_where("is_support")]
    support = "wymagane" if any(asks) else "pierwsze"
    rows = SocialEnterpriseStatus.objects.order_by("entity", "valid_from")
    for status in rows:
        day = counted.get(status.entity_id)
        if day is None:
            continue
        is_deciding = status.valid_from <= day and (
            status.valid_until is None or day <= status.valid_until
        )
        wrong = []
        if is_deciding and not status.decision_number:
            wrong.append("bez numeru decyzji")
        if status.is_before_the_act:
            wrong.append("wojewoda nie mógł go nadać przed 30.10.2022")
        if status.entity_id not in as_ps and day < status.valid_from <= data.scope.period.end:
            wrong.append(f"późniejszy niż {support} wsparcie {as_day(day)}: liczy się jako PES")
        if wrong:
            sentence = f"Status PS od {as_day(status.valid_from)}: {'; '.join(wrong)}."
            facts = f"{status.pk} {status.valid_from} {'; '.join(wrong)}"
            yield data.entity(status.entity_id, facts, sentence, day=day)


def founded_but_not_new(data):
    """V19: an entity that grew from a group does not count as new, with the reasons."""
    scope, own = data.scope, data.own_entities | _founded(data)
    for indicator in data.indicators_where("is_founding"):
        rows = indicator.not_counted(scope, scope.period).filter(founding_group__isnull=False)
        for record in rows.filter(pk__in=own):
            reasons = indicator.reasons(scope, record, scope.period)
            sentence = " ".join(reason.sentence for reason in reasons)
            facts = ", ".join(reason.code for reason in reasons)
            yield data.entity(record.pk, facts, sentence, day=record.registered_on)


def _founded(data):
    """Entities that grew from groups of the project."""
    rows = Entity.objects.filter(founding_group__in=data.own_entities)
    return set(rows.order_by().values_list("pk", flat=True))


def new_and_supported(data):
    """V20: a new entity also counts among the PES or the PS supported."""
    supported = _supported(data)
    for pk, day in data.counted_where("is_founding").items():
        if pk in supported:
            sentence = (
                f"Liczy się jako nowy od {as_day(day)} i jako objęty wsparciem od "
                f"{as_day(supported[pk])}."
            )
            yield data.entity(pk, f"{day} {supported[pk]}", sentence, day=day)


def wrong_contact(data):
    """V40: a postal code, an e-mail or a phone that cannot be right."""
    entities = Entity.objects.order_by("pk").values_list("pk", "postal_code", "email", "phone")
    for pk, postal_code, *contact in entities:
        if pk not in data.own_entities:
            continue
        if postal_code and not _passes(validate_postal_code, postal_code):
            sentence = f"Kod pocztowy {postal_code} jest błędny."
            yield data.entity(pk, postal_code, sentence, field="postal_code")
        for field, value, sentence in _wrong_contact(*contact):
            yield data.entity(pk, value, sentence, field=field)
    people = Person.objects.exclude(email="", phone="").order_by("pk")
    for pk, *contact in people.values_list("pk", "email", "phone"):
        if pk in data.own_people:
            for field, value, sentence in _wrong_contact(*contact):
                yield data.person(pk, value, sentence, field=field)


def _wrong_contact(email, phone):
    if email and not (email.isascii() and _passes(validate_email, email)):
        yield "email", email, "Adres e-mail ma błąd albo polskie litery."
    if phone and not PHONE.fullmatch(phone.strip()):
        yield "phone", phone, "Telefon ma za mało cyfr albo inne znaki niż cyfry."
