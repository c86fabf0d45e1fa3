"""Flat sheets: services with presences, statuses and the like, with headers of one's own."""

from datetime import date

import pytest
from pytest_django.asserts import assertContains

from entities.models import Entity, LegalForm, Person, Representation, SocialEnterpriseStatus
from support.models import Attendance, Enrolment, Service, StaffMember
from tests.factories import EntityFactory, PersonFactory, ServiceFactory, SessionFactory
from tests.support.workbook.import_pages import page

HEADER = (
    "Lp.;Data spotkania;Godziny;Rodzaj wsparcia;Temat szkolenia;Prowadzący;"
    "Nazwa organizacji;Nazwisko i imię;Płeć;Telefon do opiekuna"
)
ROWS = [
    "1;5.4.2022;9-12;szkolenie;Dotacje;Ewa Piórkowska;KGW Łąka;Próbna Łucja;K;",
    "2;5.4.2022;9-12;szkolenie;Dotacje;Ewa Piórkowska;KGW Łąka;Nowy Jan;M;",
    "3;6.04.2022;9:00 - 11:30;doradztwo ogólne;Statut;Ewa Piórkowska;KGW Łąka;"
    "PRÓBNA Łucja;kobieta;",
]


@pytest.fixture(autouse=True)
def staff_list(db):
    """A flat sheet adds nobody to it."""
    for name in ("Ewa Piórkowska", "Ewa"):
        StaffMember.objects.create(name=name)


def errors(row):
    return [(error["row"], error["column"], error["kind"]) for error in row.result["errors"]]


@pytest.fixture
def lucja(db):
    """Łucja Próbna of the circle KGW Łąka."""
    lucja = PersonFactory(code="O1", first_name="Łucja", last_name="Próbna", sex="K")
    meadow = EntityFactory(code="P1", name="KGW Łąka", legal_form=LegalForm.KGW)
    Representation.objects.create(person=lucja, entity=meadow)
    return lucja


def test_presences_become_services_sessions_and_people_each_once(send, save, lucja):
    row = send([HEADER, *ROWS])
    assert row.state == "checked", row.result
    assert row.result["fates"] == {
        "Osoby": {"created": 1, "changed": 0, "unchanged": 0},
        "Usługi": {"created": 2, "changed": 0, "unchanged": 0},
        "Terminy": {"created": 2},
        "Obecności": {"created": 3},
    }
    assert save(row).state == "saved"
    newcomer = Person.objects.exclude(pk=lucja.pk).get()
    assert (newcomer.first_name, newcomer.last_name, newcomer.sex) == ("Jan", "Nowy", "M")
    assert set(Attendance.objects.values_list("day", "person__code", "entity__code")) == {
        (date(2022, 4, 5), "O1", "P1"),
        (date(2022, 4, 5), newcomer.code, "P1"),
        (date(2022, 4, 6), "O1", "P1"),
    }
    training, advice = Service.objects.order_by("topic")
    assert [training.topic, advice.topic] == ["Dotacje", "Statut"]
    # Neither tells how or where, without which a form submits no service.
    assert {training.state, advice.state} == {"draft"}
    assert [link.entity.code for link in training.recipient_links.all()] == ["P1"]
    assert list(advice.sessions.values_list("minutes", flat=True)) == [150]
    again = send([HEADER, *ROWS])
    assert (again.state, again.result["total"]) == ("checked", 0)


def test_a_value_of_every_row_may_stand_in_no_column(send, save, lucja):
    row = send(
        ["Data;Od;Do;Temat;Uczestnik;Podmiot", "2022-04-05;9:00;2 h;Dotacje;O1;P1", "RAZEM;1"],
        type="=szkolenie",
        advisers="=Ewa Piórkowska",
        state="=zatwierdzona",
    )
    assert save(row).state == "saved"
    service = Service.objects.get()
    assert (service.type.name, service.state) == ("szkolenie", "approved")
    assert [str(link.staff_member) for link in service.adviser_links.all()] == ["Ewa Piórkowska"]
    assert service.sessions.get().minutes == 120
    assert Attendance.objects.get().person == lucja


