"""What an import makes of records that are there: equal ones stay, others follow the file."""

from datetime import UTC, date, datetime, time

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from entities.models import (
    Entity,
    LocalGovernment,
    Person,
    Representation,
    SocialEnterpriseStatus,
)
from support.models import (
    Activity,
    Adoption,
    AdoptionService,
    Attendance,
    Declaration,
    Enrolment,
    Evidence,
    Partnership,
    Service,
    ServiceAdviser,
    Session,
    StaffMember,
    StaffTraining,
    Theme,
)
from support.workbook import contract
from support.workbook.importing import save_book
from support.workbook.reader import read_book
from tests.factories import ProjectFactory, ServiceFactory, StaffMemberFactory, UserFactory
from tests.support.workbook.workbooks import DAY, LATER, Tables

ALL_CREATED = {
    "Podmioty": 4,
    "Statusy PS": 1,
    "Osoby": 2,
    "Reprezentacje": 2,
    "Usługi": 3,
    "Terminy": 3,
    "Obecności": 4,
    "Współpraca JST": 1,
    "Wdrożenia": 1,
    "Kadra": 1,
}


def load(tables, project, reason="import"):
    book = read_book(tables)
    assert book.errors == []
    with transaction.atomic():
        return save_book(book, project, reason)


def changes(outcome):
    """`{sheet: {change: number}}` of everything but rows left as they were."""
    moved = {
        sheet: {change: n for change, n in counts.items() if n and change != "unchanged"}
        for sheet, counts in outcome.counts.items()
    }
    return {sheet: counts for sheet, counts in moved.items() if counts}


def history_rows():
    models = [model for app in apps.get_app_configs() for model in app.get_models()]
    return {model: model.objects.count() for model in models if hasattr(model, "history_type")}


def test_save_book_makes_every_record(project):
    outcome = load(Tables(), project)
    assert changes(outcome) == {sheet: {"created": n} for sheet, n in ALL_CREATED.items()}
    assert outcome.approved == []

    first, unit, new = (Entity.objects.get(code=code) for code in ("P1", "P2", "P3"))
    assert (first.name, first.nip) == ("Stowarzyszenie „Próba”", "1234563218")
    assert (first.seat.code, first.regon, first.krs) == ("1462", "016375288", "0000098765")
    assert (unit.parent, unit.seat.code) == (first, "141902")
    assert (new.founding_group.code, new.nip, new.registered_on) == ("G1", "", date(2022, 9, 1))
    assert Entity.objects.search("stowarzyszenie proba").get() == first
    assert Enrolment.objects.get().joined_on == date(2022, 4, 5)
    assert SocialEnterpriseStatus.objects.get().valid_until == date(2022, 12, 31)

    person = Person.objects.get(code="O1")
    assert (person.sex, person.gmina.code, person.sort_key != "") == ("K", "1462", True)
    assert Declaration.objects.get().person == person
    assert Representation.objects.get(person=person).role == "prezes"

    service = Service.objects.get(code="U/2")
    assert (service.state, service.number, service.created_by) == ("submitted", "", None)
    assert sorted(service.recipients.values_list("code", flat=True)) == ["G1", "P1", "P2"]
    assert [member.name for member in service.advisers.all()] == ["Kinga Łącka"]
    assert sorted(theme.name for theme in service.themes.all()) == ["cyfryzacja", "tworzenie PES"]
    assert Service.objects.get(code="U/1").activity == Activity.objects.get(name="Doradztwo")
    night = service.sessions.get(day=LATER)
    assert (night.starts_at, night.minutes) == (datetime(2022, 6, 14, 21, tzinfo=UTC), 120)
    assert Session.objects.get(service__code="U/1").minutes == 135
    attendance = night.attendances.get()
    assert (attendance.day, attendance.entity.code, attendance.state) == (LATER, "G1", "present")

    act = Partnership.objects.get()
    assert (act.local_government.code, act.entities.count()) == ("1462", 2)
    assert AdoptionService.objects.get().service.code == "U/1"
    training = StaffTraining.objects.get()
    assert (training.staff_member.name, training.ends_on) == ("Ewa Piórkowska", date(2023, 3, 10))


def test_save_book_writes_history_with_the_reason(project):
    load(Tables(), project, "pierwszy import")
    row = Attendance.history.first()
    assert (row.history_type, row.history_change_reason, row.history_user) == (
        "+",
        "pierwszy import",
        None,
    )
    assert Attendance.history.count() == 4


def test_save_book_of_the_same_workbook_changes_no_row_of_any_table(project):
    load(Tables(), project)
    before = history_rows()
    outcome = load(Tables(), project)
    assert changes(outcome) == {}
    assert outcome.counts["Obecności"]["unchanged"] == 4
    assert history_rows() == before


