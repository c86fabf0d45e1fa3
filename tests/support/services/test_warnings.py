"""Each warning with the edge at which it does not warn; accepted ones, and what they cost."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from entities.models import Representation
from support.models import AcceptedWarning, Attendance, Declaration, Enrolment, Service, Session
from support.services.warnings import BY_CODE, ServiceWarnings, merge_days, warnings_of
from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    PersonFactory,
    ProjectFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)

pytestmark = pytest.mark.usefixtures("db")
THURSDAY, SUNDAY, HOLIDAY = date(2023, 3, 9), date(2023, 3, 12), date(2023, 5, 3)


@pytest.fixture
def ewa():
    return StaffMemberFactory(name="Ewa Piórkowska")


def held(day=THURSDAY, start=time(9), end=time(11), *, adviser=None, entity=None, **fields):
    service = ServiceFactory(**fields)
    session = Session(service=service)
    session.set_term(day, start, end)
    session.save()
    if adviser:
        service.adviser_links.create(staff_member=adviser)
    service.recipient_links.create(entity=entity or EntityFactory())
    return service


def attended(service, person, state="present", signed_on=date(2022, 4, 5)):
    """Somebody who represents the recipient; their declaration is of the day, or there is none."""
    entity = service.recipients.get()
    if signed_on:
        Declaration.objects.get_or_create(
            project=service.project, person=person, defaults={"signed_on": signed_on}
        )
    Representation.objects.get_or_create(person=person, entity=entity)
    Attendance.objects.create(
        session=service.sessions.get(), person=person, entity=entity, state=state
    )


def codes(service):
    return [warning.code for warning in warnings_of([service.pk]).get(service.pk, [])]


def test_nothing_is_wrong_with_an_ordinary_service(ewa):
    service = held(adviser=ewa)
    attended(service, PersonFactory())
    assert codes(service) == []


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (time(11), time(12), []),
        (time(8), time(9), []),
        (time(10, 59), time(12), ["adviser_in_two_places"]),
        (time(9, 30), time(10), ["adviser_in_two_places"]),
    ],
)
def test_one_who_leads_is_in_one_place_at_a_time(ewa, start, end, expected):
    service = held(adviser=ewa)
    other = held(start=start, end=end, adviser=ewa, code="U/7")
    assert codes(service) == expected
    assert codes(other) == expected


def test_of_a_service_of_another_project_its_name_is_told_and_no_way_there(ewa):
    service = held(adviser=ewa)
    other = held(adviser=ewa, code="U/7", project=ProjectFactory(name="Drugi"))
    (warning,) = warnings_of([service.pk])[service.pk]
    assert (warning.sentence, warning.url) == (
        "Ewa Piórkowska prowadzi w tym czasie usługę U/7 w projekcie Drugi "
        "(09.03.2023, 09:00–11:00).",
        "",
    )
    assert codes(other) == ["adviser_in_two_places"]


@pytest.fixture
def twin():
    """A service from 9 to 11 in two projects, for one entity, of one who was present."""
    service = held(code="U/1")
    other = held(code="U/7", entity=service.recipients.get(), project=ProjectFactory(name="Drugi"))
    person = PersonFactory()
    for each in (service, other):
        attended(each, person)
    return service, other


def test_a_session_of_two_projects_is_financed_twice(twin):
    for service, other in (twin, twin[::-1]):
        twice, _ = warnings_of([service.pk])[service.pk]
        assert (twice.code, twice.blocks, twice.url) == ("financed_twice", True, "")
        assert twice.sentence == (
            f"Ten sam termin ma projekt {other.project}: usługa {other.code} (09.03.2023, "
            "09:00–11:00). Może liczyć się w obu projektach tylko za zgodą obu zleceniodawców."
        )


def test_a_session_of_two_projects_is_financed_twice_also_by_the_one_who_leads(ewa):
    entity = EntityFactory()
    service = held(adviser=ewa, entity=entity)
    held(adviser=ewa, entity=entity, project=ProjectFactory())
    assert codes(service) == ["adviser_in_two_places", "financed_twice", "twin_service"]


@pytest.mark.parametrize(
    "change",
    [
        lambda service, other: service.sessions.get().attendances.update(state="absent"),
        lambda service, other: other.recipient_links.update(entity=EntityFactory()),
        lambda service, other: Service.objects.filter(pk=other.pk).update(state="cancelled"),
        lambda service, other: Service.objects.filter(pk=other.pk).update(project=service.project),
    ],
)
def test_what_is_not_one_session_of_two_projects_is_not_financed_twice(twin, change):
    change(*twin)
    assert "financed_twice" not in codes(twin[0])


def test_a_session_of_two_projects_is_approved_when_a_coordinator_accepts_it(twin, coordinator):
    service, _ = twin
    Service.objects.filter(pk=service.pk).update(state="submitted")
    service.refresh_from_db()
    with pytest.raises(ValidationError, match="poproś koordynatora, aby na stronie usługi"):
        service.approve(coordinator)
    warning, _ = warnings_of([service.pk])[service.pk]
    AcceptedWarning.objects.create(
        service=service,
        code=warning.code,
        key=warning.key,
        sentence=warning.sentence,
        reason="Zgoda obu zleceniodawców z 1.03.2023",
        by=coordinator,
    )
    service.approve(coordinator)
    assert Service.objects.get(pk=service.pk).state == "approved"


def test_a_cancelled_service_is_no_other_place(ewa):
    service = held(adviser=ewa)
    held(adviser=ewa, state="cancelled")
    assert codes(service) == []


@pytest.mark.parametrize("state", ["present", "expected", "absent"])
def test_one_who_takes_part_is_in_one_place_at_a_time(state):
    person = PersonFactory()
    service, other = held(), held(start=time(10), end=time(12))
    attended(service, person)
    attended(other, person, state)
    assert codes(service) == (["person_in_two_places"] if state != "absent" else [])


@pytest.mark.parametrize(("end", "expected"), [(time(19), []), (time(19, 1), ["too_long_a_day"])])
def test_ten_hours_a_day_are_the_most(ewa, end, expected):
    service = held(end=time(12), adviser=ewa)
    held(start=time(12), end=end, adviser=ewa)
    assert codes(service) == expected


@pytest.mark.parametrize(
    ("day", "end", "expected"),
    [
        (date(2023, 3, 10), time(11), []),
        (date(2023, 3, 10), time(11, 1), ["too_long_a_month"]),
        (date(2023, 4, 6), time(12), []),
    ],
)
def test_the_hours_of_a_month_have_a_limit_of_the_project(ewa, project, day, end, expected):
    project.most_hours_a_month = 4
    project.save()
    service = held(adviser=ewa)
    held(day, end=end, adviser=ewa)
    held(day, time(20), time(22), adviser=ewa, state="cancelled")
    assert codes(service) == expected


def test_each_session_of_a_month_is_summed_once(ewa, project):
    project.most_hours_a_month = 3
    project.save()
    service = held(adviser=ewa)
    service.adviser_links.create(staff_member=StaffMemberFactory(name="Jan Drugi"))
    held(date(2023, 3, 10), adviser=ewa)
    (warning,) = warnings_of([service.pk])[service.pk]
    hard = "\u00a0"
    assert warning.sentence == (
        f"Ewa Piórkowska ma w miesiącu marzec 2023 razem 4{hard}h, więcej niż 3 h."
    )


def test_limits_are_those_of_the_project(ewa, project):
    service = held(start=time(8), end=time(17), adviser=ewa)
    assert codes(service) == []
    project.most_hours_a_day, project.earliest_hour, project.latest_hour = 8, time(8, 1), time(16)
    project.save()
    assert codes(service) == ["too_long_a_day", "odd_time"]
    assert warnings_of([service.pk])[service.pk][1].sentence == (
        "Termin 09.03.2023: przed 8:01, po 16:00."
    )


@pytest.mark.parametrize(
    ("day", "start", "end", "expected"),
    [
        (THURSDAY, time(6), time(22), []),
        (THURSDAY, time(5, 59), time(8), ["odd_time"]),
        (THURSDAY, time(20), time(22, 1), ["odd_time"]),
        (THURSDAY, time(23), time(1), ["odd_time"]),
        (SUNDAY, time(9), time(11), ["odd_time"]),
        (HOLIDAY, time(9), time(11), ["odd_time"]),
    ],
)
def test_sundays_holidays_and_nights_are_told(day, start, end, expected):
    assert codes(held(day, start, end)) == expected


def test_a_holiday_has_its_polish_name():
    service = held(HOLIDAY)
    (warning,) = warnings_of([service.pk])[service.pk]
    assert warning.sentence.startswith("Termin 03.05.2023: święto (Święto Narodowe")


@pytest.mark.parametrize(("joined", "expected"), [(9, []), (10, ["before_joining"])])
def test_the_day_of_joining_is_early_enough(project, joined, expected):
    entity = EntityFactory()
    Enrolment.objects.create(project=project, entity=entity, joined_on=date(2023, 3, joined))
    assert codes(held(entity=entity)) == expected


@pytest.mark.parametrize(("signed", "expected"), [(9, []), (10, ["person_before_declaring"])])
def test_the_day_of_the_declaration_is_early_enough(project, signed, expected):
    service, person = held(), PersonFactory()
    attended(service, person, signed_on=date(2023, 3, signed))
    assert codes(service) == expected


@pytest.mark.parametrize("state", ["present", "expected"])
def test_one_who_takes_part_has_declared_at_all(client, staff, state):
    service, person = held(), PersonFactory(first_name="Łucja", last_name="Nowa")
    attended(service, person, state, signed_on=None)
    assert codes(service) == ["person_without_declaration"]
    client.force_login(staff)
    page = client.get(service.get_absolute_url())
    assertContains(page, "Łucja Nowa nie ma daty oświadczenia RODO.")
    address = f"/p/sputnik-ii/people/{person.pk}/declaration/?service={service.pk}"
    assertContains(page, f'<a href="{address}">Zapisz deklarację</a>', html=True)
    Declaration.objects.create(project=service.project, person=person, signed_on=date(2023, 3, 1))
    assert codes(service) == []


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("Statut stowarzyszenia", []),
        ("Rozmowa z Łucją Nową o statucie", ["personal_topic"]),
        ("Nowa Łucja", ["personal_topic"]),
        ("Nowa ustawa", []),
        ("Doradztwo, tel. 600 700 800", ["personal_topic"]),
        ("Doradztwo, lucja@poczta.example", ["personal_topic"]),
        ("Umowa 80010112345", ["personal_topic"]),
        ("Uchwała 12/2023 z 05.04.2022", []),
    ],
)
def test_a_topic_names_nobody(topic, expected):
    service = held(topic=topic)
    attended(service, PersonFactory(first_name="Łucja", last_name="Nowa"))
    attended(held(topic="inna"), PersonFactory(first_name="Jan", last_name="Statut"))
    assert codes(service) == expected


@pytest.mark.parametrize(("last", "expected"), [(9, []), (8, ["after_the_end"])])
def test_the_last_day_is_not_too_late(project, last, expected):
    left, struck = EntityFactory(), EntityFactory(struck_off_on=date(2023, 3, last))
    Enrolment.objects.create(project=project, entity=left, left_on=date(2023, 3, last))
    assert [codes(held(entity=left)), codes(held(entity=struck))] == [expected, expected]


def test_a_twin_has_the_day_the_adviser_and_the_entity_in_common(ewa):
    entity = EntityFactory()
    service = held(adviser=ewa, entity=entity)
    held(start=time(12), end=time(13), adviser=ewa)
    assert codes(service) == []
    held(start=time(13), end=time(14), adviser=ewa, entity=entity)
    assert codes(service) == ["twin_service"]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, []),
        (THURSDAY, THURSDAY, []),
        (date(2023, 3, 10), None, ["without_representation"]),
        (None, date(2023, 3, 8), ["without_representation"]),
    ],
)
def test_a_person_represents_the_entity_on_that_day(since, until, expected):
    service, person = held(), PersonFactory()
    attended(service, person)
    Representation.objects.update(since=since, until=until)
    assert codes(service) == expected


def test_an_accepted_warning_comes_back_when_the_facts_change(client, coordinator):
    service = held(SUNDAY)
    (warning,) = warnings_of([service.pk])[service.pk]
    client.force_login(coordinator)
    address = reverse("support:service_accept", args=["sputnik-ii", service.pk])
    client.post(address, {"code": warning.code, "key": warning.key, "reason": ""})
    assert not AcceptedWarning.objects.exists()
    client.post(address, {"code": warning.code, "key": warning.key, "reason": "Zjazd"})
    (accepted,) = warnings_of([service.pk])[service.pk]
    assert (accepted.accepted.reason, accepted.accepted.by) == ("Zjazd", coordinator)
    assertContains(client.get(service.get_absolute_url()), "Przyjęte: Zjazd")
    session = service.sessions.get()
    session.set_term(SUNDAY, time(10), time(12))
    session.save()
    (again,) = warnings_of([service.pk])[service.pk]
    assert again.accepted is None


def test_what_differs_by_its_day_alone_is_told_and_accepted_as_one(client, coordinator, project):
    service = ServiceFactory(project=project, state="submitted")
    anna, jan = PersonFactory(first_name="Anna", last_name="Mak"), PersonFactory()
    for day in (6, 7, 8):
        session = SessionFactory(service=service, day=date(2023, 3, day))
        for person in (anna, jan):
            AttendanceFactory(session=session, person=person)
    for person in (anna, jan):
        Declaration.objects.create(project=project, person=person, signed_on=date(2023, 3, 8))
    found = warnings_of([service.pk])[service.pk]
    warnings = [warning for warning in found if warning.rule.number == "V07"]
    assert len(warnings) == 4
    merged = merge_days(warnings)
    assert [warning.sentence for warning in merged] == [
        f"{person}: obecność 06.03.2023 i 07.03.2023, a deklaracja 08.03.2023."
        for person in (anna, jan)
    ]
    client.force_login(coordinator)
    page = client.get(service.get_absolute_url())
    assertContains(page, f"<span>{merged[0].sentence}</span>", count=1)
    address = reverse("support:service_accept", args=["sputnik-ii", service.pk])
    keys = [warning.key for warning in merged[0].merged_warnings]
    client.post(address, {"code": merged[0].code, "key": keys, "reason": "Papier"})
    assert {warning.key for warning in service.accepted_warnings.all()} == set(keys)
    found = warnings_of([service.pk])[service.pk]
    left = [warning for warning in found if warning.rule.number == "V07"]
    assert [bool(warning.accepted) for warning in merge_days(left)] == [True, False]


def test_a_warning_that_is_not_there_is_not_accepted(client, coordinator, staff):
    service = held()
    address = reverse("support:service_accept", args=["sputnik-ii", service.pk])
    client.force_login(coordinator)
    client.post(address, {"code": "odd_time", "key": "x", "reason": "Zjazd"})
    client.force_login(staff)
    assert client.post(address, {"code": "odd_time", "reason": "x"}).status_code == 403
    assert not AcceptedWarning.objects.exists()


def test_the_funder_reads_no_names_of_people(client, auditor):
    service, other = held(state="approved"), held(state="approved")
    person = PersonFactory(last_name="Skryta")
    attended(service, person, signed_on=None)
    attended(other, person)
    client.force_login(auditor)
    assertNotContains(client.get(service.get_absolute_url()), "Skryta")


def test_queries_are_as_many_for_any_number_of_services(ewa):
    def asked(services):
        with CaptureQueriesContext(connection) as queries:
            warnings_of([service.pk for service in services])
        return len(queries)

    services = [held(adviser=ewa) for _ in range(25)]
    for service in services:
        attended(service, PersonFactory())
    assert asked(services[:1]) == asked(services)


def test_a_rule_reads_only_what_it_looks_at(ewa):
    service = held(adviser=ewa, topic="Dzwonić: 601 234 567")
    found = ServiceWarnings(Service.objects.all())
    with CaptureQueriesContext(connection) as queries:
        ((key, warning),) = found.found_by(BY_CODE["personal_topic"])
    assert (key, warning.key) == (service.pk, "numer telefonu")
    assert [query["sql"].split('"')[1] for query in queries.captured_queries] == [
        "support_service",
        "entities_person",
        "support_acceptedwarning",
    ]


def test_a_queryset_of_services_is_warned_of_as_its_keys_are(ewa):
    first, second = held(adviser=ewa), held(adviser=ewa)
    assert warnings_of(Service.objects.all()) == warnings_of([first.pk, second.pk])
    assert warnings_of(Service.objects.none()) == {}
