"""The people of an earlier training brought to a new one: of which, and what is saved."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from support.models import Attendance, Service, ServiceType, Theme
from support.roster.previous import trainings_before
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    EntityFactory,
    PersonFactory,
    ProjectFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)
from tests.owes.form_page import sent

CREATE = reverse("support:service_create", args=["sputnik-ii"])


@pytest.fixture
def ewa(staff):
    return StaffMemberFactory(name="Ewa Piórkowska", user=staff)


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


def training(day, *people, adviser=None, themes=(), state="present", **fields):
    """A training of one day; its people are codes, all for the entity P1 unless `code/entity`."""
    fields = {"type": ServiceType.objects.get(name="szkolenie")} | fields
    service = ServiceFactory(**fields)
    session = SessionFactory(service=service, day=day)
    if adviser:
        service.adviser_links.create(staff_member=adviser)
    for theme in themes:
        service.theme_links.create(theme=theme)
    for text in people:
        code, _, entity = text.partition("/")
        AttendanceFactory(
            session=session,
            person=_of(PersonFactory, code, last_name="Bór", first_name=code),
            entity=_of(EntityFactory, entity or "P1", name=f"Koło {entity or 'P1'}"),
            state=state,
        )
    return service


def _of(factory, code, **fields):
    found = factory._meta.model.objects.filter(code=code).first()
    return found or factory(code=code, **fields)


# Which training


def topics(**asked):
    new = Service(project=asked.pop("project", None) or Service.objects.first().project)
    return [service.topic for service in trainings_before(new, **asked)]


def test_the_advisers_come_first_then_of_the_activity_then_of_a_theme(ewa):
    activity, theme = ActivityFactory(), Theme.objects.first()
    training(date(2024, 5, 9), "A", topic="Zagadnienie", themes=[theme])
    training(date(2024, 5, 8), "A", topic="Działanie", activity=activity)
    training(date(2024, 5, 7), "A", topic="Jej nowsze", adviser=ewa)
    training(date(2024, 5, 6), "A", topic="Jej starsze", adviser=ewa, activity=activity)
    training(date(2024, 5, 9), "A", topic="Cudze")
    asked = {"adviser": ewa, "activity": activity, "themes": [theme]}
    assert topics(**asked) == ["Jej nowsze", "Jej starsze", "Działanie", "Zagadnienie"]
    assert topics(activity=activity) == ["Działanie", "Jej starsze"]
    assert topics(themes=[theme]) == ["Zagadnienie"]
    assert topics() == []


def test_only_trainings_with_people_and_standing_are_offered(ewa):
    training(date(2024, 5, 9), "A", adviser=ewa, topic="Anulowane")
    Service.objects.update(state="cancelled")
    training(date(2024, 5, 9), adviser=ewa, topic="Puste")
    training(date(2024, 5, 9), "A", adviser=ewa, topic="Nieobecni", state="absent")
    training(date(2024, 5, 9), "A", adviser=ewa, topic="Inny projekt", project=ProjectFactory())
    kind = ServiceType.objects.get(name="doradztwo ogólne")
    training(date(2024, 5, 9), "A", adviser=ewa, topic="Doradztwo", type=kind)
    training(date(2024, 5, 1), "A", adviser=ewa, topic="Zapisani", state="expected")
    project = Service.objects.get(topic="Puste").project
    assert topics(project=project, adviser=ewa) == ["Zapisani"]


def test_of_a_known_day_only_earlier_trainings_are_offered(ewa):
    training(date(2024, 5, 8), "A", adviser=ewa, topic="Tego dnia")
    training(date(2024, 5, 7), "A", adviser=ewa, topic="Dzień przed")
    assert topics(adviser=ewa, day=date(2024, 5, 8)) == ["Dzień przed"]


def test_a_training_is_not_its_own_previous_one(ewa):
    service = training(date(2024, 5, 8), "A", adviser=ewa)
    assert list(trainings_before(service, adviser=ewa)) == []


# On the page


def pressed(client, act="previous", page=None, **typed):
    """The page after a button of the list; nothing is saved by it."""
    before = Service.objects.count()
    form = sent(page or client.get(CREATE)) | {"act": act} | typed
    page = client.post(CREATE, form)
    assert page.status_code == 200
    assert Service.objects.count() == before
    return page


def roster(page):
    """`[(person, entity, marks)]` of the rows with anything in them."""
    form = sent(page)
    places = range(int(form["roster-TOTAL_FORMS"][0]))
    rows = [
        (
            form.get(f"roster-{place}-person", [""])[0],
            form.get(f"roster-{place}-entity", [""])[0],
            [f"roster-{place}-s{n}" in form for n in range(2)],
        )
        for place in places
    ]
    return [row for row in rows if row[0]]


def codes(page):
    return [person.split("(")[1].rstrip(")") for person, _, _ in roster(page)]


def test_one_click_brings_the_people_of_the_previous_training(signed_in, ewa):
    source = training(date(2023, 3, 9), "B/P2", "A", adviser=ewa, topic="Statut", code="U/7")
    page = pressed(signed_in, **{"sessions-0-day": "8.5.2024"})
    assert roster(page) == [
        ("A Bór (A)", "Koło P1 (P1)", [True, False]),
        ("B Bór (B)", "Koło P2 (P2)", [True, False]),
    ]
    assert [entity.code for entity in page.context["entry"].recipients] == ["P1", "P2"]
    text = " ".join(page.content.decode().split())
    link = f'<a href="{source.get_absolute_url()}">U/7</a>'
    assert f"Dopisano 2 osoby z usługi {link}, 09.03.2023, Statut." in text
    assertContains(page, 'id="poprzednie" role="group" tabindex="-1" autofocus')


def test_they_are_saved_with_the_service_and_not_before(signed_in, ewa):
    training(date(2023, 3, 9), "A", "B", adviser=ewa)
    page = pressed(signed_in)
    kind = ServiceType.objects.get(name="szkolenie").pk
    day = {"sessions-0-day": "8.5.2024", "sessions-0-start": "9", "sessions-0-end": "11"}
    form = sent(page) | day | {"type": kind, "topic": "Nowe", "act": "draft"}
    row = next(name for name, value in form.items() if value == ["A Bór (A)"])[: -len("person")]
    signed_in.post(
        CREATE, {name: value for name, value in form.items() if not name.startswith(row)}
    )
    rows = Attendance.objects.filter(session__service__topic="Nowe")
    assert list(rows.values_list("person__code", "entity__code", "state")) == [
        ("B", "P1", "present")
    ]


def test_those_on_the_list_already_stay_and_are_not_doubled(signed_in, ewa):
    training(date(2023, 3, 9), "A", "B", adviser=ewa)
    rows = {"roster-0-person": "A Bór (A)", "roster-0-entity": "Koło P1 (P1)"}
    page = pressed(signed_in, recipients=["P1"], **rows)
    assert codes(page) == ["A", "B"]
    assertContains(page, "Dopisano 1\u00a0osobę")
    page = pressed(signed_in, "drop_previous", page)
    assert codes(page) == ["A"]
    assert [entity.code for entity in page.context["entry"].recipients] == ["P1"]


def test_all_on_the_list_already_is_said(signed_in, ewa):
    training(date(2023, 3, 9), "A", adviser=ewa)
    rows = {"roster-0-person": "A Bór (A)", "roster-0-entity": "Koło P1 (P1)"}
    page = pressed(signed_in, recipients=["P1"], **rows)
    assertContains(page, "Na liście są już wszystkie osoby")
    assert codes(page) == ["A"]


def test_one_click_takes_them_back_with_their_recipients(signed_in, ewa):
    training(date(2023, 3, 9), "A", "B/P2", adviser=ewa)
    EntityFactory(code="P3")
    page = pressed(signed_in, recipients=["P3"])
    page = pressed(signed_in, "drop_previous", page)
    assert codes(page) == []
    assert [entity.code for entity in page.context["entry"].recipients] == ["P3"]
    assert len(page.context["entry"].roster.shown) == 1
    assert 'id="poprzednie"' not in page.content.decode()


def test_another_training_comes_in_place_of_the_first(signed_in, ewa):
    training(date(2023, 3, 9), "A", adviser=ewa, topic="Wcześniej")
    later = training(date(2023, 3, 10), "B/P2", adviser=ewa, topic="Później")
    page = pressed(signed_in)
    assert codes(page) == ["B"]
    [other] = page.context["entry"].previous.others
    assertContains(page, f'value="previous:{other.pk}">09.03.2023, Wcześniej</button>')
    page = pressed(signed_in, f"previous:{other.pk}", page)
    assert codes(page) == ["A"]
    assert [entity.code for entity in page.context["entry"].recipients] == ["P1"]
    assert page.context["entry"].previous.others == [later]


def test_a_training_that_is_not_offered_brings_nobody(signed_in, ewa):
    training(date(2023, 3, 9), "A", adviser=ewa)
    hidden = training(date(2023, 3, 9), "B", project=ProjectFactory())
    assert codes(pressed(signed_in, f"previous:{hidden.pk}")) == ["A"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Nie ma wcześniejszego szkolenia tej osoby z kadry, tego działania ani zagadnienia."),
        (
            {"adviser": ""},
            "Wskaż kadrę, działanie albo zagadnienie: po nich szukamy poprzedniego szkolenia.",
        ),
    ],
)
def test_that_there_is_no_such_training_is_said(signed_in, ewa, typed, sentence):
    page = pressed(signed_in, **typed)
    assertContains(page, sentence)
    assert codes(page) == []


def test_the_activity_and_the_themes_typed_are_looked_by(signed_in, ewa):
    activity = ActivityFactory(name="Akademia")
    training(date(2023, 3, 9), "A", activity=activity)
    theme = Theme.objects.first()
    training(date(2023, 3, 10), "B", themes=[theme])
    assert codes(pressed(signed_in, activity_name="akademia")) == ["A"]
    assert codes(pressed(signed_in, themes=[theme.pk])) == ["B"]


def test_queries_do_not_grow_with_the_people(signed_in, ewa):
    training(date(2023, 3, 9), "O1", adviser=ewa)
    numbers = []
    for number in (1, 40):
        form = sent(signed_in.get(CREATE)) | {"act": "previous"}
        with CaptureQueriesContext(connection) as queries:
            page = signed_in.post(CREATE, form)
        assert len(codes(page)) == number
        numbers.append(len(queries))
        training(date(2023, 3, 10), *(f"O{n}/P{n % 5}" for n in range(40)), adviser=ewa)
    assert numbers[0] == numbers[1]