def test_save_book_brings_a_known_entity_to_the_file(project):
    load(Tables(), project)
    entity = Entity.objects.get(code="P1")
    predecessor = Entity.objects.get(code="P3")
    Entity.objects.filter(pk=entity.pk).update(predecessor=predecessor)
    tables = Tables().put("Podmioty", 2, "NIP", None).put("Podmioty", 2, "Nazwa", "Nowa")
    tables.put("Podmioty", 5, "Grupa inicjatywna", None)
    assert changes(load(tables, project)) == {"Podmioty": {"changed": 2}}
    entity.refresh_from_db()
    assert (entity.nip, entity.name, entity.predecessor) == ("", "Nowa", predecessor)
    assert Entity.objects.search("nowa").get() == entity
    assert Entity.objects.get(code="P3").founding_group is None
    assert entity.history.first().history_type == "~"


def test_save_book_leaves_records_that_the_file_does_not_name(project):
    load(Tables(), project)
    other = ServiceFactory(code="N/2022/1", state="approved")
    foreign = ServiceFactory(code="U/1", project=ProjectFactory(), topic="Cudza")
    tables = Tables().drop("Wdrożenia", 2).drop("Współpraca JST", 2).drop("Kadra", 2)
    assert changes(load(tables, project)) == {}
    assert (Adoption.objects.count(), Partnership.objects.count()) == (1, 1)
    assert StaffTraining.objects.count() == 1
    other.refresh_from_db()
    foreign.refresh_from_db()
    assert (other.state, foreign.topic) == ("approved", "Cudza")


def test_save_book_deletes_statuses_and_representations_of_whom_the_file_names(project):
    load(Tables(), project)
    stranger = Entity.objects.create(code="X1", name="Inny", legal_form="foundation")
    SocialEnterpriseStatus.objects.create(entity=stranger, basis="owes", valid_from=DAY)
    tables = Tables().drop("Statusy PS", 2).drop("Reprezentacje", 3)
    assert changes(load(tables, project)) == {
        "Statusy PS": {"deleted": 1},
        "Reprezentacje": {"deleted": 1},
    }
    assert SocialEnterpriseStatus.objects.get().entity == stranger
    assert SocialEnterpriseStatus.history.filter(history_type="-").count() == 1
    assert Representation.history.filter(history_type="-").get().person.code == "O2"


def test_save_book_keeps_what_the_workbook_lacks_of_a_status_it_changes(project):
    load(Tables(), project)
    SocialEnterpriseStatus.objects.update(granting_body="OWES Płock")
    status = SocialEnterpriseStatus.objects.get()
    tables = Tables().put("Statusy PS", 2, "Do", None)
    assert changes(load(tables, project)) == {"Statusy PS": {"changed": 1}}
    again = SocialEnterpriseStatus.objects.get()
    assert (again.pk, again.valid_until, again.granting_body) == (status.pk, None, "OWES Płock")


def test_save_book_refuses_to_delete_a_status_with_evidence(project):
    load(Tables(), project)
    Evidence.objects.create(
        project=project,
        kind="decyzja",
        file="evidence/1.pdf",
        file_name="decyzja.pdf",
        sha256="0" * 64,
        status=SocialEnterpriseStatus.objects.get(),
        added_by=UserFactory(),
    )
    with pytest.raises(ValidationError, match="decyzja.pdf"):
        load(Tables().drop("Statusy PS", 2).put("Podmioty", 2, "Nazwa", "Nowa"), project)
    assert not Entity.objects.filter(name="Nowa").exists()


def test_save_book_takes_equal_statuses_and_representations_for_one(project):
    tables = Tables().add("Statusy PS", *Tables()["Statusy PS"][1])
    tables.add("Reprezentacje", "O2", "P2")
    load(tables, project)
    assert (SocialEnterpriseStatus.objects.count(), Representation.objects.count()) == (1, 2)


def test_save_book_brings_sessions_and_attendances_to_the_file(project):
    load(Tables(), project)
    session = Session.objects.get(service__code="U/2", day=DAY)
    tables = Tables().drop("Terminy", 4).drop("Obecności", 5).drop("Obecności", 4)
    tables.put("Terminy", 3, "Do", "14:00")
    tables.add("Terminy", "U/2", date(2022, 7, 1), "9:00", "10:00")
    tables.add("Obecności", "U/2", date(2022, 7, 1), "O2", "P2")
    assert changes(load(tables, project)) == {
        "Terminy": {"created": 1, "changed": 1, "deleted": 1},
        "Obecności": {"created": 1, "deleted": 2},
    }
    session.refresh_from_db()
    assert (session.minutes, session.end) == (300, time(14))
    assert not Session.objects.filter(day=LATER).exists()
    assert Attendance.history.filter(history_type="-").count() == 2


