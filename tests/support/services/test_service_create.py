from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from owes.lookups import label_of
from support.models import Attendance, Service, ServiceType
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    EntityFactory,
    PersonFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)
from tests.pickers import offered

URL = reverse("support:service_create", args=["sputnik-ii"])


@pytest.fixture
def entity(db):
    return EntityFactory(code="P021", name="Spółdzielnia Socjalna „Próba”")


@pytest.fixture
def person(db):
    return PersonFactory(code="O0001", first_name="Kamila", last_name="Kubiak")


@pytest.fixture
def payload(project, entity, person):
    """A good form; `payload(**changes)` differs from it, None takes a field out."""
    adviser = StaffMemberFactory(name="Paweł Żbikowski")
    training = ServiceType.objects.get(name="szkolenie")

    def make(**changes):
        form = {
            "type": training.pk,
            "topic": "Media społecznościowe",
            "activity_name": "Szkolenia",
            "adviser": adviser.pk,
            "mode": "on_site",
            "recipients": [entity.code],
            "sessions-TOTAL_FORMS": 3,
            "sessions-INITIAL_FORMS": 0,
            "sessions-0-day": "08.05.2024",
            "sessions-0-start": "9:00",
            "sessions-0-end": "13.30",
            "sessions-0-break_minutes": "15",
            "sessions-1-day": "9.5.2024",
            "sessions-1-start": "09:00",
            "sessions-1-end": "13:30",
            "sessions-1-break_minutes": "15",
            "sessions-2-day": "",
            "roster-TOTAL_FORMS": 2,
            "roster-INITIAL_FORMS": 0,
            "roster-0-person": "Kamila Kubiak (O0001)",
            "roster-0-entity": "P021",
            "roster-0-s0": "yes",
            "roster-1-person": "",
            "act": "draft",
        } | {name.replace("__", "-"): value for name, value in changes.items()}
        return {name: value for name, value in form.items() if value is not None}

    return make


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


def refused(response, *sentences):
    """Nothing is saved, and each sentence stands in the summary and at its place."""
    assert response.status_code == 200
    for sentence in sentences:
        assertContains(response, sentence, html=False)
    assert not Service.objects.exists()
    return [sentence for _, sentence in response.context["entry"].problems()]


def test_service_create_shows_an_empty_form(signed_in, project):
    response = signed_in.get(URL)
    assertContains(response, "<h1>Nowa usługa</h1>", html=True)
    assert response.context["entry"].problems() == []


def test_service_create_begins_with_the_entity_asked_for(signed_in, project, entity):
    response = signed_in.get(URL, {"entity": entity.code})
    assert response.context["entry"].recipients == [entity]


def test_service_create_suggests_people_of_the_recipients(signed_in, project, entity, person):
    person.representations.create(entity=entity)
    PersonFactory(first_name="Kamila", last_name="Zielińska", code="O0002")
    url = reverse("support:service_people", args=["sputnik-ii"])
    kubiak, zielinska = "Kamila Kubiak (O0001)", "Kamila Zielińska (O0002)"
    assert offered(signed_in, url, recipients=entity.code) == [kubiak]
    assert offered(signed_in, url, "kamila") == [kubiak, zielinska]
    PersonFactory(first_name="Kamila", last_name="Abacka", code="O0003")
    found = offered(signed_in, url, "kamila", recipients=entity.code)
    assert found == [kubiak, "Kamila Abacka (O0003)", zielinska]


def test_service_create_suggests_people_met_lately_before_strangers(
    signed_in, staff, project, person
):
    PersonFactory(first_name="Kamila", last_name="Abacka", code="O0002")
    AttendanceFactory(person=person, session__service__created_by=staff)
    url = reverse("support:service_people", args=["sputnik-ii"])
    assert offered(signed_in, url, "kamila")[0] == "Kamila Kubiak (O0001)"


