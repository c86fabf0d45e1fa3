"""The short form of a visit: what it takes, offers, says and saves."""

import re
from datetime import date, time

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from entities.models import Person, Representation
from owes.formatting import period
from support.models import Attendance, Service, ServiceType, Theme
from support.models.session import local_moment
from support.services.visits import read_term
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    EntityFactory,
    PersonFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)

URL = reverse("support:visit_create", args=["sputnik-ii"])
# Fields a draft may lack.
NOTHING = {"recipient": "", "day": "", "hours": "", "adviser": None, "people": None, "mode": None}


@pytest.fixture
def entity(db):
    return EntityFactory(code="P021", name="Koło „Próba”")


@pytest.fixture
def person(entity):
    person = PersonFactory(code="O0001", first_name="Kamila", last_name="Kubiak")
    Representation.objects.create(person=person, entity=entity, role="skarbniczka")
    return person


@pytest.fixture
def adviser(staff):
    return StaffMemberFactory(name="Ewa Piórkowska", user=staff)


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def payload(project, entity, person, adviser):
    """A good form; `payload(**changes)` differs from it, None takes a field out."""

    def make(**changes):
        form = {
            "adviser": adviser.pk,
            "day": "8.5.2024",
            "hours": "9–11",
            "recipient": "Koło „Próba” (P021)",
            "type": ServiceType.objects.get(name="doradztwo ogólne").pk,
            "topic": "Statut",
            "people": ["O0001"],
            "others": [""],
            "mode": "on_site",
            "act": "draft",
        } | changes
        return {name: value for name, value in form.items() if value is not None}

    return make


def problems(page):
    assert page.status_code == 200
    assert not Service.objects.filter(topic="Statut").exists()
    return [sentence for _, sentence in page.context["entry"].problems()]


def held(adviser, day, start, end):
    service = ServiceFactory()
    service.adviser_links.create(staff_member=adviser)
    return SessionFactory(
        service=service,
        day=day,
        starts_at=local_moment(day, start),
        ends_at=local_moment(day, end),
    )


def test_a_visit_opens_for_the_one_signed_in(signed_in, adviser, project):
    page = signed_in.get(URL)
    form = page.context["entry"].form
    assert [form[name].value() for name in ("adviser", "type", "day", "mode")] == [
        adviser.pk,
        None,
        "",
        "",
    ]
    assertContains(page, "<h1>Nowa wizyta</h1>", html=True)
    assert page.context["entry"].problems() == []


def test_a_visit_is_saved_as_a_service_of_one_session(signed_in, staff, payload, entity, person):
    answer = signed_in.post(URL, payload(outcome="Zmiana statutu", next_steps="Zebranie"))
    service = Service.objects.get()
    assertRedirects(answer, service.get_absolute_url())
    assert (service.code, service.state, service.created_by) == ("N/2024/1", "draft", staff)
    assert (service.outcome, service.next_steps) == ("Zmiana statutu", "Zebranie")
    assert [member.name for member in service.advisers.all()] == ["Ewa Piórkowska"]
    assert [str(session) for session in service.sessions.all()] == ["08.05.2024 09:00–11:00"]
    assert list(Attendance.objects.values_list("day", "person", "entity", "state")) == [
        (date(2024, 5, 8), person.pk, entity.pk, "present")
    ]


def test_a_visit_is_submitted_at_once(signed_in, payload):
    signed_in.post(URL, payload(act="submit"))
    assert Service.objects.get().state == "submitted"


def test_a_visit_needs_only_kind_and_topic_as_a_draft(signed_in, payload):
    empty = dict.fromkeys(["adviser", "people", "mode"]) | {
        "recipient": "",
        "day": "",
        "hours": "",
    }
    signed_in.post(URL, payload(**empty))
    assert Service.objects.get().topic == "Statut"


def test_a_visit_ahead_has_people_expected(signed_in, payload, time_machine):
    time_machine.move_to("2024-05-07T11:00:00+02:00")
    signed_in.post(URL, payload())
    assert Attendance.objects.get().state == "expected"


@pytest.mark.parametrize(
    ("hours", "term"),
    [
        ("9-10:30", "08.05.2024 09:00–10:30"),
        ("2 h", "08.05.2024 09:00–11:00"),
        ("90 min", "08.05.2024 09:00–10:30"),
    ],
)
def test_hours_are_taken_from_to_or_as_a_length(signed_in, payload, hours, term):
    signed_in.post(URL, payload(hours=hours))
    assert str(Service.objects.get().sessions.get()) == term