def test_a_known_service_keeps_what_the_file_does_not_say(send, save, lucja):
    service = ServiceFactory(code="U/9", topic="Statut", mode="online", state="submitted")
    session = SessionFactory(service=service, day=date(2022, 4, 4))
    other = PersonFactory(code="O2")
    Attendance.objects.create(
        session=session, day=session.day, person=other, entity=Entity.objects.get(), state="absent"
    )
    lines = [
        "Nr usługi;Data;Godziny;Rodzaj;Temat;Doradca;Kod osoby;Kod podmiotu",
        f"U/9;5.4.2022;9-10;{service.type};Statut;Ewa Piórkowska;O1;P1",
    ]
    row = save(send(lines))
    assert row.state == "saved", row.result
    service.refresh_from_db()
    assert (service.mode, service.state) == ("online", "submitted")
    assert list(Attendance.objects.order_by("day").values_list("person__code", "state")) == [
        ("O2", "absent"),
        ("O1", "present"),
    ]
    assert row.result["fates"]["Terminy"] == {"created": 1}


def test_cells_that_stand_once_for_several_rows_go_on_below(send, lucja):
    PersonFactory(code="O2", first_name="Jan", last_name="Nowy")
    row = send(
        [
            "Data;Od;Do;Rodzaj;Temat;Doradca;Podmiot;Osoba",
            "5.4.2022;9;11;szkolenie;Dotacje;Ewa Piórkowska;P1;O1",
            ";;;;;;P1;O2",
            "6.4.2022;9;11;szkolenie;Dotacje;Ewa Piórkowska;P1;",
        ]
    )
    assert row.state == "checked", row.result
    assert row.result["fates"]["Usługi"]["created"] == 2
    assert row.result["fates"]["Obecności"] == {"created": 2}


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ("30.02.2022;9-12;szkolenie;P1;O1;tak", ("Data", "bad_date")),
        ("5.4.2022;25-26;szkolenie;P1;O1;tak", ("Godziny", "bad_time")),
        ("5.4.2022;;szkolenie;P1;O1;tak", ("Od", "required")),
        ("5.4.2022;9-12;szkolonko;P1;O1;tak", ("Rodzaj usługi", "unknown_value")),
        ("5.4.2022;9-12;szkolenie;Fundacja Nieznana;O1;tak", ("Podmiot", "unknown_reference")),
        ("5.4.2022;9-12;szkolenie;P1;Nieznany Jan;tak", ("Nazwisko", "unknown_reference")),
        ("5.4.2022;9-12;szkolenie;P1;O1;może", ("Obecność", "unknown_value")),
        ("5.4.2022;9-12;szkolenie;#N/A;O1;tak", ("Podmiot", "unknown_value")),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_with_its_column(send, lucja, cells, error):
    lines = ["Data;Godziny;Rodzaj;Podmiot;Osoba;Obecność;Temat;Doradca", f"{cells};Dotacje;Ewa"]
    row = send(lines)
    assert (row.state, errors(row)) == ("refused", [(2, *error)])


def test_a_cell_may_name_several_recipients_but_one_whom_a_person_represents(send, save, lucja):
    EntityFactory(code="P2", name="Fundacja Druga")
    header = "Data;Godziny;Rodzaj;Temat;Doradca;Podmiot;Osoba"
    row = send([header, '5.4.2022;9-12;szkolenie;Dotacje;Ewa;"P1; Fundacja Druga";'])
    save(row)
    recipients = Service.objects.get().recipient_links
    assert set(recipients.values_list("entity__code", flat=True)) == {"P1", "P2"}
    row = send([header, '5.4.2022;9-12;szkolenie;Inne;Ewa;"P1; Fundacja Druga";O1'])
    assert errors(row) == [(2, "Podmiot", "unknown_reference")]
    row = send([header, '5.4.2022;9-12;szkolenie;Inne;Ewa;"P1; Trzecia";'])
    assert errors(row) == [(2, "Podmiot", "unknown_reference")]


def test_one_not_present_is_no_presence_but_a_recipient_stays(send, lucja):
    row = send(
        [
            "Data;Godziny;Rodzaj;Podmiot;Osoba;Obecność;Temat;Doradca",
            "5.4.2022;9-12;szkolenie;P1;O1;nie;Dotacje;Ewa",
        ]
    )
    assert row.state == "checked", row.result
    assert row.result["fates"]["Obecności"] == {}
    assert row.result["fates"]["Usługi"]["created"] == 1