def test_service_create_suggests_the_recipients_in_the_roster_then_others(signed_in, entity):
    other = EntityFactory(code="P019", name="Spółdzielnia Inna")
    url = reverse("support:service_entities", args=["sputnik-ii"])
    found = [label_of(entity), label_of(other)]
    assert offered(signed_in, url, recipients=entity.code) == found[:1]
    assert offered(signed_in, url, "spoldzielnia", recipients=entity.code) == found
    assert offered(signed_in, url, "spoldzielnia", recipients=other.code) == found[::-1]
    page = signed_in.get(url, {"q": "spoldzielnia", "recipients": entity.code}).content.decode()
    assert page.count("spoza odbiorców, dojdzie do nich przy zapisie") == 1


def test_service_create_suggests_nobody_to_the_auditor(client, auditor):
    client.force_login(auditor)
    for view in ("service_people", "service_entities"):
        url = reverse(f"support:{view}", args=["sputnik-ii"])
        assert client.get(url).status_code == 403


def test_service_create_saves_a_draft(signed_in, staff, payload, entity, person):
    response = signed_in.post(URL, payload())
    service = Service.objects.get()
    assertRedirects(response, service.get_absolute_url())
    assert (service.code, service.number, service.state) == ("N/2024/1", "", "draft")
    assert (service.created_by, service.activity.name) == (staff, "Szkolenia")
    assert [member.name for member in service.advisers.all()] == ["Paweł Żbikowski"]
    assert [session.minutes for session in service.sessions.all()] == [255, 255]
    assert list(Attendance.objects.values_list("day", "person", "entity", "state")) == [
        (date(2024, 5, 8), person.pk, entity.pk, "present")
    ]


def test_service_create_submits(signed_in, staff, payload):
    signed_in.post(URL, payload(act="submit"))
    service = Service.objects.get()
    assert (service.state, service.state_by) == ("submitted", staff)


def test_service_create_needs_only_kind_and_topic(signed_in, payload):
    kind = payload()["type"]
    form = {
        "type": kind,
        "topic": "Pomysł",
        "sessions-TOTAL_FORMS": 1,
        "sessions-INITIAL_FORMS": 0,
        "roster-TOTAL_FORMS": 1,
        "roster-INITIAL_FORMS": 0,
        "act": "draft",
    }
    signed_in.post(URL, form)
    assert Service.objects.get().topic == "Pomysł"


def test_service_create_tells_what_is_missing(signed_in, payload):
    response = signed_in.post(URL, payload(topic="", type=""))
    assert refused(response) == [
        "Rodzaj: Uzupełnij to pole.",
        "Temat: Uzupełnij to pole.",
    ]


def test_service_create_finds_the_activity_by_its_folded_name(signed_in, payload):
    activity = ActivityFactory(name="Szkolenia i Warsztaty")
    signed_in.post(URL, payload(activity_name="szkolenia  i warsztaty"))
    assert Service.objects.get().activity == activity


def test_service_create_takes_a_name_nobody_else_bears(signed_in, payload):
    signed_in.post(URL, payload(roster__0__person="kubiak kamila"))
    assert Attendance.objects.get().person.code == "O0001"