def test_save_book_marks_a_person_the_file_names_as_present(project):
    load(Tables(), project)
    Attendance.objects.filter(session__service__code="U/2", person__code="O2").update(
        state=Attendance.State.EXCUSED
    )
    assert changes(load(Tables(), project)) == {"Obecności": {"changed": 1}}
    assert set(Attendance.objects.values_list("state", flat=True)) == {"present"}


def test_save_book_brings_links_of_a_service_to_the_file(project):
    load(Tables(), project)
    service = Service.objects.get(code="U/2")
    ServiceAdviser.objects.create(
        service=service, staff_member=StaffMemberFactory(name="Dodany"), position=1
    )
    tables = Tables().put("Usługi", 3, "Podmioty", "P2;P1").put("Usługi", 3, "Zagadnienia", None)
    assert changes(load(tables, project)) == {"Usługi": {"changed": 1}}
    assert sorted(service.recipients.values_list("code", flat=True)) == ["P1", "P2"]
    assert (service.themes.count(), service.advisers.get().name) == (0, "Kinga Łącka")


def test_save_book_keeps_the_order_of_advisers(project):
    load(Tables().put("Usługi", 2, "Doradca", "Jan Nowy; ewa  piórkowska"), project)
    links = ServiceAdviser.objects.filter(service__code="U/1")
    assert [link.staff_member.name for link in links] == ["Jan Nowy", "Ewa Piórkowska"]
    assert StaffMember.objects.count() == 3


def test_save_book_tells_of_a_state_it_changes(project):
    user = UserFactory()
    load(Tables(), project)
    service = Service.objects.get(code="U/2")
    service.state_by = user
    service.save()
    assert changes(load(Tables(), project)) == {}
    load(Tables().put("Usługi", 3, "Stan", "zatwierdzona"), project, "po kontroli")
    service.refresh_from_db()
    assert (service.state, service.state_by, service.state_reason) == (
        "approved",
        None,
        "po kontroli",
    )


@pytest.mark.parametrize(
    "edit",
    [
        lambda tables: tables.put("Usługi", 2, "Stan", "szkic"),
        lambda tables: tables.put("Usługi", 2, "Miejsce", None),
        lambda tables: tables.put("Usługi", 2, "Podmioty", "P1;P2"),
        lambda tables: tables.put("Usługi", 2, "Doradca", "Kinga Łącka"),
        lambda tables: tables.put("Usługi", 2, "Zagadnienia", None),
        lambda tables: tables.put("Terminy", 2, "Przerwa (min)", 20),
        lambda tables: tables.add("Terminy", "U/1", LATER, "9:00", "10:00"),
        lambda tables: tables.drop("Obecności", 2),
        lambda tables: tables.add("Obecności", "U/1", DAY, "O2", "P1"),
    ],
)
def test_save_book_names_the_approved_services_it_changes(project, edit):
    load(Tables(), project)
    assert load(edit(Tables()), project).approved == ["U/1"]


def test_save_book_names_no_approved_service_that_is_new_or_the_same(project):
    assert load(Tables(), project).approved == []
    tables = Tables().put("Usługi", 3, "Stan", "zatwierdzona")
    assert load(tables, project).approved == []
    assert load(tables, project).approved == []


def test_save_book_empties_a_declaration_and_an_enrolment(project):
    load(Tables(), project)
    Enrolment.objects.update(left_on=date(2023, 1, 1))
    tables = Tables().put("Podmioty", 2, "Data zgłoszenia", None)
    tables.put("Osoby", 2, "Data oświadczenia RODO", None)
    assert changes(load(tables, project)) == {"Podmioty": {"changed": 1}, "Osoby": {"changed": 1}}
    enrolment = Enrolment.objects.get()
    assert (enrolment.joined_on, enrolment.left_on) == (None, date(2023, 1, 1))
    assert not Declaration.objects.exists()


def test_save_book_refuses_a_joining_after_the_leaving(project):
    load(Tables(), project)
    Enrolment.objects.update(left_on=date(2022, 5, 1))
    with pytest.raises(ValidationError, match="P1"):
        load(Tables().put("Podmioty", 2, "Data zgłoszenia", "2.5.2022"), project)


def test_save_book_respects_the_constraints_of_fields_the_workbook_lacks(project):
    load(Tables().put("Podmioty", 2, "Forma prawna", "jednostka samorządu"), project)
    Entity.objects.filter(code="P1").update(
        local_government=LocalGovernment.objects.get(code="1462")
    )
    Person.objects.filter(code="O2").update(birth_year=1970)
    load(Tables().put("Osoby", 3, "Data urodzenia", "1.2.1970"), project)
    assert Entity.objects.get(code="P1").local_government is None
    person = Person.objects.get(code="O2")
    assert (person.birth_date, person.birth_year) == (date(1970, 2, 1), None)