def test_somebody_alike_is_asked_about_and_the_answer_holds(send, post, save, lucja):
    lines = [
        "Data;Godziny;Rodzaj;Temat;Doradca;Podmiot;Imię i nazwisko;Płeć",
        "5.4.2022;9-12;szkolenie;Dotacje;Ewa;P1;Łucja Probna;K",
        "6.4.2022;9-12;szkolenie;Dotacje;Ewa;P1;Łucja Probna;K",
    ]
    row = send(lines)
    assert row.state == "asked"
    [doubt] = row.result["doubts"]
    assert (doubt["row"], [twin["code"] for twin in doubt["twins"]]) == (2, ["O1"])
    post(page(row, "answer"), {doubt["key"]: "O1"})
    row.refresh_from_db()
    save(row)
    assert list(Attendance.objects.values_list("person__code", flat=True)) == ["O1", "O1"]
    assert Person.objects.count() == 1


@pytest.mark.parametrize(("answer", "people", "present"), [("+", 2, 1), ("-", 1, 0)])
def test_somebody_else_is_new_and_somebody_left_out_is_not_present(
    send, post, save, lucja, answer, people, present
):
    lines = [
        "Data;Godziny;Rodzaj;Temat;Doradca;Podmiot;Imię i nazwisko;Płeć",
        "5.4.2022;9-12;szkolenie;Dotacje;Ewa;P1;Łucja Probna;K",
    ]
    row = send(lines)
    post(page(row, "answer"), {"people-2": answer})
    row.refresh_from_db()
    save(row)
    assert (Person.objects.count(), Attendance.objects.count()) == (people, present)
    assert Service.objects.count() == 1


def test_two_new_people_who_may_be_one_are_not_made(send, lucja):
    lines = [
        "Data;Godziny;Rodzaj;Temat;Doradca;Podmiot;Imię;Nazwisko;Płeć",
        "5.4.2022;9-12;szkolenie;Dotacje;Ewa;P1;Marianna;Kowalczykowska;K",
        "6.4.2022;9-12;szkolenie;Dotacje;Ewa;P1;Marianna;Kowalczykowka;K",
    ]
    row = send(lines)
    assert (row.state, errors(row)) == ("refused", [(3, "Nazwisko", "likely_twin")])


def test_a_code_is_a_promise_here_too(send, lucja):
    lines = [
        "Data;Godziny;Rodzaj;Temat;Doradca;Kod podmiotu;Podmiot;Kod osoby;Imię;Nazwisko",
        "5.4.2022;9-12;szkolenie;Dotacje;Ewa;P1;Fundacja Inna;O1;Jan;Zupełnieinny",
    ]
    row = send(lines)
    assert errors(row) == [(2, "Podmiot", "other_record"), (2, "Nazwisko", "other_record")]


def test_a_number_whose_rows_say_two_things_is_refused(send, lucja):
    lines = [
        "Nr;Data;Godziny;Rodzaj;Temat;Doradca;Podmiot;Osoba",
        "U/1;5.4.2022;9-12;szkolenie;Dotacje;Ewa;P1;O1",
        "U/1;5.4.2022;9-13;warsztat;;;P1;O1",
    ]
    row = send(lines, code="nr")
    assert errors(row) == [(3, "Rodzaj usługi", "duplicate"), (3, "Data", "duplicate")]


def test_an_entity_not_told_is_the_one_that_is_represented(send, save, lucja):
    lines = [
        "Data;Godziny;Rodzaj;Temat;Doradca;Osoba",
        "5.4.2022;9-12;szkolenie;Dotacje;Ewa;O1",
    ]
    save(send(lines))
    assert Attendance.objects.get().entity.code == "P1"
    Representation.objects.create(person=lucja, entity=EntityFactory(code="P2"))
    row = send([*lines, "6.4.2022;9-12;szkolenie;Dotacje;Ewa;O1"])
    assert errors(row) == [(2, "Podmiot", "required"), (3, "Podmiot", "required")]