def test_service_create_takes_a_recipient_just_typed(signed_in, payload, entity):
    signed_in.post(URL, payload(recipients=None, recipient="spółdzielnia socjalna próba"))
    assert list(Service.objects.get().recipients.all()) == [entity]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"sessions__1__day": "02.01.2025"},
            "Termin 2: Termin jest poza okresem projektu 05.04.2022–31.12.2024.",
        ),
        (
            {"sessions__1__day": "04.04.2022"},
            "Termin 2: Termin jest poza okresem projektu 05.04.2022–31.12.2024.",
        ),
        (
            {"sessions__1__start": "13:30", "sessions__1__end": "09:00"},
            "Termin 2: Koniec o 09:00 dałby 19 h 30 min. Najdłuższy termin to 12 h.",
        ),
        (
            {"sessions__1__day": "26.03.2023", "sessions__1__start": "02:30"},
            "Termin 2: Dnia 26.03.2023 nie było godziny 02:30: przesunięto zegary.",
        ),
        ({"sessions__1__day": "8.05.2024"}, "Termin 2: Usługa ma już termin tego dnia."),
        (
            {"sessions__1__break_minutes": "270"},
            "Termin 2: Przerwa musi być krótsza niż termin i nie może być ujemna.",
        ),
        ({"sessions__1__day": "30.02.2024"}, "Termin 2: Nie ma takiego dnia: 30.02.2024."),
        ({"sessions__1__end": ""}, "Termin 2: Podaj koniec."),
        ({"sessions__1__day": ""}, "Termin 2: Podaj datę."),
        (
            {"recipient": "Nieznany"},
            "Dodaj podmiot: Nie ma w rejestrze podmiotu „Nieznany”. "
            "Wybierz z listy albo dodaj go w rejestrze.",
        ),
        ({"roster__0__s2": "yes"}, "Termin 3: Podaj datę: na ten termin są zaznaczone osoby."),
    ],
)
@pytest.mark.parametrize("act", ["draft", "submit"])
def test_service_create_refuses(signed_in, payload, changes, sentence, act):
    response = signed_in.post(URL, payload(**changes, act=act))
    assert refused(response) == [sentence]
    assertContains(response, "Media społecznościowe")
    assertContains(response, changes.get("roster__0__person", "Kamila Kubiak (O0001)"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"roster__0__entity": ""},
            "Wiersz 1: Wskaż podmiot, który ta osoba reprezentuje, albo usuń wiersz.",
        ),
        ({"roster__0__person": ""}, "Wiersz 1: Wskaż osobę albo usuń wiersz."),
        (
            {"roster__0__person": "O9999"},
            "Wiersz 1: Nie ma w rejestrze osoby „O9999”. "
            "Wybierz z listy albo dodaj ją w rejestrze.",
        ),
        (
            {"roster__0__s0": None},
            "Wiersz 1: Zaznacz choć jeden termin albo usuń wiersz.",
        ),
        (
            {
                "roster__1__person": "O0001",
                "roster__1__entity": "P021",
                "roster__1__s1": "yes",
            },
            "Wiersz 2: Ta osoba jest już wpisana z tym podmiotem.",
        ),
    ],
)
def test_service_create_submits_no_wrong_row_and_keeps_it_in_a_draft(
    signed_in, payload, changes, sentence
):
    response = signed_in.post(URL, payload(**changes, act="submit"))
    assert refused(response) == [sentence]
    response = signed_in.post(URL, payload(**changes), follow=True)
    entry = response.context["entry"]
    assert entry.service == Service.objects.get()
    assert [told for _, told in entry.problems()] == [sentence]


@pytest.mark.parametrize("text", ["Grupa Pod Dachem (P061)", "P061", "grupa pod dachem"])
def test_service_create_makes_a_recipient_of_an_entity_in_the_roster(signed_in, payload, text):
    EntityFactory(code="P061", name="Grupa Pod Dachem")
    form = payload(roster__0__entity=text)
    page = signed_in.post(URL, form | {"act": "add_people"})
    assertContains(page, "Z listy uczestników dojdą do nich przy zapisie: Grupa Pod Dachem.")
    page = signed_in.post(URL, form, follow=True)
    assertContains(page, "Dopisano do odbiorców z listy uczestników: Grupa Pod Dachem.")
    service = Service.objects.get()
    assert set(service.recipients.values_list("code", flat=True)) == {"P021", "P061"}
    assert Attendance.objects.get().entity.code == "P061"


def test_service_create_offers_all_the_entities_of_a_cell_and_adding_one(signed_in, payload):
    EntityFactory(code="P061", name="Grupa Pod Dachem")
    EntityFactory(code="P062", name="Wspólny Próg")
    cell = "Grupa Pod Dachem; wspolny prog"
    page = signed_in.post(URL, payload(roster__0__entity=cell, act="submit"))
    [picks] = [row.suggestions for row in page.context["entry"].roster.wrong]
    assert [text for _, _, text in picks] == ["Grupa Pod Dachem (P061)", "Wspólny Próg (P062)"]
    address = f"{reverse('entities:entity_create')}?name=Grupa%20Pod%20Dachem%3B%20wspolny%20prog"
    assertContains(page, f'<a href="{address}"', count=1)
    name = signed_in.get(address).context["form"]["name"]
    assert name.value() == cell


