"""Rows pasted from a spreadsheet: matched, new, twins, errors; saved, saved again, taken back."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from entities.models import NotDuplicate, Person, Representation
from owes.lookups import label_of
from support.models import Attendance, PasteBatch
from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    PersonFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)
from tests.owes.form_page import opened


@pytest.fixture
def service(staff):
    service = ServiceFactory(created_by=staff)
    service.adviser_links.create(staff_member=StaffMemberFactory())
    service.recipient_links.create(entity=EntityFactory(code="P021", name="KGW „Zagon”"))
    for day in (date(2023, 3, 9), date(2023, 3, 10)):
        SessionFactory(service=service, day=day)
    return service


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


def url(service, name="service_paste", *more):
    return reverse(f"support:{name}", args=["sputnik-ii", service.pk, *more])


def pasted(client, service, rows, act="save", **answers):
    form = {
        "rows": rows,
        "sessions": [session.pk for session in service.sessions.all()],
        "adds_recipients": "on",
        "act": act,
    }
    return client.post(url(service), form | answers | opened(client, url(service)))


def statuses(page):
    return [line.status[2] for line in page.context["pasted"].rows]


def errors(page):
    return [line.errors for line in page.context["pasted"].rows]


FIRST_NAMES = ["Ewa", "Zofia", "Krystyna", "Barbara", "Lidia"]
LAST_NAMES = ["Bór", "Mak", "Żurawska", "Dębicka", "Sowa", "Pająk", "Wrzos", "Kalinowska"]
FORTY = "\n".join(f"{first} {last}\tKGW Zagon\tK" for first in FIRST_NAMES for last in LAST_NAMES)


def test_forty_new_rows_are_saved_and_the_same_again_add_nothing(signed_in, service):
    answer = pasted(signed_in, service, FORTY)
    assert (answer.status_code, answer.url) == (302, service.get_absolute_url())
    assert (Person.objects.count(), Attendance.objects.count()) == (40, 80)
    assert Representation.objects.count() == 40
    before = [Person.history.count(), Attendance.history.count(), PasteBatch.objects.count()]
    again = pasted(signed_in, service, FORTY)
    assert again.status_code == 302
    assert [
        Person.history.count(),
        Attendance.history.count(),
        PasteBatch.objects.count(),
    ] == before


def test_one_bad_row_of_forty_keeps_the_others_and_says_what_is_wrong(signed_in, service):
    rows = FORTY.replace("Krystyna Dębicka\tKGW Zagon\tK", "Krystyna Dębicka\tKGW Zagon\tX")
    answer = pasted(signed_in, service, rows)
    assert (answer.status_code, answer.url) == (302, url(service))
    assert (Person.objects.count(), Attendance.objects.count()) == (39, 78)
    page = signed_in.get(url(service))
    assert page.context["form"]["rows"].value() == "Krystyna Dębicka\tKGW Zagon\tX"
    checked = pasted(signed_in, service, page.context["form"]["rows"].value(), act="check")
    assert errors(checked) == [["Płeć to K albo M."]]
    mended = pasted(signed_in, service, "Krystyna Dębicka\tKGW Zagon\tK")
    assert (mended.url, Person.objects.count()) == (service.get_absolute_url(), 40)


def test_new_person_is_refused_what_the_register_refuses(signed_in, service):
    page = pasted(signed_in, service, "Anna Nowa\t\tK\t\tanna(at)example.pl")
    assert errors(page) == [["E-mail: Wprowadź poprawny adres email."]]
    assert not Person.objects.exists()


def test_submitting_waits_for_rows_to_be_mended_or_given_up(signed_in, service):
    pasted(signed_in, service, "Anna Dobra\t\tK\nZła")
    told = [str(error.message) for error in service.obstacles()]
    assert told == ["Popraw albo porzuć wklejone wiersze, które czekają na poprawę."]
    signed_in.post(url(service, "service_paste_drop"))
    assert service.obstacles() == []


@pytest.mark.parametrize("name", ["Anna Łącka", "łącka anna", "ANNA  ŁĄCKA", "Kto Inny (O5)"])
def test_a_person_of_the_register_is_matched_however_written(signed_in, service, name):
    person = PersonFactory(first_name="Anna", last_name="Łącka", code="O5")
    page = pasted(signed_in, service, f"{name}\tP021", act="check")
    assert statuses(page) == ["dopasowana"]
    assert page.context["pasted"].rows[0].person == person
    assert not Attendance.objects.exists()


def test_two_of_one_name_are_told_apart_by_the_entity(signed_in, service):
    first, second = PersonFactory.create_batch(2, first_name="Anna", last_name="Łącka")
    Representation.objects.create(person=second, entity=service.recipients.get())
    page = pasted(signed_in, service, "Anna Łącka", act="check")
    assert page.context["pasted"].rows[0].person == second
    other = EntityFactory(name="Inny")
    page = pasted(signed_in, service, f"Anna Łącka\t{other.code}", act="check")
    assert statuses(page) == ["prawdopodobny bliźniak"]
    assert page.context["pasted"].rows[0].twins == [first, second]


def test_a_common_name_with_another_entity_is_asked_about_once(signed_in, service):
    """A known person with an entity of their own is not asked about, one of another entity is."""
    kalinka = EntityFactory(code="P022", name="KALINKA")
    anna = PersonFactory(first_name="Anna", last_name="Chojnacka", code="O11")
    Representation.objects.create(person=anna, entity=kalinka)
    rows = "Anna Chojnacka\tP022\nAnna Chojnacka\tP021\tK\nAnna Chojnacka (O11)\tP021"
    page = pasted(signed_in, service, rows, act="check")
    lines = page.context["pasted"].rows
    assert [line.person for line in lines] == [anna, None, anna]
    [doubt] = page.context["pasted"].questions.values()
    assert [words for _, words in doubt.choices] == [
        "to Anna Chojnacka (O11), KALINKA",
        "to inna, nowa osoba",
    ]
    row = "Anna Chojnacka\tP021\tK"
    pasted(signed_in, service, row, **{doubt.name: doubt.choices[0][0]})
    assert set(Attendance.objects.values_list("person", "entity__code")) == {(anna.pk, "P021")}
    # She came for it by now: the same row is clear.
    assert pasted(signed_in, service, row, act="check").context["pasted"].questions == {}


@pytest.mark.parametrize("sex", ["\tK", ""])
@pytest.mark.parametrize("name", ["Dnauta Chojnacka", "Chojncka Danuta", "Danuta Chojancka"])
def test_a_misspelt_name_of_another_entity_is_asked_about_once(signed_in, service, name, sex):
    danuta = PersonFactory(first_name="Danuta", last_name="Chojnacka", code="O213", sex="K")
    Representation.objects.create(person=danuta, entity=EntityFactory(name="KALINKA"))
    row = f"{name}\tP021{sex}"
    [doubt] = pasted(signed_in, service, row, act="check").context["pasted"].questions.values()
    assert doubt.choices[0] == ("Danuta Chojnacka (O213)", "to Danuta Chojnacka (O213), KALINKA")
    answer = pasted(signed_in, service, row, **{doubt.name: doubt.choices[1][0]})
    assert answer.url == service.get_absolute_url()
    assert (Person.objects.count(), NotDuplicate.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    ("row", "shared"),
    [
        ("Anna Lacka\t\tK", "imię i nazwisko"),
        ("Ewa Łącka\t\tK\t+48 601 602 603", "nazwisko, telefon"),
        ("Anna Nowa\t\tK\t\tANNA@example.pl", "imię, e-mail"),
    ],
)
def test_a_likely_twin_waits_for_an_answer(signed_in, service, row, shared):
    twin = PersonFactory(
        first_name="Anna", last_name="Łącka", phone="601602603", email="anna@example.pl"
    )
    page = pasted(signed_in, service, row, act="check")
    line = page.context["pasted"].rows[0]
    assert (statuses(page), line.shared) == (["prawdopodobny bliźniak"], shared)
    assert pasted(signed_in, service, row).status_code == 200
    pasted(signed_in, service, row, **{line.questions[0].name: twin.code})
    assert set(Attendance.objects.values_list("person", flat=True)) == {twin.pk}


def test_a_twin_may_be_somebody_else(signed_in, service):
    twin = PersonFactory(first_name="Anna", last_name="Łącka")
    page = pasted(signed_in, service, "Anna Lacka\t\tK", act="check")
    [doubt] = page.context["pasted"].rows[0].questions
    assert [words for _, words in doubt.choices] == [f"to {label_of(twin)}", "to inna, nowa osoba"]
    pasted(signed_in, service, "Anna Lacka\t\tK", **{doubt.name: doubt.choices[1][0]})
    person = Attendance.objects.get(day=date(2023, 3, 9)).person
    assert person.last_name == "Lacka"
    pair = NotDuplicate.objects.get()
    assert (pair.first_key, pair.second_key) == (twin.pk, person.pk)


@pytest.mark.parametrize(
    ("name", "is_asked"),
    [
        ("Paulina Fijałkowska (Gość)", False),
        ("Paulina Fijałkowska (Niezweryfikowana)", False),
        ("mgr inż. Paulina Fijałkowska", False),
        ("Pani Fijałkowska Paulina, dr hab.", False),
        ("FIJAŁKOWSKA Paulina (OSP Jaworzynek)", False),
        ("Paulina Fijałkowska (d. Wąsik)", False),
        ("Paulina Fijałkowska (O0009)", True),  # a code of nobody
        ("Paulina Fijalkowska (Gość)", True),
        ("dr Paulina Fjałkowska (Gość)", True),
        ("Paulina Wąsik (d. Fijałkowska)", True),
    ],
)
def test_titles_and_brackets_make_no_second_person(signed_in, service, name, is_asked):
    person = PersonFactory(first_name="Paulina", last_name="Fijałkowska", code="O0001")
    page = pasted(signed_in, service, f"{name}\tP021\tK", act="check")
    [line] = page.context["pasted"].rows
    assert (line.person, bool(line.questions), line.waits) == (
        (None, True, True) if is_asked else (person, False, False)
    )
    pasted(signed_in, service, f"{name}\tP021\tK")
    assert list(Person.objects.all()) == [person]


def test_a_header_of_last_names_first_is_followed(signed_in, service):
    kosma = PersonFactory(first_name="Kosma", last_name="Zawada")
    rows = (
        "Nazwisko i imię\tPodmiot\nZAWADA Kosma\tP021\n"
        "ŻÓRAWSKA Bogumił\tP021\nNIEZNANA Wilhelmina\tP021"
    )
    page = pasted(signed_in, service, rows, act="check", by_first_name="on")
    lines = page.context["pasted"].rows
    assert [line.person for line in lines] == [kosma, None, None]
    assert [(line.first_name, line.last_name, line.sex) for line in lines[1:]] == [
        ("Bogumił", "Żórawska", "M"),
        ("Wilhelmina", "Nieznana", "K"),
    ]


def test_titles_above_a_header_are_no_rows(signed_in, service):
    rows = "Lista obecności\n9.03.2023\n\nPodmiot\tUczestnik\tPłeć\nP021\tEwa Nowa\tK"
    page = pasted(signed_in, service, rows, act="check")
    [line] = page.context["pasted"].rows
    assert (line.first_name, line.last_name, line.errors) == ("Ewa", "Nowa", [])


def test_a_cell_of_two_lines_is_one(signed_in, service):
    first = PersonFactory(first_name="Paulina", last_name="Fijałkowska")
    second = PersonFactory(first_name="Helena", last_name="Wąsik")
    rows = (
        'Imię i nazwisko\tPodmiot\tPłeć\n"Paulina\nFijałkowska"\t"KGW\nZagon"\tK\n'
        "Helena Wąsik\tKGW Zagon\tK"
    )
    lines = pasted(signed_in, service, rows, act="check").context["pasted"].rows
    assert [(line.number, line.person) for line in lines] == [(2, first), (5, second)]
    assert [line.is_right for line in lines] == [True, True]


def test_each_doubt_is_asked_once_and_answered_in_place(signed_in, service):
    """Two misspelt names, an entity nobody knows in three rows, one sex: four answers."""
    anna = PersonFactory(first_name="Anna", last_name="Wrzosek")
    Representation.objects.create(person=anna, entity=service.recipients.get())
    known = EntityFactory(code="P900", name="Stowarzyszenie Przyjaciół Zagody")
    rows = (
        "Ana Wrzosek\tP021\tK\nEwa Nowa\tStow. Przyjaciol Zagody\tK\n"
        "Jan Nowy\tStow. Przyjaciol Zagody\tM\nZofia Bór\tP021\n"
        "ana wrzosek\tStow. Przyjaciol Zagody\tK"
    )
    page = pasted(signed_in, service, rows, act="check")
    doubts = list(page.context["pasted"].questions.values())
    assert [(doubt.kind, doubt.row) for doubt in doubts] == [
        ("entity", 2),
        ("person", 1),
        ("person", 4),
    ]
    assert doubts[0].choices[0][0] == label_of(known)
    assert doubts[1].choices[0][0] == label_of(anna)
    assert [words for _, words in doubts[2].choices] == [
        "nowa osoba: kobieta",
        "nowa osoba: mężczyzna",
    ]
    answers = {doubt.name: doubt.choices[0][0] for doubt in doubts}
    answer = pasted(signed_in, service, rows, **answers)
    assert answer.url == service.get_absolute_url()
    assert (Person.objects.count(), Attendance.objects.count()) == (4, 10)
    assert Person.objects.get(last_name="Bór").sex == "K"


def test_all_the_entities_of_a_cell_are_offered(signed_in, service):
    """A cell of the list of people lists whom the person represents."""
    group = EntityFactory(code="P061", name="Grupa Pod Dachem")
    other = EntityFactory(code="P062", name="Wspólny Próg")
    row = "Ewa Bór\tGrupa Pod Dachem; Wspolny Prug\tK"
    page = pasted(signed_in, service, row, act="check")
    [doubt] = page.context["pasted"].questions.values()
    assert [answer for answer, _ in doubt.choices] == [label_of(group), label_of(other)]
    assertContains(page, f'<a href="{reverse("entities:entity_create")}"', count=1)
    pasted(signed_in, service, row, **{doubt.name: doubt.choices[1][0]})
    assert set(Attendance.objects.values_list("entity", flat=True)) == {other.pk}


def test_rows_that_wait_open_as_lines_to_be_mended(signed_in, service):
    anna = PersonFactory(first_name="Anna", last_name="Wrzosek", code="O5")
    pasted(signed_in, service, "Jan Mak\tP021\tM\nAnna Wrzosk\tP021\tK\nEwa Bór\tNikt\tK")
    assert Attendance.objects.count() == 2
    lines = signed_in.get(url(service)).context["pasted"].rows
    assert [(line.name, len(line.questions)) for line in lines] == [
        ("Anna Wrzosk", 1),
        ("Ewa Bór", 1),
    ]
    answers = {
        lines[0].questions[0].typed_name: "O5",
        lines[1].skip_name: "on",
    }
    rows = "\n".join(line.text for line in lines)
    answer = pasted(signed_in, service, rows, **answers)
    assert answer.url == service.get_absolute_url()
    assert set(Attendance.objects.values_list("person", flat=True)) == {
        anna.pk,
        Person.objects.get(last_name="Mak").pk,
    }
    assert service.obstacles() == []


def test_a_new_name_typed_as_the_answer_is_asked_about_too(signed_in, service):
    twin = PersonFactory(first_name="Anna", last_name="Wrzosek")
    page = pasted(signed_in, service, "Xy (?)\tP021\tK", act="check")
    [doubt] = page.context["pasted"].rows[0].questions
    answer = {doubt.typed_name: "Anna Wrzosek (nowa osoba, K)"}
    page = pasted(signed_in, service, "Xy (?)\tP021\tK", **answer)
    assert page.context["pasted"].rows[0].twins == [twin]
    assert list(Person.objects.all()) == [twin]


def test_a_wrong_detail_of_a_new_person_is_corrected_in_its_row(signed_in, service):
    row = "Anna Nowa\tP021\tK\t\tanna(at)example.pl"
    page = pasted(signed_in, service, row)
    [(name, label, value)] = page.context["pasted"].rows[0].details
    assert (label, value) == ("e-mail", "anna(at)example.pl")
    pasted(signed_in, service, row, **{name: "anna@example.pl"})
    assert Person.objects.get().email == "anna@example.pl"


def test_answers_stay_with_rows_left_for_later(signed_in, service):
    """What is answered of a row whose entity is still unknown is not asked again."""
    PersonFactory(first_name="Anna", last_name="Wrzosek")
    row = "Jan Mak\tP021\tM\nAnna Wrzosk\tNikt\tK"
    page = pasted(signed_in, service, row, act="check")
    questions = page.context["pasted"].questions.values()
    doubt = next(question for question in questions if question.kind == "person")
    pasted(signed_in, service, row, **{doubt.name: doubt.choices[-1][0]})
    left = PasteBatch.objects.get().left
    assert left == "Anna Wrzosk (na pewno nowa osoba, K)\tNikt\tK"
    [line] = pasted(signed_in, service, left, act="check").context["pasted"].rows
    assert (line.name, [question.kind for question in line.questions]) == (
        "Anna Wrzosk",
        ["entity"],
    )


def test_all_errors_are_told_at_once(signed_in, service):
    PersonFactory(first_name="Jan", last_name="Mak")
    rows = "Kowalska\t\tK\nAnna Nowa\tNie ma takiego\tK\nEwa Bez\nJan Mak\nMak Jan"
    page = pasted(signed_in, service, rows, act="check")
    assert [bool(found) for found in errors(page)] == [True, True, True, False, True]
    assert errors(page)[4] == ["Ta osoba z tym podmiotem jest już w wierszu 4."]
    assertContains(page, "Nie ma w rejestrze podmiotu „Nie ma takiego”")


def test_a_header_names_the_columns(signed_in, service):
    rows = "Płeć;Nazwisko;Imię;Podmiot\nM;Nowak;Adam;P021"
    pasted(signed_in, service, rows)
    person = Person.objects.get()
    assert (person.first_name, person.last_name, person.sex) == ("Adam", "Nowak", "M")


def test_first_names_of_the_register_turn_a_name_round(signed_in, service):
    PersonFactory(first_name="Zofia", last_name="Inna")
    pasted(signed_in, service, "Kowalska Zofia\t\tK")
    person = Person.objects.latest("pk")
    assert (person.first_name, person.last_name) == ("Zofia", "Kowalska")


def test_sex_by_the_first_name_is_shown_before_it_is_kept(signed_in, service):
    page = pasted(signed_in, service, "Anna Nowa\nAdam Nowy", act="check", by_first_name="on")
    assert [line.sex for line in page.context["pasted"].rows] == ["K", "M"]


def test_an_entity_of_a_row_becomes_a_recipient_when_wanted(signed_in, service):
    entity = EntityFactory(code="P900")
    page = pasted(signed_in, service, "Anna Nowa\tP900\tK", act="check", adds_recipients="")
    assert errors(page) == [
        [
            f"{entity} nie jest odbiorcą usługi. Wskaż odbiorcę albo zaznacz niżej, że podmioty z "
            "wierszy mają do nich dojść."
        ]
    ]
    pasted(signed_in, service, "Anna Nowa\tP900\tK")
    assert entity in service.recipients.all()


def test_people_of_a_session_ahead_are_expected(signed_in, service):
    SessionFactory(service=service, day=date(2099, 3, 9))
    pasted(signed_in, service, "Anna Nowa\t\tK")
    states = Attendance.objects.order_by("day").values_list("state", flat=True)
    assert list(states) == ["present", "present", "expected"]


def test_the_effect_is_shown_and_nothing_is_saved(signed_in, service):
    page = pasted(signed_in, service, "Anna Nowa\t\tK", act="check")
    assert {
        change.code: (change.before, change.after) for change in page.context["effects"].changes
    } == {
        "pes": (0, 1),
        "representatives": (0, 1),
    }
    assert not Person.objects.exists()
    service.refresh_from_db()
    assert service.state == "draft"


def test_a_paste_is_taken_back_with_the_people_it_made(signed_in, service):
    known = PersonFactory(first_name="Jan", last_name="Mak")
    pasted(signed_in, service, "Jan Mak\nAnna Nowa\tP021\tK")
    batch = PasteBatch.objects.get()
    signed_in.post(url(service, "service_paste_undo", batch.pk))
    assert list(Person.objects.all()) == [known]
    assert (Attendance.objects.count(), Representation.objects.count()) == (0, 0)
    assert Person.history.filter(last_name="Nowa", history_type="-").exists()
    again = signed_in.post(url(service, "service_paste_undo", batch.pk), follow=True)
    assertContains(again, "To wklejenie już cofnięto.")


def test_a_person_used_elsewhere_stays_after_taking_back(signed_in, service):
    pasted(signed_in, service, "Anna Nowa\tP021\tK")
    AttendanceFactory(person=Person.objects.get(), session=SessionFactory(day=date(2023, 5, 5)))
    page = signed_in.post(
        url(service, "service_paste_undo", PasteBatch.objects.get().pk), follow=True
    )
    assertContains(page, "W rejestrze zostają, bo są też gdzie indziej: Anna Nowa.")
    assert (Person.objects.count(), Attendance.objects.count()) == (1, 1)


@pytest.mark.parametrize("state", ["submitted", "approved", "cancelled"])
def test_only_a_service_still_edited_takes_rows(signed_in, coordinator, client, service, state):
    type(service).objects.update(state=state)
    client.force_login(coordinator)
    assert client.get(url(service)).status_code == 403


@pytest.mark.parametrize(
    "rows", ["", "   ", "\t\t\n;;", "x" * 200_001, "a\x00b\tP021", "\n" * 1001 + "a"]
)
def test_what_is_no_list_is_refused_and_stays(signed_in, service, rows):
    page = pasted(signed_in, service, rows)
    assert page.status_code == 200
    assert not Person.objects.exists()


def test_queries_do_not_grow_with_rows(signed_in, service):
    def asked(rows):
        form = {
            "rows": rows,
            "sessions": [session.pk for session in service.sessions.all()],
            "act": "check",
        } | opened(signed_in, url(service))
        with CaptureQueriesContext(connection) as queries:
            page = signed_in.post(url(service), form)
        assert page.status_code == 200
        return len([query for query in queries if query["sql"].startswith("SELECT")])

    people = PersonFactory.create_batch(30, first_name="Jan")
    for person in people:
        for session in service.sessions.all():
            AttendanceFactory(session=session, person=person, entity=service.recipients.first())
    rows = [f"Jan {person.last_name}" for person in people]
    assert asked("\n".join(rows[:2])) == asked("\n".join(rows))
    misspelt = [
        f"Jann {person.last_name}x\tKGW Zgon {place}" for place, person in enumerate(people)
    ]
    assert asked("\n".join(misspelt[:2])) == asked("\n".join(misspelt))


@pytest.mark.parametrize(
    "rows",
    [
        "Imię i nazwisko\tPierwsze dołączenie\tCzas trwania\tEmail\tRola\n"
        "Wanda Próbna\t14.05.2024, 09:58:12\t2 godz. 5 min\twanda@example.org\tUczestnik",
        "Pseudonim;E-mail;Czas wejścia;Czas trwania\n"
        "Wanda Próbna;wanda@example.org;14-05-2024 09:58;02:02",
        "Sygnatura czasowa\tImię i nazwisko uczestnika*\tNazwa organizacji, którą reprezentuję\t"
        "Płeć\tNr telefonu\tAdres e-mail\n"
        "18.01.2024 08:30:12\tWanda Próbna\tKGW Zagon\tKobieta\t600100200\tw@example.org",
    ],
    ids=["teams", "clickmeeting", "google forms"],
)
def test_a_report_of_a_meeting_program_finds_people_and_whom_they_represent(
    signed_in, service, rows
):
    service.recipient_links.create(entity=EntityFactory(name="Inny odbiorca"))
    wanda = PersonFactory(first_name="Wanda", last_name="Próbna", email="wanda@example.org")
    zagon = service.recipients.get(code="P021")
    Representation.objects.create(person=wanda, entity=zagon)
    Representation.objects.create(person=wanda, entity=EntityFactory(name="Nie odbiorca"))
    [line] = pasted(signed_in, service, rows, act="check").context["pasted"].rows
    assert (line.person, line.entity, line.errors) == (wanda, zagon, [])


def test_who_represents_two_of_the_recipients_is_asked_for_which(signed_in, service):
    wanda = PersonFactory(first_name="Wanda", last_name="Próbna")
    service.recipient_links.create(entity=EntityFactory(name="Inny odbiorca"))
    for entity in service.recipients.all():
        Representation.objects.create(person=wanda, entity=entity)
    [line] = pasted(signed_in, service, "Wanda Próbna", act="check").context["pasted"].rows
    assert (line.person, line.entity) == (wanda, None)
    [question] = line.questions
    assert [answer for answer, _ in question.choices] == [
        label_of(entity) for entity in service.recipients.all()
    ]
    pasted(signed_in, service, "Wanda Próbna", **{question.name: "P021"})
    assert set(Attendance.objects.values_list("entity__code", flat=True)) == {"P021"}


def test_who_is_like_nobody_of_the_register_shares_nothing_with_anybody(signed_in, service):
    PersonFactory(first_name="Wanda", last_name="Próbna")
    [line] = pasted(signed_in, service, "Zenon Inny\tP021", act="check").context["pasted"].rows
    assert (len(line.questions), line.shared) == (1, "")


def test_a_header_that_names_nobody_is_said_to_be_one(signed_in, service):
    page = pasted(signed_in, service, "Czas wejścia;Rola\n09:58;Uczestnik", act="check")
    assert errors(page)[0][0].startswith("Pierwszy wiersz wygląda na nagłówek")


@pytest.mark.parametrize("name", ["12 34", "--- ***", "1. 2."])
def test_a_row_of_no_letters_is_nobody(signed_in, service, name):
    page = pasted(signed_in, service, f"{name}\tP021\tK")
    assert statuses(page) == ["błąd"]
    assert not Person.objects.exists()