def test_statuses_are_added_beside_those_known(send, save, lucja):
    entity = Entity.objects.get()
    SocialEnterpriseStatus.objects.create(
        entity=entity, basis="owes", valid_from=date(2020, 1, 1), decision_number="1/2020"
    )
    lines = [
        "Nazwa organizacji;Kto nadał;Ważny od;Ważny do",
        "Koło Gospodyń Wiejskich Łąka;OWES;1.1.2020;31.12.2021",
        "Koło Gospodyń Wiejskich Łąka;wojewoda;5 maja 2023;",
    ]
    row = save(send(lines, "statuses"))
    assert row.state == "saved", row.result
    statuses = SocialEnterpriseStatus.objects.order_by("valid_from")
    assert list(statuses.values_list("decision_number", "valid_from", "valid_until")) == [
        ("1/2020", date(2020, 1, 1), date(2021, 12, 31)),
        ("", date(2023, 5, 5), None),
    ]
    assert row.result["fates"] == {"Statusy PS": {"created": 1, "changed": 1, "unchanged": 0}}


def test_representations_enrolments_and_declarations_are_read(send, save, lucja):
    represents = ["Uczestniczka;Organizacja;Funkcja;Od", "O1;P1;prezeska;1.1.2020"]
    assert save(send(represents, "representations")).state == "saved"
    assert send(represents, "representations").result["total"] == 0
    [link] = Representation.objects.exclude(role="")
    assert (link.role, link.since) == ("prezeska", date(2020, 1, 1))
    assert save(send(["NIP;Podmiot;Data", ";P1;6.4.2022"], "enrolments")).state == "saved"
    assert Enrolment.objects.get().joined_on == date(2022, 4, 6)
    signed = ["Nazwisko i imię;Data podpisania", "Próbna Łucja;7.4.2022"]
    row = send(signed, "declarations")
    assert row.state == "asked"  # a name alone is no proof


def test_two_rows_that_say_different_things_of_one_are_refused(send, lucja):
    row = send(["Podmiot;Data zgłoszenia", "P1;6.4.2022", "KGW Łąka;7.4.2022"], "enrolments")
    assert errors(row) == [(3, "Data zgłoszenia", "duplicate")]


def test_a_maiden_name_beside_a_whole_name_is_no_lost_word(send, lucja):
    row = send(["Imię i nazwisko;Płeć", "Łucja Daleka (d. Próbna);K"], "people")
    assert [doubt["twins"][0]["code"] for doubt in row.result["doubts"]] == ["O1"]


def test_one_saving_is_one_row_of_history_of_each_record(send, save, lucja):
    row = save(send([HEADER, *ROWS]))
    written = {}
    for model in (Entity, Person, Service, Attendance, Enrolment, Representation):
        own = model.history.filter(history_change_reason=row.reason)
        for change in own:
            written.setdefault((model.__name__, change.id), []).append(change.history_type)
    assert [each for each in written.values() if len(each) > 1] == []


def test_a_service_that_tells_how_it_was_done_is_submitted(send, lucja, save):
    save(send([HEADER, *ROWS], mode="=online"))
    assert set(Service.objects.values_list("state", flat=True)) == {"submitted"}


def test_a_new_service_and_a_new_person_are_shown_as_they_will_be(send, lucja):
    row = send([HEADER, *ROWS], mode="=online")
    told = {(line.sheet, line.label): line.changes for line in row.rows.all()}
    assert told["Usługi", "Dotacje"] == [
        ["rodzaj", "", "szkolenie"],
        ["temat", "", "Dotacje"],
        ["tryb", "", "online"],
        ["stan", "", "złożona"],
        ["podmiot", "", "KGW Łąka (P1)"],
        ["kadra", "", "Ewa Piórkowska"],
    ]
    [term] = [changes for (sheet, name), changes in told.items() if sheet == "Terminy"][:1]
    assert term == [["od", "", "05.04.2022 09:00"], ["do", "", "05.04.2022 12:00"]]
    assert told["Osoby", "Jan Nowy"] == [
        ["imię", "", "Jan"],
        ["nazwisko", "", "Nowy"],
        ["płeć", "", "mężczyzna"],
    ]


def test_what_was_saved_has_links_and_names_the_import(send, lucja, save, signed_in):
    row = save(send([HEADER, *ROWS]))
    answer = signed_in.get(page(row))
    service = Service.objects.get(topic="Dotacje")
    assertContains(answer, f'<a href="{service.get_absolute_url()}">Dotacje</a>')
    assertContains(answer, "?sheet=Us%C5%82ugi&outcome=created")
    first = service.history.get()
    assert first.history_user == row.by
    assert first.history_change_reason == f"import nr {row.pk}: arkusz.csv; Uzgodnione"