def test_service_create_takes_nothing_over_from_a_visit(signed_in, staff):
    for kind in ("szkolenie", "doradztwo prawne"):
        ServiceFactory(type=ServiceType.objects.get(name=kind), created_by=staff, place=kind)
    form = signed_in.get(URL).context["entry"].form
    assert (form["place"].value(), str(form.initial["type"])) == (
        "szkolenie",
        str(ServiceType.objects.get(name="szkolenie").pk),
    )


def test_service_create_asks_which_of_two_people_of_one_name(signed_in, payload):
    PersonFactory(code="O0002", first_name="Kamila", last_name="Kubiak")
    response = signed_in.post(URL, payload(roster__0__person="Kamila Kubiak", act="submit"))
    assert refused(response) == [
        "Wiersz 1: Więcej niż jeden wpis o tej nazwie. Wybierz z listy wpis z właściwym kodem."
    ]


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"adviser": ""}, ["Kadra: Wskaż osobę z kadry."]),
        (
            {"sessions__0__day": None, "sessions__1__day": None, "roster__0__person": None}
            | {"sessions__0__start": None, "sessions__0__end": None}
            | {"sessions__1__start": None, "sessions__1__end": None}
            | {"sessions__0__break_minutes": None, "sessions__1__break_minutes": None}
            | {"roster__0__entity": None, "roster__0__s0": None},
            ["Dodaj termin usługi.", "Dopisz osobę, która była obecna."],
        ),
        (
            {"recipients": None, "roster__0__person": None, "roster__0__entity": None}
            | {"roster__0__s0": None},
            ["Dodaj podmiot: Wskaż odbiorcę usługi.", "Dopisz osobę, która była obecna."],
        ),
        ({"roster__0__s0": "absent"}, ["Dopisz osobę, która była obecna."]),
        (
            {"roster__0__s0": "expected"},
            [
                "Zaznacz, kto był obecny: są jeszcze osoby tylko zapisane.",
                "Dopisz osobę, która była obecna.",
            ],
        ),
    ],
)
def test_service_create_submits_all_or_nothing(signed_in, payload, changes, sentences):
    response = signed_in.post(URL, payload(**changes, act="submit"))
    assert refused(response, "Usługi nie złożono. Popraw") == sentences


def test_service_create_asks_an_open_event_for_its_head_count_when_submitted(signed_in, payload):
    kind = ServiceType.objects.filter(is_open_event=True).first()
    sent = payload(type=kind.pk, act="submit")
    told = ["Liczba osób: Podaj, ile osób przyszło na wydarzenie otwarte."]
    assert refused(signed_in.post(URL, sent), "Usługi nie złożono. Popraw") == told
    signed_in.post(URL, sent | {"act": "draft"})
    assert Service.objects.get().head_count is None


def test_service_create_reads_a_mark_as_expected_while_the_session_is_ahead(
    signed_in, payload, time_machine
):
    time_machine.move_to("2024-05-08T11:00:00+02:00")
    signed_in.post(URL, payload(roster__0__s1="yes"))
    assert list(Attendance.objects.values_list("state", flat=True)) == ["expected", "expected"]
    response = signed_in.post(URL, payload(act="submit", topic="Drugie"))
    assertContains(response, "Złożyć można po zakończeniu ostatniego terminu.")
    assert not Service.objects.filter(topic="Drugie").exists()


def test_service_create_adds_and_takes_out_rows_without_a_script(signed_in, payload):
    response = signed_in.post(URL, payload(act="add_session"))
    assert len(response.context["entry"].sessions.shown) == 4
    assert response.context["entry"].problems() == []
    response = signed_in.post(URL, payload(act="drop_session:0"))
    days = [row["day"].value() for row in response.context["entry"].sessions.shown]
    assert days == ["9.5.2024", ""]
    response = signed_in.post(URL, payload(act="drop_recipient:P021"))
    assert response.context["entry"].recipients == []
    response = signed_in.post(URL, payload(act="drop_person:0"))
    assert [row["person"].value() for row in response.context["entry"].roster.shown] == [""]
    response = signed_in.post(URL, payload(act="states", roster__0__s0="excused"))
    assertContains(response, '<option value="excused" selected>usprawiedliwienie</option>')
    assert not Service.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_service_create_shows_its_effect_and_saves_nothing(signed_in, payload, headers):
    response = signed_in.post(URL, payload(act="rehearse"), headers=headers)
    changes = response.context["entry"].effects.changes
    assert [str(change) for change in changes] == ["PES: 0 → 1", "przedstawiciele: 0 → 1"]
    assertContains(response, "przedstawiciele 0 → <strong>1</strong>")
    assert not Service.objects.exists()
    signed_in.post(URL, payload())
    assert Service.objects.get().code == "N/2024/1"