def test_of_a_length_the_first_free_hour_is_taken_and_said(signed_in, payload, adviser):
    day = date(2024, 5, 8)
    held(adviser, day, time(8), time(9, 30))
    held(adviser, day, time(10), time(11))
    held(adviser, day, time(12, 30), time(13))
    held(StaffMemberFactory(), day, time(11), time(12))
    page = signed_in.post(URL, payload(hours="90 min", act="term"), headers={"HX-Request": "true"})
    assertContains(page, "środa, 8 maja 2024; 11:00–12:30, 1\N{NO-BREAK SPACE}h")
    assertContains(page, "godzina początku przyjęta, wpisz na przykład 9–11")
    assertNotContains(page, "<html")
    signed_in.post(URL, payload(hours="90 min"))
    session = Service.objects.get(topic="Statut").sessions.get()
    assert str(session) == "08.05.2024 11:00–12:30"


def test_an_hour_told_is_the_hour_saved_or_it_is_said(signed_in, payload, adviser):
    alone = payload(hours="1:30", act="term")
    page = signed_in.post(URL, alone, headers={"HX-Request": "true"})
    told = page.context["entry"].term.field_value
    assertContains(page, f'<input type="hidden" name="told" value="{told}">')
    assertContains(page, "09:00–10:30, 1\u00a0h\u00a030\u00a0min")
    taken = held(adviser, date(2024, 5, 8), time(9), time(10, 30))
    page = signed_in.post(URL, payload(hours="1:30", told=told))
    assert problems(page) == [
        "Godziny albo długość: Godzina 09:00 jest już zajęta inną usługą. Wolne: 10:30–12:00. "
        "Zapisz jeszcze raz albo wpisz godziny."
    ]
    told = page.context["entry"].term.field_value
    taken.delete()
    signed_in.post(URL, payload(hours="1:30", told=told))
    assert Service.objects.get(topic="Statut").sessions.get().start == time(10, 30)


@pytest.mark.parametrize("told", ["2024-05-08_60_12:00", "2024-05-07_90_12:00", "_", "x_y_25:00"])
def test_an_hour_told_of_other_texts_says_nothing(signed_in, payload, told):
    signed_in.post(URL, payload(hours="1:30", told=told))
    assert Service.objects.get(topic="Statut").sessions.get().start == time(9)


def test_a_day_without_a_free_hour_asks_for_the_hours(signed_in, payload, adviser):
    held(adviser, date(2024, 5, 8), time(9), time(22))
    sentence = "Tego dnia nie ma już wolnej godziny. Wpisz godziny, na przykład 9–11."
    assert problems(signed_in.post(URL, payload(hours="3 h"))) == [
        f"Godziny albo długość: {sentence}"
    ]


def test_yesterday_is_understood(signed_in, payload, time_machine):
    time_machine.move_to("2024-05-09T08:00:00+02:00")
    signed_in.post(URL, payload(day="wczoraj", hours="2h"))
    assert Service.objects.get().sessions.get().day == date(2024, 5, 8)


def test_a_day_outside_the_project_is_told_at_once(signed_in, payload, project):
    told = f"poza okresem projektu {period(project.period)}"
    ask = {"act": "term", "hours": ""}
    for day, is_outside in (("1.4.2022", True), ("8.5.2024", False), ("", False)):
        page = signed_in.post(URL, payload(day=day, **ask), headers={"HX-Request": "true"})
        assert (told in page.content.decode()) is is_outside


def test_a_day_outside_the_project_is_told_at_the_day_and_in_the_list_above(signed_in, payload):
    page = signed_in.post(URL, payload(day="1.4.2022")).content.decode()
    assert page.count("poza okresem projektu") == 2
    assert page.count('<div id="id_day_error" class="invalid-feedback">') == 1


def test_today_is_offered_while_the_project_goes_on(signed_in, project):
    help_text = "Na przykład 5.4.2022, dziś albo wczoraj."
    for ends_on, offers in ((timezone.localdate(), True), (date(2024, 12, 31), False)):
        project.ends_on = ends_on
        project.save()
        assert (help_text in signed_in.get(URL).content.decode()) is offers