def test_save_book_makes_entities_that_point_at_each_other(project):
    tables = Tables().put("Podmioty", 2, "Podmiot prowadzący", "P2")
    load(tables, project)
    first, unit = Entity.objects.get(code="P1"), Entity.objects.get(code="P2")
    assert (first.parent, unit.parent) == (unit, first)
    assert changes(load(tables, project)) == {}


def test_save_book_knows_a_training_by_person_topic_and_first_day(project):
    load(Tables(), project)
    tables = Tables().put("Kadra", 2, "Pracownik", "EWA  piórkowska").put("Kadra", 2, "Godziny", 8)
    tables.add("Kadra", "Ewa Piórkowska", "Dostępność", None, date(2023, 4, 1))
    assert changes(load(tables, project)) == {"Kadra": {"created": 1, "changed": 1}}
    assert StaffMember.objects.filter(name="EWA  piórkowska").count() == 0
    assert StaffTraining.objects.get(starts_on=date(2023, 3, 9)).hours == 8


def trainings():
    rows = StaffTraining.objects.filter(topic="Kurs").order_by("ends_on")
    return [(row.pk, row.ends_on, row.hours) for row in rows]


def test_save_book_keeps_trainings_that_end_on_different_days(project):
    """In any order of the rows; the same file again changes nothing."""
    first, second = date(2024, 12, 31), date(2025, 1, 2)
    rows = [["Kinga Łącka", "Kurs", None, LATER, end, 8] for end in (second, first)]
    tables = Tables().add("Kadra", *rows[0]).add("Kadra", *rows[1]).add("Kadra", *rows[0])
    load(tables, project)
    known = trainings()
    assert [end for _, end, _ in known] == [first, second]
    again = Tables().add("Kadra", *rows[1]).add("Kadra", *rows[0])
    assert (changes(load(again, project)), trainings()) == ({}, known)


def test_save_book_corrects_the_last_day_of_a_training(project):
    row = ["Kinga Łącka", "Kurs", None, LATER]
    load(Tables().add("Kadra", *row, date(2023, 1, 5), 8), project)
    [(pk, *_)] = trainings()
    changed = Tables().add("Kadra", *row, date(2023, 1, 6), 9).add("Kadra", *row, None, 4)
    assert changes(load(changed, project)) == {"Kadra": {"created": 1, "changed": 1}}
    assert {(pk, date(2023, 1, 6), 9), (None, None, 4)} == {
        (key if end else None, end, hours) for key, end, hours in trainings()
    }


def test_save_register_without_last_days_finds_trainings_of_any(project):
    row = ["Kinga Łącka", "Kurs", None, LATER]
    load(Tables().add("Kadra", *row, date(2023, 1, 5), 8), project)
    rows = [contract.TRAININGS.headers, [*row, None, 9], ["Kinga Łącka", "B", "", DAY]]
    book = read_book({"Kadra": rows}, contract.TRAININGS, project, frozenset({"end"}))
    assert book.errors == []
    assert changes(save_book(book, project, "import")) == {"Kadra": {"created": 1, "changed": 1}}
    assert [(end, hours) for _, end, hours in trainings()] == [(date(2023, 1, 5), 9)]


def test_save_book_makes_an_activity_and_finds_it_by_any_spelling(project):
    Activity.objects.create(project=project, name="DORADZTWO")
    load(Tables().put("Usługi", 3, "Działanie", "doradztwo "), project)
    assert Activity.objects.get().services.count() == 2
    assert Theme.objects.count() == 6


def big(number):
    tables = Tables()
    for n in range(number):
        tables.add("Podmioty", f"X{n}", f"Koło {n}", "fundacja")
        tables.add("Osoby", f"Y{n}", "Anna", f"Próbna {n}", "K")
        tables.add("Reprezentacje", f"Y{n}", f"X{n}")
        tables.add(
            "Usługi", f"V/{n}", "szkolenie", "Kurs", "Ewa Piórkowska", "", "", "", "szkic", f"X{n}"
        )
        tables.add("Terminy", f"V/{n}", DAY, "9:00", "10:00")
        tables.add("Obecności", f"V/{n}", DAY, f"Y{n}", f"X{n}")
    return tables


def queries(tables, project):
    with CaptureQueriesContext(connection) as captured:
        load(tables, project)
    return len(captured)


@pytest.mark.parametrize(
    "edit", [lambda tables: tables, lambda tables: tables.put("Osoby", 2, "Telefon", "1")]
)
def test_save_book_takes_the_same_queries_for_any_number_of_known_rows(project, edit):
    load(big(10), project)
    few = queries(edit(big(10)), project)
    load(big(100), project)
    assert queries(edit(big(100)), project) == few


def test_save_book_writes_new_rows_in_batches(project):
    """SQLite takes at most 999 values in a statement, so more rows are a few statements more."""
    few = queries(big(10), project)
    assert queries(big(110), project) < few + 60