def test_service_create_with_errors_says_them_instead_of_the_effect(signed_in, payload):
    form = payload(act="rehearse", roster__0__entity="")
    response = signed_in.post(URL, form, headers={"HX-Request": "true"})
    assertContains(response, "Wskaż podmiot, który ta osoba reprezentuje, albo usuń wiersz.")
    assert response.context["entry"].effects is None


def test_service_create_gives_codes_by_the_year_of_the_first_session(signed_in, payload):
    ServiceFactory(code="U/0001/2023")
    for _ in range(2):
        signed_in.post(URL, payload())
    signed_in.post(URL, payload(sessions__0__day="08.05.2023"))
    codes = Service.objects.filter(code__startswith="N/").order_by("pk")
    assert [service.code for service in codes] == ["N/2024/1", "N/2024/2", "N/2023/1"]


def test_service_create_is_for_those_who_work_there(client, auditor, administrator, payload):
    for user in (auditor, administrator):
        client.force_login(user)
        assert client.get(URL).status_code == 403
        assert client.post(URL, payload()).status_code == 403
    assert not Service.objects.exists()


def test_service_create_asks_the_database_the_same_number_of_times(signed_in, payload):
    def queries(people):
        rows = {"roster-TOTAL_FORMS": people}
        for place in range(people):
            rows |= {
                f"roster-{place}-person": PersonFactory().code,
                f"roster-{place}-entity": "P021",
                f"roster-{place}-s0": "yes",
            }
        form = payload(topic="") | rows
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.post(URL, form).status_code == 200
        return len(captured)

    queries(1)
    assert queries(30) == queries(3)


def test_service_create_keeps_a_draft_of_an_adviser_in_two_places_and_submits_none(
    signed_in, payload
):
    form = payload(act="submit")
    other = ServiceFactory(code="U/7")
    other.adviser_links.create(staff_member_id=form["adviser"])
    SessionFactory(service=other, day=date(2024, 5, 9))
    response = signed_in.post(URL, form)
    ((_, told),) = response.context["entry"].problems()
    assert told.startswith("Paweł Żbikowski prowadzi w tym czasie usługę U/7 (09.05.2024, ")
    assertContains(response, f'<a href="{other.get_absolute_url()}">Pokaż tę usługę</a>')
    assertContains(response, "Media społecznościowe")
    assert Service.objects.get() == other
    signed_in.post(URL, payload(act="draft"))
    assert Service.objects.exclude(pk=other.pk).get().state == "draft"


def test_a_session_outside_the_project_is_told_at_its_row_and_in_the_list_above(
    signed_in, payload
):
    page = signed_in.post(URL, payload(sessions__1__day="02.01.2025")).content.decode()
    assert page.count("poza okresem projektu") == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": "8.5.2024", "start": "10", "end": "12"}, "10:00–12:00; 2 h"),
        ({"day": "8.5.2024", "start": "10", "end": "1:30"}, "10:00–11:30; 1 h 30 min"),
        (
            {"day": "8.5.2024", "start": "9", "end": "12", "break_minutes": "15"},
            "09:00–12:00; 2 h 45 min",
        ),
        ({"start": "10", "end": "12"}, "10:00–12:00; 2 h"),
        ({"day": "1.4.2022", "start": "10", "end": "12"}, "10:00–12:00; 2 h"),
        ({"start": "10", "end": "11", "break_minutes": "90"}, ""),
        ({"start": "10"}, ""),
    ],
)
def test_a_session_says_its_hours_back(signed_in, typed, words):
    url = reverse("support:service_session", args=["sputnik-ii"])
    assert signed_in.get(url, typed).json()["time"].replace("\u00a0", " ") == words