def test_a_free_day_is_told(signed_in, payload):
    page = signed_in.post(URL, payload(day="30.5.2024", act="term"))
    assertContains(page, "czwartek, 30 maja 2024; 09:00–11:00, 2\N{NO-BREAK SPACE}h")
    assertContains(page, "święto: Dzień Bożego Ciała")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"topic": ""}, ["Temat: Uzupełnij to pole."]),
        ({"day": ""}, ["Dzień: Podaj dzień."]),
        (
            {"hours": ""},
            ["Godziny albo długość: Podaj godziny albo długość, na przykład 9–11 albo 2 h."],
        ),
        (
            {"day": "4.4.2022"},
            ["Dzień: Termin jest poza okresem projektu 05.04.2022–31.12.2024."],
        ),
        (
            {"day": "26.3.2023", "hours": "2:30–4:00"},
            ["Godziny albo długość: Dnia 26.03.2023 nie było godziny 02:30: przesunięto zegary."],
        ),
        (
            {"recipient": "Nieznany"},
            [
                "Podmiot: Nie ma w rejestrze podmiotu „Nieznany”. "
                "Wybierz z listy albo dodaj go w rejestrze."
            ],
        ),
        ({"recipient": ""}, ["Podmiot: Wskaż podmiot, który te osoby reprezentują."]),
        ({"recipient": "", "people": None}, None),
        (
            {"others": ["Kamila Kubiak"]},
            ["Osoba: Ta osoba jest już wpisana z tym podmiotem."],
        ),
    ],
)
def test_what_is_wrong_stands_at_the_field_and_nothing_is_lost(signed_in, payload, changes, found):
    page = signed_in.post(URL, payload(**changes, act="submit"))
    if found is None:
        found = ["Podmiot: Wskaż odbiorcę usługi.", "Dopisz osobę, która była obecna."]
    assert problems(page) == found
    for name in ("day", "hours", "recipient", "topic"):
        assert page.context["entry"].form[name].value() == payload(**changes)[name]


def test_submitting_tells_what_a_draft_may_lack_at_its_field(signed_in, payload):
    empty = dict.fromkeys(["adviser", "people", "mode"]) | {
        "recipient": "",
        "day": "",
        "hours": "",
    }
    page = signed_in.post(URL, payload(**empty, act="submit"))
    assert problems(page) == [
        "Kadra: Wskaż osobę z kadry.",
        "Tryb: Podaj tryb albo miejsce.",
        "Dzień: Dodaj termin usługi.",
        "Podmiot: Wskaż odbiorcę usługi.",
        "Dopisz osobę, która była obecna.",
    ]


# Whom it offers


def offered(page):
    return [(row.person.code, row.is_marked) for row in page.context["entry"].companion_choices]


def test_people_of_the_entity_are_offered_the_latest_met_first(signed_in, payload, entity, person):
    met = PersonFactory(code="O0002", last_name="Żak")
    Representation.objects.create(person=met, entity=entity)
    gone = PersonFactory(code="O0003")
    Representation.objects.create(person=gone, entity=entity, until=date(2024, 5, 7))
    service = ServiceFactory(code="U/0004/2024")
    AttendanceFactory(
        session=SessionFactory(service=service, day=date(2024, 3, 12)), person=met, entity=entity
    )
    form = payload(people=None, act="people")
    page = signed_in.post(URL, form, headers={"HX-Request": "true"})
    assert offered(page) == [("O0002", False), ("O0001", False)]
    assertContains(page, "ostatnio 12.03.2024 na usłudze U/0004/2024")
    assertContains(page, "skarbniczka")
    assertNotContains(page, "<html")
    # The same without a script: the whole page, nothing saved.
    assertContains(signed_in.post(URL, form), 'value="O0002"')
    assert not Service.objects.filter(topic="Statut").exists()


def test_another_entity_unmarks_those_it_does_not_know_and_says_whom(signed_in, payload):
    EntityFactory(code="P022", name="Inne")
    page = signed_in.post(URL, payload(recipient="P022", act="people"))
    assert offered(page) == []
    assertContains(page, "Odznaczono: Kamila Kubiak.")


def test_people_shown_already_are_not_drawn_again(signed_in, payload):
    asked = payload(act="people", recipients="P021")
    answer = signed_in.post(URL, asked, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_link_names_the_entity_the_person_and_the_day(signed_in, entity, person):
    page = signed_in.get(URL, {"entity": "P021", "person": "O0001", "day": "2024-05-08"})
    form = page.context["entry"].form
    assert form["recipient"].value() == "Koło „Próba” (P021)"
    assert form["day"].value() == "2024-05-08"
    assert offered(page) == [("O0001", True)]


def test_the_entities_of_the_person_asked_for_are_offered(signed_in, payload, entity, person):
    page = signed_in.get(URL, {"person": "O0001"})
    assertContains(page, 'value="entity:Koło „Próba” (P021)"')
    page = signed_in.post(
        URL, payload(recipient="", act="entity:Koło „Próba” (P021)", people=["O0001"])
    )
    assert offered(page) == [("O0001", True)]


def test_somebody_else_is_added_by_name(signed_in, payload):
    PersonFactory(code="O0009", first_name="Jan", last_name="Bór", sex="M")
    signed_in.post(URL, payload(others=["Jan Bór", ""]))
    codes = Attendance.objects.values_list("person__code", flat=True)
    assert sorted(codes) == ["O0001", "O0009"]


def test_somebody_new_is_asked_about_and_saved_with_the_visit(signed_in, payload, entity):
    page = signed_in.post(URL, payload(others=["Jan Bór", ""], act="add_person"))
    new = "Jan Bór (nowa osoba, M)"
    assertContains(page, f'value="person:0:{new}">nowa osoba: mężczyzna</button>')
    page = signed_in.post(URL, payload(others=["Jan Bór", ""], act=f"person:0:{new}"))
    assert [other.text for other in page.context["entry"].others] == [new, ""]
    signed_in.post(URL, payload(others=[new, ""]))
    person = Person.objects.get(last_name="Bór")
    assert Representation.objects.get(person=person).entity == entity
    assert Attendance.objects.filter(person=person, state="present").exists()


def test_a_likely_twin_is_asked_about(signed_in, payload):
    PersonFactory(code="O7", first_name="Jan", last_name="Bor", sex="M")
    page = signed_in.post(URL, payload(others=["Jan Bór (nowa osoba, M)"], act="submit"))
    assertContains(page, 'value="person:0:Jan Bor (O7)">to Jan Bor (O7)</button>')
    assertContains(page, "Podobna osoba jest już w rejestrze")


def test_one_of_another_entity_whom_a_new_name_is_near_is_asked_about_once(signed_in, payload):
    known = PersonFactory(code="O7", first_name="Danuta", last_name="Chojnacka")
    Representation.objects.create(person=known, entity=EntityFactory(name="KALINKA"))
    page = signed_in.post(URL, payload(others=["Dnauta Chojnacka", ""], act="add_person"))
    picks = page.context["entry"].others[0].suggestions
    assert [words for words, _ in picks] == [
        "to Danuta Chojnacka (O7), KALINKA",
        "nowa osoba: kobieta",
        "nowa osoba: mężczyzna",
    ]
    signed_in.post(URL, payload(others=[picks[1][1], ""]))
    assert Service.objects.filter(topic="Statut").count() == 1


def test_a_draft_keeps_who_is_right_and_the_wrong_name_waits(signed_in, payload):
    answer = signed_in.post(URL, payload(others=["Nieznana Osoba1"]))
    service = Service.objects.get()
    url = reverse("support:visit_edit", args=["sputnik-ii", service.pk])
    assert answer.url.partition("?")[0] == url
    page = signed_in.get(answer.url)
    assert offered(page) == [("O0001", True)]
    assert [other.text for other in page.context["entry"].others] == ["Nieznana Osoba1", ""]
    assertContains(page, "Nie ma w rejestrze osoby „Nieznana Osoba1”.")


# What it begins with


def test_what_the_last_visit_gives_is_said_and_cleared_at_one_click(signed_in, staff, payload):
    last = ServiceFactory(
        created_by=staff, place="Gąbin", mode="online", activity=ActivityFactory(name="Doradztwo")
    )
    training = ServiceType.objects.get(name="szkolenie")
    ServiceFactory(created_by=staff, place="Sala", type=training)
    page = signed_in.get(URL)
    assertContains(page, ": rodzaj doradztwo ogólne, tryb online.")
    typed = payload(carried=last.pk, mode="online", place="Gąbin")
    page = signed_in.post(URL, typed | {"act": "clear_carried"})
    form = page.context["entry"].form
    names = ("type", "mode", "place", "topic")
    assert [form[name].value() for name in names] == ["", "", "Gąbin", "Statut"]
    assertNotContains(page, "Przeniesiono")
    assert re.findall(r'name="([^"]+)"[^>]* autofocus', page.content.decode()) == ["type"]


def folded(page):
    """The values of the fields behind "Więcej", and whether they are shown at once."""
    document = html.fromstring(page.content.decode())
    [part] = document.xpath("//details[.//*[@name='activity_name']]")
    fields = part.xpath(".//input[not(@type='checkbox')]|.//textarea")
    texts = [field.get("value") or field.text or "" for field in fields]
    chosen = part.xpath(".//input[@checked]/@value | .//option[@selected]/@value")
    return [text for text in map(str.strip, [*texts, *chosen]) if text], "open" in part.attrib


def test_nothing_is_carried_over_to_where_it_is_folded(signed_in, staff):
    last = ServiceFactory(
        created_by=staff, place="Gąbin", mode="phone", activity=ActivityFactory(name="Doradztwo")
    )
    last.theme_links.create(theme=Theme.objects.first())
    page = signed_in.get(URL)
    assert folded(page) == ([], False)
    assert page.context["entry"].form["mode"].value() == "phone"


def test_what_is_folded_is_shown_where_it_holds_something(signed_in, payload):
    source = ServiceFactory(topic="Statut", place="Płock")
    SessionFactory(service=source, day=date(2023, 3, 9))
    assert folded(signed_in.get(f"{URL}?copy={source.pk}")) == (["Płock"], True)
    page = signed_in.post(URL, payload(place="Gąbin", topic=""))
    assert folded(page) == (["Gąbin"], True)


def test_a_copy_keeps_the_hours_and_people_and_asks_for_the_day(signed_in, entity, person):
    source = ServiceFactory(topic="Statut", place="Płock")
    session = SessionFactory(service=source, day=date(2023, 3, 9))
    AttendanceFactory(session=session, person=person, entity=entity)
    ill = PersonFactory(code="O0002", last_name="Nieobecna")
    AttendanceFactory(session=session, person=ill, entity=entity, state="excused")
    page = signed_in.get(URL, {"copy": source.pk})
    assert offered(page) == [("O0001", True)]
    form = page.context["entry"].form
    names = ("day", "hours", "topic", "place", "recipient")
    assert [form[name].value() for name in names] == [
        "",
        "09:00–11:00",
        "Statut",
        "Płock",
        "Koło „Próba” (P021)",
    ]


def test_a_copy_of_more_than_a_visit_opens_in_the_long_form(signed_in):
    source = ServiceFactory()
    SessionFactory.create_batch(2, service=source)
    answer = signed_in.get(URL, {"copy": source.pk})
    assert (
        answer.url == f"{reverse('support:service_create', args=['sputnik-ii'])}?copy={source.pk}"
    )


# What it shows before saving


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_visit_shows_its_effect_and_saves_nothing(signed_in, payload, headers):
    page = signed_in.post(URL, payload(act="rehearse"), headers=headers)
    changes = [str(change) for change in page.context["entry"].effects.changes]
    assert changes == ["PES: 0 → 1", "przedstawiciele: 0 → 1"]
    assert not Service.objects.exists()


def test_a_visit_is_for_those_who_work_there(client, auditor, administrator):
    for user in (auditor, administrator):
        client.force_login(user)
        assert client.get(URL).status_code == 403
        assert client.post(URL).status_code == 403


def test_queries_do_not_grow_with_the_people_of_the_entity(signed_in, query_count, entity):
    def one():
        row = AttendanceFactory(entity=entity)
        Representation.objects.create(person=row.person, entity=entity)

    one()
    before = query_count(URL, entity="P021")
    for _ in range(9):
        one()
    assert query_count(URL, entity="P021") == before


def test_a_day_off_is_said_once():
    terms = [read_term(day, "9-11") for day in ("13.11.2022", "11.11.2022")]
    said = [term.words.replace("\u00a0", " ") for term in terms]
    assert said == [
        "niedziela, 13 listopada 2022; 09:00–11:00, 2 h",
        "piątek, 11 listopada 2022; 09:00–11:00, 2 h; święto: Narodowe Święto Niepodległości",
    ]
